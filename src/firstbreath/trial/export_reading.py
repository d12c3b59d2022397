"""Scans and reads as tables: what was filed; and, once the reads are final, every segment of every read."""

from collections.abc import Callable, Iterator

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.values import Charter
from firstbreath.reading.scoring import settle
from firstbreath.reading.state import Reading
from firstbreath.trial.state import Trial
from firstbreath.trial.tables_out import DataTable, Row, recorded_at, render_cell

ABOUT_READ = ("subject", "visit", "scan", "task", "reader", "again", "counts")
LINE_COLUMNS = (
    *(*ABOUT_READ, "segment", "slice", "from_column", "from_row", "to_column", "to_row", "mm"),
    *("signed", "event"),
)
OF_SEGMENT = ("segment", "points", "forms", "shapes", "mm", "why")


def reading_tables(trial: Trial, charter: Charter, *, sees: Callable[[str], bool]) -> tuple[DataTable, ...]:
    """The scans of subjects in view; with them every read and the score that counts, when the reads are final."""
    reading = trial.reading
    codes = {subject.code for subject in trial.subjects.all() if sees(subject.site)}
    scans = DataTable("scans", SCAN_COLUMNS, tuple(_scans(reading, codes)))
    if reading.unblinded is None:
        return (scans,)
    of_read = (*ABOUT_READ, *OF_SEGMENT, "total", "signed", "event")
    of_score = ("subject", "visit", "scan", "how", *OF_SEGMENT, "total")
    return (
        scans,
        DataTable("reads", of_read, tuple(_reads(reading, codes))),
        DataTable("measured_lines", LINE_COLUMNS, tuple(_lines(reading, codes))),
        DataTable("scan_scores", of_score, tuple(_scores(reading, charter, codes))),
        DataTable("lung_masks", MASK_COLUMNS, tuple(_masks(reading, codes))),
    )


SCAN_COLUMNS = (
    *("subject", "visit", "scan", "slices", "rows", "columns", "spacing_mm", "kernel", "flags", "sha256"),
    *("filed_by", "filed", "passed", "rejected", "reason", "event"),
)


def _scans(reading: Reading, codes: set[str]) -> Iterator[Row]:
    for scan in reading.all_scans():
        body = scan.body
        if scan.subject in codes:
            yield (
                *(scan.subject, body.visit, body.scan, str(body.slices), str(body.rows), str(body.columns)),
                *(" ".join(f"{each:g}" for each in body.spacing_mm), body.kernel, render_cell(body.flags), body.digest),
                *(scan.filed.actor, recorded_at(scan.filed), _when(scan.passed), _when(scan.rejected)),
                *(scan.rejected.reason if scan.rejected else "", str(scan.filed.seq)),
            )


MASK_COLUMNS = (
    "subject",
    "visit",
    "scan",
    "method",
    "accepted",
    "mask_ml",
    "band",
    "ml",
    "judged_by",
    "judged",
    "event",
)


def _masks(reading: Reading, codes: set[str]) -> Iterator[Row]:
    """Every judgement of a lung mask, band by band; the last of a scan counts."""
    for scan in reading.all_scans():
        for event in scan.masks if scan.subject in codes else ():
            if isinstance(event.body, kinds.MaskJudged):
                body = event.body
                about = (scan.subject, scan.body.visit, scan.body.scan, body.method, render_cell(body.accepted))
                for band, ml in body.bands_ml.items():
                    end = (event.actor, recorded_at(event), str(event.seq))
                    yield (*about, f"{body.mask_ml:g}", band, f"{ml:g}", *end)


def _when(event: Event | None) -> str:
    return recorded_at(event) if event else ""


def _reads(reading: Reading, codes: set[str]) -> Iterator[Row]:
    """Every signed read, segment by segment."""
    for about, event, read in _signed(reading, codes):
        for name, seen in read.segments.items():
            yield (*about, *_segment(name, seen), render_cell(read.total), recorded_at(event), str(event.seq))


def _lines(reading: Reading, codes: set[str]) -> Iterator[Row]:
    """Every line that was drawn in a signed read; slices from 1, as on the screen."""
    for about, event, read in _signed(reading, codes):
        for line in read.lines:
            ends = (f"{each:g}" for each in (*line.start, *line.end))
            place = (line.segment, str(line.slice + 1), *ends, f"{line.mm:g}")
            yield (*about, *place, recorded_at(event), str(event.seq))


def _signed(reading: Reading, codes: set[str]) -> Iterator[tuple[Row, Event, kinds.ReadSigned]]:
    """Every signed read, those that were voided too, after whose it is and whether it counts."""
    for task in sorted(reading.tasks.values(), key=lambda task: (task.drawn.reader, task.given, task.drawn.position)):
        scan = reading.scans[task.drawn.scan]
        if scan.subject not in codes:
            continue
        for event in (*task.voided, *((task.signed,) if task.signed else ())):
            if isinstance(event.body, kinds.ReadSigned):
                counts = event is task.signed and reading.counts(task)
                about = (scan.subject, scan.body.visit, scan.body.scan, task.drawn.task, task.drawn.reader)
                yield (*about, render_cell(task.drawn.again), render_cell(counts)), event, event.body


def _segment(name: str, seen: kinds.SegmentRead) -> Row:
    points = "NE" if seen.points is None else str(seen.points)
    return (name, points, render_cell(seen.forms), render_cell(seen.shapes), seen.mm, seen.why)


def _scores(reading: Reading, charter: Charter, codes: set[str]) -> Iterator[Row]:
    for scan in reading.all_scans():
        settled = settle(reading, charter, scan) if scan.subject in codes else None
        if settled:
            about = (scan.subject, scan.body.visit, scan.body.scan, settled.how)
            total = render_cell(settled.total)
            if not settled.segments:
                yield (*about, *("",) * len(OF_SEGMENT), total)
            for name, seen in settled.segments.items():
                yield (*about, *_segment(name, seen), total)
