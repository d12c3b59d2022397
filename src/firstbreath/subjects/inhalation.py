"""The inhalation as it goes: started, paused, resumed, and what was seen meanwhile."""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec.structs import replace

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.protocol.entries import parse_number
from firstbreath.protocol.values import Protocol
from firstbreath.protocol.words import render_number
from firstbreath.protocol.zones import zone_of
from firstbreath.subjects import commands
from firstbreath.subjects.consent import lacking_consent
from firstbreath.subjects.doses import reasons_against_day
from firstbreath.subjects.session import SessionState, minutes_of, session_of, session_state, start_of
from firstbreath.subjects.state import Subject
from firstbreath.subjects.stopping import Watched, met_words, rules_met
from firstbreath.subjects.vital_points import taken_on

ENTRIES = ("vial", "volume_ml", "device", "interface")
"""What is entered before the start where the protocol says how an inhalation is watched."""
SHOWN = {"vial": "vial", "volume_ml": "volume", "device": "device", "interface": "interface"}
WENT_ON_S = 60
"""How long an inhalation may run on after a stopping rule is met before the dose counts as one that went on."""


def decide_start(subject: Subject, command: commands.StartInhalation, protocol: Protocol, _reason: str) -> Decision:
    """Allowed for the next planned day of an enrolled, consenting subject that no inhalation was started for."""
    regimen = protocol.dose_of(subject.arm)
    reasons = reasons_against_day(subject, command.day, regimen)
    reasons += lacking_consent(subject, protocol)
    if start_of(subject, command.day):
        text = f"The inhalation of day {command.day} was started already."
        reasons.append(Reason("INH-001", text, "Go on with it, or strike out the start."))
    reasons += [
        Reason("INH-002", f"{name} {text!r} is not a number above zero.", "Enter it again.")
        for name, text in (("volume_ml", command.volume_ml), ("oxygen_l_min", command.oxygen_l_min))
        if text and not _is_amount(text, zero_allowed=name == "oxygen_l_min")
    ]
    reasons += _against_preparation(command, protocol)
    reasons += [
        Reason(
            "INH-008",
            f"A stopping rule is met: {met_words(watched, protocol)}.",
            f"{watched.rule.do} Measure again later.",
        )
        for watched in rules_met(subject, protocol, command.day)
    ]
    if reasons:
        return Refused(tuple(reasons))
    started = kinds.InhalationStarted(
        command.day, command.vial, command.volume_ml, command.device, command.interface, command.oxygen_l_min
    )
    return Allowed((started,))


def _against_preparation(command: commands.StartInhalation, protocol: Protocol) -> list[Reason]:
    """What is lacking, or is not what the protocol's inhalation part allows."""
    part, reasons = protocol.design.inhalation, list[Reason]()
    if part is None:
        return reasons
    lacking = [SHOWN[name] for name in ENTRIES if not getattr(command, name).strip()]
    if lacking:
        reasons.append(Reason("INH-007", f"Not entered: {', '.join(lacking)}.", "Enter it before the start."))
    if part.interfaces and command.interface.strip() and command.interface not in part.interfaces:
        text = f"{command.interface[:40]!r} is no interface of the protocol."
        reasons.append(Reason("INH-009", text, f"Use one of: {', '.join(part.interfaces)}."))
    low, high = part.oxygen_from_l_min, part.oxygen_to_l_min
    if _is_amount(command.oxygen_l_min, zero_allowed=True):
        flow = parse_number(command.oxygen_l_min)
        if (low is not None and flow < low) or (high is not None and flow > high):
            span = " to ".join(render_number(limit) for limit in (low, high) if limit is not None)
            text = f"An oxygen flow of {command.oxygen_l_min} l/min is outside {span}."
            reasons.append(Reason("INH-010", text, "Set the flow again, or ask the investigator."))
    return reasons


def _is_amount(text: str, *, zero_allowed: bool) -> bool:
    try:
        number = parse_number(text)
    except ValueError:
        return False
    return number > 0 or (zero_allowed and number == 0)


