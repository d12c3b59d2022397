"""Today: who is due what, what is late, what stands against it, and what waits for the role of whoever looks."""

from collections.abc import Callable
from datetime import date, datetime

import msgspec

from firstbreath.events.decisions import Reason
from firstbreath.protocol.values import Protocol
from firstbreath.protocol.zones import zone_name_of, zone_of
from firstbreath.subjects.doses import doses_of
from firstbreath.subjects.state import Subject
from firstbreath.trial.due import Due, compute_calendar, compute_due, today_of
from firstbreath.trial.state import Trial

ACTS = {
    "consent": "sign_consent",
    "eligibility": "attest_eligibility",
    "enrolment": "enrol_subject",
    "screen_failure": "end_participation",
    "inhalation": "start_inhalation",
    "review": "cast_vote",
}
"""The act that each activity of the schedule needs; a form needs `record_form`."""
DOTS = {"given": "full", "interrupted": "half", "missed": "crossed", "planned": "empty"}
SIGNS = {"late": "stop", "due": "empty", "optional": "empty", "done": "full", "missed": "crossed", "ahead": "empty"}


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do: in what words, whether it can be done now and by whoever looks, and the address by name."""

    title: str
    detail: str
    state: str
    sign: str
    mine: bool
    page: str
    place: tuple[str | int, ...]
    against: tuple[Reason, ...]
    seq: int


class Overdue(msgspec.Struct, frozen=True):
    """The forms of one visit that are late: the visit, since when, and the forms."""

    visit: str
    since: str
    tasks: tuple[Task, ...]


class Patient(msgspec.Struct, frozen=True, kw_only=True):
    """One patient's day: where they are, what is to be done now, what waits for others, what is done, what is next.

    `dots` holds each planned dose with its shape; `overdue` the forms that are late, by visit.
    """

    code: str
    where: str
    given: str
    dots: tuple[str, ...]
    tasks: tuple[Task, ...]
    overdue: tuple[Overdue, ...]
    waiting: tuple[Task, ...]
    optional: tuple[Task, ...]
    done: tuple[Task, ...]
    next_when: str
    next: tuple[str, ...]

    @property
    def late(self) -> int:
        """How many things are late."""
        return sum(task.state == "late" for task in self.tasks) + sum(len(visit.tasks) for visit in self.overdue)

    @property
    def rests(self) -> bool:
        """Whether there is nothing to do now for whoever looks."""
        return not self.tasks and not self.overdue


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """The page: the date at the site, the patients with something to do first, then those at rest."""

    date: date
    zone: str
    time: str
    patients: tuple[Patient, ...]
    resting: tuple[Patient, ...]
    due: int
    late: int
    blocked: int


def compute_today(
    trial: Trial, now: datetime, *, may: Callable[[str, str], bool], sees: Callable[[str], bool]
) -> Today | None:
    """The page for somebody, or None before the trial begins.

    now   the moment asked for, with a zone
    may   whether they may do an act at a site
    sees  whether the subjects of a site are in view
    """
    protocol = trial.protocol
    if protocol is None:
        return None
    subjects = [each for each in trial.subjects.all() if sees(each.site) and not each.ended]
    everybody = [_patient(trial, protocol, subject, now, may=may) for subject in subjects]
    active = [each for each in everybody if not each.rests]
    site = subjects[0].site if subjects else "".join(protocol.design.trial.sites[:1])
    tasks = [task for each in active for task in each.tasks]
    return Today(
        date=today_of(protocol, site, now),
        zone=zone_name_of(protocol, site).replace("_", " "),
        time=now.astimezone(zone_of(protocol, site)).strftime("%H:%M"),
        patients=tuple(active),
        resting=tuple(each for each in everybody if each.rests),
        due=sum(task.state == "due" and not task.against for task in tasks),
        late=sum(each.late for each in active),
        blocked=sum(bool(task.against) for task in tasks),
    )


def _patient(
    trial: Trial, protocol: Protocol, subject: Subject, now: datetime, *, may: Callable[[str, str], bool]
) -> Patient:
    today, found = today_of(protocol, subject.site, now), compute_due(trial, subject, now)
    tasks = [(each, _task(each, protocol, subject, today, may=may)) for each in found]
    open_now = [task for each, task in tasks if each.state in ("late", "due") and not _is_overdue_form(each, task)]
    days = doses_of(subject, protocol) if subject.enrolled else ()
    coming = [each for each in found if each.state == "ahead" and each.first]
    next_day = min((each.first for each in coming if each.first), default=None)
    labels = [_label(each) for each in coming if each.first == next_day]
    return Patient(
        code=subject.code,
        where=_where(subject, protocol, today),
        given=f"{sum(day.status == 'given' for day in days)} of {len(days)} inhalations given" if days else "",
        dots=tuple(DOTS[day.status] for day in days),
        tasks=tuple(sorted((task for task in open_now if task.mine), key=_order)),
        overdue=_overdue(tasks, protocol, today),
        waiting=tuple(task for task in open_now if not task.mine),
        optional=tuple(task for each, task in tasks if each.state == "optional" and task.mine),
        done=tuple(task for each, task in tasks if each.state in ("done", "missed") and _is_of(each, today)),
        next_when=_when(next_day, today),
        next=tuple(dict.fromkeys(labels)),
    )


def _is_overdue_form(due: Due, task: Task) -> bool:
    return due.state == "late" and task.mine and task.page == "enter-form"


def _overdue(tasks: list[tuple[Due, Task]], protocol: Protocol, today: date) -> tuple[Overdue, ...]:
    """The late forms by visit, in the order of the schedule."""
    by_visit: dict[str, list[tuple[Due, Task]]] = {}
    for due, task in tasks:
        if _is_overdue_form(due, task):
            by_visit.setdefault(due.visit, []).append((due, task))
    return tuple(
        Overdue(
            visit=visit.label if (visit := protocol.visit(name)) else name,
            since=_when(late[0][0].last, today),
            tasks=tuple(task for _, task in late),
        )
        for name, late in by_visit.items()
    )


def _order(task: Task) -> tuple[bool, bool]:
    """What can be done before what is held back, and the inhalation before its papers."""
    return bool(task.against), task.page != "inhalation"


def _where(subject: Subject, protocol: Protocol, today: date) -> str:
    """The patient's place in the trial, in few words."""
    if not subject.enrolled:
        return "Screening"
    calendar = compute_calendar(subject, protocol)
    trial_day = calendar.trial_day(today)
    if trial_day is not None:
        return f"Day {trial_day}"
    planned = calendar.day_one
    return f"Enrolled, day 1 {_when(planned, today)}" if planned and planned > today else "Enrolled, before day 1"


