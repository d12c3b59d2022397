"""How a vial stands: the verdict on its temperature, what keeps it in quarantine, and why it may not be used."""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import reduce

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.events.kinds_product import Summary
from firstbreath.events.record import Event
from firstbreath.product.codes import split_scanned
from firstbreath.product.state import Lot, Product, Vial
from firstbreath.product.temperature import Judged, Levels, join_summaries, judge_summary, summarise_readings
from firstbreath.protocol.values import ColdChain

TRANSPORT, STORAGE = "transport", "storage"
BY_DECISION = "for use by decision"


class RecordLine(msgspec.Struct, frozen=True):
    """What the records of one place say of a vial, joined; `seq` is the last of their events."""

    place: str
    where: str
    judged: Judged
    summary: Summary | None
    seq: int


class Standing(msgspec.Struct, frozen=True):
    """A vial as it stands.

    word     `in label`; `for use by decision`, though a record is not; `quarantined`; `rejected`; or `waiting`: for a
             record or a second signature
    reasons  why, each with what to do
    """

    word: str
    reasons: tuple[Reason, ...]
    records: tuple[RecordLine, ...]

    @property
    def ready(self) -> bool:
        """Whether nothing of its way keeps it from use."""
        return self.word in ("in label", BY_DECISION)


def standing_of(product: Product, vial: Vial, chain: ColdChain | None) -> Standing:
    """How a vial stands by its way and its records; a decision covers what was known when it was taken."""
    lines = records_of(product, vial, chain)
    decision = vial.judged.body if vial.judged else None
    known = decision.up_to if isinstance(decision, kinds.VialsJudged) else 0
    if vial.judged and isinstance(decision, kinds.VialsJudged) and decision.decision == "reject":
        text = f"Vial {vial.code} was rejected (event {vial.judged.seq})."
        return Standing("rejected", (Reason("VIAL-001", text, "Take another vial; destroy this one."),), lines)
    news = records_of(product, vial, chain, after=known) if known else lines
    wrong = [*_against_findings(vial, known), *_against_records(vial, news)]
    if wrong:
        return Standing("quarantined", tuple(wrong), lines)
    waiting = tuple(_waited_for(product, vial, known))
    if waiting:
        return Standing("waiting", waiting, lines)
    clean = not vial.findings and all(line.judged.verdict == "in label" for line in lines)
    read = {*vial.trips} <= {line.where for line in lines if line.place == TRANSPORT}
    return Standing("in label" if clean and read else BY_DECISION, (), lines)


Told = tuple[kinds.Stay, int, str]
"""What a file says of a vial, its event, and until when its logger was calibrated; an empty text sorts first."""


def records_of(
    product: Product, vial: Vial, chain: ColdChain | None, *, after: int = 0, until: float = math.inf
) -> tuple[RecordLine, ...]:
    """The records of a vial, those of one logger at one place joined, each judged over the vial's stay there.

    after, until  only what the events in between brought: a stretch that began before `after` is judged from then on
    """
    grouped: dict[tuple[str, str, str], list[Told]] = {}
    for event in vial.records:
        body = event.body
        if isinstance(body, kinds.TemperatureImported) and event.seq <= until:
            own = [(stay, event.seq, body.calibrated_to) for stay in body.stays if vial.code in stay.vials]
            grouped.setdefault((body.place, body.where, body.logger), []).extend(own)
    found = (_line(product, key, stays, chain, after=after) for key, stays in grouped.items())
    return tuple(line for line in found if line.seq > after)


def _line(
    product: Product,
    key: tuple[str, str, str],
    stays: list[Told],
    chain: ColdChain | None,
    *,
    after: int,
) -> RecordLine:
    place, where, _ = key
    levels = Levels.of(chain or ColdChain(), place)
    told = [(stay.summary, seq) for stay, seq, _ in stays if stay.summary]
    calibrated = min(until for _, seq, until in stays if seq > after or seq == stays[-1][1])
    fresh = sorted((summary for summary, seq in told if seq > after), key=lambda summary: summary.first)
    before = [summary for summary, seq in told if seq <= after and fresh and summary.last < fresh[0].first]
    if before:
        last = max(before, key=lambda summary: summary.last)
        seam = summarise_readings([last.last], [last.last_c], levels)
        fresh = [seam, *fresh] if seam else fresh
    joined = reduce(lambda early, late: join_summaries(early, late, levels), fresh) if fresh else None
    window = None if after else _window(product, place, where)
    judged = judge_summary(joined, chain, place, window=window, calibrated_to=calibrated)
    return RecordLine(place, where, judged, joined, stays[-1][1])


def _window(product: Product, place: str, where: str) -> tuple[float, float] | None:
    """When a shipment was under way: its record has to cover that; a freezer's record is read in parts as time goes."""
    shipment = product.shipments.get(where) if place == TRANSPORT else None
    if shipment is None or shipment.received is None:
        return None
    return moment_told(shipment.packed).timestamp(), moment_told(shipment.received).timestamp()


def moment_told(event: Event) -> datetime:
    """When something happened: as recorded with its zone, else when it was written."""
    try:
        told = datetime.fromisoformat(event.occurred) if event.occurred else event.at
    except ValueError:
        return event.at
    return told if told.tzinfo else event.at


def _against_findings(vial: Vial, known: int) -> Iterator[Reason]:
    for event in vial.findings:
        if event.seq > known:
            text = f"At receipt (event {event.seq}) vial {vial.code} or its seal was not as it should be."
            yield Reason("VIAL-002", text, "The sponsor decides on it.")


