"""What can happen in a trial: one past-tense kind each. Amounts are texts as recorded, so no digit is lost."""

from typing import Literal, get_args

from firstbreath.events.kinds_base import (
    Body,
    Entry,
    Reason,
)
from firstbreath.events.kinds_inhalation import (
    DoseGiven,
    DoseInterrupted,
    DoseMissed,
    InhalationEventSeen,
    InhalationPaused,
    InhalationResumed,
    InhalationStarted,
    InhalationStopped,
)
from firstbreath.events.kinds_people import (
    AccountClosed,
    AccountLockedOut,
    AccountOpened,
    ClockSetBack,
    CredentialChanged,
    ExportMade,
    IdentityVerified,
    RoleGranted,
    RoleWithdrawn,
    SignedIn,
    SignedOut,
    SignInRefused,
    TermsAccepted,
    TrainingRecorded,
    TrialLocked,
    TrialUnlocked,
)
from firstbreath.events.kinds_product import (
    CertificateTest,
    DosePrepared,
    HandoverCountersigned,
    LotBlocked,
    LotRegistered,
    LotReleaseSigned,
    PreparationChecked,
    ShipmentPacked,
    ShipmentReceived,
    ShipmentSent,
    Stay,
    TemperatureImported,
    VialsDestroyed,
    VialsJudged,
    VialsLost,
    VialsReturned,
    VialsStored,
    VialsThawed,
    VialsUsed,
    VialsWithdrawn,
    VialUseStruck,
)
from firstbreath.events.kinds_reading import (
    ConsensusAgreed,
    ConsensusProposed,
    MaskJudged,
    MeasuredLine,
    ReadDrafted,
    ReaderReplaced,
    ReadingOrderDrawn,
    ReadSigned,
    ReadsUnblinded,
    ReadVoided,
    ScanAdjudicated,
    ScanFiled,
    ScanPassed,
    ScanRejected,
    SegmentRead,
    TaskDrawn,
)
from firstbreath.events.kinds_records import (
    EntryStruck,
    FileImported,
    Meaning,
    QueryAnswered,
    QueryClosed,
    QueryOpened,
    QueryReopened,
    RecordsSigned,
    SourceVerified,
    SubjectFrozen,
    SubjectUnfrozen,
)
from firstbreath.events.kinds_safety import (
    AdverseEventFacts,
    AdverseEventReported,
    AdverseEventRevised,
    PacketFrozen,
    Recommendation,
    ReferenceRangeSet,
    Relation,
    ReviewRecorded,
    SeriousEventForwarded,
    VoteCast,
)


class ProtocolAdopted(Body, frozen=True, gc=False, tag="protocol_adopted"):
    """The trial begins under this protocol folder; `stamp` is printed on everything (REPLAY, SIMULATED).

    `not_recorded` names counts that this log does not hold because its source does not print them:
    they are absent, and never taken for zero.
    """

    digest: str
    files: dict[str, str]
    stamp: str = ""
    not_recorded: tuple[str, ...] = ()


class ProtocolAmended(Body, frozen=True, gc=False, tag="protocol_amended"):
    """From here on this protocol folder is in force."""

    digest: str
    files: dict[str, str]
    summary: str = ""


class ScreeningOpened(Body, frozen=True, gc=False, tag="screening_opened"):
    """A person is considered for the trial under this subject code."""

    site: str = ""


class FormRecorded(Body, frozen=True, gc=False, tag="form_recorded"):
    """A form was filled: values by field, and for each absent value why (HL7 null flavour)."""

    form: str
    visit: str
    values: dict[str, Entry]
    absent: dict[str, str] = {}
    repeat: int = 1


class FormCorrected(Body, frozen=True, gc=False, tag="form_corrected"):
    """Fields of an earlier record were corrected; `corrects` is the number of the event that is corrected."""

    corrects: int
    form: str
    visit: str
    values: dict[str, Entry]
    absent: dict[str, str] = {}
    repeat: int = 1


