"""The clocks of serious adverse events: by when whom, how much is left, and what changed since it was sent.

Names to know: `Clock`, `compute_clocks`, `compute_changes`. The time is an argument. What is not judged yet counts to
the worse side: its clock runs until somebody judges.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Literal

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.zones import moment_of

ClockState = Literal["running", "overdue", "sent", "sent late", "not started"]
RELATED = ("possible", "probable", "definite")
GRAVE = ("death", "life-threatening")
SPONSOR_HOURS = 24
FATAL_DAYS = 7
COMPLETE_DAYS = 15
EXPEDITED_DAYS = 15
SPONSOR_RULE = "24 h; 21 CFR 312.64(b) and ICH E6(R2) 4.11.1 say at once"
FATAL_RULE = "7 days; 21 CFR 312.32(c)(2), ICH E2A III.B.1"
COMPLETE_RULE = "8 days more; ICH E2A III.B.1"
EXPEDITED_RULE = "15 days; 21 CFR 312.32(c)(1), ICH E2A III.B.2"
SHORT_H = 48
"""From so many hours on, a time is told in days."""


class Clock(msgspec.Struct, frozen=True):
    """One report that is due: to whom, by which rule, by when, and the event that sent it.

    sure  False while the causality or the expectedness that asks for it is not judged
    """

    to: str
    report: str
    rule: str
    due: datetime | None
    sent: Event | None = None
    sure: bool = True

    def state(self, now: datetime) -> ClockState:
        """How the clock stands."""
        if self.sent:
            return "sent" if self.due is None or self.sent.at <= self.due else "sent late"
        if self.due is None:
            return "not started"
        return "running" if now <= self.due else "overdue"

    def words(self, now: datetime) -> str:
        """How much is left, or since when it is overdue, or that it was sent."""
        state = self.state(now)
        if self.due is None or self.sent:
            return {"not started": "no time of awareness is recorded", "sent": "sent in time"}.get(state, state)
        return f"{render_span(abs(self.due - now))} {'left' if state == 'running' else 'overdue'}"


class Change(msgspec.Struct, frozen=True):
    """A fact that differs between two versions of an adverse event."""

    fact: str
    before: str
    after: str


def render_span(span: timedelta) -> str:
    """A time as `3 h 20 min`, or `4 d 6 h` when it is long."""
    minutes = int(span.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= SHORT_H:
        return f"{hours // 24} d {hours % 24} h"
    return f"{hours} h {minutes} min"


def facts_of(event: Event) -> kinds.AdverseEventFacts:
    """The facts an event of an adverse event states."""
    assert isinstance(event.body, kinds.AdverseEventFacts)  # noqa: S101 -- this slice keeps no others
    return event.body


def is_susar(facts: kinds.AdverseEventFacts) -> bool | None:
    """Whether it is suspected, unexpected and serious; None while that is not judged.

    A relation to nebulising counts like one to the product: the two are given together.
    """
    if not facts.serious or facts.expected:
        return False
    relations = (facts.related_product, facts.related_nebulisation)
    related = True if any(r in RELATED for r in relations) else None if "" in relations else False
    if related is False:
        return False
    return True if related and facts.expected is False else None


def compute_clocks(versions: Sequence[Event], forwarded: Sequence[Event], *, zone: tzinfo) -> tuple[Clock, ...]:
    """The clocks of an adverse event, the soonest first; none when it is not serious.

    versions   its report and revisions, oldest first
    forwarded  when it was reported on
    zone       of the site, for a time of awareness without one
    """
    facts = facts_of(versions[-1])
    if not facts.serious:
        return ()
    aware = moment_of(facts.aware, zone)
    sponsor, authority = _sent(forwarded, "sponsor"), _sent(forwarded, "authority")
    clocks = [Clock("sponsor", "report", SPONSOR_RULE, _due(aware, hours=SPONSOR_HOURS), _nth(sponsor, 0))]
    susar = is_susar(facts)
    if susar is not False and {*facts.serious} & {*GRAVE}:
        due, full = _due(aware, hours=24 * FATAL_DAYS), _due(aware, hours=24 * COMPLETE_DAYS)
        clocks.append(Clock("authority", "first report", FATAL_RULE, due, _nth(authority, 0), bool(susar)))
        clocks.append(Clock("authority", "complete report", COMPLETE_RULE, full, _nth(authority, 1), bool(susar)))
    elif susar is not False:
        due = _due(aware, hours=24 * EXPEDITED_DAYS)
        clocks.append(Clock("authority", "report", EXPEDITED_RULE, due, _nth(authority, 0), bool(susar)))
    return tuple(clocks)


def _due(aware: datetime | None, *, hours: int) -> datetime | None:
    return aware + timedelta(hours=hours) if aware else None


def _sent(forwarded: Sequence[Event], to: str) -> list[Event]:
    return [e for e in forwarded if isinstance(e.body, kinds.SeriousEventForwarded) and e.body.to == to]


def _nth(events: Sequence[Event], place: int) -> Event | None:
    return events[place] if len(events) > place else None


def compute_changes(before: kinds.AdverseEventFacts, after: kinds.AdverseEventFacts) -> tuple[Change, ...]:
    """What differs between two versions, fact by fact; the narrative is only said to differ."""
    told = msgspec.structs.asdict(before), msgspec.structs.asdict(after)
    return tuple(
        Change(name.replace("_", " "), _shown(name, told[0][name]), _shown(name, told[1][name]))
        for name in kinds.AdverseEventFacts.__struct_fields__
        if told[0][name] != told[1][name]
    )


def _shown(name: str, fact: object) -> str:
    if fact in ("", (), None) or (name in ("grade", "day") and fact == 0):
        return "not stated"
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if name == "narrative":
        return f"{len(str(fact))} characters"
    return ", ".join(map(str, fact)) if isinstance(fact, tuple) else str(fact)


def changes_since_sent(versions: Sequence[Event], forwarded: Sequence[Event], *, to: str) -> tuple[Change, ...]:
    """What changed since it was last sent to somebody; empty when nothing did, or nothing was sent."""
    sent = _sent(forwarded, to)
    body = sent[-1].body if sent else None
    if not isinstance(body, kinds.SeriousEventForwarded):
        return ()
    seen = [version for version in versions if version.seq <= body.as_of]
    return compute_changes(facts_of(seen[-1]), facts_of(versions[-1])) if seen else ()
