"""A study folder as the site reads it: always the newest log, always checked, never written to."""

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from tests.web.sources import client_of, told

from firstbreath.cli.serve import StudySource
from firstbreath.cli.study import Study
from firstbreath.events.chain import verify_chain
from firstbreath.trial.commands import AnyCommand
from firstbreath.trial.door import Request
from firstbreath.web.source import Unavailable


@pytest.fixture
def folder(mexcovid: Study, tmp_path: Path) -> Path:
    return Path(shutil.copytree(mexcovid.folder, tmp_path / "study"))


def act(folder: Path, act: str, **arguments: object) -> None:
    import msgspec

    command = msgspec.convert({"act": act, **arguments}, AnyCommand)
    Study(folder).door().act(Request(command=command, actor="A. Nurse", role="nurse"))


def files_of(folder: Path) -> dict[str, bytes]:
    kept = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


def test_reading_every_page_writes_nothing(folder):
    from tests.web.addresses import EVERY

    before = files_of(folder)
    site = client_of(StudySource(Study(folder, read_only=True)))
    for address in EVERY:
        assert site.get(address).status_code == 200
        site.get(address, {"as_of": "40"})
    assert files_of(folder) == before


def test_events_of_others_are_seen_at_once(folder):
    site = client_of(StudySource(Study(folder, read_only=True)))
    assert site.get("/subjects/P8").status_code == 404
    act(folder, "open_screening", subject="P8")
    assert site.get("/subjects/P8").status_code == 200
    assert site.get("/health").json()["events"] == 129


def test_history_and_hashes_agree_with_the_log(folder):
    study = Study(folder, read_only=True)
    source = StudySource(study)
    history = source.history()
    assert len(history.events) == 128
    head = verify_chain(study.store.rows()).head
    assert source.hash_of(128) == head.hash
    assert source.record_of(128) == list(study.store.records())[-1].data


def test_readers_at_the_same_time_see_each_event_once(folder):
    source = StudySource(Study(folder, read_only=True))
    threads = [threading.Thread(target=source.history) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.seq for event in source.history().events] == list(range(1, 129))


def change_record(folder: Path, seq: int) -> None:
    """Change a record behind the log's back."""
    connection = sqlite3.connect(folder / "log.sqlite")
    connection.execute("DROP TRIGGER log_is_never_updated")
    connection.execute("UPDATE log SET record = CAST(replace(record, 'P1', 'P9') AS BLOB) WHERE seq = ?", (seq,))
    connection.commit()
    connection.close()


def test_changed_record_is_named_and_no_page_is_shown(folder):
    change_record(folder, 9)
    source = StudySource(Study(folder, read_only=True))
    for _ in range(2):
        with pytest.raises(Unavailable, match="Record 9 of the log does not match its hash"):
            source.history()
    response = client_of(source).get("/")
    assert response.status_code == 503
    assert "Record 9 of the log does not match its hash. " in told(response)


def test_claims_are_checked_again_when_their_files_change(folder):
    source = StudySource(Study(folder, read_only=True))
    first = source.verdicts()
    assert source.verdicts() is first
    claims = folder / "published" / "claims.toml"
    claims.write_text(claims.read_text() + "\n# edited\n")
    assert source.verdicts() is not first


def test_broken_claims_are_told_and_the_rest_goes_on(folder):
    (folder / "published" / "claims.toml").write_text("[[claims]\n")
    site = client_of(StudySource(Study(folder, read_only=True)))
    response = site.get("/claims")
    assert response.status_code == 503
    assert "claims.toml" in told(response)
    assert site.get("/").status_code == 200


def test_study_without_its_key_shows_all_but_the_paper(folder):
    (folder / "keys" / "head.key").unlink()
    (folder / "heads.jsonl").unlink(missing_ok=True)
    site = client_of(StudySource(Study(folder, read_only=True)))
    assert site.get("/paper/paper.html").status_code == 503
    assert "head.key is not there" in told(site.get("/paper/paper.html"))
    assert site.get("/log").status_code == 200


def test_log_that_vanished_is_told(folder):
    site = client_of(StudySource(Study(folder, read_only=True)))
    assert site.get("/").status_code == 200
    (folder / "log.sqlite").rename(folder / "elsewhere.sqlite")
    assert site.get("/").status_code == 503
