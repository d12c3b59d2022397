"""Where the trial stands, in one glance: the gate with its reasons, and a line for each subject."""

import msgspec

from firstbreath.subjects.doses import doses_of
from firstbreath.subjects.eligibility import assess_eligibility
from firstbreath.subjects.state import Subject
from firstbreath.trial.gates import GateState, enrolment_gate
from firstbreath.trial.state import Trial


class SubjectLine(msgspec.Struct, frozen=True):
    """One subject in one line."""

    code: str
    standing: str
    arm: str
    consent: str
    eligibility: str
    doses: str
    review: str


class Overview(msgspec.Struct, frozen=True):
    """The trial at one point of its log."""

    trial: str
    stamp: str
    seq: int
    at: str
    protocol_digest: str
    enrolment: GateState
    subjects: tuple[SubjectLine, ...]
    refusals: int
    deviations: int


def compute_overview(trial: Trial) -> Overview:
    """The overview of a trial."""
    protocol = trial.protocol
    return Overview(
        trial=protocol.design.trial.id if protocol else "",
        stamp=trial.stamp,
        seq=trial.seq,
        at=trial.at.isoformat() if trial.at else "",
        protocol_digest=protocol.digest if protocol else "",
        enrolment=enrolment_gate(trial),
        subjects=tuple(_line(subject, trial) for subject in trial.subjects.all()),
        refusals=trial.refusals,
        deviations=sum(len(subject.deviations) for subject in trial.subjects.all()),
    )


def _line(subject: Subject, trial: Trial) -> SubjectLine:
    return SubjectLine(
        code=subject.code,
        standing=standing_of(subject),
        arm=subject.arm,
        consent="in force" if subject.consent else "withdrawn" if subject.consents else "none",
        eligibility=_eligibility(subject, trial),
        doses=_doses(subject, trial),
        review=trial.safety.recommendation(subject.code) or "none",
    )


def standing_of(subject: Subject) -> str:
    """`screening`, `enrolled`, or how the subject left the trial."""
    if subject.ended:
        return str(getattr(subject.ended.body, "how", "ended"))
    return "enrolled" if subject.enrolled else "screening"


def _eligibility(subject: Subject, trial: Trial) -> str:
    """Counts of criteria passed (and how many of them by attestation alone), failed and unknown."""
    protocol = trial.protocol_for(subject)
    if protocol is None:
        return ""
    found = assess_eligibility(subject, protocol)
    passes = [assessment.passes for assessment in found]
    attested = sum(assessment.by == "attestation" for assessment in found)
    passed = f"pass ({attested} attested)" if attested else "pass"
    words = [(passes.count(True), passed), (passes.count(False), "fail"), (passes.count(None), "unknown")]
    return ", ".join(f"{count} {word}" for count, word in words if count)


def _doses(subject: Subject, trial: Trial) -> str:
    if trial.protocol is None or not subject.enrolled:
        return ""
    days = doses_of(subject, trial.protocol)
    given = sum(day.status == "given" for day in days)
    other = [f"day {day.day} {day.status}" for day in days if day.status in ("interrupted", "missed")]
    return ", ".join([f"{given} of {len(days)}", *other])
