"""Exact intervals for a proportion: Clopper-Pearson by integer arithmetic, no beta function."""

from decimal import Decimal
from fractions import Fraction
from math import comb

from msgspec import Struct

from firstbreath.stats.refusals import NotComputable
from firstbreath.stats.rounding import compute_fraction, round_half_up

DECIMALS = 6
GRID = 2 * 10**DECIMALS
"""Twice as fine as what is printed: the odd points are where half-up rounding changes."""
MOST_TRIALS = 1000


class Proportion(Struct, frozen=True):
    """k of n with its exact confidence limits, to six decimals."""

    k: int
    n: int
    lower: Decimal
    upper: Decimal
    level: Decimal
    sides: int
    method: str = "Clopper-Pearson"


def estimate_proportion(k: int, n: int, *, level: Decimal = Decimal("0.95"), sides: int = 2) -> Proportion:
    """The Clopper-Pearson interval of a proportion.

    k : subjects with the event, 0 to n. n : subjects, 1 to 1,000. level : confidence, between 0 and 1.
    sides : 2 for an interval; with 1 each limit is a one-sided bound at the level, to be quoted alone.
    Raises NotComputable when k, n, level or sides is outside its range.
    Source: Clopper and Pearson, Biometrika 1934;26:404.
    """
    _refuse(k, n, level=level, sides=sides)
    tail = (1 - compute_fraction(level)) / sides
    lower = 1 - _upper_limit(n - k, n, tail=tail)
    return Proportion(k, n, lower, _upper_limit(k, n, tail=tail), level, sides)


def _upper_limit(k: int, n: int, *, tail: Fraction) -> Decimal:
    """The proportion at which k events or fewer have probability `tail`, half up to six decimals."""
    if k == n:
        return round_half_up(1, DECIMALS)
    low, high = 0, GRID
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_likelier(k, n, point=middle, tail=tail) else (low, middle)
    return round_half_up(Fraction(low, GRID), DECIMALS)


def _is_likelier(k: int, n: int, *, point: int, tail: Fraction) -> bool:
    """True when P(X <= k) at proportion point/GRID is at least the tail, compared as integers."""
    other = GRID - point
    below: int = 0
    for events in range(k + 1):
        below = below * other + comb(n, events) * point**events
    whole: int = GRID**n
    reached: int = below * other ** (n - k)
    return reached * tail.denominator >= tail.numerator * whole


def _refuse(k: int, n: int, *, level: Decimal, sides: int) -> None:
    if not 1 <= n <= MOST_TRIALS:
        raise NotComputable(f"n is {n}: the exact interval takes 1 to {MOST_TRIALS} subjects")
    if not 0 <= k <= n:
        raise NotComputable(f"k is {k} of {n}: it must be 0 to {n}")
    if not 0 < compute_fraction(level) < 1:
        raise NotComputable(f"level is {level}: give a confidence between 0 and 1, such as 0.95")
    if sides not in (1, 2):
        raise NotComputable(f"sides is {sides}: choose 1 or 2")
