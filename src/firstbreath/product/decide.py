"""Whether something may be done with the product."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.product import commands
from firstbreath.product.codes import codes_wrong, number_of
from firstbreath.product.standing import failing_tests, reasons_against_use
from firstbreath.product.state import FINAL, PLACES, Place, Product, Vial
from firstbreath.protocol.values import Protocol

FROM: Mapping[type[Any], tuple[Place, ...]] = {
    commands.PackShipment: ("at the maker", "stored"),
    commands.StoreVials: ("received", "stored", "withdrawn"),
    commands.WithdrawVials: ("received", "stored"),
    commands.ThawVials: ("withdrawn",),
    commands.PrepareDose: ("thawed",),
    commands.ReturnVials: ("received", "stored", "withdrawn"),
    commands.DestroyVials: ("received", "stored", "withdrawn", "thawed", "prepared"),
    commands.LoseVials: tuple(place for place in PLACES if place not in FINAL),
    commands.JudgeVials: tuple(place for place in PLACES if place not in FINAL),
}
"""Where a vial has to be for each act."""
TAKING = (commands.WithdrawVials, commands.ThawVials, commands.PrepareDose)
"""Acts on the way to a dose: the vial must be fit for use."""
WITH_REASON = (commands.BlockLot, commands.ReturnVials, commands.DestroyVials, commands.LoseVials, commands.JudgeVials)


class AskedOf(msgspec.Struct, frozen=True):
    """Who asks, under what name, why, and on which date; and the number of the last event."""

    actor: str
    name: str
    reason: str
    on: date
    now: datetime
    last: int
    sites: Sequence[str] = ()


def decide_product(product: Product, protocol: Protocol, command: commands.ProductCommand, asked: AskedOf) -> Decision:
    """Allowed with an event, or refused with every reason."""
    chain, reasons = protocol.design.cold_chain, list[Reason]()
    if isinstance(command, WITH_REASON) and not asked.reason.strip():
        reasons.append(Reason("PROD-001", "This needs a reason.", "Say why."))
    codes = codes_of(command)
    allowed = FROM.get(type(command))
    if allowed is not None:
        reasons += _against_places(product, codes, allowed)
        if reasons:
            return Refused(tuple(reasons))
    if isinstance(command, TAKING):
        for code in codes:
            reasons += reasons_against_use(product, product.vials[code], chain, asked.on)
    against, event = _DECIDE[type(command)](product, command, asked)
    reasons += against
    return Refused(tuple(dict.fromkeys(reasons))) if reasons or event is None else Allowed((event,))


def codes_of(command: commands.ProductCommand) -> tuple[str, ...]:
    """The vials that an act names."""
    if isinstance(command, commands.PrepareDose):
        return tuple(command.drawn_ml)
    return tuple(getattr(command, "vials", ()))


def _against_places(product: Product, codes: Sequence[str], allowed: Collection[Place]) -> list[Reason]:
    if not codes:
        return [Reason("VIAL-020", "No vial is named.", "Scan at least one.")]
    reasons = []
    if len({*codes}) != len(codes):
        reasons.append(Reason("VIAL-021", "A vial is named twice.", "Scan each once."))
    for code in dict.fromkeys(codes):
        vial = product.vials.get(code)
        if vial is None:
            text = f"Vial {code[:30]!r} is not in the register."
            reasons.append(Reason("VIAL-011", text, "Scan again; register its lot first."))
        elif vial.place not in allowed:
            text = f"Vial {code} is {vial.place}; this is done with one that is {' or '.join(allowed)}."
            reasons.append(Reason("VIAL-022", text, "Look at where it is."))
    return reasons


TOLD = ("name", "method", "specification", "result")
"""What is told of every test of a certificate."""
Found = tuple[list[Reason], kinds.Kind | None]


def _register(product: Product, command: commands.RegisterLot, _asked: AskedOf) -> Found:
    reasons = codes_wrong((command.lot, *command.vials))
    if command.lot in product.lots:
        reasons.append(Reason("LOT-010", f"Lot {command.lot} is in the register.", "Nothing is to be done."))
    known = [code for code in command.vials if code in product.vials]
    if known:
        text = f"Vial {', '.join(known[:5])} is in the register."
        reasons.append(Reason("LOT-011", text, "Every label is used once."))
    if not command.vials or len({*command.vials}) != len(command.vials):
        reasons.append(Reason("LOT-012", "The lot has no vial, or one twice.", "Name each vial once."))
    reasons += [
        Reason("LOT-013", f"{name} {text[:20]!r} is not a number above zero.", "Enter it as on the certificate.")
        for name, text in (("The content of a vial", command.content), ("The volume", command.volume_ml))
        if number_of(text) is None
    ]
    if not command.counted_with.strip():
        text = "How the vesicles were counted is not stated."
        reasons.append(Reason("LOT-014", text, "Name the instrument with its settings."))
    if not command.tests:
        reasons.append(
            Reason("LOT-015", "The certificate has no test.", "Enter each with its specification and result.")
        )
    reasons += _against_tests(command.tests)
    try:
        date.fromisoformat(command.expires)
    except ValueError:
        reasons.append(Reason("LOT-016", "The lot expires on no date.", "Write it as 2026-11-27."))
    return reasons, kinds.LotRegistered(*msgspec.structs.astuple(command))


def _against_tests(tests: Sequence[kinds.CertificateTest]) -> list[Reason]:
    """Each test is told whole: a certificate with an empty result is no certificate."""
    reasons = []
    for n, test in enumerate(tests, 1):
        lacking = [part for part in TOLD if not getattr(test, part).strip()]
        if lacking:
            text = f"Test {test.name[:40] or n}: {', '.join(lacking)} is not entered."
            reasons.append(Reason("LOT-017", text, "Copy it from the certificate."))
    return reasons


def _sign(product: Product, command: commands.SignLotRelease, asked: AskedOf) -> Found:
    lot = product.lots.get(command.lot)
    if lot is None:
        return [_no_lot(command.lot)], None
    reasons = []
    failing = failing_tests(lot.body)
    if failing:
        text = f"The certificate fails: {', '.join(failing)}."
        reasons.append(Reason("LOT-003", text, "A lot that fails is not released."))
    if lot.blocked:
        reasons.append(
            Reason("LOT-001", f"Lot {command.lot} is blocked (event {lot.blocked.seq}).", "Use another lot.")
        )
    if asked.actor in {event.actor for event in lot.signed}:
        reasons.append(Reason("LOT-018", f"{asked.name} has signed for this lot.", "A second person signs."))
    if asked.on > date.fromisoformat(lot.body.expires):
        reasons.append(Reason("LOT-004", f"Lot {command.lot} expired on {lot.body.expires}.", "Use another lot."))
    return reasons, kinds.LotReleaseSigned(command.lot, asked.name)


def _no_lot(lot: str) -> Reason:
    return Reason("LOT-019", f"Lot {lot[:30]!r} is not in the register.", "Register it first.")


def _block(product: Product, command: commands.BlockLot, _asked: AskedOf) -> Found:
    lot = product.lots.get(command.lot)
    if lot is None:
        return [_no_lot(command.lot)], None
    blocked = (
        [Reason("LOT-001", f"Lot {command.lot} is blocked already.", "Nothing is to be done.")] if lot.blocked else []
    )
    return blocked, kinds.LotBlocked(command.lot)


def _pack(product: Product, command: commands.PackShipment, asked: AskedOf) -> Found:
    reasons = codes_wrong((command.shipment,))
    if command.shipment in product.shipments:
        reasons.append(Reason("SHIP-001", f"Shipment {command.shipment} was packed already.", "Give it another code."))
    if asked.sites and command.to not in asked.sites:
        text = f"{command.to[:80]!r} is no site."
        reasons.append(Reason("ROLE-002", text, f"Use one of: {'; '.join(asked.sites)}."))
    reasons += [
        Reason("SHIP-002", f"The {name} is not entered.", "A shipment leaves with a logger, under a seal.")
        for name, text in (("logger", command.logger), ("seal", command.seal))
        if not text.strip()
    ]
    return reasons + _against_ice(command.dry_ice_kg), kinds.ShipmentPacked(*msgspec.structs.astuple(command))


def _against_ice(text: str) -> list[Reason]:
    if not text or number_of(text, zero=True) is not None:
        return []
    return [Reason("SHIP-003", f"Dry ice {text[:20]!r} is no weight.", "Write it in kg, such as 4.5.")]


def _send(product: Product, command: commands.SendShipment, _asked: AskedOf) -> Found:
    shipment = product.shipments.get(command.shipment)
    if shipment is None or shipment.sent:
        word = "left already" if shipment else "is not packed"
        return [Reason("SHIP-004", f"Shipment {command.shipment[:30]} {word}.", "Look at where it is.")], None
    return [], kinds.ShipmentSent(command.shipment, command.carrier)


def _receive(product: Product, command: commands.ReceiveShipment, _asked: AskedOf) -> Found:
    shipment = product.shipments.get(command.shipment)
    if shipment is None or shipment.sent is None or shipment.received:
        word = "is not on its way" if shipment is None or shipment.received is None else "was received already"
        return [Reason("SHIP-005", f"Shipment {command.shipment[:30]} {word}.", "Look at where it is.")], None
    reasons = _against_ice(command.dry_ice_kg)
    strange = [code for code in command.unfit if code not in shipment.body.vials]
    if strange:
        text = f"{', '.join(code[:30] for code in strange)} is not in shipment {command.shipment}."
        reasons.append(Reason("SHIP-006", text, "Name vials of this shipment."))
    if not command.seal.strip():
        reasons.append(Reason("SHIP-007", "The seal is not entered.", "Read it from the shipper."))
    return reasons, kinds.ShipmentReceived(*msgspec.structs.astuple(command))


def _countersign(product: Product, command: commands.CountersignHandover, asked: AskedOf) -> Found:
    received = [shipment.received for shipment in product.shipments.values() if shipment.received]
    signed = {event.seq: event for event in received} | dict(product.destroyed.items())
    event = signed.get(command.signs)
    if event is None:
        text = f"Event {command.signs} is no receipt and no destruction."
        return [Reason("SHIP-008", text, "Open the handover again.")], None
    reasons = []
    if event.actor == asked.actor:
        reasons.append(Reason("SHIP-009", f"{asked.name} signed it first.", "A second person signs."))
    if command.signs in product.countersigned:
        reasons.append(Reason("SHIP-010", "It is countersigned already.", "Nothing is to be done."))
    return reasons, kinds.HandoverCountersigned(command.signs, asked.name)


def _store(product: Product, command: commands.StoreVials, asked: AskedOf) -> Found:
    reasons = []
    if not command.freezer.strip():
        reasons.append(Reason("VIAL-023", "The freezer is not named.", "Say where the vials are."))
    back = [code for code in command.vials if product.vials[code].place == "withdrawn"]
    if back and not asked.reason.strip():
        text = f"{', '.join(back)} was taken out: putting it back needs a reason."
        reasons.append(Reason("VIAL-024", text, "Say why, and how long it was out."))
    return reasons, kinds.VialsStored(command.vials, command.freezer.strip(), command.position.strip())


def _withdraw(_product: Product, command: commands.WithdrawVials, _asked: AskedOf) -> Found:
    return [], kinds.VialsWithdrawn(command.vials, command.day)


def _thaw(_product: Product, command: commands.ThawVials, _asked: AskedOf) -> Found:
    return [], kinds.VialsThawed(command.vials, command.method.strip())


def _prepare(product: Product, command: commands.PrepareDose, _asked: AskedOf) -> Found:
    reasons, total = list[Reason](), Decimal(0)
    for code, text in command.drawn_ml.items():
        vial = product.vials[code]
        reasons += _against_drawing(product, vial, text)
        if (vial.subject, vial.day) != (command.subject, command.day):
            words = f"Vial {code} is for {vial.subject}, day {vial.day}."
            reasons.append(Reason("VIAL-013", words, "Take the vials of this dose."))
        total += number_of(text) or 0
    volume = number_of(command.volume_ml)
    if volume is None or volume < total:
        words = f"The volume {command.volume_ml[:20]!r} ml is less than the {total} ml drawn."
        reasons.append(Reason("PREP-002", words, "Enter the volume the dose was filled up to."))
    elif volume > total and not (command.diluent.strip() and command.diluent_lot.strip()):
        words = f"{volume - total} ml of diluent was added, and it is not named with its lot."
        reasons.append(Reason("PREP-003", words, "Enter the diluent and its lot."))
    about = (command.drawn_ml, command.volume_ml, command.diluent.strip(), command.diluent_lot.strip())
    return reasons, kinds.DosePrepared(command.day, *about)


def _against_drawing(product: Product, vial: Vial, text: str) -> list[Reason]:
    """Nobody draws more from a vial than it holds."""
    drawn, holds = number_of(text), number_of(product.lots[vial.lot].body.volume_ml)
    if drawn is not None and (holds is None or drawn <= holds):
        return []
    words = f"{text[:20]!r} ml cannot be drawn from vial {vial.code}, which holds {holds} ml."
    return [Reason("PREP-001", words, "Enter what the syringe shows.")]


def _check(product: Product, command: commands.CheckPreparation, asked: AskedOf) -> Found:
    made = [vial for vial in product.vials.values() if vial.prepared and vial.prepared.seq == command.checks]
    if not made or made[0].place != "prepared":
        text = f"Event {command.checks} is no dose that waits for a check."
        return [Reason("PREP-004", text, "Open the preparation again.")], None
    reasons = []
    if made[0].prepared and made[0].prepared.actor == asked.actor:
        reasons.append(Reason("PREP-005", f"{asked.name} prepared it.", "A second person checks it."))
    if made[0].checked:
        reasons.append(Reason("PREP-006", "It is checked already.", "Nothing is to be done."))
    return reasons, kinds.PreparationChecked(command.checks, asked.name)


def _return(_product: Product, command: commands.ReturnVials, _asked: AskedOf) -> Found:
    unsaid = [] if command.to.strip() else [Reason("VIAL-025", "To whom is not entered.", "Say who takes them.")]
    return unsaid, kinds.VialsReturned(command.vials, command.to.strip())


def _destroy(_product: Product, command: commands.DestroyVials, _asked: AskedOf) -> Found:
    unsaid = [] if command.how.strip() else [Reason("VIAL-026", "How is not entered.", "Say how they are destroyed.")]
    return unsaid, kinds.VialsDestroyed(command.vials, command.how.strip())


def _lose(_product: Product, command: commands.LoseVials, _asked: AskedOf) -> Found:
    return [], kinds.VialsLost(command.vials)


def _import(product: Product, command: commands.ImportTemperature, _asked: AskedOf) -> Found:
    bodies = [event.body for event in product.records if isinstance(event.body, kinds.TemperatureImported)]
    reasons = []
    if any(body.digest == command.digest and body.where == command.where for body in bodies):
        reasons.append(Reason("TEMP-001", "This file is imported already.", "Nothing is to be done."))
    over = [
        body
        for body in bodies
        if (body.where, body.logger) == (command.where, command.logger)
        and body.first <= command.last
        and command.first <= body.last
    ]
    if over:
        reasons.append(Reason("TEMP-002", f"The file overlaps {over[-1].name}.", "Leave out what is imported already."))
    unknown = {code for stay in command.stays for code in stay.vials if code not in product.vials}
    if unknown:
        text = f"Vial {', '.join(sorted(unknown)[:5])} is not in the register."
        reasons.append(Reason("VIAL-011", text, "Read the file again."))
    if command.place == "transport" and command.where not in product.shipments:
        reasons.append(Reason("SHIP-004", f"Shipment {command.where[:30]} is not packed.", "Choose a shipment."))
    reasons += _against_stays(command)
    reasons += _against_logger(command)
    if command.readings < 1:
        reasons.append(Reason("TEMP-003", "The file holds no reading.", "Export it again."))
    return reasons, kinds.TemperatureImported(*msgspec.structs.astuple(command))


def _against_stays(command: commands.ImportTemperature) -> list[Reason]:
    """What is told of each vial lies within the file, and tells of no moment twice: such summaries can be joined."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for stay in command.stays:
        told = stay.summary
        for code in stay.vials if told else ():
            spans.setdefault(code, []).append((told.first, told.last) if told else (0, 0))
    whole = command.first <= command.last
    for own in spans.values():
        own.sort()
        whole &= all(command.first <= first <= last <= command.last for first, last in own)
        whole &= all(late[0] > early[1] for early, late in pairwise(own))
    if whole:
        return []
    return [Reason("TEMP-005", "What is told of a vial does not fit the file.", "Read the file again.")]


