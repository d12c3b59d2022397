"""Vital signs around an inhalation: which are due, done or missed, what they are, and how they changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Literal

import msgspec

from firstbreath.events.record import Event
from firstbreath.protocol.rules import Value
from firstbreath.protocol.values import Inhalation, Protocol, TimePoint
from firstbreath.subjects.checks import values_of
from firstbreath.subjects.forms import entered_fields, records_of
from firstbreath.subjects.session import Session, happened, session_of
from firstbreath.subjects.state import FormKey, Subject

PointState = Literal["done", "outside", "due", "ahead", "missed"]
Side = Literal["within", "low", "high"]


class Taken(msgspec.Struct, frozen=True):
    """A record of vital signs: when it was taken, at which time point, its values, and what was said to be absent."""

    key: FormKey
    event: Event
    at: datetime
    choice: str
    values: dict[str, Value]
    absent: tuple[str, ...]


class PointDue(msgspec.Struct, frozen=True):
    """A time point of an inhalation: its window where it is known, and the record that answers it.

    `outside` is a record that was taken, but before or after the window.
    """

    point: TimePoint
    state: PointState
    first: datetime | None
    last: datetime | None
    taken: Taken | None = None


def taken_on(subject: Subject, protocol: Protocol, day: int, zone: tzinfo) -> tuple[Taken, ...]:
    """The records of vital signs of a day, in the order in which they were taken."""
    part = protocol.design.inhalation
    if part is None:
        return ()
    visits = {visit.id for visit in protocol.design.visits if visit.day == day}
    found = [
        _taken(key, versions, part, protocol, zone=zone)
        for key, versions in records_of(subject, part.form)
        if key[1] in visits
    ]
    return tuple(sorted(found, key=lambda taken: (taken.at, taken.event.seq)))


def _taken(key: FormKey, versions: tuple[Event, ...], part: Inhalation, protocol: Protocol, *, zone: tzinfo) -> Taken:
    values = values_of(key, versions, protocol)
    absent = tuple(name for name, entered in entered_fields(key, versions).items() if entered.absent)
    return Taken(key, versions[0], happened(versions[0], zone), str(values.get(part.told_by, "")), values, absent)


def points_of(subject: Subject, protocol: Protocol, day: int, *, zone: tzinfo, now: datetime) -> tuple[PointDue, ...]:
    """Every time point of a day's inhalation as it stands now, in the order of the protocol."""
    part, session = protocol.design.inhalation, session_of(subject, day, zone)
    taken = taken_on(subject, protocol, day, zone)
    return tuple(_due(point, session, taken, now=now) for point in (part.time_points if part else ()))


def _due(point: TimePoint, session: Session, taken: tuple[Taken, ...], *, now: datetime) -> PointDue:
    first, last = _window(point, session)
    own = [record for record in taken if record.choice == point.choice]
    if first is None or last is None:
        early = point.after == "start" and point.first_minute < 0
        state: PointState = "done" if own and early else "due" if early else "ahead"
        return PointDue(point, state, None, None, own[-1] if own else None)
    within = [record for record in own if first <= record.at <= last]
    if own:
        return PointDue(point, "done" if within else "outside", first, last, (within or own)[-1])
    return PointDue(point, "ahead" if now < first else "missed" if now > last else "due", first, last)


def _window(point: TimePoint, session: Session) -> tuple[datetime | None, datetime | None]:
    begins = session.began if point.after == "start" else session.stopped
    if begins is None:
        return None, None
    # A window of whole minutes ends with its last second.
    last = begins + timedelta(minutes=point.last_minute, seconds=59 if point.last_minute > 0 else 0)
    return begins + timedelta(minutes=point.first_minute), last


def side_of(protocol: Protocol, name: str, value: Value | None) -> Side | None:
    """On which side of its limits a value lies; None where there is no limit, or no number."""
    part = protocol.design.inhalation
    limit = next((limit for limit in part.limits if limit.field == name), None) if part else None
    if limit is None or not isinstance(value, Decimal):
        return None
    if limit.low is not None and value < limit.low:
        return "low"
    return "high" if limit.high is not None and value > limit.high else "within"


def watched_values(part: Inhalation, taken: tuple[Taken, ...]) -> dict[str, Value]:
    """The latest value of each vital sign, and as `NAME_change` its difference from the one before.

    What was last said to be absent is unknown again. Before anything was taken after the values before, there is no
    change that could be known.
    """
    before = part.point(part.before)
    latest: dict[str, tuple[Value, str]] = {}
    baseline: dict[str, Value] = {}
    for record in taken:
        for name in record.absent:
            latest.pop(name, None)
        latest |= {name: (value, record.choice) for name, value in record.values.items()}
        if before and record.choice == before.choice:
            baseline |= record.values
    changes = dict(_changes(latest, baseline, before.choice if before else ""))
    return {name: value for name, (value, _) in latest.items()} | changes


def _changes(
    latest: dict[str, tuple[Value, str]], baseline: dict[str, Value], before: str
) -> Iterator[tuple[str, Value]]:
    for name, (value, choice) in latest.items():
        was = baseline.get(name)
        if choice != before and isinstance(value, Decimal) and isinstance(was, Decimal):
            yield f"{name}_change", value - was
