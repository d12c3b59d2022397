"""What takes long is told while it is done, in lines for the page that asks; its answer is the same."""

from __future__ import annotations

import http.client
import io
import json
import logging
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.test_dicomweb import answering
from tests.web.test_filing_scans import PERSON, kept_bytes, slices, zipped
from tests.web.test_reading_pages import ReadSite, _database, read_all  # noqa: F401 -- the fixture of that file

from firstbreath.events.store import StoreError
from firstbreath.web import progress
from firstbreath.web.progress import LINES
from firstbreath.web.reading import lung_seen, taking
from firstbreath.web.reading.archive_wire import Limits
from firstbreath.web.reading.dicomweb import Archive
from firstbreath.web.requests_log import REQUESTS, JsonLines
from firstbreath.web.site import create_application, run_server

WAIT_S = 30
SCAN = "S1.screening.1"
STEPS = ["open", "sort", "decode", "scrub", "keep"]
AS_LINES = {"accept": LINES}


@pytest.fixture
def site(tmp_path):
    made = ReadSite(tmp_path)
    made.reads.screen("S1")
    return made


@pytest.fixture
def every_step(monkeypatch):
    """Each step is kept for a line of its own, however fast it goes."""
    monkeypatch.setattr(progress, "EVERY_S", 0.001)
    real = taking.build_volume, taking.render_archive, taking.keep_stack

    def slowly(room):
        def slow(*args, **named):
            time.sleep(0.02)
            return room(*args, **named)

        return slow

    for name, room in zip(("build_volume", "render_archive", "keep_stack"), real, strict=True):
        monkeypatch.setattr(taking, name, slowly(room))


class Gate:
    """A room that waits until it is let through."""

    def __init__(self, room) -> None:
        self.room, self.reached, self.open = room, threading.Event(), threading.Event()

    def __call__(self, *args, **named):
        self.reached.set()
        assert self.open.wait(WAIT_S)
        return self.room(*args, **named)


@pytest.fixture
def gate(monkeypatch):
    made = Gate(taking.keep_stack)
    monkeypatch.setattr(taking, "keep_stack", made)
    yield made
    made.open.set()


def post(site, *contents, account="dana", **more):
    contents = contents or (zipped(slices()[1]),)
    files = [SimpleUploadedFile(f"f{n}", content) for n, content in enumerate(contents)]
    headers = more.pop("headers", AS_LINES)
    sent = {"subject": "S1", "visit": "screening", "files": files, "request_id": "r"}
    browser = more.pop("browser", None) or site.browser(account)
    return browser.post("/scans/file", sent | more, headers=headers)


def told(answer):
    """The steps of an answer, and its end."""
    assert answer.headers["Content-Type"] == LINES
    *steps, end = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
    assert all("status" not in step for step in steps)
    return steps, end


def plainly(html: str) -> str:
    """A page without what is new on every page."""
    return re.sub(r'name="(request_id|csrfmiddlewaretoken)" value="[^"]*"', "", html)


