"""One value through time: every version of one field with who said it, when, why, and how long after."""

from collections.abc import Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.naming import name_words
from firstbreath.subjects.state import FormKey, Subject
from firstbreath.trial.audit import lag_of, render_lag
from firstbreath.trial.state import Trial
from firstbreath.web.pages.marks import Marks, events_of, marks_of
from firstbreath.web.pages.words import render_absence, render_entry
from firstbreath.web.records.labels import label_record


class ValueVersion(msgspec.Struct, frozen=True):
    """What one event said of the field; `struck` is the event that took it back."""

    text: str
    absent: bool
    event: Event
    lag: str
    struck: Event | None
    stands: bool


class ValuePage(msgspec.Struct, frozen=True):
    """A field of a record with every version, newest first."""

    subject: str
    key: FormKey
    field: str
    label: str
    unit: str
    record: str
    versions: tuple[ValueVersion, ...]
    declared: bool


def compute_value_page(
    trial: Trial, subject: Subject, events: Sequence[Event], *, key: FormKey, field: str
) -> ValuePage | None:
    """The page of a value, or None when neither the protocol nor the log knows such a field there."""
    protocol = trial.protocol
    declared = protocol.field(field) if protocol else None
    own = [mark for mark in marks_of(subject, events_of(events, subject.code)) if mark.record.place == ("form", *key)]
    said = [version for mark in own for version in _versions(mark, field)]
    if protocol is None or (declared is None and not said):
        return None
    counting = [version for version in said if not version.struck]
    last = counting[-1].event.seq if counting else 0
    versions = [msgspec.structs.replace(version, stands=version.event.seq == last) for version in said]
    return ValuePage(
        subject=subject.code,
        key=key,
        field=field,
        label=name_words(protocol, field),
        unit=declared.unit if declared else "",
        record=label_record(protocol, key),
        versions=tuple(reversed(versions)),
        declared=declared is not None,
    )


def _versions(mark: Marks, field: str) -> list[ValueVersion]:
    found = []
    for event in mark.record.versions:
        body = event.body
        if isinstance(body, kinds.FormRecorded | kinds.FormCorrected) and field in body.values | body.absent:
            absent = field in body.absent
            text = render_absence(body.absent[field]) if absent else render_entry(body.values[field])
            found.append(ValueVersion(text, absent, event, render_lag(lag_of(event)), mark.struck, stands=False))
    return found
