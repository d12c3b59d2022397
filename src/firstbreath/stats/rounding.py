"""How an exact value is printed: half up on the decimal value, never on a binary float."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias

from firstbreath.stats.refusals import NotComputable

ExactNumber: TypeAlias = Fraction | Decimal | int


def compute_fraction(value: ExactNumber) -> Fraction:
    """The value as a fraction, nothing lost.

    value : a finite exact number. A float is refused: 0.1 as a float is not one tenth.
    Raises NotComputable for NaN, infinity, or anything but a Fraction, Decimal or int.
    """
    if isinstance(value, Decimal) and not value.is_finite():
        raise NotComputable(f"{value} is not a finite number: leave missing values out before computing")
    if not isinstance(value, Fraction | Decimal | int):
        raise NotComputable(f"{value!r} is a {type(value).__name__}: give a Decimal, Fraction or int")
    return Fraction(value)


def round_half_up(value: ExactNumber, decimals: int) -> Decimal:
    """The value at so many decimals, half away from zero; never a negative zero.

    value : finite exact number, any unit. decimals : digits after the point, 0 or more.
    Raises NotComputable for a value that is not finite and exact, or negative decimals.
    """
    if decimals < 0:
        raise NotComputable(f"decimals is {decimals}: it counts digits after the point and is 0 or more")
    fraction = compute_fraction(value)
    scaled = floor(abs(fraction) * 10**decimals + Fraction(1, 2))
    digits = tuple(int(digit) for digit in str(scaled))
    return Decimal((int(fraction < 0 and scaled > 0), digits, -decimals))


def decimals_of(printed: str | Decimal) -> int:
    """The number of digits printed after the decimal point: 4 for "0.0559", 0 for "30".

    printed : the number as it stands in the text, trailing zeros kept.
    Raises NotComputable when the text is not one finite number.
    """
    try:
        exponent = Decimal(printed).as_tuple().exponent
    except InvalidOperation:
        raise NotComputable(f"{printed!r} is not a printed number: give digits only, such as 0.0559") from None
    if exponent in {"n", "N", "F"}:
        raise NotComputable(f"{printed!r} is not a finite number: give digits only, such as 0.0559")
    return max(0, -int(exponent))


def render_number(value: ExactNumber, decimals: int) -> str:
    """The text of a value at so many decimals, half up, without an exponent.

    value : finite exact number, any unit. decimals : digits after the point, 0 or more.
    Raises NotComputable as `round_half_up`.
    """
    return format(round_half_up(value, decimals), "f")


def prints_as(value: Fraction, printed: Decimal) -> bool:
    """True when the value, rounded half up to the decimals printed, is exactly what is printed.

    value : exact. printed : the number in the text, trailing zeros kept.
    Raises NotComputable when either is not finite.
    """
    return round_half_up(value, decimals_of(printed)) == printed


def could_print_as(value: Fraction, printed: Decimal) -> bool:
    """True when half-up rounding, or another usual rule for an exact half, gives what is printed.

    0.03125 is printed 0.0313 half up and 0.0312 by software that rounds halves to even, so the checks
    that call a number impossible use this, and `prints_as` is left for text we print ourselves.

    value : exact. printed : the number in the text, trailing zeros kept.
    Raises NotComputable when either is not finite.
    Source: R package scrutiny, rounding = "up_or_down".
    """
    low, high = compute_print_range(printed)
    return low <= compute_fraction(value) <= high


def compute_print_range(printed: Decimal) -> tuple[Fraction, Fraction]:
    """The least and greatest exact values that could have been printed so, both ends included.

    printed : the number in the text, trailing zeros kept.
    Raises NotComputable when it is not finite.
    """
    half_unit = Fraction(1, 2 * 10 ** decimals_of(printed))
    centre = compute_fraction(printed)
    return centre - half_unit, centre + half_unit


def some_multiple_prints(step: Fraction, printed: Decimal) -> bool:
    """True when some whole number of steps could have been printed so.

    step : above 0. printed : the number in the text, trailing zeros kept.
    Raises NotComputable when either is not finite.
    """
    low, high = compute_print_range(printed)
    return ceil(low / step) * step <= high
