"""The safety group's packets and votes; one of them holds the trial, the next lets it go on."""

from collections.abc import Iterator
from typing import Any

from firstbreath.designs.course import Scene
from firstbreath.designs.planned import Planned, plan
from firstbreath.designs.staff import SAFETY_GROUP

PACKETS = (
    (("SIM-01",), 7, "continue"),
    (("SIM-02",), 11, "continue"),
    (("SIM-04",), 15, "continue"),
    (("SIM-05",), 19, "hold"),
    (("SIM-05",), 20, "continue"),
    (("SIM-07",), 25, "continue"),
    (("SIM-08",), 28, "continue"),
    (("SIM-10",), 35, ""),
)
"""Who is reviewed on which day, and what the group says; the last packet still waits for a vote."""
HOLD = "The dyspnoea came within the hour after inhaling; wait for the course of it and the cardiac enzymes"
LIFTED = "Recovered on oxygen within a day; infection is the likelier cause"


def plan_reviews(scene: Scene) -> Iterator[Planned]:
    """Each packet frozen in the afternoon, the votes of its members in the hours after."""
    for number, (codes, day, says) in enumerate(PACKETS, 1):
        yield plan(scene.calendar.at(day, "16:00"), "safety.ouyang", "freeze_packet", subjects=list(codes))
        for turn, member in enumerate(SAFETY_GROUP):
            said = _vote(turn, number, says)
            if said is not None:
                at = scene.calendar.at(day, "17:00", minutes=25 * turn)
                yield plan(at, member, "cast_vote", packet=number, **said)


def _vote(turn: int, number: int, says: str) -> dict[str, Any] | None:
    """What a member votes: one is cautious where the group holds, one abstains once, the last waits in the end."""
    if not says and turn == len(SAFETY_GROUP) - 1:
        return None
    if number == 3 and turn == 2:
        conflict = "Advises the maker on another product"
        return {"recommendation": "", "conflict": conflict, "comment": "Abstains because of the conflict stated"}
    cautious = says == "hold" and turn == 1
    comment = HOLD if cautious else LIFTED if number == 5 else ""
    return {"recommendation": "hold" if cautious else "continue", "conflict": "none", "comment": comment}
