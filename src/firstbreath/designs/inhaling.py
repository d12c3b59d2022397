"""The half hour of an inhalation: vital signs before, during and after; start, pause, end."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from firstbreath.designs.answers import draw_vital_signs
from firstbreath.designs.course import Scene, Stay, plan_form
from firstbreath.designs.planned import Planned, plan
from firstbreath.designs.supplying import plan_preparation, vial_of

Way = Literal["whole", "paused", "interrupted"]
SIGNS = (("Before", "08:50"), ("During", "09:15"), ("After", "09:45"))
PAUSED = "Coughed; the mask was lifted"
INTERRUPTED = "Short of breath, saturation fell to 84%"


def plan_inhalation(
    scene: Scene, stay: Stay, trial_day: int, *, way: Way = "whole", missed: tuple[str, ...] = ()
) -> Iterator[Planned]:
    """The inhalation of a trial day.

    way     whole, with a pause, or interrupted for good
    missed  the vital signs that nobody took: Before, During or After
    """
    yield from plan_preparation(scene, stay, trial_day)
    yield from _plan_signs(scene, stay, trial_day, missed=missed)
    day, dose = stay.enrolled + trial_day, scene.protocol.design.doses[0]
    named: dict[str, Any] = {"subject": stay.code, "day": trial_day}
    yield plan(scene.calendar.at(day, "09:00"), stay.nurse, "start_inhalation", **start_of(scene, stay, trial_day))
    if way != "whole":
        why = PAUSED if way == "paused" else INTERRUPTED
        yield plan(scene.calendar.at(day, "09:11"), stay.nurse, "pause_inhalation", reason=why, **named)
    if way == "paused":
        yield plan(scene.calendar.at(day, "09:14"), stay.nurse, "resume_inhalation", **named)
    amount = str(dose.amount).lower().replace("e+", "e")
    if way == "interrupted":
        given: dict[str, Any] = {"amount": amount, "given_ml": "2.1", "minutes": "11"}
        at = scene.calendar.at(day, "09:20")
        yield plan(at, stay.nurse, "interrupt_dose", reason=INTERRUPTED, **named, **given)
        return
    yield plan(scene.calendar.at(day, "09:33"), stay.nurse, "give_dose", **named, **_whole(scene, amount))


def start_of(scene: Scene, stay: Stay, trial_day: int) -> dict[str, Any]:
    """What is entered before the nebuliser is started."""
    device = scene.protocol.design.device
    return {
        "subject": stay.code,
        "day": trial_day,
        "vial": vial_of(stay.code, trial_day),
        "volume_ml": "6",
        "device": device.name if device else "",
        "interface": "mask",
        "oxygen_l_min": str(scene.chance.choice((6, 7, 8))),
    }


def _whole(scene: Scene, amount: str) -> Mapping[str, Any]:
    residual = f"{scene.chance.uniform(0.2, 0.7):.1f}"
    return {"amount": amount, "volume_ml": "6", "minutes": "30", "residual_ml": residual}


def _plan_signs(scene: Scene, stay: Stay, trial_day: int, *, missed: tuple[str, ...]) -> Iterator[Planned]:
    """Vital signs on a trial day, without those that nobody took."""
    taken = [(when, clock) for when, clock in SIGNS if when not in missed]
    for repeat, (when, clock) in enumerate(taken, 1):
        values = draw_vital_signs(stay.patient, scene.chance, when=when, day=trial_day)
        yield from plan_form(
            scene,
            stay,
            "vital_signs",
            day=stay.enrolled + trial_day,
            clock=clock,
            visit=f"D{trial_day}",
            values=values,
            repeat=repeat,
        )
    for when in missed:
        at, text = (
            scene.calendar.at(stay.enrolled + trial_day, "10:30"),
            f"Day {trial_day}: no vital signs ({when.lower()}).",
        )
        yield plan(at, stay.nurse, "record_deviation", subject=stay.code, category="vital signs", text=text)
