"""Medians of few values: the order-statistic interval with the level it attains, and "57 (43 to 70)"."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, count
from math import comb

from firstbreath.stats.answers import Interval
from firstbreath.stats.arrays import is_list, parse_array, parse_number
from firstbreath.stats.counts import parse_level
from firstbreath.stats.quantiles import compute_quartiles
from firstbreath.stats.refusals import TooLarge
from firstbreath.stats.rounding import render_number

LEVEL = Decimal("0.95")
MOST_VALUES = 1000
MOST_DECIMALS = 6
"""More decimals than anyone records: beyond it a float such as 5/3 only prints its storage."""
DEFINITION = (
    "sample median; limits are the values of one rank from either end, the level from the binomial distribution of "
    "the values below the median; with ties the closed interval holds at least that level"
)


def median_interval(values: Iterable[object], *, level: object = LEVEL) -> Interval:
    """The median and its order-statistic interval, in the unit of the values; no distribution is assumed.

    The limits are the k-th smallest and k-th largest value, the narrowest such pair that holds at least `level`.
    Fewer than six values have none at 95 %, and values all equal show no spread: both limits are then None, the
    note says so, and `level` is that of the widest interval.

    values : one per subject. level : confidence asked for, between 0 and 1.
    Raises NotComputable as `parse_array` and `parse_level`; TooLarge for more than 1,000 values.
    Source: Thompson, Annals of Mathematical Statistics 1936;7:122; Conover, Practical Nonparametric Statistics, 3.2.
    """
    asked, ordered = parse_level(level), sorted(parse_array(values, "values"))
    n = len(ordered)
    if n > MOST_VALUES:
        raise TooLarge(f"{n} values are too many: the exact interval takes at most {MOST_VALUES:,}")
    tails = [comb(n, below) for below in range((n + 1) // 2)]
    return compute_order_interval(ordered, tails, total=2**n, asked=asked, definition=DEFINITION)


def compute_order_interval(
    ordered: Sequence[Fraction], tails: Iterable[int], *, total: int, asked: Decimal, definition: str
) -> Interval:
    """The median of ordered values and the narrowest pair of order statistics that holds the level asked.

    ordered : smallest first. tails : arrangements with 0, 1, 2 ... of them below the parameter, of `total` in all.
    asked : between 0 and 1. definition : for the answer.
    """
    place, level = _find_place(tails, total, asked)
    estimate = compute_median(ordered)
    note = _explain(ordered, place, level=level, asked=asked)
    if note:
        return Interval(estimate, None, None, asked, level, definition, note)
    where = f"{definition}; here number {place} of {len(ordered)} from either end"
    return Interval(estimate, ordered[place - 1], ordered[-place], asked, level, where)


def compute_median(ordered: Sequence[Fraction]) -> Fraction:
    """The middle value of ordered ones, or half the sum of the two in the middle."""
    middle = len(ordered) // 2
    return (ordered[middle] + ordered[-middle - 1]) / 2


def _find_place(tails: Iterable[int], total: int, asked: Decimal) -> tuple[int, Fraction]:
    """The highest place that holds the level, 0 when even the first does not, and the level attained."""
    held = [1 - Fraction(2 * below, total) for below in accumulate(tails)]
    places = [place for place, level in enumerate(held, 1) if level >= Fraction(asked)]
    return (places[-1], held[places[-1] - 1]) if places else (0, held[0])


def _explain(ordered: Sequence[Fraction], place: int, *, level: Fraction, asked: Decimal) -> str:
    """Why there are no limits, or ""."""
    low, high = (render_shortest(limit, 0, 6) for limit in (ordered[0], ordered[-1]))
    if len(ordered) == 1:
        return "no interval: there is one value, which shows no spread"
    if ordered[0] == ordered[-1]:
        return f"no interval: every value is {low}, which shows no spread"
    if not place:
        held = render_percent(level)
        return f"no interval at {render_percent(Fraction(asked))} %: the widest, {low} to {high}, holds {held} %"
    return ""


def render_median_iqr(
    values: Iterable[object], *, decimals: int | None = None, definition: int = 6, unit: str = ""
) -> str:
    """The text of median and quartiles, such as "57 (43 to 70)", with one decimal more where two values are halved.

    values : one per subject. decimals : as recorded; found in the values when None.
    definition : Hyndman-Fan type 1 to 9. unit : printed after it, or "".
    Raises NotComputable as `compute_quartiles`.
    Source: Hyndman and Fan, The American Statistician 1996;50:361.
    """
    kept = tuple(values) if is_list(values) else values
    quartiles = compute_quartiles(kept, definition)
    recorded = compute_recorded_decimals(kept) if decimals is None else decimals
    three = (quartiles.median, quartiles.first, quartiles.third)
    median, first, third = (render_shortest(value, recorded, recorded + 1) for value in three)
    return f"{median} ({first} to {third}) {unit}".rstrip()


def compute_recorded_decimals(values: Iterable[object]) -> int:
    """The most decimals any of the values was recorded with, 0 to 6: 1 for 15.0 as a Decimal, 0 as a float.

    values : finite numbers of any kind. Trailing zeros count in a Decimal, which keeps them.
    Raises NotComputable as `parse_number`.
    """
    return max((min(_count_decimals(value), MOST_DECIMALS) for value in values), default=0)


def _count_decimals(value: object) -> int:
    number = parse_number(value, "a value")
    if isinstance(value, Decimal):
        return max(0, -int(value.as_tuple().exponent))
    return next((places for places in range(MOST_DECIMALS) if (number * 10**places).denominator == 1), MOST_DECIMALS)


def render_shortest(value: Fraction, decimals: int, most: int) -> str:
    """The text of a value with as many decimals as it needs, from `decimals` up to `most`; half up at the most."""
    exact = (shown for shown in range(decimals, most) if (value * 10**shown).denominator == 1)
    return render_number(value, next(exact, most))


def render_percent(share: Fraction) -> str:
    """The text of a share in per cent, two decimals at most: "95.31"; 100 is kept for the whole."""
    for most in count(2):
        text = render_shortest(share * 100, 0, most)
        if share == 1 or Decimal(text) != 100:
            break
    return text
