"""The entries of a read as a form states them, and as a page shows them again."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
from django.http import QueryDict

from firstbreath.events.kinds import MeasuredLine, SegmentRead
from firstbreath.protocol.values import Charter, Segment

NOT_EVALUABLE = "NE"


class FormMark(msgspec.Struct, frozen=True):
    """A form or shape that can be ticked: the field's name, what it says, its key, and whether it is ticked."""

    name: str
    value: str
    key: str
    on: bool


class SegmentRow(msgspec.Struct, frozen=True):
    """One segment on the page: what is entered for it."""

    segment: Segment
    score: str = ""
    forms: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    mm: str = ""
    why: str = ""
    marks: tuple[FormMark, ...] = ()
    begins: bool = False

    @property
    def short(self) -> str:
        """The segment as readers call it: L1+2."""
        return self.segment.id.replace("_", "+")

    @property
    def done(self) -> bool:
        """Whether it is scored or said to be not evaluable."""
        return bool(self.score)


def parse_segments(charter: Charter, sent: QueryDict, names: Sequence[str] = ()) -> dict[str, SegmentRead]:
    """What was entered for each segment, with a score or without one yet; the door says what is wrong with it.

    names  the segments asked for; all of the charter without
    """
    found = {}
    for name in names or [each.id for each in charter.segments]:
        score = sent.get(f"score-{name}", "").strip()
        entered = SegmentRead(
            points=_points(score),
            forms=tuple(each for each in sent.getlist(f"form-{name}") if each)[:10],
            shapes=tuple(each for each in sent.getlist(f"shape-{name}") if each)[:10],
            mm=sent.get(f"mm-{name}", "").strip()[:20],
            why=sent.get(f"why-{name}", "").strip()[:500],
            open=not score,
        )
        if entered != SegmentRead(None, open=True):
            found[name] = entered
    return found


def _points(score: str) -> int | None:
    """The points of a score; none where it is not evaluable or not given, and -1 for what is no score."""
    if score in ("", NOT_EVALUABLE):
        return None
    return int(score) if score.isascii() and score.isdecimal() and len(score) < 4 else -1


def rows_of(charter: Charter, entered: Mapping[str, SegmentRead]) -> tuple[SegmentRow, ...]:
    """Every segment of the charter with what is entered."""
    keys = keys_of((*charter.lesion_forms, *charter.lesion_shapes))
    lobes = [None, *(segment.lobe for segment in charter.segments)]
    return tuple(
        _row(charter, segment, entered.get(segment.id), keys=keys, begins=segment.lobe != lobes[n])
        for n, segment in enumerate(charter.segments)
    )


def _row(
    charter: Charter, segment: Segment, entered: SegmentRead | None, *, keys: Mapping[str, str], begins: bool
) -> SegmentRow:
    seen = entered or SegmentRead(None)
    marks = tuple(
        FormMark(name, value, keys[value], value in ticked)
        for name, values, ticked in (
            ("form", charter.lesion_forms, seen.forms),
            ("shape", charter.lesion_shapes, seen.shapes),
        )
        for value in values
    )
    score = score_words(entered) if entered and not entered.open else ""
    return SegmentRow(segment, score, seen.forms, seen.shapes, seen.mm, seen.why, marks, begins)


RESERVED = "NV"
"""Keys that a row uses for itself: not evaluable, and to the viewer."""


def keys_of(values: Sequence[str]) -> dict[str, str]:
    """A key for each form and shape: the first letter of its name that no other has."""
    taken, found = set(RESERVED), dict[str, str]()
    for value in values:
        key = next(
            (letter for letter in value.upper() if letter.isascii() and letter.isalpha() and letter not in taken), ""
        )
        taken.add(key)
        found[value] = key
    return found


def parse_lines(text: str) -> tuple[MeasuredLine, ...]:
    """The lengths that were measured, as the viewer states them; what states none is left out."""
    try:
        told = _LINES.decode(text[:50_000] or "[]")
    except msgspec.MsgspecError:
        return ()
    return tuple(
        MeasuredLine(each.slice, each.start, each.end, round(each.mm, 2), each.segment) for each in told[:MOST_LINES]
    )


def render_lines(lines: Sequence[MeasuredLine]) -> str:
    """Measured lengths as the viewer takes them."""
    return msgspec.json.encode([Measured(*msgspec.structs.astuple(each)) for each in lines]).decode()


MOST_LINES = 200


class Measured(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}, omit_defaults=True):
    """A length as the viewer's module states it."""

    slice: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    start: tuple[float, float]
    end: tuple[float, float]
    mm: Annotated[float, msgspec.Meta(ge=0, le=2_000)]
    segment: str = ""


SEEN = re.compile(r"(\d{1,5}(-\d{1,5})?)( \d{1,5}(-\d{1,5})?)*")


_LINES = msgspec.json.Decoder(list[Measured])
"""Made before threads use it; see `reading.stored`."""


def parse_seen(text: str) -> str:
    """Which slices were on the screen, such as 1-12 14; empty for anything else."""
    return text if len(text) <= 2_000 and SEEN.fullmatch(text) else ""


def count_seen(text: str) -> int:
    """How many slices such ranges name."""
    ranges = [part.partition("-") for part in text.split()]
    return sum(max(0, int(last or first) - int(first) + 1) for first, _, last in ranges)


def score_words(entered: SegmentRead) -> str:
    """The points, or NE."""
    return NOT_EVALUABLE if entered.points is None else str(entered.points)
