"""One act of a simulated trial: when, by whom, what is asked for, and whether the door is to refuse it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Protocol

import msgspec

from firstbreath.trial.commands import AnyCommand
from firstbreath.trial.door import Request
from firstbreath.trial.state import Trial

ZONE = timezone(timedelta(hours=8))
"""Of the wards of the simulated trial."""
Late = Callable[[Trial], Mapping[str, Any]]
"""Arguments that are known only when the act is asked for, such as the numbers of the events that are signed."""


class Keeping(Protocol):
    """Where the files of a simulated trial are kept."""

    def put(self, subject: str, content: bytes) -> str:
        """The name of the kept file."""
        ...

    def hashed(self, subject: str) -> Callable[[str], bytes]:
        """The keyed hash of that name."""
        ...

    def digest(self, files: Sequence[bytes]) -> str:
        """One SHA-256 of several files, whatever their order."""
        ...


Keep = Callable[[Keeping], Mapping[str, Any]]
"""Arguments that name files, which are kept as they are asked for."""


class Calendar(msgspec.Struct, frozen=True):
    """The days of a simulated trial, counted from its first, which is day 0."""

    first: date

    def at(self, day: int, clock: str, *, minutes: int = 0) -> datetime:
        """A time on a day, on the wards' clock."""
        noted = datetime.combine(self.first + timedelta(days=day), time.fromisoformat(clock), ZONE)
        return noted + timedelta(minutes=minutes)

    def day(self, day: int) -> str:
        """The date of a day."""
        return (self.first + timedelta(days=day)).isoformat()


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """An act that somebody asks for at a time; `refused` says that the door must not allow it."""

    at: datetime
    actor: str
    act: str
    arguments: Mapping[str, Any]
    late: Late | None
    keep: Keep | None
    acting_as: str
    reason: str
    refused: bool


def plan(
    at: datetime,
    actor: str,
    act: str,
    *,
    acting_as: str = "",
    reason: str = "",
    refused: bool = False,
    late: Late | None = None,
    keep: Keep | None = None,
    **arguments: Any,
) -> Planned:
    """An act with its arguments.

    acting_as  the role under which it is asked for; the person's own when empty
    refused    whether it must be refused: a simulated trial shows that, too
    late       the arguments that follow from how the trial stands then
    keep       the arguments that name kept files
    """
    return Planned(
        at=at, actor=actor, act=act, arguments=arguments, late=late, keep=keep, acting_as=acting_as,
        reason=reason, refused=refused,
    )  # fmt: skip


def request_of(planned: Planned, trial: Trial, keeping: Keeping, *, role: str, source: str) -> Request:
    """What is asked at the door, on the trial as it stands then.

    role    the person's own
    Raises `msgspec.ValidationError` when the plan makes no command.
    """
    arguments = {**planned.arguments, **(planned.late(trial) if planned.late else {})}
    arguments |= planned.keep(keeping) if planned.keep else {}
    clinical = "subject" in arguments
    return Request(
        command=msgspec.convert({"act": planned.act, **arguments}, AnyCommand),
        actor=planned.actor,
        role=planned.acting_as or role,
        occurred=planned.at.isoformat() if clinical else "",
        reason=planned.reason,
        source=source,
    )
