"""The accountability log: one line for each vial, in the form that a monitor reconciles."""

from collections.abc import Callable
from datetime import UTC, datetime

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.product.standing import standing_of, use_by
from firstbreath.product.state import Vial
from firstbreath.protocol.values import Protocol
from firstbreath.trial.state import Trial
from firstbreath.trial.tables_out import DataTable, Row, recorded_at

COLUMNS = (
    *("vial", "lot", "expires", "site", "shipment", "received", "received_by", "countersigned_by", "temperature"),
    *("place", "subject", "day", "thawed", "use_by", "prepared_by", "checked_by", "inhaled", "given_by"),
    *("returned_destroyed_or_lost", "when", "by", "reason", "decision", "decided_by"),
)


def accountability_table(trial: Trial, protocol: Protocol, *, sees: Callable[[str], bool]) -> DataTable:
    """A row for each vial of the sites in view, in the order of the register."""
    rows = tuple(_row(trial, protocol, vial) for vial in trial.product.all_vials() if not vial.site or sees(vial.site))
    return DataTable("accountability", COLUMNS, rows)


def temperature_table(trial: Trial, *, sees: Callable[[str], bool]) -> DataTable:
    """A row for each stay of vials in view that a logger's file tells of, with what it says in short."""
    columns = (
        *("place", "where", "logger", "file", "sha256", "vials", "begins", "ends", "readings"),
        *("min_c", "max_c", "above_s", "below_s", "thawed_s", "thaws", "gaps", "imported_by", "event"),
    )
    rows = [
        (*(body.place, body.where, body.logger, body.name, body.digest), *_stay(stay), event.actor, str(event.seq))
        for event in trial.product.records
        if isinstance(body := event.body, kinds.TemperatureImported)
        for stay in body.stays
        if any(sees(trial.product.vials[code].site) for code in stay.vials)
    ]
    return DataTable("temperature", columns, tuple(rows))


def _stay(stay: kinds.Stay) -> Row:
    told, times = stay.summary, (_moment(stay.begins), _moment(stay.ends))
    if told is None:
        return (" ".join(stay.vials), *times, "0", *("",) * 7)
    spans = (sum(spell.seconds for spell in spells) for spells in (told.above, told.below, told.thawed))
    numbers = (told.readings, told.min_c, told.max_c, *spans, told.thaws, len(told.gaps))
    return (" ".join(stay.vials), *times, *(f"{number:g}" for number in numbers))


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _row(trial: Trial, protocol: Protocol, vial: Vial) -> Row:
    product, chain = trial.product, protocol.design.cold_chain
    shipment = product.shipments[vial.trips[-1]] if vial.trips else None
    received = shipment.received if shipment else None
    countersigned = shipment.countersigned if shipment else None
    used = _last(vial, kinds.VialsUsed) if vial.place == "used" else None
    gone = _last(vial, kinds.VialsReturned, kinds.VialsDestroyed, kinds.VialsLost)
    until = use_by(vial, chain)
    return (
        *(vial.code, vial.lot, product.lots[vial.lot].body.expires, vial.site, vial.trips[-1] if vial.trips else ""),
        *(_when(received), _who(received), _who(countersigned), standing_of(product, vial, chain).word),
        *(vial.place, vial.subject, str(vial.day or ""), _when(vial.thawed)),
        *(f"{until:%Y-%m-%dT%H:%MZ}" if until else "", _who(vial.prepared), _who(vial.checked)),
        *(_when(used), _who(used), gone.kind if gone else "", _when(gone), _who(gone), gone.reason if gone else ""),
        *(getattr(vial.judged.body, "decision", "") if vial.judged else "", _who(vial.judged)),
    )


def _last(vial: Vial, *wanted: type[kinds.Body]) -> Event | None:
    return next((event for event in reversed(vial.history) if isinstance(event.body, wanted)), None)


def _when(event: Event | None) -> str:
    return (event.occurred or recorded_at(event)) if event else ""


def _who(event: Event | None) -> str:
    return event.actor if event else ""
