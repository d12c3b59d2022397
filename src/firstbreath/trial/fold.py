"""Events to state. `fold` is the only way a trial comes about; the same events always give the same trial."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from firstbreath.events import kinds
from firstbreath.events.record import Event, decode_event
from firstbreath.events.store import Store
from firstbreath.people.state import PEOPLE_KINDS, apply_people
from firstbreath.product.state import PRODUCT_KINDS, apply_product
from firstbreath.protocol.folder import parse_protocol
from firstbreath.protocol.values import Protocol
from firstbreath.reading.state import READING_KINDS, apply_reading
from firstbreath.safety.state import SAFETY_KINDS, apply_safety
from firstbreath.subjects.state import apply_subjects
from firstbreath.trial.state import Adoption, Trial

BEGINNING = Trial()


class UnfoldableLog(Exception):
    """The log says something this version cannot make a trial of."""


def fold(events: Iterable[Event], start: Trial = BEGINNING) -> Trial:
    """The trial after the events, beginning from `start`.

    Raises `UnfoldableLog` when an event does not follow the one before it, or carries a protocol that
    cannot be read.
    """
    seq, at = start.seq, start.at
    adoptions, stamp, refusals = start.adoptions, start.stamp, start.refusals
    locked, documents = start.locked, start.documents
    of_safety: list[Event] = []
    of_product: list[Event] = []
    of_reading: list[Event] = []
    of_people: list[Event] = []
    of_subjects: defaultdict[str, list[Event]] = defaultdict(list)
    of_slice = (
        dict.fromkeys(SAFETY_KINDS, of_safety)
        | dict.fromkeys(PRODUCT_KINDS, of_product)
        | dict.fromkeys(READING_KINDS, of_reading)
        | dict.fromkeys(PEOPLE_KINDS, of_people)
    )
    for event in events:
        if event.seq != seq + 1:
            msg = f"event {event.seq} follows event {seq}"
            raise UnfoldableLog(msg)
        seq, at = event.seq, event.at
        body = event.body
        kind = type(body)
        if kind is kinds.ActRefused:
            refusals += 1
        elif kind in of_slice:
            of_slice[kind].append(event)
        elif event.subject:
            of_subjects[event.subject].append(event)
        elif kind is kinds.TrialLocked or kind is kinds.TrialUnlocked:
            locked = event if kind is kinds.TrialLocked else None
        elif kind is kinds.ConsentDocumentFiled:
            documents = (*documents, event)
        elif type(body) is kinds.ProtocolAdopted or type(body) is kinds.ProtocolAmended:
            adoptions = (*adoptions, Adoption(_protocol_of(body, seq), event))
            stamp = body.stamp if isinstance(body, kinds.ProtocolAdopted) else stamp
    subjects = apply_subjects(start.subjects, of_subjects)
    safety = apply_safety(start.safety, of_safety)
    product = apply_product(start.product, of_product)
    reading = apply_reading(start.reading, of_reading)
    people = apply_people(start.people, of_people)
    return Trial(seq, at, stamp, adoptions, documents, subjects, safety, product, reading, people, locked, refusals)


def read_events(store: Store, after: int = 0) -> Iterator[Event]:
    """The events of a store after a place, decoded."""
    return (decode_event(record.data) for record in store.records(after))


def _protocol_of(body: kinds.ProtocolAdopted | kinds.ProtocolAmended, seq: int) -> Protocol:
    protocol = _parse_cached(tuple(sorted(body.files.items())))
    if protocol is None or protocol.digest != body.digest:
        msg = f"the protocol carried by event {seq} cannot be read, or is not the one its digest names"
        raise UnfoldableLog(msg)
    return protocol


@lru_cache(maxsize=32)
def _parse_cached(files: tuple[tuple[str, str], ...]) -> Protocol | None:
    return parse_protocol(dict(files), checked=False)[0]
