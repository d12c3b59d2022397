"""The product as its pages show it: lots with their balance, vials with how they stand, doses from affected vials."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.product.standing import BY_DECISION, Standing, reasons_against_lot, records_of, standing_of, use_by
from firstbreath.product.state import FINAL, Lot, Product, Shipment, Vial
from firstbreath.product.stock import Balance, Forecast, compute_balance, forecast_stock, usable_vials, vials_needed
from firstbreath.protocol.values import Protocol
from firstbreath.protocol.zones import moment_of, zone_of
from firstbreath.trial.state import Trial

SIGNS = {"in label": "pass", BY_DECISION: "differs", "quarantined": "stop", "rejected": "void", "waiting": "unknown"}
SOON_DAYS = 30


class VialLine(msgspec.Struct, frozen=True):
    """A vial with how it stands."""

    vial: Vial
    standing: Standing
    sign: str
    gone: bool


class LotLine(msgspec.Struct, frozen=True):
    """A lot with its balance, and why none of its vials may be taken, if so."""

    lot: Lot
    balance: Balance
    shares: tuple[tuple[str, int], ...]
    against: tuple[str, ...]
    vials: tuple[VialLine, ...]

    @property
    def here(self) -> tuple[VialLine, ...]:
        """Its vials that are still somewhere."""
        return tuple(line for line in self.vials if not line.gone)

    @property
    def quarantined(self) -> tuple[VialLine, ...]:
        """Its vials in quarantine."""
        return tuple(line for line in self.vials if line.standing.word == "quarantined" and not line.gone)


class SiteStock(msgspec.Struct, frozen=True):
    """What a site can use and will need."""

    site: str
    forecast: Forecast
    next_due: date | None


class ToDo(msgspec.Struct, frozen=True):
    """Something that waits for somebody: the act, what it is about, and what fills its form."""

    act: str
    words: str
    query: str
    sign: str = "unknown"


def compute_lots(trial: Trial, protocol: Protocol, on: date, *, sees: Callable[[str], bool]) -> tuple[LotLine, ...]:
    """Every lot, the last registered first; vials at other sites than those in view are counted, not named."""
    lots = sorted(trial.product.lots.values(), key=lambda lot: -lot.registered.seq)
    return tuple(_lot_line(trial.product, lot, protocol, on, sees=sees) for lot in lots)


def _lot_line(product: Product, lot: Lot, protocol: Protocol, on: date, *, sees: Callable[[str], bool]) -> LotLine:
    balance = compute_balance(product, lot.body.lot)
    vials = [vial for vial in product.of_lot(lot.body.lot) if not vial.site or sees(vial.site)]
    return LotLine(
        lot=lot,
        balance=balance,
        shares=tuple((place, count) for place, count in balance.by_place.items() if count),
        against=tuple(reason.text for reason in reasons_against_lot(lot, on)),
        vials=tuple(vial_line(product, vial, protocol) for vial in vials),
    )


def vial_line(product: Product, vial: Vial, protocol: Protocol) -> VialLine:
    """A vial as a line; one that is gone no longer waits for anything."""
    standing = standing_of(product, vial, protocol.design.cold_chain)
    return VialLine(vial, standing, SIGNS[standing.word], vial.place in FINAL)


def compute_stock(trial: Trial, protocol: Protocol, on: date, *, sees: Callable[[str], bool]) -> tuple[SiteStock, ...]:
    """What each site in view can use, and the doses still due there."""
    chain = protocol.design.cold_chain
    found = []
    for site in protocol.design.trial.sites:
        if sees(site):
            due = sorted(_due_at(trial, protocol, site, on))
            forecast = forecast_stock(usable_vials(trial.product, site, chain, on), due, trial.product)
            found.append(SiteStock(site, forecast, due[0][0] if due else None))
    return tuple(found)


def _due_at(trial: Trial, protocol: Protocol, site: str, on: date) -> Iterator[tuple[date, int]]:
    """The doses still due at a site, of subjects in treatment, each with the vials it takes."""
    latest = max(trial.product.lots.values(), key=lambda lot: lot.registered.seq, default=None)
    for code in trial.subjects.enrolled:
        subject = trial.subjects.by_code[code]
        regimen = protocol.dose_of(subject.arm)
        if subject.site != site or subject.ended or regimen is None or latest is None or subject.enrolled is None:
            continue
        begun = _first_day(trial, code, protocol) or on + timedelta(days=1)
        for day in regimen.days:
            if day not in subject.doses:
                due = begun + timedelta(days=day - regimen.days[0])
                yield max(due, on), vials_needed(regimen, latest.body.content)


def _first_day(trial: Trial, code: str, protocol: Protocol) -> date | None:
    """The date of a subject's first inhalation."""
    subject = trial.subjects.by_code[code]
    zone = zone_of(protocol, subject.site)
    begun = [session[0] for session in subject.inhalations.values() if session] + list(subject.doses.values())
    times = [moment_of(event.occurred, zone) or event.at for event in begun]
    return min(times).astimezone(zone).date() if times else None


