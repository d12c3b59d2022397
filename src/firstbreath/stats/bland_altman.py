"""Limits of agreement between two readers or methods, with the intervals of the limits themselves."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import comb, isfinite
from typing import Literal, TypeAlias

from msgspec import Struct

from firstbreath.stats.arrays import parse_array, parse_number, refuse_word
from firstbreath.stats.counts import parse_count, parse_level
from firstbreath.stats.kappa import DECIMALS, compute_root
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import render_number, round_half_up
from firstbreath.stats.special import t_quantile

Approximation = Literal["1999", "1986"]
Number: TypeAlias = Fraction | Decimal | int | float
LEAST_SUBJECTS, MOST_SUBJECTS = 3, 1000
SMALLEST_SD = Fraction(1, 10_000)
ENOUGH = 40
"""Carkeet and Goh: below about 40 subjects the approximate outer limits of 1999 are too close."""
STEEP = Fraction(1, 2)
LEAST_FOR_TREND = 5


class Limit(Struct, frozen=True):
    """A bias or a limit of agreement with its confidence limits; None where the differences are all equal."""

    estimate: Decimal
    lower: Decimal | None
    upper: Decimal | None


class LimitsOfAgreement(Struct, frozen=True):
    """Mean difference and limits of agreement, in the unit of the values, six decimals.

    bias, lower_limit, upper_limit : with Bland and Altman's intervals, those of the limits approximate.
    exact_lower_limit, exact_upper_limit : the same limits with exact intervals for normal differences.
    """

    n: int
    mean: Fraction
    sd: Decimal
    multiple: Decimal
    level: Decimal
    bias: Limit
    lower_limit: Limit
    upper_limit: Limit
    exact_lower_limit: Limit
    exact_upper_limit: Limit
    method: str
    notes: tuple[str, ...] = ()


class BlandAltman(Struct, frozen=True):
    """The limits of agreement of paired values, and the points of their plot.

    points : mean and difference of each subject, exact, in the order given. trend, spread_trend : Kendall's tau-a
    of the difference, and of its size, with the mean; None below 5 subjects.
    """

    limits: LimitsOfAgreement
    points: tuple[tuple[Fraction, Fraction], ...]
    trend: Fraction | None
    spread_trend: Fraction | None
    notes: tuple[str, ...] = ()


def bland_altman(
    first: Iterable[object],
    second: Iterable[object],
    *,
    level: Decimal = Decimal("0.95"),
    multiple: Decimal = Decimal("1.96"),
    approximation: Approximation = "1999",
) -> BlandAltman:
    """The limits of agreement of two readers; differences are first minus second.

    first, second : one value per subject, in the same order and unit; several of one subject are averaged before.
    level, multiple, approximation : as `limits_of_agreement`.
    Raises NotComputable for fewer than 3 subjects, different lengths, or values that are not numbers; TooLarge
    for more than 1,000 subjects.
    Source: Bland and Altman, Lancet 1986;1:307; Bland and Altman, Statistical Methods in Medical Research 1999;8:135.
    """
    x, y = parse_array(first, "first"), parse_array(second, "second")
    if len(x) != len(y):
        raise NotComputable(f"{len(x)} values in first and {len(y)} in second: give one of each for every subject")
    _refuse_size(len(x))
    points = tuple(((one + other) / 2, one - other) for one, other in zip(x, y, strict=True))
    differences = [difference for _, difference in points]
    mean = sum(differences, Fraction(0)) / len(points)
    variance = sum(((value - mean) ** 2 for value in differences), Fraction(0)) / (len(points) - 1)
    limits = _bound(mean, variance, n=len(points), level=level, multiple=multiple, approximation=approximation)
    trend = compute_tau(points)
    spread_trend = compute_tau([(middle, abs(difference)) for middle, difference in points])
    return BlandAltman(limits, points, trend, spread_trend, (*limits.notes, *_note_trends(trend, spread_trend)))


def limits_of_agreement(
    mean: Number,
    sd: Number,
    n: int,
    *,
    level: Decimal = Decimal("0.95"),
    multiple: Decimal = Decimal("1.96"),
    approximation: Approximation = "1999",
) -> LimitsOfAgreement:
    """The limits of agreement from a printed summary.

    mean, sd : of the differences, in their unit; sd 0 or more. n : subjects, 3 to 1,000.
    level : confidence of the intervals, 0 to 1. multiple : of the SD; 1.96, or 2 as in the paper of 1986.
    approximation : of the standard error of a limit: "1999" is s * sqrt(1/n + multiple**2 / (2 (n - 1))), "1986"
    s * sqrt(3/n). The exact interval of a limit is mean plus s times a quantile of the noncentral t.
    Raises NotComputable for values outside these, and for an SD above 0 but below 0.0001, which six decimals
    would not show; TooLarge for more than 1,000 subjects.
    Source: Bland and Altman 1986 and 1999, section 2.1; Carkeet, Optometry and Vision Science 2015;92:e71.
    """
    subjects = parse_count(n, "n")
    _refuse_size(subjects)
    spread = parse_number(sd, "sd")
    if spread < 0:
        raise NotComputable(f"sd is {sd}: a standard deviation is 0 or more")
    centre = parse_number(mean, "mean")
    return _bound(centre, spread**2, n=subjects, level=level, multiple=multiple, approximation=approximation)


def compute_tau(points: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Kendall's tau-a of two columns: concordant less discordant pairs, over all pairs; None below 5 points.

    points : one pair of values per subject.
    Source: Kendall, Biometrika 1938;30:81.
    """
    pairs = tuple(points)
    if len(pairs) < LEAST_FOR_TREND:
        return None
    score = sum(_sign((x - u) * (y - v)) for (x, y), (u, v) in combinations(pairs, 2))
    return Fraction(score, comb(len(pairs), 2))


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def _refuse_size(n: int) -> None:
    if n < LEAST_SUBJECTS:
        raise NotComputable(f"{n} subject{'s'[: n != 1]}: limits of agreement need at least {LEAST_SUBJECTS}")
    if n > MOST_SUBJECTS:
        raise TooLarge(f"{n} subjects are too many: limits of agreement take at most {MOST_SUBJECTS}")


