"""Acts of safety that need to know of subjects, people and protocol."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from firstbreath.events.decisions import Decision, Reason, Refused
from firstbreath.people.rights import RIGHTS
from firstbreath.protocol.values import Protocol
from firstbreath.safety.adverse_events import decide_adverse_event, decide_forwarding, reasons_against_future
from firstbreath.safety.commands import (
    CastVote,
    ConcludePacket,
    ForwardSeriousEvent,
    FreezePacket,
    RecordReview,
    ReportAdverseEvent,
    ReviseAdverseEvent,
    SetReferenceRange,
)
from firstbreath.safety.decide import decide_review
from firstbreath.safety.packets import decide_conclusion, decide_packet, decide_vote
from firstbreath.safety.ranges import decide_range
from firstbreath.subjects.codes import shown_code
from firstbreath.trial.commands import SafetyCommand
from firstbreath.trial.state import Trial

if TYPE_CHECKING:
    from firstbreath.trial.decide import Asked

SAFETY_GROUP = "safety_group"
JUDGING = "judge_adverse_event"


def decide_safety(trial: Trial, protocol: Protocol, command: SafetyCommand, asked: "Asked") -> Decision:
    """Allowed with events, or refused with reasons."""
    match command:
        case RecordReview():
            return decide_review(command, enrolled=enrolments(trial), last_seq=trial.seq)
        case FreezePacket():
            return decide_packet(
                trial.safety,
                command,
                enrolled=enrolments(trial),
                members=trial.people.members(SAFETY_GROUP, asked.at.date()),
                last=(trial.seq, asked.hashes[trial.seq]),
            )
        case CastVote():
            members = trial.people.members(SAFETY_GROUP, asked.at.date()) if trial.people.by_id else None
            return decide_vote(trial.safety, command, actor=asked.actor, members=members)
        case ConcludePacket():
            members = trial.people.members(SAFETY_GROUP, asked.at.date())
            return decide_conclusion(trial.safety, command, members=members)
        case SetReferenceRange():
            numbers = {f.id for form in protocol.forms for f in form.fields if f.type in ("integer", "decimal")}
            return decide_range(command, fields=numbers, sites=protocol.design.trial.sites)
    return _decide_of_subject(trial, protocol, command, asked)


def _decide_of_subject(
    trial: Trial,
    protocol: Protocol,
    command: ReportAdverseEvent | ReviseAdverseEvent | ForwardSeriousEvent,
    asked: "Asked",
) -> Decision:
    subject = trial.subjects.get(command.subject)
    if subject is None:
        text = f"Subject {shown_code(command.subject)} is not known."
        return Refused((Reason("SUBJ-001", text, "Open screening first, or correct the code."),))
    if isinstance(command, ForwardSeriousEvent):
        return decide_forwarding(trial.safety, command)
    if subject.frozen:
        text = f"The records of {subject.code} are frozen (event {subject.frozen.seq})."
        return Refused((Reason("FREEZE-005", text, "Ask data management to lift it."),))
    future = reasons_against_future(command, asked.at) if asked.at > datetime.min.replace(tzinfo=UTC) else []
    if future:
        return Refused(tuple(future))
    named = [event.id for event in protocol.design.inhalation_events]
    against = _reasons_against_judging(trial, command, asked.role)
    if against:
        return Refused(against)
    return decide_adverse_event(trial.safety, command, prespecified=named, reason=asked.reason)


def _reasons_against_judging(
    trial: Trial, command: ReportAdverseEvent | ReviseAdverseEvent, role: str
) -> tuple[Reason, ...]:
    """Whether an event comes from the medicine is a physician's judgement (ICH E2A III); others report without it."""
    judged = command.related_product or command.related_nebulisation or command.expected is not None
    if not judged or not trial.people.by_id or RIGHTS.may(role, JUDGING):
        return ()
    text = "Relation and expectedness are the investigator's judgement."
    return (Reason("AE-014", text, "Report the event without them; the investigator adds them."),)


def enrolments(trial: Trial) -> dict[str, int]:
    """The event that enrolled each subject."""
    everyone = (trial.subjects.get(code) for code in trial.subjects.enrolled)
    return {subject.code: subject.enrolled.seq for subject in everyone if subject and subject.enrolled}