def decide_step(
    subject: Subject,
    command: commands.PauseInhalation | commands.ResumeInhalation | commands.StopInhalation,
    protocol: Protocol,
    reason: str,
) -> Decision:
    """A running inhalation is paused, with a reason; a paused one goes on; either is stopped.

    Going on while a stopping rule is met needs a reason, and is a departure from the protocol.
    """
    begins, event = _STEPS[type(command)]
    state = session_state(subject, command.day)
    met = rules_met(subject, protocol, command.day) if isinstance(command, commands.ResumeInhalation) else ()
    reasons = []
    if state not in begins:
        text = f"The inhalation of day {command.day} is {state}."
        reasons.append(Reason("INH-003", text, "Look at how it stands."))
    if isinstance(command, commands.PauseInhalation) and not reason.strip():
        reasons.append(Reason("INH-004", "A pause needs a reason.", "Say why it was interrupted."))
    if met and not reason.strip():
        text = f"A stopping rule is met: {met_words(met[0], protocol)}."
        reasons.append(Reason("INH-011", text, f"{met[0].rule.do} To go on all the same, say why."))
    if reasons:
        return Refused(tuple(reasons))
    departures = (kinds.DeviationRecorded(STOPPING, _went_on(command.day, watched, protocol)) for watched in met)
    return Allowed((event(command.day), *departures))


_STEPS: Mapping[type[commands.Command], tuple[tuple[SessionState, ...], Callable[[int], kinds.Kind]]] = {
    commands.PauseInhalation: (("running",), kinds.InhalationPaused),
    commands.ResumeInhalation: (("paused",), kinds.InhalationResumed),
    commands.StopInhalation: (("running", "paused"), kinds.InhalationStopped),
}
STOPPING = "stopping rule"
"""The category of a departure from a stopping rule."""


def _went_on(day: int, watched: Watched, protocol: Protocol) -> str:
    return f"Day {day}: the inhalation went on while a stopping rule was met: {met_words(watched, protocol)}."


def with_session(
    subject: Subject, command: commands.GiveDose | commands.InterruptDose, protocol: Protocol, *, over: datetime
) -> commands.GiveDose | commands.InterruptDose:
    """The dose with what its inhalation says of it: the minutes it ran and, of a whole one, the volume filled.

    over  when it was over, where no stop was recorded
    What was entered stays as it was entered.
    """
    session = session_of(subject, command.day, zone_of(protocol, subject.site))
    start = session.steps[0].event.body if session.steps else None
    if not isinstance(start, kinds.InhalationStarted):
        return command
    if isinstance(command, commands.GiveDose) and not command.volume_ml:
        command = replace(command, volume_ml=start.volume_ml)
    return command if command.minutes else replace(command, minutes=minutes_of(session.elapsed(over)))


def went_on_of(subject: Subject, protocol: Protocol, day: int, *, over: datetime) -> tuple[kinds.Kind, ...]:
    """The departures of a dose inhaled to its end though a stopping rule was met while it ran; each once."""
    zone = zone_of(protocol, subject.site)
    session = session_of(subject, day, zone)
    over = session.stopped or over
    taken = [record for record in taken_on(subject, protocol, day, zone) if record.at <= over]
    if not session.steps or not taken:
        return ()
    ran_on = session.elapsed(over) - session.elapsed(taken[-1].at)
    known = {event.body.text for event in subject.deviations if isinstance(event.body, kinds.DeviationRecorded)}
    said = [_went_on(day, watched, protocol) for watched in rules_met(subject, protocol, day, until=over)]
    if ran_on.total_seconds() <= WENT_ON_S:
        return ()
    return tuple(kinds.DeviationRecorded(STOPPING, text) for text in said if text not in known)


def decide_seen(subject: Subject, command: commands.SeeInhalationEvent, protocol: Protocol, _reason: str) -> Decision:
    """Allowed for an event that the protocol names, once an inhalation of the day was started or given."""
    reasons = []
    named = {event.id for event in protocol.design.inhalation_events}
    if command.event not in named:
        text = f"The protocol names no inhalation event {command.event[:40]!r}."
        reasons.append(Reason("INH-005", text, f"Use one of: {', '.join(sorted(named)) or 'none'}."))
    if start_of(subject, command.day) is None and command.day not in subject.doses:
        text = f"No inhalation of day {command.day} was started."
        reasons.append(Reason("INH-006", text, "Start it, or report an adverse event."))
    if reasons:
        return Refused(tuple(reasons))
    return Allowed((kinds.InhalationEventSeen(command.day, command.event),))