class EligibilityAttested(Body, frozen=True, gc=False, tag="eligibility_attested"):
    """The investigator states for criteria, by id, whether each one's statement is true of the subject.

    `asked` holds the statements as they stood: an attestation answers these words and no later ones.
    """

    criteria: dict[str, bool]
    asked: dict[str, str] = {}


class ConsentDocumentFiled(Body, frozen=True, gc=False, tag="consent_document_filed"):
    """The text that patients read before they consent, in a language; `digest` is the SHA-256 of its UTF-8 bytes."""

    version: str
    language: str
    text: str
    digest: str


class ConsentSigned(Body, frozen=True, gc=False, tag="consent_signed"):
    """Consent was given on a version of the text, before witnesses; photographs are blobs.

    document          the digest of the text that was read, empty when it was not filed
    relation          of a surrogate to the patient
    obtained_by       the account of whoever explained the trial and obtained the consent
    witness_accounts  for each witness the account, or empty for a person without one
    """

    version: str
    given_by: str
    witnesses: tuple[str, ...]
    photographs: tuple[str, ...] = ()
    document: str = ""
    relation: str = ""
    obtained_by: str = ""
    witness_accounts: tuple[str, ...] = ()


class ConsentWithdrawn(Body, frozen=True, gc=False, tag="consent_withdrawn"):
    """Consent no longer holds from here on."""

    scope: str = "treatment"


class SubjectEnrolled(Body, frozen=True, gc=False, tag="subject_enrolled"):
    """The subject is the `number`th of the trial, in this arm."""

    arm: str
    number: int


class DeviationRecorded(Body, frozen=True, gc=False, tag="deviation_recorded"):
    """The trial departed from its protocol."""

    category: str
    text: str


class ParticipationEnded(Body, frozen=True, gc=False, tag="participation_ended"):
    """The subject left the trial: completed, discharged, withdrawn, lost or died."""

    how: str


class SubjectKeyDestroyed(Body, frozen=True, gc=False, tag="subject_key_destroyed"):
    """The key to a subject's files was destroyed: the only deletion there is."""


class ActRefused(Body, frozen=True, gc=False, tag="act_refused"):
    """Someone asked for an act and it was refused, or could not be judged."""

    act: str
    outcome: Literal["refused", "unknown"]
    reasons: tuple[Reason, ...]


Kind = (
    ProtocolAdopted
    | ProtocolAmended
    | ScreeningOpened
    | FormRecorded
    | FormCorrected
    | EligibilityAttested
    | ConsentDocumentFiled
    | ConsentSigned
    | ConsentWithdrawn
    | SubjectEnrolled
    | DoseGiven
    | DoseInterrupted
    | DoseMissed
    | ReviewRecorded
    | DeviationRecorded
    | ParticipationEnded
    | SubjectKeyDestroyed
    | ActRefused
    | AccountOpened
    | AccountClosed
    | RoleGranted
    | RoleWithdrawn
    | TrainingRecorded
    | TermsAccepted
    | IdentityVerified
    | SignedIn
    | SignedOut
    | SignInRefused
    | AccountLockedOut
    | CredentialChanged
    | ExportMade
    | ClockSetBack
    | TrialLocked
    | TrialUnlocked
    | EntryStruck
    | RecordsSigned
    | QueryOpened
    | QueryAnswered
    | QueryClosed
    | QueryReopened
    | SourceVerified
    | SubjectFrozen
    | SubjectUnfrozen
    | FileImported
    | InhalationStarted
    | InhalationPaused
    | InhalationResumed
    | InhalationStopped
    | InhalationEventSeen
    | AdverseEventReported
    | AdverseEventRevised
    | SeriousEventForwarded
    | ReferenceRangeSet
    | PacketFrozen
    | VoteCast
    | LotRegistered
    | LotReleaseSigned
    | LotBlocked
    | ShipmentPacked
    | ShipmentSent
    | ShipmentReceived
    | HandoverCountersigned
    | VialsStored
    | VialsWithdrawn
    | VialsThawed
    | DosePrepared
    | PreparationChecked
    | VialsUsed
    | VialUseStruck
    | VialsReturned
    | VialsDestroyed
    | VialsLost
    | TemperatureImported
    | VialsJudged
    | ScanFiled
    | ScanPassed
    | ScanRejected
    | ReadingOrderDrawn
    | ReaderReplaced
    | ReadDrafted
    | ReadSigned
    | ReadVoided
    | ConsensusProposed
    | ConsensusAgreed
    | ScanAdjudicated
    | MaskJudged
    | ReadsUnblinded
)


