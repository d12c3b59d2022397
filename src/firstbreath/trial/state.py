"""The state of a trial at one point of its log."""

from datetime import datetime

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.people.state import People
from firstbreath.product.state import Product
from firstbreath.protocol.values import Protocol
from firstbreath.reading.state import Reading
from firstbreath.safety.state import Safety
from firstbreath.subjects.state import Subject, Subjects

SIMULATED = "SIMULATED"
"""The stamp of a trial of invented patients."""


class Adoption(msgspec.Struct, frozen=True):
    """A protocol and the event that brought it into force."""

    protocol: Protocol
    event: Event


class Trial(msgspec.Struct, frozen=True, gc=False):
    """Everything the log says up to event `seq`, slice by slice. It is a value: acts make new ones.

    `documents` are the consent texts that were filed.
    `stamp` (REPLAY, SIMULATED, or empty for a real trial) is printed on everything that leaves the system.
    """

    seq: int = 0
    at: datetime | None = None
    stamp: str = ""
    adoptions: tuple[Adoption, ...] = ()
    documents: tuple[Event, ...] = ()
    subjects: Subjects = Subjects()
    safety: Safety = Safety()
    product: Product = Product()
    reading: Reading = Reading()
    people: People = People()
    locked: Event | None = None
    refusals: int = 0

    @property
    def not_recorded(self) -> tuple[str, ...]:
        """The counts this log does not hold, because its source does not print them."""
        body = self.adoptions[0].event.body if self.adoptions else None
        return body.not_recorded if isinstance(body, kinds.ProtocolAdopted) else ()

    def protocol_for(self, subject: Subject) -> Protocol | None:
        """The protocol a subject's eligibility is judged by: the one in force at enrolment, or now before it."""
        before = [a.protocol for a in self.adoptions if not subject.enrolled or a.event.seq < subject.enrolled.seq]
        return before[-1] if before else None

    @property
    def protocol(self) -> Protocol | None:
        """The protocol in force, or None before the trial begins."""
        return self.adoptions[-1].protocol if self.adoptions else None