def list_to_do(
    trial: Trial, protocol: Protocol, lots: Sequence[LotLine], *, sees: Callable[[str], bool]
) -> tuple[ToDo, ...]:
    """What waits for somebody at the sites in view, the gravest first."""
    product, found = trial.product, list[ToDo]()
    for line in lots:
        quarantined = " ".join(each.vial.code for each in line.quarantined)
        if quarantined:
            found.append(ToDo("judge_vials", f"In quarantine: {quarantined}", f"vials={quarantined}", "stop"))
        if not line.lot.released and line.lot.blocked is None:
            found.append(
                ToDo("sign_lot_release", f"Lot {line.lot.body.lot} is not released", f"lot={line.lot.body.lot}")
            )
    recorded = {event.body.where for event in product.records if isinstance(event.body, kinds.TemperatureImported)}
    for code, shipment in product.shipments.items():
        found += _of_shipment(code, shipment, recorded) if sees(shipment.body.to) else ()
    for event, signed in list_destructions(product, sees=sees):
        if not signed:
            words = f"Destruction of {' '.join(getattr(event.body, 'vials', ()))} is not countersigned"
            found.append(ToDo("countersign_handover", words, f"signs={event.seq}"))
    found += _of_preparations(product, protocol, sees=sees)
    return tuple(sorted(found, key=lambda each: each.sign != "stop"))


def list_destructions(product: Product, *, sees: Callable[[str], bool]) -> list[tuple[Event, bool]]:
    """Every destruction of vials at sites in view, with whether it is countersigned."""
    return [
        (event, seq in product.countersigned)
        for seq, event in sorted(product.destroyed.items())
        if all(sees(product.vials[code].site) for code in getattr(event.body, "vials", ()))
    ]


def _of_shipment(code: str, shipment: Shipment, recorded: set[str]) -> Iterator[ToDo]:
    if shipment.sent is None:
        yield ToDo("send_shipment", f"Shipment {code} is packed", f"shipment={code}")
    elif shipment.received is None:
        yield ToDo("receive_shipment", f"Shipment {code} is on its way", f"shipment={code}", "half")
    else:
        if shipment.countersigned is None:
            yield ToDo(
                "countersign_handover", f"Receipt of {code} is not countersigned", f"signs={shipment.received.seq}"
            )
        if code not in recorded:
            words = f"The record of logger {shipment.body.logger} ({code}) is not read"
            yield ToDo("import_temperature", words, f"where={code}")


def _of_preparations(product: Product, protocol: Protocol, *, sees: Callable[[str], bool]) -> Iterator[ToDo]:
    waiting = {vial.prepared.seq: vial for vial in product.vials.values() if vial.prepared and vial.place == "prepared"}
    for seq, vial in waiting.items():
        if vial.checked is None and sees(vial.site):
            until = use_by(vial, protocol.design.cold_chain)
            words = f"The dose of {vial.subject}, day {vial.day}, is not checked"
            yield ToDo("check_preparation", words + (f"; use by {until:%H:%M} UTC" if until else ""), f"checks={seq}")


class Affected(msgspec.Struct, frozen=True):
    """A dose from a vial whose record was not in label: what was known when it was given, and what is known now."""

    vial: Vial
    used: Event
    word: str
    reasons: tuple[str, ...]
    decided: Event | None
    known_then: bool

    @property
    def settled(self) -> bool:
        """Whether it was known and decided on before the dose."""
        return self.known_then and self.decided is not None and self.decided.seq < self.used.seq


def list_affected(trial: Trial, protocol: Protocol, *, sees: Callable[[str], bool]) -> tuple[Affected, ...]:
    """Every dose from a vial with a record that is not in label, whatever was decided and whenever it was read."""
    found = []
    for vial in trial.product.all_vials():
        if vial.place != "used" or not sees(vial.site):
            continue
        standing = standing_of(trial.product, vial, protocol.design.cold_chain)
        wrong = [line for line in standing.records if line.judged.verdict != "in label"]
        if wrong or vial.findings:
            used = next(event for event in vial.history if isinstance(event.body, kinds.VialsUsed))
            reasons = tuple(reason for line in wrong for reason in line.judged.reasons)
            then = records_of(trial.product, vial, protocol.design.cold_chain, until=used.seq)
            known = any(line.judged.verdict != "in label" for line in then)
            known |= any(event.seq < used.seq for event in vial.findings)
            word = "unusable" if any(line.judged.verdict == "unusable" for line in wrong) else "needs a decision"
            found.append(Affected(vial, used, word, reasons, vial.judged, known_then=known))
    return tuple(found)
