"""A product slice acted on directly: for tests of many random histories."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision
from firstbreath.events.record import Event
from firstbreath.product import commands
from firstbreath.product.decide import AskedOf, decide_product
from firstbreath.product.state import Product, apply_product
from firstbreath.product.temperature import Levels, summarise_readings
from firstbreath.protocol.values import ColdChain, Protocol

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
PASSES = kinds.CertificateTest("Sterility", "Ph. Eur. 2.6.1", "no growth", "no growth", passed=True)
NAMES = {"pia": "Pia Farm", "nora": "Nora Quist", "spencer": "Spencer Hill", "paul": "Paul Marsh"}


class Shelf:
    """The product of a trial, on which people act one after the other, ten minutes apart."""

    def __init__(self, protocol: Protocol, *, start: datetime = BEGIN) -> None:
        self.protocol = protocol
        self.product = Product()
        self.events: list[Event] = []
        self.now = start

    @property
    def chain(self) -> ColdChain | None:
        """The limits in force."""
        return self.protocol.design.cold_chain

    def act(self, command: commands.ProductCommand, *, by: str = "pia", reason: str = "") -> Decision:
        """Ask for an act; what is allowed becomes an event."""
        self.now += timedelta(minutes=10)
        asked = AskedOf(by, NAMES[by], reason, self.now.date(), self.now, len(self.events), ("North",))
        decision = decide_product(self.product, self.protocol, command, asked)
        if isinstance(decision, Allowed):
            subject = getattr(command, "subject", "")
            new = [
                Event(len(self.events) + 1, self.now, by, "pharmacist", body, subject=subject, reason=reason)
                for body in decision.events
            ]
            self.product = apply_product(self.product, new)
            self.events += new
        return decision

    def lot(self, lot: str = "L1", *vials: str, passed: bool = True, expires: date = date(2027, 1, 1)) -> Decision:
        """Register a lot."""
        test = msgspec.structs.replace(PASSES, passed=passed)
        return self.act(
            commands.RegisterLot(
                lot=lot,
                vials=vials or ("V1", "V2", "V3"),
                content="2.0e8",
                counted_with="NanoFCM, 200 nm beads, threshold 3",
                volume_ml="1.0",
                expires=expires.isoformat(),
                tests=(test,),
            )
        )

    def released(self, lot: str = "L1", *vials: str) -> None:
        """Register a lot and have it signed by two."""
        self.lot(lot, *vials)
        for by in ("pia", "spencer"):
            self.act(commands.SignLotRelease(lot=lot), by=by)

    def record(self, where: str, *celsius: float, place: Any = "transport", vials: tuple[str, ...] = ()) -> Decision:
        """Import a record that covers the shipment, one reading every ten minutes; or one of a freezer up to now."""
        shipment = self.product.shipments.get(where)
        begins = (shipment.packed.at if shipment else self.now - timedelta(minutes=10 * len(celsius))).timestamp()
        end = shipment.received.at.timestamp() if shipment and shipment.received else self.now.timestamp()
        step = max((end - begins) / max(len(celsius) - 1, 1), 1.0)
        times = [begins + step * n for n in range(len(celsius))]
        levels = Levels.of(self.chain or ColdChain(), place)
        stay = kinds.Stay(vials, begins, end, summarise_readings(times, celsius, levels))
        return self.act(
            commands.ImportTemperature(
                place=place, where=where, logger="LG1", name=f"{where}.csv", digest=f"{len(self.events):064}",
                readings=len(celsius), first=times[0], last=times[-1], stays=(stay,),
            )
        )  # fmt: skip

    def delivered(self, *vials: str, celsius: tuple[float, ...] = (-78.0,) * 8) -> None:
        """A released lot shipped, received, countersigned, recorded and stored."""
        self.released("L1", *vials)
        codes = vials or ("V1", "V2", "V3")
        self.act(commands.PackShipment(shipment="S1", vials=codes, to="North", logger="LG1", seal="77"), by="spencer")
        self.act(commands.SendShipment(shipment="S1", carrier="World Courier"), by="spencer")
        self.act(commands.ReceiveShipment(shipment="S1", seal="77", dry_ice_kg="3.5"))
        self.act(commands.CountersignHandover(signs=len(self.events)), by="nora")
        self.record("S1", *celsius, vials=codes)
        self.act(commands.StoreVials(vials=codes, freezer="Freezer 2", position="A1"))
