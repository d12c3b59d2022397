"""A signed read as a DICOM Comprehensive SR with the content of TID 1500, Measurement Report (PS3.16).

Each segment is a measurement group: where it lies, its score as a number, form and shape, diameters. A segment that
cannot be evaluated has no number and the trial's own code instead, since readers of SR take an empty number for 0.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec

from firstbreath.reading import report_codes as known
from firstbreath.reading.report import Line, Report, SegmentRow, UnfitReport, check_report
from firstbreath.reading.report_codes import Coded, TrialCodes
from firstbreath.reading.report_document import check_headers, finish_document, person_name, take_evidence

if TYPE_CHECKING:
    from pydicom import Dataset

TOTAL_NAME = "total"
SERIES_NUMBER = 1500


def render_report(report: Report, headers: Sequence[Dataset]) -> bytes:
    """The report as a DICOM file; the same report gives the same bytes.

    headers  of the images that were read, without pixels: one study. Of them a report of a case takes nothing but
             UIDs and geometry; one of a subject also takes who the patient is, to lie beside the images in an archive.
    Raises `UnfitReport` with every reason why it cannot be made.
    """
    from highdicom.sr import ComprehensiveSR
    from pydicom.uid import ExplicitVRLittleEndian

    reasons = [*check_report(report), *check_headers(report, headers)]
    if reasons:
        raise UnfitReport(reasons)
    evidence = take_evidence(report, headers)
    seed = msgspec.json.encode((report, [str(image.SOPInstanceUID) for image in evidence])).decode()
    document = ComprehensiveSR(
        evidence=evidence,
        content=_content(report, evidence),
        series_instance_uid=_uid("series", seed),
        series_number=SERIES_NUMBER,
        sop_instance_uid=_uid("report", seed),
        instance_number=1,
        manufacturer="firstbreath",
        is_complete=True,
        is_final=True,
        transfer_syntax_uid=ExplicitVRLittleEndian,
        specific_character_set="ISO_IR 192",
        series_description=" ".join(part for part in (report.stamp, "Reading:", report.role) if part)[:64],
    )
    finish_document(document, report)
    target = BytesIO()
    document.save_as(target, enforce_file_format=True)
    return target.getvalue()


def _uid(kind: str, seed: str) -> str:
    """A UID made from a text (PS3.5, B.2)."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'firstbreath {kind} {seed}').int}"


def _code(coded: Coded) -> Any:
    from highdicom.sr import CodedConcept

    return CodedConcept(value=coded.value, scheme_designator=coded.scheme, meaning=coded.meaning)


def _content(report: Report, evidence: Sequence[Dataset]) -> Any:
    """The tree of content."""
    from highdicom.sr import MeasurementReport

    classes = {str(image.SOPInstanceUID): str(image.SOPClassUID) for image in evidence}
    return MeasurementReport(
        observation_context=_observation(report),
        procedure_reported=_code(known.CHEST_CT),
        imaging_measurements=[*(_segment(row, report, classes) for row in report.segments), _total(report, classes)],
    )


def _observation(report: Report) -> Any:
    """Who read, whose scan it is, and the head of the record."""
    from highdicom.sr import (
        ObservationContext,
        ObserverContext,
        PersonObserverIdentifyingAttributes,
        TextContentItem,
    )
    from pydicom.sr.codedict import codes

    role = known.ADJUDICATOR if report.role == "adjudication" else known.READER
    observers = [
        ObserverContext(
            observer_type=codes.DCM.Person,
            observer_identifying_attributes=PersonObserverIdentifyingAttributes(
                name=person_name(signature.reader), role_in_procedure=_code(role)
            ),
        )
        for signature in report.signatures
    ]
    context = ObservationContext(observer_person_context=observers[0])
    for observer in observers[1:]:
        context.extend(observer)
    texts = [(known.SUBJECT_ID, report.whose), (TrialCodes.of(report.trial).head, report.head)]
    context.extend(TextContentItem(_code(name), text, "HAS OBS CONTEXT") for name, text in texts if text)
    return context


