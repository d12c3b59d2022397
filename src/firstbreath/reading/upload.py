"""What was sent, file by file: DICOM files alone, or in a zip, opened without trusting what it says of itself."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from firstbreath.reading.refused import refuse

MAX_FILES, MAX_FILE, MAX_TOTAL, MAX_RATIO = 5_000, 64_000_000, 2_000_000_000, 200
CHUNK = 1 << 20
ZIP, DICOM_AT = b"PK\x03\x04", 128
ENCRYPTED = 0x1


class Readable(Protocol):
    """A file that can be read from its beginning."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        ...


class Upload(msgspec.Struct, frozen=True):
    """The DICOM files that were found, and how many others were left out, by reason."""

    files: tuple[bytes, ...]
    left_out: dict[str, int]


def read_upload(sent: Iterable[tuple[str, Readable]]) -> Upload:
    """The DICOM files among what was sent, those in a zip too.

    Raises `ScanRefused` for a zip that cannot be opened, is encrypted, or grows beyond any scan, and when there is no
    DICOM file at all.
    """
    files: list[bytes] = []
    left_out: dict[str, int] = {}
    total = 0
    for name, content in _each(sent):
        total += len(content)
        if len(files) >= MAX_FILES:
            raise refuse("SCAN-003", f"More than {MAX_FILES:,} files were sent.", "Send one series.")
        if total > MAX_TOTAL:
            raise _too_large(MAX_TOTAL)
        why = _against(name, content)
        if why:
            left_out[why] = left_out.get(why, 0) + 1
        else:
            files.append(content)
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
    if content[:4] == ZIP:
        return "zip inside a zip"
    return "" if content[DICOM_AT : DICOM_AT + 4] == b"DICM" else "no DICOM file"


def _too_large(limit: int) -> Exception:
    return refuse("SCAN-002", f"What was sent has more than {limit // 1_000_000:,} MB.", "Send one series.")


def _each(sent: Iterable[tuple[str, Readable]]) -> Iterator[tuple[str, bytes]]:
    for name, file in sent:
        begins = file.read(4)
        file.seek(0)
        if begins == ZIP:
            yield from _inside(file)
        else:
            content = file.read(MAX_FILE + 1)
            if len(content) > MAX_FILE:
                raise _too_large(MAX_FILE)
            yield name, content


def _inside(file: Readable) -> Iterator[tuple[str, bytes]]:
    """The files of a zip; names lead nowhere, sizes are counted while reading."""
    try:
        with zipfile.ZipFile(io.BytesIO(file.read())) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_FILES:
                raise refuse("SCAN-003", f"The zip has {len(entries):,} files.", "Send one series.")
            for entry in entries:
                if entry.flag_bits & ENCRYPTED:
                    raise refuse("SCAN-004", "The zip is encrypted.", "Send it without a password: the way is safe.")
                yield entry.filename, _read(archive, entry)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError, zipfile.LargeZipFile) as broken:
        text = f"The zip cannot be read: {type(broken).__name__}."
        raise refuse("SCAN-005", text, "It may have been cut short: make it again.") from broken


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    parts, size = [], 0
    with archive.open(entry) as opened:
        while chunk := opened.read(CHUNK):
            size += len(chunk)
            if size > MAX_FILE or size > MAX_RATIO * max(entry.compress_size, 1_000):
                text = "A file in the zip grows beyond any image."
                raise refuse("SCAN-006", text, "Send the scanner's files, not this archive.")
            parts.append(chunk)
    return b"".join(parts)
