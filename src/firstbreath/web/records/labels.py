"""What the protocol calls the places of records: forms, visits, fields."""

from collections.abc import Iterable

from firstbreath.events.record import Event
from firstbreath.protocol.rules import Value
from firstbreath.protocol.values import Protocol
from firstbreath.subjects.state import FormKey
from firstbreath.web.pages.subject import render_value


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


def last_of(events: Iterable[Event]) -> Event:
    """The event with the greatest number."""
    return max(events, key=lambda event: event.seq)
