"""What was sent, file by file: DICOM files alone, or in a zip, opened without trusting what it says of itself."""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Protocol, cast

import msgspec

from firstbreath.reading.refused import refuse
from firstbreath.reading.told import Told, untold

MAX_FILES, MAX_FILE, MAX_TOTAL = 5_000, 64_000_000, 2_000_000_000
MAX_RATIO, RATIO_FROM = 200, 16_000_000
"""How much a zip may grow while it is opened, and from how many bytes on that is looked at: empty slices pack well."""
CHUNK = 1 << 20
DICOM_AT = 128
ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
PACKED = (b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What every computer makes; LZMA would let a few bytes ask for gigabytes."""
ENCRYPTED = 0x1
OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\0")
OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, LookupError, MemoryError)
"""What a broken zip makes of the library that opens it; a method it does not know is a kind of RuntimeError."""


class Readable(Protocol):
    """A file that can be read from any place."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        ...

    def tell(self) -> int:
        """The place."""
        ...

    def seekable(self) -> bool:
        """Whether any place can be gone to."""
        ...


class Upload(msgspec.Struct, frozen=True):
    """The DICOM files that were found, and how many others were left out, by reason."""

    files: tuple[bytes, ...]
    left_out: dict[str, int]


def read_upload(sent: Iterable[tuple[str, Readable]], told: Told = untold) -> Upload:
    """The DICOM files among what was sent, those in a zip too. Names lead nowhere and are not repeated.

    told  of each file
    Raises `ScanRefused` for a zip that cannot be opened, is encrypted, grows beyond any scan, holds another archive or
    names places outside itself; for more than 5,000 files, 64 MB in one or 2 GB in all; when nothing is DICOM.
    """
    files: list[bytes] = []
    left_out: dict[str, int] = {}
    total = 0
    for count, (of, name, content) in enumerate(_each([*sent]), 1):
        total += len(content)
        if count > MAX_FILES:
            raise refuse("SCAN-003", f"More than {MAX_FILES:,} files were sent.", "Send one series.")
        if total > MAX_TOTAL:
            raise _too_large(MAX_TOTAL)
        why = _against(name, content)
        if why:
            left_out[why] = left_out.get(why, 0) + 1
        else:
            files.append(content)
        told(count, of)
    if not files:
        what = "; ".join(f"{count} {why}" for why, count in left_out.items()) or "nothing"
        raise refuse("SCAN-001", f"There is no DICOM image among what was sent: {what}.", "Send the scanner's files.")
    return Upload(tuple(files), left_out)


def digest_of(files: Iterable[bytes]) -> str:
    """One SHA-256 for all files, whatever their order and names."""
    each = sorted(hashlib.sha256(content).digest() for content in files)
    return hashlib.sha256(b"".join(each)).hexdigest()


def _against(name: str, content: bytes) -> str:
    """Why a file is left out; empty for a DICOM file."""
    if name.replace("\\", "/").rpartition("/")[2].upper() == "DICOMDIR":
        return "index (DICOMDIR)"
    if not content:
        return "empty file"
    return "" if content[DICOM_AT : DICOM_AT + 4] == b"DICM" else "no DICOM file"


def _too_large(limit: int) -> Exception:
    return refuse("SCAN-002", f"What was sent has more than {limit // 1_000_000:,} MB.", "Send one series.")


def _each(sent: Sequence[tuple[str, Readable]]) -> Iterator[tuple[int, str, bytes]]:
    """How many files there are as far as is known, and the name and content of each."""
    of = len(sent)
    for name, file in sent:
        begins = file.read(4)
        file.seek(0)
        if begins in ZIPS and not name.lower().endswith(OFFICE):
            many = 0
            for many, inside, content in _inside(file):
                yield of - 1 + many, inside, content
            of += many - 1
        else:
            yield of, name, _unpacked(name, _read(file))


def _inside(file: Readable) -> Iterator[tuple[int, str, bytes]]:
    """How many files a zip has, and the name and content of each; sizes are counted while reading."""
    size = file.seek(0, 2)
    if size > MAX_TOTAL:
        raise _too_large(MAX_TOTAL)
    allowed, grown = max(RATIO_FROM, MAX_RATIO * size), 0
    try:
        with zipfile.ZipFile(cast("IO[bytes]", file)) as archive:
            entries = _entries(archive)
            for entry in entries:
                with archive.open(entry) as opened:
                    content = _read(opened, allowed - grown)
                grown += len(content)
                yield len(entries), entry.filename, _unpacked(entry.filename, content)
    except BROKEN as broken:
        text = f"The zip cannot be read: {type(broken).__name__}."
        raise refuse("SCAN-005", text, "It may have been cut short: make it again.") from broken


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """What a zip says it holds, when all of it may be opened."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        raise refuse("SCAN-003", f"The zip has {len(entries):,} files.", "Send one series.")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise refuse("SCAN-004", "The zip is encrypted.", "Send it without a password: the way is safe.")
    if any(entry.compress_type not in METHODS for entry in entries):
        raise refuse("SCAN-005", "The zip is packed in a way that is not read here.", "Make it as an ordinary zip.")
    if any(OUTSIDE.search(entry.orig_filename) or stat.S_ISLNK(entry.external_attr >> 16) for entry in entries):
        text = "The zip names places outside itself; nothing was opened."
        raise refuse("SCAN-008", text, "Make a new zip of the folder of the scan.")
    return entries


def _unpacked(name: str, content: bytes) -> bytes:
    """A content that is no archive itself; an office document, which is a zip too, is no archive."""
    if content.startswith((*ZIPS, *PACKED)) and not name.lower().endswith(OFFICE):
        text = "An archive was sent that is not opened here: one inside a zip, or another kind than zip."
        raise refuse("SCAN-007", text, "Unpack it, and send the folder or one zip of it.")
    return content


def _read(file: Readable | IO[bytes], allowed: int = MAX_TOTAL) -> bytes:
    """All of a file, when it is as large as an image may be, and no more than a zip may still grow by."""
    parts, size = [], 0
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size > allowed:
            text = "What is in the zip grows beyond any image."
            raise refuse("SCAN-006", text, "Send the scanner's files, not this archive.")
        if size > MAX_FILE:
            raise _too_large(MAX_FILE)
        parts.append(chunk)
    return b"".join(parts)
