"""The trial as a program reads it: where it stands, the protocol in force, the log."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from firstbreath.events.kinds import Reason
from firstbreath.events.record import Event
from firstbreath.protocol.values import Form, Protocol, ProtocolFile
from firstbreath.trial.gates import GateState, enrolment_gate
from firstbreath.trial.log_filter import sealed_events
from firstbreath.trial.overview import SubjectLine, compute_overview
from firstbreath.trial.state import Trial
from firstbreath.web.identity import Identity
from firstbreath.web.moment import Moment


class GateReading(msgspec.Struct, frozen=True):
    """A gate as it stands, with its reasons when it is not open."""

    state: Literal["open", "closed", "unknown"]
    reasons: tuple[Reason, ...]


class TrialReading(msgspec.Struct, frozen=True):
    """Where the trial stood after an event: `seq` is its number, `head` the digest of the log up to it."""

    trial: str
    title: str
    stamp: str
    seq: int
    at: datetime | None
    head: str
    protocol_digest: str
    locked: bool
    enrolment: GateReading
    subjects: int
    enrolled: int
    refusals: int
    deviations: int


class SubjectsReading(msgspec.Struct, frozen=True):
    """The subjects in view, one line each, in the order of screening."""

    seq: int
    subjects: tuple[SubjectLine, ...]


class ProtocolReading(msgspec.Struct, frozen=True):
    """The protocol in force: its files as adopted, and what they say. The files are the record."""

    seq: int
    digest: str
    files: Mapping[str, str]
    design: ProtocolFile
    forms: tuple[Form, ...]


class LoggedEvent(msgspec.Struct, frozen=True):
    """An event with the hash that ends the chain at it."""

    hash: str
    event: Event


class LogReading(msgspec.Struct, frozen=True):
    """Events after a place of the log, in order; `next` is where to go on, or null at the end of the moment read.

    `withheld` counts the events passed over because they are of subjects at a site that is not yours, or votes
    on a packet that is not decided yet.
    """

    after: int
    next: int | None
    last: int
    withheld: int
    events: tuple[LoggedEvent, ...]


class RecordReading(msgspec.Struct, frozen=True):
    """One event, and what its hash is made of: SHA-256 of the hash before it and the bytes of `record`."""

    previous: str
    record: str
    hash: str
    event: Event


def read_gate(gate: GateState) -> GateReading:
    """A gate."""
    state: Literal["open", "closed", "unknown"] = "unknown" if gate.open is None else "open" if gate.open else "closed"
    return GateReading(state, gate.reasons)


def read_trial(moment: Moment) -> TrialReading:
    """The trial at a moment."""
    trial = moment.trial
    overview = compute_overview(trial)
    return TrialReading(
        trial=overview.trial,
        title=trial.protocol.design.trial.title if trial.protocol else "",
        stamp=trial.stamp,
        seq=trial.seq,
        at=trial.at,
        head=moment.head.printed,
        protocol_digest=overview.protocol_digest,
        locked=trial.locked is not None,
        enrolment=read_gate(enrolment_gate(trial)),
        subjects=len(overview.subjects),
        enrolled=len(trial.subjects.enrolled),
        refusals=overview.refusals,
        deviations=overview.deviations,
    )


def read_subjects(trial: Trial, identity: Identity | None) -> SubjectsReading:
    """The subjects that somebody may see."""
    lines = [line for line in compute_overview(trial).subjects if in_view(line.code, trial, identity)]
    return SubjectsReading(trial.seq, tuple(lines))


def read_protocol(trial: Trial, protocol: Protocol) -> ProtocolReading:
    """The protocol in force."""
    body = trial.adoptions[-1].event.body
    return ProtocolReading(trial.seq, protocol.digest, getattr(body, "files", {}), protocol.design, protocol.forms)


def in_view(code: str, trial: Trial, identity: Identity | None) -> bool:
    """Whether somebody sees what is of a subject; on a site that is only read everybody does."""
    subject = trial.subjects.get(code)
    return identity is None or subject is None or identity.sees_site(subject.site)


def read_log(moment: Moment, hashes: Iterator[str], *, after: int, limit: int, identity: Identity | None) -> LogReading:
    """A part of the log.

    hashes  of the events from `after` on, in order
    """
    part = moment.events[after : after + limit]
    sealed = sealed_events(moment.now, part)
    seen = [
        LoggedEvent(hashed, event)
        for event, hashed in zip(part, hashes, strict=False)
        if event.seq not in sealed and in_view(event.subject, moment.now, identity)
    ]
    end, last = after + len(part), moment.trial.seq
    return LogReading(after, end if end < last else None, last, len(part) - len(seen), tuple(seen))
