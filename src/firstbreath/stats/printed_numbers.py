"""Numbers as they stand in a text, trailing zeros kept: what was lost in rounding depends on them."""

import re
from decimal import Decimal
from fractions import Fraction
from numbers import Integral
from typing import TypeAlias

from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import decimals_of

Printed: TypeAlias = str | Decimal | int
"""A number as printed. A float will not do: 57.0 and 57.00 are one float, and two statements."""
MOST_DECIMALS = 20
LARGEST = Decimal("1e20")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:e[+-]?[0-9]{1,2})?", re.IGNORECASE)


def parse_printed(value: object, name: str) -> Decimal:
    """The number printed, trailing zeros kept.

    value : text such as "57", "-0.50" or "1.6e9", a Decimal, or a whole number. name : for the message.
    Raises NotComputable for a float, True, None, other text, and what is not finite; TooLarge beyond 1e20 or
    20 decimals.
    """
    if isinstance(value, bool) or not isinstance(value, str | Decimal | Integral):
        kind = type(value).__name__
        raise NotComputable(f"{name} is {value!r} ({kind}): give it as text, as printed, so that trailing zeros count")
    text = str(value).strip().replace("−", "-")
    if not _NUMBER.fullmatch(text):
        raise NotComputable(f"{name} is {text[:40]!r}: give the digits printed, with a point, such as 57 or 1.60")
    number = Decimal(text)
    if abs(number) > LARGEST:
        raise TooLarge(f"{name} is {number}: at most {LARGEST} can be checked")
    if decimals_of(number) > MOST_DECIMALS:
        raise TooLarge(f"{name} has {decimals_of(number)} decimals: at most {MOST_DECIMALS} can be checked")
    return number


def parse_whole(value: object, name: str, *, least: int, most: int) -> int:
    """The whole number within its limits.

    value : an integer of any kind. name : for the message. least, most : the limits, included.
    Raises NotComputable for anything else, TooLarge above the limit.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise NotComputable(f"{name} is {value!r}: give a whole number, {least} to {most}")
    number = int(value)
    if number < least:
        raise NotComputable(f"{name} is {number}: give {least} or more")
    if number > most:
        raise TooLarge(f"{name} is {number}: at most {most} can be checked")
    return number


def compute_room(printed: Decimal) -> tuple[Fraction, Fraction]:
    """The least and greatest exact values that could have been printed so, both ends included.

    The last digit printed counts, also before the point: 1.6e9 may have been 1.55e9. An exact half may have
    been rounded either way.

    printed : a finite number, trailing zeros kept.
    """
    exponent = printed.as_tuple().exponent
    half = Fraction(10) ** (exponent if isinstance(exponent, int) else 0) / 2
    return Fraction(printed) - half, Fraction(printed) + half