DAY_S = 86_400
"""Further than this no logger's clock is off: it was set to another day, and is read with another answer."""


def _against_logger(command: commands.ImportTemperature) -> list[Reason]:
    reasons = []
    if not -DAY_S < command.clock_fast_s < DAY_S:
        text = f"The clock of the logger is said to be off by {command.clock_fast_s:g} s."
        reasons.append(Reason("TEMP-006", text, "Enter less than a day."))
    try:
        date.fromisoformat(command.calibrated_to or "2026-01-01")
    except ValueError:
        text = f"The calibration ends on {command.calibrated_to[:20]!r}, which is no date."
        reasons.append(Reason("TEMP-007", text, "Write it as 2026-11-28."))
    return reasons


def _judge(product: Product, command: commands.JudgeVials, asked: AskedOf) -> Found:
    reasons, seen = list[Reason](), command.up_to or asked.last
    if not 0 < seen <= asked.last:
        reasons.append(Reason("VIAL-027", f"There is no event {seen}.", "Open the vial again."))
    for code in command.vials:
        vial = product.vials[code]
        if vial.judged and getattr(vial.judged.body, "decision", "") == "reject":
            text = f"Vial {code} was rejected (event {vial.judged.seq})."
            reasons.append(Reason("VIAL-001", text, "A rejection stands."))
        news = [event.seq for event in (*vial.records, *vial.findings) if event.seq > seen]
        if news:
            text = f"Something came in on vial {code} (event {news[-1]}) that this decision has not seen."
            reasons.append(Reason("VIAL-028", text, "Look at it, then decide."))
    return reasons, kinds.VialsJudged(command.vials, command.decision, seen, asked.name)


_DECIDE: Mapping[type[Any], Callable[[Product, Any, AskedOf], Found]] = {
    commands.RegisterLot: _register,
    commands.SignLotRelease: _sign,
    commands.BlockLot: _block,
    commands.PackShipment: _pack,
    commands.SendShipment: _send,
    commands.ReceiveShipment: _receive,
    commands.CountersignHandover: _countersign,
    commands.StoreVials: _store,
    commands.WithdrawVials: _withdraw,
    commands.ThawVials: _thaw,
    commands.PrepareDose: _prepare,
    commands.CheckPreparation: _check,
    commands.ReturnVials: _return,
    commands.DestroyVials: _destroy,
    commands.LoseVials: _lose,
    commands.ImportTemperature: _import,
    commands.JudgeVials: _judge,
}
