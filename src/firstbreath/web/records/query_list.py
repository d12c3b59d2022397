"""Queries as lists and one by one: where they are asked, how they stand, how old they are."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.naming import name_words
from firstbreath.protocol.values import Protocol
from firstbreath.subjects.forms import entered_fields
from firstbreath.subjects.records import query_state
from firstbreath.subjects.state import FormKey, Subject
from firstbreath.trial.state import Trial
from firstbreath.web.pages.words import render_absence, render_entry
from firstbreath.web.records.labels import label_record

STATES = ("open", "answered", "closed")
SIGNS = {"open": "half", "answered": "pause", "closed": "full"}
STEPS = {
    "query_opened": "asked",
    "query_answered": "answered",
    "query_closed": "closed",
    "query_reopened": "asked again",
}
LATE_DAYS = 7
"""From this age on an open query is marked as old."""


class QueryLine(msgspec.Struct, frozen=True):
    """A query with the field it is about, its state, and what was said first and last."""

    subject: str
    site: str
    number: int
    state: str
    sign: str
    record: str
    field: str
    key: FormKey
    field_id: str
    origin: str
    text: str
    last: str
    days: int
    old: bool
    opened: Event


class Said(msgspec.Struct, frozen=True):
    """One step of a query."""

    step: str
    text: str
    event: Event


class QueryPage(msgspec.Struct, frozen=True):
    """A query in full, with the value it is about as it stands, and whether there is a record to correct."""

    line: QueryLine
    said: tuple[Said, ...]
    value: str
    unit: str
    seq: int
    recorded: bool


class QueryList(msgspec.Struct, frozen=True):
    """The queries asked for, how many of each state there are, and the sites one can choose."""

    lines: tuple[QueryLine, ...]
    numbers: tuple[tuple[str, str, int, bool], ...]
    sites: tuple[str, ...]


def compute_query_list(
    trial: Trial, at: datetime, *, sees_site: Callable[[str], bool], state: str = "", site: str = "", subject: str = ""
) -> QueryList:
    """The queries of a state (empty: not closed), a site and a subject (empty: all in view), oldest first."""
    seen = [each for each in trial.subjects.all() if sees_site(each.site)]
    lines = [
        line_of(each, number, at, protocol=trial.protocol)
        for each in seen
        for number in each.queries
        if trial.protocol is not None and site in ("", each.site) and subject in ("", each.code)
    ]
    wanted = (state,) if state in STATES else STATES[:2]
    shown = sorted((line for line in lines if line.state in wanted), key=lambda line: line.opened.seq)
    numbers = tuple((each, SIGNS[each], sum(line.state == each for line in lines), each == state) for each in STATES)
    return QueryList(tuple(shown), numbers, tuple(sorted({each.site for each in seen if each.site})))


def line_of(subject: Subject, number: int, at: datetime, *, protocol: Protocol | None) -> QueryLine:
    """One query of a subject."""
    said = subject.queries[number]
    body = said[0].body
    assert isinstance(body, kinds.QueryOpened)  # noqa: S101 -- a query begins with being opened
    assert protocol is not None  # noqa: S101
    state = query_state(subject, number) or "open"
    ends = said[-1].at if state == "closed" else at
    days = (ends - said[0].at).days
    key = (body.form, body.visit, body.repeat)
    return QueryLine(
        subject=subject.code,
        site=subject.site,
        number=number,
        state=state,
        sign=SIGNS[state],
        record=label_record(protocol, key),
        field=name_words(protocol, body.field),
        key=key,
        field_id=body.field,
        origin=body.origin,
        text=body.text,
        last=getattr(said[-1].body, "text", "") if len(said) > 1 else "",
        days=days,
        old=state != "closed" and days >= LATE_DAYS,
        opened=said[0],
    )


def compute_query_page(trial: Trial, subject: Subject, number: int, at: datetime) -> QueryPage | None:
    """A query with everything said on it, or None when there is none of that number."""
    if number not in subject.queries or trial.protocol is None:
        return None
    line = line_of(subject, number, at, protocol=trial.protocol)
    said = tuple(Said(STEPS[event.kind], getattr(event.body, "text", ""), event) for event in subject.queries[number])
    field = trial.protocol.field(line.field_id)
    value, seq = value_at(subject, line.key, line.field_id)
    unit, recorded = field.unit if field and seq else "", line.key in subject.forms
    return QueryPage(line, said, value, unit, seq, recorded)


def value_at(subject: Subject, key: FormKey, field_id: str) -> tuple[str, int]:
    """A field as it stands and the event that says so; empty and 0 when nobody recorded it."""
    entered = entered_fields(key, subject.forms.get(key, ())).get(field_id)
    if entered is None:
        return "", 0
    text = render_absence(entered.absent) if entered.absent else render_entry(entered.entry)
    return text, entered.event.seq
