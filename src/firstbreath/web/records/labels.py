"""What the protocol calls the places of records: forms, visits, fields."""

from firstbreath.protocol.values import Protocol
from firstbreath.subjects.state import FormKey
from firstbreath.trial.records import Record
from firstbreath.web.pages.log import describe
from firstbreath.web.pages.words import render_kind


def label_record(protocol: Protocol, key: FormKey) -> str:
    """`Vital signs, Day 2, record 3`."""
    form_id, visit_id, repeat = key
    form, visit = protocol.form(form_id), protocol.visit(visit_id)
    parts = [form.title if form else form_id, visit.label if visit else visit_id.capitalize()]
    return ", ".join([*parts, f"record {repeat}"] if repeat > 1 else parts)


def title_of(record: Record, protocol: Protocol) -> str:
    """A record in words: the form and where it belongs, or the kind of event and what it says."""
    if record.place[0] == "form":
        return label_record(protocol, (record.place[1], record.place[2], record.place[3]))
    if record.place[0] == "adverse event":
        return f"Adverse event {record.place[1]}: {getattr(record.latest.body, 'term', '')}"
    words = describe(record.latest, protocol)
    return f"{render_kind(record.latest.kind)}: {words}" if words else render_kind(record.latest.kind)
