"""Every act the door knows."""

import msgspec

from firstbreath.safety.commands import RecordReview
from firstbreath.subjects import commands


class AdoptProtocol(msgspec.Struct, frozen=True, kw_only=True, tag_field="act", tag="adopt_protocol"):
    """Begin the trial under a protocol folder."""

    files: dict[str, str]
    stamp: str = ""
    not_recorded: tuple[str, ...] = ()


class AmendProtocol(msgspec.Struct, frozen=True, kw_only=True, tag_field="act", tag="amend_protocol"):
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
