"""The inhalation as the page shows it: ready or not, the clock, vital signs, rules, what was entered."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Context, Decimal

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.events.record import Event
from firstbreath.paper.background import render_count
from firstbreath.protocol.naming import name_words, pair_words
from firstbreath.protocol.rules import Value
from firstbreath.protocol.show_inhalation import window_words
from firstbreath.protocol.values import Dose, Field, InhalationEvent, Limit, Protocol
from firstbreath.protocol.zones import zone_of
from firstbreath.subjects.delivered import Delivered, compute_delivered
from firstbreath.subjects.doses import reasons_against_day
from firstbreath.subjects.session import Session, happened, session_of
from firstbreath.subjects.state import INHALATION_KINDS, Subject
from firstbreath.subjects.stopping import Watched, watch_rules
from firstbreath.subjects.vital_points import PointDue, Taken, points_of, side_of, taken_on
from firstbreath.trial.decide_product import reasons_against_vials
from firstbreath.trial.due import reasons_against_date
from firstbreath.trial.gates import GateState, dosing_parts
from firstbreath.trial.state import Trial
from firstbreath.web.pages.words import render_amount

LAG_S = 60
"""How much later than it happened an entry was written before the page says so."""
THREE_DIGITS = Context(prec=3, rounding=ROUND_HALF_UP)


class Check(msgspec.Struct, frozen=True):
    """One thing that must hold before the start."""

    text: str
    word: str
    sign: str
    reasons: tuple[kinds.Reason, ...]


class Reading(msgspec.Struct, frozen=True):
    """One vital sign of a record, with the side of its limits it lies on."""

    label: str
    value: str
    unit: str
    side: str
    sign: str


class Entered(msgspec.Struct, frozen=True):
    """Something that was entered: when it happened, by whom, and how much later it was written."""

    seq: int
    at: datetime
    clock: str
    actor: str
    text: str
    lag: str
    reason: str
    seen: str = ""
    readings: tuple[Reading, ...] = ()
    correct: tuple[str, str, str, int] | None = None


class PointLine(msgspec.Struct, frozen=True):
    """A time point of the protocol, in words."""

    due: PointDue
    word: str
    sign: str
    window: str


class RuleLine(msgspec.Struct, frozen=True):
    """A stopping rule, in words."""

    watched: Watched
    word: str
    sign: str
    values: str


class Inhaling(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page of an inhalation shows."""

    code: str
    day: int
    number: int
    planned: int
    amount: str
    amount_text: str
    facts: str
    state: str
    seconds: int
    clock: str
    now_iso: str
    now_clock: str
    today: str
    checks: tuple[Check, ...]
    ready: bool
    start: kinds.InhalationStarted | None
    suggested: dict[str, str]
    interfaces: tuple[str, ...]
    pause_reasons: tuple[str, ...]
    flow: str
    form: str
    told_by: str
    due_choice: str
    limits: dict[str, Limit]
    first_number: str
    points: tuple[PointLine, ...]
    rules: tuple[RuleLine, ...]
    rule_met: bool
    events: tuple[InhalationEvent, ...]
    entered: tuple[Entered, ...]
    seen: tuple[Entered, ...]
    dose: Event | None
    delivered: Delivered | None
    delivered_amount: str
    departures: tuple[Event, ...]
    tracked: bool


def compute_inhalation(trial: Trial, subject: Subject, day: int, now: datetime) -> Inhaling | None:
    """The page of a day's inhalation; None where the subject has no dose on that day."""
    protocol = trial.protocol
    if protocol is None:
        return None
    regimen, part, zone = protocol.dose_of(subject.arm), protocol.design.inhalation, zone_of(protocol, subject.site)
    if regimen is None or day not in regimen.days:
        return None
    session, here = session_of(subject, day, zone), now.astimezone(zone)
    elapsed = int(session.elapsed(now).total_seconds())
    start = session.steps[0].event.body if session.steps else None
    points = points_of(subject, protocol, day, zone=zone, now=now)
    rules = tuple(_rule_line(watched, protocol) for watched in watch_rules(subject, protocol, day))
    delivered = compute_delivered(subject, day)
    checks = tuple(_checks(trial, subject, protocol, day=day, now=now)) if session.state == "not started" else ()
    entered = tuple(_entries(subject, protocol, day, zone))
    return Inhaling(
        code=subject.code,
        day=day,
        number=regimen.days.index(day) + 1,
        planned=len(regimen.days),
        amount=str(regimen.amount).lower().replace("e+", "e"),
        amount_text=render_amount(str(regimen.amount), regimen.unit),
        facts=_facts(regimen),
        state=session.state,
        seconds=elapsed,
        clock=_clock(elapsed),
        now_iso=here.isoformat(),
        now_clock=f"{here:%H:%M:%S}",
        today=f"{here:%Y-%m-%d}",
        checks=checks,
        ready=all(check.word == "yes" for check in checks),
        start=start if isinstance(start, kinds.InhalationStarted) else None,
        suggested=_suggested(protocol, regimen),
        interfaces=part.interfaces if part else (),
        pause_reasons=part.pause_reasons if part else (),
        flow=_flow(protocol),
        form=part.form if part else "",
        told_by=part.told_by if part else "",
        due_choice=_due_choice(points, session),
        limits={limit.field: limit for limit in part.limits} if part else {},
        first_number=_first_number(protocol),
        points=tuple(_point_line(due) for due in points),
        rules=rules,
        rule_met=any(rule.watched.met for rule in rules),
        events=protocol.design.inhalation_events,
        entered=entered,
        seen=tuple(one for one in entered if one.seen),
        dose=session.dose,
        delivered=delivered,
        delivered_amount=_delivered_words(delivered),
        departures=tuple(event for event in subject.deviations if _is_of_day(event, day)),
        tracked=trial.product.tracked,
    )


