"""This slice of the state: lots, shipments, and where every vial is, as the events that brought it there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args

import msgspec
from msgspec.structs import replace
from rpds import HashTrieMap

from firstbreath.events import kinds
from firstbreath.events.record import Event

Place = Literal[
    "at the maker", "packed", "in transit", "received", "stored", "withdrawn", "thawed", "prepared",
    "used", "returned", "destroyed", "lost",
]  # fmt: skip
PLACES: tuple[Place, ...] = get_args(Place)
FINAL: tuple[Place, ...] = ("used", "returned", "destroyed", "lost")
NOTHING: HashTrieMap[Any, Any] = HashTrieMap()


class Lot(msgspec.Struct, frozen=True, gc=False):
    """A lot with its certificate, the signatures that release it, and what blocked it."""

    registered: Event
    signed: tuple[Event, ...] = ()
    blocked: Event | None = None

    @property
    def body(self) -> kinds.LotRegistered:
        """The certificate and the vials."""
        body = self.registered.body
        assert isinstance(body, kinds.LotRegistered)  # noqa: S101 -- only this slice makes lots
        return body

    @property
    def released(self) -> bool:
        """Whether two people signed and nobody blocked it."""
        return len({event.actor for event in self.signed}) > 1 and self.blocked is None


class Shipment(msgspec.Struct, frozen=True, gc=False):
    """A shipment from packing to the second signature at its receipt."""

    packed: Event
    sent: Event | None = None
    received: Event | None = None
    countersigned: Event | None = None

    @property
    def body(self) -> kinds.ShipmentPacked:
        """What was packed."""
        body = self.packed.body
        assert isinstance(body, kinds.ShipmentPacked)  # noqa: S101 -- only this slice makes shipments
        return body


class Vial(msgspec.Struct, frozen=True, gc=False):
    """One vial: where it is and since when, and everything that happened to it, oldest first.

    where      the shipment it is in, or the freezer with the place in it
    trips      the shipments it came by
    subject    for whom it was taken out, with the day of the dose
    findings   the events that saw something wrong with it
    records    the events of the temperature records that cover it
    judged     the last decision on it
    """

    code: str
    lot: str
    place: Place
    history: tuple[Event, ...]
    where: str = ""
    site: str = ""
    trips: tuple[str, ...] = ()
    subject: str = ""
    day: int = 0
    thawed: Event | None = None
    prepared: Event | None = None
    checked: Event | None = None
    findings: tuple[Event, ...] = ()
    records: tuple[Event, ...] = ()
    judged: Event | None = None


class Product(msgspec.Struct, frozen=True, gc=False):
    """All lots, shipments and vials by their codes, and every temperature record in order."""

    lots: HashTrieMap[str, Lot] = NOTHING
    shipments: HashTrieMap[str, Shipment] = NOTHING
    vials: HashTrieMap[str, Vial] = NOTHING
    records: tuple[Event, ...] = ()
    destroyed: HashTrieMap[int, Event] = NOTHING
    countersigned: HashTrieMap[int, Event] = NOTHING

    @property
    def tracked(self) -> bool:
        """Whether this trial keeps its vials here: then no other vial is inhaled."""
        return bool(self.lots)

    def of_lot(self, lot: str) -> list[Vial]:
        """The vials of a lot in the order of its register."""
        found = self.lots.get(lot)
        return [self.vials[code] for code in found.body.vials] if found else []

    def all_vials(self) -> list[Vial]:
        """Every vial, by lot."""
        lots = sorted(self.lots.values(), key=lambda lot: lot.registered.seq)
        return [self.vials[code] for lot in lots for code in lot.body.vials]


def apply_product(state: Product, events: Sequence[Event]) -> Product:
    """The state after further events of this slice, in order."""
    for event in events:
        state = _CHANGES[type(event.body)](state, event, event.body)
    return state


def _register(state: Product, event: Event, body: kinds.LotRegistered) -> Product:
    vials = state.vials
    for code in body.vials:
        vials = vials.insert(code, Vial(code, body.lot, "at the maker", (event,)))
    return replace(state, lots=state.lots.insert(body.lot, Lot(event)), vials=vials)


def _sign(state: Product, event: Event, body: kinds.LotReleaseSigned) -> Product:
    lot = state.lots[body.lot]
    return replace(state, lots=state.lots.insert(body.lot, replace(lot, signed=(*lot.signed, event))))


def _block(state: Product, event: Event, body: kinds.LotBlocked) -> Product:
    return replace(state, lots=state.lots.insert(body.lot, replace(state.lots[body.lot], blocked=event)))


def _move(state: Product, event: Event, codes: Sequence[str], **changes: Any) -> Product:
    """The state with these vials changed by an event that becomes part of their history."""
    vials = state.vials
    for code in codes:
        vial = vials[code]
        vials = vials.insert(code, replace(vial, history=(*vial.history, event), **changes))
    return replace(state, vials=vials)


def _pack(state: Product, event: Event, body: kinds.ShipmentPacked) -> Product:
    state = _move(state, event, body.vials, place="packed", where=body.shipment, subject="", day=0)
    vials = state.vials
    for code in body.vials:
        vials = vials.insert(code, replace(vials[code], trips=(*vials[code].trips, body.shipment)))
    return replace(state, vials=vials, shipments=state.shipments.insert(body.shipment, Shipment(event)))


def _send(state: Product, event: Event, body: kinds.ShipmentSent) -> Product:
    shipment = state.shipments[body.shipment]
    state = _move(state, event, _inside(state, shipment), place="in transit")
    return replace(state, shipments=state.shipments.insert(body.shipment, replace(shipment, sent=event)))


def _inside(state: Product, shipment: Shipment) -> list[str]:
    """The vials that are still in a shipment."""
    body = shipment.body
    return [code for code in body.vials if state.vials[code].where == body.shipment]


def _receive(state: Product, event: Event, body: kinds.ShipmentReceived) -> Product:
    shipment = state.shipments[body.shipment]
    inside = _inside(state, shipment)
    state = _move(state, event, inside, place="received", site=shipment.body.to)
    vials = state.vials
    for code in inside:
        if code in body.unfit or not body.seal_intact or body.seal != shipment.body.seal:
            vials = vials.insert(code, replace(vials[code], findings=(*vials[code].findings, event)))
    shipments = state.shipments.insert(body.shipment, replace(shipment, received=event))
    return replace(state, vials=vials, shipments=shipments)


def _countersign(state: Product, event: Event, body: kinds.HandoverCountersigned) -> Product:
    shipments = state.shipments
    for code, shipment in state.shipments.items():
        if shipment.received and shipment.received.seq == body.signs:
            shipments = shipments.insert(code, replace(shipment, countersigned=event))
    return replace(state, shipments=shipments, countersigned=state.countersigned.insert(body.signs, event))


def _store(state: Product, event: Event, body: kinds.VialsStored) -> Product:
    where = f"{body.freezer}, {body.position}" if body.position else body.freezer
    return _move(state, event, body.vials, place="stored", where=where, subject="", day=0)


def _withdraw(state: Product, event: Event, body: kinds.VialsWithdrawn) -> Product:
    return _move(state, event, body.vials, place="withdrawn", where="", subject=event.subject, day=body.day)


def _thaw(state: Product, event: Event, body: kinds.VialsThawed) -> Product:
    return _move(state, event, body.vials, place="thawed", thawed=event)


def _prepare(state: Product, event: Event, body: kinds.DosePrepared) -> Product:
    return _move(state, event, list(body.drawn_ml), place="prepared", prepared=event)


def _check(state: Product, event: Event, body: kinds.PreparationChecked) -> Product:
    codes = [vial.code for vial in state.vials.values() if vial.prepared and vial.prepared.seq == body.checks]
    return _move(state, event, codes, checked=event)


def _unuse(state: Product, event: Event, body: kinds.VialUseStruck) -> Product:
    return _move(state, event, body.vials, place="prepared")


def _end(place: Place) -> Callable[[Product, Event, Any], Product]:
    return lambda state, event, body: _move(state, event, body.vials, place=place, where="")


def _destroy(state: Product, event: Event, body: kinds.VialsDestroyed) -> Product:
    state = _move(state, event, body.vials, place="destroyed", where="")
    return replace(state, destroyed=state.destroyed.insert(event.seq, event))


def _record(state: Product, event: Event, body: kinds.TemperatureImported) -> Product:
    vials = state.vials
    for code in {code for stay in body.stays for code in stay.vials}:
        vials = vials.insert(code, replace(vials[code], records=(*vials[code].records, event)))
    return replace(state, vials=vials, records=(*state.records, event))


def _judge(state: Product, event: Event, body: kinds.VialsJudged) -> Product:
    return _move(state, event, body.vials, judged=event)


_CHANGES: Mapping[type[Any], Callable[[Product, Event, Any], Product]] = {
    kinds.LotRegistered: _register,
    kinds.LotReleaseSigned: _sign,
    kinds.LotBlocked: _block,
    kinds.ShipmentPacked: _pack,
    kinds.ShipmentSent: _send,
    kinds.ShipmentReceived: _receive,
    kinds.HandoverCountersigned: _countersign,
    kinds.VialsStored: _store,
    kinds.VialsWithdrawn: _withdraw,
    kinds.VialsThawed: _thaw,
    kinds.DosePrepared: _prepare,
    kinds.PreparationChecked: _check,
    kinds.VialsUsed: _end("used"),
    kinds.VialUseStruck: _unuse,
    kinds.VialsReturned: _end("returned"),
    kinds.VialsDestroyed: _destroy,
    kinds.VialsLost: _end("lost"),
    kinds.TemperatureImported: _record,
    kinds.VialsJudged: _judge,
}
PRODUCT_KINDS = frozenset(_CHANGES)
"""The kinds of events that change this slice."""