def _group(name: str, report: Report, **content: Any) -> Any:
    """A measurement group (TID 1501) with its name, the session, and where one is named the time point."""
    from highdicom.sr import MeasurementsAndQualitativeEvaluations, TimePointContext, TrackingIdentifier

    seed = msgspec.json.encode((report.trial, report.whose, name)).decode()
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(uid=_uid("segment", seed), identifier=name),
        session=report.role,
        time_point_context=TimePointContext(report.time_point) if report.time_point else None,
        **content,
    )


def _segment(row: SegmentRow, report: Report, classes: dict[str, str]) -> Any:
    own = TrialCodes.of(report.trial)
    numbers = [] if row.score is None else [_number(own.score, row.score, known.POINTS)]
    if row.size_mm is not None:
        numbers.append(_number(known.LONG_AXIS, float(row.size_mm), known.MM))
    numbers += [_drawn(line, classes[line.image]) for line in row.lines]
    forms = [(known.FORM, known.FORMS.get(form) or own.word(form)) for form in row.forms]
    shapes = [(known.SHAPE, known.SHAPES.get(shape) or own.word(shape)) for shape in row.shapes]
    return _group(
        row.id,
        report,
        finding_sites=_sites(row, own),
        measurements=numbers,
        qualitative_evaluations=_evaluations([*_unevaluable(row.score, own), *forms, *shapes]),
    )


def _total(report: Report, classes: dict[str, str]) -> Any:
    from highdicom.sr import FindingSite

    own = TrialCodes.of(report.trial)
    total = [] if report.total is None else [_number(own.total, report.total, known.POINTS, derivation=known.TOTAL)]
    return _group(
        TOTAL_NAME,
        report,
        finding_sites=[FindingSite(_code(known.LUNG))],
        measurements=[*total, *(_drawn(line, classes[line.image]) for line in report.lines)],
        qualitative_evaluations=_evaluations(_unevaluable(report.total, own)),
    )


def _sites(row: SegmentRow, own: TrialCodes) -> list[Any]:
    """The lobe first, then the segment by the standard code if it has one, then by the trial's."""
    from highdicom.sr import FindingSite

    lobe = known.LOBES.get(row.lobe) or own.word(row.lobe)
    standard = known.SEGMENTS.get((row.lobe, row.label))
    sites = [lobe, *([standard] if standard else []), own.segment(row.id, row.lobe, row.label)]
    return [FindingSite(_code(site), laterality=_code(known.SIDES[row.side])) for site in sites]


def _unevaluable(value: int | None, own: TrialCodes) -> list[tuple[Coded, Coded]]:
    return [(own.evaluability, own.not_evaluable)] if value is None else []


def _evaluations(answers: Sequence[tuple[Coded, Coded]]) -> list[Any]:
    from highdicom.sr import QualitativeEvaluation

    return [QualitativeEvaluation(_code(name), _code(answer)) for name, answer in answers]


def _number(name: Coded, value: float, unit: Coded, *, derivation: Coded | None = None) -> Any:
    from highdicom.sr import Measurement

    number = Measurement(
        name=_code(name), value=value, unit=_code(unit), derivation=_code(derivation) if derivation else None
    )
    if isinstance(value, int):
        number[0].MeasuredValueSequence[0].NumericValue = str(value)  # highdicom writes 4 as 4.0
    return number


def _drawn(line: Line, image_class: str) -> Any:
    """The length of a line, and where it was drawn."""
    import numpy as np
    from highdicom.sr import CoordinatesForMeasurement, Measurement, SourceImageForRegion

    place = CoordinatesForMeasurement(
        "POLYLINE", np.array([line.start, line.end]), SourceImageForRegion(image_class, line.image)
    )
    return Measurement(
        name=_code(known.LENGTH), value=float(line.mm), unit=_code(known.MM), referenced_coordinates=[place]
    )
