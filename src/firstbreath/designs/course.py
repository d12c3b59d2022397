"""The way of one invented patient: screening, consent, enrolment, the days of inhalation, what follows."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import msgspec

from firstbreath.designs import answers
from firstbreath.designs.patients import Patient
from firstbreath.designs.planned import Calendar, Planned, plan
from firstbreath.protocol.values import Form, Protocol
from firstbreath.trial.state import Trial

DAY_AFTER = 6
FINDING = "Simulated: the scan is a generated phantom, of nobody."


class Scene(msgspec.Struct, frozen=True):
    """Where patients are simulated: the protocol, the days, the site, and where chance comes from."""

    protocol: Protocol
    calendar: Calendar
    site: str
    chance: Random


class Stay(msgspec.Struct, frozen=True, kw_only=True):
    """A patient with the people who care for them, and the day of enrolment; trial day 1 is the next."""

    patient: Patient
    enrolled: int
    nurse: str = "nurse.wang"
    doctor: str = "doctor.lin"

    @property
    def code(self) -> str:
        """The subject code."""
        return self.patient.code


def plan_form(
    scene: Scene, stay: Stay, form_id: str, *, day: int, clock: str, visit: str, values: answers.Values, repeat: int = 1
) -> Iterator[Planned]:
    """A form filled by the nurse; nothing where the protocol has no such form."""
    form = scene.protocol.form(form_id)
    if form is not None:
        filled = answers.complete(form, values)
        at = scene.calendar.at(day, clock)
        yield plan(at, stay.nurse, "record_form", subject=stay.code, visit=visit, repeat=repeat, **filled)


def plan_screening(
    scene: Scene, stay: Stay, *, day: int, found: Mapping[str, str | tuple[str, ...]] | None = None
) -> Iterator[Planned]:
    """A patient screened on a day; `found` are answers that differ from those drawn."""
    patient, chance = stay.patient, scene.chance
    yield plan(scene.calendar.at(day, "08:30"), stay.nurse, "open_screening", subject=stay.code, site=scene.site)
    checklist = scene.protocol.form("screening_checklist") or Form(id="none", title="none", fields=())
    drawn: dict[str, answers.Values] = {
        "demographics": answers.draw_demographics(patient, chance),
        "severity": answers.draw_severity(patient, chance),
        "screening_checklist": answers.draw_checklist(patient, checklist),
        "treatments": answers.draw_treatments(patient, chance),
        "laboratory": answers.draw_laboratory(patient, chance, after=False),
        "ct": {"ct_days_from_onset": str(patient.since_onset), "ct_finding": FINDING},
    }
    for minute, (form_id, values) in enumerate(drawn.items()):
        own = {name: entry for name, entry in (found or {}).items() if _asks(scene.protocol.form(form_id), name)}
        at = f"09:{6 * minute:02}"
        yield from plan_form(scene, stay, form_id, day=day, clock=at, visit="screening", values=values | own)


def _asks(form: Form | None, field_id: str) -> bool:
    return form is not None and any(field.id == field_id for field in form.fields)


def plan_consent(
    scene: Scene, stay: Stay, *, day: int, clock: str = "10:00", given_by: str = "patient"
) -> Iterator[Planned]:
    """Consent on the version in force then, before two witnesses."""

    def in_force(trial: Trial) -> Mapping[str, Any]:
        return {"version": trial.protocol.design.consent.version if trial.protocol else ""}

    witnesses = ["Lin (simulated)", "He (simulated)"]
    at = scene.calendar.at(day, clock)
    yield plan(
        at, stay.doctor, "sign_consent", late=in_force, subject=stay.code, given_by=given_by, witnesses=witnesses
    )


def plan_attestation(scene: Scene, stay: Stay, *, day: int) -> Iterator[Planned]:
    """The investigator's word on the criteria that no value can decide."""
    judged = {c.id: c.kind == "inclusion" for c in scene.protocol.design.criteria if c.judged and not c.rule}
    at = scene.calendar.at(day, "10:20")
    yield plan(at, stay.doctor, "attest_eligibility", subject=stay.code, criteria=judged)


def plan_enrolment(scene: Scene, stay: Stay) -> Iterator[Planned]:
    """Enrolment in the first arm."""
    at, arm = scene.calendar.at(stay.enrolled, "11:00"), scene.protocol.design.arms[0].id
    yield plan(at, stay.doctor, "enrol_subject", subject=stay.code, arm=arm)


def plan_skin_test(scene: Scene, stay: Stay) -> Iterator[Planned]:
    """The skin test on the first day, and the oxygen support of that day."""
    values: answers.Values = {"skin_test_done": "yes", "skin_test_reaction": "None"}
    day = stay.enrolled + 1
    yield from plan_form(scene, stay, "skin_test", day=day, clock="08:20", visit="D1", values=values)
    device: answers.Values = {"treatment_day": "1", "oxygen_device": "Nasal cannula"}
    yield from plan_form(scene, stay, "oxygen", day=day, clock="08:30", visit="D1", values=device)


def plan_after(scene: Scene, stay: Stay, *, mended: bool = True) -> Iterator[Planned]:
    """What is due after the course; `mended` says that no oxygen is needed any more."""
    day, patient = stay.enrolled + DAY_AFTER, stay.patient
    due: dict[str, answers.Values] = {
        "vital_signs": answers.draw_vital_signs(patient, scene.chance, when="After", day=DAY_AFTER),
        "oxygen_change": {"oxygen_before": "Nasal cannula", "oxygen_after": "None" if mended else "Nasal cannula"},
        "laboratory": answers.draw_laboratory(patient, scene.chance, after=True),
        "ct": {"ct_days_from_onset": str(patient.since_onset + DAY_AFTER), "ct_finding": FINDING},
    }
    for minute, (form_id, values) in enumerate(due.items()):
        yield from plan_form(scene, stay, form_id, day=day, clock=f"09:{7 * minute:02}", visit="after", values=values)


def plan_farewell(scene: Scene, stay: Stay, *, follow_up: int = 0) -> Iterator[Planned]:
    """Discharge two days after the course; a visit on a later trial day, where one was made."""
    day = stay.enrolled + DAY_AFTER + 2
    yield from plan_form(scene, stay, "discharge", day=day, clock="11:00", visit="after", values={"discharged": "yes"})
    at = scene.calendar.at(day, "11:30")
    yield plan(at, stay.doctor, "end_participation", subject=stay.code, how="discharged")
    if follow_up:
        values = answers.draw_follow_up(stay.patient, scene.chance, day=follow_up)
        yield from plan_form(
            scene, stay, "follow_up", day=stay.enrolled + follow_up, clock="14:00", visit="follow_up", values=values
        )
