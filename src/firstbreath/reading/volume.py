"""Voxels in the patient: a stack of axial slices in Hounsfield units, with where they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Direction = tuple[float, float, float]
"""Cosines in the patient's coordinates: x to the left, y to the back, z to the head (DICOM PS3.3 C.7.6.2.1.1)."""
PADDING_HU = -2000
"""At or below this a voxel lies outside the field of view."""


class Geometry(msgspec.Struct, frozen=True):
    """The shape of a stack and where it lies in the patient.

    spacing_mm  between slices, between rows, between columns
    along_row   the direction of increasing column, `along_column` of increasing row, `along_stack` of increasing slice
    origin_mm   the centre of the first voxel of the first slice
    """

    slices: int
    rows: int
    columns: int
    spacing_mm: tuple[float, float, float]
    along_row: Direction
    along_column: Direction
    along_stack: Direction
    origin_mm: tuple[float, float, float]

    @property
    def voxel_ml(self) -> float:
        """The volume of a voxel, ml."""
        between, row, column = self.spacing_mm
        return between * row * column / 1000


class Volume(msgspec.Struct, frozen=True, eq=False):
    """Hounsfield units, int16, shape (slices, rows, columns), with their geometry.

    In the radiological order: the first slice is the one nearest the head, the first row the front of the patient, the
    first column the patient's right.
    """

    geometry: Geometry
    hounsfield: npt.NDArray[np.int16]
