"""Arrays in: numbers of any usual kind, read exactly, each refusal naming the place."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from numbers import Integral, Rational, Real
from typing import TypeAlias, TypeGuard, get_args

from firstbreath.stats.refusals import NotComputable

Number: TypeAlias = Fraction | Decimal | Real | float
"""A Decimal, Fraction or int is taken as it is; a float, numpy's too, as the shortest decimal that prints it."""
NEAR = Fraction(1, 10**12)
"""Two floats closer than this, relative to the largest, differ by how computers store numbers, not by measurement."""
LONG = 15
MOST_DIGITS, MOST_BITS = 400, 1_400


def parse_number(value: object, where: str) -> Fraction:
    """The number, exactly: 0.1 as a float is one tenth, as it was typed.

    value : a finite Decimal, Fraction, int or float, Python's or numpy's. where : for the message, "value 3 of x".
    Raises NotComputable for text, None, true or false, NaN and infinity.
    """
    if value is None:
        raise NotComputable(f"{where} is missing: leave it out, or give it to a function that bounds missing values")
    if isinstance(value, bool) or not isinstance(value, Decimal | Real):
        kind = type(value).__name__
        raise NotComputable(f"{where} is {value!r} ({kind}): give a number, not text, a flag or a list")
    if isinstance(value, Rational):
        return _bounded(Fraction(int(value)) if isinstance(value, Integral) else Fraction(value), where)
    number = Decimal(str(value))
    if not number.is_finite():
        raise NotComputable(f"{where} is {value}: only finite numbers can be ranked; leave missing values out")
    if number and abs(number.adjusted()) > MOST_DIGITS:
        raise NotComputable(f"{where} is of an order of magnitude that nothing measured has: check how it was typed")
    return _bounded(Fraction(number), where)


def _bounded(number: Fraction, where: str) -> Fraction:
    """The number, unless it has more digits than anything measured and would take hours to count with."""
    if max(abs(number.numerator), number.denominator).bit_length() > MOST_BITS:
        raise NotComputable(f"{where} has more than {MOST_DIGITS} digits, which nothing measured has: round it")
    return number


def is_list(values: object) -> TypeGuard[Iterable[object]]:
    """True for a list, tuple, generator or array of one axis or more; False for text and for one number alone."""
    alone = getattr(values, "ndim", 1) == 0
    return isinstance(values, Iterable) and not isinstance(values, str | bytes) and not alone


def parse_array(values: Iterable[object], name: str, *, least: int = 1) -> tuple[Fraction, ...]:
    """The numbers of an array, exactly, in the order given.

    values : one axis of numbers, a list, tuple or numpy array. name : the argument, for the message.
    least : the fewest that will do.
    Raises NotComputable for fewer values, and as `parse_number`; for one number or text in place of an array.
    """
    if not is_list(values):
        raise NotComputable(f"{name} is {values!r}: give a list of numbers")
    numbers = tuple(parse_number(value, f"value {place} of {name}") for place, value in enumerate(values, 1))
    if len(numbers) < least:
        count = len(numbers) or "no"
        raise NotComputable(f"{name} has {count} value{'s'[: len(numbers) != 1]}: at least {least} needed")
    return numbers


def refuse_near_ties(values: Iterable[object], name: str) -> None:
    """Nothing, or NotComputable when two floats, or one and zero, differ only by binary rounding.

    0.3 - 0.2 is 0.09999999999999998 in binary, and no longer tied with 0.1: a rank test then answers
    another question. Subtracting decimals, as `compute_differences` does, keeps the tie.

    values : as `parse_array`; only floats of 15 digits or more are suspected. name : for the message.
    """
    given = {parse_number(value, name): value for value in values}
    largest = max((abs(number) for number in given), default=Fraction(0))
    for low, high in pairwise(sorted({*given, Fraction(0)})):
        if high - low < NEAR * largest and any(_is_long(given.get(number)) for number in (low, high)):
            raise NotComputable(
                f"{name} has {float(low)!r} and {float(high)!r}, which differ by binary rounding alone, so a tie "
                "would be lost: give the values before and after, or Decimals"
            )


def _is_long(value: object) -> bool:
    """True for a float with more digits than anyone types."""
    return isinstance(value, float) and len(Decimal(repr(float(value))).as_tuple().digits) >= LONG


def compute_differences(before: Iterable[object], after: Iterable[object]) -> tuple[Fraction, ...]:
    """After minus before for each subject, exactly: ties among the decimals as typed stay ties.

    before, after : one value per subject, in the same order and unit.
    Raises NotComputable for different lengths, and as `parse_array`.
    """
    first, second = parse_array(before, "before"), parse_array(after, "after")
    if len(first) != len(second):
        raise NotComputable(f"{len(first)} values before and {len(second)} after: give one of each for every subject")
    return tuple(late - early for early, late in zip(first, second, strict=True))


def refuse_word(word: str, known: object, name: str) -> None:
    """Nothing, or a refusal of a word that is not among those known.

    known : a Literal of the words. name : the argument, for the message.
    """
    if word not in get_args(known):
        raise NotComputable(f"{name} is {word!r}: choose one of {', '.join(get_args(known))}")
