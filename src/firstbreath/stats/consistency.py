"""Checks of a published summary against the number of subjects it is said to come from.

Each check asks whether some set of recorded values could print the number. False is a proof that none
can; True is only that it is not excluded. A value exactly half-way may have been rounded either way.
"""

from fractions import Fraction
from math import ceil, floor

from firstbreath.stats.arrays import parse_number
from firstbreath.stats.printed_numbers import Printed, parse_printed
from firstbreath.stats.quantiles import HALF, QUARTER, THREE_QUARTERS, compute_position
from firstbreath.stats.refusals import NotComputable
from firstbreath.stats.rounding import compute_fraction, compute_print_range, some_multiple_prints


def check_median_granularity(printed: Printed, n: int, recorded_decimals: int) -> bool:
    """False when no n values recorded to so many decimals have a median that prints like this.

    printed : the median in the text, trailing zeros kept. n : subjects, at least 1.
    recorded_decimals : decimals of each recorded value; an even n also allows half a unit.
    Raises NotComputable when n < 1, recorded_decimals < 0, or the number is not finite.
    Source: firstbreath; every definition's median is a value (odd n) or the mean of two (even n).
    """
    printed = parse_printed(printed, "the median")
    if parse_number(recorded_decimals, "recorded_decimals") < 0:
        raise NotComputable(f"recorded_decimals is {recorded_decimals}: it must be 0 or more")
    _refuse_size(n)
    return some_multiple_prints(Fraction(1, (2 - n % 2) * 10**recorded_decimals), printed)


def check_grim(mean: Printed, n: int, *, items: int = 1) -> bool:
    """False when no n whole numbers have a mean that prints like this.

    mean : as printed, trailing zeros kept. n : subjects, at least 1. items : whole numbers that each
    subject's value is the mean of, as on a questionnaire.
    Raises NotComputable when n or items is below 1, or the mean is not finite.
    Source: Brown and Heathers, Social Psychological and Personality Science 2017;8:363 (GRIM).
    """
    _refuse_size(n)
    _refuse_items(items)
    return some_multiple_prints(Fraction(1, n * items), parse_printed(mean, "the mean"))


def check_grimmer(mean: Printed, sd: Printed, n: int, *, items: int = 1) -> bool:
    """False when no n whole numbers have both a mean and a standard deviation that print like these.

    The sum of whole numbers and the sum of their squares are whole, both even or both odd, and the squares
    add up to no less than when the numbers are as alike as they can be.

    mean, sd : as printed, trailing zeros kept; the deviation is the sample's, divided by n - 1.
    n : subjects, at least 2. items : as `check_grim`.
    Raises NotComputable when n is below 2, items below 1, the deviation below 0, or a number is not finite.
    Source: Anaya, PeerJ Preprints 2016;4:e2400v1 (GRIMMER); Allard 2018 (the analytic form);
    R package rsprite2 (the least sum of squares).
    """
    _refuse_size(n, least=2)
    _refuse_items(items)
    mean, sd = parse_printed(mean, "the mean"), parse_printed(sd, "the standard deviation")
    if compute_fraction(sd) < 0:
        raise NotComputable(f"the standard deviation is {sd}: it cannot be below 0")
    low, high = compute_print_range(mean)
    narrow, wide = (max(end, Fraction(0)) * items for end in compute_print_range(sd))
    sums = range(ceil(low * n * items), floor(high * n * items) + 1)
    return any(_some_squares_fit(total, n, (n - 1) * narrow**2, (n - 1) * wide**2) for total in sums)


def _some_squares_fit(total: int, n: int, least: Fraction, most: Fraction) -> bool:
    """True when n whole numbers with this sum can have a sum of squares, about their mean, between the two."""
    whole, over = divmod(total, n)
    alike = (n - over) * whole**2 + over * (whole + 1) ** 2
    first = max(ceil(least + Fraction(total**2, n)), alike)
    return first + (first - total) % 2 <= most + Fraction(total**2, n)


def check_percentage(percent: Printed, n: int) -> bool:
    """False when no count out of n gives a percentage that prints like this.

    percent : 0 to 100 as printed, trailing zeros kept. n : the denominator, at least 1.
    Raises NotComputable when n < 1 or the percentage is not finite.
    Source: Brown and Heathers 2017, applied to counts.
    """
    _refuse_size(n)
    percent = parse_printed(percent, "the percentage")
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


def _refuse_size(n: int, *, least: int = 1) -> None:
    if parse_number(n, "n") < least or n % 1:
        subjects = "one subject" if least == 1 else f"{least} subjects"
        raise NotComputable(f"n is {n}: a summary needs at least {subjects}")


def _refuse_items(items: int) -> None:
    if items < 1:
        raise NotComputable(f"items is {items}: each value is the mean of at least one whole number")
