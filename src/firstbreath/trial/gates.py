"""The gates that look across slices: who may be enrolled next, and who may be dosed."""

from collections.abc import Sequence
from itertools import chain, repeat

import msgspec

from firstbreath.events.decisions import Reason
from firstbreath.protocol.naming import name_words, pair_words
from firstbreath.protocol.rules import evaluate_rule, parse_rule
from firstbreath.protocol.values import Gate, Protocol
from firstbreath.subjects.consent import lacking_consent
from firstbreath.subjects.doses import doses_of
from firstbreath.subjects.eligibility import Assessment, assess_eligibility, derived_rules
from firstbreath.subjects.forms import current_values
from firstbreath.subjects.state import Subject
from firstbreath.trial.state import Trial


class GateState(msgspec.Struct, frozen=True):
    """A gate as it stands: open, or closed with reasons, or not to be told for want of what is missing."""

    open: bool | None
    reasons: tuple[Reason, ...] = ()

    @property
    def word(self) -> str:
        """`open`, `closed` or `unknown`."""
        return "unknown" if self.open is None else "open" if self.open else "closed"


def join_gates(parts: Sequence[GateState]) -> GateState:
    """Closed if any part is closed, unknown if any is unknown, else open; with the reasons of all that are not open.

    What closes it comes first: an unknown part may still be made known, and says how.
    """
    closed, unknown = ([part for part in parts if part.open is state] for state in (False, None))
    reasons = tuple(reason for part in (*closed, *unknown) for reason in part.reasons)
    return GateState(False if closed else None if unknown else True, reasons)


def enrolment_gate(trial: Trial) -> GateState:
    """Whether the trial as a whole may take its next subject."""
    protocol = trial.protocol
    if protocol is None:
        return GateState(None, (Reason("GATE-001", "No protocol is in force.", "Adopt a protocol."),))
    gates = [gate for gate in protocol.design.gates if gate.guards == "enrol_subject" and gate.groups]
    return join_gates([_standing_gate(trial), _capacity_gate(trial, protocol), *(_group_gate(trial, g) for g in gates)])


def _standing_gate(trial: Trial) -> GateState:
    """A hold, stop or alter stands for the whole trial until a later review says continue."""
    standing = trial.safety.standing
    if standing in ("", "continue"):
        return GateState(open=True)
    text = f'The safety group\'s last review (event {trial.safety.reviews[-1].seq}) says "{standing}".'
    return GateState(open=False, reasons=(Reason("GATE-002", text, "Wait for a review that says continue."),))


def _capacity_gate(trial: Trial, protocol: Protocol) -> GateState:
    planned = protocol.design.trial.subjects_planned
    enrolled = len(trial.subjects.enrolled)
    if planned is None or enrolled < planned:
        return GateState(open=True)
    text = f"{enrolled} subjects are enrolled, {planned} are planned."
    return GateState(open=False, reasons=(Reason("GATE-003", text, "Amend the protocol to take more."),))


def _group_gate(trial: Trial, gate: Gate) -> GateState:
    """Every full group before the next subject must be reviewed with `continue`."""
    enrolled = trial.subjects.enrolled
    waiting: list[str] = []
    begin = 0
    for size in chain(gate.groups, repeat(gate.groups[-1])):
        group = enrolled[begin : begin + size]
        if len(group) < size:
            break
        waiting += [code for code in group if trial.safety.recommendation(code) != "continue"]
        begin += size
    if not waiting:
        return GateState(open=True)
    text = f"{gate.text} Without a review that says continue: {', '.join(waiting)}."
    return GateState(open=False, reasons=(Reason(f"GATE-{gate.id}", text, "Wait for the safety group's review."),))


def subject_gate(trial: Trial, subject: Subject) -> GateState:
    """Whether this subject may be enrolled: eligibility, consent, and the rules of the gates."""
    protocol = trial.protocol
    if protocol is None:
        return GateState(None, (Reason("GATE-001", "No protocol is in force.", "Adopt a protocol."),))
    if subject.enrolled:
        text = f"Subject {subject.code} is enrolled already."
        return GateState(open=False, reasons=(Reason("GATE-004", text, "Nothing more is to be done."),))
    lacking = lacking_consent(subject, protocol)
    consent = GateState(open=not lacking, reasons=lacking)
    return join_gates([_eligibility_gate(subject, protocol), consent, rule_gate(subject, protocol, "enrol_subject")])


