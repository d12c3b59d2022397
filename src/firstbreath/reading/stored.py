"""A scan as it is kept: its geometry, and the names of the kept files that hold its slices."""

from collections.abc import Callable

import msgspec

from firstbreath.reading.told import Told, counted, untold
from firstbreath.reading.volume import Geometry, Volume


class StoredScan(msgspec.Struct, frozen=True):
    """The slices from head to foot, each a kept file: little-endian int16 Hounsfield units, gzip."""

    geometry: Geometry
    slices: tuple[str, ...]


_DECODER = msgspec.json.Decoder(StoredScan)
"""Made here: two threads that are the first to decode a type at once end the process (msgspec 0.22)."""


def encode_stored(stored: StoredScan) -> bytes:
    """The bytes that are kept."""
    return msgspec.json.encode(stored)


def decode_stored(content: bytes) -> StoredScan:
    """The scan that these bytes describe.

    Raises `msgspec.DecodeError` when they describe none.
    """
    return _DECODER.decode(content)


def load_volume(stored: StoredScan, get: Callable[[str], bytes], told: Told = untold) -> Volume:
    """The whole stack of a kept scan.

    get   the content of a kept file by its name
    told  of each slice
    """
    import gzip

    import numpy as np

    shape = (stored.geometry.rows, stored.geometry.columns)
    names = counted(stored.slices, told)
    slices = [np.frombuffer(gzip.decompress(get(name)), dtype="<i2").reshape(shape) for name in names]
    return Volume(stored.geometry, np.stack(slices).astype(np.int16, copy=False))
