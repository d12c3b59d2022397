"""The pixels of a scan and nothing beside them: no byte after the last, no comment in a compressed frame."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from firstbreath.reading.scrub_tags import JPEG2000_SYNTAXES, NATIVE, RLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

BEGIN, END, COMMENT, JPEG2000_COMMENT = 0xFFD8, b"\xff\xd9", 0xFFFE, 0xFF64
JPEG2000_BEGIN, START_OF_TILE, START_OF_DATA, START_OF_SCAN = 0xFF4F, 0xFF90, 0xFF93, 0xFFDA
COLOUR = (0xFFEE, 0xFFE8)
"""Adobe's APP14 and JPEG-LS's APP8 say how the colours are coded; every other application segment is dropped."""
UNCOMPRESSED = "Export the scan uncompressed."
LATE_TEXT = re.compile(rb"\xff[\xe0-\xef\xfe]")


class ScrubRefused(ValueError):
    """The file cannot be scrubbed; says why and what to do next, without a word of what the file holds."""


def pixels_alone(dataset: Dataset, scrubbed: Dataset, syntax: str) -> bytes:
    """The pixel data of a file that `scrubbed` describes: the same pixels, without what else was stored with them.

    syntax  the UID of the transfer syntax

    Raises `ScrubRefused` when there are none, fewer than described, or a compressed frame cannot be followed.
    Source: PS3.5 8.2 and A.4; ITU-T T.81 B.1.1.4, T.87 C.1, T.800 A.4.
    """
    stored = dataset["PixelData"].value if "PixelData" in dataset else b""
    if not isinstance(stored, bytes | bytearray) or not stored:
        raise ScrubRefused("The file holds no pixels. Leave it out: only images are read.")
    if syntax not in NATIVE:
        return _compressed(bytes(stored), _frames(scrubbed), syntax)
    expected = _native_length(scrubbed)
    if len(stored) < expected:
        msg = f"The file holds {len(stored)} bytes of pixels, its header promises {expected}. Export it again."
        raise ScrubRefused(msg)
    return bytes(stored[:expected]) + b"\0" * (expected % 2)


def _frames(scrubbed: Dataset) -> int:
    return int(scrubbed.get("NumberOfFrames", 1))


def _native_length(scrubbed: Dataset) -> int:
    try:
        pixels = scrubbed.Rows * scrubbed.Columns * _frames(scrubbed)
        samples = 2 if scrubbed.PhotometricInterpretation == "YBR_FULL_422" else scrubbed.SamplesPerPixel
        return int(pixels * samples * scrubbed.BitsAllocated) // 8
    except AttributeError as missing:
        what = "rows, columns, samples, bits or photometric interpretation"
        raise ScrubRefused(f"The file does not say its {what}. Export it again.") from missing


def _compressed(stored: bytes, frames: int, syntax: str) -> bytes:
    from pydicom.encaps import encapsulate, generate_frames

    try:
        found = list(generate_frames(stored, number_of_frames=frames))
    except (ValueError, RuntimeError) as wrong:
        raise ScrubRefused(f"The compressed pixels cannot be taken apart. {UNCOMPRESSED}") from wrong
    if len(found) != frames:
        raise ScrubRefused(f"The file holds {len(found)} frames, not {frames}. {UNCOMPRESSED}")
    return encapsulate([_frame_alone(frame, syntax) for frame in found])


def _frame_alone(frame: bytes, syntax: str) -> bytes:
    if syntax == RLE:
        return frame
    try:
        return _without_comments(frame, jpeg2000=syntax in JPEG2000_SYNTAXES)
    except IndexError as short:
        raise ScrubRefused(f"A compressed frame breaks off. {UNCOMPRESSED}") from short


def _without_comments(frame: bytes, *, jpeg2000: bool) -> bytes:
    begin, body = (JPEG2000_BEGIN, START_OF_TILE) if jpeg2000 else (BEGIN, START_OF_SCAN)
    if int.from_bytes(frame[:2]) != begin:
        raise ScrubRefused(f"A compressed frame does not begin as its kind does. {UNCOMPRESSED}")
    at, kept = 2, [frame[:2]]
    for marker, start, stop in _segments(frame, at, body):
        if not _is_text(marker, jpeg2000=jpeg2000):
            kept.append(frame[start:stop])
        at = stop
    end = _end_of_tiles(frame, at) if jpeg2000 else frame.find(END, at)
    if end < 0 or frame[end : end + 2] != END or frame[end + 2 :].strip(b"\0"):
        raise ScrubRefused(f"A compressed frame does not end where its pixels do. {UNCOMPRESSED}")
    if not jpeg2000 and LATE_TEXT.search(frame, at, end):
        raise ScrubRefused(f"A compressed frame holds text among its pixels. {UNCOMPRESSED}")
    return b"".join([*kept, frame[at : end + 2]])


def _segments(frame: bytes, at: int, body: int) -> Iterator[tuple[int, int, int]]:
    """The marker, start and stop of each segment of a header, before the coded pixels begin."""
    while (marker := frame[at] << 8 | frame[at + 1]) != body:
        stop = at + 2 + (frame[at + 2] << 8 | frame[at + 3])
        if marker <= 0xFF01 or stop < at + 4:
            raise ScrubRefused(f"The header of a compressed frame cannot be followed. {UNCOMPRESSED}")
        yield marker, at, stop
        at = stop


def _end_of_tiles(frame: bytes, at: int) -> int:
    """Where the last tile-part ends (T.800 A.4.2)."""
    while int.from_bytes(frame[at : at + 2]) == START_OF_TILE:
        if any(marker == JPEG2000_COMMENT for marker, _, _ in _segments(frame, at, START_OF_DATA)):
            raise ScrubRefused(f"A compressed frame holds text among its pixels. {UNCOMPRESSED}")
        length = int.from_bytes(frame[at + 6 : at + 10])
        if length == 0:
            return frame.rfind(END)
        at += max(length, 12)
    return at


def _is_text(marker: int, *, jpeg2000: bool) -> bool:
    if jpeg2000:
        return marker == JPEG2000_COMMENT
    return marker == COMMENT or (0xFFE0 <= marker <= 0xFFEF and marker not in COLOUR)
