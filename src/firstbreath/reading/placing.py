"""A line of the viewer's upright stack on the image it was taken from, which may be mirrored or lie on its side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from firstbreath.events.kinds import MeasuredLine
from firstbreath.reading.report import Line
from firstbreath.reading.volume import Geometry

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Place = tuple[float, float]
DECIMALS = 3
"""Thousandths of a pixel: finer than any hand, coarser than the cosines of a header."""


def place_line(line: MeasuredLine, geometry: Geometry, headers: Sequence[Dataset]) -> Line:
    """A line as a report keeps it: the image, and columns and rows with 0.5 the middle of its first pixel.

    geometry  of the stack on which it was drawn; there 0 is the middle of the first pixel
    headers   of the images, from head to foot as the stack is

    Raises `IndexError` for a slice that is not there.
    """
    image = headers[line.slice]
    start, end = (_on_image(_in_patient(place, line.slice, geometry), image) for place in (line.start, line.end))
    return Line(str(image.SOPInstanceUID), start, end, line.mm)


def _in_patient(place: Place, number: int, geometry: Geometry) -> list[float]:
    """A column and row of a slice in the patient, mm."""
    between, row_mm, column_mm = geometry.spacing_mm
    steps = (place[0] * column_mm, place[1] * row_mm, number * between)
    ways = (geometry.along_row, geometry.along_column, geometry.along_stack)
    return [
        origin + sum(step * way[axis] for step, way in zip(steps, ways, strict=True))
        for axis, origin in enumerate(geometry.origin_mm)
    ]


def _on_image(at: Sequence[float], image: Dataset) -> Place:
    """A place in the patient as column and row of an image (PS3.3, C.7.6.2.1.1)."""
    turned = [float(each) for each in image.ImageOrientationPatient]
    row_mm, column_mm = (float(each) for each in image.PixelSpacing)
    away = [each - float(origin) for each, origin in zip(at, image.ImagePositionPatient, strict=True)]
    column = sum(step * way for step, way in zip(away, turned[:3], strict=True)) / column_mm
    row = sum(step * way for step, way in zip(away, turned[3:], strict=True)) / row_mm
    return round(column + 0.5, DECIMALS), round(row + 0.5, DECIMALS)
