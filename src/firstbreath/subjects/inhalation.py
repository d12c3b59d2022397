"""The inhalation as it goes: started, paused, resumed, and what was seen meanwhile."""

from typing import Literal

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.events.record import Event
from firstbreath.protocol.entries import parse_number
from firstbreath.protocol.values import Protocol
from firstbreath.subjects import commands
from firstbreath.subjects.consent import lacking_consent
from firstbreath.subjects.doses import reasons_against_day
from firstbreath.subjects.state import Subject

SessionState = Literal["not started", "running", "paused", "ended"]


def session_state(subject: Subject, day: int) -> SessionState:
    """How the inhalation of a day stands."""
    if day in subject.doses:
        return "ended"
    state: SessionState = "not started"
    for event in subject.inhalations.get(day, ()):
        if isinstance(event.body, kinds.InhalationStarted | kinds.InhalationResumed):
            state = "running"
        elif isinstance(event.body, kinds.InhalationPaused):
            state = "paused"
    return state


def start_of(subject: Subject, day: int) -> Event | None:
    """The event that started the inhalation of a day."""
    session = subject.inhalations.get(day, ())
    return next((event for event in session if isinstance(event.body, kinds.InhalationStarted)), None)


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
    if reasons:
        return Refused(tuple(reasons))
    started = kinds.InhalationStarted(
        command.day, command.vial, command.volume_ml, command.device, command.interface, command.oxygen_l_min
    )
    return Allowed((started,))


def _is_amount(text: str, *, zero_allowed: bool) -> bool:
    try:
        number = parse_number(text)
    except ValueError:
        return False
    return number > 0 or (zero_allowed and number == 0)


def decide_step(
    subject: Subject,
    command: commands.PauseInhalation | commands.ResumeInhalation,
    _protocol: Protocol,
    reason: str,
) -> Decision:
    """A running inhalation is paused, with a reason; a paused one goes on."""
    state, pauses = session_state(subject, command.day), isinstance(command, commands.PauseInhalation)
    reasons = []
    if state != ("running" if pauses else "paused"):
        text = f"The inhalation of day {command.day} is {state}."
        reasons.append(Reason("INH-003", text, "Look at how it stands."))
    if pauses and not reason.strip():
        reasons.append(Reason("INH-004", "A pause needs a reason.", "Say why it was interrupted."))
    if reasons:
        return Refused(tuple(reasons))
    return Allowed((kinds.InhalationPaused(command.day) if pauses else kinds.InhalationResumed(command.day),))


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
