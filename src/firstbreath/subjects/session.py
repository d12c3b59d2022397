"""One inhalation in time: when it began, ran, paused and ended, and for how long it ran."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.zones import moment_of
from firstbreath.subjects.state import Subject

SessionState = Literal["not started", "running", "paused", "stopped", "ended"]
STEPS: dict[type[kinds.Kind], SessionState] = {
    kinds.InhalationStarted: "running",
    kinds.InhalationPaused: "paused",
    kinds.InhalationResumed: "running",
    kinds.InhalationStopped: "stopped",
}


class Step(msgspec.Struct, frozen=True):
    """A step of an inhalation, when it happened, and how the inhalation stands from then on."""

    event: Event
    at: datetime
    state: SessionState


class Session(msgspec.Struct, frozen=True):
    """The inhalation of a day: its steps in the order recorded, each no earlier than the one before."""

    day: int
    steps: tuple[Step, ...] = ()
    dose: Event | None = None

    @property
    def state(self) -> SessionState:
        """How it stands now."""
        if self.dose:
            return "ended"
        return self.steps[-1].state if self.steps else "not started"

    @property
    def began(self) -> datetime | None:
        """When it was started."""
        return self.steps[0].at if self.steps else None

    @property
    def stopped(self) -> datetime | None:
        """When it was stopped for good, if anybody said so."""
        last = self.steps[-1] if self.steps else None
        return last.at if last and last.state == "stopped" else None

    def elapsed(self, now: datetime) -> timedelta:
        """How long it ran until a moment, pauses left out."""
        ends = [*(min(step.at, now) for step in self.steps), now][1:]
        runs = [end - step.at for step, end in zip(self.steps, ends, strict=True) if step.state == "running"]
        return sum((max(run, timedelta()) for run in runs), timedelta())


def happened(event: Event, zone: tzinfo) -> datetime:
    """When something happened at the bedside: as recorded, else when it was written."""
    return moment_of(event.occurred, zone) or event.at.astimezone(zone)


def ended(occurred: str, at: datetime, zone: tzinfo) -> datetime:
    """When something was over: the end of the time recorded, else when it was written."""
    return moment_of(occurred.rpartition("/")[2], zone) or at.astimezone(zone)


def session_of(subject: Subject, day: int, zone: tzinfo) -> Session:
    """The inhalation of a day as recorded. A dose recorded without a stop ends the inhalation when it was recorded."""
    steps: list[Step] = []
    for event in subject.inhalations.get(day, ()):
        state = STEPS.get(type(event.body))
        if state and (steps or state == "running"):
            at = happened(event, zone)
            steps.append(Step(event, max(at, steps[-1].at) if steps else at, state))
    dose = subject.doses.get(day)
    if dose and steps and steps[-1].state != "stopped":
        steps.append(Step(dose, max(ended(dose.occurred, dose.at, zone), steps[-1].at), "stopped"))
    return Session(day, tuple(steps), dose)


def session_state(subject: Subject, day: int) -> SessionState:
    """How the inhalation of a day stands."""
    if day in subject.doses:
        return "ended"
    return next((state for state in _states_backwards(subject, day)), "not started")


def _states_backwards(subject: Subject, day: int) -> Iterator[SessionState]:
    for event in reversed(subject.inhalations.get(day, ())):
        if state := STEPS.get(type(event.body)):
            yield state


def start_of(subject: Subject, day: int) -> Event | None:
    """The event that started the inhalation of a day."""
    session = subject.inhalations.get(day, ())
    return next((event for event in session if isinstance(event.body, kinds.InhalationStarted)), None)


def minutes_of(elapsed: timedelta) -> str:
    """A length of time in minutes with one decimal; empty when it rounds to nothing."""
    seconds = elapsed.days * 86_400 + elapsed.seconds
    minutes = (Decimal(seconds) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return str(minutes.normalize() + 0) if minutes else ""