class TestLines:
    def test_steps_come_in_order_and_the_end_says_where_to_go(self, site, every_step):
        steps, end = told(post(site))
        assert end == {"status": 303, "go": f"/scans/{SCAN}"}
        assert SCAN in site.reads.reading.scans
        named = [step["step"] for step in steps if step["step"]]
        assert named == sorted(named, key=STEPS.index)
        assert {"decode", "scrub", "keep"} <= {*named}
        assert all(0 <= step["done"] <= step["of"] == 12 for step in steps if step["step"])

    def test_a_form_that_asks_for_no_lines_gets_its_page_as_before(self, site):
        answer = post(site, headers={})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/scans/{SCAN}")
        assert not answer.streaming

    def test_refusal_is_the_same_page_with_what_was_entered(self, site):
        dana = site.browser("dana")
        plain = post(site, b"no dicom", headers={}, browser=dana)
        _, end = told(post(site, b"no dicom", browser=dana))
        assert end["status"] == plain.status_code == 409
        assert "SCAN-001" in end["html"]
        assert "<option selected>S1</option>" in end["html"]
        assert plainly(end["html"]) == plainly(plain.content.decode())

    def test_page_of_lines_speaks_the_language_of_the_reader(self, site):
        dana, chinese = site.browser("dana"), {"accept-language": "zh-CN"}
        plain = post(site, b"no dicom", headers=chinese, browser=dana).content.decode()
        _, end = told(post(site, b"no dicom", headers=AS_LINES | chinese, browser=dana))
        assert '<html lang="zh-hans">' in end["html"]
        assert plainly(end["html"]) == plainly(plain)

    def test_series_is_chosen_and_the_choice_tells_its_steps_too(self, site):
        other = slices("two", SeriesInstanceUID="1.2.3", ConvolutionKernel="B40f")[1]
        _, end = told(post(site, *slices()[1], *other))
        kept = re.findall(r'name="kept" value="([0-9a-f]{64})"', end["html"])
        assert "data-steps" in end["html"]
        _, end = told(post(site, b"", kept=kept[0], files=[], request_id="k"))
        assert end["go"] == f"/scans/{SCAN}"

    def test_whoever_may_not_is_refused_without_a_line(self, site):
        assert post(site, account="rosa").status_code == 403
        assert site.anybody().post("/scans/file", headers=AS_LINES).status_code == 303

    def test_the_last_line_is_said_again_while_there_is_no_news(self, site, gate, monkeypatch):
        monkeypatch.setattr(progress, "EVERY_S", 0.01)
        monkeypatch.setattr(progress, "QUIET", 3)
        lines = iter(post(site).streaming_content)
        last, said = {"step": "keep", "done": 0, "of": 12}, []
        while said[-2:] != [last, last]:
            said.append(json.loads(next(lines)))
            assert len(said) < 5_000, "the last line is never said again"
        gate.open.set()

    def test_servers_log_tells_what_came_of_it_once_it_came(self, site, gate):
        written = io.StringIO()
        handler = logging.StreamHandler(written)
        handler.setFormatter(JsonLines())
        before = REQUESTS.level
        REQUESTS.addHandler(handler)
        REQUESTS.setLevel(logging.INFO)
        try:
            answer = post(site)
            assert "file-scan" not in written.getvalue()
            gate.open.set()
            told(answer)
            answer.close()
        finally:
            REQUESTS.removeHandler(handler)
            REQUESTS.setLevel(before)
        (line,) = [json.loads(line) for line in written.getvalue().splitlines() if "file-scan" in line]
        assert line["status"] == 303


class TestBadDays:
    def test_crash_becomes_the_page_of_every_crash_and_nothing_is_filed(self, site, monkeypatch, caplog):
        def crash(*_, **__):
            raise RuntimeError(PERSON["PatientName"])

        monkeypatch.setattr(taking, "keep_stack", crash)
        plain = post(site, headers={})
        _, end = told(post(site))
        assert end["status"] == plain.status_code == 500
        assert "Nothing was changed." in end["html"]
        assert plainly(end["html"]) == plainly(plain.content.decode())
        assert PERSON["PatientName"] not in end["html"]
        assert not list(site.reads.reading.scans)

    def test_full_disk_is_said_and_nothing_is_filed(self, site, monkeypatch):
        def full(*_, **__):
            raise StoreError("The disk is full; the file was not stored.", "Free some space and act again.")

        monkeypatch.setattr(site.source.blobs, "put", full)
        plain = post(site, headers={})
        _, end = told(post(site))
        assert end["status"] == plain.status_code == 503
        assert plainly(end["html"]) == plainly(plain.content.decode())
        monkeypatch.undo()
        assert not list(site.reads.reading.scans)
        assert told(post(site))[1]["status"] == 303

    def test_log_that_cannot_be_written_gives_the_form_back_under_its_number(self, site, monkeypatch):
        def full(*_, **__):
            raise StoreError("The disk is full; nothing was written.", "Free some space and act again.")

        dana = site.browser("dana")
        monkeypatch.setattr(site.reads.door.store, "append", full)
        _, end = told(post(site, request_id="once", browser=dana))
        assert end["status"] == 503
        assert "nothing is lost" in end["html"]
        assert 'name="request_id" value="once"' in end["html"]

    def test_whoever_goes_away_gets_it_finished(self, site, gate):
        answer = post(site)
        next(iter(answer.streaming_content))
        assert gate.reached.wait(WAIT_S)
        leaving = threading.Thread(target=answer.close)
        leaving.start()
        assert not list(site.reads.reading.scans)
        gate.open.set()
        leaving.join(WAIT_S)
        assert list(site.reads.reading.scans) == [SCAN]
        _, end = told(post(site, request_id="again"))
        assert "SCAN-052" in end["html"], "sent again it is refused, not filed twice"
        assert "only if it is wrong" in end["html"]

    def test_two_at_once_are_both_filed(self, site):
        site.reads.screen("S2")
        with ThreadPoolExecutor(2) as both:
            ends = [*both.map(lambda subject: told(post(site, subject=subject, request_id=subject))[1], ("S1", "S2"))]
        assert [end["status"] for end in ends] == [303, 303]
        assert {*site.reads.reading.scans} == {SCAN, "S2.screening.1"}

    def test_of_two_of_the_same_visit_at_once_one_is_refused_with_its_reason(self, site, monkeypatch):
        meet, real = threading.Barrier(2), taking.keep_stack

        def together(*args):
            meet.wait(WAIT_S)
            return real(*args)

        monkeypatch.setattr(taking, "keep_stack", together)
        with ThreadPoolExecutor(2) as both:
            ends = [*both.map(lambda number: told(post(site, request_id=number))[1], "ab")]
        assert sorted(end["status"] for end in ends) == [303, 409]
        assert "SCAN-052" in next(end["html"] for end in ends if end["status"] == 409)
        assert list(site.reads.reading.scans) == [SCAN]


