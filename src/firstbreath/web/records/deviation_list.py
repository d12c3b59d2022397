"""The departures from the protocol, by category and subject; those struck out stand crossed out."""

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.trial.state import Trial


class DeviationLine(msgspec.Struct, frozen=True):
    """One deviation; `struck` is the event that took it back."""

    event: Event
    category: str
    text: str
    struck: Event | None


class DeviationList(msgspec.Struct, frozen=True):
    """The deviations asked for, and how many there are of each category."""

    lines: tuple[DeviationLine, ...]
    categories: tuple[tuple[str, int], ...]
    codes: tuple[str, ...]


def compute_deviations(
    trial: Trial, events: Sequence[Event], *, sees_site: Callable[[str], bool], category: str = "", subject: str = ""
) -> DeviationList:
    """The deviations of a category and a subject (empty: all in view), in the order recorded."""
    seen = {each.code for each in trial.subjects.all() if sees_site(each.site)}
    struck = {event.body.corrects: event for event in events if isinstance(event.body, kinds.EntryStruck)}
    found = [
        DeviationLine(event, event.body.category, event.body.text, struck.get(event.seq))
        for event in events
        if isinstance(event.body, kinds.DeviationRecorded) and event.subject in seen
    ]
    numbers = Counter(line.category for line in found if not line.struck)
    shown = [line for line in found if category in ("", line.category) and subject in ("", line.event.subject)]
    codes = sorted({line.event.subject for line in found})
    return DeviationList(tuple(shown), tuple(sorted(numbers.items())), tuple(codes))
