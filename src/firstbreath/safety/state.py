"""This slice of the state: every review, and the latest of each subject."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rpds import HashTrieMap

from firstbreath.events import kinds
from firstbreath.events.record import Event

NO_REVIEWS: HashTrieMap[str, Event] = HashTrieMap()


class Safety(msgspec.Struct, frozen=True, gc=False):
    """The reviews of the safety group in order, and the latest one of each subject by code."""

    reviews: tuple[Event, ...] = ()
    latest: HashTrieMap[str, Event] = NO_REVIEWS

    def recommendation(self, code: str) -> str:
        """The latest recommendation on a subject, or empty when it was never reviewed."""
        event = self.latest.get(code)
        return event.body.recommendation if event and isinstance(event.body, kinds.ReviewRecorded) else ""

    @property
    def standing(self) -> str:
        """The latest recommendation of all, or empty: it holds for the whole trial."""
        body = self.reviews[-1].body if self.reviews else None
        return body.recommendation if isinstance(body, kinds.ReviewRecorded) else ""


def apply_safety(state: Safety, events: Sequence[Event]) -> Safety:
    """The state after further reviews, in order."""
    latest = state.latest
    for event in events:
        for code in event.body.subjects if isinstance(event.body, kinds.ReviewRecorded) else ():
            latest = latest.insert(code, event)
    return Safety((*state.reviews, *events), latest)