def _against_records(vial: Vial, lines: tuple[RecordLine, ...]) -> Iterator[Reason]:
    for line in lines:
        if line.judged.verdict != "in label":
            said = " ".join(line.judged.reasons[:3])
            text = f"Vial {vial.code}, {line.place} {line.where}: {line.judged.verdict}. {said}"
            yield Reason("VIAL-003", text, f"The sponsor decides on it (event {line.seq}).")


def _waited_for(product: Product, vial: Vial, known: int) -> Iterator[Reason]:
    """What must be there before a vial that came by a shipment is used."""
    recorded = {
        event.body.where for event in vial.records if isinstance(event.body, kinds.TemperatureImported)
    }  # fmt: skip
    for trip in vial.trips:
        shipment = product.shipments[trip]
        received = shipment.received
        if received is None:
            yield Reason("VIAL-004", f"Shipment {trip} with vial {vial.code} is not received.", "Receive it first.")
            continue
        if shipment.countersigned is None:
            text = f"Nobody has countersigned the receipt of {trip}."
            yield Reason("VIAL-005", text, "A second person signs it.")
        if trip not in recorded and received.seq > known:
            text = f"The temperature record of {trip} has not been read."
            yield Reason("VIAL-006", text, f"Import the file of logger {shipment.body.logger}.")


def reasons_against_lot(lot: Lot, on: date) -> list[Reason]:
    """Why no vial of a lot may be used on a date: not released, blocked, failing, expired."""
    body, reasons = lot.body, list[Reason]()
    if lot.blocked:
        text = f"Lot {body.lot} is blocked (event {lot.blocked.seq})."
        reasons.append(Reason("LOT-001", text, "Use another lot."))
    elif not lot.released:
        text = f"Lot {body.lot} is not released: {len({event.actor for event in lot.signed})} of 2 have signed."
        reasons.append(Reason("LOT-002", text, "Have its release signed."))
    failing = failing_tests(body)
    if failing:
        reasons.append(Reason("LOT-003", f"Lot {body.lot} fails: {', '.join(failing)}.", "Use another lot."))
    if on > date.fromisoformat(body.expires):
        text = f"Lot {body.lot} expired on {body.expires}."
        reasons.append(Reason("LOT-004", text, "Use another lot."))
    return reasons


def failing_tests(body: kinds.LotRegistered) -> list[str]:
    """The tests of a certificate that did not pass."""
    return [test.name for test in body.tests if not test.passed]


def reasons_against_use(product: Product, vial: Vial, chain: ColdChain | None, on: date) -> list[Reason]:
    """Why a vial may not be taken for a dose on a date."""
    reasons = reasons_against_lot(product.lots[vial.lot], on)
    return [*reasons, *standing_of(product, vial, chain).reasons]


def use_by(vial: Vial, chain: ColdChain | None) -> datetime | None:
    """Until when a thawed vial may be inhaled; None where it is not thawed or the protocol states no time."""
    if vial.thawed is None or chain is None or chain.use_within_minutes is None:
        return None
    return moment_told(vial.thawed).astimezone(UTC) + timedelta(minutes=chain.use_within_minutes)


def reasons_against_inhaling(
    product: Product, chain: ColdChain | None, scanned: str, *, subject: str, day: int, now: datetime
) -> list[Reason]:
    """Why an inhalation may not start with what was scanned: each vial by name, and what to do.

    scanned  the labels as the scanner wrote them, parted by spaces, commas or semicolons
    """
    codes = split_scanned(scanned)
    if not codes:
        return [Reason("VIAL-010", "No vial is scanned.", "Scan the label of every vial of this dose.")]
    unknown = [code for code in codes if code not in product.vials]
    if unknown:
        text = f"Vial {', '.join(code[:30] for code in unknown[:5])} is not in the register."
        return [Reason("VIAL-011", text, "Scan again; ask the pharmacist.")]
    reasons: list[Reason] = []
    for vial in (product.vials[code] for code in codes):
        reasons += _against_vial(product, vial, chain, subject=subject, day=day, now=now)
    prepared = [product.vials[code].prepared for code in codes]
    made_of = {
        code
        for event in prepared
        if event and isinstance(event.body, kinds.DosePrepared)
        for code in event.body.drawn_ml
    }
    missing = sorted(made_of - {*codes})
    if missing:
        text = f"The dose is made of {', '.join(missing)} too."
        reasons.append(Reason("VIAL-012", text, "Scan every vial of this dose."))
    return reasons


def _against_vial(
    product: Product, vial: Vial, chain: ColdChain | None, *, subject: str, day: int, now: datetime
) -> Iterator[Reason]:
    if vial.subject and (vial.subject, vial.day) != (subject, day):
        text = f"Vial {vial.code} is for {vial.subject}, day {vial.day}."
        yield Reason("VIAL-013", text, f"Scan the vial of {subject}, day {day}.")
    if vial.place != "prepared":
        yield Reason("VIAL-014", f"Vial {vial.code} is {vial.place}, not prepared.", "Prepare the dose first.")
    elif vial.checked is None:
        text = f"Nobody has checked the preparation of vial {vial.code}."
        yield Reason("VIAL-015", text, "A second person checks it and signs.")
    until = use_by(vial, chain)
    if until and now > until:
        text = f"Vial {vial.code} had to be inhaled by {until:%Y-%m-%d %H:%M} UTC."
        yield Reason("VIAL-016", text, "Discard it and prepare a new dose.")
    yield from reasons_against_use(product, vial, chain, now.date())
