"""What of a dose left the cup: volume and vesicles, exactly; unknown where the rest was not measured."""

from decimal import Decimal
from fractions import Fraction

import msgspec

from firstbreath.events import kinds
from firstbreath.protocol.entries import parse_number
from firstbreath.subjects.session import start_of
from firstbreath.subjects.state import Subject


class Delivered(msgspec.Struct, frozen=True):
    """Volumes in ml and the amount that left the cup; None for what is not known."""

    filled_ml: Decimal | None
    volume_ml: Decimal | None
    amount: Fraction | None
    unit: str


def compute_delivered(subject: Subject, day: int) -> Delivered | None:
    """What of the dose of a day left the cup; None when none was begun."""
    dose, start = subject.doses.get(day), start_of(subject, day)
    body = dose.body if dose else None
    if not isinstance(body, kinds.DoseGiven | kinds.DoseInterrupted):
        return None
    begun = start.body.volume_ml if start and isinstance(start.body, kinds.InhalationStarted) else ""
    if isinstance(body, kinds.DoseGiven):
        filled = _number(body.volume_ml or begun)
        volume = given_from(filled, _number(body.residual_ml))
    else:
        filled, volume = _number(begun), _number(body.given_ml)
    return Delivered(filled, volume, amount_in(_number(body.amount), volume, filled), body.unit)


def given_from(filled_ml: Decimal | None, residual_ml: Decimal | None) -> Decimal | None:
    """What left the cup: what was filled less what was left; None where either was not measured."""
    return None if filled_ml is None or residual_ml is None else filled_ml - residual_ml


def amount_in(amount: Decimal | None, volume_ml: Decimal | None, filled_ml: Decimal | None) -> Fraction | None:
    """The part of an amount that a part of its volume holds, as the liquid is well mixed."""
    if amount is None or volume_ml is None or not filled_ml:
        return None
    return Fraction(amount) * Fraction(volume_ml) / Fraction(filled_ml)


def _number(text: str) -> Decimal | None:
    try:
        return parse_number(text)
    except ValueError:
        return None
