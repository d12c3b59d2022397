"""Whatever a reader can reach, byte for byte: no subject, no visit, no date of a scan, nothing of the other reader.

Every address of the site is asked for, every link, image, script and stack that a page names is followed, compressed
answers are opened, and headers are looked at too.
"""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.staffed_trial import PASSWORD
from tests.web.addresses import EVERY, WORKING
from tests.web.test_filing_scans import SMALL
from tests.web.test_reading_pages import SIGNED, ReadSite, _database, entered, read_all  # noqa: F401

from firstbreath.reading.phantom import Lesion, build_phantom, render_phantom

CT = Path(__file__).parents[3] / "shared" / "ct"
SUBJECTS = ("ALPHA-77", "OMEGA-88")
DATES = {"screening": "20310203", "D3": "20310214"}
PERSON = {
    "PatientName": "Zielinska^Planted",
    "PatientID": "HOSP-7781",
    "PatientBirthDate": "19520117",
    "InstitutionName": "Planted General",
    "StationName": "PLANTEDCT9",
    "AccessionNumber": "ACC-99121",
}
LINK = re.compile(rb'(?:href|src|action|data-[a-z-]+)="(/[^"#]*)"|"slice_url": "([^"]*)"')
OF_REMY = "what remy alone remarked"


def scan_of(subject: str, visit: str) -> list[bytes]:
    volume = build_phantom([Lesion("R1", 60)], **SMALL)
    dates = dict.fromkeys(("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"), DATES[visit])
    told = dates | {"StudyDescription": f"Planted {visit} of {subject}", "SeriesDescription": "planted baseline"}
    return render_phantom(volume, f"{subject} {visit}", **PERSON, **told)


def file(site: ReadSite, subject: str, visit: str, files: list[bytes]) -> None:
    sent = {"subject": subject, "visit": visit, "request_id": f"{subject}{visit}"}
    sent["files"] = [SimpleUploadedFile(f"{visit}-{n}.dcm", content) for n, content in enumerate(files)]
    answer = site.browser("dana").post("/scans/file", sent)
    assert answer.status_code == 303, answer.content.decode()
    site.reads.by("dana", {"act": "pass_scan", "scan": f"{subject}.{visit}.1"})


@pytest.fixture
def site(tmp_path):
    made = ReadSite(tmp_path)
    for subject in SUBJECTS:
        made.reads.screen(subject)
        for visit in DATES:
            file(made, subject, visit, scan_of(subject, visit))
    made.browser("dana").post("/scans/order", {"readers": ["rosa", "remy"], "request_id": "d"})
    return made


def crawl(site: ReadSite, account: str, begin: list[str]) -> Iterator[tuple[str, bytes]]:
    """Every address that can be reached from these, with all that its answer says, opened where it is compressed."""
    browser, waiting, met = site.browser(account), [*begin], set[str]()
    while waiting:
        address = waiting.pop()
        if address in met or address.startswith("/static") or address == "/sign-out":
            continue
        met.add(address)
        answer = browser.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        said = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        yield address, content + said.encode()
        found = [html.unescape((one or other).decode()) for one, other in LINK.findall(content)]
        waiting += [each.replace("{n}", str(n)) for each in found for n in range(30 if "{n}" in each else 1)]


def forbidden(site: ReadSite, *, other: str = "") -> list[bytes]:
    """What no byte may be: codes, names, planted values, dates as they are written anywhere, blob names."""
    scans = site.reads.reading.all_scans()
    words = [*SUBJECTS, *PERSON.values(), "Zielinska", *DATES.values(), "2031-02-03", "2031-02-14", "03.02.2031"]
    words += [scan.body.scan for scan in scans] + [scan.body.digest for scan in scans]
    words += [scan.body.archive for scan in scans] + [scan.body.slices_file for scan in scans]
    words += ['"D3"', "Day 3", ".screening.", ".D3."]
    if other:
        words += [OF_REMY, *(task.drawn.task for task in site.reads.reading.tasks_of(other))]
    return [word.encode() for word in words]


def check(site: ReadSite, pages: dict[str, bytes], **about) -> None:
    for address, content in pages.items():
        found = [word for word in forbidden(site, **about) if word in content]
        assert not found, (address, found)


def everything(site: ReadSite) -> list[str]:
    named = [address for addresses in WORKING.values() for address in addresses]
    every = {*EVERY, *named} | {address.replace("S1", SUBJECTS[0]) for address in named}
    scans = [f"/scans/{scan.body.scan}" for scan in site.reads.reading.all_scans()]
    tasks = [f"/reading/{task}" for task in site.reads.reading.tasks]
    cases = [f"/reading/cases/{scan.case}" for scan in site.reads.reading.all_scans()]
    return [*sorted(every), *scans, *[f"{each}/stack" for each in (*scans, *tasks, *cases)], *tasks, *cases]


def read_and_crawl(site: ReadSite, account: str) -> dict[str, bytes]:
    """Every page of a reader's list while it can be opened: each scan in its turn, then signed."""
    pages, browser = {}, site.browser(account)
    for n, task in enumerate(site.reads.reading.tasks_of(account)):
        desk = f"/reading/{task.drawn.task}"
        pages |= dict(crawl(site, account, [desk]))
        browser.post(desk, entered(R1="0", R2="0", L3="0") | {"request_id": f"c{account}{n}"})
        proof = {"sign-account": account, "sign-password": PASSWORD, "request_id": f"d{account}{n}"}
        proof["draft"] = str(site.reads.reading.tasks[task.drawn.task].draft.seq)
        assert browser.post(f"{desk}/sign", proof).status_code == 303
        assert browser.get(f"{desk}/stack").status_code == 404  # closed again until all are signed
    return pages


