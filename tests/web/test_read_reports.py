"""Reads as reports in DICOM: none before the reads are final, and then exactly what was signed."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.staffed_trial import PASSWORD
from tests.web.test_filing_scans import slices, zipped
from tests.web.test_reading_pages import SIGNED, ReadSite, _database, entered, read_all  # noqa: F401

from firstbreath.reading.keeping import read_headers
from firstbreath.reading.report import Signature
from firstbreath.reading.report_reader import read_report

SCAN = "S1.screening.1"
LINES = """[{"slice":2,"from":[1,2],"to":[5,2],"mm":36.0},
 {"slice":1,"from":[1,2],"to":[1,4],"mm":18.0,"segment":"L3"},{"slice":0,"from":[3,2],"to":[4,2],"mm":9.0,"segment":"R1"}]"""


def fill(site: ReadSite) -> ReadSite:
    """Both scans of S1, filed as files, passed, drawn; Rosa sees a lesion in R1 and cannot judge L3, Remy neither."""
    site.reads.screen("S1")
    for visit in ("screening", "D3"):
        sent = {"subject": "S1", "visit": visit, "request_id": visit}
        sent["files"] = [SimpleUploadedFile("scan.zip", zipped(slices(visit)[1]))]
        assert site.browser("dana").post("/scans/file", sent).status_code == 303
        site.reads.by("dana", {"act": "pass_scan", "scan": f"S1.{visit}.1"})
    site.fill("S2")  # scans of one patient alone are not drawn
    drawn = site.browser("dana").post("/scans/order", {"readers": ["rosa", "remy"], "request_id": "d"})
    assert drawn.status_code == 303, drawn.content.decode()
    return site


def read_scans(site: ReadSite) -> None:
    rosa = site.browser("rosa")
    for n, task in enumerate(site.reads.reading.tasks_of("rosa")):
        seen = entered(R1="2", R2="0", L3="NE") | {"mm-R1": "12.5", "shape-R1": "oval", "measurements": LINES}
        assert rosa.post(f"/reading/{task.drawn.task}", seen | {"request_id": f"r{n}"}).status_code == 303
        assert (
            rosa.post(
                f"/reading/{task.drawn.task}/sign",
                SIGNED | {"request_id": f"s{n}", "draft": str(site.reads.reading.tasks[task.drawn.task].draft.seq)},
            ).status_code
            == 303
        )
    read_all(site, "remy", R1="0", R2="0", L3="0")


def settle(site: ReadSite) -> None:
    """Rosa proposes, Remy agrees: R1 small, L3 clear."""
    rosa, remy = site.browser("rosa"), site.browser("remy")
    for scan in site.reads.reading.scans:
        case = site.reads.case_of(scan)
        sent = entered(R1="1", L3="0") | {"why-R1": "smaller", "why-L3": "clear", "step": "propose"}
        assert rosa.post(f"/reading/cases/{case}", sent | SIGNED | {"request_id": scan}).status_code == 303
        proposal = str(site.reads.reading.scans[scan].proposals[-1].seq)
        proof = {"sign-account": "remy", "sign-password": PASSWORD, "request_id": f"a{scan}"}
        agreed = remy.post(f"/reading/cases/{case}", {"step": "agree", "proposal": proposal} | proof)
        assert agreed.status_code == 303, agreed.content.decode()


@pytest.fixture
def read(tmp_path) -> ReadSite:
    site = fill(ReadSite(tmp_path))
    read_scans(site)
    settle(site)
    return site


@pytest.fixture
def final(read) -> ReadSite:
    assert read.browser("dana").post("/scans/unblind", {"request_id": "u"}).status_code == 303
    return read


def told_at(event) -> str:
    return event.at.isoformat().replace("+00:00", "Z")


def report(site, which, account="dana"):
    answer = site.browser(account).post(f"/scans/{SCAN}/report/{which}.dcm", {"request_id": f"r{which}"})
    assert answer.status_code == 200, answer.content.decode()
    assert answer.headers["Content-Type"] == "application/dicom"
    return read_report(answer.content)


def test_there_is_none_while_reads_are_sealed(read):
    dana = read.browser("dana")
    for which in ("A", "B", "final"):
        answer = dana.post(f"/scans/{SCAN}/report/{which}.dcm")
        assert answer.status_code == 404
        assert "sealed" in answer.content.decode()
    assert dana.post(f"/scans/{SCAN}/report/A/store").status_code == 404
    assert "report/A.dcm" not in dana.get(f"/scans/{SCAN}").content.decode()


def test_report_of_a_reader_is_what_was_signed(final):
    task = final.reads.reading.readings_of(SCAN)[0]
    found = report(final, "A")
    assert (found.trial, found.subject, found.time_point, found.case) == (
        final.trial.trial.protocol.design.trial.id, "S1", "screening", "",
    )  # fmt: skip
    assert found.role == "independent read 1"
    assert found.signatures == (Signature("Rosa Lind", told_at(task.signed)),)
    assert found.total is task.read.total is None
    for row in found.segments:
        signed = task.read.segments[row.id]
        assert (row.score, row.forms, row.shapes) == (signed.points, signed.forms, signed.shapes)
        assert row.size_mm == (float(signed.mm) if signed.mm else None)
    assert [row.score for row in found.segments] == [2, 0, None]
    unblinded = final.reads.reading.unblinded
    assert found.head == f"{unblinded.seq}:{final.source.hash_of(unblinded.seq).hex()}"


def test_measured_line_lies_on_the_image_it_was_drawn_on(final):
    (line,) = report(final, "A").lines
    headers = read_headers(final.source.blobs.get("S1", final.reads.reading.scans[SCAN].body.archive))
    assert line.image == headers[2].SOPInstanceUID
    assert (line.start, line.end, line.mm) == ((1.5, 2.5), (5.5, 2.5), 36.0)
    assert not any("PixelData" in header for header in headers)


def test_line_of_a_segment_stands_in_its_group(final):
    """The others with the whole lung; of a score that two people settled there is none."""
    headers = read_headers(final.source.blobs.get("S1", final.reads.reading.scans[SCAN].body.archive))
    images = [header.SOPInstanceUID for header in headers]
    found = report(final, "A")
    told = {row.id: [(line.mm, images.index(line.image)) for line in row.lines] for row in found.segments}
    assert told == {"R1": [(9.0, 0)], "R2": [], "L3": [(18.0, 1)]}
    assert [line.mm for line in found.lines] == [36.0]
    assert report(final, "final").all_lines == ()


def test_report_of_the_score_that_counts_has_both_signatures(final):
    scan = final.reads.reading.scans[SCAN]
    found = report(final, "final")
    assert (found.role, found.total) == ("consensus", 1)
    assert [row.score for row in found.segments] == [1, 0, 0]
    assert found.signatures == (
        Signature("Rosa Lind", told_at(scan.proposals[-1])), Signature("Remy", told_at(scan.agreed)),
    )  # fmt: skip
    assert report(final, "B").total == 0


def test_same_report_is_the_same_file(final):
    dana = final.browser("dana")
    first, second = (dana.post(f"/scans/{SCAN}/report/final.dcm").content for _ in range(2))
    assert first == second


def test_taking_a_report_is_in_the_log_before_it_leaves(final):
    content = final.browser("dana").post(f"/scans/{SCAN}/report/A.dcm").content
    exported = final.reads.door.history.events[-1].body
    told = (f"report A of {SCAN} as a file", hashlib.sha256(content).hexdigest())
    assert (exported.what, exported.digest) == told
    assert final.browser("dana").get(f"/scans/{SCAN}/report/A.dcm").status_code == 405


def test_other_reads_are_not_there(final):
    dana = final.browser("dana")
    for place in (f"{SCAN}/report/C.dcm", f"{SCAN}/report/a.dcm", "S9.D3.1/report/A.dcm"):
        assert dana.post(f"/scans/{place}").status_code == 404
    assert final.browser("rosa").post(f"/scans/{SCAN}/report/A.dcm").status_code == 403
    before = final.reads.reading.unblinded.seq - 1
    assert dana.post(f"/scans/{SCAN}/report/A.dcm?as_of={before}").status_code == 404


def test_links_are_where_the_scan_and_the_scores_are(final):
    dana = final.browser("dana")
    for place in (f"/scans/{SCAN}", "/scans/reads"):
        page = dana.get(place).content.decode()
        for which in ("A", "B", "final"):
            assert f"/scans/{SCAN}/report/{which}.dcm" in page
        assert "Store it in the archive" not in page  # none is configured
    assert "/report/" not in final.browser("nora").get(f"/scans/{SCAN}").content.decode()


def test_storing_without_an_archive_says_so_and_writes_nothing(final):
    before = final.trial.door.refresh().seq
    answer = final.browser("dana").post(f"/scans/{SCAN}/report/A/store", {"request_id": "x"})
    assert answer.status_code == 503
    assert "No archive is configured" in answer.content.decode()
    exports = final.trial.trial.people.exports
    assert exports == ()
    assert final.trial.door.refresh().seq - before <= 1  # the sign-in


def test_agreed_reads_have_the_signatures_of_both(tmp_path):
    site = fill(ReadSite(tmp_path))
    read_all(site, "rosa", R1="1", R2="0", L3="0")
    read_all(site, "remy", R1="1", R2="0", L3="0")
    site.browser("dana").post("/scans/unblind", {"request_id": "u"})
    found = report(site, "final")
    assert found.role == "independent reads that agreed"
    assert [signature.reader for signature in found.signatures] == ["Rosa Lind", "Remy"]
    assert found.total == 1


def test_a_mean_is_nobodys_read(tmp_path):
    from tests.support.read_trial import CHARTER

    site = fill(ReadSite(tmp_path, charter=CHARTER.replace('"consensus"', '"mean"')))
    read_all(site, "rosa", R1="1", R2="0", L3="0")
    read_all(site, "remy", R1="0", R2="0", L3="0")
    site.browser("dana").post("/scans/unblind", {"request_id": "u"})
    assert site.browser("dana").post(f"/scans/{SCAN}/report/final.dcm").status_code == 404
    assert report(site, "B").total == 0


def turned_to(turned, content: bytes) -> bytes:
    from io import BytesIO

    from pydicom import dcmread, dcmwrite

    image, file = dcmread(BytesIO(content)), BytesIO()
    image.ImageOrientationPatient = turned
    dcmwrite(file, image, enforce_file_format=True)
    return file.getvalue()


@pytest.mark.parametrize(
    ("turned", "start", "end"),
    [
        ([1, 0, 0, 0, 1, 0], (1.5, 2.5), (5.5, 2.5)),
        ([-1, 0, 0, 0, 1, 0], (30.5, 2.5), (26.5, 2.5)),
        ([1, 0, 0, 0, -1, 0], (1.5, 29.5), (5.5, 29.5)),
        ([0, 1, 0, 1, 0, 0], (2.5, 1.5), (2.5, 5.5)),
    ],
    ids=["as the viewer shows it", "mirrored", "upside down", "on its side"],
)
def test_line_is_placed_on_images_that_lie_otherwise(turned, start, end):
    from io import BytesIO

    from pydicom import dcmread

    from firstbreath.events.kinds import MeasuredLine
    from firstbreath.reading.decode import build_volume
    from firstbreath.reading.placing import place_line
    from firstbreath.reading.series import find_series

    files = [turned_to(turned, content) for content in slices()[1]]
    (series,) = find_series(files)
    volume = build_volume(series)
    headers = [each.dataset for each in series.slices]
    placed = place_line(MeasuredLine(2, (1, 2), (5, 2), 36.0), volume.geometry, headers)
    assert (placed.start, placed.end) == (start, end)
    image = dcmread(BytesIO(files[-3])).pixel_array.astype(int)
    for place, (column, row) in ((start, (1, 2)), (end, (5, 2))):
        there = image[int(place[1]), int(place[0])]
        assert there - 1024 == volume.hounsfield[2][row, column]
