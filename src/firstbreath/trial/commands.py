"""Every act the door knows."""

from typing import get_args

from firstbreath.people import commands as people
from firstbreath.product import commands as product
from firstbreath.reading import commands as reading
from firstbreath.safety import commands as safety
from firstbreath.subjects import commands
from firstbreath.subjects.commands import Command


class AdoptProtocol(Command, frozen=True, kw_only=True, tag="adopt_protocol"):
    """Begin the trial under a protocol folder."""

    files: dict[str, str]
    stamp: str = ""
    not_recorded: tuple[str, ...] = ()


class AmendProtocol(Command, frozen=True, kw_only=True, tag="amend_protocol"):
    """Bring another protocol folder into force; needs a reason."""

    files: dict[str, str]
    summary: str = ""


class FileConsentDocument(Command, frozen=True, kw_only=True, tag="file_consent_document"):
    """File the text that patients read before they consent, under its version and language (such as en, zh-Hans)."""

    version: str
    language: str
    text: str


class LockTrial(Command, frozen=True, kw_only=True, tag="lock_trial"):
    """Lock the database: nothing more is entered or corrected until the lock is lifted."""


class UnlockTrial(Command, frozen=True, kw_only=True, tag="unlock_trial"):
    """Lift the lock of the database; needs a reason."""


class ImportFile(Command, frozen=True, kw_only=True, tag="import_file"):
    """Record that a file was read into records: how many rows it had, were used, and were left out, by why.

    `mapping` says which field each column filled, so that the next file of its kind is understood alike.
    """

    name: str
    digest: str
    rows: int
    used: int
    left_out: dict[str, int] = {}
    mapping: dict[str, str] = {}
    site: str = ""


SubjectCommand = (
    commands.OpenScreening
    | commands.RecordForm
    | commands.CorrectForm
    | commands.AttestEligibility
    | commands.SignConsent
    | commands.WithdrawConsent
    | commands.EnrolSubject
    | commands.GiveDose
    | commands.InterruptDose
    | commands.MissDose
    | commands.RecordDeviation
    | commands.EndParticipation
    | commands.StartInhalation
    | commands.PauseInhalation
    | commands.ResumeInhalation
    | commands.StopInhalation
    | commands.SeeInhalationEvent
    | commands.StrikeEntry
    | commands.SignRecords
    | commands.OpenQuery
    | commands.AnswerQuery
    | commands.CloseQuery
    | commands.ReopenQuery
    | commands.VerifySource
    | commands.FreezeSubject
    | commands.UnfreezeSubject
)
SafetyCommand = (
    safety.RecordReview
    | safety.ReportAdverseEvent
    | safety.ReviseAdverseEvent
    | safety.ForwardSeriousEvent
    | safety.SetReferenceRange
    | safety.FreezePacket
    | safety.CastVote
    | safety.ConcludePacket
)
ProductCommand = (
    product.RegisterLot
    | product.SignLotRelease
    | product.BlockLot
    | product.PackShipment
    | product.SendShipment
    | product.ReceiveShipment
    | product.CountersignHandover
    | product.StoreVials
    | product.WithdrawVials
    | product.ThawVials
    | product.PrepareDose
    | product.CheckPreparation
    | product.ReturnVials
    | product.DestroyVials
    | product.LoseVials
    | product.ImportTemperature
    | product.JudgeVials
)
ReadingCommand = (
    reading.FileScan
    | reading.PassScan
    | reading.RejectScan
    | reading.DrawReadingOrder
    | reading.ReplaceReader
    | reading.DraftRead
    | reading.SignRead
    | reading.VoidRead
    | reading.ProposeConsensus
    | reading.AgreeConsensus
    | reading.AdjudicateScan
    | reading.UnblindReads
    | reading.JudgeMask
)
PeopleCommand = (
    people.OpenAccount
    | people.CloseAccount
    | people.GrantRole
    | people.WithdrawRole
    | people.RecordTraining
    | people.VerifyIdentity
    | people.AcceptTerms
    | people.SignIn
    | people.SignOut
    | people.ChangeCredential
    | people.ResetCredential
    | people.NoteRefusedSignIn
    | people.NoteLockOut
    | people.NoteSessionEnd
    | people.MakeExport
)
TrialCommand = AdoptProtocol | AmendProtocol | FileConsentDocument | LockTrial | UnlockTrial | ImportFile
AnyCommand = TrialCommand | SubjectCommand | SafetyCommand | ProductCommand | ReadingCommand | PeopleCommand
ACTS: dict[str, type] = {str(command.__struct_config__.tag): command for command in get_args(AnyCommand)}
"""Every command by the name of its act."""


def act_of(command: AnyCommand) -> str:
    """The name of a command's act."""
    return str(command.__struct_config__.tag)
