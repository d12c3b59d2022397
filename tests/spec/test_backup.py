"""Backup and restore."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from tests.support.served import make_working_folder, serving

from firstbreath.cli.exits import Exit

WORDS = "correct horse battery"
READER = Path(__file__).parents[2] / "docs" / "validation" / "verify_log.py"


@pytest.fixture(autouse=True)
def _passphrase(monkeypatch):
    monkeypatch.setenv("FIRSTBREATH_PASSPHRASE", WORDS)


@pytest.fixture
def file(study, tmp_path, cli):
    """A backup of the replayed study."""
    done = cli("backup", study, tmp_path / "a.backup")
    assert done.code == 0, done.err
    return tmp_path / "a.backup"


def read_alone(path):
    """What the stand-alone reader says, run where nothing of ours can be imported."""
    return subprocess.run(
        [sys.executable, "-I", "-S", READER, path], capture_output=True, text=True, cwd=path.parent, check=False
    )


def head_of(cli, folder):
    return json.loads(cli("verify", folder, "--json").out)["head"]


@pytest.mark.part11(4)
def test_restored_study_has_the_same_head_and_every_export_is_identical(study, file, tmp_path, cli):
    done = cli("restore", file, tmp_path / "back")
    assert done.code == 0, done.err
    before, after = (line.split()[-1] for line in done.out.splitlines() if line.startswith("Head "))
    assert before == after
    assert done.out.count("identical") == 5
    assert "DIFFERENT" not in done.out
    for command in (("log", "--json"), ("log", "--lines"), ("state", "--json")):
        assert cli(command[0], study, command[1]).out == cli(command[0], tmp_path / "back", command[1]).out
    written = [
        cli("paper", folder, "--out", tmp_path / f"paper of {folder.name}") for folder in (study, tmp_path / "back")
    ]
    assert [done.code for done in written] == [0, 0]
    one, other = tmp_path / "paper of study", tmp_path / "paper of back"
    assert sorted(path.name for path in one.iterdir()) == sorted(path.name for path in other.iterdir())
    assert [path.name for path in one.iterdir() if path.read_bytes() != (other / path.name).read_bytes()] == []


@pytest.mark.part11(4)
def test_log_can_be_read_and_checked_without_our_code(study, tmp_path, cli):
    head = head_of(cli, study)
    lines = tmp_path / "log.jsonl"
    lines.write_text(cli("log", study, "--lines").out)
    for path in (study / "log.sqlite", lines):
        assert head in read_alone(path).stdout
    changed = lines.read_text().replace("57", "58", 1)
    lines.write_text(changed)
    done = read_alone(lines)
    assert done.returncode == 1
    assert "does not match its hash" in done.stdout


def test_stand_alone_reader_names_what_is_missing_and_what_is_no_log(study, tmp_path, cli):
    lines = cli("log", study, "--lines").out.splitlines(keepends=True)
    (tmp_path / "gap.jsonl").write_text("".join(lines[:3] + lines[4:]))
    assert "record 5 follows record 3" in read_alone(tmp_path / "gap.jsonl").stdout
    (tmp_path / "no.jsonl").write_text("nothing")
    assert read_alone(tmp_path / "no.jsonl").returncode == 2
    sqlite3.connect(tmp_path / "other.sqlite").execute("CREATE TABLE a (b)").connection.close()
    assert read_alone(tmp_path / "other.sqlite").returncode == 2


@pytest.mark.part11(13)
def test_backup_shows_nothing_to_whoever_lacks_the_passphrase(file, tmp_path, cli, monkeypatch):
    content = file.read_bytes()
    assert b"protocol" not in content
    assert b"manifest" not in content
    assert file.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("FIRSTBREATH_PASSPHRASE", "wrong horse battery")
    done = cli("restore", file, tmp_path / "back")
    assert done.code == Exit.USAGE
    assert "What it was sealed with does not fit" in done.err
    assert "Nothing was restored" in done.err
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("place", [0, 30, 200, 5_000, -40, -1])
def test_changed_byte_is_found_and_nothing_is_restored(file, tmp_path, cli, place):
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    (tmp_path / "changed").write_bytes(content)
    done = cli("restore", tmp_path / "changed", tmp_path / "back")
    assert done.code in (Exit.USAGE, Exit.STORAGE)
    assert done.err
    assert "fault of firstbreath" not in done.err
    assert not [path for path in tmp_path.iterdir() if "back" in path.name and path.name != "a.backup"]


@pytest.mark.parametrize("part", [0.0, 0.001, 0.5, 0.99])
def test_file_that_is_cut_off_is_found_and_nothing_is_restored(file, tmp_path, cli, part):
    content = file.read_bytes()
    (tmp_path / "cut").write_bytes(content[: int(len(content) * part)])
    done = cli("restore", tmp_path / "cut", tmp_path / "back")
    assert done.code in (Exit.USAGE, Exit.STORAGE)
    assert "Nothing was restored" in done.err
    assert not (tmp_path / "back").exists()


def test_file_that_is_longer_than_it_was_is_found(file, tmp_path, cli):
    file.write_bytes(file.read_bytes() + b"more")
    assert "added after its end" in cli("restore", file, tmp_path / "back").err
    assert not (tmp_path / "back").exists()


def test_nothing_is_ever_overwritten(study, file, cli):
    assert "exists. Name another file" in cli("backup", study, file).err
    kept = sorted(study.rglob("*"))
    done = cli("restore", file, study)
    assert done.code == Exit.USAGE
    assert "is not an empty folder" in done.err
    assert sorted(study.rglob("*")) == kept


def test_backup_into_the_study_itself_is_refused(study, cli):
    assert "in the study's own folder" in cli("backup", study, study / "x.backup").err


def test_short_passphrase_is_refused(study, tmp_path, cli, monkeypatch):
    monkeypatch.setenv("FIRSTBREATH_PASSPHRASE", "short")
    done = cli("backup", study, tmp_path / "b")
    assert done.code == Exit.USAGE
    assert "has 5 characters. Use 12 or more" in done.err
    assert not (tmp_path / "b").exists()


def test_keys_can_stay_behind(study, tmp_path, cli):
    assert cli("backup", study, tmp_path / "b", "--without-keys").code == 0
    done = cli("restore", tmp_path / "b", tmp_path / "back")
    assert done.code == 0, done.err
    assert "made without keys/" in done.out
    assert not (tmp_path / "back" / "keys").exists()
    assert done.out.count("identical") == 5


def test_it_can_be_sealed_for_a_key_that_is_elsewhere(study, tmp_path, cli):
    private = X25519PrivateKey.generate()
    (tmp_path / "pub").write_bytes(
        private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    (tmp_path / "key").write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    assert cli("backup", study, tmp_path / "b", "--to", tmp_path / "pub").code == 0
    assert "sealed for a key, not with a passphrase" in cli("restore", tmp_path / "b", tmp_path / "back").err
    assert "is not the X25519 key" in cli("restore", tmp_path / "b", tmp_path / "back", "--key", tmp_path / "pub").err
    done = cli("restore", tmp_path / "b", tmp_path / "back", "--key", tmp_path / "key")
    assert done.code == 0, done.err


def test_changed_log_is_not_backed_up_as_if_it_were_whole(study, tmp_path, cli):
    log = sqlite3.connect(study / "log.sqlite")
    log.execute("DROP TRIGGER log_is_never_updated")
    log.execute("UPDATE log SET record = CAST(replace(record, '1', '2') AS BLOB) WHERE seq = 3")
    log.commit()
    log.close()
    done = cli("backup", study, tmp_path / "b")
    assert done.code == Exit.LOG_BROKEN
    assert not (tmp_path / "b").exists()


def test_working_site_is_backed_up_while_it_runs_and_people_sign_in_to_the_copy(tmp_path, cli):
    make_working_folder(tmp_path / "study", "nora")
    with serving(tmp_path / "study") as served:
        nora = served.person("nora")
        assert nora.act("open_screening", "1", subject="S1", site="").status == 201
        assert cli("backup", tmp_path / "study", tmp_path / "b").code == 0
        assert nora.act("open_screening", "2", subject="S2", site="").status == 201
    done = cli("restore", tmp_path / "b", tmp_path / "elsewhere")
    assert done.code == 0, done.err
    assert not (tmp_path / "elsewhere" / "site.json").exists()
    with serving(tmp_path / "elsewhere") as served:
        known = [subject["code"] for subject in json.loads(served.person("nora").get("/api/subjects").body)["subjects"]]
    assert known == ["S1"]


@pytest.mark.postgres
def test_backup_of_a_database_becomes_files_elsewhere_and_a_file_a_database(
    tmp_path, cli, postgres_url, monkeypatch, study
):
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    make_working_folder(tmp_path / "trial", "nora", database=postgres_url)
    assert cli("backup", tmp_path / "trial", tmp_path / "b").code == 0
    again = cli("restore", tmp_path / "b", tmp_path / "again")
    assert again.code == 0, again.err
    assert not (tmp_path / "again" / "log.sqlite").exists()
    assert (tmp_path / "again" / "study.toml").read_text() != (tmp_path / "trial" / "study.toml").read_text()
    head = head_of(cli, tmp_path / "again")
    monkeypatch.delenv("DATABASE_URL")
    done = cli("restore", tmp_path / "b", tmp_path / "files")
    assert done.code == 0, done.err
    assert head_of(cli, tmp_path / "files") == head
    assert not (tmp_path / "files" / "study.toml").exists()
    with serving(tmp_path / "files") as served:
        assert served.person("nora").get("/me").status == 200
