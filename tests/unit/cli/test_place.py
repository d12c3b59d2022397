"""Where a study's log is: a file or a database, never by guess."""

import pytest

from firstbreath.cli.exits import Exit

pytestmark = pytest.mark.postgres
ACT = ('{"act": "open_screening", "subject": "S1"}', "--actor", "A. Nurse", "--role", "nurse")


@pytest.fixture
def new_study(cli, tmp_path):
    """A new study folder of any name."""

    def make(name):
        assert cli("new", tmp_path / name, "--like", "mexcovid").code == 0
        return tmp_path / name

    return make


@pytest.fixture
def in_database(new_study, postgres_url, monkeypatch, cli):
    """A study that has begun in a database."""
    folder = new_study("trial")
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    assert cli("begin", folder, "--actor", "S. Ponsor").code == 0
    return folder


def test_every_command_works_on_a_log_in_a_database(in_database, cli):
    assert cli("act", in_database, *ACT).code == 0
    assert "S1" in cli("state", in_database).out
    assert "open" in cli("log", in_database, "--json").out
    assert "The log holds: 2 records" in cli("verify", in_database).out
    assert not (in_database / "log.sqlite").exists()


def test_two_folders_of_one_name_share_no_log(new_study, tmp_path, cli, postgres_url, monkeypatch):
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    first, second = new_study("trial"), new_study("other/trial")
    assert cli("begin", first, "--actor", "A").code == 0
    assert cli("begin", second, "--actor", "B").code == 0
    assert cli("act", first, *ACT).code == 0
    assert "2 records" in cli("verify", first).out
    assert "1 record" in cli("verify", second).out


def test_moved_folder_keeps_its_log(in_database, tmp_path, cli):
    moved = in_database.rename(tmp_path / "under another name")
    assert "The log holds: 1 record" in cli("verify", moved).out


def test_folder_whose_log_is_in_a_database_says_so_when_none_is_named(in_database, cli, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    done = cli("state", in_database)
    assert done.code == Exit.USAGE
    assert "is in a database (study.toml says so)" in done.err
    assert "Set DATABASE_URL" in done.err


def test_folder_with_a_file_is_not_taken_for_one_without_a_log(study, cli, monkeypatch, postgres_url):
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    done = cli("state", study)
    assert done.code == Exit.USAGE
    assert "keeps its log in log.sqlite, and DATABASE_URL names a database" in done.err
    assert not (study / "study.toml").exists()


def test_reading_names_no_study(new_study, cli, monkeypatch, postgres_url):
    folder = new_study("trial")
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    assert "Begin the trial first" in cli("state", folder).err
    assert not (folder / "study.toml").exists()


@pytest.mark.parametrize("text", ["id = 7", "no toml [", 'id = "A; DROP TABLE"'])
def test_damaged_name_stops_everything(in_database, cli, text):
    (in_database / "study.toml").write_text(text)
    done = cli("state", in_database)
    assert done.code == Exit.USAGE
    assert "names no study. Restore it from a backup" in done.err


@pytest.mark.parametrize("url", ["mysql://a/b", "log.sqlite", "sqlite:///x"])
def test_other_databases_are_refused(cli, study, monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    assert "is of no PostgreSQL database" in cli("state", study).err


def test_password_is_never_repeated(cli, in_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:topsecret@127.0.0.1:1/none")
    done = cli("state", in_database)
    assert done.code == Exit.STORAGE
    assert "cannot be reached" in done.err
    assert "topsecret" not in done.err + done.out
