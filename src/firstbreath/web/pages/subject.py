"""One subject: eligibility criterion by criterion, consent, doses and what else happened, each with its event."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.naming import name_words, pair_words
from firstbreath.protocol.values import Criterion, Protocol
from firstbreath.subjects.doses import DoseDay, doses_of
from firstbreath.subjects.eligibility import Assessment, assess_eligibility
from firstbreath.subjects.state import Subjects
from firstbreath.trial.gates import GateState, dosing_gate, subject_gate
from firstbreath.trial.overview import standing_of
from firstbreath.trial.state import Trial
from firstbreath.web.pages.cohort import Step, latest_oxygen, review_step
from firstbreath.web.pages.forms import FormRecord, list_records
from firstbreath.web.pages.marks import Marks, events_of, marks_of
from firstbreath.web.pages.words import render_amount, render_kind, sign_of


class CriterionLine(msgspec.Struct, frozen=True):
    """One criterion for this subject: its statement's status, whether it lets the subject in, and what decided."""

    criterion: Criterion
    status: str
    passes: str
    sign: str
    by: str
    decided: tuple[str, ...]
    missing: tuple[str, ...]
    seqs: tuple[int, ...]


class DoseLine(msgspec.Struct, frozen=True):
    """One planned dose and what became of it."""

    day: int
    word: str
    sign: str
    amount: str = ""
    detail: str = ""
    occurred: str = ""
    reason: str = ""
    seq: int = 0


class ConsentLine(msgspec.Struct, frozen=True):
    """A consent signed or withdrawn."""

    text: str
    witnesses: str
    event: Event
    papers: tuple[str, ...] = ()


class SubjectPage(msgspec.Struct, frozen=True):
    """Everything recorded about one subject."""

    code: str
    standing: str
    arm: str
    gate_name: str
    gate: GateState | None
    inclusion: tuple[CriterionLine, ...]
    exclusion: tuple[CriterionLine, ...]
    consents: tuple[ConsentLine, ...]
    doses: tuple[DoseLine, ...]
    records: tuple[FormRecord, ...]
    deviations: tuple[Event, ...]
    struck: tuple[Marks, ...]
    marks: tuple[Marks, ...]
    oxygen: str
    review: Step
    screened: Event
    enrolled: Event | None
    ended: Event | None
    before: str
    after: str


def compute_subject(
    trial: Trial, code: str, events: Sequence[Event] = (), *, sees: Callable[[str], bool] = lambda _site: True
) -> SubjectPage | None:
    """The page of a subject, or None when there is none of that code at this moment.

    events  those of the log up to this moment: signatures and strikes are shown from them
    sees    whether the subjects of a site are in view: the one before and the one after are
    """
    subject, protocol = trial.subjects.get(code), trial.protocol
    if subject is None or protocol is None:
        return None
    own = trial.protocol_for(subject) or protocol
    criteria = [_criterion_line(assessment, own) for assessment in assess_eligibility(subject, own)]
    gate = dosing_gate(trial, subject) if subject.enrolled else subject_gate(trial, subject)
    marks = marks_of(subject, events_of(events, code))
    before, after = _neighbours(trial.subjects, code, sees)
    return SubjectPage(
        code=subject.code,
        standing=render_kind(standing_of(subject)),
        arm=next((arm.label for arm in protocol.design.arms if arm.id == subject.arm), subject.arm),
        gate_name="Dosing" if subject.enrolled else "Enrolment of this subject",
        gate=None if subject.ended else gate,
        inclusion=tuple(line for line in criteria if line.criterion.kind == "inclusion"),
        exclusion=tuple(line for line in criteria if line.criterion.kind == "exclusion"),
        consents=tuple(_consent_line(event) for event in subject.consents),
        doses=tuple(_dose_line(day) for day in doses_of(subject, protocol)) if subject.enrolled else (),
        records=list_records(subject, protocol, marks),
        struck=tuple(mark for mark in marks if mark.struck and mark.record.place[0] != "form"),
        marks=marks,
        deviations=subject.deviations,
        oxygen=latest_oxygen(subject, protocol),
        review=review_step(trial, code),
        screened=subject.screened,
        enrolled=subject.enrolled,
        ended=subject.ended,
        before=before,
        after=after,
    )


def _neighbours(subjects: Subjects, code: str, sees: Callable[[str], bool]) -> tuple[str, str]:
    """The subjects in view that were screened before and after this one; the nearest are asked about first."""
    place = subjects.screened.index(code)
    sides = reversed(subjects.screened[:place]), subjects.screened[place + 1 :]
    before, after = (next((each for each in side if sees(subjects.by_code[each].site)), "") for side in sides)
    return before, after


def _criterion_line(assessment: Assessment, protocol: Protocol) -> CriterionLine:
    passes = "unknown" if assessment.passes is None else "pass" if assessment.passes else "fail"
    return CriterionLine(
        criterion=assessment.criterion,
        status=assessment.status,
        passes=passes,
        sign=sign_of(passes),
        by=assessment.by,
        decided=pair_words(protocol, assessment.decided_by),
        missing=tuple(name_words(protocol, name) for name in assessment.missing),
        seqs=tuple(sorted({event.seq for event in assessment.sources})),
    )


def _consent_line(event: Event) -> ConsentLine:
    body = event.body
    if isinstance(body, kinds.ConsentSigned):
        relation = f" ({body.relation})" if body.relation else ""
        text = f"Signed by {body.given_by}{relation} on version “{body.version}”"
        text += f", obtained by {body.obtained_by}" if body.obtained_by else ""
        return ConsentLine(text, ", ".join(body.witnesses) or "none", event, body.photographs)
    scope = body.scope if isinstance(body, kinds.ConsentWithdrawn) else ""
    return ConsentLine(f"Withdrawn: {scope}", "", event)


def _dose_line(day: DoseDay) -> DoseLine:
    event, sign = day.event, sign_of(day.status)
    if event is None:
        return DoseLine(day.day, day.status, sign)
    amount, detail = _dose_words(event.body)
    return DoseLine(day.day, day.status, sign, amount, detail, event.occurred, event.reason, event.seq)


def _dose_words(body: kinds.Kind) -> tuple[str, str]:
    """The amount of a dose, and what else was measured."""
    if isinstance(body, kinds.DoseGiven):
        measured = [f"{body.volume_ml} ml" if body.volume_ml else "", f"{body.minutes} min" if body.minutes else ""]
        return render_amount(body.amount, body.unit), _join(measured)
    if isinstance(body, kinds.DoseInterrupted):
        left = f"{body.given_ml} ml had left the cup" if body.given_ml else ""
        return render_amount(body.amount, body.unit), left
    return "", ""


def _join(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)
