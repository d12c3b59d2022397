"""A number that leaves the system, and what every part of the paper needs to make one. Name to know: `Result`."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from firstbreath.events.record import Event
from firstbreath.protocol.entries import EntryError, parse_entry
from firstbreath.protocol.values import Protocol
from firstbreath.subjects.state import Subject
from firstbreath.trial.state import Trial


class Result(msgspec.Struct, frozen=True):
    """One number (or recorded word) that leaves the system.

    value    exact: a fraction such as 57/1, a decimal as recorded, or a text
    printed  as it stands in the paper
    sources  the numbers of the events it was computed from, ascending
    """

    id: str
    analysis_set: str
    group: str
    variable: str
    statistic: str
    value: str
    printed: str
    method: str
    sources: tuple[int, ...]


ABSENT = "N/A"
RECORDED = "as recorded"


def enrolled_subjects(trial: Trial) -> list[Subject]:
    """The enrolled subjects in the order of enrolment."""
    return [subject for code in trial.subjects.enrolled if (subject := trial.subjects.get(code))]


def seqs(events: Iterable[Event]) -> tuple[int, ...]:
    """The numbers of the events, ascending, each once."""
    return tuple(sorted({event.seq for event in events}))


def read_number(protocol: Protocol, field_id: str, entry: str) -> Decimal | None:
    """The number an entry states, or None."""
    field = protocol.field(field_id)
    try:
        value = parse_entry(field, entry) if field else None
    except EntryError:
        return None
    return value if isinstance(value, Decimal) else None
