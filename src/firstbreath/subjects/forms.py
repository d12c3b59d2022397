"""What a subject's forms say now: each field's value, and the event it comes from."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.entries import NULL_FLAVOURS, EntryError, parse_entry
from firstbreath.protocol.findings import suggest
from firstbreath.protocol.rules import Value
from firstbreath.protocol.values import Form, Protocol
from firstbreath.subjects.state import FormKey, Subject

UNSCHEDULED = "unscheduled"
"""The visit of what is recorded outside the schedule."""


class Entered(msgspec.Struct, frozen=True):
    """A field as it stands: the entry, or why it is absent, and the event that says so."""

    field: str
    entry: kinds.Entry
    absent: str
    event: Event
    key: FormKey


def entered_fields(key: FormKey, versions: Iterable[Event]) -> dict[str, Entered]:
    """The fields of one form record after its corrections, by field id."""
    fields: dict[str, Entered] = {}
    for event in versions:
        body = event.body
        if isinstance(body, kinds.FormRecorded | kinds.FormCorrected):
            fields |= {name: Entered(name, entry, "", event, key) for name, entry in body.values.items()}
            fields |= {name: Entered(name, "", why, event, key) for name, why in body.absent.items()}
    return fields


def records_of(subject: Subject, form: str) -> list[tuple[FormKey, tuple[Event, ...]]]:
    """Every record of a form with its corrections, in the order recorded."""
    found = [(key, versions) for key, versions in subject.forms.items() if key[0] == form]
    return sorted(found, key=lambda record: record[1][0].seq)


def all_entered(subject: Subject) -> Iterator[Entered]:
    """Every field of every form record, in the order recorded."""
    for key, versions in sorted(subject.forms.items(), key=lambda record: record[1][0].seq):
        yield from entered_fields(key, versions).values()


def current_values(
    subject: Subject, protocol: Protocol, *, counts: Callable[[str, Event], bool] | None = None
) -> tuple[dict[str, Value], dict[str, Event]]:
    """The latest typed value of each field with the event it comes from; absent and unreadable ones are left out.

    counts  whether a record counts, by its visit and the event that first recorded it; all do when None
    """
    fields = {field.id: field for form in protocol.forms for field in form.fields}
    values: dict[str, Value] = {}
    sources: dict[str, Event] = {}
    for entered in all_entered(subject):
        if counts is not None and not counts(entered.key[1], subject.forms[entered.key][0]):
            continue
        values.pop(entered.field, None)
        sources.pop(entered.field, None)
        if entered.absent or entered.field not in fields:
            continue
        try:
            values[entered.field] = parse_entry(fields[entered.field], entered.entry)
            sources[entered.field] = entered.event
        except EntryError:
            continue  # a later protocol may have narrowed the field: what it cannot read is unknown
    return values, sources


def check_entries(
    protocol: Protocol, form_id: str, values: Mapping[str, kinds.Entry], absent: Mapping[str, str]
) -> list[kinds.Reason]:
    """What is wrong with the entries of a form, all at once."""
    return [reason for _, reason in check_each_entry(protocol, form_id, values, absent)]


def check_each_entry(
    protocol: Protocol, form_id: str, values: Mapping[str, kinds.Entry], absent: Mapping[str, str]
) -> list[tuple[str, kinds.Reason]]:
    """What is wrong with the entries of a form, each with the field it is about."""
    form = protocol.form(form_id)
    fields = {field.id: field for field in form.fields} if form else {}
    wrong = [
        (name, kinds.Reason("FORM-001", f'Form {form_id} has no field "{name}".', suggest(name, fields)))
        for name in (*values, *absent)
        if name not in fields
    ]
    for name, entry in values.items():
        if name in fields:
            try:
                parse_entry(fields[name], entry)
            except EntryError as error:
                wrong.append((name, kinds.Reason("FORM-002", str(error), "Enter it again.")))
    for name, why in absent.items():
        if why not in NULL_FLAVOURS:
            fix = suggest(why, NULL_FLAVOURS)
            wrong.append((name, kinds.Reason("FORM-003", f'"{why}" is no reason for absence of {name}.', fix)))
        if name in values:
            text = f"{name} has a value and a reason for absence."
            wrong.append((name, kinds.Reason("FORM-004", text, "Keep one of them.")))
    return wrong


def lacking_fields(form: Form, answered: Container[str]) -> tuple[str, ...]:
    """The required fields of a form that have neither a value nor a reason for absence."""
    return tuple(field.id for field in form.fields if field.required and field.id not in answered)
