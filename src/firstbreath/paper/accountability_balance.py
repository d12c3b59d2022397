"""What has to add up at a site: vials that its shipments brought, against where the vials of its log are now."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.product.state import PLACES, Place, Product, Shipment, Vial
from firstbreath.product.stock import compute_balance

STOCK: tuple[Place, ...] = ("received", "stored", "withdrawn", "thawed", "prepared", "packed")
ENDS: tuple[Place, ...] = ("used", "returned", "destroyed", "lost")
SENT_ON = "sent on"
BALANCE_COLUMNS = (
    *("Lot", "Received in all", "received, not stored", *STOCK[1:-1], "packed to leave", *ENDS, SENT_ON),
    *("Difference", "In stock", "Counted on the shelf"),
)
LOT_COLUMNS = ("Lot", "Registered", *PLACES, "Balance")
Line = tuple[str, ...]


class BalanceLine(msgspec.Struct, frozen=True):
    """Vials of a lot at a site: how many its shipments brought, and how many are in each place now."""

    lot: str
    received: int
    places: tuple[int, ...]

    @property
    def stock(self) -> int:
        """Vials that are still at the site."""
        return sum(self.places[: len(STOCK)])

    @property
    def difference(self) -> int:
        """Vials that came and are nowhere; 0 when the line closes."""
        return self.received - sum(self.places)

    @property
    def cells(self) -> Line:
        """The line as printed; the count on the shelf is left to a pen."""
        return (self.lot, *(str(count) for count in (self.received, *self.places, self.difference, self.stock)), "")


def receipt_of(product: Product, vial: Vial, site: str) -> Shipment | None:
    """The shipment that last brought a vial to a site."""
    known = {event.seq for event in vial.history}
    trips = (product.shipments[trip] for trip in reversed(vial.trips))
    return next((trip for trip in trips if trip.body.to == site and trip.received and trip.received.seq in known), None)


def place_at(vial: Vial, site: str) -> str:
    """Where a vial is as a site sees it: one under way to another site, or there, was sent on."""
    return SENT_ON if vial.site != site or vial.place == "in transit" else vial.place


def compute_site_balance(product: Product, vials: Sequence[Vial], site: str) -> tuple[BalanceLine, ...]:
    """A line for each lot: what the shipments brought, and where the vials of the log are. They are counted apart."""
    brought = Counter(product.vials[code].lot for code in _brought(product, site))
    counts = Counter((vial.lot, place_at(vial, site)) for vial in vials)
    lots = sorted({*brought, *(vial.lot for vial in vials)}, key=lambda lot: product.lots[lot].registered.seq)
    places = (*STOCK, *ENDS, SENT_ON)
    return tuple(BalanceLine(lot, brought[lot], tuple(counts[lot, place] for place in places)) for lot in lots)


def _brought(product: Product, site: str) -> set[str]:
    """The vials that shipments brought to a site: packed, and not lost before they were received."""
    found: set[str] = set()
    for shipment in product.shipments.values():
        if shipment.received and shipment.body.to == site:
            seq = shipment.received.seq
            found |= {code for code in shipment.body.vials if not _lost_before(product.vials[code], seq)}
    return found


def _lost_before(vial: Vial, seq: int) -> bool:
    return any(isinstance(event.body, kinds.VialsLost) and event.seq < seq for event in vial.history)


def sum_balance(balance: Sequence[BalanceLine]) -> BalanceLine:
    """The sum over all lots."""
    places = zip(*(line.places for line in balance), strict=True)
    return BalanceLine("All lots", sum(line.received for line in balance), tuple(sum(each) for each in places))


def state_balance(balance: Sequence[BalanceLine]) -> str:
    """What has to add up, in words: received against used, returned, destroyed, lost, sent on and in stock."""
    if not balance:
        return "No vial was received at this site."
    total = sum_balance(balance)
    ended = zip((*ENDS, SENT_ON), total.places[len(STOCK) :], strict=True)
    parts = " + ".join(f"{place} {count}" for place, count in ended)
    wrong = ", ".join(f"lot {line.lot} by {line.difference}" for line in balance if line.difference)
    verdict = f"THE LOG DOES NOT RECONCILE: {wrong}." if wrong else "The log reconciles."
    return f"Received {total.received} = {parts} + in stock {total.stock}. {verdict}"


def list_lots(product: Product) -> Iterator[Line]:
    """Each lot with where all its vials are, at every site and before any."""
    for lot in sorted(product.lots.values(), key=lambda lot: lot.registered.seq):
        balance = compute_balance(product, lot.body.lot)
        counts = (str(balance.by_place[place]) for place in PLACES)
        yield (balance.lot, str(balance.registered), *counts, "closes" if balance.closes else "DOES NOT CLOSE")


def note_shipments(product: Product, site: str) -> Iterator[str]:
    """What was packed for a site and has not come, or was lost on the way."""
    for code, shipment in product.shipments.items():
        if shipment.body.to != site:
            continue
        lost = [each for each in shipment.body.vials if _lost_under_way(product.vials[each], code)]
        if lost:
            yield f"Lost before receipt, shipment {code}: {', '.join(lost)}."
        if shipment.received is None:
            word = "on its way" if shipment.sent else "packed"
            rest = ", ".join(each for each in shipment.body.vials if each not in lost)
            yield f"Shipment {code} is {word}, not received: {rest or 'no vial is left in it'}."


def _lost_under_way(vial: Vial, trip: str) -> bool:
    """Whether a vial was lost on a trip: packed for it, and never received from it."""
    received = [event for event in vial.history if isinstance(event.body, kinds.ShipmentReceived)]
    came = any(getattr(event.body, "shipment", "") == trip for event in received)
    return vial.place == "lost" and vial.trips[-1] == trip and not came
