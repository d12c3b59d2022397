"""What can be asked of this slice: one imperative each."""

import msgspec

from firstbreath.events.kinds import Entry, Meaning


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="act", forbid_unknown_fields=True):
    """An act somebody asks for."""


class OpenScreening(Command, frozen=True, tag="open_screening"):
    """Consider a person for the trial under a new subject code."""

    subject: str
    site: str = ""


class RecordForm(Command, frozen=True, tag="record_form"):
    """Fill a form at a visit; `absent` gives a null flavour for each value that is not there.

    `repeat` 0 stands for the next free number of a repeating form.
    """

    subject: str
    form: str
    visit: str
    values: dict[str, Entry]
    absent: dict[str, str] = {}
    repeat: int = 1


class CorrectForm(Command, frozen=True, tag="correct_form"):
    """Correct fields of a recorded form; needs a reason.

    `seen` is the last event of the record that was in view; 0 does not ask whether somebody changed it meanwhile.
    """

    subject: str
    form: str
    visit: str
    values: dict[str, Entry]
    absent: dict[str, str] = {}
    repeat: int = 1
    seen: int = 0


class AttestEligibility(Command, frozen=True, tag="attest_eligibility"):
    """State for criteria, by id, whether each one's statement is true of the subject."""

    subject: str
    criteria: dict[str, bool]


class SignConsent(Command, frozen=True, tag="sign_consent"):
    """Sign consent on the version in force, before witnesses.

    `document` is the digest of the text read, `relation` a surrogate's to the patient; `obtained_by` and
    `witness_accounts` name accounts, empty for a witness who has none.
    """

    subject: str
    version: str
    given_by: str
    witnesses: tuple[str, ...] = ()
    photographs: tuple[str, ...] = ()
    document: str = ""
    relation: str = ""
    obtained_by: str = ""
    witness_accounts: tuple[str, ...] = ()


class WithdrawConsent(Command, frozen=True, tag="withdraw_consent"):
    """Withdraw consent."""

    subject: str
    scope: str = "treatment"


class EnrolSubject(Command, frozen=True, tag="enrol_subject"):
    """Make the subject the next of the trial, in an arm."""

    subject: str
    arm: str


class GiveDose(Command, frozen=True, tag="give_dose"):
    """Record the dose of a trial day as inhaled; empty texts were not measured."""

    subject: str
    day: int
    amount: str
    volume_ml: str = ""
    minutes: str = ""
    residual_ml: str = ""


class InterruptDose(Command, frozen=True, tag="interrupt_dose"):
    """Record the dose of a trial day as begun and not finished; needs a reason."""

    subject: str
    day: int
    amount: str
    given_ml: str = ""
    minutes: str = ""


class MissDose(Command, frozen=True, tag="miss_dose"):
    """Record the dose of a trial day as not begun; needs a reason."""

    subject: str
    day: int


class RecordDeviation(Command, frozen=True, tag="record_deviation"):
    """Record a departure from the protocol."""

    subject: str
    category: str
    text: str


class EndParticipation(Command, frozen=True, tag="end_participation"):
    """Record how the subject left the trial."""

    subject: str
    how: str


class StartInhalation(Command, frozen=True, tag="start_inhalation"):
    """Start the nebuliser for the dose of a trial day; amounts are texts as read."""

    subject: str
    day: int
    vial: str = ""
    volume_ml: str = ""
    device: str = ""
    interface: str = ""
    oxygen_l_min: str = ""


class PauseInhalation(Command, frozen=True, tag="pause_inhalation"):
    """Interrupt the inhalation that runs; needs a reason."""

    subject: str
    day: int


class ResumeInhalation(Command, frozen=True, tag="resume_inhalation"):
    """Go on with the inhalation that is paused."""

    subject: str
    day: int


class StopInhalation(Command, frozen=True, tag="stop_inhalation"):
    """Stop the inhalation for good, before the rest in the cup is measured."""

    subject: str
    day: int


class SeeInhalationEvent(Command, frozen=True, tag="see_inhalation_event"):
    """Record that an event which the protocol names beforehand was seen, on the day of an inhalation."""

    subject: str
    day: int
    event: str


class StrikeEntry(Command, frozen=True, tag="strike_entry"):
    """Strike out an event that was entered in error, by its number; needs a reason."""

    subject: str
    corrects: int


class SignRecords(Command, frozen=True, tag="sign_records"):
    """Sign the events of these numbers, as they stand, with a meaning."""

    subject: str
    seqs: tuple[int, ...]
    meaning: Meaning


class OpenQuery(Command, frozen=True, tag="open_query"):
    """Put a question to the site about a field of a form at a visit, recorded or missing.

    `check` is the id of the edit check it is raised from, or empty.
    """

    subject: str
    form: str
    visit: str
    field: str
    text: str
    repeat: int = 1
    check: str = ""


class AnswerQuery(Command, frozen=True, tag="answer_query"):
    """Answer a query."""

    subject: str
    query: int
    text: str


class CloseQuery(Command, frozen=True, tag="close_query"):
    """Close a query."""

    subject: str
    query: int
    text: str = ""


class ReopenQuery(Command, frozen=True, tag="reopen_query"):
    """Open a query again: the answer did not settle it."""

    subject: str
    query: int
    text: str


class VerifySource(Command, frozen=True, tag="verify_source"):
    """Record that the events of these numbers were compared with the source documents."""

    subject: str
    seqs: tuple[int, ...]


class FreezeSubject(Command, frozen=True, tag="freeze_subject"):
    """Let nothing more be entered or corrected for the subject."""

    subject: str


class UnfreezeSubject(Command, frozen=True, tag="unfreeze_subject"):
    """Let records of the subject be entered and corrected again; needs a reason."""

    subject: str
