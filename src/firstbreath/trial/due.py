"""What is due of a subject on a day: read off the protocol's schedule, the log so far, and the gates."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from typing import Literal

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.events.record import Event
from firstbreath.protocol.values import Cell, Protocol, Visit
from firstbreath.protocol.zones import moment_of, zone_of
from firstbreath.subjects.consent import lacking_consent
from firstbreath.subjects.doses import reasons_against_day
from firstbreath.subjects.eligibility import assess_eligibility
from firstbreath.subjects.state import Subject
from firstbreath.trial.gates import GateState, dosing_gate, enrolment_gate, subject_gate
from firstbreath.trial.state import Trial

State = Literal["late", "due", "optional", "ahead", "done", "missed"]
DOSES = (kinds.DoseGiven, kinds.DoseInterrupted, kinds.DoseMissed)
FOR_TREATMENT = frozenset({"consent", "eligibility", "inhalation"})
"""What is no longer due of somebody who withdrew consent to treatment."""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """One activity of the schedule for one subject: how it stands on the day asked for.

    first, last  the window in days of the site; None where the schedule sets no end, or no day yet
    seq          the event that did it, or 0
    against      why it may not be done now, though it is due
    """

    subject: str
    activity: str
    visit: str
    title: str
    state: State
    first: date | None = None
    last: date | None = None
    day: int | None = None
    seq: int = 0
    against: tuple[Reason, ...] = ()


class Calendar(msgspec.Struct, frozen=True):
    """The trial days of a subject as dates of the site: the date of day 1, and whether that day has come about."""

    screened: date
    day_one: date | None
    begun: bool

    def window(self, visit: Visit) -> tuple[date | None, date | None]:
        """The first and last date of a visit; a screening visit lasts from the opening of screening."""
        planned = self.day_one is not None and visit.day is not None and (self.begun or visit.day <= 1)
        first, last = self._dates(visit) if planned else (None, None)
        if visit.screening:
            return self.screened, max(last, self.screened) if last else None
        return first, last

    def _dates(self, visit: Visit) -> tuple[date, date]:
        assert self.day_one is not None and visit.day is not None  # noqa: S101, PT018 -- asked just before
        day = self.day_one + timedelta(days=visit.day - 1)
        return day + timedelta(days=visit.window[0]), day + timedelta(days=visit.window[1])

    def trial_day(self, today: date) -> int | None:
        """Which trial day a date is, once the first dose has come about."""
        return (today - self.day_one).days + 1 if self.begun and self.day_one else None


def today_of(protocol: Protocol, site: str, now: datetime) -> date:
    """The date at a site: a day begins at midnight by the clocks there, wherever the server or the reader is."""
    return now.astimezone(zone_of(protocol, site)).date()


def compute_calendar(subject: Subject, protocol: Protocol) -> Calendar:
    """The trial days: day 1 is the date of the first inhalation; until then it is planned from enrolment.

    A screening visit on day 0 plans it for the day after enrolment, one on day -1 for two days after.
    """
    zone = zone_of(protocol, subject.site)
    screened = date_of(subject.screened, zone)
    starts = {day: session[0] for day, session in subject.inhalations.items() if session}
    inhaled = starts | {day: event for day, event in subject.doses.items() if type(event.body) is not kinds.DoseMissed}
    first = min((inhaled or dict(subject.doses.items())).items(), default=None, key=lambda dose: dose[0])
    if first is not None:
        day, event = first
        return Calendar(screened, date_of(event, zone) - timedelta(days=day - 1), begun=True)
    if subject.enrolled is None:
        return Calendar(screened, None, begun=False)
    eve = max((visit.day for visit in protocol.design.visits if visit.screening and visit.day is not None), default=0)
    return Calendar(screened, date_of(subject.enrolled, zone) + timedelta(days=max(1 - eve, 0)), begun=False)


def reasons_against_date(subject: Subject, protocol: Protocol, day: int, when: datetime) -> tuple[Reason, ...]:
    """Why an inhalation may not start yet: its trial day has not come at the site. The first may be given any day."""
    calendar = compute_calendar(subject, protocol)
    if not calendar.begun or calendar.day_one is None:
        return ()
    due, today = calendar.day_one + timedelta(days=day - 1), today_of(protocol, subject.site, when)
    if today >= due:
        return ()
    text = f"Day {day} of {subject.code} is {due.isoformat()} at the site; it is {today.isoformat()} there."
    return (Reason("DOSE-009", text, "Wait for the day."),)


def date_of(event: Event, zone: tzinfo) -> date:
    """The date at a site on which something happened: as recorded, else when it was written."""
    return (moment_of(event.occurred, zone) or event.at.astimezone(zone)).date()


def compute_due(trial: Trial, subject: Subject, now: datetime) -> tuple[Due, ...]:
    """Every activity of the schedule for a subject, in the order of visits and of the grid.

    now  the moment asked for, with a zone; the date is that of the subject's site
    Nothing is due of somebody who left the trial, whose records are frozen or who withdrew consent to all of it, nor
    while the database is locked.
    """
    protocol = trial.protocol
    if protocol is None or trial.locked or subject.ended or subject.frozen or _withdrew(subject) == "data":
        return ()
    today, calendar = today_of(protocol, subject.site, now), compute_calendar(subject, protocol)
    done = dict(_done(trial, subject, protocol))
    gate = dosing_gate(trial, subject) if subject.enrolled else None
    dropped = FOR_TREATMENT if _withdrew(subject) else frozenset[str]()
    found = [
        _due(subject, protocol, cell, today=today, calendar=calendar, done=done, gate=gate)
        for visit in protocol.design.visits
        for cell in protocol.due
        if cell.visit == visit.id and cell.activity not in dropped and _is_kept_here(cell, protocol)
    ]
    return (*_entry_steps(trial, subject, protocol), *found)


def _is_kept_here(cell: Cell, protocol: Protocol) -> bool:
    """Forms, inhalations and reviews; consent and eligibility are steps of their own, images are kept elsewhere."""
    return cell.activity in ("inhalation", "review") or protocol.form(cell.activity) is not None


def _withdrew(subject: Subject) -> str:
    body = subject.consents[-1].body if subject.consents else None
    return body.scope if isinstance(body, kinds.ConsentWithdrawn) else ""


def _done(trial: Trial, subject: Subject, protocol: Protocol) -> Iterator[tuple[tuple[str, str], Event]]:
    """What has been done, by activity and visit, with the event that did it."""
    for (form, visit_id, repeat), versions in subject.forms.items():
        if repeat == 1:
            yield (form, visit_id), versions[0]
    for visit in protocol.design.visits:
        if visit.day is not None and visit.day in subject.doses:
            yield ("inhalation", visit.id), subject.doses[visit.day]
    reviewed = trial.safety.latest.get(subject.code)
    if reviewed:
        for cell in protocol.due:
            if cell.activity == "review":
                yield ("review", cell.visit), reviewed


def _due(
    subject: Subject,
    protocol: Protocol,
    cell: Cell,
    *,
    today: date,
    calendar: Calendar,
    done: Mapping[tuple[str, str], Event],
    gate: GateState | None,
) -> Due:
    visit = protocol.visit(cell.visit)
    assert visit is not None  # noqa: S101 -- the cells are those of the protocol's visits
    form, event = protocol.form(cell.activity), done.get((cell.activity, cell.visit))
    first, last = calendar.window(visit)
    against: tuple[Reason, ...] = ()
    if cell.activity == "inhalation" and event is None and gate is not None and visit.day is not None:
        earlier = reasons_against_day(subject, visit.day, protocol.dose_of(subject.arm))
        against = (*earlier, *(() if gate.open else gate.reasons))
    return Due(
        subject=subject.code,
        activity=cell.activity,
        visit=cell.visit,
        title=form.title if form else cell.activity.capitalize(),
        state=_state(event, first, last, today=today, required=cell.required),
        first=first,
        last=last,
        day=visit.day,
        seq=event.seq if event else 0,
        against=against,
    )


def _state(event: Event | None, first: date | None, last: date | None, *, today: date, required: bool) -> State:
    if event is not None:
        return "missed" if type(event.body) is kinds.DoseMissed else "done"
    if first is None or today < first:
        return "ahead"
    if not required:
        return "optional"
    return "late" if last is not None and today > last else "due"


def _entry_steps(trial: Trial, subject: Subject, protocol: Protocol) -> Iterator[Due]:
    """The steps into the trial that no form holds: consent, eligibility, enrolment, or failing the screening."""
    if _withdrew(subject):
        return
    visit = next((visit.id for visit in protocol.design.visits if visit.screening), "")
    step = partial(
        Due, subject=subject.code, visit=visit, first=date_of(subject.screened, zone_of(protocol, subject.site))
    )
    lacking = lacking_consent(subject, protocol)
    if lacking:
        again = f"Consent again, on version {protocol.design.consent.version}" if subject.consent else "Consent"
        yield step(activity="consent", title=again, state="late" if subject.enrolled else "due")
    elif subject.consent:
        yield step(activity="consent", title="Consent", state="done", seq=subject.consent.seq)
    if subject.enrolled:
        return
    passes = [found.passes for found in assess_eligibility(subject, protocol)]
    if False in passes:
        yield step(activity="screen_failure", title="Close as a screen failure", state="due")
    elif None in passes:
        title = f"Eligibility: {passes.count(None)} of {len(passes)} criteria are open"
        yield step(activity="eligibility", title=title, state="due")
    elif not lacking:
        gates = (enrolment_gate(trial), subject_gate(trial, subject))
        against = tuple(reason for gate in gates if not gate.open for reason in gate.reasons)
        yield step(activity="enrolment", title="Enrolment", state="due", against=against)