def _facts(regimen: Dose) -> str:
    volume = f"{regimen.volume_ml} ml" if regimen.volume_ml is not None else ""
    minutes = f"{regimen.minutes} minutes" if regimen.minutes is not None else ""
    return " · ".join(part for part in (volume, minutes) if part)


def _suggested(protocol: Protocol, regimen: Dose) -> dict[str, str]:
    """What the start form holds at first: the planned volume and the protocol's device."""
    device, part = protocol.design.device, protocol.design.inhalation
    only = part.interfaces[0] if part and len(part.interfaces) == 1 else ""
    return {
        "volume_ml": "" if regimen.volume_ml is None else str(regimen.volume_ml),
        "device": device.name if device else "",
        "interface": only,
    }


def _flow(protocol: Protocol) -> str:
    part = protocol.design.inhalation
    limits = (part.oxygen_from_l_min, part.oxygen_to_l_min) if part else ()
    return " to ".join(str(limit) for limit in limits if limit is not None)


def _first_number(protocol: Protocol) -> str:
    """The field of the form that a key leads to."""
    part = protocol.design.inhalation
    form = protocol.form(part.form) if part else None
    return next((field.id for field in form.fields if field.type in ("integer", "decimal")), "") if form else ""


def _checks(trial: Trial, subject: Subject, protocol: Protocol, *, day: int, now: datetime) -> Iterator[Check]:
    against = tuple(reasons_against_day(subject, day, protocol.dose_of(subject.arm)))
    early = reasons_against_date(subject, protocol, day, now)
    earlier = [
        ("Every earlier dose is recorded", GateState(open=not against, reasons=against)),
        ("The day has come", GateState(open=not early, reasons=early)),
    ]
    if trial.product.tracked:
        made = _dose_state(trial, subject, protocol, day=day, now=now)
        earlier.append(("The dose is made up, checked and in time", made))
    for text, state in (*earlier, *dosing_parts(trial, subject, protocol)):
        word = "not known" if state.open is None else "yes" if state.open else "no"
        sign = "unknown" if state.open is None else "pass" if state.open else "stop"
        yield Check(text.rstrip("."), word, sign, () if state.open else state.reasons)


def _dose_state(trial: Trial, subject: Subject, protocol: Protocol, *, day: int, now: datetime) -> GateState:
    """Whether the vials prepared for this dose may be inhaled now."""
    own = [v.code for v in trial.product.vials.values() if (v.subject, v.day) == (subject.code, day) and v.prepared]
    if not own:
        reason = Reason("VIAL-014", "No dose is made up for this day.", "Prepare it first.")
        return GateState(open=False, reasons=(reason,))
    reasons = reasons_against_vials(trial, protocol, " ".join(own), subject=subject.code, day=day, now=now)
    return GateState(open=not reasons, reasons=reasons)


def _due_choice(points: tuple[PointDue, ...], session: Session) -> str:
    """The time point offered first: the one that is due, else the first open one that fits how it stands."""
    for due in points:
        if due.state == "due":
            return due.point.choice
    fits = {"not started": ("start", 0), "stopped": ("stop", 1), "ended": ("stop", 1)}.get(session.state, ("start", 1))
    found = [
        due.point.choice
        for due in points
        if due.point.after == fits[0] and (due.point.last_minute > 0) == bool(fits[1])
    ]
    return found[0] if found else ""


