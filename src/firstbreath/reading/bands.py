"""Volumes of Hounsfield bands inside a lung mask: named conventions, each with its source, none of them the truth."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from firstbreath.reading.lung_mask import Mask
from firstbreath.reading.volume import Volume

MOST_DIFFERENCE = 0.15
"""By this share two masks of a patient may differ before their bands are not compared."""


class Band(msgspec.Struct, frozen=True):
    """Hounsfield units from `low` (included) up to `high` (not included); `confirmed` says that the source was seen."""

    id: str
    label: str
    low: int
    high: int
    source: str
    confirmed: bool = False


BANDS = (
    Band("laa_950", "Emphysema, below −950", -1500, -950, "Bhatt 2014, 10.1371/journal.pone.0102807", confirmed=True),
    Band("aerated", "Well aerated, −950 to −700", -950, -700, "Colombi 2020, Radiology (recalled)"),
    Band("hyper", "Hyperinflated, below −900", -1500, -900, "Gattinoni; Lanza 2020, Eur Radiol (recalled)"),
    Band("normal", "Normally aerated, −900 to −500", -900, -500, "Gattinoni; Lanza 2020, Eur Radiol (recalled)"),
    Band("poor", "Poorly aerated, −500 to −100", -500, -100, "Gattinoni; Lanza 2020, Eur Radiol (recalled)"),
    Band("none", "Not aerated, −100 to 100", -100, 100, "Gattinoni; Lanza 2020, Eur Radiol (recalled)"),
    Band("compromised", "Compromised, −500 to 100", -500, 100, "Gattinoni; Lanza 2020, Eur Radiol (recalled)"),
)
"""Conventions in use; bands of different authors overlap."""


def compute_bands(volume: Volume, mask: Mask) -> dict[str, float]:
    """The volume of every band inside the mask, ml, by the band's id.

    Raises `ValueError` when mask and stack differ in shape.
    """
    if mask.inside.shape != volume.hounsfield.shape:
        msg = f"the mask has {mask.inside.shape} voxels, the scan {volume.hounsfield.shape}"
        raise ValueError(msg)
    units = volume.hounsfield[mask.inside]
    ml = volume.geometry.voxel_ml
    return {band.id: float(((units >= band.low) & (units < band.high)).sum() * ml) for band in BANDS}


class BandChange(msgspec.Struct, frozen=True):
    """A band before and after, ml; `why` says why no change is given."""

    band: Band
    before_ml: float
    after_ml: float
    change_ml: float | None
    why: str = ""


def compare_bands(
    before: Mapping[str, float], after: Mapping[str, float], *, masks_ml: tuple[float, float]
) -> tuple[BandChange, ...]:
    """Every band at both times; no change is given where the masks themselves differ too much.

    masks_ml  the volume of the mask before and after: a breath held deeper, or a mask that failed, moves every band
    """
    first, second = masks_ml
    apart = abs(second - first) / first if first else 1.0
    why = f"The masks differ by {apart:.0%}, more than {MOST_DIFFERENCE:.0%}." if apart > MOST_DIFFERENCE else ""
    return tuple(
        BandChange(
            band,
            before[band.id],
            after[band.id],
            None if why else after[band.id] - before[band.id],
            why,
        )
        for band in BANDS
        if band.id in before and band.id in after
    )
