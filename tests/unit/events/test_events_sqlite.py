"""The SQLite store on disks that are full, read-only, damaged, or changed behind its back."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.unit.events.hostile_disks import filled, read_only, read_only_disk, small_disk

from firstbreath.events import Head, StoreError, verify_chain
from firstbreath.events import sqlite as sqlite_room
from firstbreath.events.sqlite import SqliteStore

RECORDS = [b"record %03d " % n * 20 for n in range(60)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of 60 records, closed."""
    store = SqliteStore(tmp_path / "trial.db")
    store.append(RECORDS, expected=Head())
    store.close()
    return tmp_path / "trial.db"


@contextmanager
def refused(what: str, fix: str) -> Iterator[None]:
    with pytest.raises(StoreError) as found:
        yield
    assert what in found.value.what
    assert fix in found.value.fix


def content(path: Path) -> list[bytes]:
    store = SqliteStore(path, read_only=True)
    try:
        assert verify_chain(store.rows()).broken is None
        return [record.data for record in store.records()]
    finally:
        store.close()


def change(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    try:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    finally:
        connection.close()


class TestReadOnly:
    def test_a_read_only_file_is_refused_when_it_is_opened(self, path: Path) -> None:
        with read_only(path), refused("read-only", "write access"):
            SqliteStore(path)
        assert content(path) == RECORDS

    def test_a_read_only_folder_is_refused_when_it_is_opened(self, path: Path) -> None:
        with read_only(path.parent), refused("The folder of the log is read-only", "access to the folder"):
            SqliteStore(path)
        assert content(path) == RECORDS

    def test_a_store_opened_to_read_cannot_append(self, path: Path) -> None:
        store = SqliteStore(path, read_only=True)
        with refused("read-only; nothing was written", "write access"):
            store.append([b"more"], expected=store.head())
        assert content(path) == RECORDS

    def test_a_log_on_a_read_only_disk_can_be_read(self, path: Path) -> None:
        with read_only_disk(path.parent):
            store = SqliteStore(path, read_only=True)
            assert store.head().seq == 60
            assert content(path) == RECORDS
            store.close()
        assert sorted(path.parent.iterdir()) == [path]

    def test_a_log_on_a_read_only_disk_is_not_written(self, path: Path) -> None:
        with read_only_disk(path.parent), refused("The log is read-only", "write access"):
            SqliteStore(path)
        assert content(path) == RECORDS

    def test_commits_still_in_the_write_ahead_log_are_not_passed_over(self, path: Path, tmp_path: Path) -> None:
        writer = SqliteStore(path)
        writer.append([b"the latest"], expected=writer.head())
        copy = tmp_path / "copy"
        copy.mkdir()
        for name in ("trial.db", "trial.db-wal"):
            shutil.copy(tmp_path / name, copy / name)
        with read_only_disk(copy), refused("write-ahead log beside it", "Copy the log with its -wal file"):
            SqliteStore(copy / "trial.db", read_only=True)
        assert content(copy / "trial.db") == [*RECORDS, b"the latest"]

    def test_a_reader_without_locks_follows_when_someone_begins_to_write(self, path: Path) -> None:
        with read_only(path.parent):
            reader = SqliteStore(path, read_only=True)
            assert reader.head().seq == 60
        writer = SqliteStore(path)
        head = writer.append([b"the latest"], expected=writer.head())
        assert reader.head() == head
        assert [record.data for record in reader.records(60)] == [b"the latest"]


class TestFullDisk:
    def test_a_batch_that_does_not_fit_leaves_nothing_and_the_log_goes_on(self, path: Path) -> None:
        store = SqliteStore(path)
        (pages,) = store._connection().execute("PRAGMA page_count").fetchone()
        store._connection().execute(f"PRAGMA max_page_count = {pages + 2}")
        head = store.head()
        with refused("The disk is full; nothing was written.", "Free some space"):
            store.append([b"x" * 3000] * 10, expected=head)
        assert store.head() == head
        assert content(path) == RECORDS
        assert store.append([b"x" * 3000], expected=head).seq == 61

    def test_what_was_acknowledged_before_the_disk_was_full_is_kept(self, tmp_path: Path) -> None:
        with small_disk(tmp_path, size_kb=400):
            store = SqliteStore(tmp_path / "trial.db")
            head = Head()
            with filled(tmp_path), refused("The disk is full; nothing was written.", "Free some space"):
                while True:
                    head = store.append([b"x" * 3000] * 3, expected=head)
            assert store.head() == head
            assert verify_chain(store.rows()).head == head
            later = store.append([b"there is space again"], expected=head)
            store.close()
            assert verify_chain(SqliteStore(tmp_path / "trial.db", read_only=True).rows()).head == later

    def test_a_log_cannot_begin_on_a_full_disk(self, tmp_path: Path) -> None:
        with small_disk(tmp_path, size_kb=400):
            with filled(tmp_path), refused("The disk is full", "Free some space"):
                SqliteStore(tmp_path / "trial.db")
            assert SqliteStore(tmp_path / "trial.db").append([b"now"], expected=Head()).seq == 1


class TestWrongFile:
    @pytest.mark.parametrize("read_only", [True, False])
    def test_a_file_that_is_no_database_is_left_alone(self, tmp_path: Path, read_only: bool) -> None:
        letter = tmp_path / "letter.txt"
        letter.write_text("Dear Dr. Souza, " * 100)
        with refused("not a log, or its first bytes were changed", "backup"):
            SqliteStore(letter, read_only=read_only)
        assert letter.read_text() == "Dear Dr. Souza, " * 100
        assert sorted(tmp_path.iterdir()) == [letter]

    @pytest.mark.parametrize("read_only", [True, False])
    @pytest.mark.parametrize("table", ["accounts (name)", "log (line)"])
    def test_someone_elses_database_is_left_alone(self, tmp_path: Path, table: str, read_only: bool) -> None:
        other = tmp_path / "other.db"
        change(other, f"CREATE TABLE {table}")
        before = other.read_bytes()
        with refused("not a log of this system", "Check the path"):
            SqliteStore(other, read_only=read_only)
        assert other.read_bytes() == before

    @pytest.mark.parametrize("read_only", [True, False])
    def test_a_folder_is_named_as_one(self, tmp_path: Path, read_only: bool) -> None:
        with refused("This is a folder", "the file in it"):
            SqliteStore(tmp_path, read_only=read_only)

    def test_reading_a_log_that_is_not_there_does_not_make_one(self, tmp_path: Path) -> None:
        with refused("There is no log here", "Check the path"):
            SqliteStore(tmp_path / "trial.db", read_only=True)
        assert list(tmp_path.iterdir()) == []

    def test_a_missing_folder_is_not_made(self, tmp_path: Path) -> None:
        with refused("cannot be opened", "folder exists"):
            SqliteStore(tmp_path / "missing" / "trial.db")
        assert list(tmp_path.iterdir()) == []

    def test_a_level_of_durability_that_does_not_exist_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="FULL or NORMAL, not OFF"):
            SqliteStore(tmp_path / "trial.db", synchronous="OFF")


