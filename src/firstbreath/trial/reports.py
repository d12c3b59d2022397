"""Reads as reports for an archive, once they are final: each first read, and the score that counts.

Names to know: `list_reports`, `report_of`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from firstbreath.events.kinds import MeasuredLine, ReadSigned, SegmentRead
from firstbreath.events.record import Event
from firstbreath.protocol.values import Charter, Protocol
from firstbreath.reading.agreement import LETTERS
from firstbreath.reading.report import Line, Report, SegmentRow, Signature, compute_total
from firstbreath.reading.scoring import Segments, Settled, settle
from firstbreath.reading.state import Reading, Scan, Task
from firstbreath.trial.state import Trial

FINAL = "final"
ROLES = {"agreed": "independent reads that agreed", "consensus": "consensus", "adjudicator": "adjudication"}
"""How a score was settled, and what its report is called."""
PlaceLine = Callable[[MeasuredLine], Line]


def list_reports(trial: Trial, scan: Scan) -> tuple[str, ...]:
    """The reports there are of a scan: A, B ... in the order of its readers, and `final`; none before reads are final.

    A mean of several reads is nobody's read and has no report.
    """
    reading = trial.reading
    charter = trial.protocol.charter if trial.protocol else None
    if reading.unblinded is None or charter is None or scan.rejected:
        return ()
    found = [letter for letter, task in zip(LETTERS, _tasks(reading, scan), strict=False) if task.read]
    settled = settle(reading, charter, scan)
    return (*found, FINAL) if settled and settled.how in ROLES else tuple(found)


def report_of(trial: Trial, scan: Scan, which: str, *, place_line: PlaceLine, head: str) -> Report | None:
    """A report of a scan, named by subject and visit; None when there is none of that name.

    which       as `list_reports` names it
    place_line  puts a measured line on its image
    head        of the record when the reads became final, as printed
    """
    protocol = trial.protocol
    if protocol is None or protocol.charter is None or which not in list_reports(trial, scan):
        return None
    told = _final(trial.reading, protocol.charter, scan) if which == FINAL else _read(trial.reading, scan, which)
    role, segments, signed, lines = told
    rows = _rows(protocol.charter, segments, lines, place_line)
    return Report(
        role=role,
        segments=rows,
        total=compute_total(rows),
        signatures=tuple(_signature(event) for event in signed),
        lines=tuple(place_line(line) for line in lines if line.segment not in segments),
        head=head,
        stamp=trial.stamp,
        **_whose(protocol, scan),
    )


Told = tuple[str, Segments, Sequence[Event], Sequence[MeasuredLine]]


def _read(reading: Reading, scan: Scan, which: str) -> Told:
    number = LETTERS.index(which)
    task = _tasks(reading, scan)[number]
    read, signed = task.read, task.signed
    assert read is not None  # noqa: S101 -- it is listed
    assert signed is not None  # noqa: S101 -- likewise
    return f"independent read {number + 1}", read.segments, [signed], read.lines


def _final(reading: Reading, charter: Charter, scan: Scan) -> Told:
    settled = settle(reading, charter, scan)
    assert settled is not None  # noqa: S101 -- it is listed
    return ROLES[settled.how], settled.segments, _signed_by(scan, settled), ()


def _signed_by(scan: Scan, settled: Settled) -> list[Event]:
    """Who signed what counts: the two of a consensus, the adjudicator, or each reader whose read is the same."""
    if settled.how != "agreed":
        return [event for event in (scan.settled_by, None if scan.adjudicated else scan.agreed) if event]
    return [
        event
        for event in settled.sources
        if isinstance(event.body, ReadSigned) and _same(event.body.segments, settled.segments)
    ]


def _same(one: Segments, other: Segments) -> bool:
    """Whether two reads score alike; sizes are measured anew by each reader."""
    return one.keys() == other.keys() and all(_scored(one[name]) == _scored(other[name]) for name in one)


def _scored(entry: SegmentRead) -> tuple[int | None, frozenset[str], frozenset[str]]:
    return entry.points, frozenset(entry.forms), frozenset(entry.shapes)


def _tasks(reading: Reading, scan: Scan) -> list[Task]:
    return reading.readings_of(scan.body.scan)


def _rows(
    charter: Charter, segments: Segments, lines: Sequence[MeasuredLine], place_line: PlaceLine
) -> tuple[SegmentRow, ...]:
    return tuple(
        SegmentRow(
            id=each.id,
            label=each.label,
            lobe=each.lobe,
            side=each.side,
            score=(entry := segments[each.id]).points,
            forms=entry.forms,
            shapes=entry.shapes,
            size_mm=float(entry.mm) if entry.mm else None,
            lines=tuple(place_line(line) for line in lines if line.segment == each.id),
        )
        for each in charter.segments
    )


def _signature(event: Event) -> Signature:
    body: Any = event.body
    return Signature(body.name, event.at.isoformat().replace("+00:00", "Z"))


def _whose(protocol: Protocol, scan: Scan) -> dict[str, str]:
    facts = protocol.design.trial
    return {
        "trial": facts.id,
        "organization": facts.sponsor,
        "subject": scan.subject,
        "time_point": scan.body.visit,
    }
