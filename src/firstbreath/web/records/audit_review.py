"""The planned review of the audit trail (E6(R3) 4.2.3): late entries, odd hours, changes after signature, counts."""

from collections.abc import Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.trial.audit import (
    LATE,
    AfterSignature,
    PersonCount,
    changes_after_signature,
    count_hours,
    count_people,
    lag_of,
    render_lag,
)
from firstbreath.trial.records import list_records
from firstbreath.trial.state import Trial
from firstbreath.web.pages.log import describe

MAX_LATE = 100
BAR = 64


class LateLine(msgspec.Struct, frozen=True):
    """An entry written long after it happened."""

    event: Event
    words: str
    lag: str


class HourBar(msgspec.Struct, frozen=True):
    """How many entries were written in an hour of the day, and its bar as drawn."""

    hour: str
    number: int
    x: int
    y: int
    height: int


class Review(msgspec.Struct, frozen=True):
    """Everything the review looks at."""

    after: tuple[AfterSignature, ...]
    late: tuple[LateLine, ...]
    late_total: int
    hours: tuple[HourBar, ...]
    people: tuple[PersonCount, ...]


def compute_review(trial: Trial, events: Sequence[Event]) -> Review:
    """The review of the events in view."""
    by_subject: dict[str, list[Event]] = {}
    for event in events:
        by_subject.setdefault(event.subject, []).append(event)
    by_subject.pop("", None)
    after = [each for own in by_subject.values() for each in _after(own)]
    lags = [(lag, event) for event in events if (lag := lag_of(event)) is not None and lag >= LATE]
    late = sorted(lags, key=lambda pair: (-pair[0], pair[1].seq))
    return Review(
        after=tuple(sorted(after, key=lambda each: each.change.seq)),
        late=tuple(LateLine(event, describe(event, trial.protocol), render_lag(lag)) for lag, event in late[:MAX_LATE]),
        late_total=len(late),
        hours=_bars(count_hours(events)),
        people=count_people(events),
    )


def _after(own: Sequence[Event]) -> tuple[AfterSignature, ...]:
    signed = [event for event in own if isinstance(event.body, kinds.RecordsSigned)]
    return changes_after_signature(list_records(own), signed) if signed else ()


def _bars(hours: Sequence[int]) -> tuple[HourBar, ...]:
    most = max(hours) or 1
    heights = [round(BAR * number / most) for number in hours]
    return tuple(
        HourBar(f"{hour:02}", number, 4 + hour * 16, BAR + 16 - height, height)
        for hour, (number, height) in enumerate(zip(hours, heights, strict=True))
    )
