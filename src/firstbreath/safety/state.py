"""This slice of the state: adverse events, packets with their votes, and every review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace
from rpds import HashTrieMap

from firstbreath.events import kinds
from firstbreath.events.record import Event

NOTHING: HashTrieMap[Any, Any] = HashTrieMap()
AdverseEventKey = tuple[str, int]
"""A subject's code, and the number of the adverse event within the subject."""


class Packet(msgspec.Struct, frozen=True, gc=False):
    """What the safety group was given to review, the votes cast, and the review that followed from them."""

    frozen: Event
    votes: tuple[Event, ...] = ()
    review: Event | None = None

    @property
    def body(self) -> kinds.PacketFrozen:
        """What was fixed."""
        body = self.frozen.body
        assert isinstance(body, kinds.PacketFrozen)  # noqa: S101 -- only this slice makes packets
        return body


class Safety(msgspec.Struct, frozen=True, gc=False):
    """The reviews of the safety group in order, the latest one of each subject by code, and what they rest on.

    `adverse` holds for each adverse event its report and revisions, oldest first; `forwarded` when it was reported on.
    """

    reviews: tuple[Event, ...] = ()
    latest: HashTrieMap[str, Event] = NOTHING
    adverse: HashTrieMap[AdverseEventKey, tuple[Event, ...]] = NOTHING
    forwarded: HashTrieMap[AdverseEventKey, tuple[Event, ...]] = NOTHING
    packets: HashTrieMap[int, Packet] = NOTHING
    ranges: tuple[Event, ...] = ()

    def recommendation(self, code: str) -> str:
        """The latest recommendation on a subject, or empty when it was never reviewed."""
        event = self.latest.get(code)
        return event.body.recommendation if event and isinstance(event.body, kinds.ReviewRecorded) else ""

    @property
    def standing(self) -> str:
        """The latest recommendation of all, or empty: it holds for the whole trial."""
        body = self.reviews[-1].body if self.reviews else None
        return body.recommendation if isinstance(body, kinds.ReviewRecorded) else ""

    def adverse_events(self, code: str = "") -> tuple[tuple[Event, ...], ...]:
        """The versions of each adverse event of a subject (empty: of all), in the order reported."""
        found = [versions for (subject, _), versions in self.adverse.items() if code in ("", subject)]
        return tuple(sorted(found, key=lambda versions: versions[0].seq))


def apply_safety(state: Safety, events: Sequence[Event]) -> Safety:
    """The state after further events of this slice, in order."""
    for event in events:
        state = _CHANGES[type(event.body)](state, event, event.body)
    return state


def _review(state: Safety, event: Event, body: kinds.ReviewRecorded) -> Safety:
    latest, packets = state.latest, state.packets
    for code in body.subjects:
        latest = latest.insert(code, event)
    packet = packets.get(body.packet)
    if packet:
        packets = packets.insert(body.packet, replace(packet, review=event))
    return replace(state, reviews=(*state.reviews, event), latest=latest, packets=packets)


def _adverse(state: Safety, event: Event, body: kinds.AdverseEventReported | kinds.AdverseEventRevised) -> Safety:
    key = (event.subject, body.number)
    return replace(state, adverse=state.adverse.insert(key, (*state.adverse.get(key, ()), event)))


def _forward(state: Safety, event: Event, body: kinds.SeriousEventForwarded) -> Safety:
    key = (event.subject, body.number)
    return replace(state, forwarded=state.forwarded.insert(key, (*state.forwarded.get(key, ()), event)))


def _range(state: Safety, event: Event, _body: kinds.ReferenceRangeSet) -> Safety:
    return replace(state, ranges=(*state.ranges, event))


def _freeze(state: Safety, event: Event, body: kinds.PacketFrozen) -> Safety:
    return replace(state, packets=state.packets.insert(body.packet, Packet(event)))


def _vote(state: Safety, event: Event, body: kinds.VoteCast) -> Safety:
    packet = state.packets.get(body.packet)
    if packet is None:
        return state
    voted = replace(packet, votes=(*packet.votes, event))
    return replace(state, packets=state.packets.insert(body.packet, voted))


_CHANGES: Mapping[type[Any], Callable[[Safety, Event, Any], Safety]] = {
    kinds.ReviewRecorded: _review,
    kinds.AdverseEventReported: _adverse,
    kinds.AdverseEventRevised: _adverse,
    kinds.SeriousEventForwarded: _forward,
    kinds.ReferenceRangeSet: _range,
    kinds.PacketFrozen: _freeze,
    kinds.VoteCast: _vote,
}
SAFETY_KINDS = frozenset(_CHANGES)
"""The kinds of events that change this slice."""
