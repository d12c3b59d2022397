"""From the prescribed amount to volumes: what to draw from each vial, and what to fill it up with."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

import msgspec

from firstbreath.events import kinds
from firstbreath.product.codes import number_of
from firstbreath.protocol.values import Dose

PERCENT = Decimal(100)


class Worksheet(msgspec.Struct, frozen=True):
    """How a dose is made up; volumes in ml, amounts in the units of the dose.

    drawn          what to draw from each vial in turn, to what the syringe can be read to
    made           the amount that is then in the cup
    differs_percent  how far that is from the prescribed amount
    """

    drawn: tuple[Decimal, ...]
    diluent: Decimal
    volume: Decimal
    made: Decimal
    differs_percent: Decimal

    @property
    def vials(self) -> int:
        """How many vials it takes."""
        return len(self.drawn)

    @property
    def total(self) -> Decimal:
        """What is drawn from all of them."""
        return sum(self.drawn, Decimal(0))


class CannotPrepare(ValueError):
    """The dose cannot be made up from these vials: the text says why."""


def compute_worksheet(
    dose: Dose, lot: kinds.LotRegistered, *, step_ml: Decimal | None, lost_ml: Decimal = Decimal(0)
) -> Worksheet:
    """How a dose is made up from the vials of a lot.

    step_ml  what the syringe can be read to; None: not rounded
    lost_ml  what stays in each vial and cannot be drawn, where that is known
    Raises `CannotPrepare` when the certificate states no amounts, or more would be drawn than the dose's volume.
    """
    content, holds = number_of(lot.content), number_of(lot.volume_ml)
    if content is None or holds is None or holds <= lost_ml:
        msg = f"Lot {lot.lot} states no content and volume to draw from."
        raise CannotPrepare(msg)
    per_ml, usable = content / holds, holds - lost_ml
    wanted = dose.amount / per_ml
    count = int((wanted / usable).to_integral_value(ROUND_CEILING))
    last = wanted - usable * (count - 1)
    drawn = tuple(_round(part, step_ml, most=usable) for part in (*[usable] * (count - 1), last))
    total = sum(drawn, Decimal(0))
    volume = dose.volume_ml if dose.volume_ml is not None else total
    if total > volume:
        msg = f"{total} ml would be drawn, the dose has {volume} ml: the vials hold too little in a millilitre."
        raise CannotPrepare(msg)
    made = total * per_ml
    differs = ((made - dose.amount) / dose.amount * PERCENT).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Worksheet(drawn, volume - total, volume, made, differs)


def _round(part: Decimal, step: Decimal | None, *, most: Decimal) -> Decimal:
    """A volume to what the syringe shows, never more than there is."""
    if step is None:
        return part
    rounded = (part / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return rounded if rounded <= most else rounded - step


def amount_in(lot: kinds.LotRegistered, drawn_ml: str) -> Decimal | None:
    """How much of the product is in what was drawn from a vial of a lot; None where a number is lacking."""
    content, holds, drawn = number_of(lot.content), number_of(lot.volume_ml), number_of(drawn_ml)
    return None if content is None or holds is None or drawn is None else content / holds * drawn
