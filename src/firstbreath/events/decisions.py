"""What deciding a command gives: events to append, reasons against, or what is missing."""

import msgspec

from firstbreath.events.kinds import Kind, Reason


class Allowed(msgspec.Struct, frozen=True):
    """The act may happen; these are the events it leads to."""

    events: tuple[Kind, ...]


class Refused(msgspec.Struct, frozen=True):
    """The act may not happen now, for every reason given."""

    reasons: tuple[Reason, ...]


class Unknown(msgspec.Struct, frozen=True):
    """It cannot be told whether the act may happen; what is missing. Unknown never opens a gate."""

    missing: tuple[Reason, ...]


Decision = Allowed | Refused | Unknown

__all__ = ["Allowed", "Decision", "Reason", "Refused", "Unknown"]
