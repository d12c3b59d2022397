"""How far independent reads agree: from locked first reads alone, never from what was settled afterwards."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TypeVar

import msgspec

from firstbreath.events import kinds
from firstbreath.protocol.values import Charter
from firstbreath.reading.scoring import Settled, settle
from firstbreath.reading.state import Reading, Scan
from firstbreath.stats.agreement import Agreement, agreement
from firstbreath.stats.answers import MonteCarlo
from firstbreath.stats.bland_altman import BlandAltman, bland_altman
from firstbreath.stats.intraclass import Intraclass, intraclass
from firstbreath.stats.kappa import Kappa, kappa
from firstbreath.stats.refusals import NotComputable

Answer = TypeVar("Answer")
DRAWS, SEED = 10_000, 20_161
"""For resampling above nine patients: up to nine every resample is counted."""
MOST_COUNTED = 9
LETTERS = "ABCDEFGHIJ"


class ScanTotals(msgspec.Struct, frozen=True):
    """A scan with the total of each first read, in the order of the readers' places, and the score that counts."""

    scan: Scan
    totals: tuple[int | None, ...]
    settled: Settled | None


class Repeats(msgspec.Struct, frozen=True):
    """A reader against themself: the totals of each scan read twice, and weighted kappa over its segments."""

    totals: tuple[tuple[int | None, int | None], ...]
    same: int
    segments: int
    kappa: Kappa | None


class ReadAgreement(msgspec.Struct, frozen=True):
    """The agreement of the first two readers; whatever cannot be computed is None, and `why` says so.

    readers     the accounts that read in each place, which letters A, B name: several where one was replaced
    segments    weighted kappa by segment, resampling patients
    totals      intraclass correlation and limits of agreement of the totals by scan
    forms       Cohen's kappa of the form in each segment: none, one of the charter's, or several
    """

    readers: tuple[tuple[str, ...], ...]
    scans: tuple[ScanTotals, ...]
    segments: Agreement | None
    totals: Intraclass | None
    limits: BlandAltman | None
    forms: Kappa | None
    repeats: tuple[Repeats, ...]
    why: tuple[str, ...] = ()


def compute_read_agreement(reading: Reading, charter: Charter) -> ReadAgreement | None:
    """The agreement over every scan that all readers signed; None before there is one."""
    scans = [scan for scan in reading.all_scans() if not scan.rejected and reading.is_read(scan)]
    if not scans:
        return None
    scans.sort(key=lambda scan: (scan.subject, charter.visits.index(scan.body.visit)))
    read = {scan.body.scan: reading.readers_of(scan.body.scan) for scan in scans}
    readers = tuple(tuple(dict.fromkeys(place)) for place in zip(*read.values(), strict=False))
    told = tuple(_totals(reading, charter, scan) for scan in scans)
    why: list[str] = []
    pairs = [
        (one, other)
        for first, second in (each.totals[:2] for each in told if len(each.totals) > 1)
        if (one := first) is not None and (other := second) is not None
    ]
    return ReadAgreement(
        readers=readers,
        scans=told,
        segments=_by_segment(reading, charter, scans, why),
        totals=_try(lambda: intraclass(pairs), "Intraclass correlation", why),
        limits=_try(
            lambda: bland_altman([one for one, _ in pairs], [other for _, other in pairs]),
            "Limits of agreement",
            why,
        ),
        forms=_of_form(reading, charter, scans, why),
        repeats=tuple(_repeats(reading, charter, place) for place in readers),
        why=tuple(why),
    )


def _totals(reading: Reading, charter: Charter, scan: Scan) -> ScanTotals:
    reads = tuple(task.read.total if task.read else None for task in reading.readings_of(scan.body.scan))
    return ScanTotals(scan, reads, settle(reading, charter, scan))


def _try(compute: Callable[[], Answer], what: str, why: list[str]) -> Answer | None:
    """What is computed, or None with the reason written down."""
    try:
        return compute()
    except NotComputable as refused:
        why.append(f"{what}: {refused}.")
        return None


def _first_two(reading: Reading, scans: Sequence[Scan]) -> Iterator[tuple[Scan, kinds.ReadSigned, kinds.ReadSigned]]:
    for scan in scans:
        reads = [task.read for task in reading.readings_of(scan.body.scan) if task.read]
        if len(reads) > 1:
            yield scan, reads[0], reads[1]


def _by_segment(reading: Reading, charter: Charter, scans: Sequence[Scan], why: list[str]) -> Agreement | None:
    first: list[int | None] = []
    second: list[int | None] = []
    subjects: list[str] = []
    for scan, one, other in _first_two(reading, scans):
        for segment in charter.segments:
            first.append(one.segments[segment.id].points)
            second.append(other.segments[segment.id].points)
            subjects.append(scan.subject)
    drawn = MonteCarlo(DRAWS, SEED) if len({*subjects}) > MOST_COUNTED else None
    scale = sorted(score.points for score in charter.scores)
    return _try(lambda: agreement(first, second, subjects, scale=scale, monte_carlo=drawn), "Agreement by segment", why)


def _of_form(reading: Reading, charter: Charter, scans: Sequence[Scan], why: list[str]) -> Kappa | None:
    first: list[str] = []
    second: list[str] = []
    for _, one, other in _first_two(reading, scans):
        for segment in charter.segments:
            seen = one.segments[segment.id], other.segments[segment.id]
            if None not in (seen[0].points, seen[1].points):
                first.append(_form(seen[0]))
                second.append(_form(seen[1]))
    return _try(lambda: kappa(first, second), "Agreement on the form", why)


def _form(seen: kinds.SegmentRead) -> str:
    return " and ".join(sorted(seen.forms)) or "none"


def _repeats(reading: Reading, charter: Charter, readers: Sequence[str]) -> Repeats:
    tasks = [task for reader in readers for task in reading.tasks_of(reader) if task.read]
    first = {task.drawn.scan: task.read for task in tasks if not task.drawn.again}
    pairs = [(first[task.drawn.scan], task.read) for task in tasks if task.drawn.again and task.drawn.scan in first]
    points = [
        (one.segments[segment.id].points, other.segments[segment.id].points)
        for one, other in pairs
        if one and other
        for segment in charter.segments
    ]
    known = [(one, other) for one, other in points if one is not None and other is not None]
    scale = sorted(score.points for score in charter.scores)
    found = _try(
        lambda: kappa([one for one, _ in known], [other for _, other in known], weights="quadratic", categories=scale),
        "",
        [],
    )
    totals = tuple((one.total, other.total) for one, other in pairs if one and other)
    return Repeats(totals, sum(one == other for one, other in known), len(known), found)


def total_at(
    block: ReadAgreement, subject: str, visit: str, place: int | None = None
) -> tuple[Fraction | None, Scan | None]:
    """The total of a subject's visit in a reader's place, or the one that counts; None: no scan or not evaluable."""
    for each in block.scans:
        if each.scan.subject == subject and each.scan.body.visit == visit:
            if place is None:
                return (each.settled.total if each.settled else None), each.scan
            total = each.totals[place]
            return (None if total is None else Fraction(total)), each.scan
    return None, None
