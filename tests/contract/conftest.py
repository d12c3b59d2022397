"""Each store's place in turn."""

import uuid
from pathlib import Path

import pytest
from tests.contract.store_places import Place, memory_place, postgres_place, sqlite_place


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "memory":
        return memory_place()
    if request.param == "sqlite":
        return sqlite_place(tmp_path / "trial.db")
    return postgres_place(request.getfixturevalue("postgres_dsn"), f"study of {uuid.uuid4()}")
