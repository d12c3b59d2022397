"""The log, its filter, its pages, and one event that anyone can check by hand."""

import hashlib
import re
import shutil
import subprocess

import pytest
from tests.support.small_trial import SmallTrial
from tests.web.sources import small_client, told

from firstbreath.events.chain import GENESIS
from firstbreath.web.records.audit import EVENTS_A_PAGE


def seqs(page: bytes) -> list[int]:
    return [int(seq) for seq in re.findall(r'<th scope="row"><a href="/log/(\d+)', page.decode())]


def test_log_is_shown_in_order_a_page_at_a_time(published):
    total = published.get("/health").json()["events"]
    pages = -(-total // EVENTS_A_PAGE)
    shown = [seq for page in range(1, pages + 1) for seq in seqs(published.get("/log", {"page": page}).content)]
    assert shown == list(range(1, total + 1))


@pytest.mark.parametrize("page", ["0", "-1", "99", "1.5", "x", "9" * 400, "²"])
def test_page_that_is_not_there_is_not_found(published, page):
    response = published.get("/log", {"page": page})
    assert response.status_code == 404
    assert "The last page of this list is 3." in told(response)


def test_filter_by_subject_and_kind(published):
    page = published.get("/log", {"subject": "P2", "kind": "dose_given"})
    assert len(seqs(page.content)) == 5
    assert "5 events · all events" in told(page)
    assert '<option value="P2" selected>' in page.content.decode()


@pytest.mark.parametrize("query", [{"subject": "nobody"}, {"kind": "nothing"}, {"subject": "<script>"}])
def test_filter_that_fits_nothing_says_so(published, query):
    page = published.get("/log", query)
    assert page.status_code == 200
    assert "No event fits." in told(page)


def test_paging_keeps_the_filter():
    small = SmallTrial()
    small.enrolled()
    for repeat in range(1, 62):
        small.act("record_form", form="vital_signs", visit="D1", values={"spo2": "95"}, repeat=repeat)
    page = small_client(small).get("/log", {"kind": "form_recorded"}).content.decode()
    assert 'href="/log?kind=form_recorded&amp;page=2" rel="next"' in page


def test_event_shows_its_whole_envelope(published):
    page = told(published.get("/log/9"))
    for part in (
        "Event 9 Dose given Day 1: 2.0 × 10⁸ vesicles",
        "Written 2022-05-26 00:00:09 UTC",
        "Occurred 2020-03-16 to 2020-04-05",
        "Actor published record",
        "Role transcriber",
        "Kind dose_given",
        "Subject P1",
        "First written Methods",
        "Amount 2.0e8",
    ):
        assert part in page


@pytest.mark.parametrize("seq", [1, 2, 40])
def test_hash_can_be_computed_from_what_the_page_gives(published, seq):
    page = published.get(f"/log/{seq}").content.decode()
    previous, hashed = re.findall(r'<code class="hash">([0-9a-f]{64})</code>', page)[:2]
    record = published.get(f"/log/{seq}/record").content
    assert hashlib.sha256(bytes.fromhex(previous) + record).hexdigest() == hashed
    assert "computed again just now: it fits" in page


def test_first_event_follows_zero_bytes(published):
    page = published.get("/log/1").content.decode()
    assert GENESIS.hex() in page
    assert "nothing: 32 zero bytes" in page
    assert 'rel="prev"' not in page


@pytest.mark.skipif(
    not shutil.which("xxd") or not shutil.which("sha256sum"), reason="xxd or sha256sum is not installed"
)
def test_printed_command_gives_the_hash(published, tmp_path):
    page = published.get("/log/9").content.decode()
    command = re.search(r'<pre class="command"[^>]*>([^<]+)</pre>', page)[1]
    (tmp_path / "event-9.json").write_bytes(published.get("/log/9/record").content)
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] in page.partition("Hash of this event")[2]


def test_record_is_sent_as_a_file_with_its_exact_bytes(published):
    response = published.get("/log/9/record")
    assert response.headers["Content-Disposition"] == 'attachment; filename="event-9.json"'
    assert response.headers["Content-Type"] == "application/json"


def test_correction_leads_to_the_event_it_corrects():
    small = SmallTrial()
    small.screen()
    small.act("correct_form", form="demographics", visit="screening", values={"age": "51"}, reason="misread")
    page = small_client(small).get("/log/4").content.decode()
    assert re.search(r'<span class="value">3</span>\s*<a class="event" href="/log/3">', page)


def test_refusal_shows_every_reason():
    small = SmallTrial()
    small.screen(age="76")
    small.enrol()
    page = told(small_client(small).get("/log/4"))
    assert "Enrol subject: refused, ELIG-I1, CONS-005" in page
    assert "ELIG-I1 Criterion I1 (inclusion) is not met: Age: 76 years." in page


def test_protocol_files_can_be_read_in_full(published):
    page = told(published.get("/log/1"))
    assert "Files protocol.toml" in page
    assert "[[criteria]]" in page


@pytest.mark.parametrize("seq", ["0", "129", "99999999999999999999999", "-1", "x", "1.0"])
def test_event_that_is_not_there_is_not_found(published, seq):
    assert published.get(f"/log/{seq}").status_code == 404
    assert published.get(f"/log/{seq}/record").status_code == 404
