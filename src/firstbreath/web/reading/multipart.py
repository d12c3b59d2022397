"""Many files in one answer (RFC 2046): taken apart as the bytes come, never whole in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

HEAD_BYTES = 65_536
"""What stands before the first file, and the head of each, at most."""


class BrokenParts(Exception):
    """The bytes are no multipart message, or end before its end; `large` when one part is larger than allowed."""

    def __init__(self, why: str, *, large: bool = False) -> None:
        super().__init__(why)
        self.large = large


def boundary_of(content_type: str) -> str:
    """What separates the parts, empty when the answer has no parts."""
    if not content_type.lower().startswith("multipart/related"):
        return ""
    found = re.search(r'boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))', content_type, re.IGNORECASE)
    return (found[1] or found[2]) if found else ""


def split_parts(pieces: Iterable[bytes], boundary: str, *, limit: int) -> Iterator[bytes]:
    """The content of each part.

    limit  of the bytes of a part
    Raises `BrokenParts`.
    """
    mark = b"\r\n--" + boundary.encode()
    kept = bytearray(b"\r\n")  # the first mark may stand at the very start
    searched, before = 0, True
    for piece in pieces:
        kept += piece
        while True:
            at = kept.find(mark, max(0, searched - len(mark)))
            if at < 0 or len(kept) < at + len(mark) + 2:
                searched = at if at >= 0 else len(kept)
                break
            if not before:
                yield _content(kept[:at])
            if kept[at + len(mark) :].startswith(b"--"):
                return
            del kept[: at + len(mark)]
            searched, before = 0, False
        if len(kept) > (HEAD_BYTES if before else limit + HEAD_BYTES):
            raise BrokenParts("a part is too large", large=not before)
    raise BrokenParts("it ends before its last part")


def _content(part: bytearray) -> bytes:
    """What follows the head of a part."""
    end = part.find(b"\r\n\r\n", 0, HEAD_BYTES)
    if end < 0:
        raise BrokenParts("a part has no head")
    return bytes(memoryview(part)[end + 4 :])


def join_part(content: bytes, boundary: str) -> bytes:
    """A message of one DICOM file."""
    head = f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    return head + content + f"\r\n--{boundary}--\r\n".encode()
