"""The overview: the gate, and each patient's place from screening to the review that lets the next one in."""

from collections.abc import Callable, Mapping

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.values import Protocol, Swimmer
from firstbreath.subjects.doses import doses_of
from firstbreath.subjects.eligibility import assess_eligibility
from firstbreath.subjects.forms import Entered, entered_fields, records_of
from firstbreath.subjects.state import Subject
from firstbreath.trial.gates import GateState, enrolment_gate
from firstbreath.trial.overview import standing_of
from firstbreath.trial.state import Trial
from firstbreath.web.pages.words import render_absence, render_entry, render_kind, sign_of


class Step(msgspec.Struct, frozen=True):
    """One step of a patient's way: its name, the word and sign of how it stands, and the event behind it."""

    name: str
    word: str
    sign: str
    seq: int = 0


class Dot(msgspec.Struct, frozen=True):
    """One dose as a shape: its day, what became of it, and the event that says so."""

    day: int
    word: str
    sign: str
    seq: int


class Place(msgspec.Struct, frozen=True):
    """Where one patient stands."""

    code: str
    site: str
    number: int
    standing: str
    steps: tuple[Step, ...]
    dots: tuple[Dot, ...]
    doses: str
    oxygen: str
    review: Step


class Figure(msgspec.Struct, frozen=True):
    """A number in large print and what it counts."""

    number: str
    words: str


class Cohort(msgspec.Struct, frozen=True):
    """Everything the overview shows of the trial."""

    gate: GateState
    figures: tuple[Figure, ...]
    enrolled: tuple[Place, ...]
    screened: tuple[Place, ...]
    next_number: int
    shows_oxygen: bool


def compute_cohort(trial: Trial, *, sees: Callable[[str], bool] = lambda _site: True) -> Cohort:
    """The overview of a trial.

    sees  whether the subjects of a site are in view; the gate and the counts are those of the whole trial
    """
    gate = enrolment_gate(trial)
    places = {subject.code: _place(subject, trial) for subject in trial.subjects.all() if sees(subject.site)}
    enrolled = tuple(places[code] for code in trial.subjects.enrolled if code in places)
    return Cohort(
        gate=gate,
        figures=_figures(trial),
        enrolled=enrolled,
        screened=tuple(place for place in places.values() if not place.number),
        next_number=len(trial.subjects.enrolled) + 1,
        shows_oxygen=any(place.oxygen for place in places.values()),
    )


def _figures(trial: Trial) -> tuple[Figure, ...]:
    subjects = trial.subjects.all()
    planned = trial.protocol.design.trial.subjects_planned if trial.protocol else None
    bodies = [event.body for subject in subjects for event in subject.doses.values()]
    enrolled = len(trial.subjects.enrolled)
    reviewed = sum(code in trial.safety.latest for code in trial.subjects.enrolled)
    return (
        Figure("N/A" if "screened" in trial.not_recorded else str(len(subjects)), "screened"),
        Figure(str(enrolled), f"enrolled of {planned} planned" if planned is not None else "enrolled"),
        Figure(str(sum(isinstance(body, kinds.DoseGiven) for body in bodies)), "doses given"),
        Figure(str(reviewed), "patients reviewed"),
        Figure(str(trial.refusals), "acts refused"),
        Figure(str(trial.seq), "events in the log"),
    )


def _place(subject: Subject, trial: Trial) -> Place:
    protocol = trial.protocol
    days = doses_of(subject, protocol) if protocol and subject.enrolled else ()
    dots = tuple(Dot(day.day, day.status, sign_of(day.status), day.event.seq if day.event else 0) for day in days)
    body = subject.enrolled.body if subject.enrolled else None
    return Place(
        code=subject.code,
        site=subject.site,
        number=body.number if isinstance(body, kinds.SubjectEnrolled) else 0,
        standing=render_kind(standing_of(subject)),
        steps=(_eligibility(subject, trial.protocol_for(subject)), _consent(subject), _enrolment(subject, protocol)),
        dots=dots,
        doses=_dose_words(dots, subject),
        oxygen=latest_oxygen(subject, protocol),
        review=review_step(trial, subject.code),
    )


def _eligibility(subject: Subject, protocol: Protocol | None) -> Step:
    found = assess_eligibility(subject, protocol) if protocol else ()
    passes = [assessment.passes for assessment in found]
    attested = sum(assessment.by == "attestation" for assessment in found)
    seq = subject.screened.seq
    if False in passes:
        return Step("Eligibility", f"{passes.count(False)} of {len(passes)} fail", "stop", seq)
    if None in passes or not passes:
        return Step("Eligibility", f"{passes.count(None)} of {len(passes)} unknown", "unknown", seq)
    words = f"all {len(passes)} pass, {attested} by attestation" if attested else f"all {len(passes)} pass"
    return Step("Eligibility", words, "pass", seq)


def _consent(subject: Subject) -> Step:
    word = "in force" if subject.consent else "withdrawn" if subject.consents else "not signed"
    return Step("Consent", word, sign_of(word) if subject.consents else "empty", _seq(subject.consents))


def _enrolment(subject: Subject, protocol: Protocol | None) -> Step:
    if subject.enrolled is None:
        return Step("Enrolment", "not enrolled", "empty")
    several = protocol is not None and len(protocol.design.arms) > 1
    return Step("Enrolment", f"in arm {subject.arm}" if several else "enrolled", "pass", subject.enrolled.seq)


def review_step(trial: Trial, code: str) -> Step:
    """The latest review of a subject, or that there is none yet."""
    word = trial.safety.recommendation(code)
    if not word:
        return Step("Review", "none yet", "empty")
    return Step("Review", word, sign_of(word), trial.safety.latest[code].seq)


def _seq(events: tuple[Event, ...]) -> int:
    return events[-1].seq if events else 0


def _dose_words(dots: tuple[Dot, ...], subject: Subject) -> str:
    """`5 of 5 given`, with any that were not."""
    if not dots:
        return "none planned" if subject.enrolled else "not enrolled"
    given = sum(dot.word == "given" for dot in dots)
    others = [f"day {dot.day} {dot.word}" for dot in dots if dot.word in ("interrupted", "missed")]
    return ", ".join([f"{given} of {len(dots)} given", *others])


def latest_oxygen(subject: Subject, protocol: Protocol | None) -> str:
    """The device of the latest day on which one is recorded, as the protocol's timelines name the fields."""
    if protocol is None:
        return ""
    found = [
        stretch
        for swimmer in protocol.analysis.swimmers
        for form in protocol.forms
        if any(field.id == swimmer.oxygen for field in form.fields)
        for key, versions in records_of(subject, form.id)
        if (stretch := _stretch(entered_fields(key, versions), swimmer))
    ]
    return max(found, key=lambda stretch: stretch[0])[1] if found else ""


def _stretch(fields: Mapping[str, Entered], swimmer: Swimmer) -> tuple[int, str] | None:
    """The day from which a device was used, and the device in words."""
    device, day = fields.get(swimmer.oxygen), fields.get(swimmer.oxygen_day)
    if device is None or day is None or not isinstance(day.entry, str):
        return None
    if not day.entry.lstrip("-").isdecimal():
        return None
    text = render_absence(device.absent) if device.absent else render_entry(device.entry)
    return int(day.entry), f"{text}, from day {day.entry}"
