"""The keeping of the records: reference ranges, queries, corrections, source verification, signatures, freezing."""

from collections.abc import Iterator, Mapping
from typing import Any

from firstbreath.designs.course import Scene, Stay
from firstbreath.designs.planned import Late, Planned, plan
from firstbreath.trial.state import Trial

DATA, MONITOR = "data.xie", "monitor.bai"
RANGES = {
    "wbc": ("3.5", "9.5"),
    "lymphocytes": ("1.1", "3.2"),
    "crp": ("", "10"),
    "il6": ("", "7"),
    "ldh": ("120", "250"),
    "alt": ("9", "50"),
    "creatinine": ("41", "97"),
    "d_dimer": ("", "0.5"),
}
"""Limits of normal of an invented laboratory, in the units of the protocol."""
QUERIES = (
    ("SIM-01", "laboratory", "screening", "crp", "Please compare with the printout."),
    ("SIM-02", "vital_signs", "D3", "vs_when", "No vital signs during the inhalation: not taken, or not entered?"),
    ("SIM-04", "vital_signs", "D2", "vs_spo2", "Is this the value before the mask was lifted?"),
    ("SIM-05", "laboratory", "after", "d_dimer", "Higher than at screening? Please confirm the unit."),
    ("SIM-07", "demographics", "screening", "allergy", "The chart mentions a rash in childhood."),
    ("SIM-10", "ct", "after", "ct_finding", "Please say who read the scan."),
)
ANSWERED = {"SIM-01": "It is as printed.", "SIM-02": "They were not taken.", "SIM-04": "Yes, one minute before."}
CLOSED = ("SIM-01", "SIM-02")
SIGNED = {"SIM-01": "approval", "SIM-02": "approval", "SIM-04": "review"}
"""What each investigator's signature means: with an open query a record can be reviewed, and not approved."""
VERIFIED = ("SIM-01", "SIM-02")
FROZEN = "SIM-01"


def plan_ranges(scene: Scene) -> Iterator[Planned]:
    """The reference ranges of the site's laboratory, for the fields that the protocol has."""
    for minute, (name, (low, high)) in enumerate(RANGES.items()):
        field = scene.protocol.field(name)
        if field is not None:
            limits: dict[str, Any] = {"low": low, "high": high, "begins": scene.calendar.day(0), "unit": field.unit}
            at = scene.calendar.at(0, "14:00", minutes=minute)
            yield plan(at, DATA, "set_reference_range", site=scene.site, field=name, **limits)


def plan_record_keeping(scene: Scene, stays: Mapping[str, Stay]) -> Iterator[Planned]:
    """What data management, monitor and investigators do with the records of each patient."""
    yield from _plan_queries(scene, stays)
    yield from _plan_corrections(scene, stays)
    for code in VERIFIED:
        at = scene.calendar.at(stays[code].enrolled + 9, "10:00")
        yield plan(at, MONITOR, "verify_source", late=_all_events(code), subject=code)
    for code, meaning in SIGNED.items():
        at, doctor = scene.calendar.at(stays[code].enrolled + 21, "16:30"), stays[code].doctor
        yield plan(at, doctor, "sign_records", late=_all_events(code), subject=code, meaning=meaning)
    yield plan(scene.calendar.at(34, "15:00"), DATA, "freeze_subject", subject=FROZEN)


def _all_events(code: str) -> Late:
    """The numbers of everything that counts of a subject."""

    def numbers(trial: Trial) -> Mapping[str, Any]:
        subject = trial.subjects.get(code)
        return {"seqs": list(subject.events()) if subject else []}

    return numbers


def _plan_queries(scene: Scene, stays: Mapping[str, Stay]) -> Iterator[Planned]:
    """Each query is the first of its subject: some are answered and closed, one is reopened between, some stay open."""
    for code, form, visit, field, text in QUERIES:
        day, asker = stays[code].enrolled + 6, MONITOR if code == "SIM-07" else DATA
        place: dict[str, Any] = {"form": form, "visit": visit, "field": field}
        yield plan(scene.calendar.at(day, "13:30"), asker, "open_query", subject=code, text=text, **place)
        named: dict[str, Any] = {"subject": code, "query": 1}
        if code in ANSWERED:
            yield plan(scene.calendar.at(day, "14:10"), stays[code].nurse, "answer_query", text=ANSWERED[code], **named)
        if code == "SIM-02":
            at = scene.calendar.at(day, "14:30")
            yield plan(at, asker, "reopen_query", text="Then please record a deviation.", **named)
            at = scene.calendar.at(day, "15:00")
            yield plan(at, stays[code].nurse, "answer_query", text="It was recorded on the day.", **named)
        if code in CLOSED:
            yield plan(scene.calendar.at(day + 1, "09:30"), asker, "close_query", **named)


def _plan_corrections(scene: Scene, stays: Mapping[str, Stay]) -> Iterator[Planned]:
    """Two values corrected, and a record struck out that was of another patient."""
    slips = (
        ("SIM-02", "vital_signs", "D1", {"vs_heart_rate": "88"}, "Digits were exchanged"),
        ("SIM-05", "demographics", "screening", {"occupation": "Retired"}, "The patient says otherwise"),
    )
    for code, form, visit, right, why in slips:
        at = scene.calendar.at(stays[code].enrolled + 1, "12:20")
        named: dict[str, Any] = {"subject": code, "form": form, "visit": visit}
        yield plan(at, stays[code].nurse, "correct_form", reason=why, values=right, **named)
    stay = stays["SIM-04"]
    day = stay.enrolled + 3
    struck: dict[str, Any] = {"subject": stay.code, "form": "vital_signs", "visit": "D3", "repeat": 4}
    values = {"vs_when": "After", "vs_temperature": "36.6", "vs_heart_rate": "79"}
    yield plan(scene.calendar.at(day, "10:05"), stay.nurse, "record_form", values=values, **struck)

    def number(trial: Trial) -> Mapping[str, Any]:
        subject = trial.subjects.get("SIM-04")
        return {"corrects": subject.forms["vital_signs", "D3", 4][0].seq if subject else 0}

    at, why = scene.calendar.at(day, "10:12"), "These are of another patient"
    yield plan(at, stay.nurse, "strike_entry", reason=why, late=number, subject=stay.code)
