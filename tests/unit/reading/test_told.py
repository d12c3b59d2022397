"""Every long step of a scan tells how far it is, slice by slice, up to the last one."""

from __future__ import annotations

import io
import zipfile

import pytest

from firstbreath.reading.decode import build_volume
from firstbreath.reading.keeping import keep_stack, render_archive
from firstbreath.reading.phantom import build_phantom, render_phantom
from firstbreath.reading.refused import ScanRefused
from firstbreath.reading.series import find_series
from firstbreath.reading.stored import decode_stored, load_volume
from firstbreath.reading.upload import read_upload

FILES = render_phantom(build_phantom(shape=(12, 32, 32), spacing_mm=(20.0, 9.0, 9.0)), "one")
EACH = [(n, 12) for n in range(1, 13)]


class Heard(list):
    """What was told."""

    def __call__(self, done: int, of: int) -> None:
        self.append((done, of))


def zipped(files) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, content in enumerate(files):
            archive.writestr(str(number), content)
    out.seek(0)
    return out


def test_every_room_tells_each_slice():
    kept, heard = {}, [Heard() for _ in range(5)]

    def put(content: bytes) -> str:
        kept[str(len(kept))] = content
        return str(len(kept) - 1)

    (series,) = find_series(FILES, heard[0])
    volume = build_volume(series, heard[1])
    render_archive(series, subject="S1", time_point="D1", trial="T", hashed=lambda _: bytes(32), told=heard[2])
    name = keep_stack(volume, put, heard[3])
    load_volume(decode_stored(kept[name]), kept.__getitem__, heard[4])
    assert heard == [EACH] * 5


def test_files_are_counted_wherever_they_lie():
    loose, one_zip, mixed = Heard(), Heard(), Heard()
    read_upload([(str(n), io.BytesIO(content)) for n, content in enumerate(FILES)], loose)
    read_upload([("a.zip", zipped(FILES))], one_zip)
    parts = (("a.zip", zipped(FILES[:4])), ("b.zip", zipped([])), ("c.zip", zipped(FILES[4:11])))
    read_upload([*parts, ("last", io.BytesIO(FILES[11]))], mixed)
    assert loose == one_zip == EACH
    assert [done for done, _ in mixed] == [done for done, _ in EACH]
    assert mixed[-1] == (12, 12)


def test_what_is_refused_is_not_told_as_done():
    heard = Heard()
    (series,) = find_series(FILES)
    series.slices[5].dataset.PixelData = b"\0"
    with pytest.raises(ScanRefused):
        build_volume(series, heard)
    assert len(heard) == 5
