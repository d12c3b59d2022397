"""What goes wrong in the simulated trial: adverse events, a withdrawal, an amendment, and acts that are refused."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from firstbreath.designs.course import Scene, Stay, plan_consent
from firstbreath.designs.inhaling import start_of
from firstbreath.designs.planned import Planned, plan
from firstbreath.events import kinds
from firstbreath.trial.state import Trial

AMENDED_ON = 24
AMENDMENT = "The consent text names the serious event of one simulated patient"
_VERSION = re.compile(r'^version = "([^"\n]*)"', re.MULTILINE)


def plan_incidents(scene: Scene, stays: Mapping[str, Stay]) -> Iterator[Planned]:
    """All of them."""
    yield from _plan_mild_events(scene)
    yield from _plan_serious_event(scene, stays["SIM-05"])
    yield from _plan_withdrawal(scene, stays["SIM-08"])
    yield from _plan_amendment(scene, stays["SIM-07"])
    yield from _plan_too_early(scene, stays)
    yield from _plan_wrong_hands(scene)


def _plan_mild_events(scene: Scene) -> Iterator[Planned]:
    mild: tuple[tuple[str, int, dict[str, Any]], ...] = (
        ("SIM-01", 3, {"term": "Cough", "grade": 1, "related_nebulisation": "possible", "day": 2}),
        ("SIM-02", 12, {"term": "Headache", "grade": 1, "related_nebulisation": "unlikely", "day": 4}),
        ("SIM-04", 14, {"term": "Shortness of breath", "grade": 2, "related_nebulisation": "probable", "day": 2,
                        "prespecified": "shortness_of_breath", "action": "interrupted"}),
        ("SIM-07", 23, {"term": "Diarrhoea", "grade": 1, "related_nebulisation": "not related", "day": 1,
                        "prespecified": "diarrhoea"}),
        ("SIM-10", 34, {"term": "Alanine aminotransferase increased", "grade": 1, "related_product": "possible",
                        "outcome": "not recovered", "day": 5}),
    )  # fmt: skip
    named = {event.id for event in scene.protocol.design.inhalation_events}
    for code, day, facts in mild:
        seen = facts.get("prespecified", "")
        if seen in named:
            at = scene.calendar.at(day, "09:18")
            yield plan(at, "nurse.wang", "see_inhalation_event", subject=code, day=facts["day"], event=seen)
        known: dict[str, Any] = {
            "onset": scene.calendar.at(day, "09:12").isoformat(),
            "action": "none",
            "outcome": "recovered",
        }
        prespecified = seen if seen in named else ""
        told: dict[str, Any] = {**known, "related_product": "unlikely", **facts, "prespecified": prespecified}
        yield plan(scene.calendar.at(day, "13:00"), "doctor.lin", "report_adverse_event", subject=code, **told)


def _plan_serious_event(scene: Scene, stay: Stay) -> Iterator[Planned]:
    """Reported within the hour, forwarded in time, revised when more is known; the next dose is missed."""
    calendar, code = scene.calendar, stay.code
    facts: dict[str, Any] = {
        "subject": code, "term": "Hypoxia", "grade": 3, "serious": ["hospitalisation"], "day": 3,
        "onset": calendar.at(19, "10:20").isoformat(), "aware": calendar.at(19, "10:30").isoformat(),
        "related_product": "possible", "related_nebulisation": "possible", "action": "none",
        "outcome": "recovering", "expected": False,
    }  # fmt: skip
    yield plan(calendar.at(19, "10:50"), stay.doctor, "report_adverse_event", **facts)
    for day, clock, actor, to in (
        (19, "14:00", stay.doctor, "sponsor"),
        (20, "10:00", stay.doctor, "ethics"),
        (22, "15:00", "sponsor.jiang", "authority"),
    ):
        yield plan(calendar.at(day, clock), actor, "forward_serious_event", subject=code, number=1, to=to)
    at, why = calendar.at(20, "15:10"), "The culture grew bacteria; the enzymes were normal"
    better: dict[str, Any] = {**facts, "number": 1, "related_product": "unlikely", "action": "interrupted"}
    yield plan(at, stay.doctor, "revise_adverse_event", reason=why, **better)
    ended: dict[str, Any] = {**better, "outcome": "recovered", "ended": calendar.day(21)}
    yield plan(calendar.at(22, "09:40"), stay.doctor, "revise_adverse_event", reason="It is over", **ended)
    named: dict[str, Any] = {"subject": code, "day": 4}
    yield plan(calendar.at(20, "09:00"), stay.nurse, "start_inhalation", refused=True, **start_of(scene, stay, 4))
    held = "The safety group holds the trial"
    yield plan(calendar.at(20, "11:00"), stay.nurse, "miss_dose", reason=held, **named)


def _plan_withdrawal(scene: Scene, stay: Stay) -> Iterator[Planned]:
    """On the third trial day the patient no longer wants to inhale; nothing more is given."""
    day, code = stay.enrolled + 3, stay.code
    why = "Does not want to wear the mask any longer"
    yield plan(scene.calendar.at(day, "08:40"), stay.doctor, "withdraw_consent", reason=why, subject=code)
    yield plan(
        scene.calendar.at(day, "09:00"), stay.nurse, "start_inhalation", refused=True, **start_of(scene, stay, 3)
    )
    yield plan(scene.calendar.at(day, "10:00"), stay.doctor, "end_participation", subject=code, how="withdrawn")


def _plan_amendment(scene: Scene, stay: Stay) -> Iterator[Planned]:
    """The sponsor amends the consent text; whoever is treated consents anew before the next dose."""
    at = scene.calendar.at(AMENDED_ON, "18:00")
    yield plan(at, "sponsor.jiang", "amend_protocol", reason=AMENDMENT, summary=AMENDMENT, late=_amended_files)
    day, trial_day = AMENDED_ON + 1, AMENDED_ON + 1 - stay.enrolled
    at = scene.calendar.at(day, "08:52")
    yield plan(at, stay.nurse, "start_inhalation", refused=True, **start_of(scene, stay, trial_day))
    yield from plan_consent(scene, stay, day=day, clock="08:57", given_by="surrogate")


def _amended_files(trial: Trial) -> Mapping[str, Any]:
    """The folder in force with the next version of its consent text."""
    body = trial.adoptions[-1].event.body
    files = dict(body.files) if isinstance(body, kinds.ProtocolAdopted | kinds.ProtocolAmended) else {}
    before, consent, after = files["protocol.toml"].partition("[consent]\n")
    files["protocol.toml"] = before + consent + _VERSION.sub(r'version = "\1, simulated amendment 1"', after, count=1)
    return {"files": files}


def _plan_too_early(scene: Scene, stays: Mapping[str, Stay]) -> Iterator[Planned]:
    """What somebody tries before it may be done; the door says why not."""
    arm = scene.protocol.design.arms[0].id
    for day, clock, code in ((1, "09:50", "SIM-01"), (10, "11:40", "SIM-04"), (35, "11:00", "SIM-11")):
        at, doctor = scene.calendar.at(day, clock), stays[code].doctor
        yield plan(at, doctor, "enrol_subject", refused=True, subject=code, arm=arm)
    first = stays["SIM-01"]
    at = scene.calendar.at(2, "08:12")
    yield plan(at, first.nurse, "start_inhalation", refused=True, **start_of(scene, first, 1))
    again: dict[str, Any] = {"subject": "SIM-01", "day": 3, "amount": "2.0e8"}
    yield plan(scene.calendar.at(4, "10:15"), first.nurse, "give_dose", refused=True, **again)


def _plan_wrong_hands(scene: Scene) -> Iterator[Planned]:
    """Acts asked for by somebody whose role may not do them, whose delegation ended, or whose typing slipped."""
    arm = scene.protocol.design.arms[0].id
    signs: dict[str, Any] = {"form": "vital_signs", "values": {"vs_temperature": "37.1"}}
    at = scene.calendar.at
    yield plan(at(8, "10:45"), "nurse.chen", "enrol_subject", refused=True, subject="SIM-02", arm=arm)
    named: dict[str, Any] = {"visit": "D3", "repeat": 7}
    yield plan(at(11, "12:00"), "nurse.pei", "record_form", refused=True, subject="SIM-02", **named, **signs)
    yield plan(at(13, "12:00"), "pharmacist.gao", "record_form", refused=True, subject="SIM-04", **named, **signs)
    yield plan(at(16, "12:00"), "nurse.chen", "set_reference_range", refused=True,
               site=scene.site, field="crp", low="0", high="100", begins=scene.calendar.day(16))  # fmt: skip
    slip: dict[str, Any] = {"form": "vital_signs", "values": {"vs_temperature": "371"}, "visit": "D2", "repeat": 8}
    yield plan(at(24, "09:16"), "nurse.wang", "record_form", refused=True, subject="SIM-07", **slip)
