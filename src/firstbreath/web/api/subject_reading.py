"""One subject as a program reads it: every statement with the events it rests on."""

from typing import Any

import msgspec

from firstbreath.events.kinds import Entry
from firstbreath.events.record import Event
from firstbreath.protocol.naming import render_value
from firstbreath.protocol.values import Protocol
from firstbreath.subjects.doses import doses_of
from firstbreath.subjects.eligibility import Assessment, assess_eligibility
from firstbreath.subjects.forms import entered_fields
from firstbreath.subjects.records import query_state
from firstbreath.subjects.state import FormKey, Subject
from firstbreath.trial.gates import dosing_gate, subject_gate
from firstbreath.trial.overview import standing_of
from firstbreath.trial.state import Trial
from firstbreath.web.api.trial_reading import GateReading, read_gate


class CriterionReading(msgspec.Struct, frozen=True):
    """A criterion: whether its statement is true, whether it lets the subject in (null: unknown), and what decided."""

    id: str
    kind: str
    text: str
    stated: bool | None
    passes: bool | None
    by: str
    decided_by: dict[str, str]
    missing: tuple[str, ...]
    events: tuple[int, ...]


class FieldReading(msgspec.Struct, frozen=True):
    """A field as it stands: its value, or why it is absent, and the event that says so."""

    value: Entry
    absent: str
    event: int


class FormReading(msgspec.Struct, frozen=True):
    """One record of a form as it stands, and every version of it, oldest first."""

    form: str
    visit: str
    repeat: int
    fields: dict[str, FieldReading]
    versions: tuple[Event, ...]


class DoseReading(msgspec.Struct, frozen=True):
    """A planned dose, what became of it, and what happened while it was inhaled."""

    day: int
    status: str
    event: Event | None
    inhalation: tuple[Event, ...]


class QueryReading(msgspec.Struct, frozen=True):
    """A query: its state, and what was said on it, oldest first."""

    subject: str
    query: int
    state: str
    said: tuple[Event, ...]


class AdverseEventReading(msgspec.Struct, frozen=True):
    """An adverse event: its facts as they stand, every version, and each time it was reported onwards."""

    subject: str
    number: int
    now: Event
    versions: tuple[Event, ...]
    forwarded: tuple[Event, ...]


class StruckReading(msgspec.Struct, frozen=True):
    """What was entered in error, and the event that says so."""

    entry: Event
    struck: Event


class SubjectReading(msgspec.Struct, frozen=True):
    """Everything recorded about a subject. `queries` and `adverse_events` are null where your role does not see them.

    `gate` is the one before the subject's next step: enrolment, then dosing; null once the subject has left.
    """

    seq: int
    code: str
    site: str
    standing: str
    arm: str
    gate: GateReading | None
    eligibility: tuple[CriterionReading, ...]
    consent_in_force: bool
    consents: tuple[Event, ...]
    forms: tuple[FormReading, ...]
    doses: tuple[DoseReading, ...]
    deviations: tuple[Event, ...]
    signatures: tuple[Event, ...]
    verifications: tuple[Event, ...]
    struck: tuple[StruckReading, ...]
    queries: tuple[QueryReading, ...] | None
    adverse_events: tuple[AdverseEventReading, ...] | None
    screened: Event
    enrolled: Event | None
    ended: Event | None
    frozen: Event | None


def read_subject(
    trial: Trial, protocol: Protocol, subject: Subject, *, queries: bool, adverse_events: bool
) -> SubjectReading:
    """A subject at a moment.

    queries, adverse_events  whether they are in view
    """
    judged_by = trial.protocol_for(subject) or protocol
    gate = dosing_gate(trial, subject) if subject.enrolled else subject_gate(trial, subject)
    return SubjectReading(
        seq=trial.seq,
        code=subject.code,
        site=subject.site,
        standing=standing_of(subject),
        arm=subject.arm,
        gate=None if subject.ended else read_gate(gate),
        eligibility=tuple(_read_criterion(found) for found in assess_eligibility(subject, judged_by)),
        consent_in_force=subject.consent is not None,
        consents=subject.consents,
        forms=tuple(_read_form(key, versions) for key, versions in _in_order(subject)),
        doses=_read_doses(subject, protocol),
        deviations=subject.deviations,
        signatures=subject.signed,
        verifications=subject.verified,
        struck=tuple(StruckReading(entry, event) for entry, event in subject.struck),
        queries=read_queries(subject) if queries else None,
        adverse_events=read_adverse_events(trial, subject.code) if adverse_events else None,
        screened=subject.screened,
        enrolled=subject.enrolled,
        ended=subject.ended,
        frozen=subject.frozen,
    )


def _in_order(subject: Subject) -> list[tuple[FormKey, tuple[Event, ...]]]:
    return sorted(subject.forms.items(), key=lambda record: record[1][0].seq)


def _read_form(key: FormKey, versions: tuple[Event, ...]) -> FormReading:
    form, visit, repeat = key
    fields = {
        name: FieldReading(entered.entry, entered.absent, entered.event.seq)
        for name, entered in entered_fields(key, versions).items()
    }
    return FormReading(form, visit, repeat, fields, versions)


def _read_doses(subject: Subject, protocol: Protocol) -> tuple[DoseReading, ...]:
    days = doses_of(subject, protocol) if subject.enrolled else ()
    return tuple(DoseReading(day.day, day.status, day.event, subject.inhalations.get(day.day, ())) for day in days)


def _read_criterion(found: Assessment) -> CriterionReading:
    return CriterionReading(
        id=found.criterion.id,
        kind=found.criterion.kind,
        text=found.criterion.text,
        stated=found.stated,
        passes=found.passes,
        by=found.by,
        decided_by={name: render_value(value) for name, value in found.decided_by},
        missing=found.missing,
        events=tuple(sorted({event.seq for event in found.sources})),
    )


def read_queries(subject: Subject) -> tuple[QueryReading, ...]:
    """The queries of a subject by number."""
    return tuple(
        QueryReading(subject.code, query, query_state(subject, query) or "", said)
        for query, said in sorted(subject.queries.items())
    )


def read_adverse_events(trial: Trial, code: str = "") -> tuple[AdverseEventReading, ...]:
    """The adverse events of a subject (empty: of all), in the order reported."""
    return tuple(_read_adverse(trial, versions) for versions in trial.safety.adverse_events(code))


def _read_adverse(trial: Trial, versions: tuple[Event, ...]) -> AdverseEventReading:
    body: Any = versions[-1].body
    key = (versions[-1].subject, body.number)
    return AdverseEventReading(*key, versions[-1], versions, trial.safety.forwarded.get(key, ()))
