"""A trial in which something of every kind has happened to its vials: used, returned, destroyed, lost, sent on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.support.staffed_trial import StaffedTrial
from tests.support.tracked_trial import TRACKED_FILES

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed
from firstbreath.product import commands
from firstbreath.product.temperature import Levels, summarise_readings

PASSES = kinds.CertificateTest("Sterility", "Ph. Eur. 2.6.1", "no growth", "no growth", passed=True)
START = {"volume_ml": "6", "device": "mesh", "interface": "mask", "oxygen_l_min": "6"}


class AccountedTrial(StaffedTrial):
    """Twelve vials of lot L1, of which North received ten, and two of lot L2, whose receipt nobody countersigned."""

    def __init__(self, *, files: dict[str, str] | None = None, words: str = "") -> None:
        super().__init__(files=files or TRACKED_FILES)
        self.words = words
        self.begin()
        self.deliver()
        self.dose()
        self.end()

    def do(self, account: str, command: Any, *, reason: str = "") -> int:
        """An act that is allowed, ten minutes after the one before; the number of its event."""
        self.door.clock.now += timedelta(minutes=10)
        decision = self.by(account, command, reason=reason)
        assert isinstance(decision, Allowed), decision
        return self.trial.seq

    def begin(self) -> None:
        self.act("open_screening", site="North")
        self.act("record_form", form="demographics", visit="screening", values={"age": "50", "severe_allergy": "no"})
        self.consent()
        self.enrol()
        self.skin_test()

    def lot(self, lot: str, *vials: str) -> None:
        about = {"content": "2.0e8", "counted_with": "NanoFCM", "volume_ml": "1.5", "expires": "2027-06-30"}
        self.do("paul", commands.RegisterLot(lot=lot, vials=vials, tests=(PASSES,), **about))
        for account in ("paul", "spencer"):
            self.do(account, commands.SignLotRelease(lot=lot))

    def ship(self, shipment: str, *vials: str, to: str = "North") -> None:
        packed = commands.PackShipment(shipment=shipment, vials=vials, to=to, logger="LG1", seal="77")
        self.do("spencer", packed)
        self.do("spencer", commands.SendShipment(shipment=shipment, carrier="World Courier"))

    def receive(self, shipment: str) -> int:
        return self.do("paul", commands.ReceiveShipment(shipment=shipment, seal="77", seal_intact=True))

    def deliver(self) -> None:
        vials = tuple(f"V{n}" for n in range(1, 12))
        self.lot("L1", *vials, "V12")
        self.lot("L2", "W1", "W2")
        self.ship("S1", *vials)
        self.do("paul", commands.LoseVials(vials=("V11",)), reason="crushed by the carrier")
        self.do("nora", commands.CountersignHandover(signs=self.receive("S1")))
        self.record("S1", vials[:-1])
        self.ship("S2", "W1", "W2")
        self.receive("S2")
        self.do("nora", commands.StoreVials(vials=vials[:-1], freezer="Freezer 2", position="A1"))

    def record(self, where: str, vials: tuple[str, ...]) -> None:
        shipment = self.trial.product.shipments[where]
        first, last = shipment.packed.at.timestamp() - 60, shipment.received.at.timestamp() + 60
        times = [first + (last - first) / 20 * n for n in range(21)]
        levels = Levels.of(self.trial.protocol.design.cold_chain, "transport")
        stay = kinds.Stay(vials, first, last, summarise_readings(times, [-78.0] * 21, levels))
        about = {"place": "transport", "where": where, "logger": "LG1", "name": "a.csv", "digest": "0" * 64}
        self.do("paul", commands.ImportTemperature(**about, readings=21, first=first, last=last, stays=(stay,)))

    def dose(self) -> None:
        self.do("nora", commands.WithdrawVials(subject="S1", day=1, vials=("V1",)))
        self.do("nora", commands.ThawVials(vials=("V1",), method="hand"))
        made = {"volume_ml": "6", "diluent": "saline", "diluent_lot": "N1"}
        seq = self.do("nora", commands.PrepareDose(subject="S1", day=1, drawn_ml={"V1": "1.5"}, **made))
        self.do("paul", commands.CheckPreparation(checks=seq))
        self.do("nora", {"act": "start_inhalation", "subject": "S1", "day": 1, "vial": "V1"} | START)
        self.do("nora", commands.WithdrawVials(subject="S1", day=2, vials=("V2",)))

    def end(self) -> None:
        why = f"warm for two hours {self.words}".strip()
        self.signed = self.do(
            "paul", commands.DestroyVials(vials=("V3", "V4"), how=f"Autoclaved {self.words}"), reason=why
        )
        self.do("nora", commands.CountersignHandover(signs=self.signed))
        self.unsigned = self.do("paul", commands.DestroyVials(vials=("V5",), how="Autoclaved"), reason=why)
        self.do("paul", commands.ReturnVials(vials=("V6",), to=f"Maker {self.words}"), reason="retention sample")
        self.do("nora", commands.LoseVials(vials=("V7",)), reason="dropped")
        self.ship("S3", "V8", to="South")
        self.ship("S4", "V9", to="South")
        self.receive("S4")
