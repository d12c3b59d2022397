"""Filing a scan: names go before anything is kept, bad input is refused with its reason, nothing is half-stored."""

from __future__ import annotations

import hashlib
import io
import zipfile

import numpy as np
import pydicom
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.test_reading_pages import ReadSite, _database  # noqa: F401 -- the fixture of that file

from firstbreath.reading.phantom import Lesion, build_phantom, render_phantom
from firstbreath.reading.stored import decode_stored

SMALL = {"shape": (12, 32, 32), "spacing_mm": (20.0, 9.0, 9.0)}
PERSON = {
    "PatientName": "Planted^Wei",
    "PatientID": "HOSP-7781",
    "PatientBirthDate": "19520117",
    "InstitutionName": "Planted General",
    "StudyDate": "20240911",
    "StudyDescription": "Planted baseline thorax",
    "AccessionNumber": "ACC-99121",
}


def slices(seed="one", **header):
    volume = build_phantom([Lesion("R1", 60)], **SMALL)
    return volume, render_phantom(volume, seed, **(PERSON | header))


def zipped(files, **more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(files):
            archive.writestr(f"scan/{number:03}", content)
        for name, content in more.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def site(tmp_path):
    made = ReadSite(tmp_path)
    made.reads.screen("S1")
    return made


def send(site, *contents, account="dana", visit="screening", **more):
    files = [SimpleUploadedFile(f"f{n}", content) for n, content in enumerate(contents)]
    sent = {"subject": "S1", "visit": visit, "files": files, "request_id": f"r{len(contents)}{visit}"} | more
    return site.browser(account).post("/scans/file", sent)


def kept_bytes(site):
    return b"".join(path.read_bytes() for path in site.source.blobs.folder.rglob("*") if path.is_file())


def stored_of(site, scan="S1.screening.1"):
    body = site.reads.reading.scans[scan].body
    return body, decode_stored(site.source.blobs.get("S1", body.slices_file))


def test_zip_is_filed_with_its_slices_in_order(site):
    import gzip

    volume, files = slices()
    answer = send(site, zipped(files, **{"readme.txt": b"hello", "DICOMDIR": b"x"}))
    assert answer.status_code == 303, answer.content.decode()
    body, stored = stored_of(site)
    assert (body.slices, body.rows, body.columns, body.kernel) == (12, 32, 32, "B70f")
    assert sorted(body.left_out) == ["index (DICOMDIR)", "no DICOM file"]
    first = gzip.decompress(site.source.blobs.get("S1", stored.slices[0]))
    assert np.array_equal(np.frombuffer(first, "<i2").reshape(32, 32), volume.hounsfield[0])


def test_archive_copy_leaves_with_an_event_and_without_a_name(site):
    volume, files = slices()
    send(site, zipped(files))
    unseen = site.browser("dana").post("/scans/S1.screening.1/archive-copy", {"request_id": "u"})
    assert unseen.status_code == 404
    site.browser("dana").post("/scans/S1.screening.1/judge", {"step": "pass", "request_id": "p"})
    answer = site.browser("dana").post("/scans/S1.screening.1/archive-copy", {"request_id": "a"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    taken = answer.content
    exported = site.reads.door.history.events[-1].body
    assert (exported.what, exported.digest) == ("archive copy of S1.screening.1", hashlib.sha256(taken).hexdigest())
    with zipfile.ZipFile(io.BytesIO(taken)) as archive:
        inside = [archive.read(name) for name in archive.namelist()]
    copies = [pydicom.dcmread(io.BytesIO(content)) for content in inside]
    assert len(copies) == exported.records == volume.geometry.slices
    assert {(each.ClinicalTrialSubjectID, each.ClinicalTrialTimePointID) for each in copies} == {("S1", "screening")}
    named = {value for key, value in PERSON.items() if key != "StudyDate"}
    assert not [value for value in named if value.encode() in b"".join(inside)]
    assert site.browser("rosa").post("/scans/S1.screening.1/archive-copy", {"request_id": "b"}).status_code == 403


def test_sent_again_after_its_answer_was_lost_it_leads_to_the_scan_that_was_filed(site):
    _, files = slices()
    first = send(site, zipped(files))
    again = send(site, zipped(files))
    assert (first.status_code, again.status_code) == (303, 303)
    assert again["Location"] == first["Location"] == "/scans/S1.screening.1"
    assert len(site.reads.reading.scans) == 1


def test_loose_files_are_filed_too(site):
    assert send(site, *slices()[1]).status_code == 303


def test_nothing_that_is_kept_or_written_names_the_person(site):
    send(site, zipped(slices()[1]))
    body, _ = stored_of(site)
    archive = site.source.blobs.get("S1", body.archive)
    opened = zipfile.ZipFile(io.BytesIO(archive))
    inside = b"".join(opened.read(name) for name in opened.namelist())
    log = b"".join(record.data for record in site.reads.door.store.records())
    for planted in PERSON.values():
        if planted != PERSON["StudyDate"]:  # the archive keeps the day of the scan, and no reader sees it
            assert planted.encode() not in inside
        assert planted.encode() not in log
        assert planted.encode() not in kept_bytes(site)
    assert b"S1" in inside
    assert b"screening" in inside


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: [b"no dicom at all"], "SCAN-001"),
        (lambda: [zipped([])], "SCAN-001"),
        (lambda: [zipped(slices()[1])[:4000]], "SCAN-005"),
        (lambda: [zipped([b"\x00" * 40_000_000])], "SCAN-006"),
        (lambda: slices()[1] + slices("two", PatientID="OTHER")[1], "SCAN-010"),
        (lambda: [*slices()[1][:5], slices()[1][5][:700]], "SCAN-01"),
        (lambda: slices(SOPClassUID="1.2.840.10008.5.1.4.1.1.4", Modality="MR")[1], "SCAN-012"),
        (lambda: slices(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])[1], "SCAN-014"),
        (lambda: slices()[1] + slices("two", SeriesInstanceUID="1.2.3")[1], ""),
        (lambda: slices()[1][:6], "SCAN-017"),
        (lambda: slices()[1][:5] + slices()[1][7:] + slices()[1][:0], "SCAN-020"),
        (lambda: slices(GantryDetectorTilt="12")[1], "SCAN-019"),
        (lambda: [each.replace(b"-1024 ", b"0.0.0 ") for each in slices()[1]], "SCAN-0"),
    ],
    ids=[
        *("text", "empty zip", "cut zip", "bomb", "two patients", "cut file", "MR", "topogram", "two series"),
        *("too few", "gap", "tilt", "rescale"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_filed(site, make, code):
    answer = send(site, *make())
    page = answer.content.decode()
    if code:
        assert answer.status_code == 409, page
        assert code in page
    else:
        assert "Which series is read" in page
    assert not list(site.reads.reading.scans)
    assert "Planted" not in page
    assert "HOSP-7781" not in page


def test_preferred_kernel_is_read_and_the_other_is_said(tmp_path):
    from tests.support.read_trial import CHARTER

    site = ReadSite(tmp_path, charter=CHARTER.replace("readers = 2", 'readers = 2\nkernels = ["B70*"]'))
    site.reads.screen("S1")
    other = slices("two", SeriesInstanceUID="1.2.3", ConvolutionKernel="B40f")[1]
    assert send(site, *slices()[1], *other).status_code == 303
    body, _ = stored_of(site)
    assert body.kernel == "B70f"
    assert any("another series" in why and "B40f" in why for why in body.left_out)


def test_series_is_chosen_where_nothing_prefers_one(site):
    other = slices("two", SeriesInstanceUID="1.2.3", ConvolutionKernel="B40f")[1]
    page = send(site, *slices()[1], *other).content.decode()
    import re

    names = re.findall(r'name="kept" value="([0-9a-f]{64})"', page)
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)[1]
    assert len(names) == 2
    sent = {"subject": "S1", "visit": "screening", "kept": names[1], "digest": digest, "request_id": "k"}
    assert site.browser("dana").post("/scans/file", sent).status_code == 303
    body, _ = stored_of(site)
    assert (body.kernel, body.digest) == ("B40f", digest)


def test_who_may_not_or_what_is_filed_already_is_told_before_anything_is_read(site):
    assert send(site, *slices()[1]).status_code == 303
    assert "SCAN-052" in send(site, b"whatever").content.decode()
    assert "SCAN-051" in send(site, b"whatever", visit="D1").content.decode()
    assert send(site, b"whatever", account="rosa").status_code == 403


def test_geometry_that_no_scanner_writes_is_refused(site):
    volume = build_phantom(shape=(12, 32, 32), spacing_mm=(20.0, 40.0, 40.0))
    page = send(site, *render_phantom(volume, "wide")).content.decode()
    assert "SCAN-042" in page
    assert not list(site.reads.reading.scans)


def test_doubled_slices_count_once_and_are_said(site):
    files = slices()[1]
    assert send(site, *files, files[3]).status_code == 303
    body, _ = stored_of(site)
    assert body.slices == 12
    assert "1 slices were sent twice, and count once" in body.flags
