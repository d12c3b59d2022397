"""From a series to Hounsfield units: each slice decoded once, rescaled by its own values, in the radiological order."""

from __future__ import annotations

import gzip
import warnings
from typing import TYPE_CHECKING, Any

from firstbreath.reading.refused import refuse
from firstbreath.reading.series import Series
from firstbreath.reading.volume import PADDING_HU, Direction, Geometry, Volume

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

LOWEST, HIGHEST = -32768, 32767


def build_volume(series: Series) -> Volume:
    """The stack of a series.

    Raises `ScanRefused` when a slice's pixels cannot be decoded, or are no Hounsfield units.
    """
    import numpy as np

    first = series.slices[0].dataset
    stack = np.empty((len(series.slices), first.Rows, first.Columns), dtype=np.int16)
    for number, each in enumerate(series.slices):
        stack[number] = _hounsfield(each.dataset, number + 1)
    return _upright(stack, series)


def _hounsfield(dataset: Dataset, number: int) -> Any:
    import numpy as np

    with warnings.catch_warnings(action="ignore"):
        try:
            stored = dataset.pixel_array
        except Exception as broken:  # a decoder's own error, whichever it is
            text = f"The pixels of slice {number} cannot be decoded ({type(broken).__name__})."
            raise refuse("SCAN-030", text, "Send the series again, best uncompressed.") from broken
    if stored.shape != (dataset.Rows, dataset.Columns):
        raise refuse("SCAN-031", f"Slice {number} is no single picture.", "Send the axial CT series.")
    slope, intercept = _number(dataset, "RescaleSlope"), _number(dataset, "RescaleIntercept")
    if not slope or not np.isfinite([slope, intercept]).all():
        text = f"Slice {number} says not how its values become Hounsfield units."
        raise refuse("SCAN-032", text, "Send the scanner's own files.")
    units = stored.astype(np.float64) * slope + intercept
    padding = dataset.get("PixelPaddingValue")
    if padding is not None:
        units[stored == _signed(dataset, padding)] = PADDING_HU
    units[units <= PADDING_HU] = PADDING_HU
    return np.clip(np.rint(units), LOWEST, HIGHEST).astype(np.int16)


def _number(dataset: Dataset, name: str) -> float:
    """A value as a number; not a number where it is missing or none."""
    try:
        return float(dataset[name].value)
    except (KeyError, TypeError, ValueError):
        return float("nan")


def _signed(dataset: Dataset, value: int) -> int:
    """A padding value as the pixels count: some files write a negative one without its sign."""
    signed = dataset.PixelRepresentation == 1
    return int(value) - 65536 if signed and int(value) > HIGHEST else int(value)


def _upright(stack: Any, series: Series) -> Volume:
    """The stack turned so that columns go from the patient's right to the left, rows from front to back."""
    import numpy as np

    first = series.slices[0].dataset
    turned = [float(each) for each in first.ImageOrientationPatient]
    row, column = turned[:3], turned[3:]
    spacing = [float(each) for each in first.PixelSpacing]
    origin = [float(each) for each in first.ImagePositionPatient]
    if abs(row[0]) < abs(row[1]):
        stack = stack.transpose(0, 2, 1)
        row, column, spacing = column, row, spacing[::-1]
    if row[0] < 0:
        stack = stack[:, :, ::-1]
        origin = [at + (stack.shape[2] - 1) * spacing[1] * way for at, way in zip(origin, row, strict=True)]
        row = [-each for each in row]
    if column[1] < 0:
        stack = stack[:, ::-1]
        origin = [at + (stack.shape[1] - 1) * spacing[0] * way for at, way in zip(origin, column, strict=True)]
        column = [-each for each in column]
    down = np.cross(column, row)  # to the foot: rows go left, columns back
    slices, rows, columns = stack.shape
    geometry = Geometry(
        slices=slices,
        rows=rows,
        columns=columns,
        spacing_mm=(series.between_mm, spacing[0], spacing[1]),
        along_row=_direction(row),
        along_column=_direction(column),
        along_stack=_direction(down),
        origin_mm=_direction(origin),
    )
    return Volume(geometry, np.ascontiguousarray(stack))


def _direction(values: Any) -> Direction:
    one, two, three = (round(float(each), 6) + 0.0 for each in values)
    return one, two, three


def slice_bytes(volume: Volume, number: int) -> bytes:
    """A slice as the viewer fetches it: little-endian int16 Hounsfield units, row after row, gzip."""
    return gzip.compress(volume.hounsfield[number].astype("<i2").tobytes(), compresslevel=1, mtime=0)
