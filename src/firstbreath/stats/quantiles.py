"""Quantiles under a named definition: the nine of Hyndman and Fan, in exact fractions."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from numbers import Integral

from msgspec import Struct

from firstbreath.stats.arrays import parse_array, parse_number
from firstbreath.stats.refusals import NotComputable
from firstbreath.stats.rounding import prints_as

DEFINITIONS = (1, 2, 3, 4, 5, 6, 7, 8, 9)
QUARTER, HALF, THREE_QUARTERS = Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)


class Quartiles(Struct, frozen=True):
    """First quartile, median and third quartile of n values, and the definition that gave them."""

    first: Fraction
    median: Fraction
    third: Fraction
    n: int
    definition: int


def compute_quantile(values: Iterable[object], probability: object, definition: int = 6) -> Fraction:
    """The sample quantile, in the unit of the values, exactly.

    values : at least one finite number of any kind, in any order. probability : 0 to 1; 0.25 is a quarter.
    definition : Hyndman-Fan type 1 to 9; 6 (Weibull) is what Prism prints, 7 what R, numpy and Excel do, and
    2 SAS's own, PCTLDEF=5.
    Raises NotComputable as `parse_array`, for a probability outside 0 to 1, or an unknown definition.
    Source: Hyndman and Fan, The American Statistician 1996;50:361, definitions 1 to 9.
    """
    ordered = sorted(parse_array(values, "values"))
    return _find_quantile(ordered, parse_number(probability, "probability"), definition)


def _find_quantile(ordered: Sequence[Fraction], probability: Fraction, definition: int) -> Fraction:
    lower, upper, weight = compute_position(len(ordered), probability, definition)
    return (1 - weight) * ordered[lower - 1] + weight * ordered[upper - 1]


def compute_position(n: int, probability: Fraction, definition: int = 6) -> tuple[int, int, Fraction]:
    """The two order statistics (1-based, within 1 to n) a quantile lies between, and the upper one's weight.

    n : number of values. probability : 0 to 1. definition : Hyndman-Fan type 1 to 9.
    Raises NotComputable when n < 1, the probability is outside 0 to 1, or the definition is unknown.
    Source: Hyndman and Fan 1996, equation 1 and the table of m and gamma.
    """
    _refuse_position(n, probability, definition)
    place = n * probability + _offset(probability, definition)
    below = floor(place)
    weight = _weight(below, place - below, definition)
    return min(max(below, 1), n), min(max(below + 1, 1), n), weight


def _offset(probability: Fraction, definition: int) -> Fraction:
    """The constant m of equation 1."""
    return {
        3: Fraction(-1, 2),
        5: HALF,
        6: probability,
        7: 1 - probability,
        8: (probability + 1) / 3,
        9: probability / 4 + Fraction(3, 8),
    }.get(definition, Fraction(0))


def _weight(below: int, part: Fraction, definition: int) -> Fraction:
    """The gamma of equation 1: types 1 to 3 jump, the others interpolate."""
    if definition > 3:
        return part
    if part > 0:
        return Fraction(1)
    at_the_step = {1: Fraction(0), 2: HALF, 3: Fraction(below % 2)}
    return at_the_step[definition]


def _refuse_position(n: int, probability: Fraction, definition: int) -> None:
    if n < 1:
        raise NotComputable("no values: a quantile needs at least one")
    if not 0 <= probability <= 1:
        raise NotComputable(f"probability {probability} is outside 0 to 1")
    if isinstance(definition, bool) or not isinstance(definition, Integral) or definition not in DEFINITIONS:
        raise NotComputable(f"definition {definition} is not a Hyndman-Fan type: choose 1 to 9")


def compute_quartiles(values: Iterable[object], definition: int = 6) -> Quartiles:
    """The quartiles and median of the values, in their unit, exactly.

    values : at least one finite number of any kind, in any order. definition : Hyndman-Fan type 1 to 9.
    Raises NotComputable as `compute_quantile`.
    Source: Hyndman and Fan 1996.
    """
    return _find_quartiles(sorted(parse_array(values, "values")), definition)


def _find_quartiles(ordered: Sequence[Fraction], definition: int) -> Quartiles:
    first, median, third = (_find_quantile(ordered, part, definition) for part in (QUARTER, HALF, THREE_QUARTERS))
    return Quartiles(first, median, third, len(ordered), definition)


def compute_fitting_definitions(values: Iterable[object], printed: tuple[Decimal, Decimal, Decimal]) -> tuple[int, ...]:
    """The definitions, of the nine, that print exactly these three numbers; empty when none does.

    values : at least one finite number of any kind. printed : first quartile, median, third quartile as they
    stand in the text, trailing zeros kept; each is compared half up at its own number of decimals.
    Raises NotComputable as `compute_quantile`.
    Source: Hyndman and Fan 1996.
    """
    ordered = sorted(parse_array(values, "values"))
    return tuple(
        definition
        for definition in DEFINITIONS
        if all(map(prints_as, _three(_find_quartiles(ordered, definition)), printed))
    )


def _three(quartiles: Quartiles) -> tuple[Fraction, Fraction, Fraction]:
    return quartiles.first, quartiles.median, quartiles.third
