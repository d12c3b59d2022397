"""Whatever is tried with the product: the balance closes, no vial is in two places, none is used that must not be."""

from collections import Counter
from random import Random

import pytest
from tests.support.product_acts import NAMES, Shelf
from tests.support.tracked_trial import tracked_protocol

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed
from firstbreath.events.record import Event
from firstbreath.product import commands
from firstbreath.product.state import apply_product
from firstbreath.product.stock import compute_balance

VIALS = {"L1": ("V1", "V2", "V3"), "L2": ("W1", "W2")}
HISTORIES, BATCHES, ACTS = 10_000, 10, 30
GONE = kinds.VialsUsed | kinds.VialsReturned | kinds.VialsDestroyed | kinds.VialsLost
LAST = {"used", "returned", "destroyed", "lost"}


def draw_act(chance: Random, shelf: Shelf) -> commands.ProductCommand:
    """Some act on some vials, possible or not."""
    every = [vial for vials in VIALS.values() for vial in vials]
    some = tuple(chance.sample(every, chance.randint(1, 3)))
    ship, seq = chance.choice(["S1", "S2"]), chance.randint(1, len(shelf.events) + 1)
    subject, day = chance.choice(["P1", "P2"]), chance.choice([1, 2])
    likely = [
        lambda: commands.SignLotRelease(lot=chance.choice(["L1", "L2"])),
        lambda: commands.PackShipment(shipment=ship, vials=some, to="North", logger="LG1", seal="77"),
        lambda: commands.SendShipment(shipment=ship),
        lambda: commands.ReceiveShipment(shipment=ship, seal=chance.choice(["77", "77", "78"])),
        lambda: commands.CountersignHandover(signs=seq),
        lambda: commands.StoreVials(vials=some, freezer="F1"),
        lambda: commands.WithdrawVials(subject=subject, day=day, vials=some[:1]),
        lambda: commands.ThawVials(vials=some[:1]),
        lambda: commands.PrepareDose(subject=subject, day=day, drawn_ml={some[0]: "1"}, volume_ml="1"),
        lambda: commands.CheckPreparation(checks=seq),
        lambda: commands.JudgeVials(vials=some, decision=chance.choice(["use", "use", "reject"])),
    ]
    rare = [
        lambda: commands.BlockLot(lot="L2"),
        lambda: commands.ReturnVials(vials=some, to="maker"),
        lambda: commands.DestroyVials(vials=some, how="autoclave"),
        lambda: commands.LoseVials(vials=some[:1]),
    ]
    return chance.choice(rare if chance.random() < 0.08 else likely)()


def draw_next(chance: Random, shelf: Shelf) -> commands.ProductCommand:
    """The act that some vial waits for."""
    vial = shelf.product.vials[chance.choice(sorted(shelf.product.vials))]
    code, subject, day = vial.code, vial.subject or chance.choice(["P1", "P2"]), vial.day or 1
    made = vial.prepared.seq if vial.prepared else 0
    receipts = sorted(each.received.seq for each in shelf.product.shipments.values() if each.received)
    fitting = {
        "at the maker": commands.PackShipment(shipment=f"T{code}", vials=(code,), to="North", logger="LG1", seal="77"),
        "packed": commands.SendShipment(shipment=vial.where),
        "in transit": commands.ReceiveShipment(shipment=vial.where, seal="77"),
        "received": commands.CountersignHandover(signs=chance.choice(receipts or [1])),
        "stored": commands.WithdrawVials(subject=subject, day=day, vials=(code,)),
        "withdrawn": commands.ThawVials(vials=(code,)),
        "thawed": commands.PrepareDose(subject=subject, day=day, drawn_ml={code: "1"}, volume_ml="1"),
        "prepared": commands.CheckPreparation(checks=made),
    }
    if vial.place == "received" and chance.random() < 0.5:
        return commands.StoreVials(vials=(code,), freezer="F1")
    return fitting.get(vial.place) or commands.SignLotRelease(lot=vial.lot)


def use_prepared(shelf: Shelf) -> None:
    """What an inhalation does to a dose that is ready."""
    ready = [vial for vial in shelf.product.vials.values() if vial.place == "prepared" and vial.checked]
    for vial in ready:
        body = kinds.VialsUsed((vial.code,), vial.day)
        used = Event(len(shelf.events) + 1, shelf.now, "nora", "nurse", body, subject=vial.subject)
        shelf.product = apply_product(shelf.product, [used])
        shelf.events.append(used)


def history(chance: Random) -> Shelf:
    shelf = Shelf(tracked_protocol())
    for lot, vials in VIALS.items():
        shelf.lot(lot, *vials)
    for by in ("pia", "spencer") if chance.random() < 0.8 else ():
        shelf.act(commands.SignLotRelease(lot="L1"), by=by)
    for _ in range(ACTS):
        draw = draw_next if chance.random() < 0.7 else draw_act
        decision = shelf.act(draw(chance, shelf), by=chance.choice([*NAMES]), reason=chance.choice(["", "seen"]))
        packed = shelf.events[-1].body
        if isinstance(decision, Allowed) and isinstance(packed, kinds.ShipmentReceived) and chance.random() < 0.8:
            inside = shelf.product.shipments[packed.shipment].body.vials
            shelf.record(packed.shipment, *[chance.choice([-78.0, -78.0, -50.0])] * 4, vials=inside)
        if chance.random() < 0.3:
            use_prepared(shelf)
    return shelf


@pytest.mark.parametrize("batch", range(BATCHES))
def test_balance_closes_and_no_vial_is_in_two_places(batch):
    chance, seen = Random(batch), Counter()
    for _ in range(HISTORIES // BATCHES):
        shelf = history(chance)
        for lot, vials in VIALS.items():
            balance = compute_balance(shelf.product, lot)
            assert sum(balance.by_place.values()) == balance.registered == len(vials)
        gone: dict[str, str] = {}
        for event in shelf.events:
            for code in getattr(event.body, "vials", ()):
                assert gone.get(code) is None, (code, event)
                if isinstance(event.body, GONE):
                    gone[code] = event.kind
        for vial in shelf.product.vials.values():
            assert (vial.place in LAST) is (vial.code in gone)
            boxes = [code for code, each in shelf.product.shipments.items() if inside(each, vial, shelf)]
            assert len(boxes) == (vial.place in ("packed", "in transit"))
            seen[vial.place] += 1
    assert {"stored", "used", "destroyed", "lost", "in transit", "withdrawn", "prepared"} <= seen.keys()


def inside(shipment, vial, shelf) -> bool:
    """Whether the shipment holds the vial, by the log alone: packed in it, and neither received nor lost since."""
    if vial.code not in shipment.body.vials or shipment.received:
        return False
    return not any(isinstance(event.body, kinds.VialsLost) and vial.code in event.body.vials for event in shelf.events)
