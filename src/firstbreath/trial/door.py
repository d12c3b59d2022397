"""The one door: every act is decided on the state of the log, then appended, or its refusal is."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from firstbreath.events.chain import Head, follow_chain
from firstbreath.events.decisions import Allowed, Decision, Unknown
from firstbreath.events.kinds import ActRefused, Kind
from firstbreath.events.record import Event, decode_event, encode_event
from firstbreath.events.store import HeadMoved, Store
from firstbreath.subjects.codes import is_code
from firstbreath.trial.commands import AnyCommand
from firstbreath.trial.decide import decide
from firstbreath.trial.history import History
from firstbreath.trial.moment import complain_of_occurred
from firstbreath.trial.state import Trial

MAX_RACES = 1000


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A command with who asks for it, as what, when it happened, why, and where it was first written."""

    command: AnyCommand
    actor: str
    role: str
    occurred: str = ""
    reason: str = ""
    source: str = ""


class Answer(msgspec.Struct, frozen=True):
    """What came of a request: the decision, the events written (a refusal is one), the trial after them."""

    decision: Decision
    events: tuple[Event, ...]
    trial: Trial


class Door:
    """A store with its history kept up to date; `clock` says the time, always with a zone."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.clock = clock
        self.history = History()
        self.head = Head()
        self._lock = threading.RLock()
        self.refresh()

    def refresh(self) -> Trial:
        """The trial as the store has it now; what is new is checked against the chain before it counts.

        Raises `ChainBroken` when a record does not fit.
        """
        with self._lock:
            if self.store.head() != self.head:
                rows = list(follow_chain(self.store.records(self.head.seq), self.head))
                self.history.extend([decode_event(record) for _, record, _ in rows])
                self.head = Head(rows[-1][0], rows[-1][2]) if rows else self.head
            return self.history.now

    def act(self, request: Request) -> Answer:
        """Decide on the newest state, then append what follows; decided again when someone else was first.

        Raises `ValueError` when nobody is named or `occurred` is no possible time, `StoreError` when the store
        cannot be written, `HeadMoved` after too many lost races.
        """
        if not request.actor.strip() or not request.role.strip():
            msg = "an act needs somebody who asks for it, and as what"
            raise ValueError(msg)
        now = self.clock().astimezone(UTC)
        complaint = complain_of_occurred(request.occurred, now)
        if complaint:
            raise ValueError(complaint)
        with self._lock:
            return self._act(request, now)

    def _act(self, request: Request, now: datetime) -> Answer:
        for _ in range(MAX_RACES):
            trial = self.refresh()
            decision = decide(trial, request.command, reason=request.reason)
            bodies = bodies_of(decision, request.command)
            events = _events_of(trial, request, bodies, now=now)
            try:
                head = self.store.append([encode_event(event) for event in events], expected=self.head)
            except HeadMoved:
                continue
            self.head = head
            return Answer(decision, events, self.history.extend(events))
        raise HeadMoved


def _events_of(trial: Trial, request: Request, bodies: tuple[Kind, ...], *, now: datetime) -> tuple[Event, ...]:
    """The events that follow the trial; a clock set back must not put them before their causes."""
    at = max(now, trial.at) if trial.at else now
    named = getattr(request.command, "subject", "")
    subject = named if is_code(named) else ""  # what is no code may be a name: it is not kept
    return tuple(
        Event(
            seq,
            at,
            request.actor,
            request.role,
            body,
            subject=subject,
            occurred=request.occurred,
            reason=request.reason,
            source=request.source,
        )
        for seq, body in enumerate(bodies, trial.seq + 1)
    )


def bodies_of(decision: Decision, command: AnyCommand) -> tuple[Kind, ...]:
    """The events a decision leads to: what was allowed, or the record that it was not."""
    if isinstance(decision, Allowed):
        return decision.events
    act = str(command.__struct_config__.tag)
    if isinstance(decision, Unknown):
        return (ActRefused(act, "unknown", decision.missing),)
    return (ActRefused(act, "refused", decision.reasons),)
