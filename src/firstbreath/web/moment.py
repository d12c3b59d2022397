"""The moment a page shows: now, or as the log stood after an earlier event."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.core.exceptions import BadRequest
from django.http import HttpRequest

from firstbreath.events.chain import Head
from firstbreath.events.record import Event
from firstbreath.trial.moment import parse_moment
from firstbreath.trial.state import Trial
from firstbreath.web.source import SOURCE, SiteSource


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """The trial at a place of the log, with the events that led to it.

    `now` is the trial as it is, for the width of the time rail; `asked` is the moment as addresses carry it,
    empty for now.
    """

    trial: Trial
    events: Sequence[Event]
    head: Head
    now: Trial
    asked: str = ""

    @property
    def protocol_label(self) -> str:
        """The trial's short name, or empty before it begins."""
        return self.trial.protocol.design.trial.id if self.trial.protocol else ""


def source_of(request: HttpRequest) -> SiteSource:
    """The study that this request is about."""
    source: SiteSource = request.META[SOURCE]
    return source


def read_moment(request: HttpRequest) -> Moment:
    """The moment that `?as_of=` names, on the log as it is now.

    Raises `BadRequest` with a message for the reader when it names none.
    """
    source = source_of(request)
    history = source.history()
    now = history.now
    asked = read_asked(request.GET.get("as_of", ""), last=now.seq)
    trial = now if asked is None else history.as_of(asked)
    return Moment(
        trial=trial,
        events=history.events[: trial.seq],
        head=Head(trial.seq, source.hash_of(trial.seq)),
        now=now,
        asked=render_moment(asked),
    )


def read_asked(text: str, *, last: int) -> int | datetime | None:
    """The moment a text names on a log that ends at event `last`.

    Raises `BadRequest` with a message for the reader when it names none.
    """
    try:
        asked = parse_moment(text)
    except ValueError as wrong:
        raise BadRequest(f"{wrong} Name an event from 0 to {last}, or a time.") from None
    if isinstance(asked, int) and asked > last:
        msg = f"Event {asked} is not in the log, which ends at event {last}. Name an event from 0 to {last}."
        raise BadRequest(msg)
    return asked


def render_moment(moment: int | datetime | None) -> str:
    """A moment as an address carries it."""
    if isinstance(moment, datetime):
        return moment.isoformat().replace("+00:00", "Z")
    return "" if moment is None else str(moment)
