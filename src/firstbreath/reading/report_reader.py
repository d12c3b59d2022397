"""A report read back from its DICOM file by pydicom alone, so that what was rendered is checked by another hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from firstbreath.reading.report import Line, Report, SegmentRow, Signature

if TYPE_CHECKING:
    from pydicom import Dataset

LOBES = {
    "42400003": "right upper", "72481006": "right middle", "266005": "right lower",
    "44714003": "left upper", "50837003": "lingula", "41224006": "left lower",
}  # fmt: skip
WORDS = {"112120": "ground-glass opacity", "9656002": "consolidation", "84360004": "oval"}
SITE, SIDE, FORM, SHAPE = "363698007", "272741003", "116676008", "300842002"
LONG_AXIS, LENGTH, GROUP, NAME = "103339001", "410668003", "125007", "112039"
SESSION, TIME_POINT, RIGHT = "C67447", "C2348792", "24028007"


class UnreadableReport(ValueError):
    """The content is no report of a read."""


def read_report(content: bytes) -> Report:
    """The report in a DICOM file that `render_report` wrote.

    Raises `UnreadableReport` for any other content.
    """
    from pydicom import dcmread

    try:
        return _read(dcmread(BytesIO(content)))
    except Exception as wrong:
        message = "The file is no report of a read in DICOM SR, or it is damaged. Take it from the archive again."
        raise UnreadableReport(message) from wrong


def _read(document: Dataset) -> Report:
    measurements = _one(document, "126010")
    *segments, total = _all(measurements, GROUP)
    case = str(document.get("ClinicalTrialSubjectReadingID", ""))
    return Report(
        trial=str(document.ClinicalTrialProtocolID),
        role=_text(total, SESSION),
        signatures=tuple(_signature(observer) for observer in document.VerifyingObserverSequence),
        total=_points(total, "TOTAL"),
        segments=tuple(_segment(group) for group in segments),
        lines=tuple(_line(item) for item in _all(total, LENGTH)),
        case=case,
        subject="" if case else _text(document, "121030"),
        time_point=_text(total, TIME_POINT),
        organization=_organization(document),
        head=_text(document, "RECORD_HEAD"),
        stamp=str(document.get("ClinicalTrialProtocolName", "")),
    )


def _organization(document: Dataset) -> str:
    written = str(document.ClinicalTrialSponsorName)
    return "" if written == document.ClinicalTrialProtocolID else written


def _signature(observer: Dataset) -> Signature:
    moment = datetime.strptime(str(observer.VerificationDateTime), "%Y%m%d%H%M%S.%f%z")
    name = str(observer.VerifyingObserverName).rstrip("^")
    return Signature(name, moment.isoformat().replace("+00:00", "Z"))


def _segment(group: Dataset) -> SegmentRow:
    sites = list(_all(group, SITE))
    lobe, own = sites[0], sites[-1]
    long_axis = [_value(item) for item in _all(group, LONG_AXIS)]
    return SegmentRow(
        id=_text(group, NAME),
        label=_meaning(own).partition(": ")[2],
        lobe=LOBES.get(_answer(lobe)) or _meaning(lobe),
        side="right" if _answer(_one(lobe, SIDE)) == RIGHT else "left",
        score=_points(group, "SCORE"),
        forms=_words(group, FORM),
        shapes=_words(group, SHAPE),
        size_mm=long_axis[0] if long_axis else None,
        lines=tuple(_line(item) for item in _all(group, LENGTH)),
    )


def _points(group: Dataset, name: str) -> int | None:
    """The points of a group; None only where it says that it cannot be evaluated."""
    if any(_answer(item) == "NOT_EVALUABLE" for item in _all(group, "EVALUABILITY")):
        return None
    return int(_value(_one(group, name)))


def _line(item: Dataset) -> Line:
    (place,) = (inner for inner in item.ContentSequence if inner.ValueType == "SCOORD")
    first_column, first_row, last_column, last_row = (float(number) for number in place.GraphicData)
    image = place.ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID
    return Line(str(image), (first_column, first_row), (last_column, last_row), _value(item))


def _words(group: Dataset, name: str) -> tuple[str, ...]:
    return tuple(WORDS.get(_answer(item)) or _meaning(item) for item in _all(group, name))


def _all(parent: Dataset, name: str) -> Iterator[Dataset]:
    """The items of this name directly below another."""
    children: Sequence[Any] = parent.get("ContentSequence", ())
    return (item for item in children if _name(item) == name)


def _one(parent: Dataset, name: str) -> Dataset:
    (found,) = _all(parent, name)
    return found


def _text(parent: Dataset, name: str) -> str:
    return "".join(str(item.TextValue) for item in _all(parent, name))


def _name(item: Dataset) -> str:
    names = item.get("ConceptNameCodeSequence")
    return str(names[0].CodeValue) if names else ""


def _answer(item: Dataset) -> str:
    return str(item.ConceptCodeSequence[0].CodeValue)


def _meaning(item: Dataset) -> str:
    return str(item.ConceptCodeSequence[0].CodeMeaning)


def _value(item: Dataset) -> float:
    return float(item.MeasuredValueSequence[0].NumericValue)