def test_reader_reaches_nothing_that_tells(site):
    remy = site.browser("remy")
    task = site.reads.next_task("remy").drawn.task
    remy.post(f"/reading/{task}/draft", entered(R1="2") | {"remark": OF_REMY, "request_id": "m"})
    pages = read_and_crawl(site, "rosa")
    asked = everything(site)
    named = [address for address in asked if address in ("/reading", "/today", "/people", "/me")]
    begin = [address for address in asked if not any(code in address for code in SUBJECTS)]
    pages |= dict(crawl(site, "rosa", begin))
    assert set(named) <= set(pages)
    slices = [address for address in pages if "/slices/" in address]
    assert len(slices) >= 12 * len(site.reads.reading.tasks_of("rosa"))
    told = {address: content for address, content in pages.items() if not _names_itself(address, site)}
    check(site, told, other="remy")


def _names_itself(address: str, site: ReadSite) -> bool:
    """Whether the address holds a code of the other reader, which an error page may repeat."""
    return any(task.drawn.task in address for task in site.reads.reading.tasks_of("remy"))


def test_whatever_is_asked_by_name_is_refused(site):
    for address in everything(site):
        if address.startswith("/scans") or any(code in address for code in SUBJECTS):
            answer = site.browser("rosa").get(address)
            assert answer.status_code in (403, 404, 405), address
            content = answer.content.replace(address.encode(), b"")
            assert not [word for word in forbidden(site) if word in content], address


def test_settling_tells_of_the_reads_and_still_not_of_the_patient(site):
    read_all(site, "rosa", R1="2", R2="0", L3="0")
    read_all(site, "remy")
    cases = [f"/reading/cases/{scan.case}" for scan in site.reads.reading.all_scans()]
    pages = dict(crawl(site, "rosa", ["/reading", "/today", *cases]))
    assert any(address.startswith("/reading/cases/") and b"reader B" in content for address, content in pages.items())
    check(site, pages)


WATCHERS = ("dana", "mona", "ines", "spencer", "stig", "sven")
SHOWN = ("/", "/log", "/audit", "/scans", "/scans/ALPHA-77.D3.1", "/api/log?limit=1000", "/paper/results.csv", "/data")


@pytest.mark.parametrize("account", WATCHERS)
def test_nobody_is_shown_a_read_before_all_are_final(site, account):
    task = site.reads.next_task("remy").drawn.task
    drafted = entered(R1="2") | {"remark": OF_REMY, "request_id": "m"}
    site.browser("remy").post(f"/reading/{task}/draft", drafted)
    event = site.reads.reading.tasks[task].draft.seq
    browser = site.browser(account)
    for address in (*SHOWN, f"/log/{event}", f"/log/{event}/record", f"/api/log/{event}"):
        content = browser.get(address).content
        assert OF_REMY.encode() not in content, address
        assert task.encode() not in content, address
    assert browser.get(f"/log/{event}").status_code in (403, 404)
    exported = browser.post("/exports", {"what": "log-lines", "request_id": f"e{account}"})
    assert OF_REMY.encode() not in exported.content


def test_task_codes_and_slices_give_no_order(site):
    """Two scans of a patient differ in code, image and nothing else that is sent."""
    import json

    read_all(site, "rosa")
    read_all(site, "remy")
    told = []
    for task in site.reads.reading.tasks_of("rosa"):
        answer = site.browser("rosa").get(f"/reading/{task.drawn.task}/stack")
        stack = json.loads(answer.content)
        stack["slice_url"] = stack["slice_url"].replace(task.drawn.task, "")
        told.append(stack)
    assert all(stack == told[0] for stack in told)
    assert "origin_mm" not in told[0]


@pytest.mark.skipif(not CT.is_dir(), reason="the real chest CT (../shared/ct) is not here")
def test_real_scan_is_read_without_a_trace(tmp_path):
    from pydicom import dcmread

    site = ReadSite(tmp_path)
    originals = [path.read_bytes() for path in sorted((CT / "b70f").glob("*.dcm"))]
    for subject in SUBJECTS:
        site.reads.screen(subject)
        for visit in DATES:
            file(
                site, subject, visit, originals if (subject, visit) == (SUBJECTS[0], "D3") else scan_of(subject, visit)
            )
    site.browser("dana").post("/scans/order", {"readers": ["rosa", "remy"], "request_id": "d"})
    header = dcmread(CT / "b70f" / "1-01.dcm", stop_before_pixels=True)
    names = ("PatientID", "PatientName", "StudyInstanceUID", "SeriesInstanceUID", "StudyDate", "SeriesDescription")
    values = [str(header[name].value) for name in names if name in header]
    values = [value.encode() for value in values if len(value) > 4]
    assert values
    pages = read_and_crawl(site, "rosa") | dict(crawl(site, "rosa", ["/reading"]))
    assert sum("/slices/" in address for address in pages) >= 30
    for address, content in pages.items():
        assert not [value for value in values if value in content], address