def _eligibility_gate(subject: Subject, protocol: Protocol) -> GateState:
    parts = []
    for assessment in assess_eligibility(subject, protocol):
        criterion = assessment.criterion
        if assessment.passes is None:
            missing = ", ".join(name_words(protocol, name) for name in assessment.missing)
            text = f"Criterion {criterion.id} ({criterion.kind}) is unknown; missing: {missing}."
            fix = "Record it, or the investigator attests it." if criterion.judged else "Record it."
            reason = Reason(f"ELIG-{criterion.id}", text, fix)
        else:
            text = render_failure(assessment, protocol)
            reason = Reason(f"ELIG-{criterion.id}", text, "The subject cannot be enrolled.")
        parts.append(GateState(assessment.passes, () if assessment.passes else (reason,)))
    return join_gates(parts)


def render_failure(assessment: Assessment, protocol: Protocol) -> str:
    """A criterion with its status and the values that decided it."""
    criterion = assessment.criterion
    values = ", ".join(pair_words(protocol, assessment.decided_by)) or "as attested"
    return f"Criterion {criterion.id} ({criterion.kind}) is {assessment.status}: {values}."


def dosing_gate(trial: Trial, subject: Subject) -> GateState:
    """Whether the next dose may be given: one is left, consent holds, no hold stands, the rules of the gates hold."""
    protocol = trial.protocol
    if protocol is None:
        return GateState(None, (Reason("GATE-001", "No protocol is in force.", "Adopt a protocol."),))
    return join_gates([state for _, state in dosing_parts(trial, subject, protocol)])


def dosing_parts(trial: Trial, subject: Subject, protocol: Protocol) -> list[tuple[str, GateState]]:
    """What the next dose waits for, each part in words with how it stands."""
    lacking = lacking_consent(subject, protocol)
    left = any(day.status == "planned" for day in doses_of(subject, protocol))
    stays = left and not subject.ended
    place = GateState(open=stays, reasons=() if stays else _no_dose_left(subject))
    consent = GateState(open=not lacking, reasons=lacking)
    return [
        ("A dose is left", place),
        ("Consent", consent),
        ("The safety group lets the trial go on", _standing_gate(trial)),
        ("No review holds this subject back", _own_review_gate(trial, subject)),
        *((gate.text, state) for gate, state in rule_gates(subject, protocol, "give_dose")),
    ]


def _own_review_gate(trial: Trial, subject: Subject) -> GateState:
    """A hold, stop or alter on a subject stands until a later review of that subject says continue."""
    own = trial.safety.recommendation(subject.code)
    if own in ("", "continue"):
        return GateState(open=True)
    text = f'The last review of {subject.code} says "{own}".'
    fix = "Wait for a review of this subject that says continue."
    return GateState(open=False, reasons=(Reason("GATE-006", text, fix),))


def _no_dose_left(subject: Subject) -> tuple[Reason, ...]:
    word = "has left the trial" if subject.ended else "has no dose left" if subject.enrolled else "is not enrolled"
    return (Reason("GATE-005", f"Subject {subject.code} {word}.", "Nothing more is given."),)


def rule_gate(subject: Subject, protocol: Protocol, act: str) -> GateState:
    """The rules of the gates that guard an act, on everything recorded of the subject."""
    return join_gates([state for _, state in rule_gates(subject, protocol, act)])


def rule_gates(subject: Subject, protocol: Protocol, act: str) -> list[tuple[Gate, GateState]]:
    """Each gate with a rule that guards an act, and how it stands."""
    values, _ = current_values(subject, protocol)
    derived = derived_rules(protocol)
    parts = []
    for gate in protocol.design.gates:
        if gate.guards != act or not gate.rule:
            continue
        outcome = evaluate_rule(parse_rule(gate.rule), values, derived)
        missing = ", ".join(name_words(protocol, name) for name in outcome.missing)
        found = f"missing: {missing}" if outcome.truth is None else ", ".join(pair_words(protocol, outcome.decided_by))
        fix = "Record what is missing." if outcome.truth is None else "It must hold before this act."
        reason = Reason(f"GATE-{gate.id}", f"{gate.text} For {subject.code}: {found}.", fix)
        parts.append((gate, GateState(outcome.truth, () if outcome.truth else (reason,))))
    return parts
