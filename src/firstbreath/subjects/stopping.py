"""Stopping rules of an inhalation: met, not met, or not to be told; the last is never taken for safe."""

from datetime import datetime

import msgspec

from firstbreath.protocol.naming import pair_words
from firstbreath.protocol.rules import Value, evaluate_rule, parse_rule
from firstbreath.protocol.values import Protocol, StoppingRule
from firstbreath.protocol.zones import zone_of
from firstbreath.subjects.state import Subject
from firstbreath.subjects.vital_points import taken_on, watched_values


class Watched(msgspec.Struct, frozen=True):
    """A stopping rule as it stands: met (True), not met, or unknown (None); the values that decide, what is missing."""

    rule: StoppingRule
    met: bool | None
    decided_by: tuple[tuple[str, Value], ...] = ()
    missing: tuple[str, ...] = ()


def watch_rules(
    subject: Subject, protocol: Protocol, day: int, *, until: datetime | None = None
) -> tuple[Watched, ...]:
    """Every stopping rule on the latest vital signs of a day.

    until  leaves out what was taken later
    """
    part = protocol.design.inhalation
    if part is None:
        return ()
    taken = taken_on(subject, protocol, day, zone_of(protocol, subject.site))
    values = watched_values(part, tuple(record for record in taken if until is None or record.at <= until))
    return tuple(_watched(rule, values) for rule in part.stopping_rules)


def _watched(rule: StoppingRule, values: dict[str, Value]) -> Watched:
    found = evaluate_rule(parse_rule(rule.rule), values)
    return Watched(rule, found.truth, found.decided_by, found.missing)


def rules_met(subject: Subject, protocol: Protocol, day: int, *, until: datetime | None = None) -> tuple[Watched, ...]:
    """The stopping rules that are met."""
    return tuple(watched for watched in watch_rules(subject, protocol, day, until=until) if watched.met)


def met_words(watched: Watched, protocol: Protocol) -> str:
    """What a rule says and the values that met it, in a sentence's part."""
    values = ", ".join(pair_words(protocol, watched.decided_by))
    return f"{watched.rule.text} ({values})"
