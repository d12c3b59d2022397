"""A small trial whose protocol says how an inhalation is watched; times are those of the bedside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.support.small_trial import FILES, START, SmallTrial
from tests.support.staffed_trial import StaffedTrial

from firstbreath.events.decisions import Decision

INHALATION = """
[inhalation]
form = "vital_signs"
told_by = "vs_when"
before = "before"
interfaces = ["mask", "mouthpiece"]
pause_reasons = ["Cough", "Mask lifted"]
oxygen_from_l_min = 0
oxygen_to_l_min = 10
volume_tolerance_ml = 0.2
minutes_tolerance = 5
max_residual_ml = 1
[[inhalation.time_points]]
id = "before"
label = "Before"
choice = "Before"
after = "start"
first_minute = -30
last_minute = 0
[[inhalation.time_points]]
id = "during"
label = "During"
choice = "During"
after = "start"
first_minute = 10
last_minute = 20
[[inhalation.time_points]]
id = "after"
label = "After"
choice = "After"
after = "stop"
first_minute = 0
last_minute = 30
[[inhalation.limits]]
field = "spo2"
low = 92
[[inhalation.limits]]
field = "pulse"
low = 50
high = 120
[[inhalation.stopping_rules]]
id = "saturation"
rule = "spo2 < 88 or spo2_change <= -4"
text = "Oxygen saturation below 88 %, or 4 points or more below the value before"
do = "Pause and call the investigator."
[[inhalation_events]]
id = "fever"
term = "Fever"
"""
SIGNS = """
[[forms.fields]]
id = "pulse"
label = "Heart rate"
type = "integer"
unit = "/min"
min = 0
max = 300
[[forms.fields]]
id = "vs_when"
label = "When"
type = "choice"
choices = ["Before", "During", "After"]
"""
WATCHED: dict[str, str] = {
    "protocol.toml": FILES["protocol.toml"]
    .replace("volume_ml = 6\n", "volume_ml = 6\nminutes = 30\n")
    .replace("[schedule]", INHALATION + "[schedule]"),
    "forms.toml": FILES["forms.toml"] + SIGNS,
}
READY = {"vial": "V1", "volume_ml": "6", "device": "mesh", "interface": "mask", "oxygen_l_min": "6"}


def at(minute: float) -> str:
    """A time of the bedside, in minutes from when inhalations start here."""
    return (START - timedelta(hours=1) + timedelta(minutes=minute)).isoformat()


class Bedside:
    """Acts around the inhalation of day 1 of S1, each at a minute from its start."""

    def __init__(self, small: SmallTrial | None = None) -> None:
        self.small = (small or SmallTrial(files=WATCHED)).enrolled()

    @classmethod
    def staffed(cls) -> Bedside:
        """The same where everybody has an account."""
        return cls(StaffedTrial(files=WATCHED))

    def act(self, act: str, minute: float, *, reason: str = "", **arguments: Any) -> Decision:
        import msgspec

        from firstbreath.trial.commands import AnyCommand

        command = msgspec.convert({"act": act, "subject": "S1", **arguments}, AnyCommand)
        return self.small.ask(command, reason=reason, occurred=at(minute))

    def start(self, minute: float = 0, **changes: str) -> Decision:
        return self.act("start_inhalation", minute, day=1, **(READY | changes))

    def step(self, name: str, minute: float, reason: str = "") -> Decision:
        return self.act(f"{name}_inhalation", minute, reason=reason, day=1)

    def signs(self, when: str, minute: float, **values: str) -> Decision:
        entries = {"vs_when": when, **values}
        return self.act("record_form", minute, form="vital_signs", visit="D1", values=entries, repeat=0)

    def dose(self, minute: float, **changes: str) -> Decision:
        return self.act("give_dose", minute, day=1, **({"amount": "2.0e8", "residual_ml": "0.6"} | changes))
