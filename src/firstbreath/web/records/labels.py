"""What the protocol calls the places of records: forms, visits, fields."""

from collections.abc import Iterable

from firstbreath.protocol.rules import Value
from firstbreath.protocol.values import Protocol
from firstbreath.subjects.state import FormKey
from firstbreath.trial.records import Record
from firstbreath.web.pages.log import describe
from firstbreath.web.pages.subject import render_value
from firstbreath.web.pages.words import render_kind


def label_record(protocol: Protocol, key: FormKey) -> str:
    """`Vital signs, Day 2, record 3`."""
    form_id, visit_id, repeat = key
    form, visit = protocol.form(form_id), protocol.visit(visit_id)
    parts = [form.title if form else form_id, visit.label if visit else visit_id.capitalize()]
    return ", ".join([*parts, f"record {repeat}"] if repeat > 1 else parts)


def label_field(protocol: Protocol, field_id: str) -> str:
    """The label of a field, or its id where the form in force has none."""
    field = protocol.field(field_id)
    return field.label if field else field_id


def label_values(protocol: Protocol, pairs: Iterable[tuple[str, Value]]) -> tuple[str, ...]:
    """`Lymphocytes = 1.2`, for each value."""
    return tuple(f"{label_field(protocol, name)} = {render_value(value)}" for name, value in pairs)


def title_of(record: Record, protocol: Protocol) -> str:
    """A record in words: the form and where it belongs, or the kind of event and what it says."""
    if record.place[0] == "form":
        return label_record(protocol, (record.place[1], record.place[2], record.place[3]))
    if record.place[0] == "adverse event":
        return f"Adverse event {record.place[1]}: {getattr(record.latest.body, 'term', '')}"
    words = describe(record.latest, protocol)
    return f"{render_kind(record.latest.kind)}: {words}" if words else render_kind(record.latest.kind)
