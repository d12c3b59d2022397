"""A signed read as a report for an archive: who read what, when, with which score, and what must hold of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from firstbreath.events.decisions import Reason

LARGEST_MM = 1000
"""No diameter in a lung is as long."""


class Signature(msgspec.Struct, frozen=True):
    """A reader's name, and the moment of the signature: UTC, ISO 8601."""

    reader: str
    signed: str


class Line(msgspec.Struct, frozen=True):
    """A diameter drawn on an image (its SOP Instance UID), and its length.

    start, end  column and row in pixels, 0.5 the middle of the first pixel; a report keeps them in single precision
    """

    image: str
    start: tuple[float, float]
    end: tuple[float, float]
    mm: float


class SegmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen in one segment; `score` is None where it cannot be evaluated, which is not zero.

    id, label, lobe, side  as the charter names them, such as L1_2, apicoposterior, left upper, left
    size_mm                the longest axial diameter
    """

    id: str
    label: str
    lobe: str
    side: Literal["right", "left"]
    score: int | None
    forms: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    size_mm: float | None = None
    lines: tuple[Line, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A signed read. It names the opaque `case`, or in an archive that is not blinded `subject` and `time_point`.

    role          "independent read 1", "consensus", "adjudication"
    signatures    one, or for a consensus one of each reader; the last made it final
    total         None with a segment that cannot be evaluated
    lines         measured in the read, where it does not say of which segment
    organization  that runs the reading; the trial's name where it is empty
    head          the head of the trial's record that the report rests on, or empty
    stamp         of a trial that is no real one, such as SIMULATED
    """

    trial: str
    role: str
    signatures: tuple[Signature, ...]
    total: int | None
    segments: tuple[SegmentRow, ...]
    lines: tuple[Line, ...] = ()
    case: str = ""
    subject: str = ""
    time_point: str = ""
    organization: str = ""
    head: str = ""
    stamp: str = ""

    @property
    def whose(self) -> str:
        """The case, or the subject."""
        return self.case or self.subject

    @property
    def images(self) -> set[str]:
        """The images on which lines were drawn."""
        return {line.image for line in self.all_lines}

    @property
    def all_lines(self) -> tuple[Line, ...]:
        """Every line, of a segment or not."""
        return (*self.lines, *(line for row in self.segments for line in row.lines))


class UnfitReport(ValueError):
    """The report cannot be made, for these reasons."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(" ".join(f"{reason.code}: {reason.text} {reason.fix}" for reason in reasons))
        self.reasons = tuple(reasons)


def check_report(report: Report) -> list[Reason]:
    """Why no report can be made of this; nothing when it can."""
    found = list[Reason]()
    if bool(report.case) == bool(report.subject and report.time_point) or (report.case and report.subject):
        text = "The report must name a case, or a subject with a time point, and not both."
        found.append(Reason("SR-001", text, "Name the case while the reads are blinded."))
    if not report.signatures or not all(_is_utc(signature.signed) for signature in report.signatures):
        text = "The report has no signature with a moment in UTC, such as 2026-01-31T09:30:00Z."
        found.append(Reason("SR-002", text, "Make the report of a signed read."))
    ids = [row.id for row in report.segments]
    if not ids or len(ids) != len(set(ids)):
        text = f"The report has {len(ids)} segments, of which {len(set(ids))} differ; each must be there once."
        found.append(Reason("SR-003", text, "Take the segments from the charter."))
    total = compute_total(report.segments)
    if report.total != total:
        text = f"The total is {_say(report.total)}; the segments give {_say(total)}."
        found.append(Reason("SR-004", text, "Compute the total from the segments."))
    sizes = [row.size_mm for row in report.segments if row.size_mm is not None]
    sizes += [line.mm for line in report.all_lines]
    wrong = [mm for mm in sizes if not 0 < mm < LARGEST_MM]
    if wrong:
        text = f"{len(wrong)} diameters are not between 0 and {LARGEST_MM} mm, such as {wrong[0]}."
        found.append(Reason("SR-008", text, "Measure them again."))
    return found


def compute_total(segments: Sequence[SegmentRow]) -> int | None:
    """The sum of the scores, None when a segment cannot be evaluated."""
    scores = [row.score for row in segments if row.score is not None]
    return sum(scores) if len(scores) == len(segments) else None


def _say(total: int | None) -> str:
    return "not evaluable" if total is None else str(total)


def _is_utc(moment: str) -> bool:
    try:
        return datetime.fromisoformat(moment).utcoffset() == timedelta(0)
    except ValueError:
        return False
