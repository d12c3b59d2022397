"""The way of one vial from the maker to the mouthpiece, each step with its event."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.product.state import Product, Vial

Words = tuple[str, str]


class TraceStep(msgspec.Struct, frozen=True):
    """One step of a vial's way: what happened, and the particulars."""

    event: Event
    words: str
    detail: str


def trace_vial(product: Product, vial: Vial) -> tuple[TraceStep, ...]:
    """Every step in order: the release of its lot, every handover, record and decision, and the inhalation."""
    lot = product.lots[vial.lot]
    shipments = [product.shipments[trip] for trip in vial.trips]
    beside = (*lot.signed, lot.blocked, *vial.records, *(shipment.countersigned for shipment in shipments))
    events = {event.seq: event for event in (*vial.history, *beside) if event}
    return tuple(TraceStep(event, *_words_of(event, vial)) for _, event in sorted(events.items()))


def _words_of(event: Event, vial: Vial) -> Words:
    words = WORDS.get(type(event.body))
    return words(event, event.body, vial) if words else (event.kind, "")


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _ice(kg: str) -> str:
    return f"dry ice {kg} kg" if kg else ""


def _packed(_event: Event, body: kinds.ShipmentPacked, _vial: Vial) -> Words:
    about = _join(f"to {body.to}", f"logger {body.logger}", f"seal {body.seal}", _ice(body.dry_ice_kg))
    return f"Packed in {body.shipment}", about


def _received(_event: Event, body: kinds.ShipmentReceived, vial: Vial) -> Words:
    seal = f"seal {body.seal} {'intact' if body.seal_intact else 'broken'}"
    seen = "this vial was not as it should be" if vial.code in body.unfit else "vial as it should be"
    return f"{body.shipment} received", _join(seal, seen, _ice(body.dry_ice_kg))


def _prepared(_event: Event, body: kinds.DosePrepared, vial: Vial) -> Words:
    added = f"with {body.diluent}, lot {body.diluent_lot}" if body.diluent else ""
    drawn = f"{body.drawn_ml.get(vial.code, '')} ml drawn, filled up to {body.volume_ml} ml"
    return "Dose prepared", f"{drawn} {added}".strip()


def _recorded(_event: Event, body: kinds.TemperatureImported, _vial: Vial) -> Words:
    span = " to ".join(f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}" for at in (body.first, body.last))
    return f"Temperature record of {body.where}", f"{body.name}: {body.readings} readings, {span} UTC"


WORDS: Mapping[type[Any], Callable[[Event, Any, Vial], Words]] = {
    kinds.LotRegistered: lambda _event, body, _vial: (
        f"Registered with lot {body.lot}", f"{body.content} in a vial, counted with {body.counted_with}"
    ),
    kinds.LotReleaseSigned: lambda _event, body, _vial: ("Release signed", body.name),
    kinds.LotBlocked: lambda event, _body, _vial: ("Lot blocked", event.reason),
    kinds.ShipmentPacked: _packed,
    kinds.ShipmentSent: lambda _event, body, _vial: (f"{body.shipment} sent", body.carrier),
    kinds.ShipmentReceived: _received,
    kinds.HandoverCountersigned: lambda _event, body, _vial: ("Receipt countersigned", body.name),
    kinds.VialsStored: lambda event, body, _vial: ("Stored", _join(body.freezer, body.position, event.reason)),
    kinds.VialsWithdrawn: lambda event, body, _vial: ("Taken out", f"for {event.subject}, day {body.day}"),
    kinds.VialsThawed: lambda _event, body, _vial: ("Thawing began", body.method),
    kinds.DosePrepared: _prepared,
    kinds.PreparationChecked: lambda _event, body, _vial: ("Preparation checked", body.name),
    kinds.VialsUsed: lambda event, body, _vial: ("Inhaled", f"by {event.subject}, day {body.day}"),
    kinds.VialUseStruck: lambda event, _body, _vial: ("The inhalation was struck out", event.reason),
    kinds.VialsReturned: lambda event, body, _vial: ("Returned", _join(f"to {body.to}", event.reason)),
    kinds.VialsDestroyed: lambda event, body, _vial: ("Destroyed", _join(body.how, event.reason)),
    kinds.VialsLost: lambda event, _body, _vial: ("Lost or broken", event.reason),
    kinds.VialsJudged: lambda event, body, _vial: (f"Decision: {body.decision}", _join(body.name, event.reason)),
    kinds.TemperatureImported: _recorded,
}  # fmt: skip
"""How each step is told."""
