"""The casebook of one subject: every value with every earlier one, who, when, why; and every event of the subject.

Name to know: `compose_casebook`. Nothing of the subject that is in the log is left out: the last table has one line for
each event, and the tables before it one line for each value that any of them states.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.entries import NULL_FLAVOURS
from firstbreath.protocol.values import Protocol
from firstbreath.subjects.state import Subject
from firstbreath.trial.records import Record, list_records, superseded_by, vouches_of
from firstbreath.trial.state import Trial

QUERY_KINDS = kinds.QueryOpened | kinds.QueryAnswered | kinds.QueryClosed | kinds.QueryReopened
VALUE_COLUMNS = ("Field", "Value", "Stands", "Who, when", "Why", "Event")
VALUE_SIZES = (22, 24, 9, 25, 14, 6)

Line = tuple[str, ...]


class Sheet(msgspec.Struct, frozen=True):
    """One table of a casebook; `notes` is said under its title."""

    title: str
    columns: tuple[str, ...]
    sizes: tuple[int, ...]
    rows: tuple[Line, ...]
    notes: tuple[str, ...] = ()


class Casebook(msgspec.Struct, frozen=True, kw_only=True):
    """The casebook of a subject, ready to be set."""

    trial: str
    title: str
    subject: str
    stamp: str
    head: str
    facts: tuple[tuple[str, str], ...]
    records: tuple[Sheet, ...]
    queries: Sheet
    signatures: Sheet
    verifications: Sheet
    events: Sheet

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every table in the order of printing."""
        return (*self.records, self.queries, self.signatures, self.verifications, self.events)


def compose_casebook(
    trial: Trial, events: Sequence[Event], code: str, *, hash_of: Callable[[int], bytes], head: str
) -> Casebook:
    """The casebook of a subject.

    events   all of the log up to the trial's moment
    hash_of  the chain hash of an event, by its number
    head     the head of the log, as printed
    Raises `ValueError` when there is no such subject.
    """
    subject, protocol = trial.subjects.get(code), trial.protocol
    if subject is None or protocol is None:
        msg = "there is no such subject"
        raise ValueError(msg)
    own = [event for event in events if event.subject == code]
    records = list_records(own)
    signed = [event for event in own if isinstance(event.body, kinds.RecordsSigned)]
    verified = [event for event in own if isinstance(event.body, kinds.SourceVerified)]
    return Casebook(
        trial=protocol.design.trial.id,
        title=protocol.design.trial.title,
        subject=code,
        stamp=trial.stamp,
        head=head,
        facts=_facts(subject, protocol, own),
        records=tuple(_record_sheet(record, protocol, [*signed, *verified]) for record in records),
        queries=_queries_sheet(own),
        signatures=_signatures_sheet(signed, records),
        verifications=_verifications_sheet(verified, records),
        events=_events_sheet(own, hash_of),
    )


def _facts(subject: Subject, protocol: Protocol, own: Sequence[Event]) -> tuple[tuple[str, str], ...]:
    return (
        ("Subject", subject.code),
        ("Site", subject.site or "none named"),
        ("Arm", subject.arm or "not enrolled"),
        ("Screened", render_writing(subject.screened)),
        ("Enrolled", render_writing(subject.enrolled) if subject.enrolled else "not enrolled"),
        ("Left the trial", render_writing(subject.ended) if subject.ended else "has not left"),
        ("Frozen", render_writing(subject.frozen) if subject.frozen else "no"),
        ("Protocol", protocol.digest),
        ("Events", str(len(own))),
    )


def render_writing(event: Event) -> str:
    """Who wrote an event, as what, when (UTC), and when it happened."""
    happened = f"; occurred {event.occurred}" if event.occurred else ""
    return f"{event.actor}, {event.role}; {event.at:%Y-%m-%d %H:%M:%S} UTC{happened}"


def title_record(record: Record, protocol: Protocol) -> str:
    """A record in words."""
    if record.place[0] != "form":
        number = f" {record.place[1]}" if record.place[0] == "adverse event" else ""
        return str(record.place[0]).replace("_", " ").capitalize() + number
    _, form_id, visit_id, repeat = record.place
    form, visit = protocol.form(form_id), protocol.visit(visit_id)
    words = f"{form.title if form else form_id}, {visit.label if visit else visit_id}"
    return f"{words}, record {repeat}" if repeat > 1 else words


def _record_sheet(record: Record, protocol: Protocol, said: Sequence[Event]) -> Sheet:
    notes = [f"{_vouch_words(vouch.event)}{'' if vouch.holds else '; superseded: changed since'}"
             for vouch in vouches_of(record, said)]  # fmt: skip
    if record.struck:
        notes.insert(0, f"STRUCK OUT by {render_writing(record.struck)}: {record.struck.reason}")
    rows = tuple(_value_rows(record, protocol))
    return Sheet(title_record(record, protocol), VALUE_COLUMNS, VALUE_SIZES, rows, tuple(notes))


