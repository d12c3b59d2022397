"""Scans imported from a real archive, reports stored in it; whom it is about is written nowhere."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import re

import pytest
from tests.support.orthanc import ACCOUNT, SECRET, free_port, running_orthanc
from tests.web.test_filing_scans import PERSON, kept_bytes, slices, stored_of
from tests.web.test_read_reports import SCAN, fill, read_scans, settle
from tests.web.test_reading_pages import ReadSite, _database  # noqa: F401 -- the fixture of that file

from firstbreath.events import kinds
from firstbreath.reading.report_reader import read_report
from firstbreath.web.reading.dicomweb import Archive
from firstbreath.web.requests_log import REQUESTS, JsonLines

CREDENTIALS = "Basic " + base64.b64encode(f"{ACCOUNT}:{SECRET}".encode()).decode()
OTHER_KERNEL = {"SeriesInstanceUID": "2.25.77", "ConvolutionKernel": "B40f", "SeriesDescription": "soft"}
MR = {"SeriesInstanceUID": "2.25.78", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4", "Modality": "MR"}
NAMES = [value for name, value in PERSON.items() if name != "StudyDate"]


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory):
    """An archive with a CT in two kernels and an MR of one patient, stored by a client that shares no code with us."""
    import pydicom
    import requests
    from dicomweb_client import DICOMwebClient

    files = [*slices()[1], *slices("two", **OTHER_KERNEL)[1], *slices("three", **MR)[1]]
    images = [pydicom.dcmread(io.BytesIO(content)) for content in files]
    for image in images:
        image.StudyInstanceUID = images[0].StudyInstanceUID
    with running_orthanc(tmp_path_factory.mktemp("orthanc")) as running:
        session = requests.Session()
        session.auth = (ACCOUNT, SECRET)
        DICOMwebClient(running.url, session=session).store_instances(images)
        session.close()
        yield running


def archive_of(running) -> Archive:
    return Archive(running.url, allowed=running.allowed, authorization=CREDENTIALS)


@pytest.fixture
def site(tmp_path, orthanc):
    made = ReadSite(tmp_path)
    made.reads.screen("S1")
    made.source.archive = archive_of(orthanc)
    return made


@pytest.fixture
def noted():
    """What the server's own log says."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    loggers = [REQUESTS, logging.getLogger("django")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield written
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def ask(site, step, account="dana", **sent):
    named = {f"archive-{name}" if name in ("study", "series") else name: value for name, value in sent.items()}
    return site.browser(account).post("/scans/archive", {"step": step, "request_id": step} | named)


def study_of(site) -> str:
    page = ask(site, "search", patient=PERSON["PatientID"]).content.decode()
    return re.search(r'name="archive-study" value="([0-9.]+)"', page)[1]


def series_of(site, words: str) -> str:
    page = ask(site, "series", study=study_of(site)).content.decode()
    found = re.findall(r'name="archive-series" value="([0-9.]+)"[^>]*> <span>([^<]*)', page)
    return next(uid for uid, told in found if words in told)


def log_of(site) -> bytes:
    return b"".join(record.data for record in site.reads.door.store.records())


