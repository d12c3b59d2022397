"""The entries of a read as a form states them, and as a page shows them again."""

from collections.abc import Mapping, Sequence

import msgspec
from django.http import QueryDict

from firstbreath.events.kinds import SegmentRead
from firstbreath.protocol.values import Charter, Segment

NOT_EVALUABLE = "NE"


class SegmentRow(msgspec.Struct, frozen=True):
    """One segment on the page: what is entered for it."""

    segment: Segment
    score: str = ""
    forms: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    mm: str = ""
    why: str = ""

    @property
    def done(self) -> bool:
        """Whether it is scored or said to be not evaluable."""
        return bool(self.score)


def parse_segments(charter: Charter, sent: QueryDict, names: Sequence[str] = ()) -> dict[str, SegmentRead]:
    """What was entered for each segment that has a score; the door says what is wrong with it.

    names  the segments asked for; all of the charter without
    """
    found = {}
    for name in names or [each.id for each in charter.segments]:
        score = sent.get(f"score-{name}", "").strip()
        if score:
            number = int(score) if score.isascii() and score.isdecimal() and len(score) < 4 else -1
            found[name] = SegmentRead(
                points=None if score == NOT_EVALUABLE else number,
                forms=tuple(sent.getlist(f"form-{name}"))[:10],
                shapes=tuple(sent.getlist(f"shape-{name}"))[:10],
                mm=sent.get(f"mm-{name}", "").strip()[:20],
                why=sent.get(f"why-{name}", "").strip()[:500],
            )
    return found


def rows_of(charter: Charter, entered: Mapping[str, SegmentRead]) -> tuple[SegmentRow, ...]:
    """Every segment of the charter with what is entered."""
    return tuple(_row(segment, entered.get(segment.id)) for segment in charter.segments)


def _row(segment: Segment, entered: SegmentRead | None) -> SegmentRow:
    if entered is None:
        return SegmentRow(segment)
    return SegmentRow(segment, score_words(entered), entered.forms, entered.shapes, entered.mm, entered.why)


def score_words(entered: SegmentRead) -> str:
    """The points, or NE."""
    return NOT_EVALUABLE if entered.points is None else str(entered.points)
