"""The trial as of any moment. States share what did not change, so keeping some of them costs little."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from firstbreath.events.record import Event
from firstbreath.trial.fold import BEGINNING, fold
from firstbreath.trial.state import Trial

EVERY = 500


class History:
    """All events in memory with a state kept every so many; grows by `extend`, never changes what it has."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.events: list[Event] = []
        self._kept: list[Trial] = [BEGINNING]
        self._now = BEGINNING
        self.extend(events)

    def extend(self, events: Iterable[Event]) -> Trial:
        """The trial after further events."""
        for event in list(events):  # all of them or none: the store may fail half-way
            self.events.append(event)
            if event.seq % EVERY == 0:
                self._now = fold(self.events[self._now.seq :], self._now)
                self._kept.append(self._now)
        self._now = fold(self.events[self._now.seq :], self._now)
        return self._now

    @property
    def now(self) -> Trial:
        """The trial after the last event."""
        return self._now

    def as_of(self, moment: int | datetime) -> Trial:
        """The trial after event number `moment`, or after the last event not later than that time.

        Raises `ValueError` when the number is not of the log.
        """
        seq = self.seq_at(moment) if isinstance(moment, datetime) else moment
        if not 0 <= seq <= len(self.events):
            msg = f"event {seq} is not in the log, which has {len(self.events)}"
            raise ValueError(msg)
        kept = self._kept[bisect_right(self._kept, seq, key=lambda trial: trial.seq) - 1]
        return fold(self.events[kept.seq : seq], kept)

    def seq_at(self, moment: datetime) -> int:
        """The number of the last event before the first one written later than `moment`."""
        return next((event.seq - 1 for event in self.events if event.at > moment), len(self.events))
