"""What is said of a record wherever it is shown: who signed or verified it, what is asked, who struck it out."""

from collections.abc import Iterable, Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.subjects.records import query_state
from firstbreath.subjects.state import Subject
from firstbreath.trial.records import Record, list_records, vouches_of

MEANINGS = {
    "authorship": "I wrote it",
    "review": "I reviewed it",
    "approval": "I approve it",
    "responsibility": "I answer for it",
}
"""What a signature means, in the words of whoever signs."""


class SignatureMark(msgspec.Struct, frozen=True):
    """The manifestation of a signature (21 CFR 11.50): printed name, date and time with zone, meaning."""

    name: str
    role: str
    meaning: str
    event: Event
    holds: bool


class VerifiedMark(msgspec.Struct, frozen=True):
    """A comparison with the source documents; stale once a newer version is there."""

    event: Event
    holds: bool


class QueryMark(msgspec.Struct, frozen=True):
    """A query on the record that is not closed."""

    number: int
    field: str
    state: str


class Marks(msgspec.Struct, frozen=True):
    """Everything said of one record."""

    record: Record
    signatures: tuple[SignatureMark, ...] = ()
    verified: tuple[VerifiedMark, ...] = ()
    queries: tuple[QueryMark, ...] = ()

    @property
    def struck(self) -> Event | None:
        """The event that struck the record out."""
        return self.record.struck

    @property
    def seq(self) -> int:
        """The number of the version that counts."""
        return self.record.latest.seq


def marks_of(subject: Subject, events: Iterable[Event]) -> tuple[Marks, ...]:
    """The marks of every record of a subject, struck ones among them, in the order first written.

    events  those of the subject, in order
    """
    own = list(events)
    signed = [event for event in own if isinstance(event.body, kinds.RecordsSigned)]
    verified = [event for event in own if isinstance(event.body, kinds.SourceVerified)]
    return tuple(_marks(subject, record, signed, verified=verified) for record in list_records(own))


def events_of(events: Iterable[Event], code: str) -> list[Event]:
    """The events of one subject."""
    return [event for event in events if event.subject == code]


def _marks(subject: Subject, record: Record, signed: Sequence[Event], *, verified: Sequence[Event]) -> Marks:
    return Marks(
        record=record,
        signatures=tuple(mark_signature(vouch.event, holds=vouch.holds) for vouch in vouches_of(record, signed)),
        verified=tuple(VerifiedMark(vouch.event, vouch.holds) for vouch in vouches_of(record, verified)),
        queries=tuple(_queries(subject, record)),
    )


def mark_signature(event: Event, *, holds: bool) -> SignatureMark:
    """How a signature is shown."""
    body = event.body
    assert isinstance(body, kinds.RecordsSigned)  # noqa: S101 -- only signatures are asked for
    return SignatureMark(body.name, event.role, body.meaning, event, holds)


def _queries(subject: Subject, record: Record) -> list[QueryMark]:
    if record.place[0] != "form" or record.struck:
        return []
    found = []
    for number in sorted(subject.queries):
        body = subject.queries[number][0].body
        if isinstance(body, kinds.QueryOpened) and (body.form, body.visit, body.repeat) == record.place[1:]:
            found.append(QueryMark(number, body.field, query_state(subject, number) or "open"))
    return found
