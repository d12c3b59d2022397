"""Whether a picture may carry a name in its pixels: reasons for a person to look, never a verdict.

Names to know: `burned_in_risk`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstbreath.reading.scrub_copy import values_of
from firstbreath.reading.scrub_tags import NATIVE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from pydicom.dataset import Dataset

SCREENS = (
    "SCREEN SAVE",
    "SCREENSAVE",
    "SCREEN_SAVE",
    "DOSE_INFO",
    "PATIENT PROTOCOL",
    "SECONDARY CAPTURE",
    "SCREENSHOT",
)
CAPTURES = "1.2.840.10008.5.1.4.1.1.7"
BORDER, EDGE, EDGES_IN_ROW, ROWS = 0.15, 0.5, 6, 5
"""Letters at the border: in a share of the height, at least so many jumps by a share of the range, in so many rows."""


def burned_in_risk(dataset: Dataset) -> tuple[str, ...]:
    """The reasons for which a person must look at the picture, before it is scrubbed; none is no proof of absence.

    dataset  the file as it came, with its pixels

    Source: PS3.15 Annex E.3.1 (Clean Pixel Data), which leaves burned-in text to people.
    """
    return (*_told(dataset), *_seen(dataset))


def _told(dataset: Dataset) -> list[str]:
    types = [value.upper() for value in values_of(dataset, "ImageType")]
    told = {
        "the file says that text is burned in": values_of(dataset, "BurnedInAnnotation") == ("YES",),
        "secondary capture": "".join(values_of(dataset, "SOPClassUID")).startswith(CAPTURES),
        "made by a screen or a scanner of paper": bool(values_of(dataset, "ConversionType")),
        "a saved screen": any(screen in value for value in types for screen in SCREENS),
        "not in grey levels": not "".join(values_of(dataset, "PhotometricInterpretation")).startswith("MONOCHROME"),
        "an overlay stored within the pixels": _overlay_in_pixels(dataset),
    }
    return [reason for reason, so in told.items() if so]


def _overlay_in_pixels(dataset: Dataset) -> bool:
    """Overlay Bit Position other than 0: the overlay lies in bits of the pixels that no grey level uses."""
    return any(values_of(dataset, group << 16 | 0x0102) not in ((), ("0",)) for group in range(0x6000, 0x6020, 2))


def _seen(dataset: Dataset) -> list[str]:
    try:
        pixels = dataset.pixel_array
    except (AttributeError, ValueError, TypeError, LookupError, RuntimeError):
        return ["the pixels cannot be looked at"]
    if dataset.get("SamplesPerPixel", 1) != 1:
        return []
    frames = pixels.astype("int64").reshape(-1, *pixels.shape[-2:])
    seen = {
        "values beyond the bits that the file says it uses": _beyond_bits(dataset),
        "rows like letters at the border": any(_letters(frame) for frame in frames),
    }
    return [reason for reason, so in seen.items() if so]


def _beyond_bits(dataset: Dataset) -> bool:
    """Whether bits above the highest used differ from it where signed, from 0 where not; of uncompressed 16 bits."""
    import numpy as np

    syntax, bits = str(dataset.file_meta.TransferSyntaxUID), dataset.HighBit + 1
    if syntax not in NATIVE or dataset.BitsAllocated != 16 or bits >= 16:
        return False
    order, kind = ">" if syntax == NATIVE[3] else "<", "i2" if dataset.PixelRepresentation else "u2"
    above = np.frombuffer(dataset.PixelData, order + kind) >> (bits - 1 if kind == "i2" else bits)
    return bool(((above != 0) & (above != -1)).any() if kind == "i2" else above.any())


def _letters(frame: npt.NDArray[np.int64]) -> bool:
    import numpy as np

    strip = max(ROWS, int(frame.shape[0] * BORDER))
    extent = int(frame.max() - frame.min())
    if extent == 0:
        return False
    edges = (np.abs(np.diff(frame, axis=1)) >= EDGE * extent).sum(axis=1) >= EDGES_IN_ROW
    return bool(edges[:strip].sum() >= ROWS or edges[-strip:].sum() >= ROWS)
