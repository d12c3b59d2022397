"""What an audit trail is reviewed for: how late it was written, at what hour, and what changed after a signature."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.trial.records import Record

LATE = timedelta(days=1)
"""From this lag on, an entry counts as late."""
CHANGES = (kinds.FormCorrected, kinds.AdverseEventRevised, kinds.EntryStruck)
"""What changes something that was recorded before."""
SIGN_INS = (kinds.SignedIn, kinds.SignedOut, kinds.SignInRefused, kinds.AccountLockedOut, kinds.CredentialChanged)
EXPORTS = (kinds.ExportMade, kinds.FileImported)


class PersonCount(msgspec.Struct, frozen=True):
    """What one person did: acts in all, records, changes, refused acts, late entries."""

    actor: str
    acts: int
    records: int
    changes: int
    refused: int
    late: int


class AfterSignature(msgspec.Struct, frozen=True):
    """A change of a record that somebody had signed."""

    signature: Event
    change: Event


def lag_of(event: Event) -> timedelta | None:
    """How long after it happened an event was written; None when it is not said, or said by the day and that day."""
    ends = event.occurred.rpartition("/")[2]
    try:
        if "T" in ends:
            happened = datetime.fromisoformat(ends.replace("Z", "+00:00"))
            return event.at - happened if happened.tzinfo else None
        day = date.fromisoformat(ends)
    except ValueError:
        return None
    lag = event.at - datetime.combine(day + timedelta(days=1), time(), UTC)
    return max(lag, timedelta(0))


def is_late(event: Event) -> bool:
    """Whether an event was written a day or more after it happened."""
    lag = lag_of(event)
    return lag is not None and lag >= LATE


def render_lag(lag: timedelta | None) -> str:
    """`12 min`, `5 h 3 min`, `3 days`; empty when it is not known."""
    if lag is None:
        return ""
    minutes = int(lag.total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 0)} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{hours // 24} days"


def count_hours(events: Iterable[Event]) -> tuple[int, ...]:
    """How many entries about subjects were written in each hour of the day, in UTC, from 0 to 23."""
    hours = [0] * 24
    for event in events:
        if event.subject and not isinstance(event.body, kinds.ActRefused):
            hours[event.at.hour] += 1
    return tuple(hours)


def count_people(events: Sequence[Event]) -> tuple[PersonCount, ...]:
    """What each person did, who did most first."""
    by_actor: dict[str, list[Event]] = {}
    for event in events:
        by_actor.setdefault(event.actor, []).append(event)
    counted = [_count(actor, own) for actor, own in by_actor.items()]
    return tuple(sorted(counted, key=lambda person: (-person.acts, person.actor)))


def _count(actor: str, own: Sequence[Event]) -> PersonCount:
    return PersonCount(
        actor,
        acts=len(own),
        records=sum(isinstance(event.body, kinds.FormRecorded) for event in own),
        changes=sum(isinstance(event.body, CHANGES) for event in own),
        refused=sum(isinstance(event.body, kinds.ActRefused) for event in own),
        late=sum(is_late(event) for event in own),
    )


def changes_after_signature(records: Iterable[Record], signatures: Sequence[Event]) -> tuple[AfterSignature, ...]:
    """Every change of a record after somebody had signed it, with the last signature before it."""
    found = []
    for record in records:
        later = [*record.versions[1:], *([record.struck] if record.struck else [])]
        for change in later:
            signed = [each for each in signatures if each.seq < change.seq and _names(each, record, change)]
            if signed:
                found.append(AfterSignature(signed[-1], change))
    return tuple(sorted(found, key=lambda each: each.change.seq))


def _names(signature: Event, record: Record, change: Event) -> bool:
    """Whether a signature named a version of the record that was there before the change."""
    body = signature.body
    before = {seq for seq in record.seqs if seq < change.seq}
    return isinstance(body, kinds.RecordsSigned) and bool(before & {*body.seqs})