LONG_S = 10 * 3600
"""An inhalation that runs longer was forgotten: its clock shows hours."""
POINT_WORDS = {
    "done": ("done", "pass"),
    "outside": ("taken outside its window", "differs"),
    "due": ("due now", "pause"),
    "ahead": ("ahead", "empty"),
    "missed": ("missed", "crossed"),
}


def _point_line(due: PointDue) -> PointLine:
    word, sign = POINT_WORDS[due.state]
    clock = f"{due.first:%H:%M} to {due.last:%H:%M}" if due.first and due.last else window_words(due.point)
    return PointLine(due, word, sign, clock)


def _clock(seconds: int) -> str:
    """Minutes and seconds; hours alone when it was never stopped."""
    return f"{seconds // 60}:{seconds % 60:02}" if seconds < LONG_S else f"{seconds // 3600} h"


def _rule_line(watched: Watched, protocol: Protocol) -> RuleLine:
    values = ", ".join(pair_words(protocol, watched.decided_by))
    if watched.met is None:
        missing = ", ".join(name_words(protocol, name) for name in watched.missing)
        return RuleLine(watched, "Not known", "unknown", f"missing: {missing}")
    return RuleLine(watched, "STOP", "stop", values) if watched.met else RuleLine(watched, "Not met", "pass", values)


STEP_WORDS: dict[type[kinds.Kind], str] = {
    kinds.InhalationStarted: "Started",
    kinds.InhalationPaused: "Paused",
    kinds.InhalationResumed: "Went on",
    kinds.InhalationStopped: "Stopped",
    kinds.DoseGiven: "Dose recorded as given",
    kinds.DoseInterrupted: "Dose recorded as interrupted",
    kinds.DoseMissed: "Dose recorded as missed",
}


def _entries(subject: Subject, protocol: Protocol, day: int, zone: tzinfo) -> Iterator[Entered]:
    """Everything entered of the day, the latest first."""
    terms = {event.id: event.term for event in protocol.design.inhalation_events}
    events = [event for event in subject.inhalations.get(day, ()) if isinstance(event.body, INHALATION_KINDS)]
    events += [subject.doses[day]] if day in subject.doses else []
    found = [_entered(event, _words(event, terms), zone) for event in events]
    for taken in taken_on(subject, protocol, day, zone):
        place = (subject.code, *taken.key)
        whole = _entered(taken.event, f"Vital signs: {taken.choice or 'at no time point'}", zone)
        readings = tuple(_readings(taken, protocol))
        found.append(msgspec.structs.replace(whole, readings=readings, correct=place))
    yield from sorted(found, key=lambda entered: (entered.at, entered.seq), reverse=True)


def _words(event: Event, terms: dict[str, str]) -> str:
    if isinstance(event.body, kinds.InhalationEventSeen):
        return f"Seen: {terms.get(event.body.event, event.body.event)}"
    return STEP_WORDS.get(type(event.body), event.kind)


def _entered(event: Event, text: str, zone: tzinfo) -> Entered:
    at = happened(event, zone)
    if isinstance(event.body, kinds.DoseGiven | kinds.DoseInterrupted):
        at = event.at.astimezone(zone)
    late = (event.at - at).total_seconds()
    lag = f"written {event.at.astimezone(zone):%H:%M:%S}" if late >= LAG_S else ""
    seen = event.body.event if isinstance(event.body, kinds.InhalationEventSeen) else ""
    return Entered(event.seq, at, f"{at:%H:%M}", event.actor, text, lag, event.reason, seen)


def _readings(taken: Taken, protocol: Protocol) -> Iterator[Reading]:
    part = protocol.design.inhalation
    for name, value in taken.values.items():
        field = protocol.field(name)
        if field is not None and part is not None and name != part.told_by:
            yield _reading(field, value, side_of(protocol, name, value))
    for name in taken.absent:
        field = protocol.field(name)
        yield Reading(field.label if field else name, "no value", "", "not known", "unknown")


def _reading(field: Field, value: Value, side: str | None) -> Reading:
    words = {"within": "", "low": "low", "high": "high", None: ""}[side]
    return Reading(field.label, str(value), field.unit, words, "differs" if words else "")


def _delivered_words(delivered: Delivered | None) -> str:
    """The amount that left the cup; marked as rounded where it does not end."""
    if delivered is None or delivered.amount is None:
        return ""
    if delivered.amount.denominator == 1:
        return f"{render_count(Decimal(delivered.amount.numerator))} {delivered.unit}"
    rounded = THREE_DIGITS.divide(Decimal(delivered.amount.numerator), Decimal(delivered.amount.denominator))
    return f"about {render_count(rounded)} {delivered.unit}"


def _is_of_day(event: Event, day: int) -> bool:
    return isinstance(event.body, kinds.DeviationRecorded) and event.body.text.startswith(f"Day {day}:")
