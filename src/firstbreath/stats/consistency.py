"""Checks of a published summary against the number of subjects it is said to come from.

Each check asks whether some set of recorded values could print the number. False is a proof that none
can; True is only that it is not excluded. A value exactly half-way may have been rounded either way.
"""

from decimal import Decimal
from fractions import Fraction

from firstbreath.stats.quantiles import HALF, QUARTER, THREE_QUARTERS, compute_position
from firstbreath.stats.refusals import NotComputable
from firstbreath.stats.rounding import compute_fraction, some_multiple_prints


def check_median_granularity(printed: Decimal, n: int, recorded_decimals: int) -> bool:
    """False when no n values recorded to so many decimals have a median that prints like this.

    printed : the median in the text, trailing zeros kept. n : subjects, at least 1.
    recorded_decimals : decimals of each recorded value; an even n also allows half a unit.
    Raises NotComputable when n < 1, recorded_decimals < 0, or the number is not finite.
    Source: firstbreath; every definition's median is a value (odd n) or the mean of two (even n).
    """
    if recorded_decimals < 0:
        raise NotComputable(f"recorded_decimals is {recorded_decimals}: it must be 0 or more")
    _refuse_size(n)
    return some_multiple_prints(Fraction(1, (2 - n % 2) * 10**recorded_decimals), printed)


def check_grim(mean: Decimal, n: int) -> bool:
    """False when no n whole numbers have a mean that prints like this.

    mean : as printed, trailing zeros kept. n : subjects, at least 1.
    Raises NotComputable when n < 1 or the mean is not finite.
    Source: Brown and Heathers, Social Psychological and Personality Science 2017;8:363 (GRIM).
    """
    _refuse_size(n)
    return some_multiple_prints(Fraction(1, n), mean)


def check_percentage(percent: Decimal, n: int) -> bool:
    """False when no count out of n gives a percentage that prints like this.

    percent : 0 to 100 as printed, trailing zeros kept. n : the denominator, at least 1.
    Raises NotComputable when n < 1 or the percentage is not finite.
    Source: Brown and Heathers 2017, applied to counts.
    """
    _refuse_size(n)
    return 0 <= compute_fraction(percent) <= 100 and some_multiple_prints(Fraction(100, n), percent)


def compute_order_statistics_shown(n: int, definition: int = 6) -> tuple[int, ...]:
    """The order statistics (1-based, ascending) that a printed median and quartiles reveal exactly.

    n : subjects, at least 1. definition : Hyndman-Fan type 1 to 9.
    Raises NotComputable when n < 1 or the definition is unknown.
    Source: Hyndman and Fan, The American Statistician 1996;50:361: the quantiles whose weight is 0 or 1.
    """
    shown = set[int]()
    for probability in (QUARTER, HALF, THREE_QUARTERS):
        lower, upper, weight = compute_position(n, probability, definition)
        if weight in {0, 1} or lower == upper:
            shown.add(upper if weight == 1 else lower)
    return tuple(sorted(shown))


def _refuse_size(n: int) -> None:
    if n < 1:
        raise NotComputable(f"n is {n}: a summary needs at least one subject")
