"""A scan as it is kept: its geometry, and the names of the kept files that hold its slices."""

import msgspec

from firstbreath.reading.volume import Geometry


class StoredScan(msgspec.Struct, frozen=True):
    """The slices from head to foot, each a kept file: little-endian int16 Hounsfield units, gzip."""

    geometry: Geometry
    slices: tuple[str, ...]


def encode_stored(stored: StoredScan) -> bytes:
    """The bytes that are kept."""
    return msgspec.json.encode(stored)


def decode_stored(content: bytes) -> StoredScan:
    """The scan that these bytes describe.

    Raises `msgspec.DecodeError` when they describe none.
    """
    return msgspec.json.decode(content, type=StoredScan)