def _bound(
    mean: Fraction, variance: Fraction, *, n: int, level: Decimal, multiple: Decimal, approximation: Approximation
) -> LimitsOfAgreement:
    refuse_word(approximation, Approximation, "approximation")
    level, times, sd = parse_level(level), parse_number(multiple, "multiple"), compute_root(variance)
    if not 0 < times <= 10:
        raise NotComputable(f"multiple is {multiple}: give how many SDs the limits lie away, such as 1.96")
    if 0 < sd < SMALLEST_SD:
        raise NotComputable(f"the differences have an SD of {float(sd):.1g}: give them in a smaller unit")
    t = Fraction(t_quantile(float((1 + level) / 2), n - 1))
    relative = Fraction(3, n) if approximation == "1986" else Fraction(1, n) + times**2 / (2 * (n - 1))
    margin = t * compute_root(variance * relative)
    low, high = _compute_exact_factors(n, times, level)
    return LimitsOfAgreement(
        *(n, mean, _round(sd), multiple, level),
        bias=_limit(mean, *_around(mean, t * compute_root(variance / n))),
        lower_limit=_limit(mean - times * sd, *_around(mean - times * sd, margin)),
        upper_limit=_limit(mean + times * sd, *_around(mean + times * sd, margin)),
        exact_lower_limit=_limit(mean - times * sd, mean - high * sd, mean - low * sd),
        exact_upper_limit=_limit(mean + times * sd, mean + low * sd, mean + high * sd),
        method=f"mean and {multiple} SD of the differences; Bland and Altman {approximation}, and noncentral t (exact)",
        notes=_note(n, sd),
    )


def _compute_exact_factors(n: int, times: Fraction, level: Decimal) -> tuple[Fraction, Fraction]:
    """How many SDs from the mean the exact ends for the upper limit lie.

    Source: Carkeet 2015, limits considered one by one: one-sided tolerance factors for a normal distribution.
    """
    from scipy.special import nctdtrit

    root = float(compute_root(Fraction(n)))
    tails = float((1 - level) / 2), float((1 + level) / 2)
    low, high = (float(nctdtrit(n - 1, float(times) * root, tail)) / root for tail in tails)
    if not isfinite(low) or not isfinite(high):
        raise NotComputable(f"no exact limits at level {level}: ask for a level further from 1")
    return Fraction(low), Fraction(high)


def _around(middle: Fraction, margin: Fraction) -> tuple[Fraction | None, Fraction | None]:
    return middle - margin, middle + margin


def _limit(estimate: Fraction, lower: Fraction | None, upper: Fraction | None) -> Limit:
    if lower is None or upper is None or lower == upper:
        return Limit(_round(estimate), None, None)
    return Limit(_round(estimate), _round(lower), _round(upper))


def _round(value: Fraction) -> Decimal:
    return round_half_up(value, DECIMALS)


def _note(n: int, sd: Fraction) -> tuple[str, ...]:
    if not sd:
        return ("The differences are all equal: the limits are the mean, and no interval is given.",)
    if n >= ENOUGH:
        return ()
    short = f"{n} subjects: the approximate intervals of the limits are too short on the outside below about {ENOUGH}; "
    return (short + "quote the exact ones, which take the differences to be normal.",)


def _note_trends(trend: Fraction | None, spread_trend: Fraction | None) -> tuple[str, ...]:
    notes = []
    if trend is not None and abs(trend) >= STEEP:
        word = "grow" if trend > 0 else "fall"
        notes.append(
            f"The differences {word} with the mean (Kendall tau {render_number(trend, 2)}), which may be chance in few "
            "subjects: look at the plot before one bias is quoted for all."
        )
    if spread_trend is not None and spread_trend >= STEEP:
        notes.append(
            f"The differences are larger where the mean is larger (Kendall tau {render_number(spread_trend, 2)}): look "
            "at the plot, and consider ratios."
        )
    return tuple(notes)
