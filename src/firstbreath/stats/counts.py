"""Counts and confidence levels in: whole numbers of subjects, read exactly, each refusal naming the place."""

from decimal import Decimal
from fractions import Fraction

from firstbreath.stats.arrays import parse_number
from firstbreath.stats.refusals import NotComputable

NEAREST = Fraction(1, 10**6)
"""A level nearer to 0 or 1 than this asks for digits that six decimals cannot show."""


def parse_count(value: object, where: str, *, least: int = 0) -> int:
    """The whole number of subjects or events.

    value : an integer of any kind, Python's or numpy's; 3.0 will do. where : for the message, "k".
    least : the smallest count that makes sense.
    Raises NotComputable for true or false, text, None, NaN, 3.5, and fewer than the least.
    """
    count = parse_number(value, where)
    if count.denominator != 1:
        raise NotComputable(f"{where} is {value}: give a whole number of subjects")
    if count < least:
        raise NotComputable(f"{where} is {count}: give {least} or more")
    return int(count)


def parse_level(level: object) -> Decimal:
    """The confidence level, between 0 and 1.

    level : a Decimal, Fraction or float such as 0.95.
    Raises NotComputable for 95, 0, 1, NaN, text, and anything nearer to 0 or 1 than 0.000001.
    """
    share = parse_number(level, "level")
    if not NEAREST <= share <= 1 - NEAREST:
        raise NotComputable(
            f"level is {level}: give a confidence between 0 and 1, such as 0.95, and no nearer to either than 0.000001"
        )
    return Decimal(share.numerator) / Decimal(share.denominator)
