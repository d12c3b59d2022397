"""This slice of the trial's state, and how each event changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

import msgspec
from msgspec.structs import replace
from rpds import HashTrieMap

from firstbreath.events import kinds
from firstbreath.events.record import Event

InhalationKind = (
    kinds.InhalationStarted
    | kinds.InhalationPaused
    | kinds.InhalationResumed
    | kinds.InhalationStopped
    | kinds.InhalationEventSeen
)
INHALATION_KINDS = get_args(InhalationKind)
QueryKind = kinds.QueryOpened | kinds.QueryAnswered | kinds.QueryClosed | kinds.QueryReopened

FormKey = tuple[str, str, int]
"""Form, visit, and which record of a repeating form (from 1)."""

NOTHING: HashTrieMap[Any, Any] = HashTrieMap()


class Subject(msgspec.Struct, frozen=True, gc=False):
    """Everything recorded about one subject, as the events that recorded it.

    `forms` holds for each form, visit and repeat the record and its corrections, oldest first;
    `doses` holds for each trial day the event that says what became of its dose, `inhalations` what happened while it
    was inhaled; `queries` holds for each number the query and what was said on it; `struck` holds what was entered in
    error, each with the event that says so.
    """

    code: str
    screened: Event
    forms: HashTrieMap[FormKey, tuple[Event, ...]] = NOTHING
    doses: HashTrieMap[int, Event] = NOTHING
    inhalations: HashTrieMap[int, tuple[Event, ...]] = NOTHING
    queries: HashTrieMap[int, tuple[Event, ...]] = NOTHING
    attested: tuple[Event, ...] = ()
    consents: tuple[Event, ...] = ()
    deviations: tuple[Event, ...] = ()
    signed: tuple[Event, ...] = ()
    verified: tuple[Event, ...] = ()
    struck: tuple[tuple[Event, Event], ...] = ()
    frozen: Event | None = None
    enrolled: Event | None = None
    ended: Event | None = None

    @property
    def arm(self) -> str:
        """The arm the subject is enrolled in, or empty."""
        body = self.enrolled.body if self.enrolled else None
        return body.arm if isinstance(body, kinds.SubjectEnrolled) else ""

    @property
    def consent(self) -> Event | None:
        """The consent in force: the last signature, unless it was withdrawn since."""
        last = self.consents[-1] if self.consents else None
        return last if last and isinstance(last.body, kinds.ConsentSigned) else None

    @property
    def site(self) -> str:
        """The site where the subject is treated, or empty where none was named."""
        body = self.screened.body
        return body.site if isinstance(body, kinds.ScreeningOpened) else ""

    def events(self) -> dict[int, Event]:
        """What counts of this subject now and can be signed, verified or struck out, by number."""
        found = [event for versions in self.forms.values() for event in versions]
        found += [*self.doses.values(), *self.attested, *self.consents, *self.deviations]
        found += [event for session in self.inhalations.values() for event in session]
        found += [event for event in (self.screened, self.enrolled, self.ended) if event]
        return {event.seq: event for event in sorted(found, key=lambda event: event.seq)}


class Subjects(msgspec.Struct, frozen=True, gc=False):
    """All subjects by code; the codes of all in the order of screening, and of those enrolled in that of enrolment."""

    by_code: HashTrieMap[str, Subject] = NOTHING
    enrolled: tuple[str, ...] = ()
    screened: tuple[str, ...] = ()

    def get(self, code: str) -> Subject | None:
        """The subject of that code."""
        return self.by_code.get(code)

    def all(self) -> list[Subject]:
        """Every subject in the order of screening."""
        return [self.by_code[code] for code in self.screened]


def apply_subjects(state: Subjects, events: Mapping[str, Sequence[Event]]) -> Subjects:
    """The state after further events, given by subject, each subject's in order.

    What becomes of a subject depends on that subject's events alone.
    """
    by_code, enrolments = state.by_code, list[Event]()
    new = [code for code in events if code not in state.by_code]
    for code, own in events.items():
        by_code = by_code.insert(code, apply_subject(by_code.get(code), own))
        enrolments += [event for event in own if type(event.body) is kinds.SubjectEnrolled]
    enrolments.sort(key=lambda event: event.seq)
    new.sort(key=lambda code: by_code[code].screened.seq)
    enrolled = state.enrolled + tuple(event.subject for event in enrolments)
    return Subjects(by_code, enrolled, state.screened + tuple(new) if new else state.screened)


def apply_subject(subject: Subject | None, events: Sequence[Event]) -> Subject:
    """A subject after further events of theirs; events of other slices leave it as it is."""
    state = subject or Subject(events[0].subject, events[0])
    for event in events:
        change = _CHANGES.get(type(event.body))
        if change is not None:
            state = change(state, event, event.body)
    return state


def _open(subject: Subject, _event: Event, _body: kinds.ScreeningOpened) -> Subject:
    return subject


def _record(subject: Subject, event: Event, body: kinds.FormRecorded | kinds.FormCorrected) -> Subject:
    key = (body.form, body.visit, body.repeat)
    versions = (*subject.forms.get(key, ()), event)
    return replace(subject, forms=subject.forms.insert(key, versions))


def _dose(subject: Subject, event: Event, body: kinds.DoseGiven | kinds.DoseInterrupted | kinds.DoseMissed) -> Subject:
    return replace(subject, doses=subject.doses.insert(body.day, event))


def _inhale(subject: Subject, event: Event, body: InhalationKind) -> Subject:
    session = (*subject.inhalations.get(body.day, ()), event)
    return replace(subject, inhalations=subject.inhalations.insert(body.day, session))


def _query(subject: Subject, event: Event, body: QueryKind) -> Subject:
    said = (*subject.queries.get(body.query, ()), event)
    return replace(subject, queries=subject.queries.insert(body.query, said))


def _sign(subject: Subject, event: Event, _body: kinds.RecordsSigned) -> Subject:
    return replace(subject, signed=(*subject.signed, event))


def _verify(subject: Subject, event: Event, _body: kinds.SourceVerified) -> Subject:
    return replace(subject, verified=(*subject.verified, event))


def _freeze(subject: Subject, event: Event, _body: kinds.SubjectFrozen) -> Subject:
    return replace(subject, frozen=event)


def _unfreeze(subject: Subject, _event: Event, _body: kinds.SubjectUnfrozen) -> Subject:
    return replace(subject, frozen=None)


def _strike(subject: Subject, event: Event, body: kinds.EntryStruck) -> Subject:
    """The subject without the event that was entered in error; a form goes with all its corrections."""
    wrong = subject.events().get(body.corrects)
    if wrong is None:
        return subject
    forms, doses = subject.forms, subject.doses
    if isinstance(wrong.body, kinds.FormRecorded | kinds.FormCorrected):
        forms = forms.discard((wrong.body.form, wrong.body.visit, wrong.body.repeat))
    elif isinstance(wrong.body, kinds.DoseGiven | kinds.DoseInterrupted | kinds.DoseMissed):
        doses = doses.discard(wrong.body.day)
    return replace(
        subject,
        forms=forms,
        doses=doses,
        inhalations=_without_session(subject, wrong),
        attested=_other(subject.attested, wrong),
        consents=_other(subject.consents, wrong),
        deviations=_other(subject.deviations, wrong),
        ended=None if wrong is subject.ended else subject.ended,
        struck=(*subject.struck, (wrong, event)),
    )


def _other(events: tuple[Event, ...], wrong: Event) -> tuple[Event, ...]:
    return tuple(event for event in events if event.seq != wrong.seq)


def _without_session(subject: Subject, wrong: Event) -> HashTrieMap[int, tuple[Event, ...]]:
    """What happened during the inhalations; when its start or its dose is struck out, the whole session is."""
    whole = kinds.DoseGiven | kinds.DoseInterrupted | kinds.InhalationStarted
    if isinstance(wrong.body, INHALATION_KINDS) and not isinstance(wrong.body, whole):
        session = _other(subject.inhalations.get(wrong.body.day, ()), wrong)
        return subject.inhalations.insert(wrong.body.day, session)
    if isinstance(wrong.body, whole):
        return subject.inhalations.discard(wrong.body.day)
    return subject.inhalations


def _attest(subject: Subject, event: Event, _body: kinds.EligibilityAttested) -> Subject:
    return replace(subject, attested=(*subject.attested, event))


def _consent(subject: Subject, event: Event, _body: kinds.ConsentSigned | kinds.ConsentWithdrawn) -> Subject:
    return replace(subject, consents=(*subject.consents, event))


def _enrol(subject: Subject, event: Event, _body: kinds.SubjectEnrolled) -> Subject:
    return replace(subject, enrolled=event)


def _deviate(subject: Subject, event: Event, _body: kinds.DeviationRecorded) -> Subject:
    return replace(subject, deviations=(*subject.deviations, event))


def _end(subject: Subject, event: Event, _body: kinds.ParticipationEnded) -> Subject:
    return replace(subject, ended=event)


_CHANGES: Mapping[type[Any], Callable[[Subject, Event, Any], Subject]] = {
    kinds.ScreeningOpened: _open,
    kinds.FormRecorded: _record,
    kinds.FormCorrected: _record,
    kinds.DoseGiven: _dose,
    kinds.DoseInterrupted: _dose,
    kinds.DoseMissed: _dose,
    kinds.EligibilityAttested: _attest,
    kinds.ConsentSigned: _consent,
    kinds.ConsentWithdrawn: _consent,
    kinds.SubjectEnrolled: _enrol,
    kinds.DeviationRecorded: _deviate,
    kinds.ParticipationEnded: _end,
    kinds.EntryStruck: _strike,
    kinds.RecordsSigned: _sign,
    kinds.SourceVerified: _verify,
    kinds.SubjectFrozen: _freeze,
    kinds.SubjectUnfrozen: _unfreeze,
    **dict.fromkeys(INHALATION_KINDS, _inhale),
    **dict.fromkeys(get_args(QueryKind), _query),
}
