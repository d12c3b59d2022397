"""Rows of the reading by segment: the median score before and after, and in how many patients it fell or rose.

Name to know: `compute_segment_results`. Never here: a segment that could not be evaluated counted as clear.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import msgspec

from firstbreath.events.record import Event
from firstbreath.paper.answer_rows import render_signed
from firstbreath.paper.rows import ABSENT, Result, seqs
from firstbreath.protocol.values import Endpoint, Protocol
from firstbreath.reading.agreement import ReadAgreement, ScanTotals
from firstbreath.reading.state import Reading
from firstbreath.stats.quantiles import compute_quartiles
from firstbreath.trial.state import Trial

SET = "scans read"


class Scored(msgspec.Struct, frozen=True):
    """The score of a scan that counts, by segment; None where it cannot be evaluated, and the events it rests on."""

    points: Mapping[str, Fraction | None]
    sources: tuple[Event, ...]


Pair = tuple[Scored, Scored]


def compute_segment_results(
    trial: Trial, protocol: Protocol, endpoint: Endpoint, block: ReadAgreement
) -> Iterator[Result]:
    """Five rows for each segment of the charter, over the enrolled with a settled score before and after."""
    if protocol.charter is None:
        return
    pairs = [
        (before, after)
        for code in trial.subjects.enrolled
        if (before := _scored(trial.reading, block, code, endpoint.before.visit))
        and (after := _scored(trial.reading, block, code, endpoint.after.visit))
    ]
    sources = seqs(event for pair in pairs for side in pair for event in side.sources)
    for segment in protocol.charter.segments:
        for name, value, printed, method in _segment(pairs, segment.id, protocol.analysis.quantiles):
            about = (f"READ.segment.{endpoint.id}.{segment.id}.{name}", SET, segment.id, "segment score", name)
            exact = "" if value is None else str(value)
            yield Result(*about, exact, printed, method, sources if value is not None else ())


def _scored(reading: Reading, block: ReadAgreement, code: str, visit: str) -> Scored | None:
    found = (each for each in block.scans if each.scan.subject == code and each.scan.body.visit == visit)
    return next((scored for each in found if (scored := _score_that_counts(reading, each))), None)


def _score_that_counts(reading: Reading, found: ScanTotals) -> Scored | None:
    """The settled points of each segment, or the mean of all readers where the charter takes the mean."""
    settled = found.settled
    if settled is None:
        return None
    reads = [settled.segments]
    if settled.how == "mean":
        reads = [task.read.segments for task in reading.readings_of(found.scan.body.scan) if task.read]
    return Scored({name: _mean([read[name].points for read in reads]) for name in reads[0]}, settled.sources)


def _mean(points: list[int | None]) -> Fraction | None:
    known = [Fraction(each) for each in points if each is not None]
    return sum(known, Fraction(0)) / len(known) if known and len(known) == len(points) else None


Told = tuple[str, Fraction | int | None, str, str]


def _segment(pairs: list[Pair], name: str, definition: int) -> Iterator[Told]:
    points = [(before.points[name], after.points[name]) for before, after in pairs]
    known = [(one, other) for one, other in points if one is not None and other is not None]
    left_out = len(points) - len(known)
    note = f"; not evaluable in {left_out}" if left_out else ""
    yield "n", len(known), str(len(known)), f"patients with a score before and after{note}"
    for side, place in (("before", 0), ("after", 1)):
        values = [pair[place] for pair in known]
        median = compute_quartiles(values, definition).median if values else None
        printed = ABSENT if median is None else render_signed(median, 0, 1)
        yield side, median, printed, f"median, n = {len(known)}"
    better = sum(other < one for one, other in known)
    worse = sum(other > one for one, other in known)
    yield "lower", better, str(better), "patients whose score fell"
    yield "higher", worse, str(worse), "patients whose score rose"