class TestImport:
    def test_studies_are_listed_with_their_series(self, site):
        page = ask(site, "search", patient=PERSON["PatientID"]).content.decode()
        assert "20240911" in page
        assert PERSON["StudyDescription"] in page
        assert "<td>3</td>" in page
        assert "no study that fits" in ask(site, "search", patient="HOSP-1").content.decode()
        for search in ({"accession": PERSON["AccessionNumber"]}, {"first": "2024-09-01", "last": "2024-09-30"}):
            assert "20240911" in ask(site, "search", **search).content.decode()

    def test_series_are_listed_with_slices_and_kernel(self, site):
        page = ask(site, "series", study=study_of(site)).content.decode()
        assert "CT, 12 slices, kernel B70f" in page
        assert "CT, soft, 12 slices, kernel B40f" in page
        assert "MR, 12 slices" in page

    def test_series_is_filed_as_if_it_had_been_sent(self, site, noted):
        import gzip

        import numpy as np

        series = series_of(site, "B70f")
        answer = ask(site, "import", study=study_of(site), series=series, subject="S1", visit="screening")
        assert answer.headers.get("Location") == f"/scans/{SCAN}", answer.content.decode()
        body, stored = stored_of(site)
        volume, _ = slices()
        assert (body.slices, body.kernel) == (12, "B70f")
        first = gzip.decompress(site.source.blobs.get("S1", stored.slices[0]))
        assert np.array_equal(np.frombuffer(first, "<i2").reshape(32, 32), volume.hounsfield[0])
        pages = [site.browser("dana").get(place).content for place in ("/scans", f"/scans/{SCAN}", "/log", "/data")]
        said = noted.getvalue().encode()
        assert b'"import-scan"' in said
        study = study_of(site).encode()
        kept = [log_of(site), kept_bytes(site), *pages, said]
        for name in (*(value.encode() for value in NAMES), study, series.encode(), PERSON["StudyDate"].encode()):
            assert not any(name in content for content in kept), name
        filed = site.reads.reading.scans[SCAN].filed
        assert filed.source.startswith("archive")

    def test_no_digest_of_where_it_lies_is_kept(self, site):
        """The id of a request has a digest of the form, by which somebody could try out studies."""
        from firstbreath.web.act import _BESIDE

        assert _BESIDE.search("archive-study")
        assert _BESIDE.search("archive-series")

    def test_wrong_series_is_refused_and_nothing_is_kept(self, site):
        before = kept_bytes(site)
        study = study_of(site)
        for series, code in ((series_of(site, "MR"), "SCAN-012"), ("2.25.9", "DWEB-009"), ("../x", "DWEB-014")):
            answer = ask(site, "import", study=study, series=series, subject="S1", visit="screening")
            assert answer.status_code == 409
            page = answer.content.decode()
            assert code in page
            assert "kernel B70f" in page  # another one can be chosen at once
        assert not list(site.reads.reading.scans)
        assert kept_bytes(site) == before

    def test_what_cannot_be_filed_is_told_before_anything_is_fetched(self, site):
        site.source.archive = archive_of_nobody()
        answer = ask(site, "import", study="1.2", series="1.3", subject="S1", visit="D1")
        assert answer.status_code == 409
        assert "SCAN-051" in answer.content.decode()

    def test_several_stacks_in_one_series_are_chosen_from(self, tmp_path):
        import pydicom
        import requests
        from dicomweb_client import DICOMwebClient

        mixed = [*slices()[1], *slices("two", ConvolutionKernel="B40f")[1]]
        images = [pydicom.dcmread(io.BytesIO(content)) for content in mixed]
        for image in images:
            image.StudyInstanceUID, image.SeriesInstanceUID = "2.25.1", "2.25.2"
        site = ReadSite(tmp_path)
        site.reads.screen("S1")
        (tmp_path / "orthanc").mkdir()
        with running_orthanc(tmp_path / "orthanc") as running:
            session = requests.Session()
            session.auth = (ACCOUNT, SECRET)
            DICOMwebClient(running.url, session=session).store_instances(images)
            session.close()
            site.source.archive = archive_of(running)
            page = ask(site, "import", study="2.25.1", series="2.25.2", subject="S1", visit="screening")
        page = page.content.decode()
        assert 'action="/scans/file"' in page
        names = re.findall(r'name="kept" value="([0-9a-f]{64})"', page)
        digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)[1]
        sent = {"subject": "S1", "visit": "screening", "kept": names[0], "digest": digest, "request_id": "k"}
        assert site.browser("dana").post("/scans/file", sent).status_code == 303

    @pytest.mark.parametrize("search", [{}, {"patient": "HOSP*"}, {"first": "soon"}])
    def test_search_that_names_nothing_is_refused(self, site, search):
        answer = ask(site, "search", **search)
        assert answer.status_code == 409
        assert "DWEB-014" in answer.content.decode()

    def test_archive_that_is_down_is_said(self, site):
        site.source.archive = archive_of_nobody()
        steps = [("search", {"patient": "x"}), ("series", {"study": "1.2"})]
        steps += [("import", {"study": "1.2", "series": "1.3", "subject": "S1", "visit": "screening"})]
        for step, sent in steps:
            answer = ask(site, step, **sent)
            assert answer.status_code == 409
            assert "DWEB-004" in answer.content.decode()
        assert not list(site.reads.reading.scans)

    def test_without_an_archive_it_says_so_and_no_link_leads_there(self, site):
        dana = site.browser("dana")
        assert "/scans/archive" in dana.get("/scans").content.decode()
        site.source.archive = None
        assert "/scans/archive" not in dana.get("/scans").content.decode()
        for answer in (dana.get("/scans/archive"), dana.post("/scans/archive", {"step": "search", "patient": "x"})):
            assert answer.status_code == 200
            assert "No archive is configured" in answer.content.decode()


