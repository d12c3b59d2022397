"""Plans of a simulated trial, before anything is asked for."""

from collections import Counter
from datetime import date, datetime
from random import Random

import pytest

from firstbreath.cli.files import read_protocol_files, shipped_study
from firstbreath.designs.answers import complete, draw_laboratory
from firstbreath.designs.patients import draw_patient
from firstbreath.designs.planned import Calendar, plan
from firstbreath.designs.sessions import plan_sessions
from firstbreath.designs.story import simulate_trial
from firstbreath.protocol.entries import parse_entry
from firstbreath.protocol.folder import parse_protocol
from firstbreath.protocol.values import Field, Form

CALENDAR = Calendar(date(2024, 9, 2))


@pytest.fixture(scope="module")
def protocol():
    return parse_protocol(read_protocol_files(shipped_study("mexcovid")))[0]


@pytest.fixture(scope="module")
def planned(protocol):
    return simulate_trial(protocol, chance=Random(1), first=CALENDAR.first)


def test_acts_stand_in_the_order_of_time(planned):
    assert [act.at for act in planned] == sorted(act.at for act in planned)


def test_the_same_chance_plans_the_same(protocol, planned):
    again = simulate_trial(protocol, chance=Random(1), first=CALENDAR.first)
    assert [(act.at, act.actor, act.act, act.arguments) for act in again] == [
        (act.at, act.actor, act.act, act.arguments) for act in planned
    ]


def test_another_chance_draws_other_values(protocol, planned):
    other = simulate_trial(protocol, chance=Random(2), first=CALENDAR.first)
    assert [act.arguments for act in other] != [act.arguments for act in planned]


def test_every_value_planned_is_possible(protocol, planned):
    fields = {field.id: field for form in protocol.forms for field in form.fields}
    recorded = [act for act in planned if act.act == "record_form" and not act.refused]
    assert recorded
    for act in recorded:
        for name, entry in act.arguments["values"].items():
            parse_entry(fields[name], entry)


def test_days_count_from_the_first_on_the_wards_clock():
    assert CALENDAR.at(2, "09:00", minutes=5) == datetime.fromisoformat("2024-09-04T09:05:00+08:00")
    assert CALENDAR.day(30) == "2024-10-02"


def test_a_patient_in_whom_nothing_speaks_against_joining():
    patients = [draw_patient("X", Random(seed)) for seed in range(200)]
    assert all(18 <= patient.age <= 75 and patient.spo2 <= 93 and patient.clearance >= 15 for patient in patients)
    assert {patient.sex for patient in patients} == {"Male", "Female"}


def test_inflammation_falls_over_the_course():
    patient = draw_patient("X", Random(1))
    before, after = (draw_laboratory(patient, Random(1), after=after) for after in (False, True))
    assert float(after["crp"]) < float(before["crp"])
    assert float(after["lymphocytes"]) > float(before["lymphocytes"])


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        (Field(id="a", label="A", type="yesno", required=True), "yes"),
        (Field(id="a", label="A", type="choice", choices=("B", "C"), required=True), "B"),
        (Field(id="a", label="A", type="choices", choices=("B", "C"), required=True), ("B",)),
        (Field(id="a", label="A", type="integer", min=5, max=9, required=True), "5"),
        (Field(id="a", label="A", type="text", required=True), "Simulated"),
    ],
)
def test_a_required_field_that_nobody_foresaw_is_answered(field, entry):
    filled = complete(Form(id="f", title="F", fields=(field,)), {})
    assert filled["values"] == {"a": entry}
    parse_entry(field, entry)


def test_a_field_that_nobody_foresaw_is_not_asked():
    field = Field(id="a", label="A", type="text")
    assert complete(Form(id="f", title="F", fields=(field,)), {"other": "x"}) == {
        "form": "f",
        "values": {},
        "absent": {"a": "NASK"},
    }


def test_everybody_signs_in_once_a_day():
    acts = [plan(CALENDAR.at(day, clock), "ada", "open_query") for day in (1, 2) for clock in ("08:00", "12:00")]
    own = [act for act in plan_sessions(CALENDAR, acts) if act.actor == "ada"]
    assert Counter(act.act for act in own) == {"sign_in": 2, "sign_out": 2}
    assert own[0].at < acts[0].at < acts[1].at < own[1].at
