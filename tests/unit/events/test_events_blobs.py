"""Files of subjects: encrypted, named by what is stored, unreadable for ever once the key is destroyed."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.unit.events.hostile_disks import IS_ROOT, filled, read_only, read_only_disk, small_disk

from firstbreath.events import StoreError
from firstbreath.events.blobs import FileBlobs

PHOTOGRAPH = bytes(range(256)) * 40


@pytest.fixture
def blobs(tmp_path: Path) -> FileBlobs:
    return FileBlobs(tmp_path / "files", tmp_path / "keys")


@contextmanager
def refused(what: str, fix: str) -> Iterator[None]:
    with pytest.raises(StoreError) as found:
        yield
    assert what in found.value.what
    assert fix in found.value.fix


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


class TestKeeping:
    def test_a_file_comes_back_as_it_was(self, blobs: FileBlobs) -> None:
        for content in (PHOTOGRAPH, b"", "Einwilligung, 同意".encode()):
            assert blobs.get("MX-01", blobs.put("MX-01", content)) == content

    def test_the_name_is_the_digest_of_what_is_stored_and_tells_nothing_of_the_content(self, blobs: FileBlobs) -> None:
        first, second = blobs.put("MX-01", PHOTOGRAPH), blobs.put("MX-01", PHOTOGRAPH)
        assert first != second
        stored = {path.name: path.read_bytes() for path in files_in(blobs.folder)}
        assert sorted(stored) == sorted([first, second])
        assert all(hashlib.sha256(content).hexdigest() == name for name, content in stored.items())
        assert not any(PHOTOGRAPH[:64] in content for content in stored.values())

    def test_the_file_and_its_name_are_on_the_disk_when_put_returns(
        self, blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        flushed: set[int] = set()
        flush = os.fsync

        def note(descriptor: int) -> None:
            flush(descriptor)
            flushed.add(os.fstat(descriptor).st_ino)

        monkeypatch.setattr(os, "fsync", note)
        name = blobs.put("MX-01", PHOTOGRAPH)
        file = blobs.folder / name[:2] / name
        (key,) = files_in(blobs.keys)
        must = [file, file.parent, blobs.folder, blobs.folder.parent, key, key.parent]
        assert {path.stat().st_ino for path in must} <= flushed

    def test_keys_are_for_this_account_alone(self, blobs: FileBlobs) -> None:
        blobs.put("MX-01", PHOTOGRAPH)
        (key,) = files_in(blobs.keys)
        assert key.stat().st_mode & 0o777 == 0o600
        assert blobs.keys.stat().st_mode & 0o777 == 0o700

    def test_the_file_of_one_subject_is_not_read_as_anothers(self, blobs: FileBlobs) -> None:
        name = blobs.put("MX-01", PHOTOGRAPH)
        blobs.put("MX-02", b"other")
        with refused("is not of subject MX-02", "Ask for the right one"):
            blobs.get("MX-02", name)

    def test_a_changed_byte_anywhere_is_noticed_with_and_without_the_key(self, blobs: FileBlobs) -> None:
        name = blobs.put("MX-01", PHOTOGRAPH)
        file = blobs.folder / name[:2] / name
        stored = file.read_bytes()
        for place in [*range(40), *range(40, len(stored), 501), len(stored) - 1]:
            file.write_bytes(stored[:place] + bytes([stored[place] ^ 1]) + stored[place + 1 :])
            assert not blobs.check(name)
        with refused("missing or was changed", "backup"):
            blobs.get("MX-01", name)
        file.write_bytes(stored)
        assert blobs.check(name)

    @pytest.mark.parametrize("name", ["0" * 64, "", "..", "../keys", "/etc/passwd"])
    def test_a_name_that_is_not_there_is_missing(self, blobs: FileBlobs, name: str) -> None:
        blobs.put("MX-01", PHOTOGRAPH)
        assert not blobs.check(name)
        with refused("missing or was changed", "backup"):
            blobs.get("MX-01", name)


class TestDeletion:
    def test_no_file_of_the_subject_can_be_read_after_its_key_is_destroyed(self, blobs: FileBlobs) -> None:
        gone = [blobs.put("MX-01", PHOTOGRAPH) for _ in range(3)]
        kept = blobs.put("MX-02", b"other")
        blobs.destroy_key("MX-01")
        for name in gone:
            assert blobs.check(name)
            with refused("The key of subject MX-01 was destroyed.", "cannot be read again"):
                blobs.get("MX-01", name)
        assert blobs.get("MX-02", kept) == b"other"

    def test_destroying_a_key_that_never_was_is_no_error(self, blobs: FileBlobs) -> None:
        blobs.destroy_key("MX-01")
        blobs.put("MX-02", b"other")
        blobs.destroy_key("MX-01")
        assert len(files_in(blobs.keys)) == 1

    def test_a_damaged_key_is_named(self, blobs: FileBlobs) -> None:
        name = blobs.put("MX-01", PHOTOGRAPH)
        (key,) = files_in(blobs.keys)
        key.write_bytes(b"short")
        with refused("The key of subject MX-01 is damaged.", "Restore the key"):
            blobs.get("MX-01", name)
        with refused("The key of subject MX-01 is damaged.", "Restore the key"):
            blobs.put("MX-01", b"more")


class TestOneKey:
    """Of two who store a subject's first file at once, both must end with the same key."""

    def test_threads_agree(self, blobs: FileBlobs) -> None:
        for number in range(60):
            names: list[str] = []
            begin = threading.Barrier(4)

            def put(subject: str = f"MX-{number}", names: list[str] = names, begin: threading.Barrier = begin) -> None:
                begin.wait(10)
                names.append(blobs.put(subject, PHOTOGRAPH))

            threads = [threading.Thread(target=put) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert [blobs.get(f"MX-{number}", name) for name in names] == [PHOTOGRAPH] * 4

    def test_processes_agree(self, blobs: FileBlobs) -> None:
        program = """
import sys, time
from pathlib import Path
from firstbreath.events.blobs import FileBlobs
blobs = FileBlobs(Path(sys.argv[1]), Path(sys.argv[2]))
begin = float(sys.argv[3])
for number in range(150):
    while time.time() < begin + number * 0.004:
        pass
    print(f"MX-{number}", blobs.put(f"MX-{number}", b"photograph"))
"""
        command = [sys.executable, "-c", program, str(blobs.folder), str(blobs.keys), str(time.time() + 1)]
        writers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        stored = [line.split() for writer in writers for line in writer.communicate(timeout=60)[0].splitlines()]
        assert [writer.returncode for writer in writers] == [0, 0]
        assert len(stored) == 300
        assert {blobs.get(subject, name) for subject, name in stored} == {b"photograph"}

    def test_who_finds_a_key_made_meanwhile_takes_that_one(
        self, blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The same race, made certain: the other one's key appears just before ours gets its name."""
        link = os.link
        theirs: list[str] = []

        def be_late(*arguments: object, **options: object) -> None:
            if not theirs:
                theirs.append("")
                theirs[0] = FileBlobs(blobs.folder, blobs.keys).put("MX-01", b"theirs")
            link(*arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(os, "link", be_late)
        ours = blobs.put("MX-01", b"ours")
        assert blobs.get("MX-01", ours) == b"ours"
        assert blobs.get("MX-01", theirs[0]) == b"theirs"


class TestHostileDisks:
    def test_nothing_is_half_written_when_the_flush_fails(
        self, blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        blobs.put("MX-01", PHOTOGRAPH)
        before = files_in(blobs.folder), files_in(blobs.keys)

        def fail(_descriptor: int) -> None:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(os, "fsync", fail)
        with refused("The disk reports an error (Input/output error).", "Check the disk"):
            blobs.put("MX-01", b"more")
        assert (files_in(blobs.folder), files_in(blobs.keys)) == before

    def test_a_full_disk_leaves_nothing_behind(self, tmp_path: Path) -> None:
        with small_disk(tmp_path, size_kb=200):
            blobs = FileBlobs(tmp_path / "files", tmp_path / "keys")
            name = blobs.put("MX-01", PHOTOGRAPH)
            before = files_in(tmp_path)
            with filled(tmp_path), refused("The disk is full; the file was not stored.", "Free some space"):
                blobs.put("MX-01", b"x" * 50_000)
            assert files_in(tmp_path) == before
            assert blobs.get("MX-01", name) == PHOTOGRAPH
            assert blobs.get("MX-01", blobs.put("MX-01", b"again")) == b"again"

    def test_a_read_only_folder_refuses_and_still_reads(self, blobs: FileBlobs) -> None:
        name = blobs.put("MX-01", PHOTOGRAPH)
        with read_only(blobs.folder):
            with refused("does not admit this account; nothing was changed", "write access"):
                while True:  # until a file belongs into a folder that is not there yet
                    blobs.put("MX-01", b"more")
            assert blobs.get("MX-01", name) == PHOTOGRAPH

    def test_a_read_only_disk_refuses_and_still_reads(self, blobs: FileBlobs) -> None:
        name = blobs.put("MX-01", PHOTOGRAPH)
        with read_only_disk(blobs.keys):
            with refused("nothing was changed", "can be written" if IS_ROOT else "write access"):
                blobs.destroy_key("MX-01")
            with refused("nothing was changed", "can be written" if IS_ROOT else "write access"):
                blobs.put("MX-02", b"more")
            assert blobs.get("MX-01", name) == PHOTOGRAPH
        assert len(files_in(blobs.folder)) == 1

    def test_a_file_where_a_folder_should_be_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "taken").write_bytes(b"")
        for blobs in (
            FileBlobs(tmp_path / "taken", tmp_path / "keys"),
            FileBlobs(tmp_path / "files", tmp_path / "taken"),
            FileBlobs(tmp_path / "taken" / "files", tmp_path / "keys"),
        ):
            with refused("There is a file where a folder should be.", "Check the paths"):
                blobs.put("MX-01", PHOTOGRAPH)
