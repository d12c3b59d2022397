"""The accountability log of each site on paper: a line for each vial, the closing balance, and what has to add up.

Name to know: `compose_accountability`. Never here: a vial of a site that is not in view, or what became of a vial
after it left for another site.
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.paper.accountability_balance import (
    STOCK,
    Line,
    compute_site_balance,
    list_lots,
    note_shipments,
    place_at,
    receipt_of,
    state_balance,
    sum_balance,
)
from firstbreath.paper.product_papers import Facts, PaperHead, happened, head_of, product_facts, render_when
from firstbreath.people.rights import ROLES
from firstbreath.product.state import Vial
from firstbreath.protocol.values import Protocol
from firstbreath.trial.accountability import COLUMNS, accountability_table
from firstbreath.trial.state import Trial

GONE = {"vials_returned": "returned", "vials_destroyed": "destroyed", "vials_lost": "lost"}


class SiteLog(msgspec.Struct, frozen=True):
    """The log of one site. `lines` are its vials, `balance` its lots; `statement` is what has to add up, in words."""

    site: str
    facts: Facts
    lines: tuple[Line, ...]
    balance: tuple[Line, ...]
    statement: str
    closes: bool
    notes: tuple[str, ...]
    people: str


class AccountabilityLog(msgspec.Struct, frozen=True):
    """The logs of all sites in view; `lots` says for each lot where all its vials are, those of other sites too."""

    top: PaperHead
    sites: tuple[SiteLog, ...]
    lots: tuple[Line, ...]


LINE_COLUMNS = (
    *("Vial", "Lot, expiry", "Received: shipment, on, by", "Countersigned by, on", "Temperature verdict"),
    *("Dispensed to subject, day", "Thawed", "Prepared by / checked by", "Given: on, by"),
    *("Returned, destroyed, lost, sent on: on, by", "Reason", "Balance"),
)


def compose_accountability(
    trial: Trial, protocol: Protocol, *, head: str, sees: Callable[[str], bool]
) -> AccountabilityLog:
    """The log of every site in view, in the order of the protocol.

    head  the head of the log, as printed
    sees  whether a site is in view
    """
    shipped_to = (shipment.body.to for shipment in trial.product.shipments.values())
    sites = [site for site in dict.fromkeys([*protocol.design.trial.sites, *sorted(shipped_to)]) if sees(site)]
    table = accountability_table(trial, protocol, sees=sees)
    told = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in table.rows}
    logs = tuple(_site_log(trial, protocol, site, told) for site in sites)
    return AccountabilityLog(head_of(trial, protocol, head), logs, tuple(list_lots(trial.product)))


def _site_log(trial: Trial, protocol: Protocol, site: str, told: dict[str, dict[str, str]]) -> SiteLog:
    product = trial.product
    vials = [vial for vial in product.all_vials() if receipt_of(product, vial, site)]
    lines, stock = list[Line](), 0
    for vial in vials:
        stock += place_at(vial, site) in STOCK
        cells = _told_line(trial, told[vial.code], vial) if vial.site == site else _moved_line(trial, vial, site)
        lines.append((*cells, str(stock)))
    balance = compute_site_balance(product, vials, site)
    total = (sum_balance(balance),) if balance else ()
    return SiteLog(
        site=site,
        facts=(*product_facts(protocol), ("Lots", ", ".join(line.lot for line in balance) or "none received")),
        lines=tuple(lines),
        balance=tuple(line.cells for line in (*balance, *total)),
        statement=state_balance(balance),
        closes=not any(line.difference for line in balance),
        notes=tuple(note_shipments(product, site)),
        people=_people_of(trial, vials, site),
    )


def _told_line(trial: Trial, row: dict[str, str], vial: Vial) -> Line:
    """The cells of a vial that is at its site: its receipt there, and the rest as the table tells it."""
    name, used = trial.people.name_of, vial.place == "used"
    verdict = row["temperature"]
    if row["decision"]:
        verdict += f"; decision: {row['decision']}, {name(row['decided_by'])}"
    return (
        *(row["vial"], _lines(row["lot"], f"exp. {row['expires']}"), *_came(trial, vial, vial.site), verdict),
        *(f"{row['subject']}, day {row['day']}" if row["subject"] else "", render_when(row["thawed"])),
        _lines(name(row["prepared_by"]), f"/ {name(row['checked_by'])}" if row["checked_by"] else ""),
        _lines(render_when(row["inhaled"]), name(row["given_by"])) if used else "",
        *(_end_of(trial, row, vial), row["reason"]),
    )


def _moved_line(trial: Trial, vial: Vial, site: str) -> Line:
    """The cells of a vial that went on to another site: how it came, and that it left."""
    shipment, lot = receipt_of(trial.product, vial, site), trial.product.lots[vial.lot].body
    after = shipment.received.seq if shipment and shipment.received else 0
    came = _came(trial, vial, site)
    return (vial.code, _lines(vial.lot, f"exp. {lot.expires}"), *came, *("",) * 5, _sent_on(trial, vial, after), "")


def _came(trial: Trial, vial: Vial, site: str) -> tuple[str, str]:
    """How a vial came to a site, and who countersigned."""
    name, shipment = trial.people.name_of, receipt_of(trial.product, vial, site)
    if shipment is None or shipment.received is None:
        return "", ""
    received, signed = shipment.received, shipment.countersigned
    signer = _lines(name(signed.actor), happened(signed)) if signed else "NOT COUNTERSIGNED"
    return _lines(shipment.body.shipment, happened(received), name(received.actor)), signer


def _end_of(trial: Trial, row: dict[str, str], vial: Vial) -> str:
    """How a vial left the site other than by use: a return with to whom, a destruction with its second signature."""
    ended, about = GONE.get(row["returned_destroyed_or_lost"], ""), ""
    if not ended:
        return _sent_on(trial, vial, 0) if vial.place == "in transit" else ""
    last = next(event for event in reversed(vial.history) if event.kind == row["returned_destroyed_or_lost"])
    if isinstance(last.body, kinds.VialsReturned):
        ended = f"{ended} to {last.body.to}"
    elif isinstance(last.body, kinds.VialsDestroyed):
        signed = trial.product.countersigned.get(last.seq)
        about = f"countersigned: {trial.people.name_of(signed.actor)}" if signed else "NOT COUNTERSIGNED"
    return _lines(ended, render_when(row["when"]), trial.people.name_of(row["by"]), about)


def _sent_on(trial: Trial, vial: Vial, after: int) -> str:
    """That a vial left for another site: the first time after an event, or the last time of all."""
    left = [event for event in vial.history if isinstance(event.body, kinds.ShipmentSent) and event.seq > after]
    if not left:
        return ""
    sent = left[0] if after else left[-1]
    code = getattr(sent.body, "shipment", "")
    words = f"sent on to {trial.product.shipments[code].body.to} ({code})"
    return _lines(words, happened(sent), trial.people.name_of(sent.actor))


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _people_of(trial: Trial, vials: Sequence[Vial], site: str) -> str:
    """Everybody who handled the vials of a log at its site: name, account and roles."""
    events = {event.seq: event for vial in vials for event in _handled(trial, vial, site)}
    roles: dict[str, set[str]] = {}
    for _, event in sorted(events.items()):
        roles.setdefault(event.actor, set()).add(ROLES.get(event.role, event.role))
    told = (f"{trial.people.name_of(actor)} ({actor}): {', '.join(sorted(held))}" for actor, held in roles.items())
    return "; ".join(told)


def _handled(trial: Trial, vial: Vial, site: str) -> Iterator[Event]:
    """What was done with a vial at a site, from its receipt on, and the second signatures."""
    shipment = receipt_of(trial.product, vial, site)
    if shipment is None or shipment.received is None:
        return
    yield shipment.received
    if shipment.countersigned:
        yield shipment.countersigned
    for event in vial.history if vial.site == site else ():
        signed = trial.product.countersigned.get(event.seq)
        if event.seq > shipment.received.seq:
            yield event
            yield from (signed,) if signed else ()