def archive_of_nobody() -> Archive:
    host = f"127.0.0.1:{free_port()}"
    return Archive(f"http://{host}/dicom-web", allowed={host})


class TestReports:
    @pytest.fixture
    def final(self, tmp_path, orthanc):
        site = fill(ReadSite(tmp_path))
        read_scans(site)
        settle(site)
        assert site.browser("dana").post("/scans/unblind", {"request_id": "u"}).status_code == 303
        site.source.archive = archive_of(orthanc)
        return site

    def test_report_is_stored_found_again_and_its_leaving_is_an_event(self, final):
        dana = final.browser("dana")
        assert "Store it in the archive" in dana.get("/scans/reads").content.decode()
        answer = dana.post(f"/scans/{SCAN}/report/final/store", {"request_id": "x"})
        assert answer.status_code == 303, answer.content.decode()
        content = dana.post(f"/scans/{SCAN}/report/final.dcm").content
        made, _taken = final.trial.trial.people.exports
        archive = final.source.archive
        assert made.body == kinds.ExportMade(
            f"report final of {SCAN} to the archive {archive.host}", hashlib.sha256(content).hexdigest(), 1,
        )  # fmt: skip
        (study,) = archive.find_studies(patient="S1")
        (series,) = archive.find_series(study.uid)
        ((_, stored),) = archive.fetch_series(study.uid, series.uid)
        assert series.modality == "SR"
        assert read_report(stored) == read_report(content)
        page = dana.get("/scans/reads").content.decode()
        assert f"/log/{made.seq}" in page

    def test_archive_that_is_down_is_said_and_the_attempt_is_in_the_log(self, final):
        final.source.archive = archive_of_nobody()
        answer = final.browser("dana").post(f"/scans/{SCAN}/report/A/store", {"request_id": "x"})
        assert answer.status_code == 409
        assert "DWEB-004" in answer.content.decode()
        assert len(final.trial.trial.people.exports) == 1

    def test_nobody_else_stores(self, final):
        for account in ("nora", "rosa", "paul"):
            assert final.browser(account).post(f"/scans/{SCAN}/report/A/store").status_code == 403
        assert final.browser("dana").get(f"/scans/{SCAN}/report/A/store").status_code == 405


class TestSettings:
    @pytest.fixture(autouse=True)
    def _unset(self, monkeypatch):
        for name in ("URL", "AUTHORIZATION", "PLAIN_HTTP"):
            monkeypatch.delenv(f"FIRSTBREATH_ARCHIVE_{name}", raising=False)

    def archive(self, monkeypatch, **settings):
        from firstbreath.cli.imaging import archive_of_environment

        for name, value in settings.items():
            monkeypatch.setenv(f"FIRSTBREATH_ARCHIVE_{name}", value)
        return archive_of_environment()

    def test_none_is_named(self, monkeypatch):
        assert self.archive(monkeypatch) is None

    def test_only_the_host_that_is_named_is_asked(self, monkeypatch, orthanc):
        found = self.archive(monkeypatch, URL=orthanc.url, AUTHORIZATION=CREDENTIALS)
        assert found.host == f"127.0.0.1:{orthanc.port}"
        assert len(found.find_studies(patient=PERSON["PatientID"])) == 1
        assert self.archive(monkeypatch, URL="http://10.0.0.9/rs", PLAIN_HTTP="1").host == "10.0.0.9"

    @pytest.mark.parametrize(
        "settings",
        [
            {"URL": "http://10.0.0.9/rs"},
            {"URL": f"https://nora:{SECRET}@pacs.example.org/"},
            {"URL": "pacs.example.org"},
            {"URL": "https://pacs.example.org", "PLAIN_HTTP": "yes"},
            {"URL": "https://pacs.example.org", "AUTHORIZATION": f"Bearer {SECRET}\u00e9"},
            {"AUTHORIZATION": f"Bearer {SECRET}"},
        ],
    )
    def test_settings_that_cannot_be_meant_stop_the_server(self, monkeypatch, settings):
        from firstbreath.cli.exits import Exit, Stop

        with pytest.raises(Stop) as stopped:
            self.archive(monkeypatch, **settings)
        assert stopped.value.code is Exit.USAGE
        assert SECRET not in str(stopped.value)
        assert "FIRSTBREATH_ARCHIVE_" in str(stopped.value)
