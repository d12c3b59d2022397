"""What follows from reads: totals, differences between two readers, and the score that counts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.events.record import Event
from firstbreath.protocol.values import Charter
from firstbreath.reading.state import Reading, Scan

Segments = Mapping[str, kinds.SegmentRead]


class Settled(msgspec.Struct, frozen=True):
    """The score of a scan that counts: its segments, how it came about, and the events it rests on.

    segments  none for a mean: it is of the totals, and no read of anybody
    total  None with a segment that cannot be evaluated
    how    `agreed` where the reads did not differ, else `consensus`, `adjudicator` or `mean`
    """

    segments: Segments
    total: Fraction | None
    how: str
    sources: tuple[Event, ...]


def total_of(charter: Charter, segments: Segments) -> int | None:
    """The sum over the charter's segments; None with one that is missing or cannot be evaluated."""
    points = [segments[each.id].points if each.id in segments else None for each in charter.segments]
    return None if None in points else sum(point for point in points if point is not None)


def differing(charter: Charter, one: Segments, other: Segments) -> tuple[str, ...]:
    """The segments on which two reads disagree by the charter's rule, in its order."""
    return tuple(each.id for each in charter.segments if _differ(charter, one[each.id], other[each.id]))


def _differ(charter: Charter, one: kinds.SegmentRead, other: kinds.SegmentRead) -> bool:
    if one.points is None or other.points is None:
        return one.points is not other.points
    form = charter.differs_in_form and {*one.forms} != {*other.forms}
    return abs(one.points - other.points) >= charter.differs_by or form


def differing_of(reading: Reading, charter: Charter, scan: Scan) -> tuple[str, ...] | None:
    """The segments of a scan on which any two of its reads disagree; None until every reader has signed all."""
    if not reading.is_read(scan):
        return None
    reads = [task.read for task in reading.readings_of(scan.body.scan)]
    found = {
        each
        for n, one in enumerate(reads)
        for other in reads[n + 1 :]
        if one and other
        for each in differing(charter, one.segments, other.segments)
    }
    return tuple(each.id for each in charter.segments if each.id in found)


def settle(reading: Reading, charter: Charter, scan: Scan) -> Settled | None:
    """The score of a scan that counts, or None while reads are missing or differences are open."""
    open_ = differing_of(reading, charter, scan)
    if open_ is None or scan.rejected:
        return None
    tasks = reading.readings_of(scan.body.scan)
    sources = tuple(task.signed for task in tasks if task.signed)
    reads = [task.read for task in tasks if task.read]
    if charter.agreement == "mean":
        totals = [total_of(charter, read.segments) for read in reads]
        known = [Fraction(total) for total in totals if total is not None]
        total = sum(known, Fraction(0)) / len(known) if known and len(known) == len(totals) else None
        return Settled({}, total, "mean", sources)
    alike = {each.id: _together(charter, [read.segments[each.id] for read in reads]) for each in charter.segments}
    if not open_:
        return Settled(alike, _exact(total_of(charter, alike)), "agreed", sources)
    by = scan.settled_by
    if by is None or not isinstance(by.body, kinds.ConsensusProposed | kinds.ScanAdjudicated):
        return None
    segments = alike | by.body.segments
    how = "adjudicator" if scan.adjudicated else "consensus"
    signed = (by,) if scan.agreed is None else (by, scan.agreed)
    return Settled(segments, _exact(total_of(charter, segments)), how, (*sources, *signed))


def _together(charter: Charter, seen: Sequence[kinds.SegmentRead]) -> kinds.SegmentRead:
    """One entry for a segment on which reads do not disagree, the same whichever reader is named first."""
    points = [each.points for each in seen if each.points is not None]
    if len(points) < len(seen):
        return seen[0]
    chosen = max(points) if charter.close_scores == "higher" else min(points)
    those = [each for each in seen if each.points == chosen]
    forms, shapes = (
        tuple(name for name in named if any(name in getattr(each, part) for each in those))
        for part, named in (("forms", charter.lesion_forms), ("shapes", charter.lesion_shapes))
    )
    longest = max((each.mm for each in those if each.mm), key=Decimal, default="")
    return kinds.SegmentRead(chosen, forms, shapes, longest)


def _exact(total: int | None) -> Fraction | None:
    return None if total is None else Fraction(total)


def reasons_against_segments(
    charter: Charter, segments: Segments, wanted: Sequence[str], *, whole: bool, why: bool = False
) -> list[Reason]:
    """What is wrong with the entries for segments.

    wanted  the segments asked for; `whole` says that each has to be there
    why     each needs the reason that settled it
    """
    reasons = []
    left = [each for each in wanted if each not in segments or segments[each].open]
    if whole and left:
        text = f"{len(left)} of {len(wanted)} segments are neither scored nor said to be not evaluable: {_few(left)}."
        reasons.append(Reason("READ-010", text, "Score each, or say not evaluable."))
    strange = [each for each in segments if each not in wanted]
    if strange:
        reasons.append(Reason("READ-011", f"{_few(strange)} is not asked for here.", "Enter the segments listed."))
    for name, entry in segments.items():
        reasons += _against_entry(charter, name[:40], entry, whole=whole)
        if why and not entry.why.strip():
            reasons.append(
                Reason("READ-012", f"{name[:40]}: why it is settled so is not said.", "Say it in a few words.")
            )
    return reasons


def _against_entry(charter: Charter, name: str, entry: kinds.SegmentRead, *, whole: bool) -> list[Reason]:
    reasons, allowed = [], {score.points for score in charter.scores}
    if entry.points is not None and entry.points not in allowed:
        text = f"{name}: {entry.points} is no score; the charter has {', '.join(map(str, sorted(allowed)))}."
        reasons.append(Reason("READ-013", text, "Choose one of them."))
    strange = [form for form in entry.forms if form not in charter.lesion_forms]
    strange += [shape for shape in entry.shapes if shape not in charter.lesion_shapes]
    if strange:
        reasons.append(Reason("READ-014", f"{name}: {_few(strange)} is not in the charter.", "Choose from its list."))
    if entry.mm and not _is_length(entry.mm):
        reasons.append(Reason("READ-015", f"{name}: {entry.mm[:20]!r} is no length in mm.", "Write it as 12.5."))
    if whole and entry.points and charter.lesion_forms and not entry.forms:
        reasons.append(Reason("READ-016", f"{name}: the form of the lesion is not said.", "Choose at least one."))
    if whole and entry.points == 0 and (entry.forms or entry.shapes or entry.mm):
        text = f"{name}: 0 points, and yet a lesion is described."
        reasons.append(Reason("READ-017", text, "Take out the description, or score it."))
    return reasons


def _is_length(text: str) -> bool:
    try:
        length = Decimal(text)
    except InvalidOperation:
        return False
    return length.is_finite() and 0 < length < 1000


def _few(names: Sequence[str]) -> str:
    return ", ".join(name[:40] for name in names[:5]) + (" ..." if len(names) > 5 else "")
