"""Arms are filled in the order of the protocol: which one the next subject is offered, and why not another."""

from firstbreath.events.decisions import Reason
from firstbreath.protocol.values import Arm, Protocol
from firstbreath.trial.state import Trial


def offered_arm(trial: Trial, protocol: Protocol) -> Arm | None:
    """The arm of the next subject, or None when all are full."""
    return next((arm for arm in protocol.design.arms if not reasons_against_arm(trial, protocol, arm.id)), None)


def reasons_against_arm(trial: Trial, protocol: Protocol, arm_id: str) -> tuple[Reason, ...]:
    """Why the next subject cannot join this arm; an arm is full when its planned number is enrolled."""
    members = [subject.arm for code in trial.subjects.enrolled if (subject := trial.subjects.get(code))]
    for arm in protocol.design.arms:
        full = arm.subjects is not None and members.count(arm.id) >= arm.subjects
        if arm.id == arm_id:
            text = f"Arm {arm.id} has its {arm.subjects} subjects."
            return (Reason("ARM-002", text, "Enrol into the next arm."),) if full else ()
        if not full and arm.subjects is not None:
            text = f"Arm {arm.id} is not full ({members.count(arm.id)} of {arm.subjects})."
            return (Reason("ARM-003", text, f"Enrol into arm {arm.id} first."),)
    return (Reason("ARM-001", f"There is no arm {arm_id!r}.", "Name an arm of the protocol."),)
