"""A scan imported from an archive in Chromium: searched for, chosen, taken in, seen; no barrier on the way."""

from __future__ import annotations

import io
import shutil

import pytest
from tests.browser.conftest import screen
from tests.browser.journey import Journey
from tests.browser.serving import served
from tests.browser.test_axe_in_chromium import look
from tests.support.orthanc import ACCOUNT, SECRET, running_orthanc
from tests.web.test_archive_pages import CREDENTIALS, MR, OTHER_KERNEL
from tests.web.test_filing_scans import PERSON, slices

from firstbreath.web.accounts.demonstration import PASSWORD

pytestmark = pytest.mark.chromium


@pytest.fixture
def people(browser, simulated, tmp_path, monkeypatch):
    import pydicom
    import requests
    from dicomweb_client import DICOMwebClient

    folder, beside = tmp_path / "trial", tmp_path / "orthanc"
    shutil.copytree(simulated, folder)
    beside.mkdir()
    files = [*slices()[1], *slices("two", **OTHER_KERNEL)[1], *slices("three", **MR)[1]]
    images = [pydicom.dcmread(io.BytesIO(content)) for content in files]
    for image in images:
        image.StudyInstanceUID = images[0].StudyInstanceUID
    with running_orthanc(beside) as archive:
        session = requests.Session()
        session.auth = (ACCOUNT, SECRET)
        DICOMwebClient(archive.url, session=session).store_instances(images)
        session.close()
        monkeypatch.setenv("FIRSTBREATH_ARCHIVE_URL", archive.url)
        monkeypatch.setenv("FIRSTBREATH_ARCHIVE_AUTHORIZATION", CREDENTIALS)
        with served(folder) as site, screen(browser, 1280):
            yield Journey(browser, site, PASSWORD)


def test_scan_is_searched_for_chosen_and_taken_in(people):
    people.become("data.xie")
    people.open("/scans")
    assert "Asks 127.0.0.1" in people.follow("Import from the archive")
    wrong = look(people.browser, "search")
    people.enter({"patient": PERSON["PatientID"]})
    assert "20240911" in people.press("Search")
    people.picture("archive-studies")
    wrong += look(people.browser, "studies")
    assert "CT, 12 slices, kernel B70f" in people.press("Show its series")
    wrong += look(people.browser, "series")
    of_mr, of_ct = "MR, 12 slices", "kernel B70f"
    choose(people, of_mr)
    people.enter({"subject": "SIM-11", "visit": "screening"})
    people.picture("archive-series")
    assert "SCAN-012" in people.press("Import it")
    people.picture("archive-refused")
    wrong += look(people.browser, "refused")
    choose(people, of_ct)
    page = people.press("Import it")
    assert "SIM-11, " in page
    assert "12 × 32 × 32" in page
    assert wrong == []


def choose(people, words: str) -> None:
    find = f"//main//label[contains(., {words!r})]//input"
    people.browser.execute_script("arguments[0].click()", people.browser.find_element("xpath", find))