def _when(day: date | None, today: date) -> str:
    if day is None:
        return ""
    words = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return words.get((day - today).days, f"{day:%a} {day.day} {day:%b}")


def _is_of(due: Due, today: date) -> bool:
    """Whether something done belongs to a window that holds today."""
    return due.first is not None and due.first <= today and (due.last is None or today <= due.last)


def _task(due: Due, protocol: Protocol, subject: Subject, today: date, *, may: Callable[[str, str], bool]) -> Task:
    page, place = _address(due)
    return Task(
        title=_label(due),
        detail=_detail(due, protocol, today),
        state=due.state,
        sign="pause" if due.against else SIGNS[due.state],
        mine=may(ACTS.get(due.activity, "record_form"), subject.site),
        page=page,
        place=place,
        against=due.against,
        seq=due.seq,
    )


def _label(due: Due) -> str:
    if due.activity == "inhalation":
        return f"Inhalation of day {due.day}"
    return "Review by the safety group" if due.activity == "review" else due.title


def _detail(due: Due, protocol: Protocol, today: date) -> str:
    """The visit it belongs to, and its window in words."""
    visit = protocol.visit(due.visit)
    label = visit.label if visit and due.activity != "inhalation" else ""
    return ", ".join(part for part in (label, _window(due, today)) if part)


def _window(due: Due, today: date) -> str:
    if due.state == "late":
        return f"was due {_when(due.last, today)}" if due.last else "overdue"
    if due.state == "due" and due.last and due.last != today:
        return f"until {_when(due.last, today)}"
    return ""


def _address(due: Due) -> tuple[str, tuple[str | int, ...]]:
    """The page on which it is done, by name, and the place in it."""
    pages = {"consent": "sign-consent", "eligibility": "attest-eligibility", "enrolment": "enrol-subject"}
    if due.activity in pages:
        return pages[due.activity], (due.subject,)
    if due.activity == "screen_failure":
        return "end-participation", (due.subject,)
    if due.activity == "inhalation":
        return "inhalation", (due.subject, due.day or 0)
    if due.activity == "review":
        return "packets", ()
    return "enter-form", (due.subject, due.activity, due.visit, 1)
