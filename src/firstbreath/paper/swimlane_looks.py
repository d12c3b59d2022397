"""How the timeline looks: its colours, tones, hatches and shapes, and what each stands for.

Names to know: `PALETTE`, `LEGEND`, `look_of`. Never here: a colour that alone says something.
"""

from typing import Any

import msgspec

from firstbreath.paper.swimmer import Timeline

PALETTE = {
    "ink": "#1b2529",
    "quiet": "#59656b",
    "rule": "#d5d2c9",
    "ground": "#ffffff",
    "tone-light": "#dce8e6",
    "tone-soft": "#a3c0bf",
    "tone-mid": "#6b9497",
    "tone-deep": "#37656b",
    "hatch": "#1f4a50",
    "better": "#14566b",
    "worse": "#a4430f",
    "step-0": "#f3f5f3",
    "step-1": "#d7e4e4",
    "step-2": "#b4cdd0",
    "step-3": "#8fb3b9",
    "step-4": "#6b979f",
    "gain-2": "#6fa8c4",
    "gain-1": "#bcd8e6",
    "even": "#f2f2ee",
    "loss-1": "#f6d3b3",
    "loss-2": "#e39a5b",
    "hatched": "#c27c40",
}
"""Colours by role; the four tones are also four steps of grey, and so are the steps of a score."""

TONES = (("tone-light", ""), ("tone-soft", "////"), ("tone-mid", "...."), ("tone-deep", "xxxx"))
MORE_HATCHES = ("", "\\\\\\\\", "----", "||||", "++++")
MARKERS = {"admission": "o", "dose": "v", "dose_not_full": "v", "follow_up": "D"}
OFFSETS = {"admission": 0.0, "dose": -0.33, "dose_not_full": -0.33, "follow_up": 0.0}

LEGEND = {
    "admission": "Admission",
    "dose": "Dose given",
    "dose_not_full": "Dose missed or interrupted",
    "follow_up": "Follow-up",
}


class Look(msgspec.Struct, frozen=True):
    """How oxygen by one device is drawn."""

    tone: str
    hatch: str


def devices_of(timeline: Timeline) -> tuple[str, ...]:
    """Every device of the timeline, in the order in which the lanes show them."""
    return tuple(dict.fromkeys(stretch.device for lane in timeline.lanes for stretch in lane.stretches))


def look_of(number: int) -> Look:
    """The look of the device at that place: first the four tones each with its own hatch, then further hatches."""
    tone, hatch = TONES[number % len(TONES)]
    again = number // len(TONES)
    return Look(tone, MORE_HATCHES[again % len(MORE_HATCHES)] if again else hatch)


def fill_of(look: Look) -> dict[str, Any]:
    """A bar in a look: tone, hatch and edge."""
    return {
        "facecolor": PALETTE[look.tone],
        "edgecolor": PALETTE["hatch"],
        "hatchcolor": PALETTE["hatch"],
        "hatch": look.hatch,
        "linewidth": 0.8,
    }


def shape_of(kind: str) -> dict[str, Any]:
    """A marker by kind: filled for what was done in full, hollow for admission and for doses not given in full."""
    filled = kind in ("dose", "follow_up")
    edge = PALETTE["ground"] if kind == "follow_up" else PALETTE["ink"]
    return {
        "marker": MARKERS.get(kind, "s"),
        "markersize": 7 if kind == "follow_up" else 5.2,
        "markerfacecolor": PALETTE["ink"] if filled else PALETTE["ground"],
        "markeredgecolor": edge,
        "markeredgewidth": 0.9,
        "linestyle": "none",
    }
