"""The forms of a subject as they stand, with every earlier value in view."""

from collections.abc import Iterator, Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.values import Form, Protocol
from firstbreath.subjects.state import FormKey, Subject
from firstbreath.web.pages.marks import Marks
from firstbreath.web.pages.words import render_absence, render_entry


class Version(msgspec.Struct, frozen=True):
    """What one event says of a field: its value, or why it is absent."""

    text: str
    absent: bool
    event: Event


class FieldLine(msgspec.Struct, frozen=True):
    """A field with the value that stands and those it replaced, oldest first; `now` is None when never answered."""

    label: str
    unit: str
    now: Version | None
    earlier: tuple[Version, ...] = ()
    name: str = ""


class FormRecord(msgspec.Struct, frozen=True):
    """One record of a form: where it belongs, its fields, and how many of the form's fields nobody answered."""

    title: str
    visit: str
    repeat: int
    fields: tuple[FieldLine, ...]
    unanswered: tuple[str, ...]
    recorded: Event
    corrections: tuple[Event, ...]
    key: FormKey
    marks: Marks | None = None


def list_records(subject: Subject, protocol: Protocol, marks: Sequence[Marks] = ()) -> tuple[FormRecord, ...]:
    """Every form record of a subject, in the order recorded.

    marks  what is said of the records; with it, those struck out are in their place too
    """
    if not marks:
        found = sorted(subject.forms.items(), key=lambda record: record[1][0].seq)
        return tuple(render_record(key, versions, protocol) for key, versions in found)
    forms = [mark for mark in marks if mark.record.place[0] == "form"]
    return tuple(
        render_record((place[1], place[2], place[3]), mark.record.versions, protocol, marks=mark)
        for mark in forms
        if (place := mark.record.place)
    )


def render_record(
    key: FormKey, versions: tuple[Event, ...], protocol: Protocol, *, marks: Marks | None = None
) -> FormRecord:
    """One record of a form with every version of every field."""
    form_id, visit_id, repeat = key
    form, visit = protocol.form(form_id), protocol.visit(visit_id)
    lines = list(_lines(form, versions))
    return FormRecord(
        title=form.title if form else form_id,
        visit=visit.label if visit else visit_id.capitalize(),
        repeat=repeat if form and form.repeats else 0,
        fields=tuple(line for line in lines if line.now),
        unanswered=tuple(line.label for line in lines if not line.now),
        recorded=versions[0],
        corrections=versions[1:],
        key=key,
        marks=marks,
    )


def _lines(form: Form | None, versions: tuple[Event, ...]) -> Iterator[FieldLine]:
    """The fields in the order of the form, then any that the form in force no longer has."""
    said = _versions_by_field(versions)
    for field in form.fields if form else ():
        yield _line(field.id, field.label, field.unit, history=said.pop(field.id, []))
    for name, history in said.items():
        yield _line(name, name, "", history=history)


def _line(name: str, label: str, unit: str, *, history: list[Version]) -> FieldLine:
    return FieldLine(label, unit, history[-1] if history else None, tuple(history[:-1]), name)


def _versions_by_field(versions: tuple[Event, ...]) -> dict[str, list[Version]]:
    said: dict[str, list[Version]] = {}
    for event in versions:
        body = event.body
        if isinstance(body, kinds.FormRecorded | kinds.FormCorrected):
            for name, entry in body.values.items():
                said.setdefault(name, []).append(Version(render_entry(entry), absent=False, event=event))
            for name, code in body.absent.items():
                said.setdefault(name, []).append(Version(render_absence(code), absent=True, event=event))
    return said
