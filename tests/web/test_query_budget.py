"""How often the databases are asked: once more for each page is once more for each of a hundred people."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.small_trial import FILES
from tests.support.staffed_trial import StaffedTrial
from tests.web.working import WorkingSite, value_of

from firstbreath.events.blobs import FileBlobs
from firstbreath.events.sqlite import SqliteStore

SAVE, PAGE = 6, 15
FORTY_TWO = "".join(
    f'[[forms.fields]]\nid = "f{n}"\nlabel = "Value {n}"\ntype = "decimal"\nmin = 0\nmax = 1000\n' for n in range(42)
)
GRID = FILES["protocol.toml"].replace(
    "vital_signs  |     .      X   X   X", "vital_signs  |     .      X   X   X\nlaboratory   |     .      X   .   ."
)
LABORATORY = {
    "protocol.toml": GRID,
    "forms.toml": f'{FILES["forms.toml"]}[[forms]]\nid = "laboratory"\ntitle = "L"\n{FORTY_TWO}',
}
PLACE = "/subjects/S1/forms/laboratory/D1/1"


@contextmanager
def counted(store: SqliteStore) -> Iterator[list[str]]:
    """Every statement that reaches either database meanwhile, also those that begin and end a transaction."""
    from django.db import connection

    said: list[str] = []
    connection.ensure_connection()
    both = (connection.connection, store._connection())

    def note(text: str) -> None:
        # SQLite tells of a row's trigger by the statement that fired it, once more: a row is never written twice.
        if not (said and said[-1] == text and text.lstrip().startswith("INSERT INTO log")):
            said.append(text)

    for each in both:
        each.set_trace_callback(note)
    try:
        yield said
    finally:
        for each in both:
            each.set_trace_callback(None)


@pytest.fixture
def laboratory(tmp_path: Path, site: WorkingSite) -> WorkingSite:
    """A site on SQLite whose protocol has a form of 42 fields; one subject."""
    store = SqliteStore(tmp_path / "log.sqlite", synchronous="NORMAL")
    trial = StaffedTrial(store, files=LABORATORY)
    trial.screen("S1")
    return WorkingSite(trial, FileBlobs(tmp_path / "blobs", tmp_path / "keys"))


def statements(said: list[str]) -> str:
    return "\n".join(re.sub(r"\s+", " ", text)[:90] for text in said)


def test_save_of_forty_two_fields_takes_six_statements(laboratory):
    nora = laboratory.browser("nora")
    values = {f"field-f{n}": "1.5" for n in range(42)} | {"request_id": value_of(nora.get(PLACE), "request_id")}
    before = laboratory.trial.trial.seq
    with counted(laboratory.trial.door.store) as said:
        answer = nora.post(PLACE, values)
    assert answer.status_code == 303, answer.content.decode()
    assert laboratory.trial.door.refresh().seq == before + 1
    assert any("INSERT INTO log" in text for text in said), "the count must see the save itself"
    assert len(said) <= SAVE, statements(said)


@pytest.mark.parametrize("subjects", [7, 300])
def test_page_of_a_subject_takes_as_many_statements_in_a_large_trial(laboratory, subjects):
    for number in range(2, subjects + 1):
        laboratory.trial.screen(f"S{number}")
    nora = laboratory.browser("nora")
    nora.get("/subjects/S1")
    with counted(laboratory.trial.door.store) as said:
        assert nora.get("/subjects/S1").status_code == 200
    assert 0 < len(said) <= 3 <= PAGE, statements(said)
