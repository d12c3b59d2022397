"""The records of a subject with all their versions, those struck out among them, and who vouches for which version.

Names to know: `list_records`, `vouches_of`. A record is one thing that was recorded (a form at a visit, a dose, an
adverse event, a consent), however often it was corrected.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from firstbreath.events import kinds
from firstbreath.events.chain import digest_of
from firstbreath.events.record import Event
from firstbreath.subjects.state import InhalationKind

FormKind = kinds.FormRecorded | kinds.FormCorrected
AdverseKind = kinds.AdverseEventReported | kinds.AdverseEventRevised
DoseKind = kinds.DoseGiven | kinds.DoseInterrupted | kinds.DoseMissed
SINGLE = (
    kinds.ScreeningOpened,
    kinds.SubjectEnrolled,
    kinds.ParticipationEnded,
    kinds.EligibilityAttested,
    kinds.ConsentSigned,
    kinds.ConsentWithdrawn,
    kinds.DeviationRecorded,
    kinds.SeriousEventForwarded,
    kinds.InhalationStarted,
    kinds.InhalationPaused,
    kinds.InhalationResumed,
    kinds.InhalationStopped,
    kinds.InhalationEventSeen,
    kinds.DoseGiven,
    kinds.DoseInterrupted,
    kinds.DoseMissed,
)
"""What is recorded once: a change of it is another record."""

Place = tuple[Any, ...]


class Record(msgspec.Struct, frozen=True):
    """One thing recorded of a subject: every version, oldest first, and the event that struck it out, if one did."""

    place: Place
    versions: tuple[Event, ...]
    struck: Event | None = None

    @property
    def latest(self) -> Event:
        """The version that counts."""
        return self.versions[-1]

    @property
    def seqs(self) -> tuple[int, ...]:
        """The numbers of all versions."""
        return tuple(event.seq for event in self.versions)


class Vouch(msgspec.Struct, frozen=True):
    """A signature or a source verification of a record; it holds until a newer version is there."""

    event: Event
    holds: bool


def list_records(events: Iterable[Event]) -> tuple[Record, ...]:
    """Every record in the order first written. `events` are those of one subject."""
    open_now: dict[Place, Record] = {}
    struck: list[Record] = []
    for event in events:
        if isinstance(event.body, kinds.EntryStruck):
            gone = _struck_by(event.body.corrects, list(open_now.values()))
            struck += [msgspec.structs.replace(open_now.pop(record.place), struck=event) for record in gone]
            continue
        place = place_of(event)
        if place:
            before = open_now.get(place)
            open_now[place] = Record(place, (*before.versions, event) if before else (event,))
    return tuple(sorted([*open_now.values(), *struck], key=lambda record: record.versions[0].seq))


def place_of(event: Event) -> Place:
    """What tells the record of an event from others; empty for an event that records nothing of a subject."""
    body = event.body
    if isinstance(body, FormKind):
        return ("form", body.form, body.visit, body.repeat)
    if isinstance(body, AdverseKind):
        return ("adverse event", body.number)
    return (event.kind, event.seq) if isinstance(body, SINGLE) else ()


def _struck_by(seq: int, records: Sequence[Record]) -> list[Record]:
    """The record that holds an event; with a dose or the start of an inhalation goes what was seen during it."""
    wrong = next((record for record in records if seq in record.seqs), None)
    if wrong is None:
        return []
    body = wrong.latest.body
    with_session = isinstance(body, kinds.DoseGiven | kinds.DoseInterrupted)
    session = [record for record in records if with_session and _of_session(record, getattr(body, "day", 0))]
    return [wrong, *session]


def _of_session(record: Record, day: int) -> bool:
    body = record.latest.body
    return isinstance(body, InhalationKind) and body.day == day


def vouches_of(record: Record, said: Iterable[Event]) -> tuple[Vouch, ...]:
    """The signatures or verifications that name a version of a record, oldest first."""
    own = {*record.seqs}
    return tuple(
        Vouch(event, record.struck is None and record.latest.seq in event.body.seqs)
        for event in said
        if isinstance(event.body, kinds.RecordsSigned | kinds.SourceVerified) and own & {*event.body.seqs}
    )


def superseded_by(signature: Event, records: Iterable[Record]) -> tuple[Event, ...]:
    """What came after the versions that a signature names: newer versions, and strikes; empty while it holds."""
    body = signature.body
    signed = {*body.seqs} if isinstance(body, kinds.RecordsSigned | kinds.SourceVerified) else set[int]()
    later = [
        record.struck or record.latest
        for record in records
        if signed & {*record.seqs} and (record.struck or record.latest.seq not in signed)
    ]
    return tuple(sorted(later, key=lambda event: event.seq))


def reason_against_digest(signature: Event, events: Sequence[Event], hash_of: Callable[[int], bytes]) -> str:
    """Why a signature does not vouch for what it names, or empty.

    events   all of the log, in order
    hash_of  the chain hash of an event, by its number
    """
    body = signature.body
    if not isinstance(body, kinds.RecordsSigned):
        return "it is no signature"
    if any(not 0 < seq < signature.seq for seq in body.seqs):
        return "it names records that were not there"
    others = [seq for seq in body.seqs if events[seq - 1].subject != signature.subject]
    if others:
        return f"it names records of another subject (event {others[0]})"
    if digest_of([(seq, hash_of(seq)) for seq in body.seqs]) != body.digest:
        return "its digest is not that of the records it names"
    return ""
