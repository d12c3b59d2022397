"""What only PostgreSQL can get wrong: connections, accounts, settings, and several studies in one table."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from firstbreath.events import Head, StoreError, verify_chain
from firstbreath.events import postgres as postgres_room
from firstbreath.events.postgres import PostgresStore

if os.environ.get("CI") != "true":
    pytest.importorskip("psycopg")
import psycopg

pytestmark = pytest.mark.postgres


@pytest.fixture
def study() -> str:
    return f"study {uuid.uuid4()}"


@pytest.fixture
def database(postgres_dsn: str) -> Iterator[str]:
    """The address of an empty database of its own, for what changes the table itself."""
    name = f"db_{uuid.uuid4().hex}"
    execute(postgres_dsn, f"CREATE DATABASE {name}")
    yield f"{postgres_dsn} dbname={name}"
    execute(postgres_dsn, f"DROP DATABASE {name} WITH (FORCE)")


def execute(dsn: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def refused(what: str, fix: str = "") -> Iterator[None]:
    with pytest.raises(StoreError) as found:
        yield
    assert what in found.value.what
    assert fix in found.value.fix


class TestStudies:
    def test_each_study_in_the_table_is_a_chain_of_its_own(self, postgres_dsn: str, study: str) -> None:
        one, other = (PostgresStore(postgres_dsn, study=f"{study}, {name}") for name in ("α", "β"))
        head = one.append([b"a", b"b"], expected=Head())
        assert other.head() == Head()
        other.append([b"c"], expected=Head())
        assert one.head() == head
        assert [record.data for record in other.records()] == [b"c"]

    def test_a_writer_of_one_study_does_not_wait_for_another(self, postgres_dsn: str, study: str) -> None:
        other = PostgresStore(postgres_dsn, study="unhurried")
        with psycopg.connect(postgres_dsn) as busy:
            busy.execute(postgres_room._LOCK, (study,))
            assert other.append([b"x"], expected=other.head()).seq == 1


class TestConnections:
    def test_an_append_after_a_lost_connection_says_so_and_the_next_one_works(
        self, postgres_dsn: str, study: str
    ) -> None:
        store = PostgresStore(postgres_dsn, study=study)
        head = store.append([b"one"], expected=Head())
        (pid,) = store._connection().execute("SELECT pg_backend_pid()").fetchone()
        execute(postgres_dsn, f"SELECT pg_terminate_backend({pid})")
        with refused("The connection to the database broke.", "Look whether the last act was recorded"):
            store.append([b"two"], expected=head)
        assert store.head() == head
        assert store.append([b"two"], expected=head).seq == 2

    def test_a_server_that_is_not_there_is_named_without_the_password(self) -> None:
        with pytest.raises(StoreError, match=r"cannot be reached .* Check that the server runs") as found:
            PostgresStore("host=/nonexistent user=anna password=hunter2", study="s")
        assert "hunter2" not in str(found.value)

    def test_an_address_that_cannot_be_read_is_not_repeated(self) -> None:
        with pytest.raises(StoreError, match="The address of the database cannot be read") as found:
            PostgresStore("postgresql://anna:hunter2@[x", study="s")
        assert "hunter2" not in str(found.value)
        assert found.value.__cause__ is None

    def test_a_database_that_is_not_there_is_named(self, postgres_dsn: str) -> None:
        with refused('database "nowhere" does not exist'):
            PostgresStore(f"{postgres_dsn} dbname=nowhere", study="s")

    def test_a_closed_store_opens_again_when_it_is_used(self, postgres_dsn: str, study: str) -> None:
        store = PostgresStore(postgres_dsn, study=study)
        store.append([b"one"], expected=Head())
        store.close()
        store.close()
        assert store.head().seq == 1


class TestSettings:
    def test_a_commit_waits_for_the_disk_whatever_the_servers_default(self, postgres_dsn: str, study: str) -> None:
        hasty = PostgresStore(f"{postgres_dsn} options='-c synchronous_commit=off'", study=study)
        assert hasty._connection().execute("SHOW synchronous_commit").fetchone() == ("on",)
        stricter = PostgresStore(f"{postgres_dsn} options='-c synchronous_commit=remote_apply'", study=study)
        assert stricter._connection().execute("SHOW synchronous_commit").fetchone() == ("remote_apply",)

    def test_a_default_of_repeatable_reads_does_not_show_an_old_head(self, postgres_dsn: str, study: str) -> None:
        dsn = f"{postgres_dsn} options='-c default_transaction_isolation=serializable'"
        store = PostgresStore(dsn, study=study)
        with store._connection().transaction():
            assert store._connection().execute("SHOW transaction_isolation").fetchone() == ("read committed",)

    def test_waiting_for_a_writer_that_never_ends_ends(
        self, postgres_dsn: str, study: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres_room, "_SETTINGS", "SET lock_timeout = '50ms'")
        store = PostgresStore(postgres_dsn, study=study)
        with psycopg.connect(postgres_dsn) as busy:
            busy.execute(postgres_room._LOCK, (study,))
            with refused("The log is busy; nothing was written.", "Try again"):
                store.append([b"one"], expected=Head())
        assert store.append([b"one"], expected=Head()).seq == 1

    def test_a_read_only_database_can_be_read(self, postgres_dsn: str, study: str) -> None:
        head = PostgresStore(postgres_dsn, study=study).append([b"one"], expected=Head())
        replica = PostgresStore(f"{postgres_dsn} options='-c default_transaction_read_only=on'", study=study)
        assert replica.head() == head
        assert [record.data for record in replica.records()] == [b"one"]
        with refused("The database is read-only; nothing was written.", "Connect to the primary"):
            replica.append([b"two"], expected=head)


class TestAccounts:
    @pytest.fixture
    def clerk(self, database: str) -> Iterator[str]:
        name = f"clerk_{uuid.uuid4().hex}"
        execute(database, f"CREATE ROLE {name} LOGIN")
        yield f"{database} user={name}"
        execute(database, f"DROP OWNED BY {name}")
        execute(database, f"DROP ROLE {name}")

    def test_an_account_that_may_not_create_the_table_is_told_who_can(self, clerk: str) -> None:
        with refused("may not create the table", "Open the log once as the database's owner"):
            PostgresStore(clerk, study="s")

    def test_an_account_needs_no_more_than_select_and_insert(self, database: str, clerk: str) -> None:
        PostgresStore(database, study="s").close()
        store = PostgresStore(clerk, study="s")
        with refused("may not use the log", "Grant it SELECT and INSERT"):
            store.head()
        execute(database, f"GRANT SELECT, INSERT ON firstbreath_log TO {clerk.rpartition('=')[2]}")
        assert store.append([b"one"], expected=store.head()).seq == 1


class TestTampering:
    def test_the_chain_names_what_was_changed_behind_the_triggers(self, database: str) -> None:
        store = PostgresStore(database, study="s")
        store.append([b"%d" % n for n in range(10)], expected=Head())
        execute(database, "ALTER TABLE firstbreath_log DISABLE TRIGGER ALL")
        execute(database, "UPDATE firstbreath_log SET record = 'x' WHERE seq = 7")
        found = verify_chain(store.rows()).broken
        assert found is not None
        assert found.seq == 7

    def test_a_row_moved_to_before_the_beginning_is_seen(self, database: str) -> None:
        store = PostgresStore(database, study="s")
        store.append([b"%d" % n for n in range(10)], expected=Head())
        execute(database, "ALTER TABLE firstbreath_log DISABLE TRIGGER ALL")
        execute(database, "UPDATE firstbreath_log SET seq = -1 WHERE seq = 10")
        assert verify_chain(store.rows()).broken is not None

    @pytest.mark.parametrize(
        "removal",
        [
            "DROP TRIGGER log_is_never_changed ON firstbreath_log",
            "ALTER TABLE firstbreath_log DISABLE TRIGGER log_is_never_changed",
        ],
    )
    def test_missing_triggers_are_put_back_when_the_log_is_opened(self, database: str, removal: str) -> None:
        PostgresStore(database, study="s").append([b"one"], expected=Head())
        execute(database, removal)
        PostgresStore(database, study="s")
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            execute(database, "DELETE FROM firstbreath_log")

    def test_a_table_of_that_name_which_is_not_a_log_is_refused(self, database: str) -> None:
        execute(database, "CREATE TABLE firstbreath_log (study text, entry text)")
        store = PostgresStore(database, study="s")
        with refused("not a log of this system", "search path"):
            store.head()


def test_without_the_driver_the_module_loads_and_says_what_to_install() -> None:
    program = """
import sys
sys.modules["psycopg"] = None
from firstbreath.events.postgres import PostgresStore
from firstbreath.events import StoreError
try:
    PostgresStore("host=x", study="s")
except StoreError as refused:
    print(refused.fix)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "Install firstbreath[postgres].\n"
