"""Edit checks: whether the values of a record agree, do not agree, or whether that cannot be told."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.entries import EntryError, parse_entry
from firstbreath.protocol.rules import Value, evaluate_rule, parse_rule
from firstbreath.protocol.values import Check, Protocol
from firstbreath.subjects.eligibility import derived_rules
from firstbreath.subjects.forms import current_values, entered_fields, records_of
from firstbreath.subjects.state import FormKey, Subject

Outcome = Literal["pass", "fail", "cannot tell"]
OUTCOMES: dict[bool | None, Outcome] = {True: "pass", False: "fail", None: "cannot tell"}


class Checked(msgspec.Struct, frozen=True):
    """One check of one record: its outcome, the values that decided it, the names it misses, the record's last event.

    `field` is the field of the form that a query about it is put to.
    """

    check: Check
    subject: str
    key: FormKey
    outcome: Outcome
    decided_by: tuple[tuple[str, Value], ...]
    missing: tuple[str, ...]
    field: str
    event: Event


def check_records(subject: Subject, protocol: Protocol) -> Iterator[Checked]:
    """Every check of the protocol for every record of its form, in the order of the protocol, then as recorded."""
    latest, _ = current_values(subject, protocol)
    derived = derived_rules(protocol)
    for check in protocol.checks:
        own = {field.id for form in protocol.forms if form.id == check.form for field in form.fields}
        others = {name: value for name, value in latest.items() if name not in own}
        for key, versions in records_of(subject, check.form):
            rule = parse_rule(check.rule)
            found = evaluate_rule(rule, others | values_of(key, versions, protocol), derived)
            asked = [name for name in (*found.missing, *rule.names) if name in own]
            yield Checked(
                check=check,
                subject=subject.code,
                key=key,
                outcome=OUTCOMES[found.truth],
                decided_by=found.decided_by,
                missing=found.missing,
                field=(*asked, *sorted(own))[0],
                event=versions[-1],
            )


def values_of(key: FormKey, versions: tuple[Event, ...], protocol: Protocol) -> dict[str, Value]:
    """The typed values of one record as it stands; absent and unreadable ones are left out."""
    values: dict[str, Value] = {}
    for name, entered in entered_fields(key, versions).items():
        field = protocol.field(name)
        if field is None or entered.absent:
            continue
        try:
            values[name] = parse_entry(field, entered.entry)
        except EntryError:
            continue  # what a later protocol cannot read is unknown, and so is the check
    return values


def query_on(subject: Subject, checked: Checked) -> int:
    """The number of the last query that was raised from this check of this record, or 0."""
    form, visit, repeat = checked.key
    raised = [
        body.query
        for said in subject.queries.values()
        if isinstance(body := said[0].body, kinds.QueryOpened)
        and (body.check, body.form, body.visit, body.repeat) == (checked.check.id, form, visit, repeat)
    ]
    return max(raised, default=0)
