"""What a slice states of itself, understood once: numbers as numbers, names as short texts, nothing else of the file.

Names to know: `Stated`, `parse_dataset`, `parse_stated`.
"""

from __future__ import annotations

import math
import re
import warnings
from io import BytesIO
from typing import TYPE_CHECKING

import msgspec

from firstbreath.reading.hush import hush
from firstbreath.reading.refused import ScanRefused, refuse
from firstbreath.reading.scrub_copy import values_of
from firstbreath.reading.scrub_tags import CT_IMAGE, JPEG2000_SYNTAXES, JPEG_SYNTAXES, NATIVE, RLE

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

DEFLATED = "1.2.840.10008.1.2.1.99"
LOSSLESS = (*(each for each in NATIVE if each != DEFLATED), RLE, *JPEG_SYNTAXES[2:5], JPEG2000_SYNTAXES[0])
"""Plain, RLE, JPEG lossless (57, 70), JPEG-LS (80), JPEG 2000 lossless (90): what this programme decodes."""
LOSSY = (*JPEG_SYNTAXES[:2], JPEG_SYNTAXES[5], JPEG2000_SYNTAXES[1])
SHORT = re.compile(r"[A-Za-z0-9_+.-]{1,16}")


class Stated(msgspec.Struct, frozen=True):
    """The facts of a slice; an empty text, an empty tuple, 0 or not-a-number where it states nothing that can be used.

    spacing      between rows and between columns, mm
    orientation  the cosines of a row, then of a column
    position     of the first pixel, mm
    rescale      slope and intercept
    bits         allocated, stored, and the highest one
    """

    series: str
    sop_class: str
    syntax: str
    modality: str
    kernel: str
    kinds: tuple[str, ...]
    rows: int
    columns: int
    samples: int
    frames: int
    bits: tuple[int, int, int]
    colours: str
    lossy: bool
    units: str
    spacing: tuple[float, ...]
    orientation: tuple[float, ...]
    position: tuple[float, ...]
    rescale: tuple[float, ...]
    tilt: float
    thickness: float


def parse_dataset(content: bytes, number: int) -> Dataset:
    """The dataset of a DICOM file.

    number  of the file among those that were sent
    Raises `ScanRefused` when it cannot be read, is cut short, or is deflated: it could grow without limit.
    """
    from pydicom import dcmread
    from pydicom.filereader import read_dataset

    hush()
    with warnings.catch_warnings(action="ignore"):
        try:
            meta = read_dataset(BytesIO(content[132:]), False, True, stop_when=_is_past_meta)  # noqa: FBT003
            if DEFLATED in values_of(meta, "TransferSyntaxUID"):
                raise refuse("SCAN-022", f"File {number} is stored deflated.", "Export the series again, uncompressed.")
            dataset = dcmread(BytesIO(content))
            patient_of(dataset)
        except ScanRefused:
            raise
        except Exception as broken:  # whatever a hostile file makes of the parser
            text = f"File {number} cannot be read as DICOM ({type(broken).__name__})."
            raise refuse("SCAN-011", text, "Send it again; it may be cut short.") from broken
    if "PixelData" not in dataset and _class_of(dataset) in ("", CT_IMAGE):
        raise refuse("SCAN-011", f"File {number} is cut short: it has no pixels.", "Send it again.")
    return dataset


def _is_past_meta(tag: int, *_: object) -> bool:
    return tag >> 16 != 2


def patient_of(dataset: Dataset) -> tuple[str, str]:
    """The number and the name of the patient, written alike however stated; for comparing, never for telling."""
    number, name = (str(dataset.get(each) or "").replace("^", " ") for each in ("PatientID", "PatientName"))
    return " ".join(number.casefold().split()), " ".join(name.casefold().split())


def _class_of(dataset: Dataset) -> str:
    meta = getattr(dataset, "file_meta", None)
    return _first(dataset, "SOPClassUID") or ("" if meta is None else _first(meta, "MediaStorageSOPClassUID"))


def parse_stated(dataset: Dataset) -> Stated:
    """What a slice states of itself. Raises nothing: what cannot be understood is not stated."""
    meta = getattr(dataset, "file_meta", None)
    bits = [_whole(dataset, name) for name in ("BitsAllocated", "BitsStored", "HighBit")]
    return Stated(
        series=_first(dataset, "SeriesInstanceUID"),
        sop_class=_class_of(dataset),
        syntax="" if meta is None else _first(meta, "TransferSyntaxUID"),
        modality=_short(_first(dataset, "Modality")),
        kernel="/".join(filter(None, map(_short, values_of(dataset, "ConvolutionKernel")[:2]))),
        kinds=tuple(each.upper() for each in values_of(dataset, "ImageType")),
        rows=_whole(dataset, "Rows"),
        columns=_whole(dataset, "Columns"),
        samples=_whole(dataset, "SamplesPerPixel", 1),
        frames=_whole(dataset, "NumberOfFrames", 1),
        bits=(bits[0], bits[1], bits[2]),
        colours=_first(dataset, "PhotometricInterpretation"),
        lossy=_first(dataset, "LossyImageCompression") == "01",
        units=_first(dataset, "RescaleType").upper(),
        spacing=_numbers(dataset, "PixelSpacing", 2),
        orientation=_numbers(dataset, "ImageOrientationPatient", 6),
        position=_numbers(dataset, "ImagePositionPatient", 3),
        rescale=_numbers(dataset, "RescaleSlope", 1) + _numbers(dataset, "RescaleIntercept", 1),
        tilt=_number(dataset, "GantryDetectorTilt"),
        thickness=_number(dataset, "SliceThickness"),
    )


def _first(dataset: Dataset, name: str) -> str:
    return next(iter(values_of(dataset, name)), "")


def _short(text: str) -> str:
    """A code as scanners write it; free text, which may name somebody, is not repeated."""
    return text if SHORT.fullmatch(text) else ""


def _whole(dataset: Dataset, name: str, absent: int = 0) -> int:
    text = _first(dataset, name)
    return int(text) if text.isdecimal() and len(text) < 8 else absent if not text else 0


def _number(dataset: Dataset, name: str) -> float:
    return next(iter(_numbers(dataset, name, 1)), math.nan)


def _numbers(dataset: Dataset, name: str, count: int) -> tuple[float, ...]:
    """Exactly so many finite numbers, else none."""
    try:
        found = tuple(float(each) for each in values_of(dataset, name))
    except ValueError:
        return ()
    return found if len(found) == count and all(map(math.isfinite, found)) else ()
