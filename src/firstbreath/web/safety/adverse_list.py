"""Adverse events and their clocks as pages show them."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.zones import zone_of
from firstbreath.safety.clocks import (
    Change,
    Clock,
    ClockState,
    changes_since_sent,
    compute_changes,
    compute_clocks,
    facts_of,
)
from firstbreath.subjects.state import Subject
from firstbreath.trial.state import Trial

RECIPIENTS = ("sponsor", "authority", "ethics", "safety group")
CLOCK_SIGNS = {"running": "pause", "overdue": "stop", "sent": "pass", "sent late": "differs", "not started": "unknown"}
GRADE_WORDS = {
    0: "not graded",
    1: "mild",
    2: "moderate",
    3: "severe",
    4: "life-threatening",
    5: "death",
}
"""The general words of CTCAE v5.0 for its grades, shortened."""
GRADE_SIGNS = {0: "unknown", 1: "empty", 2: "half", 3: "differs", 4: "stop", 5: "crossed"}


class ClockLine(msgspec.Struct, frozen=True):
    """A clock at a moment."""

    clock: Clock
    state: ClockState
    words: str
    sign: str


class AdverseLine(msgspec.Struct, frozen=True):
    """An adverse event as it stands, with its clocks and what was not sent on yet."""

    subject: str
    facts: kinds.AdverseEventFacts
    event: Event
    versions: int
    grade: str
    sign: str
    clocks: tuple[ClockLine, ...]
    unsent: tuple[Change, ...]


class Version(msgspec.Struct, frozen=True):
    """One version of an adverse event: who wrote it and why, and what it changed."""

    event: Event
    changes: tuple[Change, ...]


class AdversePage(msgspec.Struct, frozen=True):
    """One adverse event in full, with the term of the event named beforehand by the protocol."""

    line: AdverseLine
    versions: tuple[Version, ...]
    forwarded: tuple[Event, ...]
    named: str = ""
    recipients: tuple[str, ...] = RECIPIENTS


def compute_adverse_list(
    trial: Trial, now: datetime, *, sees_site: Callable[[str], bool], subject: str = "", serious: bool = False
) -> tuple[AdverseLine, ...]:
    """The adverse events in view, the last reported first."""
    lines = [
        _line(trial, found, versions, now)
        for found in trial.subjects.all()
        if sees_site(found.site) and subject in ("", found.code)
        for versions in trial.safety.adverse_events(found.code)
    ]
    kept = [line for line in lines if line.facts.serious or not serious]
    return tuple(sorted(kept, key=lambda line: line.event.seq, reverse=True))


def compute_clock_list(trial: Trial, now: datetime, *, sees_site: Callable[[str], bool]) -> tuple[AdverseLine, ...]:
    """Serious adverse events, the most urgent clock first."""
    lines = compute_adverse_list(trial, now, sees_site=sees_site, serious=True)
    return tuple(sorted(lines, key=lambda line: _urgency(line, now)))


def _urgency(line: AdverseLine, now: datetime) -> tuple[bool, float]:
    waiting = [each.clock for each in line.clocks if each.clock.sent is None]
    seconds = [(clock.due - now).total_seconds() if clock.due else 0.0 for clock in waiting]
    return (not waiting, min(seconds, default=0.0))


def compute_adverse_page(trial: Trial, subject: Subject, number: int, now: datetime) -> AdversePage | None:
    """One adverse event with its versions, the last first; None when there is none of that number."""
    events = trial.safety.adverse.get((subject.code, number))
    if not events:
        return None
    pairs = pairwise(events)
    changes = ((), *(compute_changes(facts_of(before), facts_of(after)) for before, after in pairs))
    versions = [Version(event, changed) for event, changed in zip(events, changes, strict=True)]
    forwarded = trial.safety.forwarded.get((subject.code, number), ())
    line = _line(trial, subject, events, now)
    terms = {event.id: event.term for event in trial.protocol.design.inhalation_events} if trial.protocol else {}
    named = terms.get(line.facts.prespecified, line.facts.prespecified)
    return AdversePage(line, tuple(reversed(versions)), forwarded, named)


def _line(trial: Trial, subject: Subject, versions: tuple[Event, ...], now: datetime) -> AdverseLine:
    facts = facts_of(versions[-1])
    forwarded = trial.safety.forwarded.get((subject.code, facts.number), ())
    assert trial.protocol is not None  # noqa: S101 -- nothing happens before there is one
    clocks = compute_clocks(versions, forwarded, zone=zone_of(trial.protocol, subject.site))
    return AdverseLine(
        subject=subject.code,
        facts=facts,
        event=versions[-1],
        versions=len(versions),
        grade=GRADE_WORDS.get(facts.grade, ""),
        sign=GRADE_SIGNS.get(facts.grade, "unknown"),
        clocks=tuple(show_clock(clock, now) for clock in clocks),
        unsent=changes_since_sent(versions, forwarded, to="sponsor"),
    )


def show_clock(clock: Clock, now: datetime) -> ClockLine:
    """A clock as it stands at a moment."""
    state = clock.state(now)
    return ClockLine(clock, state, clock.words(now), CLOCK_SIGNS[state])
