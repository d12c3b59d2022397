"""Who comes and goes: a session for everybody who acts on a day, and some who cannot sign in."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby

from firstbreath.designs.planned import ZONE, Calendar, Planned, plan
from firstbreath.people.rights import HOLDER, SYSTEM

SITE_ITSELF = "firstbreath"
DEVICE = "Simulated browser"
ATTEMPTS = 5


def plan_sessions(calendar: Calendar, planned: Iterable[Planned]) -> Iterator[Planned]:
    """A sign-in before the first act and a sign-out after the last, by person and day; from the second day on."""
    acts = [act for act in planned if act.at >= calendar.at(1, "00:00") and act.acting_as != SYSTEM]
    acts.sort(key=lambda act: (act.actor, act.at))
    for (actor, _), own in groupby(acts, key=lambda act: (act.actor, act.at.astimezone(ZONE).date())):
        times = [act.at for act in own]
        yield plan(times[0] - timedelta(minutes=2), actor, "sign_in", acting_as=HOLDER, device=DEVICE)
        yield plan(times[-1] + timedelta(minutes=3), actor, "sign_out", acting_as=HOLDER)
    yield from _plan_failures(calendar)


def _plan_failures(calendar: Calendar) -> Iterator[Planned]:
    def refuse(day: int, clock: str, *, account: str, why: str) -> Planned:
        at = calendar.at(day, clock)
        return plan(at, SITE_ITSELF, "note_refused_sign_in", acting_as=SYSTEM, account=account, why=why)

    for attempt in range(ATTEMPTS):
        yield refuse(5, f"07:4{attempt}", account="nurse.chen", why="password")
    at = calendar.at(5, "07:45")
    yield plan(at, SITE_ITSELF, "note_lock_out", acting_as=SYSTEM, account="nurse.chen", attempts=ATTEMPTS)
    yield refuse(8, "12:10", account="", why="unknown")
    yield refuse(14, "09:20", account="data.xie", why="second_factor")