class TestDamage:
    def test_a_file_cut_off_anywhere_never_passes_for_a_shorter_log(self, path: Path) -> None:
        whole = path.read_bytes()
        assert len(whole) > 4 * 4096
        for size in [*range(1, 200, 7), *range(200, len(whole), 331), *range(4096, len(whole), 4096)]:
            path.write_bytes(whole[:size])
            with pytest.raises(StoreError, match=r"cut off|damaged|not a log"):
                list(SqliteStore(path, read_only=True).rows())

    def test_a_file_cut_to_nothing_is_a_new_log_and_only_a_known_head_tells(self, path: Path) -> None:
        reader = SqliteStore(path, read_only=True)
        known = reader.head()
        reader.close()
        path.write_bytes(b"")
        found = verify_chain(SqliteStore(path).rows(), [known])
        assert found.broken is not None
        assert "a known head has 60 records" in found.broken.what

    def test_a_damaged_page_is_reported_when_it_is_read(self, path: Path) -> None:
        damaged = bytearray(path.read_bytes())
        damaged[2 * 4096 : 3 * 4096] = b"\xa5" * 4096
        path.write_bytes(damaged)
        with refused("The file of the log is damaged", "restore a backup beside it"):
            list(SqliteStore(path, read_only=True).rows())

    @pytest.mark.parametrize("value", ["NULL", "7", "1.5", "'text'"])
    @pytest.mark.parametrize("column", ["record", "hash"])
    def test_a_value_that_is_not_bytes_any_more_is_left_to_the_chain(self, path: Path, column: str, value: str) -> None:
        change(
            path,
            "ALTER TABLE log RENAME TO honest",
            "CREATE TABLE log (seq INTEGER PRIMARY KEY, record, hash)",
            "INSERT INTO log SELECT * FROM honest",
            f"UPDATE log SET {column} = {value} WHERE seq = 60",
        )
        store = SqliteStore(path, read_only=True)
        found = verify_chain(store.rows()).broken
        assert found is not None
        assert found.seq == 60
        assert isinstance(store.head().hash, bytes)

    def test_a_table_dropped_while_in_use_is_reported(self, path: Path) -> None:
        store = SqliteStore(path)
        change(path, "DROP TABLE log")
        with refused("not a log of this system", "backup"):
            store.append([b"more"], expected=Head(60, b"\x00" * 32))

    def test_a_record_slipped_in_at_the_end_is_left_to_the_chain(self, path: Path) -> None:
        change(path, "INSERT INTO log VALUES (61, x'00', zeroblob(32))")
        store = SqliteStore(path)
        store.append([b"the next act"], expected=store.head())
        found = verify_chain(store.rows()).broken
        assert found is not None
        assert found.seq == 61

    def test_dropped_triggers_are_back_when_the_log_is_opened(self, path: Path) -> None:
        change(path, "DROP TRIGGER log_is_never_deleted")
        SqliteStore(path).close()
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            change(path, "DELETE FROM log")

    @pytest.mark.parametrize("how", ["deleted", "moved", "replaced"])
    def test_a_file_taken_away_while_in_use_is_noticed(self, path: Path, how: str) -> None:
        store = SqliteStore(path)
        head = store.head()
        backup = shutil.copy(path, path.with_name("backup.db"))
        if how == "deleted":
            path.unlink()
        if how == "moved":
            path.rename(path.with_name("elsewhere.db"))
        if how == "replaced":
            backup.rename(path)
        with refused("moved, deleted or replaced while in use; nothing was written", "start again"):
            store.append([b"into nowhere"], expected=head)
        with refused("moved, deleted or replaced", "start again"):
            store.head()


