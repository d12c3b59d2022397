"""Adverse events: what may be reported, revised and reported on."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.protocol.zones import moment_of
from firstbreath.safety.commands import (
    AdverseEventCommand,
    ForwardSeriousEvent,
    ReportAdverseEvent,
    ReviseAdverseEvent,
)
from firstbreath.safety.state import Safety

SERIOUS: Mapping[str, str] = {
    "death": "Results in death",
    "life-threatening": "Is life-threatening",
    "hospitalisation": "Requires or prolongs hospitalisation",
    "disability": "Results in persistent or significant disability",
    "congenital anomaly": "Is a congenital anomaly or birth defect",
    "important medical event": "Is another important medical event",
}
"""Criteria of seriousness (ICH E2A, section II.B), by the word recorded."""
ACTIONS = ("none", "interrupted", "dose reduced", "withdrawn", "not applicable")
OUTCOMES = ("recovered", "recovering", "not recovered", "recovered with sequelae", "fatal", "unknown")
"""What was done with the medicine, and what became of the subject (ICH E2B, B.4.k.16 and B.2.i.8)."""
MAX_TERM = 200
LAST_DAY = 9999
DAY_LETTERS = len("2026-01-31")
TOLERANCE, AHEAD = timedelta(minutes=5), timedelta(hours=14)
"""How far a time may be after now: clocks differ a little, and without a zone by up to the earth's easternmost one."""


def latest_facts(state: Safety, subject: str, number: int) -> kinds.AdverseEventFacts | None:
    """The facts of an adverse event as they stand."""
    versions = state.adverse.get((subject, number))
    body = versions[-1].body if versions else None
    return body if isinstance(body, kinds.AdverseEventFacts) else None


def decide_adverse_event(
    state: Safety, command: ReportAdverseEvent | ReviseAdverseEvent, *, prespecified: Collection[str], reason: str
) -> Decision:
    """Allowed when the facts hang together; facts not known yet do not keep a report back.

    prespecified  the ids of the inhalation events that the protocol names
    """
    reasons = _wrong_facts(command, prespecified)
    if isinstance(command, ReportAdverseEvent):
        number = max((n for subject, n in state.adverse if subject == command.subject), default=0) + 1
        made: kinds.Kind = kinds.AdverseEventReported(number, **_facts(command))
        return Refused(tuple(reasons)) if reasons else Allowed((made,))
    versions = state.adverse.get((command.subject, command.number))
    if versions is None:
        text = f"{command.subject} has no adverse event {command.number}."
        return Refused((Reason("AE-006", text, "Report it first."),))
    if command.seen and command.seen != versions[-1].seq:
        text = f"{versions[-1].actor} revised it meanwhile (event {versions[-1].seq})."
        reasons.append(Reason("AE-007", text, "Look at it again, then revise it."))
    if not reason.strip():
        reasons.append(Reason("AE-008", "A revision needs a reason.", "Say what became known."))
    made = kinds.AdverseEventRevised(command.number, **_facts(command))
    return Refused(tuple(reasons)) if reasons else Allowed((made,))


def _facts(command: AdverseEventCommand) -> dict[str, Any]:
    facts = msgspec.structs.asdict(command)
    return {name: facts[name] for name in kinds.AdverseEventFacts.__struct_fields__ if name != "number"}


def _wrong_facts(command: AdverseEventCommand, prespecified: Collection[str]) -> list[Reason]:
    reasons = []
    if not command.term.strip() or len(command.term) > MAX_TERM:
        reasons.append(Reason("AE-001", f"A term has 1 to {MAX_TERM} characters.", "Name what was seen."))
    if not 0 <= command.grade <= 5:  # CTCAE v5.0 has grades 1 to 5
        reasons.append(Reason("AE-002", f"There is no grade {command.grade}.", "Use 1 to 5, or 0 for not graded."))
    if not 0 <= command.day <= LAST_DAY:
        text = f"A trial day is 1 to {LAST_DAY}, or 0 for none."
        reasons.append(Reason("AE-013", text, "Name the day of the inhalation it followed."))
    chosen = (
        ("serious", command.serious, tuple(SERIOUS)),
        ("action", (command.action,) if command.action else (), ACTIONS),
        ("outcome", (command.outcome,) if command.outcome else (), OUTCOMES),
        ("prespecified", (command.prespecified,) if command.prespecified else (), tuple(prespecified)),
    )
    reasons += [
        Reason("AE-003", f"{word[:40]!r} is no choice of {name}.", f"Use one of: {', '.join(choices) or 'none'}.")
        for name, words, choices in chosen
        for word in words
        if word not in choices
    ]
    reasons += _wrong_times(command)
    died = command.grade == 5, "death" in command.serious, command.outcome == "fatal"
    if any(died) and not all(died):
        text = "Grade 5, the criterion death and the outcome fatal go together."
        reasons.append(Reason("AE-004", text, "Set all three, or none."))
    if command.serious and not command.aware:
        text = "A serious event starts clocks when the site becomes aware."
        reasons.append(Reason("AE-005", text, "Say when you became aware, with date, time and zone."))
    return reasons


def _wrong_times(command: AdverseEventCommand) -> list[Reason]:
    """Times that are none, and an end before the beginning; a time without a zone is taken as UTC on both sides."""
    reasons, found = [], dict[str, datetime]()
    for name in ("onset", "ended", "aware"):
        text = getattr(command, name)
        moment = moment_of(text, UTC) if text else None
        if moment:
            found[name] = moment
        elif text:
            shown = f"{text[:40]!r} is no time ({name})."
            reasons.append(Reason("AE-010", shown, "Write it as 2026-01-31 or 2026-01-31T09:30+08:00."))
    if "onset" in found and "ended" in found and _ends_before(command.onset, command.ended, found):
        text = f"It ended {command.ended} and began {command.onset}."
        reasons.append(Reason("AE-011", text, "Correct one of them."))
    return reasons


def _ends_before(onset: str, ended: str, found: Mapping[str, datetime]) -> bool:
    """Whether the end lies before the beginning; days alone are compared as days."""
    if DAY_LETTERS in (len(onset), len(ended)):
        return ended[:DAY_LETTERS] < onset[:DAY_LETTERS]
    return found["ended"] < found["onset"]


def reasons_against_future(command: AdverseEventCommand, now: datetime) -> list[Reason]:
    """Why its times cannot be: they lie after now, by the day where no zone is stated."""
    return [
        Reason("AE-012", f"{text} ({name}) lies in the future.", "Say when it happened.")
        for name in ("onset", "ended", "aware")
        if (text := getattr(command, name)) and complain_of_future(text, now)
    ]


def complain_of_future(text: str, now: datetime) -> bool:
    """Whether a time lies after now; a time without a zone may be a day ahead, as clocks east of here are."""
    moment = moment_of(text, UTC)
    if moment is None:
        return False
    zoned = "T" in text and ("+" in text[DAY_LETTERS:] or "-" in text[DAY_LETTERS:] or text.endswith("Z"))
    return moment > now + (TOLERANCE if zoned else AHEAD)


def decide_forwarding(state: Safety, command: ForwardSeriousEvent) -> Decision:
    """Allowed for a serious adverse event; it may be reported on again when more is known."""
    facts = latest_facts(state, command.subject, command.number)
    if facts is None or not facts.serious:
        text = f"{command.subject} has no serious adverse event {command.number}."
        return Refused((Reason("AE-009", text, "Report it, with its criteria of seriousness."),))
    as_of = state.adverse[(command.subject, command.number)][-1].seq
    return Allowed((kinds.SeriousEventForwarded(command.number, command.to, as_of),))
