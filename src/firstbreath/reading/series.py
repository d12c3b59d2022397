"""From DICOM files to the series that is read: what belongs together, in which order, and what stands against it."""

from __future__ import annotations

import fnmatch
import hashlib
import warnings
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from firstbreath.events.decisions import Reason
from firstbreath.reading.hush import hush
from firstbreath.reading.refused import ScanRefused, refuse

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

CT = "1.2.840.10008.5.1.4.1.1.2"
LEAST_SLICES, TOLERANCE, AXIAL, LEVEL = 10, 0.01, 0.9, 1e-3
"""Slices; the part of the spacing a gap may differ by; how near to axial; how far rows may lean off a right angle."""
NEEDED = ("Rows", "Columns", "PixelSpacing", "ImagePositionPatient", "ImageOrientationPatient", "PixelData")
DERIVED = ("LOCALIZER", "SECONDARY", "MPR", "PROJECTION IMAGE", "SCREEN SAVE", "MIP", "MIN_IP")


class Slice(msgspec.Struct, frozen=True, eq=False):
    """A slice with its place along the normal, mm towards the head."""

    dataset: Dataset
    place_mm: float


class Series(msgspec.Struct, frozen=True, eq=False):
    """Slices of one series, one orientation, one kernel, from head to foot; `against` says why they are not read."""

    key: str
    kernel: str
    slices: tuple[Slice, ...]
    between_mm: float
    against: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The series in a few words, without anybody's name."""
        thick = str(self.slices[0].dataset.get("SliceThickness", "") or "") if self.slices else ""
        parts = [f"{len(self.slices)} slices", f"{self.between_mm:g} mm apart" if self.between_mm else ""]
        parts += [f"{thick} mm thick" if thick else "", f"kernel {self.kernel}" if self.kernel else ""]
        return ", ".join(part for part in parts if part)


def find_series(files: Iterable[bytes]) -> tuple[Series, ...]:
    """Every series among DICOM files.

    Raises `ScanRefused` when a file cannot be read, or the files are of two patients.
    """
    datasets = [_parse(content, number) for number, content in enumerate(files, 1)]
    patients = {(str(each.get("PatientID", "")), str(each.get("PatientName", ""))) for each in datasets}
    if len(patients) > 1:
        text = f"The files are of {len(patients)} patients."
        raise refuse("SCAN-010", text, "Send the scan of one patient; nothing was kept.")
    grouped: dict[str, list[Dataset]] = {}
    for dataset in datasets:
        grouped.setdefault(_key(dataset), []).append(dataset)
    return tuple(_series(key, group) for key, group in grouped.items())


def choose_series(found: Sequence[Series], kernels: Sequence[str] = ()) -> Series | None:
    """The series that is read: the only usable one, or the usable one of the kernel preferred; None: somebody chooses.

    kernels  patterns such as B70*, the preferred first
    Raises `ScanRefused` when none is usable, with what stands against each.
    """
    usable = [series for series in found if not series.against]
    if not usable:
        raise ScanRefused(*(reason for series in found for reason in series.against))
    if len(usable) == 1:
        return usable[0]
    for kernel in kernels:
        fitting = [series for series in usable if fnmatch.fnmatchcase(series.kernel.upper(), kernel.upper())]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _parse(content: bytes, number: int) -> Dataset:
    from pydicom import dcmread

    hush()
    with warnings.catch_warnings(action="ignore"):
        try:
            dataset = dcmread(BytesIO(content))
            dataset.decode()
        except Exception as broken:  # whatever a hostile file makes of the parser
            text = f"File {number} cannot be read as DICOM ({type(broken).__name__})."
            raise refuse("SCAN-011", text, "Send it again; it may be cut short.") from broken
    return dataset


def _key(dataset: Dataset) -> str:
    """What slices of one stack have in common."""
    turned = [f"{float(each):.2f}" for each in _numbers(dataset, "ImageOrientationPatient")]
    told = (dataset.get("SeriesInstanceUID", ""), *turned, _kernel(dataset), dataset.get("SOPClassUID", ""))
    kinds = (*(str(each) for each in dataset.get("ImageType", ()) or ()),)
    return hashlib.sha256(repr((*map(str, told), kinds[2:3])).encode()).hexdigest()[:12]


def _kernel(dataset: Dataset) -> str:
    told = dataset.get("ConvolutionKernel", "")
    return str(told if isinstance(told, str) else "/".join(map(str, told or ()))).strip()[:20]


def _numbers(dataset: Dataset, name: str) -> list[float]:
    try:
        return [float(each) for each in dataset.get(name) or ()]
    except (TypeError, ValueError):
        return []