def _vouch_words(event: Event) -> str:
    """The manifestation of a signature: printed name, date and time with zone, meaning (21 CFR 11.50)."""
    body, at = event.body, f"{event.at:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(body, kinds.RecordsSigned):
        return f"Signed by {body.name}, {at}, meaning: {body.meaning} (event {event.seq})"
    return f"Compared with the source by {event.actor}, {at} (event {event.seq})"


def _value_rows(record: Record, protocol: Protocol) -> Iterator[Line]:
    """A line for each value that a version states, field by field, oldest first."""
    said = [(name, text, event) for event in record.versions for name, text in values_of(event, protocol)]
    last = {name: event.seq for name, _, event in said}
    order = {name: place for place, name in reversed(list(enumerate(name for name, _, _ in said)))}
    for name, text, event in sorted(said, key=lambda value: (order[value[0]], value[2].seq)):
        stands = "struck" if record.struck else "stands" if last[name] == event.seq else "replaced"
        yield (_label(name, protocol, record), text, stands, render_writing(event), event.reason, str(event.seq))


def values_of(event: Event, protocol: Protocol) -> list[tuple[str, str]]:
    """Every value that an event states, by name, an absent one with its null flavour."""
    body = event.body
    if isinstance(body, kinds.FormRecorded | kinds.FormCorrected):
        units = {field.id: field.unit for form in protocol.forms for field in form.fields}
        found = [(name, f"{_text(entry)} {units.get(name, '')}".strip()) for name, entry in body.values.items()]
        return found + [(name, f"absent: {NULL_FLAVOURS.get(why, why)} ({why})") for name, why in body.absent.items()]
    stated = msgspec.structs.asdict(body)
    return [(name, text) for name, value in stated.items() if (text := _text(value))] or [("recorded", "yes")]


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_text(part)}" for name, part in value.items())
    if isinstance(value, tuple):
        return "; ".join(_text(part) for part in value)
    return "" if value is None else str(value)


def _label(name: str, protocol: Protocol, record: Record) -> str:
    field = protocol.field(name) if record.place[0] == "form" else None
    return field.label if field else name.replace("_", " ")


def _queries_sheet(own: Sequence[Event]) -> Sheet:
    rows = tuple(
        (
            str(event.body.query),
            event.kind.replace("_", " "),
            _about(event.body),
            event.body.text,
            render_writing(event),
        )
        for event in own
        if isinstance(event.body, QUERY_KINDS)
    )
    return Sheet("Queries", ("No.", "Step", "About", "Text", "Who, when"), (5, 12, 22, 36, 25), rows)


def _about(body: Any) -> str:
    if not isinstance(body, kinds.QueryOpened):
        return ""
    return f"{body.form}, {body.visit}, record {body.repeat}: {body.field}; from {body.origin}"


def _signatures_sheet(signed: Sequence[Event], records: Sequence[Record]) -> Sheet:
    rows = tuple(
        (
            event.body.name,
            f"{event.at:%Y-%m-%d %H:%M:%S} UTC",
            event.body.meaning,
            "superseded" if superseded_by(event, records) else "holds",
            ", ".join(map(str, event.body.seqs)),
            event.body.digest,
        )
        for event in signed
        if isinstance(event.body, kinds.RecordsSigned)
    )
    columns = ("Printed name", "Date and time", "Meaning", "State", "Events signed", "Digest")
    return Sheet("Signatures", columns, (16, 17, 12, 11, 20, 24), rows)


def _verifications_sheet(verified: Sequence[Event], records: Sequence[Record]) -> Sheet:
    rows = tuple(
        (
            render_writing(event),
            "stale in part" if superseded_by(event, records) else "holds",
            ", ".join(map(str, event.body.seqs)),
        )
        for event in verified
        if isinstance(event.body, kinds.SourceVerified)
    )
    return Sheet("Source verification", ("Who, when", "State", "Events compared"), (40, 20, 40), rows)


def _events_sheet(own: Sequence[Event], hash_of: Callable[[int], bytes]) -> Sheet:
    rows = tuple(
        (
            str(event.seq),
            event.kind.replace("_", " "),
            render_writing(event),
            "; ".join(part for part in (event.reason, event.source) if part),
            hash_of(event.seq).hex(),
        )
        for event in own
    )
    columns = ("No.", "Kind", "Who, written, occurred", "Why, and where first written", "Chain hash")
    return Sheet("Every event of the subject", columns, (6, 15, 27, 27, 25), rows)
