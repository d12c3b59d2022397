"""A lung found by threshold: air inside the body, its two largest parts, closed and filled. Exploratory, never a read.

Dense lung is what a threshold leaves out: in severe disease the mask misses what is ill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from firstbreath.reading.told import Told, counted, untold
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


def threshold_mask(volume: Volume, told: Told = untold) -> Mask:
    """The lung by threshold.

    told  of each slice that is closed; before the first, the air of the whole stack is labelled: some seconds
    Source: the usual steps (air, without what touches the border, two largest components, closing, filling), measured
    against SimpleITK and scikit-image with a Dice coefficient of 0.98 and more on two scans.
    """
    import numpy as np
    from scipy import ndimage

    geometry = volume.geometry
    units = volume.hounsfield
    air = (units < AIR_HU) & (units > PADDING_HU)
    air |= units <= PADDING_HU  # outside the field of view is outside the body
    labels, count = ndimage.label(air)
    sizes = np.zeros(count + 1, dtype=np.int64)
    for flat in labels:
        sizes += np.bincount(flat.ravel(), minlength=count + 1)
    sizes[_outside(labels)] = 0
    largest = [int(n) for n in np.argsort(sizes)[::-1][:2] if sizes[n] * geometry.voxel_ml >= LEAST_ML]
    closed = np.stack([_closed(np.isin(each, largest), geometry.spacing_mm[1:]) for each in counted([*labels], told)])
    ml = float(closed.sum() * geometry.voxel_ml)
    return Mask(closed, ml, doubts=tuple(_doubts(closed, len(largest), ml)))


def _outside(labels: Any) -> Any:
    """What is no lung: the body, and the parts of the air that reach the edge of a slice, around it."""
    import numpy as np

    edges = (labels[:, 0], labels[:, -1], labels[:, :, 0], labels[:, :, -1])
    return np.unique(np.concatenate([np.zeros(1, dtype=labels.dtype), *(each.ravel() for each in edges)]))


def _closed(flat: Any, spacing: tuple[float, ...]) -> Any:
    """A slice closed by a disc of true millimetres, and filled: a closing stays in the box around what it closes."""
    import numpy as np
    from scipy import ndimage

    if not flat.any():
        return flat
    down, across = (np.flatnonzero(flat.any(axis=axis)) for axis in (1, 0))
    box = np.s_[down[0] : down[-1] + 1, across[0] : across[-1] + 1]
    (high, wide), pad = flat[box].shape, [(int(CLOSING_MM / step) + 2,) * 2 for step in spacing]
    padded = np.pad(flat[box], pad)
    grown = ndimage.distance_transform_edt(~padded, sampling=spacing) <= CLOSING_MM
    shrunk = ndimage.distance_transform_edt(grown, sampling=spacing) > CLOSING_MM
    (top, _), (left, _) = pad
    closed = np.zeros_like(flat)
    closed[box] = ndimage.binary_fill_holes((shrunk | padded)[top : top + high, left : left + wide])
    return closed


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
