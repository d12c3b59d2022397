"""What is where: the balance of a lot, what can be used at a site, and until when it lasts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING

import msgspec

from firstbreath.product.codes import number_of
from firstbreath.product.standing import reasons_against_lot, standing_of
from firstbreath.product.state import PLACES, Product, Vial
from firstbreath.protocol.values import ColdChain, Dose


class Balance(msgspec.Struct, frozen=True):
    """How many vials of a lot were registered, and how many are in each place; both must agree."""

    lot: str
    registered: int
    by_place: Mapping[str, int]

    @property
    def closes(self) -> bool:
        """Whether every vial is somewhere."""
        return sum(self.by_place.values()) == self.registered


def compute_balance(product: Product, lot: str) -> Balance:
    """The balance of a lot; every place is named, those without a vial with 0."""
    body = product.lots[lot].body
    counts = Counter(vial.place for vial in product.of_lot(lot))
    return Balance(lot, len(body.vials), {place: counts[place] for place in PLACES})


def usable_vials(product: Product, site: str, chain: ColdChain | None, on: date) -> list[Vial]:
    """The vials stored or received at a site that may be taken for a dose, the one that expires first first."""
    found = [
        vial
        for vial in product.all_vials()
        if vial.site == site
        and vial.place in ("stored", "received")
        and not reasons_against_lot(product.lots[vial.lot], on)
        and standing_of(product, vial, chain).ready
    ]
    return sorted(found, key=lambda vial: (product.lots[vial.lot].body.expires, vial.code))


class Forecast(msgspec.Struct, frozen=True):
    """What the site will need and has: vials for the doses still due, those usable, and on which day they run out.

    `due` is how many vials each coming day needs; `runs_out` is the first day for which none is left, or None.
    """

    usable: int
    due: tuple[tuple[date, int], ...]
    runs_out: date | None

    @property
    def needed(self) -> int:
        """The vials that the doses still due need."""
        return sum(count for _, count in self.due)


def forecast_stock(usable: Sequence[Vial], due: Sequence[tuple[date, int]], product: Product) -> Forecast:
    """The forecast for doses due on days (date, vials), each taking the vial that expires first of those that hold."""
    left = [date.fromisoformat(product.lots[vial.lot].body.expires) for vial in usable]
    runs_out = None
    for day, count in sorted(due):
        for _ in range(count):
            left = [expires for expires in left if expires >= day]
            if not left:
                runs_out = runs_out or day
            left = left[1:]
    return Forecast(len(usable), tuple(sorted(due)), runs_out)


def vials_needed(dose: Dose, content: str) -> int:
    """How many vials a dose takes, each with this content; 0 where the content is no number."""
    holds = number_of(content)
    return int((dose.amount / holds).to_integral_value(ROUND_CEILING)) if holds else 0