class TestArchive:
    def test_slices_are_told_as_they_come_and_a_silent_archive_is_said(self, site):
        (content, *_), before = slices()[1], kept_bytes(site)
        import pydicom

        header = pydicom.dcmread(io.BytesIO(content), stop_before_pixels=True)
        study, series = header.StudyInstanceUID, header.SeriesInstanceUID

        def write(asked):
            asked.send_response(200)
            kind = "dicom+json" if "includefield" in asked.path else "dicom"
            asked.send_header("Content-Type", f'multipart/related; type="application/{kind}"; boundary=b')
            asked.end_headers()
            if kind == "dicom":
                for _ in range(2):
                    asked.wfile.write(b"\r\n--b\r\nContent-Type: application/dicom\r\n\r\n" + content)
                    asked.wfile.flush()
                time.sleep(2)

        sent = {"archive-study": study, "archive-series": series, "subject": "S1", "visit": "screening"}
        with answering(write) as (archive, _):
            site.source.archive = impatient(archive)
            answer = site.browser("dana").post("/scans/archive", sent | {"step": "import"}, headers=AS_LINES)
            steps, end = told(answer)
        assert {"step": "fetch", "done": 1, "of": 0} in steps
        assert end["status"] == 409
        assert "DWEB-006" in end["html"]
        assert "<option selected>S1</option>" in end["html"]
        assert not list(site.reads.reading.scans)
        assert kept_bytes(site) == before


def impatient(archive: Archive) -> Archive:
    host = archive.host
    return Archive(f"http://{host}/dicom-web", allowed={host}, limits=Limits(wait_s=0.5))


class TestLungs:
    ADDRESS = "/reading/lungs/S1.D3.1"

    @pytest.fixture
    def rosa(self, tmp_path):
        site = ReadSite(tmp_path).fill("S1", "S2")
        site.browser("dana").post("/scans/order", {"readers": ["rosa", "remy"], "request_id": "d"})
        read_all(site, "rosa")
        read_all(site, "remy")
        site.browser("dana").post("/scans/unblind", {"request_id": "u"})
        return site.browser("rosa")

    @pytest.fixture
    def computed(self, monkeypatch):
        """How often a mask was computed."""
        times, real = [], lung_seen.threshold_mask

        def count(*args):
            times.append(1)
            made = real(*args)
            time.sleep(0.5)  # longer than a line waits for news
            return made

        monkeypatch.setattr(lung_seen, "threshold_mask", count)
        return times

    def test_page_is_there_at_once_with_the_way_to_the_mask(self, rosa, computed):
        page = rosa.get(self.ADDRESS).content.decode()
        assert "Make the mask" in page
        assert "Accept the mask" not in page
        assert computed == []

    def test_mask_is_told_slice_by_slice_and_computed_once(self, rosa, computed):
        steps, end = told(rosa.get(self.ADDRESS, {"wait": "yes"}, headers=AS_LINES))
        assert [step["of"] for step in steps if step["step"] == "mask"]
        assert "Accept the mask" in end["html"]
        assert rosa.get(f"{self.ADDRESS}/sheet.png").content.startswith(b"\x89PNG")
        assert "Accept the mask" in rosa.get(self.ADDRESS).content.decode()
        assert rosa.post(self.ADDRESS, {"step": "accept", "request_id": "a"}).status_code == 303
        assert computed == [1]

    def test_two_who_look_at_once_have_it_computed_once(self, rosa, computed):
        with ThreadPoolExecutor(2) as both:
            pages = both.map(lambda _: rosa.get(self.ADDRESS, {"wait": "yes"}).content.decode(), range(2))
            assert all("Accept the mask" in page for page in pages)
        assert computed == [1]

    def test_kept_slices_that_are_gone_are_said(self, rosa, computed, monkeypatch):
        def gone(*_):
            raise StoreError("File abc is missing or was changed.", "Restore it from a backup.")

        monkeypatch.setattr(lung_seen.FileBlobs, "get", gone)
        _, end = told(rosa.get(self.ADDRESS, {"wait": "yes"}, headers=AS_LINES))
        assert end["status"] == 503
        assert "Restore it from a backup." in end["html"]


