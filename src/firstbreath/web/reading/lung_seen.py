"""A lung mask as a person sees it: its volumes and a sheet of slices, computed once and kept for a while."""

import io
from functools import lru_cache, partial
from threading import Lock

import msgspec

from firstbreath.events.blobs import FileBlobs
from firstbreath.reading.bands import compute_bands
from firstbreath.reading.lung_mask import Mask, threshold_mask
from firstbreath.reading.mask_import import read_mask
from firstbreath.reading.stored import decode_stored, load_volume
from firstbreath.reading.volume import Volume
from firstbreath.web.progress import Tell

SHOWN, ACROSS = 12, 4
"""How many slices the sheet shows, and how many stand in a row."""
KEPT = 16


class Lung(msgspec.Struct, frozen=True):
    """Which mask of which scan: by threshold, or from a kept `file`."""

    blobs: FileBlobs
    subject: str
    slices_file: str
    file: str = ""


class Seen(msgspec.Struct, frozen=True, eq=False):
    """What is shown of a mask: how it came about, its volume and those of its bands, doubts, and the sheet as PNG."""

    method: str
    volume_ml: float
    bands: dict[str, float]
    doubts: tuple[str, ...]
    sheet: bytes


class Place:
    """Where a mask is kept once it was seen; of several who ask at once one computes it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.seen: Seen | None = None


@lru_cache(maxsize=KEPT)
def _place_of(_lung: Lung) -> Place:
    return Place()


def is_seen(lung: Lung) -> bool:
    """Whether a mask is there at once."""
    return _place_of(lung).seen is not None


def see_lung(lung: Lung, tell: Tell) -> Seen:
    """A mask as it is shown; some seconds the first time.

    tell  of the slices that are opened, then of those in which the lung is found
    Raises `ScanRefused` when the file is no mask of the scan, and `StoreError` when a kept file is missing or changed.
    """
    place = _place_of(lung)
    with place.lock:
        if place.seen is None:
            place.seen = _compute(lung, tell)
        return place.seen


def _compute(lung: Lung, tell: Tell) -> Seen:
    get = partial(lung.blobs.get, lung.subject)
    volume = load_volume(decode_stored(get(lung.slices_file)), get, partial(tell, "load"))
    tell("mask", 0, volume.geometry.slices)
    told = partial(tell, "mask")
    mask = read_mask(get(lung.file), volume.geometry) if lung.file else threshold_mask(volume, told)
    sheet = draw_sheet(volume, mask)
    return Seen(mask.method, mask.volume_ml, compute_bands(volume, mask), mask.doubts, sheet)


def draw_sheet(volume: Volume, mask: Mask) -> bytes:
    """Evenly spaced slices in the lung window, the mask's edge in yellow, as PNG."""
    import numpy as np
    from PIL import Image
    from scipy import ndimage

    count = volume.geometry.slices
    places = np.unique(np.linspace(0, count - 1, min(SHOWN, count)).round().astype(int))
    grey = np.clip((volume.hounsfield[places].astype(float) + 1350) / 1500 * 255, 0, 255).astype(np.uint8)
    picture = np.repeat(grey[..., None], 3, axis=3)
    inside = mask.inside[places]
    edge = inside & ~np.stack([ndimage.binary_erosion(each) for each in inside])
    picture[edge] = (255, 209, 102)
    blank = np.zeros_like(picture[:1])
    rows = [picture[n : n + ACROSS] for n in range(0, len(picture), ACROSS)]
    rows[-1] = np.concatenate([rows[-1], *[blank] * (ACROSS - len(rows[-1]))])
    sheet = np.concatenate([np.concatenate(list(row), axis=1) for row in rows], axis=0)
    out = io.BytesIO()
    Image.fromarray(sheet).save(out, "PNG")
    return out.getvalue()
