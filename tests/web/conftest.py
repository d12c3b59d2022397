"""Pages are tested as a browser gets them; a template that names what is not there fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from tests.support.site_database import FAST, use_fresh_database
from tests.support.staffed_trial import StaffedTrial
from tests.web.sources import client_of
from tests.web.working import WorkingSite

from firstbreath.cli.demo import replay_study
from firstbreath.cli.serve import StudySource
from firstbreath.cli.study import Study
from firstbreath.events.blobs import FileBlobs
from firstbreath.web.settings import configure_django

configure_django()


class MissingName(str):
    """Django prints this where a template names what is not there: so it fails instead."""

    __slots__ = ()

    def __mod__(self, name: object) -> str:
        msg = f"a template names {name}, which is not there"
        raise AssertionError(msg)


@pytest.fixture(autouse=True)
def _strict_templates() -> Iterator[None]:
    from django.template import engines

    engine = engines["django"].engine
    engine.string_if_invalid = MissingName("%s")
    yield
    engine.string_if_invalid = ""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkingSite]:
    """A staffed trial on the web, with a database of its own for accounts and sessions; passwords are hashed fast."""
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=FAST):
        use_fresh_database(tmp_path)
        yield WorkingSite(StaffedTrial(), FileBlobs(tmp_path / "blobs", tmp_path / "keys"))


@pytest.fixture(scope="session")
def mexcovid(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The published trial, replayed once."""
    folder: Path = tmp_path_factory.mktemp("studies") / "mexcovid"
    folder.mkdir()
    replay_study("mexcovid", folder)
    return Study(folder, read_only=True)


@pytest.fixture(scope="session")
def published(mexcovid: Study) -> Client:
    """A browser at the site of the published trial."""
    return client_of(StudySource(mexcovid))
