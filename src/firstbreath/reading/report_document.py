"""What surrounds a report's content: the images it refers to, whose they are, who verified it and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from firstbreath.events.decisions import Reason
from firstbreath.reading.report import Report
from firstbreath.reading.report_codes import TrialCodes

if TYPE_CHECKING:
    from pydicom import Dataset

IMAGE_KEYWORDS = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
PERSON_KEYWORDS = (
    *("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "ReferringPhysicianName"),
    *("AccessionNumber", "StudyID", "StudyDate", "StudyTime"),
)
"""What highdicom copies from the first image; a report of a case has them empty."""
NAME_CHARACTERS = LONG_CHARACTERS = 64


def check_headers(report: Report, headers: Sequence[Dataset]) -> list[Reason]:
    """Why a report cannot refer to these images; nothing when it can."""
    lacking = [n for n, image in enumerate(headers, 1) if not all(image.get(word) for word in IMAGE_KEYWORDS)]
    if not headers or lacking:
        text = f"The report has {len(headers)} images, {len(lacking)} of them without their UIDs."
        return [Reason("SR-005", text, "Give the headers of the images that were read.")]
    found = list[Reason]()
    studies = {str(image.StudyInstanceUID) for image in headers}
    if len(studies) > 1:
        text = f"The images are of {len(studies)} studies; a report is of one."
        found.append(Reason("SR-006", text, "Give the headers of the one scan that was read."))
    strange = report.images - {str(image.SOPInstanceUID) for image in headers}
    if strange:
        text = f"{len(strange)} images with lines are not among the images of the report."
        found.append(Reason("SR-007", text, "Give the headers of the whole scan."))
    return found


def take_evidence(report: Report, headers: Sequence[Dataset]) -> list[Dataset]:
    """The images as the report refers to them, with nothing of the patient where the report is of a case."""
    from pydicom import Dataset

    taken = []
    for image in headers:
        kept = Dataset()
        for word in IMAGE_KEYWORDS:
            setattr(kept, word, image[word].value)
        for word in PERSON_KEYWORDS:
            setattr(kept, word, image.get(word) or "" if report.subject else "")
        if report.subject and kept.PatientName and "^" not in str(kept.PatientName):
            kept.PatientName = f"{kept.PatientName}^"
        if report.case:
            kept.PatientID, kept.PatientName = report.case[:LONG_CHARACTERS], person_name(report.case)
        taken.append(kept)
    return taken


def finish_document(document: Any, report: Report) -> None:
    """Give a document its trial, its dates and who verified it."""
    signed = _moments(report)[-1]
    document.ContentDate = document.InstanceCreationDate = signed.strftime("%Y%m%d")
    document.ContentTime = document.InstanceCreationTime = signed.strftime("%H%M%S")
    for equipment in document.ContributingEquipmentSequence:
        del equipment.ContributionDateTime
    _put_trial(document, report)
    _put_scheme(document, report)
    document.VerificationFlag = "VERIFIED"
    document.VerifyingObserverSequence = [
        _observer(signature.reader, moment, report)
        for signature, moment in zip(report.signatures, _moments(report), strict=True)
    ]


def _moments(report: Report) -> list[datetime]:
    return [datetime.fromisoformat(signature.signed).astimezone(UTC) for signature in report.signatures]


def _observer(reader: str, moment: datetime, report: Report) -> Dataset:
    from pydicom import Dataset

    observer = Dataset()
    observer.VerifyingObserverName = person_name(reader)
    observer.VerifyingOrganization = _organization(report)
    observer.VerificationDateTime = moment.strftime("%Y%m%d%H%M%S.%f+0000")
    observer.VerifyingObserverIdentificationCodeSequence = []
    return observer


def _put_trial(document: Any, report: Report) -> None:
    """The modules of a clinical trial (PS3.3, C.7.1.3 and C.7.2.3); a case is a subject's identifier for reading."""
    document.ClinicalTrialSponsorName = _organization(report)
    document.ClinicalTrialProtocolID = report.trial[:LONG_CHARACTERS]
    document.ClinicalTrialProtocolName = report.stamp
    document.ClinicalTrialSiteID = document.ClinicalTrialSiteName = ""
    document.ClinicalTrialTimePointID = report.time_point[:LONG_CHARACTERS]
    if report.case:
        document.ClinicalTrialSubjectReadingID = report.case[:LONG_CHARACTERS]
    else:
        document.ClinicalTrialSubjectID = report.subject[:LONG_CHARACTERS]


def _put_scheme(document: Any, report: Report) -> None:
    """The trial's own scheme, with who is responsible for it."""
    from pydicom import Dataset

    scheme = Dataset()
    scheme.CodingSchemeDesignator = TrialCodes.of(report.trial).scheme
    scheme.CodingSchemeName = f"Codes of the trial {report.trial}"
    scheme.CodingSchemeResponsibleOrganization = _organization(report)
    document.CodingSchemeIdentificationSequence = [scheme]


def _organization(report: Report) -> str:
    return (report.organization or report.trial)[:LONG_CHARACTERS]


def person_name(name: str) -> str:
    """A name as DICOM writes it: whole, in the place of the family name."""
    plain = re.sub(r"[\^=\\\x00-\x1f]+", " ", name).strip()
    return f"{plain[: NAME_CHARACTERS - 1]}^"
