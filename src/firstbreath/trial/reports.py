"""Signed reads as reports for an archive: each first read of a scan, and the score that counts."""

from collections.abc import Mapping, Sequence

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.values import Charter, Protocol
from firstbreath.reading.agreement import LETTERS
from firstbreath.reading.report import Line, Report, SegmentRow, Signature
from firstbreath.reading.scoring import settle
from firstbreath.reading.state import Scan
from firstbreath.trial.state import Trial

FINAL = "final"
NO_LINES: tuple[kinds.MeasuredLine, ...] = ()
Segments = Mapping[str, kinds.SegmentRead]


def reports_of(trial: Trial, scan: Scan) -> tuple[str, ...]:
    """The reports there are of a scan: a letter for each first read, and `final`; none before the reads are final."""
    if trial.reading.unblinded is None or scan.rejected or scan.drawn is None:
        return ()
    return (*(LETTERS[n] for n, _ in enumerate(trial.reading.readings_of(scan.body.scan))), FINAL)


def compose_report(
    trial: Trial, protocol: Protocol, scan: Scan, which: str, *, images: Sequence[str] = (), head: str = ""
) -> Report:
    """A report of a scan.

    which   a letter, or `final`, of those that `reports_of` names
    images  the SOP Instance UIDs of the slices from head to foot, for the lines that were drawn on them
    head    the hash of the log's head
    """
    charter = protocol.charter
    assert charter is not None  # noqa: S101 -- there is a read, so a charter
    if which == FINAL:
        settled = settle(trial.reading, charter, scan)
        assert settled is not None  # noqa: S101 -- the reads are final
        role = {"agreed": "independent reads that agree"}.get(settled.how, settled.how)
        total = None if settled.total is None else int(settled.total)
        signed = [event for event in settled.sources if settled.how in ("agreed", "mean") or _settles(event)]
        segments, lines = settled.segments, NO_LINES
    else:
        place = LETTERS.index(which)
        task = trial.reading.readings_of(scan.body.scan)[place]
        read = task.read
        assert read is not None  # noqa: S101 -- the reads are final
        assert task.signed is not None  # noqa: S101
        role, total, signed = f"independent read {place + 1}", read.total, [task.signed]
        segments, lines = read.segments, read.lines
    return Report(
        trial=protocol.design.trial.id,
        role=role,
        signatures=tuple(_signature(event) for event in signed),
        total=total,
        segments=tuple(_rows(charter, segments, lines, images)),
        subject=scan.subject,
        time_point=scan.body.visit,
        organization=protocol.design.trial.sponsor or protocol.design.trial.id,
        head=head,
    )


def _settles(event: Event) -> bool:
    return isinstance(event.body, kinds.ConsensusProposed | kinds.ConsensusAgreed | kinds.ScanAdjudicated)


def _signature(event: Event) -> Signature:
    moment = event.at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return Signature(str(getattr(event.body, "name", "") or event.actor), moment)


def _rows(
    charter: Charter, segments: Segments, lines: Sequence[kinds.MeasuredLine], images: Sequence[str]
) -> list[SegmentRow]:
    """Every segment; a line belongs to the one segment whose entered length is its own."""
    rows = []
    for segment in charter.segments:
        seen = segments[segment.id]
        own = [line for line in lines if seen.mm and f"{line.mm:.1f}" == f"{float(seen.mm):.1f}"]
        drawn = own[0] if len(own) == 1 and own[0].slice < len(images) else None
        rows.append(
            SegmentRow(
                id=segment.id,
                label=segment.label,
                lobe=segment.lobe,
                side=segment.side,
                score=seen.points,
                forms=seen.forms,
                shapes=seen.shapes,
                size_mm=float(seen.mm) if seen.mm else None,
                lines=(_line(drawn, images),) if drawn else (),
            )
        )
    return rows


def _line(line: kinds.MeasuredLine, images: Sequence[str]) -> Line:
    """A line as DICOM counts: the middle of the first pixel is a half."""
    start, end = ((column + 0.5, row + 0.5) for column, row in (line.start, line.end))
    return Line(images[line.slice], start, end, line.mm)
