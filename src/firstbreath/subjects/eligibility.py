"""Eligibility, criterion by criterion: met, not met or unknown, and the value that decided it."""

from collections.abc import Collection, Mapping
from functools import partial

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.rules import Outcome, Rule, Value, evaluate_rule, parse_rule
from firstbreath.protocol.values import Criterion, Protocol
from firstbreath.subjects.forms import UNSCHEDULED, current_values
from firstbreath.subjects.state import Subject


class Assessment(msgspec.Struct, frozen=True):
    """One criterion for one subject.

    `stated` is whether the criterion's statement is true of the subject; `passes` is whether it lets
    the subject in (an exclusion passes when its statement is false). None is unknown.
    `by` says whether values or the investigator's attestation decided it.
    """

    criterion: Criterion
    stated: bool | None
    by: str
    decided_by: tuple[tuple[str, Value], ...]
    missing: tuple[str, ...]
    sources: tuple[Event, ...]

    @property
    def passes(self) -> bool | None:
        """Whether the criterion lets the subject in."""
        if self.stated is None:
            return None
        return self.stated is (self.criterion.kind == "inclusion")

    @property
    def status(self) -> str:
        """`met`, `not met` or `unknown`: of the criterion's own statement."""
        return "unknown" if self.stated is None else "met" if self.stated else "not met"


def assess_eligibility(subject: Subject, protocol: Protocol) -> tuple[Assessment, ...]:
    """Every criterion of the protocol for a subject.

    The values are those of the screening visits, and what was recorded outside the schedule before enrolment.
    """
    screening = {visit.id for visit in protocol.design.visits if visit.screening}
    values, sources = current_values(subject, protocol, counts=partial(_counts, subject, screening))
    derived = derived_rules(protocol)
    attested = _attestations(subject, protocol)
    return tuple(
        _assess(criterion, attested, _evaluate(criterion, values, derived), sources)
        for criterion in protocol.design.criteria
    )


def _counts(subject: Subject, screening: Collection[str], visit: str, recorded: Event) -> bool:
    """Whether a record bears on eligibility."""
    before = subject.enrolled is None or recorded.seq < subject.enrolled.seq
    return visit in screening or (visit == UNSCHEDULED and before)


def derived_rules(protocol: Protocol) -> dict[str, Rule]:
    """The rules that stand for a name in this protocol."""
    return {derived.id: parse_rule(derived.rule) for derived in protocol.design.derived}


def _evaluate(criterion: Criterion, values: Mapping[str, Value], derived: Mapping[str, Rule]) -> Outcome:
    if not criterion.rule:
        return Outcome(None)
    return evaluate_rule(parse_rule(criterion.rule), values, derived)


def _attestations(subject: Subject, protocol: Protocol) -> dict[str, tuple[bool, Event]]:
    """The latest attestation of each criterion, where it answers the statement as it stands in the protocol."""
    statements = {criterion.id: criterion.text for criterion in protocol.design.criteria}
    return {
        criterion: (stated, event)
        for event in subject.attested
        if isinstance(event.body, kinds.EligibilityAttested)
        for criterion, stated in event.body.criteria.items()
        if event.body.asked.get(criterion) == statements.get(criterion)
    }


def _assess(
    criterion: Criterion, attested: Mapping[str, tuple[bool, Event]], outcome: Outcome, sources: Mapping[str, Event]
) -> Assessment:
    """Values decide before judgement: an attestation stands only where the values leave it open."""
    if outcome.truth is not None:
        events = tuple(sources[name] for name, _ in outcome.decided_by)
        return Assessment(criterion, outcome.truth, "values", outcome.decided_by, (), events)
    if criterion.judged and criterion.id in attested:
        stated, event = attested[criterion.id]
        return Assessment(criterion, stated, "attestation", (), outcome.missing, (event,))
    missing = (*outcome.missing, *(["attestation"] if criterion.judged else []))
    return Assessment(criterion, None, "nothing", outcome.decided_by, missing, ())
