"""The one door: every act is decided on the state of the log, then appended, or its refusal is."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec

from firstbreath.events.chain import GENESIS, Head, follow_chain
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused, Unknown
from firstbreath.events.kinds import ActRefused, ClockSetBack, Kind
from firstbreath.events.record import Event, decode_event, encode_event
from firstbreath.events.store import HeadMoved, Store, extend_chain
from firstbreath.subjects.codes import is_code
from firstbreath.trial.commands import AdoptProtocol, AmendProtocol, AnyCommand, FileConsentDocument, act_of
from firstbreath.trial.decide import Asked, decide
from firstbreath.trial.history import History
from firstbreath.trial.moment import complain_of_occurred
from firstbreath.trial.state import Trial

MAX_RACES = 1000
CLOCK_TOLERANCE_S = 5
"""How far the clock may be behind the last event before that is written down."""
MAX_RECORD = 200_000
"""The longest record in bytes, but for those that carry a protocol or a consent text."""
WHOLE_FILES = (AdoptProtocol, AmendProtocol, FileConsentDocument)
MAX_REASONS, MAX_TOLD = 100, 500
"""How many reasons of a refusal are kept, and how many characters of each."""


_OTHER = Reason(
    "SAVE-004", "Something else was asked for under this id.", "See what was recorded then; send this as a new act."
)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A command with who asks for it, as what, when it happened, why, and where it was first written.

    `id` names the request: sent again under the same id by the same actor it is answered, not done again. What follows
    a `#` in it is a digest of what is asked: under one name nothing else can be asked for.
    """

    command: AnyCommand
    actor: str
    role: str
    occurred: str = ""
    reason: str = ""
    source: str = ""
    id: str = ""


class Answer(msgspec.Struct, frozen=True):
    """What came of a request: the decision, the events written (a refusal is one), the trial after them.

    `again` says that it was done before, and that these are the events of then.
    """

    decision: Decision
    events: tuple[Event, ...]
    trial: Trial
    again: bool = False


class Door:
    """A store with its history kept up to date; `clock` says the time, always with a zone."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.clock = clock
        self.history = History()
        self.head = Head()
        self.hashes: list[bytes] = [GENESIS]
        self._asked: dict[tuple[str, str], list[Event]] = {}
        self._lock = threading.RLock()
        self.refresh()

    def refresh(self) -> Trial:
        """The trial as the store has it now; what is new is checked against the chain before it counts.

        Raises `ChainBroken` when a record does not fit.
        """
        with self._lock:
            if self.store.head() != self.head:
                rows = list(follow_chain(self.store.records(self.head.seq), self.head))
                self._extend([decode_event(record) for _, record, _ in rows], [hashed for _, _, hashed in rows])
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
        for race in range(MAX_RACES):
            # Decided on what is known; had others written meanwhile, nothing is appended, and it is decided anew.
            trial = self.refresh() if race else self.history.now
            before = self._asked.get((request.actor, _name_of(request.id))) if request.id else None
            if before and before[0].request != request.id:
                return Answer(Refused((_OTHER,)), (), trial)
            if before:
                return Answer(decision_of(before), tuple(before), trial, again=True)
            asked = Asked(request.actor, request.role, request.reason, now, self.hashes, request.occurred)
            decision, events, records = _write(trial, request, decide(trial, request.command, asked), now=now)
            try:
                self.store.append(records, expected=self.head)
            except HeadMoved:
                continue
            rows = extend_chain(self.head, records)
            self.head = Head(rows[-1].seq, rows[-1].hash)
            trial = self._extend(events, [row.hash for row in rows])
            return Answer(decision, events, trial)
        raise HeadMoved

    def _extend(self, events: Sequence[Event], hashes: Sequence[bytes]) -> Trial:
        trial = self.history.extend(events)
        self.hashes += hashes
        for event in events:
            if event.request:
                self._asked.setdefault((event.actor, _name_of(event.request)), []).append(event)
        return trial


def _name_of(request_id: str) -> str:
    return request_id.partition("#")[0]


def decision_of(events: Sequence[Event]) -> Decision:
    """The decision that led to these events of one request."""
    body = events[0].body
    if isinstance(body, ActRefused):
        return Unknown(body.reasons) if body.outcome == "unknown" else Refused(body.reasons)
    return Allowed(tuple(event.body for event in events))


def _write(
    trial: Trial, request: Request, decision: Decision, *, now: datetime
) -> tuple[Decision, tuple[Event, ...], list[bytes]]:
    """The decision with its events and their records; refused after all where one is longer than anybody needs."""
    events = _events_of(trial, request, bodies_of(decision, request.command), now=now)
    records = [encode_event(event) for event in events]
    long = [len(record) for record in records if len(record) > MAX_RECORD]
    if not long or isinstance(request.command, WHOLE_FILES) or not isinstance(decision, Allowed):
        return decision, events, records
    text = f"What is to be recorded has {max(long)} bytes, the limit is {MAX_RECORD}."
    return _write(trial, request, Refused((Reason("SAVE-005", text, "Say it in fewer words."),)), now=now)


def _events_of(trial: Trial, request: Request, bodies: tuple[Kind, ...], *, now: datetime) -> tuple[Event, ...]:
    """The events that follow the trial; a clock set back must not put them before their causes, and is written down."""
    at = max(now, trial.at) if trial.at else now
    behind = (at - now).total_seconds()
    if behind > CLOCK_TOLERANCE_S and trial.people.by_id:
        bodies = (*bodies, ClockSetBack(int(behind)))
    named = getattr(request.command, "subject", "")
    subject = named if is_code(named) else ""  # what is no code may be a name: it is not kept
    return tuple(
        Event(
            seq,
            at,
            request.actor,
            request.role,
            body,
            subject="" if type(body) is ClockSetBack else subject,
            occurred=request.occurred,
            reason=request.reason,
            source=request.source,
            request=request.id,
        )
        for seq, body in enumerate(bodies, trial.seq + 1)
    )


def bodies_of(decision: Decision, command: AnyCommand) -> tuple[Kind, ...]:
    """The events a decision leads to: what was allowed, or the record that it was not."""
    if isinstance(decision, Allowed):
        return decision.events
    act = act_of(command)
    if isinstance(decision, Unknown):
        return (ActRefused(act, "unknown", _shortened(decision.missing)),)
    return (ActRefused(act, "refused", _shortened(decision.reasons)),)


def _shortened(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Reasons as they are kept: they repeat what was sent, and whoever is refused must not fill the log."""
    return tuple(Reason(each.code, each.text[:MAX_TOLD], each.fix[:MAX_TOLD]) for each in reasons[:MAX_REASONS])
