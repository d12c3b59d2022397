"""What happens in the simulated trial, day by day: seven patients enrolled, and what goes wrong on the way."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

from firstbreath.designs.course import (
    Scene,
    Stay,
    plan_after,
    plan_attestation,
    plan_consent,
    plan_enrolment,
    plan_farewell,
    plan_screening,
    plan_skin_test,
)
from firstbreath.designs.imaging import Reads, plan_imaging
from firstbreath.designs.incidents import plan_incidents
from firstbreath.designs.inhaling import Way, plan_inhalation
from firstbreath.designs.keeping import plan_ranges, plan_record_keeping
from firstbreath.designs.patients import draw_patient
from firstbreath.designs.planned import Calendar, Planned, plan
from firstbreath.designs.reviews import plan_reviews
from firstbreath.designs.sessions import plan_sessions
from firstbreath.designs.staff import plan_staff
from firstbreath.designs.supplying import plan_supply
from firstbreath.protocol.values import Protocol

ENROLLED = {"SIM-01": 1, "SIM-02": 8, "SIM-04": 12, "SIM-05": 16, "SIM-07": 22, "SIM-08": 26, "SIM-10": 29}
"""The day on which each of the seven is enrolled."""
WAITING = "SIM-11"
"""Screened, eligible and consenting when the simulation ends; the gate decides."""
LAST_DAY = 35
SCREENED_EARLIER = {"SIM-04": 10, "SIM-07": 20}
FAILURES = {
    "SIM-03": (9, {"age": "79"}, "Older than 75 years"),
    "SIM-06": (19, {"immunosuppressants": "yes"}, "Takes a medicine that suppresses the immune system"),
    "SIM-09": (27, {"spo2": "96", "respiratory_rate": "20", "pf_ratio": "352", "recorded_class": "Common"},
               "Neither the severe nor the critical type"),
}  # fmt: skip
"""The day of each screening failure, what was found, and the reason written down."""
MISSED, WITHDRAWN = ("SIM-05", 4), ("SIM-08", 3)
WAYS: Mapping[tuple[str, int], Way] = {
    ("SIM-01", 2): "paused",
    ("SIM-04", 2): "interrupted",
    ("SIM-10", 1): "paused",
}
NOT_TAKEN = {("SIM-02", 3): ("During",), ("SIM-07", 4): ("After",)}
"""Inhalations that were not whole, and vital signs that nobody took; every other one went by the protocol."""


def simulate_trial(protocol: Protocol, *, chance: Random, first: date, reads: Reads = "open") -> list[Planned]:
    """Everything that is asked for in a simulated trial after the adoption of its protocol, in order of time.

    chance  where every drawn value comes from; the same seed gives the same trial
    first   the day before the first patient is screened
    reads   whether some scans are left to be read, or all reads are final
    """
    site = next(iter(protocol.design.trial.sites), "")
    scene = Scene(protocol, Calendar(first), site, chance)
    stays = stays_of(scene)
    planned = [*plan_staff(scene.calendar, site), *plan_ranges(scene), *plan_supply(scene)]
    for stay in stays.values():
        planned += _plan_joining(scene, stay)
        planned += _plan_treatment(scene, stay) if stay.code in ENROLLED else ()
    planned += _plan_failures(scene)
    planned += [*plan_reviews(scene), *plan_incidents(scene, stays), *plan_record_keeping(scene, stays)]
    read = {code: stay for code, stay in stays.items() if code in ENROLLED}
    planned += plan_imaging(scene, read, last=LAST_DAY, reads=reads)
    planned += plan_sessions(scene.calendar, planned)
    return sorted(planned, key=lambda act: act.at)


def stays_of(scene: Scene) -> dict[str, Stay]:
    """The seven and the one who waits, in the care of two nurses and two investigators by turns."""
    stays = {}
    for turn, (code, day) in enumerate({**ENROLLED, WAITING: LAST_DAY}.items()):
        nurse, doctor = (("nurse.wang", "doctor.lin"), ("nurse.chen", "doctor.he"))[turn % 2]
        patient = draw_patient(code, scene.chance)
        stays[code] = Stay(patient=patient, enrolled=day, nurse=nurse, doctor=doctor)
    return stays


def _plan_joining(scene: Scene, stay: Stay) -> Iterator[Planned]:
    day = SCREENED_EARLIER.get(stay.code, stay.enrolled)
    yield from plan_screening(scene, stay, day=day)
    yield from plan_consent(scene, stay, day=day, given_by=scene.chance.choice(("patient", "surrogate")))
    yield from plan_attestation(scene, stay, day=day)
    if stay.code in ENROLLED:
        yield from plan_enrolment(scene, stay)


def _plan_treatment(scene: Scene, stay: Stay) -> Iterator[Planned]:
    yield from plan_skin_test(scene, stay)
    for trial_day in scene.protocol.design.doses[0].days:
        if (stay.code, trial_day) == WITHDRAWN:
            return
        if (stay.code, trial_day) != MISSED:
            now = stay.code, trial_day
            missed = NOT_TAKEN.get(now, ())
            yield from plan_inhalation(scene, stay, trial_day, way=WAYS.get(now, "whole"), missed=missed)
    yield from plan_after(scene, stay, mended=stay.code != "SIM-05")
    if stay.enrolled + 8 <= LAST_DAY:
        later = scene.chance.randint(15, 20)
        yield from plan_farewell(scene, stay, follow_up=later if stay.enrolled + later <= LAST_DAY else 0)


def _plan_failures(scene: Scene) -> Iterator[Planned]:
    for code, (day, found, why) in FAILURES.items():
        stay = Stay(patient=draw_patient(code, scene.chance), enrolled=day)
        yield from plan_screening(scene, stay, day=day, found=found)
        at = scene.calendar.at(day, "11:30")
        yield plan(at, stay.doctor, "end_participation", reason=why, subject=code, how="screen_failure")