class TestOverHttp:
    """The server itself: lines arrive one by one, and a connection that breaks breaks nothing else."""

    @pytest.fixture
    def asked(self, site, gate):
        address = listening_at(site)
        with asking(address, site) as asked:
            yield asked

    def test_lines_arrive_while_the_work_is_under_way(self, asked, gate, site):
        answer = asked()
        assert answer.getheader("Content-Type") == LINES
        assert answer.getheader("Transfer-Encoding") == "chunked"
        line = json.loads(answer.readline())
        assert gate.reached.wait(WAIT_S)
        while line["step"] != "keep":
            line = json.loads(answer.readline())
        assert not list(site.reads.reading.scans)
        gate.open.set()
        rest = [json.loads(line) for line in answer.read().splitlines()]
        assert rest[-1] == {"status": 303, "go": f"/scans/{SCAN}"}

    def test_connection_that_breaks_in_the_middle_leaves_a_whole_scan(self, asked, gate, site):
        answer = asked()
        answer.readline()
        assert gate.reached.wait(WAIT_S)
        asked.hang_up()
        gate.open.set()
        until = time.monotonic() + WAIT_S
        while not list(site.reads.reading.scans) and time.monotonic() < until:
            time.sleep(0.02)
        assert list(site.reads.reading.scans) == [SCAN]
        assert site.browser("dana").get(f"/scans/{SCAN}").status_code == 200


def listening_at(site) -> str:
    addresses, listening = [], threading.Event()

    def say(address: str) -> None:
        addresses.append(address)
        listening.set()

    keywords = {"port": 0, "when_listening": say}
    application = create_application(site.source)
    threading.Thread(target=run_server, args=(application,), kwargs=keywords, daemon=True).start()
    assert listening.wait(WAIT_S)
    return addresses[0]


class Asking:
    """Dana's browser, which sends a scan over a connection of its own."""

    def __init__(self, address: str, cookies: str, mark: str) -> None:
        place = urlsplit(address)
        self.connection = http.client.HTTPConnection(place.hostname, place.port, timeout=WAIT_S)
        self.host, self.cookies, self.mark = place.netloc, cookies, mark

    def __call__(self) -> http.client.HTTPResponse:
        fields = {"csrfmiddlewaretoken": self.mark, "subject": "S1", "visit": "screening", "request_id": "r"}
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="scan.zip"\r\n\r\n'
        body = b"".join(parts) + head + zipped(slices()[1]) + b"\r\n--b--\r\n"
        headers = {"Cookie": self.cookies, "Accept": LINES, "Origin": f"http://{self.host}"}
        headers |= {"Content-Type": "multipart/form-data; boundary=b"}
        self.connection.request("POST", "/scans/file", body, headers)
        return self.connection.getresponse()

    def hang_up(self) -> None:
        self.connection.sock and self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.connection.close()


@contextmanager
def asking(address: str, site):
    dana = site.browser("dana")
    page = dana.get("/scans/file").content.decode()
    mark = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in dana.cookies.items())
    asked = Asking(address, cookies, mark)
    yield asked
    asked.connection.close()
