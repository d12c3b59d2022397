"""Estimates of shift: Hodges-Lehmann with the interval of its rank test, and the rank-biserial correlation."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb, lcm

from firstbreath.stats.answers import Interval
from firstbreath.stats.arrangements import compute_choice_counts, compute_sign_flip_counts
from firstbreath.stats.arrays import parse_array
from firstbreath.stats.counts import parse_level
from firstbreath.stats.medians import LEVEL, compute_order_interval
from firstbreath.stats.refusals import TooLarge

MOST_VALUES = 200
TIES = (
    "with ties the closed interval holds at least that level (Noether 1967); software that inverts the conditional "
    "test of the tied ranks instead, such as SAS, coin and exactRankTests, prints other limits then"
)
WALSH = (
    "Hodges-Lehmann: the median of the averages of every two differences, each also with itself (Walsh averages, "
    f"zeros kept); limits are Walsh averages, level from the exact signed-rank distribution without ties; {TIES}"
)
PAIRWISE = (
    "Hodges-Lehmann: the median of all differences x minus y between the samples (Hollander and Wolfe state y minus "
    f"x); limits are such differences, level from the exact Mann-Whitney distribution without ties; {TIES}"
)


def hodges_lehmann(
    differences: Iterable[object], y: Iterable[object] | None = None, *, level: object = LEVEL
) -> Interval:
    """The Hodges-Lehmann shift and its exact interval, in the unit of the values.

    One array: the median of the n(n+1)/2 Walsh averages of paired differences, zeros kept. Two arrays: the median
    of all x minus y of two independent samples; never give paired values so, but their differences. The limits are
    the narrowest pair of those averages or differences, k-th from either end, that holds at least `level`: at n = 7
    the 3rd and the 26th, which hold 95.31 %. Where even the first and last hold less (n = 5: 93.75 %), and where
    all are equal, both limits are None, the note says so, and `level` is that of the widest interval.

    differences : one per subject; x, the first sample, when y is given. y : the second sample, in the same unit.
    level : confidence asked for, between 0 and 1.
    Raises NotComputable as `parse_array` and `parse_level`; TooLarge for more than 200 values.
    Source: Hodges and Lehmann, Annals of Mathematical Statistics 1963;34:598; Hollander, Wolfe and Chicken,
    Nonparametric Statistical Methods, 2014, sections 3.2, 3.3, 4.2 and 4.3; ties: Noether, JASA 1967;62:184.
    """
    asked = parse_level(level)
    if y is None:
        return _estimate_paired(_parse(differences, "differences"), asked)
    return _estimate_unpaired(_parse(differences, "x"), _parse(y, "y"), asked)


def rank_biserial(differences: Iterable[object], y: Iterable[object] | None = None) -> Fraction | None:
    """The rank-biserial correlation, -1 to 1: the share of the ranks for a rise less the share against it.

    One array: (W+ - W-)/(W+ + W-) of paired differences, zeros dropped; None when every difference is zero, since
    nothing is left to rank. Two arrays: 2U/(nm) - 1 of independent samples, positive when x is above y, ties half.
    The unpaired one, and the "common language" chance that one of x exceeds one of y, must not be printed for
    paired values: they forget who is who (0.81 where 7 of 7 patients improved and the paired answer is 1).

    differences : one per subject; x, the first sample, when y is given. y : the second sample, in the same unit.
    Raises NotComputable as `parse_array`; TooLarge for more than 200 values.
    Source: King and Minium, Statistical Reasoning in Psychology and Education; Kerby, Comprehensive Psychology
    2014;3:11.IT.3.1; unpaired: Wendt, European Journal of Social Psychology 1972;2:463.
    """
    if y is None:
        return _correlate_paired(_parse(differences, "differences"))
    x, other = _parse(differences, "x"), sorted(_parse(y, "y"))
    won = sum(bisect_left(other, value) - (len(other) - bisect_right(other, value)) for value in x)
    return Fraction(won, len(x) * len(other))


def _correlate_paired(differences: Sequence[Fraction]) -> Fraction | None:
    ordered = sorted(abs(difference) for difference in differences if difference)
    signed = [
        (1 if difference > 0 else -1)
        * (bisect_left(ordered, abs(difference)) + bisect_right(ordered, abs(difference)) + 1)
        for difference in differences
        if difference
    ]
    return Fraction(sum(signed), sum(map(abs, signed))) if signed else None


def compute_walsh_averages(differences: Sequence[Fraction]) -> list[Fraction]:
    """The averages of every two values, each also with itself, smallest first: n(n+1)/2 of them."""
    unit = lcm(*(difference.denominator for difference in differences))
    whole = [int(difference * unit) for difference in differences]
    return [Fraction(total, 2 * unit) for total in sorted(map(sum, combinations_with_replacement(whole, 2)))]


def _estimate_paired(differences: Sequence[Fraction], asked: Decimal) -> Interval:
    n = len(differences)
    counts = compute_sign_flip_counts((1,) * n)[::2]
    walsh = compute_walsh_averages(differences)
    return compute_order_interval(walsh, _half(counts), total=2**n, asked=asked, definition=WALSH)


def _estimate_unpaired(x: Sequence[Fraction], y: Sequence[Fraction], asked: Decimal) -> Interval:
    n, both = len(x), len(x) + len(y)
    _refuse_size(both, "values in x and y")
    counts = compute_choice_counts((1,) * both, n)[n * (n + 1) :: 2]
    unit = lcm(*(value.denominator for value in (*x, *y)))
    whole = sorted(int((one - other) * unit) for one in x for other in y)
    apart = [Fraction(difference, unit) for difference in whole]
    return compute_order_interval(apart, _half(counts), total=comb(both, n), asked=asked, definition=PAIRWISE)


def _half(counts: Sequence[int]) -> Sequence[int]:
    """The lower half of a symmetrical distribution: beyond the middle a place from either end would cross."""
    return counts[: len(counts) // 2]


def _parse(values: Iterable[object], name: str) -> tuple[Fraction, ...]:
    exact = parse_array(values, name)
    _refuse_size(len(exact), name)
    return exact


def _refuse_size(size: int, what: str) -> None:
    if size > MOST_VALUES:
        raise TooLarge(f"{size} {what} are too many: the exact interval takes at most {MOST_VALUES}")
