"""A signed read leaves as a structured report, and says what was signed, to an independent reader."""

from __future__ import annotations

import io

import pytest
from tests.web.test_reading_leaks import SUBJECTS, file, scan_of
from tests.web.test_reading_pages import SIGNED, ReadSite, _database, entered, read_all  # noqa: F401

from firstbreath.reading.report_reader import read_report

DATES = ("screening", "D3")


@pytest.fixture
def site(tmp_path):
    made = ReadSite(tmp_path)
    for subject in SUBJECTS:
        made.reads.screen(subject)
        for visit in DATES:
            file(made, subject, visit, scan_of(subject, visit))
    made.browser("dana").post("/scans/order", {"readers": ["rosa", "remy"], "request_id": "d"})
    return made


def settle(site, scan):
    case = site.reads.case_of(scan)
    rosa, remy = site.browser("rosa"), site.browser("remy")
    sent = entered(R1="1") | {"why-R1": "8 mm", "why-L3": "seen", "score-L3": "NE", "step": "propose"}
    assert rosa.post(f"/reading/cases/{case}", sent | {"request_id": f"p{case}"} | SIGNED).status_code == 303
    proposal = site.reads.reading.scans[scan].proposals[-1].seq
    agree = {"step": "agree", "proposal": str(proposal), "request_id": f"a{case}"} | SIGNED | {"sign-account": "remy"}
    assert remy.post(f"/reading/cases/{case}", agree).status_code == 303


def test_reports_say_what_was_signed(site):
    read_all(site, "rosa", R1="2", R2="0", L3="NE")
    read_all(site, "remy", R1="1", R2="0", L3="0")
    scans = [scan.body.scan for scan in site.reads.reading.all_scans()]
    dana = site.browser("dana")
    assert dana.get(f"/scans/{scans[0]}/report/A.dcm").status_code == 404
    for scan in scans:
        settle(site, scan)
    dana.post("/scans/unblind", {"request_id": "u"})
    assert "reader A" in dana.get(f"/scans/{scans[0]}").content.decode()
    first, final = (read_report(dana.get(f"/scans/{scans[0]}/report/{which}.dcm").content) for which in ("A", "final"))
    assert (first.role, first.total, first.subject, first.time_point) == (
        "independent read 1", None, SUBJECTS[0], "screening"
    )  # fmt: skip
    assert [(row.id, row.score, row.forms) for row in first.segments] == [
        ("R1", 2, ("consolidation",)),
        ("R2", 0, ()),
        ("L3", None, ()),
    ]
    assert [each.reader for each in first.signatures] == ["Rosa Lind"]
    task = site.reads.reading.readings_of(scans[0])[0]
    assert first.signatures[0].signed[:16] == task.signed.at.isoformat()[:16]
    assert final.role == "consensus"
    assert [each.reader for each in final.signatures] == ["Rosa Lind", "Remy"]
    assert [row.score for row in final.segments] == [1, 0, None]
    assert dana.get(f"/scans/{scans[0]}/report/C.dcm").status_code == 404
    assert site.browser("rosa").get(f"/scans/{scans[0]}/report/A.dcm").status_code == 403


def test_report_refers_to_the_archived_images(site):
    from pydicom import dcmread

    read_all(site, "rosa")
    read_all(site, "remy")
    dana = site.browser("dana")
    dana.post("/scans/unblind", {"request_id": "u"})
    scan = site.reads.reading.all_scans()[0].body.scan
    document = dcmread(io.BytesIO(dana.get(f"/scans/{scan}/report/final.dcm").content))
    assert document.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.33"
    assert document.VerificationFlag == "VERIFIED"
    named = document.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence
    assert len(named) == 12
    assert "Zielinska" not in str(document)
