"""From a series to Hounsfield units: each slice decoded once, rescaled by its own values, in the radiological order."""

from __future__ import annotations

import gzip
import warnings
from typing import TYPE_CHECKING, Any

from firstbreath.reading.refused import refuse
from firstbreath.reading.scrub_copy import values_of
from firstbreath.reading.series import Series, Slice
from firstbreath.reading.told import Told, counted, untold
from firstbreath.reading.volume import PADDING_HU, Direction, Geometry, Volume

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from pydicom.dataset import Dataset

HIGHEST = 32767


def build_volume(series: Series, told: Told = untold) -> Volume:
    """The stack of a series that has nothing against it.

    told  of each slice
    Raises `ScanRefused` when a slice's pixels cannot be decoded, or are no Hounsfield units.
    """
    import numpy as np

    first = series.slices[0].stated
    stack = np.empty((len(series.slices), first.rows, first.columns), dtype=np.int16)
    for number, each in enumerate(counted(series.slices, told)):
        stack[number] = _hounsfield(each, number + 1)
    return _upright(stack, series)


def _hounsfield(each: Slice, number: int) -> npt.NDArray[np.int16]:
    """A slice in Hounsfield units, what lies outside the field of view as `PADDING_HU`."""
    import numpy as np

    stored, stated = _pixels(each, number), each.stated
    slope, intercept = stated.rescale
    if slope == 1 and intercept.is_integer() and abs(intercept) <= HIGHEST and stored.dtype.itemsize <= 2:
        units = stored.astype(np.int32) + int(intercept)
    else:
        units = np.rint(stored.astype(np.float64) * slope + intercept)
    padding = _padding_of(each.dataset, signed=stored.dtype.kind == "i")
    if padding is not None:
        units[(stored >= padding[0]) & (stored <= padding[1])] = PADDING_HU
    highest = units.max()
    if not highest <= HIGHEST:
        text = f"Slice {number} reaches {highest:.6g} Hounsfield units; the limit is {HIGHEST}."
        raise refuse("SCAN-033", text, "Send the scanner's own files.")
    return np.maximum(units, PADDING_HU).astype(np.int16)


def _pixels(each: Slice, number: int) -> npt.NDArray[np.integer[Any]]:
    """The stored values of a slice; they are not kept a second time in its dataset."""
    from pydicom.pixels.utils import pixel_array

    with warnings.catch_warnings(action="ignore"):
        try:
            stored: npt.NDArray[np.integer[Any]] = pixel_array(each.dataset, raw=True)
        except Exception as broken:  # a decoder's own error, whichever it is
            text = f"The pixels of slice {number} cannot be decoded ({type(broken).__name__})."
            raise refuse("SCAN-030", text, "Send the series again, best uncompressed.") from broken
    if stored.shape != (each.stated.rows, each.stated.columns):
        raise refuse("SCAN-031", f"Slice {number} is no single picture.", "Send the axial CT series.")
    return stored


def _padding_of(dataset: Dataset, *, signed: bool) -> tuple[int, int] | None:
    """The stored values that stand for no measurement, from and to; some files write a negative one without its sign.

    Source: PS3.3 C.7.5.1.1.2, Pixel Padding Value and Pixel Padding Range Limit.
    """
    told = [*values_of(dataset, "PixelPaddingValue")[:1], *values_of(dataset, "PixelPaddingRangeLimit")[:1]]
    found = [int(each) for each in told if each.lstrip("-").isdecimal()]
    if not found or not values_of(dataset, "PixelPaddingValue"):
        return None
    values = [each - 65536 if signed and each > HIGHEST else each + 65536 * (each < 0 and not signed) for each in found]
    return min(values), max(values)


def _upright(stack: Any, series: Series) -> Volume:
    """The stack turned so that columns go from the patient's right to the left, rows from front to back."""
    import numpy as np

    first = series.slices[0].stated
    row, column = [*first.orientation[:3]], [*first.orientation[3:]]
    spacing, origin = [*first.spacing], [*first.position]
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
