"""A signed read as DICOM SR: written by highdicom, read by pydicom alone, and by dcmtk where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from io import BytesIO

import msgspec
import pydicom
import pytest
from pydicom.sr import _concepts_dict
from tests.support.read_scan import SERIES, make_report, make_rows, make_series

from firstbreath.reading import report_codes
from firstbreath.reading.report import Line, Signature, UnfitReport
from firstbreath.reading.report_reader import UnreadableReport, read_report
from firstbreath.reading.structured_report import render_report

LINE = Line(f"{SERIES}.3", (10.5, 11.5), (40.25, 12.0), 21.3)
SEEN = make_rows(
    R1={"forms": ("ground-glass opacity", "consolidation"), "shapes": ("patchy",), "size_mm": 21.3, "lines": (LINE,)},
    R6={"forms": ("reversed halo sign of organising pneumonia",), "shapes": ("oval",), "size_mm": 8.0},
)
UNSEEN = make_rows(L9={"score": None, "forms": ()})
ARCHIVED = {"case": "", "subject": "S-004", "time_point": "after"}
BOTH = (Signature("Inés García", "2026-01-31T09:30:00Z"), Signature("陈立", "2026-02-01T10:00:00.250000Z"))
# The codes that pydicom's tables of DICOM PS3.16 do not hold, each with its source in report_codes.
NOT_IN_TABLES = {"42400003", "266005", "41224006", "50837003", "9656002", "169069000"}


@pytest.fixture(scope="module")
def headers():
    return make_series()


@pytest.mark.parametrize(
    "report",
    [
        make_report(),
        make_report(segments=SEEN, head="9f" * 32, organization="Instituto Nacional"),
        make_report(segments=UNSEEN),
        make_report(segments=SEEN, **ARCHIVED),
        make_report(role="consensus", signatures=BOTH),
        make_report(stamp="SIMULATED", **ARCHIVED),
        make_report(role="adjudication", trial="A trial with a rather long name, phase 1/2a"),
    ],
    ids=["plain", "seen", "unseen", "archived", "consensus", "stamped", "adjudicated"],
)
def test_another_hand_reads_what_was_written(report, headers):
    assert read_report(render_report(report, headers)) == report


def test_a_stamp_stands_where_a_viewer_shows_it(headers):
    read = pydicom.dcmread(BytesIO(render_report(make_report(stamp="SIMULATED", role="consensus"), headers)))
    assert read.SeriesDescription == "SIMULATED Reading: consensus"


def test_the_same_report_gives_the_same_bytes(headers):
    assert render_report(make_report(), headers) == render_report(make_report(), headers)


def items_of(content: bytes) -> list[pydicom.Dataset]:
    found, left = [], [pydicom.dcmread(BytesIO(content))]
    while left:
        item = left.pop()
        found.append(item)
        left += item.get("ContentSequence", [])
    return found


def codes_of(content: bytes) -> set[tuple[str, str]]:
    words = ("ConceptNameCodeSequence", "ConceptCodeSequence")
    codes = [item.get(word)[0] for item in items_of(content) for word in words if item.get(word)]
    return {(str(code.CodingSchemeDesignator), str(code.CodeValue)) for code in codes}


def test_a_case_carries_nothing_of_the_patient_or_the_scan_date(headers):
    content = render_report(make_report(segments=SEEN), headers)
    for secret in ("Rosa", "Pérez", "HOSP-4711", "20200714", "19610214", "A77", "CT chest", "lung 1.0"):
        assert secret.encode() not in content
    document = pydicom.dcmread(BytesIO(content))
    assert (document.PatientID, document.ClinicalTrialSubjectReadingID) == ("C-7K2", "C-7K2")
    assert "ClinicalTrialSubjectID" not in document


def test_a_report_for_the_archive_lies_beside_the_patients_images(headers):
    document = pydicom.dcmread(BytesIO(render_report(make_report(**ARCHIVED), headers)))
    assert (document.PatientID, document.StudyDate, document.StudyInstanceUID) == (
        "HOSP-4711", "20200714", headers[0].StudyInstanceUID,
    )  # fmt: skip
    assert (document.ClinicalTrialSubjectID, document.ClinicalTrialTimePointID) == ("S-004", "after")


def test_the_document_says_who_verified_it_when_and_from_which_images(headers):
    document = pydicom.dcmread(BytesIO(render_report(make_report(role="consensus", signatures=BOTH), headers)))
    assert (document.CompletionFlag, document.VerificationFlag) == ("COMPLETE", "VERIFIED")
    observers = document.VerifyingObserverSequence
    assert [(str(one.VerifyingObserverName), one.VerificationDateTime) for one in observers] == [
        ("Inés García^", "20260131093000.000000+0000"), ("陈立^", "20260201100000.250000+0000"),
    ]  # fmt: skip
    (study,) = document.CurrentRequestedProcedureEvidenceSequence
    images = study.ReferencedSeriesSequence[0].ReferencedSOPSequence
    assert [image.ReferencedSOPInstanceUID for image in images] == [image.SOPInstanceUID for image in headers]


def test_what_cannot_be_evaluated_has_no_number(headers):
    content = render_report(make_report(segments=UNSEEN), headers)
    numbers = [item for item in items_of(content) if item.get("ValueType") == "NUM"]
    assert len(numbers) == 17  # neither the segment nor the total
    assert ("99MEXCOVID", "NOT_EVALUABLE") in codes_of(content)
    assert ("99MEXCOVID", "NOT_EVALUABLE") not in codes_of(render_report(make_report(), headers))


def test_a_score_of_zero_is_a_number(headers):
    numbers = [item for item in items_of(render_report(make_report(), headers)) if item.get("ValueType") == "NUM"]
    values = sorted(int(number.MeasuredValueSequence[0].NumericValue) for number in numbers)
    assert values == sorted([*(row.score for row in make_rows()), make_report().total])


def test_each_code_is_standard_or_the_trials_own(headers):
    tables = {
        scheme: {value for entry in entries.values() for value in entry}
        for scheme, entries in next(
            table for table in vars(_concepts_dict).values() if isinstance(table, dict) and "SCT" in table
        ).items()
    }
    codes = codes_of(render_report(make_report(segments=SEEN, head="ab", **ARCHIVED), headers))
    strange = {
        (scheme, value)
        for scheme, value in codes
        if scheme not in ("99MEXCOVID", "RFC5646") and value not in tables.get(scheme, ())
    }
    assert {value for _, value in strange} <= NOT_IN_TABLES | {"C67447", "C2348792"}  # highdicom's own, PS3.16 TID 1501
    declared = [code for code in vars(report_codes).values() if isinstance(code, report_codes.Coded)]
    for table in (
        report_codes.LOBES,
        report_codes.SEGMENTS,
        report_codes.SIDES,
        report_codes.FORMS,
        report_codes.SHAPES,
    ):
        declared += table.values()
    unknown = {code.value for code in declared if code.scheme != "UCUM" and code.value not in tables[code.scheme]}
    assert unknown == NOT_IN_TABLES


@pytest.mark.parametrize(
    ("name", "code"), [("R1", "RS1"), ("R10", "RS10"), ("L1_2", "LS1_2"), ("L7_8", "LS7_8"), ("lingula", "LINGULA")]
)
def test_a_segment_has_a_code_of_the_trials_scheme(name, code):
    own = report_codes.TrialCodes.of("mexcovid")
    assert own.segment(name, "left upper", "x")[:2] == (code, "99MEXCOVID")


def test_long_words_keep_codes_of_their_own():
    own = report_codes.TrialCodes.of("A trial with a rather long name")
    words = [own.word(f"reversed halo sign of kind {n}") for n in range(20)] + [own.word("磨玻璃影"), own.word("实变")]
    assert len({word.value for word in words}) == 22
    assert all(len(word.value) <= 16 and len(word.scheme) <= 16 and len(word.meaning) <= 64 for word in words)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"subject": "S-004"}, "SR-001"),
        ({"case": ""}, "SR-001"),
        ({"case": "", "subject": "S-004"}, "SR-001"),
        ({"signatures": ()}, "SR-002"),
        ({"signatures": (Signature("Inés", "2026-01-31T09:30:00"),)}, "SR-002"),
        ({"signatures": (Signature("Inés", "yesterday"),)}, "SR-002"),
        ({"segments": make_rows() + make_rows()}, "SR-003"),
        ({"total": 40}, "SR-004"),
        ({"segments": UNSEEN, "total": 36}, "SR-004"),
        ({"segments": make_rows(R1={"lines": (Line("1.2.3", (1, 1), (2, 2), 5.0),)})}, "SR-007"),
        ({"segments": make_rows(R1={"size_mm": -1.0})}, "SR-008"),
        ({"segments": make_rows(R1={"size_mm": float("nan")})}, "SR-008"),
    ],
)
def test_a_report_that_does_not_hold_is_not_made(changes, code, headers):
    with pytest.raises(UnfitReport) as refused:
        render_report(make_report(**changes), headers)
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_images_must_be_there_and_of_one_study(headers):
    with pytest.raises(UnfitReport, match=r"SR-005: The report has 0 images, 0 of them without their UIDs\."):
        render_report(make_report(), [])
    other = make_series(slices=1, series=f"{SERIES}.9")
    other[0].StudyInstanceUID = "1.2.3"
    with pytest.raises(UnfitReport, match=r"SR-006: The images are of 2 studies; a report is of one\."):
        render_report(make_report(), [*headers, *other])


def test_other_content_is_no_report(headers):
    content = render_report(make_report(), headers)
    for other in (b"", b"%PDF-1.7", content[:400], content[:-200]):
        with pytest.raises(UnreadableReport, match="no report of a read"):
            read_report(other)


def test_dcmtk_reads_it_without_a_complaint(headers, tmp_path):
    program = shutil.which("dsrdump")
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("dcmtk is not installed")
    file = tmp_path / "report.dcm"
    file.write_bytes(render_report(make_report(segments=SEEN, head="9f" * 32), headers))
    done = subprocess.run([program, "--print-all-codes", file], capture_output=True, text=True, check=False)
    # dcmtk says of every file in UTF-8 that it does not check how its texts are written.
    said = [line for line in done.stderr.splitlines() if "Character Set: ISO_IR 192" not in line]
    assert (done.returncode, said) == (0, [])
    lines = done.stdout.splitlines()
    assert sum('"Measurement Group"' in line for line in lines) == 18 + 1
    assert sum('"Segment score"' in line for line in lines) == 18
    assert sum('"Total score"' in line and '"38"' in line for line in lines) == 1
    assert any("VERIFIED" in line for line in lines)


def test_highdicom_reads_its_own(headers):
    from highdicom.sr import ComprehensiveSR

    content = render_report(make_report(segments=UNSEEN), headers)
    document = ComprehensiveSR.from_dataset(pydicom.dcmread(BytesIO(content)))
    groups = document.content.get_image_measurement_groups()
    assert [group.tracking_identifier for group in groups] == [row.id for row in UNSEEN] + ["total"]


def test_reports_are_plain_values():
    report = make_report(segments=SEEN)
    assert msgspec.json.decode(msgspec.json.encode(report), type=type(report)) == report
