"""What was sent is opened without trust: what is broken, hostile or empty has its reason, and no name is repeated."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest

from firstbreath.reading import upload
from firstbreath.reading.refused import ScanRefused
from firstbreath.reading.upload import read_upload

DICOM = bytes(128) + b"DICM" + b"the rest is not looked at here" * 40
NAME = "Planted_Wei/20240911"


def zipped(entries, method=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def read(*sent):
    return read_upload([(name, io.BytesIO(content)) for name, content in sent])


def code_of(*sent) -> str:
    with pytest.raises(ScanRefused) as refused:
        read(*sent)
    (reason,) = refused.value.reasons
    assert "Planted" not in reason.text + reason.fix
    assert reason.fix
    return reason.code


def link(name="link") -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


def encrypted(content: bytes) -> bytes:
    """A zip whose entries say that they are encrypted."""
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        where = content.index(mark) + at
        content = content[:where] + struct.pack("<H", 1) + content[where + 2 :]
    return content


def understated(content: bytes, size: int) -> bytes:
    """A zip whose directory says that its first file is small."""
    where = content.index(b"PK\x01\x02") + 24
    return content[:where] + struct.pack("<I", size) + content[where + 4 :]


GOOD = zipped([(f"{NAME}/{n}", DICOM) for n in range(3)])
TORN = GOOD[:60] + bytes(255 - each for each in GOOD[60:90]) + GOOD[90:]


def test_zip_folder_and_single_file_give_the_same():
    assert read(("a.zip", GOOD)).files == (DICOM,) * 3
    assert read(*((f"{NAME}/{n}", DICOM) for n in range(3))).files == (DICOM,) * 3
    assert read(("one", DICOM)).files == (DICOM,)


def test_bystanders_are_counted_by_reason_and_not_by_name():
    others = [("DICOMDIR", DICOM), (f"{NAME}/.DS_Store", b"\0\0\0\1Bud1"), (f"{NAME}.txt", b"text"), ("empty", b"")]
    others.append((f"{NAME} letter.docx", zipped([("word/document.xml", b"<w/>")])))
    left_out = {"index (DICOMDIR)": 1, "no DICOM file": 3, "empty file": 1}
    assert read(("a.zip", zipped([("1", DICOM), *others]))).left_out == left_out
    assert read(("1", DICOM), *others).left_out == left_out


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "SCAN-001"),
        (b"hello", "SCAN-001"),
        (zipped([]), "SCAN-001"),
        (zipped([(f"{NAME}/", b"")]), "SCAN-001"),
        (encrypted(GOOD), "SCAN-004"),
        (GOOD[:-30], "SCAN-005"),
        (GOOD[: len(GOOD) // 2], "SCAN-005"),
        (TORN, "SCAN-005"),
        (zipped([("1", DICOM)], zipfile.ZIP_LZMA), "SCAN-005"),
        (understated(zipped([("1", DICOM)]), 200), "SCAN-005"),
        (zipped([("1", bytes(20_000_000))]), "SCAN-006"),
        (zipped([(f"{n}", bytes(2_000_000)) for n in range(10)]), "SCAN-006"),
        (zipped([("1", DICOM), (f"{NAME}.zip", GOOD)]), "SCAN-007"),
        (zipped([("1", DICOM), (f"{NAME}.7z", b"7z\xbc\xaf\x27\x1c")]), "SCAN-007"),
        (b"Rar!\x1a\x07\x00", "SCAN-007"),
        (b"\x1f\x8b\x08\x00", "SCAN-007"),
        (zipped([("../../Planted", DICOM)]), "SCAN-008"),
        (zipped([("a/../../Planted", DICOM)]), "SCAN-008"),
        (zipped([("..\\Planted", DICOM)]), "SCAN-008"),
        (zipped([("/etc/Planted", DICOM)]), "SCAN-008"),
        (zipped([("C:\\Planted", DICOM)]), "SCAN-008"),
        (zipped([("1", DICOM), (link(), b"/etc/passwd")]), "SCAN-008"),
    ],
    ids=[
        *("nothing", "text", "empty zip", "only folders", "encrypted", "no directory", "half", "torn", "LZMA"),
        *("size understated", "bomb", "bomb of many", "zip in zip", "7z in zip", "rar", "gz"),
        *("upwards", "upwards inside", "upwards, backslash", "absolute", "drive", "symbolic link"),
    ],
)
def test_what_is_refused(content, code):
    assert code_of((f"{NAME}.zip", content)) == code


def test_dots_in_a_name_lead_nowhere_and_are_no_offence():
    assert read(("a.zip", zipped([("scan..1/Planted...dcm", DICOM)]))).files == (DICOM,)


def test_empty_slices_pack_well_and_are_no_bomb():
    blank = bytes(128) + b"DICM" + bytes(524_288)
    assert len(read(("a.zip", zipped([(str(n), blank) for n in range(20)]))).files) == 20


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [("MAX_FILES", 2, "SCAN-003"), ("MAX_FILE", 1_000, "SCAN-002"), ("MAX_TOTAL", 3_000, "SCAN-002")],
)
def test_limits_hold_for_zip_and_folder(monkeypatch, limit, value, code):
    monkeypatch.setattr(upload, limit, value)
    assert code_of(*((str(n), DICOM) for n in range(3))) == code
    assert code_of(("a.zip", zipped([(str(n), DICOM) for n in range(3)]))) == code


def test_limits_are_those_that_are_told():
    assert (upload.MAX_FILES, upload.MAX_FILE, upload.MAX_TOTAL) == (5_000, 64_000_000, 2_000_000_000)
