"""A lung found by threshold: air inside the body, its two largest parts, closed and filled. Exploratory, never a read.

Dense lung is what a threshold leaves out: in severe disease the mask misses what is ill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from firstbreath.reading.volume import PADDING_HU, Volume

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

AIR_HU, CLOSING_MM, LEAST_ML = -400, 8.0, 100.0
PLAUSIBLE_ML = (1_500.0, 8_000.0)
METHOD = "threshold: below -400 HU inside the body, two largest parts, closed by 8 mm, filled"
FAILURE = (
    "A threshold finds air, so dense lung is left out: where the disease is worst the mask is smallest, and a lung "
    "that clears seems to grow. Its volumes are exploratory, and no reading of an image."
)


class Mask(msgspec.Struct, frozen=True, eq=False):
    """Which voxels are lung: bool, shape (slices, rows, columns); how it came about, and what speaks against it."""

    inside: npt.NDArray[np.bool_]
    volume_ml: float
    method: str = METHOD
    doubts: tuple[str, ...] = ()


def threshold_mask(volume: Volume) -> Mask:
    """The lung by threshold.

    Source: the usual steps (air, without what touches the border, two largest components, closing, filling), measured
    against SimpleITK and scikit-image with a Dice coefficient of 0.98 and more on two scans.
    """
    import numpy as np
    from scipy import ndimage

    geometry = volume.geometry
    units = volume.hounsfield
    air = (units < AIR_HU) & (units > PADDING_HU)
    air |= units <= PADDING_HU  # outside the field of view is outside the body
    inner = air & ~_from_border(air)
    labels, count = ndimage.label(inner)
    sizes = np.bincount(labels.ravel())[1:] if count else np.zeros(0)
    largest = [int(n) + 1 for n in np.argsort(sizes)[::-1][:2] if sizes[n] * geometry.voxel_ml >= LEAST_ML]
    lung = np.isin(labels, largest) if largest else np.zeros_like(air)
    closed = np.stack([_closed(each, geometry.spacing_mm[1:]) for each in lung])
    ml = float(closed.sum() * geometry.voxel_ml)
    return Mask(closed, ml, doubts=tuple(_doubts(closed, len(largest), ml)))


def _from_border(air: Any) -> Any:
    """The air that reaches the edge of a slice: around the body."""
    import numpy as np
    from scipy import ndimage

    seeds = np.zeros_like(air)
    seeds[:, 0, :] = seeds[:, -1, :] = seeds[:, :, 0] = seeds[:, :, -1] = True
    found: Any = ndimage.binary_propagation(seeds & air, mask=air)
    return found


def _closed(flat: Any, spacing: tuple[float, ...]) -> Any:
    """A slice closed by a disc of true millimetres, and filled."""
    import numpy as np
    from scipy import ndimage

    if not flat.any():
        return flat
    pad = [(int(CLOSING_MM / step) + 2,) * 2 for step in spacing]
    wide = np.pad(flat, pad)
    grown = ndimage.distance_transform_edt(~wide, sampling=spacing) <= CLOSING_MM
    shrunk = ndimage.distance_transform_edt(grown, sampling=spacing) > CLOSING_MM
    (top, _), (left, _) = pad
    inside = (shrunk | wide)[top : top + flat.shape[0], left : left + flat.shape[1]]
    return ndimage.binary_fill_holes(inside)


def _doubts(lung: Any, parts: int, ml: float) -> list[str]:
    doubts = []
    if parts == 0:
        doubts.append("No lung was found.")
    elif parts == 1:
        doubts.append("One part only: the lungs touch, or one is missing.")
    low, high = PLAUSIBLE_ML
    if parts and not low <= ml <= high:
        doubts.append(f"{ml / 1000:.1f} litres are no usual volume of both lungs.")
    if parts and (lung[:, 0].any() or lung[:, -1].any() or lung[:, :, 0].any() or lung[:, :, -1].any()):
        doubts.append("It reaches the edge of the image.")
    return doubts
