"""Which events of a log a reader asked for, and which of them are in the reader's view."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.reading.state import READER_ACTS, SEALED_KINDS
from firstbreath.trial.audit import CHANGES, EXPORTS, SIGN_INS
from firstbreath.trial.state import Trial

ONLY: Mapping[str, tuple[type, ...]] = {
    "changes": CHANGES,
    "refusals": (kinds.ActRefused,),
    "sign-ins": SIGN_INS,
    "exports": EXPORTS,
    "signatures": (kinds.RecordsSigned, kinds.SourceVerified),
}
"""Groups of kinds that an audit asks for."""


class LogFilter(msgspec.Struct, frozen=True):
    """What is asked for; whatever is empty asks for nothing. `since` and `until` are dates, both included."""

    subject: str = ""
    kind: str = ""
    person: str = ""
    role: str = ""
    field: str = ""
    since: str = ""
    until: str = ""
    only: str = ""

    def fits(self, event: Event) -> bool:
        """Whether an event is asked for."""
        day = event.at.date().isoformat()
        return (
            self.subject in ("", event.subject)
            and self.kind in ("", event.kind)
            and self.person in ("", event.actor)
            and self.role in ("", event.role)
            and (not self.only or isinstance(event.body, ONLY.get(self.only, ())))
            and (not self.field or _names_field(event, self.field))
            and (not self.since or self.since <= day)
            and (not self.until or day <= self.until)
        )


def _names_field(event: Event, field: str) -> bool:
    body = event.body
    if isinstance(body, kinds.FormRecorded | kinds.FormCorrected):
        return field in body.values or field in body.absent
    return getattr(body, "field", "") == field


def choose_events(events: Sequence[Event], asked: LogFilter) -> Sequence[Event]:
    """The events asked for, in order."""
    return events if asked == LogFilter() else [event for event in events if asked.fits(event)]


def sealed_votes(trial: Trial) -> frozenset[int]:
    """The votes on packets that are not decided yet, by event: nobody reads one before all are cast.

    A member who knew how the others voted would not vote independently.
    """
    undecided = (packet for packet in trial.safety.packets.values() if packet.review is None)
    return frozenset(vote.seq for packet in undecided for vote in packet.votes)


def sealed_events(trial: Trial, events: Sequence[Event]) -> frozenset[int]:
    """Among these, what nobody reads yet: votes on undecided packets, and every read before the reads are final."""
    votes = sealed_votes(trial)
    if trial.reading.unblinded:
        return votes
    return votes | {event.seq for event in events if isinstance(event.body, SEALED_KINDS) or _is_of_reader(event)}


def _is_of_reader(event: Event) -> bool:
    """Whether a reader was refused: the reasons tell of the score."""
    return isinstance(event.body, kinds.ActRefused) and event.body.act in READER_ACTS


def is_sealed(trial: Trial, event: Event) -> bool:
    """Whether nobody reads this event yet."""
    return event.seq in sealed_events(trial, (event,))


def events_in_view(trial: Trial, events: Sequence[Event], sees_site: Callable[[str], bool]) -> Sequence[Event]:
    """The events of subjects of the sites in view, and those of the trial as a whole; nothing that is sealed."""
    hidden = {subject.code for subject in trial.subjects.all() if not sees_site(subject.site)}
    sealed = sealed_events(trial, events)
    if not hidden and not sealed:
        return events
    return [event for event in events if event.subject not in hidden and event.seq not in sealed]
