"""What can be asked of this slice: one imperative each."""

import msgspec

from firstbreath.events.kinds import Entry


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="act", forbid_unknown_fields=True):
    """An act somebody asks for."""


class OpenScreening(Command, frozen=True, tag="open_screening"):
    """Consider a person for the trial under a new subject code."""

    subject: str
    site: str = ""


class RecordForm(Command, frozen=True, tag="record_form"):
    """Fill a form at a visit; `absent` gives a null flavour for each value that is not there."""

    subject: str
    form: str
    visit: str
    values: dict[str, Entry]
    absent: dict[str, str] = {}
    repeat: int = 1


class CorrectForm(Command, frozen=True, tag="correct_form"):
    """Correct fields of a recorded form; needs a reason."""

    subject: str
    form: str
    visit: str
    values: dict[str, Entry]
    absent: dict[str, str] = {}
    repeat: int = 1


class AttestEligibility(Command, frozen=True, tag="attest_eligibility"):
    """State for criteria, by id, whether each one's statement is true of the subject."""

    subject: str
    criteria: dict[str, bool]


class SignConsent(Command, frozen=True, tag="sign_consent"):
    """Sign consent on the version in force, before witnesses."""

    subject: str
    version: str
    given_by: str
    witnesses: tuple[str, ...] = ()
    photographs: tuple[str, ...] = ()


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


class InterruptDose(Command, frozen=True, tag="interrupt_dose"):
    """Record the dose of a trial day as begun and not finished; needs a reason."""

    subject: str
    day: int
    amount: str
    given_ml: str = ""


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