def _series(key: str, group: Sequence[Dataset]) -> Series:
    first = group[0]
    against = _against_kind(first)
    lacking = sorted({name for each in group for name in NEEDED if name not in each})
    if lacking and not against:
        text = f"{', '.join(lacking)} is missing in some slice."
        against.append(Reason("SCAN-013", text, "Send the series as the scanner made it."))
    if against:
        return Series(key, _kernel(first), tuple(Slice(each, 0.0) for each in group), 0.0, tuple(against))
    normal = _normal(first)
    slices = sorted((Slice(each, _along(each, normal)) for each in group), key=lambda each: -each.place_mm)
    kept, notes, doubled = _without_doubles(slices)
    gaps = [early.place_mm - late.place_mm for early, late in pairwise(kept)]
    between = sorted(gaps)[len(gaps) // 2] if gaps else 0.0
    against += [*doubled, *_against_shape(kept, normal), *_against_gaps(kept, gaps, between)]
    return Series(key, _kernel(first), tuple(kept), round(between, 4), tuple(against), tuple(notes))


def _against_kind(dataset: Dataset) -> list[Reason]:
    kinds = {str(each).upper() for each in dataset.get("ImageType", ()) or ()}
    modality, samples = str(dataset.get("Modality", "")), dataset.get("SamplesPerPixel", 1)
    send = "Send the axial CT series."
    if str(dataset.get("SOPClassUID", "")) != CT or modality != "CT":
        return [Reason("SCAN-012", f"Not a CT image: modality {modality[:16] or 'not stated'}.", send)]
    if samples != 1 or not str(dataset.get("PhotometricInterpretation", "")).startswith("MONOCHROME2"):
        return [Reason("SCAN-012", "Colour pictures, not Hounsfield units.", send)]
    derived = sorted(kinds & {*DERIVED})
    if derived:
        return [Reason("SCAN-014", f"Not the slices of the scan: {derived[0].lower()}.", send)]
    return []


def _normal(dataset: Dataset) -> tuple[float, float, float]:
    """The normal of the slices, towards the head."""
    a, b = _directions(dataset)
    normal = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return normal if normal[2] >= 0 else (-normal[0], -normal[1], -normal[2])


def _directions(dataset: Dataset) -> tuple[list[float], list[float]]:
    turned = _numbers(dataset, "ImageOrientationPatient")
    turned += [0.0] * (6 - len(turned))
    return turned[:3], turned[3:6]


def _along(dataset: Dataset, normal: Sequence[float]) -> float:
    at = _numbers(dataset, "ImagePositionPatient")
    return sum(one * other for one, other in zip(at, normal, strict=False))


def _without_doubles(slices: Sequence[Slice]) -> tuple[list[Slice], list[str], list[Reason]]:
    """Slices at one place: the same pixels count once, others cannot be told apart."""
    kept: list[Slice] = []
    same, other = 0, 0
    for each in slices:
        if kept and abs(kept[-1].place_mm - each.place_mm) < LEVEL:
            equal = kept[-1].dataset.PixelData == each.dataset.PixelData
            same, other = same + equal, other + (not equal)
            continue
        kept.append(each)
    notes = [f"{same} slices were sent twice, and count once"] if same else []
    text = f"{other} slices lie where another does, with other pixels."
    against = [Reason("SCAN-015", text, "Two reconstructions are mixed: send one.")] if other else []
    return kept, notes, against


def _against_shape(slices: Sequence[Slice], normal: Sequence[float]) -> list[Reason]:
    first = slices[0].dataset
    reasons = []
    shapes = {(each.dataset.Rows, each.dataset.Columns, *_numbers(each.dataset, "PixelSpacing")) for each in slices}
    if len(shapes) > 1:
        reasons.append(Reason("SCAN-016", "The slices differ in size or in pixel spacing.", "Send one reconstruction."))
    if len(slices) < LEAST_SLICES:
        text = f"{len(slices)} slices are no chest; at least {LEAST_SLICES} are needed."
        reasons.append(Reason("SCAN-017", text, "Send the whole series."))
    one, other = _directions(first)
    upright = abs(sum(a * b for a, b in zip(one, other, strict=True))) <= LEVEL
    if not upright or abs(sum(each * each for each in normal) - 1) > 0.01:
        reasons.append(Reason("SCAN-013", "The orientation of the slices is none.", "Send the scanner's own files."))
    elif abs(normal[2]) < AXIAL:
        reasons.append(Reason("SCAN-018", "The slices are not axial.", "Send the axial series."))
    tilt = _numbers_of(first, "GantryDetectorTilt")
    if abs(tilt) > 0.1 or _is_sheared(slices, normal):
        text = f"The gantry was tilted{f' by {tilt:g}°' if tilt else ''}: the stack is sheared."
        reasons.append(Reason("SCAN-019", text, "Send a series reconstructed without tilt."))
    return reasons


def _numbers_of(dataset: Dataset, name: str) -> float:
    try:
        return float(dataset.get(name) or 0)
    except (TypeError, ValueError):
        return 0.0


def _is_sheared(slices: Sequence[Slice], normal: Sequence[float]) -> bool:
    """Whether the slices are not stacked along their normal, by more than a hundredth of the way."""
    if len(slices) < 2:
        return False
    head, foot = (_numbers(each.dataset, "ImagePositionPatient") for each in (slices[0], slices[-1]))
    way = [one - other for one, other in zip(head, foot, strict=True)]
    length = sum(one * other for one, other in zip(way, normal, strict=True))
    off = sum((one - length * other) ** 2 for one, other in zip(way, normal, strict=True)) ** 0.5
    return bool(off > TOLERANCE * abs(length))


def _against_gaps(slices: Sequence[Slice], gaps: Sequence[float], between: float) -> list[Reason]:
    if between <= 0:
        return []
    wrong = [(n, gap) for n, gap in enumerate(gaps, 1) if abs(gap - between) > TOLERANCE * between]
    if not wrong:
        return []
    n, gap = wrong[0]
    text = f"After slice {n} of {len(slices)} the next is {gap:.2f} mm on, not {between:.2f} mm"
    more = f", and at {len(wrong) - 1} more places" if len(wrong) > 1 else ""
    return [Reason("SCAN-020", f"{text}{more}: slices are missing.", "Send the whole series.")]


def header_of(dataset: Dataset) -> Any:
    """A dataset without its pixels."""
    import copy

    short = copy.copy(dataset)
    short.pop("PixelData", None)
    return short