class TestTogether:
    def test_a_new_log_opened_by_many_at_once_is_one_log(self, tmp_path: Path) -> None:
        for round_ in range(40):
            broken: list[Exception] = []
            begin = threading.Barrier(4)

            def begin_log(path: Path = tmp_path / f"{round_}.db", begin: threading.Barrier = begin) -> None:
                begin.wait(10)
                try:
                    SqliteStore(path).close()
                except StoreError as refusal:
                    broken.append(refusal)  # noqa: B023 - the thread ends within the round

            threads = [threading.Thread(target=begin_log) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert broken == []

    def test_waiting_for_a_writer_that_never_ends_ends(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        store = SqliteStore(path)
        store._connection().execute("PRAGMA busy_timeout = 50")
        busy = sqlite3.connect(path, isolation_level=None)
        busy.execute("BEGIN IMMEDIATE")
        with refused("busy; nothing was written", "Try again"):
            store.append([b"one"], expected=store.head())
        busy.execute("ROLLBACK")
        busy.close()
        assert store.append([b"one"], expected=store.head()).seq == 61

    def test_an_abandoned_reader_does_not_keep_the_write_ahead_log_from_being_folded(self, path: Path) -> None:
        store = SqliteStore(path)
        reader = store.rows()
        next(reader)
        store.append([b"one"], expected=store.head())
        busy, _, _ = store._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert busy == 0
        assert path.with_name("trial.db-wal").stat().st_size == 0

    def test_reading_goes_on_where_it_was_after_the_store_was_closed(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sqlite_room, "PAGE_ROWS", 7)
        store = SqliteStore(path)
        reader = store.records()
        first = next(reader)
        store.close()
        assert [record.data for record in (first, *reader)] == RECORDS

    @pytest.mark.parametrize(("level", "number"), [("FULL", 2), ("NORMAL", 1)])
    def test_every_thread_writes_with_the_durability_asked_for(self, path: Path, level: str, number: int) -> None:
        store = SqliteStore(path, synchronous=level)
        found: list[int] = []

        def look() -> None:
            found.extend(store._connection().execute("PRAGMA synchronous").fetchone())
            store.close()

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        look()
        assert found == [number, number]

    def test_closing_folds_the_write_ahead_log_into_the_file(self, path: Path) -> None:
        store = SqliteStore(path)
        store.append([b"one"], expected=store.head())
        store.close()
        assert sorted(path.parent.iterdir()) == [path]