__all__ = [
    "KIND_NAMES",
    "AccountClosed",
    "AccountLockedOut",
    "AccountOpened",
    "ActRefused",
    "AdverseEventFacts",
    "AdverseEventReported",
    "AdverseEventRevised",
    "Body",
    "CertificateTest",
    "ClockSetBack",
    "ConsensusAgreed",
    "ConsensusProposed",
    "ConsentDocumentFiled",
    "ConsentSigned",
    "ConsentWithdrawn",
    "CredentialChanged",
    "DeviationRecorded",
    "DoseGiven",
    "DoseInterrupted",
    "DoseMissed",
    "DosePrepared",
    "EligibilityAttested",
    "Entry",
    "EntryStruck",
    "ExportMade",
    "FileImported",
    "FormCorrected",
    "FormRecorded",
    "HandoverCountersigned",
    "IdentityVerified",
    "InhalationEventSeen",
    "InhalationPaused",
    "InhalationResumed",
    "InhalationStarted",
    "InhalationStopped",
    "Kind",
    "LotBlocked",
    "LotRegistered",
    "LotReleaseSigned",
    "MaskJudged",
    "Meaning",
    "MeasuredLine",
    "PacketFrozen",
    "ParticipationEnded",
    "PreparationChecked",
    "ProtocolAdopted",
    "ProtocolAmended",
    "QueryAnswered",
    "QueryClosed",
    "QueryOpened",
    "QueryReopened",
    "ReadDrafted",
    "ReadSigned",
    "ReadVoided",
    "ReaderReplaced",
    "ReadingOrderDrawn",
    "ReadsUnblinded",
    "Reason",
    "Recommendation",
    "RecordsSigned",
    "ReferenceRangeSet",
    "Relation",
    "ReviewRecorded",
    "RoleGranted",
    "RoleWithdrawn",
    "ScanAdjudicated",
    "ScanFiled",
    "ScanPassed",
    "ScanRejected",
    "ScreeningOpened",
    "SegmentRead",
    "SeriousEventForwarded",
    "ShipmentPacked",
    "ShipmentReceived",
    "ShipmentSent",
    "SignInRefused",
    "SignedIn",
    "SignedOut",
    "SourceVerified",
    "Stay",
    "SubjectEnrolled",
    "SubjectFrozen",
    "SubjectKeyDestroyed",
    "SubjectUnfrozen",
    "TaskDrawn",
    "TemperatureImported",
    "TermsAccepted",
    "TrainingRecorded",
    "TrialLocked",
    "TrialUnlocked",
    "VialUseStruck",
    "VialsDestroyed",
    "VialsJudged",
    "VialsLost",
    "VialsReturned",
    "VialsStored",
    "VialsThawed",
    "VialsUsed",
    "VialsWithdrawn",
    "VoteCast",
    "kind_of",
]

KIND_NAMES = tuple(str(kind.__struct_config__.tag) for kind in get_args(Kind))
"""Every kind by its name in the record."""


def kind_of(body: Body) -> str:
    """The name of a kind as it stands in the record."""
    return str(body.__struct_config__.tag)
