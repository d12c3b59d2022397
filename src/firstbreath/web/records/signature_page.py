"""One signature: who, when, what it means, what exactly it vouches for, and whether it holds when computed again."""

from collections.abc import Callable, Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.trial.records import list_records, reason_against_digest, superseded_by
from firstbreath.trial.state import Trial
from firstbreath.web.pages.marks import SignatureMark, events_of, mark_signature
from firstbreath.web.records.labels import title_of


class SignedLine(msgspec.Struct, frozen=True):
    """A version that was signed: the record in words, its event, its chain hash."""

    title: str
    event: Event
    hash: str


class SignaturePage(msgspec.Struct, frozen=True):
    """A signature in full; `broken` says why it does not vouch, `later` what came after what it names."""

    mark: SignatureMark
    subject: str
    site: str
    digest: str
    lines: tuple[SignedLine, ...]
    broken: str
    later: tuple[Event, ...]


def compute_signature_page(
    trial: Trial, events: Sequence[Event], seq: int, hash_of: Callable[[int], bytes]
) -> SignaturePage | None:
    """The page of the signature that is event `seq`, or None when it is none."""
    event = events[seq - 1] if 0 < seq <= len(events) else None
    if event is None or not isinstance(event.body, kinds.RecordsSigned) or trial.protocol is None:
        return None
    subject = trial.subjects.get(event.subject)
    records = list_records(events_of(events, event.subject))
    titles = {seq: title_of(record, trial.protocol) for record in records for seq in record.seqs}
    named = [place for place in event.body.seqs if 0 < place <= len(events)]
    later = superseded_by(event, records)
    return SignaturePage(
        mark=mark_signature(event, holds=not later),
        subject=event.subject,
        site=subject.site if subject else "",
        digest=event.body.digest,
        lines=tuple(SignedLine(titles.get(n, ""), events[n - 1], hash_of(n).hex()) for n in named),
        broken=reason_against_digest(event, events, hash_of),
        later=later,
    )
