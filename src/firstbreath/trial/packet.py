"""The review packet as its readers see it: everything of its subjects as of the place of the log where it was frozen.

A pure function of the trial and the events up to there, so that whatever is written later leaves it as it was.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.values import Protocol
from firstbreath.protocol.zones import zone_of
from firstbreath.reading.scoring import settle
from firstbreath.safety.clocks import Clock, compute_clocks, facts_of
from firstbreath.safety.state import Packet
from firstbreath.subjects.delivered import Delivered, compute_delivered
from firstbreath.subjects.doses import DoseDay, doses_of
from firstbreath.subjects.records import open_queries
from firstbreath.subjects.state import Subject
from firstbreath.trial.laboratory import LaboratoryValue, compute_laboratory, taken_at
from firstbreath.trial.state import Trial
from firstbreath.trial.vital_signs import VitalSeries, compute_vital_signs


class AdverseEventLine(msgspec.Struct, frozen=True):
    """An adverse event as it stood, with its clocks."""

    event: Event
    facts: kinds.AdverseEventFacts
    versions: int
    clocks: tuple[Clock, ...]
    new: bool


class Exposure(msgspec.Struct, frozen=True):
    """One planned dose: what became of it, what of it left the cup, and what happened while it was inhaled."""

    dose: DoseDay
    delivered: Delivered | None
    pauses: tuple[Event, ...]
    seen: tuple[str, ...]


class ScanLine(msgspec.Struct, frozen=True):
    """A scan that was filed, and its score once the reads are final."""

    visit: str
    filed: Event
    rejected: bool
    total: str


class PacketSubject(msgspec.Struct, frozen=True):
    """What is recorded of one subject."""

    code: str
    subject: Subject
    exposure: tuple[Exposure, ...]
    adverse: tuple[AdverseEventLine, ...]
    vital_signs: tuple[VitalSeries, ...]
    laboratory: tuple[LaboratoryValue, ...]
    scans: tuple[ScanLine, ...]
    deviations: tuple[Event, ...]
    queries: tuple[Event, ...]


class Late(msgspec.Struct, frozen=True):
    """What was written after the last packet's cut-off about a time before it."""

    event: Event
    taken: datetime


class PacketContent(msgspec.Struct, frozen=True):
    """A packet in full. `news` counts what was written of its subjects since the last packet, by kind."""

    number: int
    up_to: int
    hash: str
    cut_off: datetime | None
    subjects: tuple[PacketSubject, ...]
    since: int
    news: tuple[tuple[str, int], ...]
    changed: tuple[AdverseEventLine, ...]
    late: tuple[Late, ...]


def compute_packet(trial: Trial, events: Sequence[Event], packet: Packet, *, last: Packet | None) -> PacketContent:
    """The packet.

    trial, events  as they stood at the packet's place of the log
    last           the packet before it, or None
    """
    protocol, body = trial.protocol, packet.body
    since = last.body.up_to if last else 0
    found = [
        _subject(trial, subject, protocol, since=since)
        for code in body.subjects
        if protocol and (subject := trial.subjects.get(code))
    ]
    written = [event for event in events[since : body.up_to] if event.subject in body.subjects]
    counts: dict[str, int] = {}
    for event in written:
        counts[event.kind] = counts.get(event.kind, 0) + 1
    return PacketContent(
        number=body.packet,
        up_to=body.up_to,
        hash=body.hash,
        cut_off=trial.at,
        subjects=tuple(found),
        since=since,
        news=tuple(counts.items()),
        changed=tuple(line for subject in found for line in subject.adverse if line.new) if since else (),
        late=_late(trial, protocol, written, cut_off=events[since - 1].at) if since and protocol else (),
    )


def _subject(trial: Trial, subject: Subject, protocol: Protocol, *, since: int) -> PacketSubject:
    zone = zone_of(protocol, subject.site)
    return PacketSubject(
        code=subject.code,
        subject=subject,
        exposure=tuple(_exposure(subject, dose, protocol) for dose in doses_of(subject, protocol)),
        adverse=tuple(
            _adverse(trial, subject, versions, since=since, zone=zone)
            for versions in trial.safety.adverse_events(subject.code)
        ),
        vital_signs=compute_vital_signs(subject, protocol),
        laboratory=compute_laboratory(trial, subject, protocol),
        scans=tuple(_scans(trial, subject.code, protocol)),
        deviations=subject.deviations,
        queries=tuple(subject.queries[number][0] for number in open_queries(subject)),
    )


def _scans(trial: Trial, code: str, protocol: Protocol) -> Iterator[ScanLine]:
    """The scans of a subject; a score is sealed, to the safety group too, until all reads are final."""
    reading, charter = trial.reading, protocol.charter
    for scan in reading.all_scans():
        if scan.subject == code:
            settled = settle(reading, charter, scan) if charter and reading.unblinded else None
            total = "" if settled is None else "not evaluable" if settled.total is None else str(settled.total)
            yield ScanLine(scan.body.visit, scan.filed, scan.rejected is not None, total)


def _exposure(subject: Subject, dose: DoseDay, protocol: Protocol) -> Exposure:
    terms = {event.id: event.term for event in protocol.design.inhalation_events}
    session = subject.inhalations.get(dose.day, ())
    return Exposure(
        dose=dose,
        delivered=compute_delivered(subject, dose.day),
        pauses=tuple(event for event in session if isinstance(event.body, kinds.InhalationPaused)),
        seen=tuple(
            terms.get(event.body.event, event.body.event)
            for event in session
            if isinstance(event.body, kinds.InhalationEventSeen)
        ),
    )


def _adverse(
    trial: Trial, subject: Subject, versions: tuple[Event, ...], *, since: int, zone: tzinfo
) -> AdverseEventLine:
    facts = facts_of(versions[-1])
    forwarded = trial.safety.forwarded.get((subject.code, facts.number), ())
    clocks = compute_clocks(versions, forwarded, zone=zone)
    return AdverseEventLine(versions[-1], facts, len(versions), clocks, versions[-1].seq > since)


def _late(trial: Trial, protocol: Protocol, written: Sequence[Event], *, cut_off: datetime) -> tuple[Late, ...]:
    """Clinical events from before the last cut-off that were written after it."""
    found = []
    for event in written:
        subject = trial.subjects.get(event.subject)
        if subject is None or not event.occurred or isinstance(event.body, kinds.ActRefused):
            continue
        taken = taken_at(event, zone_of(protocol, subject.site))
        if taken < cut_off:
            found.append(Late(event, taken))
    return tuple(found)
