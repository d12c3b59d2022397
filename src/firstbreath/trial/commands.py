"""Every act the door knows."""

from firstbreath.safety.commands import RecordReview
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


AnyCommand = (
    AdoptProtocol
    | AmendProtocol
    | RecordReview
    | commands.OpenScreening
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
)
