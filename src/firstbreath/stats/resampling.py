"""The bootstrap over subjects: with few subjects every resample is counted, so no chance comes in."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, combinations_with_replacement, groupby
from math import comb, factorial, prod
from typing import TypeAlias, TypeVar

from msgspec import Struct

from firstbreath.stats.answers import MonteCarlo
from firstbreath.stats.arrays import is_list, parse_number
from firstbreath.stats.counts import parse_level
from firstbreath.stats.kappa import DECIMALS, compute_root
from firstbreath.stats.monte_carlo import parse_chance
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import render_number, round_half_up
from firstbreath.stats.special import t_quantile

Subject = TypeVar("Subject")
Weighted: TypeAlias = dict[Fraction, int]
Resamples: TypeAlias = Iterator[tuple[int, tuple[Subject, ...]]]
MOST_EXACT = 9
"""Nine subjects have 24,310 different resamples, ten 92,378: seconds become minutes with a slow statistic."""
MOST_SUBJECTS = 1000
MOST_UNDEFINED = Fraction(1, 20)
ROUGH = 20
WORD = 2**64
MEAN_SCALE = 10**30


class Bootstrap(Struct, frozen=True):
    """A statistic with its intervals from resampling whole subjects.

    estimate : of the subjects as they are; None where it has no value. level : asked.
    lower, upper : percentile limits, None where none are given; the notes say why. share : of the resamples with a
    value, the part whose value lies within them. standard_error : the standard deviation over those resamples.
    t_lower, t_upper : the estimate less and plus Student's t for one subject less, times that standard error, made
    larger by sqrt(n / (n - 1)); for few subjects these are the limits to quote, cut where the scale ends.
    resamples : how many were looked at, all different ones or so many draws. undefined : how many had no value,
    and undefined_share the probability of those.
    """

    estimate: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    level: Decimal
    share: Fraction | None
    standard_error: Decimal | None
    t_lower: Decimal | None
    t_upper: Decimal | None
    subjects: int
    resamples: int
    undefined: int
    undefined_share: Fraction
    method: str
    notes: tuple[str, ...] = ()


def cluster_bootstrap(
    by_subject: Sequence[Subject],
    statistic: Callable[[tuple[Subject, ...]], object],
    *,
    level: Decimal = Decimal("0.95"),
    monte_carlo: MonteCarlo | None = None,
) -> Bootstrap:
    """The percentile and t intervals of a statistic when whole subjects are drawn again with replacement.

    by_subject : everything seen of each subject, one entry each, 2 or more. statistic : takes as many entries, some
    of them repeated, in an order that must not matter; gives a number, or None where it has no value.
    level : confidence, 0 to 1. monte_carlo : draws and seed, used only above 9 subjects; up to 9 every one of the
    C(2n-1, n) different resamples counts as often as it can be drawn.
    The lower limit is the smallest value with at least half of 1 - level at or below it; the upper mirrors it.
    No limits are given where more than 5 % of resamples have no value, or where both limits are the same value.
    Raises NotComputable for fewer than 2 subjects or a statistic that is not a finite number; TooLarge for more
    than 9 subjects without draws, and beyond 1,000 subjects or 1,000,000 draws; draws are 1,000 at least.
    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 6, 12 and 13; Davison and Hinkley,
    Bootstrap Methods and their Application, 1997, section 3.8 (resampling clusters); Hesterberg, The American
    Statistician 2015;69:371 (why percentile limits are too short in small samples, and the t limits).
    """
    clusters, level = _parse_subjects(by_subject), parse_level(level)
    count, method, resamples = _choose(clusters, monte_carlo)
    counted: Weighted = {}
    missing: list[int] = []
    for weight, sample in resamples:
        value = _evaluate(statistic, sample)
        if value is None:
            missing.append(weight)
        else:
            counted[value] = counted.get(value, 0) + weight
    estimate = _evaluate(statistic, clusters)
    lost = Fraction(sum(missing), sum(missing) + sum(counted.values()))
    given = estimate is not None and lost <= MOST_UNDEFINED
    lower, upper = compute_percentiles(counted, Fraction(1 - level) / 2) if given else (None, None)
    spread, alone = compute_deviation(counted) if given else None, given and lower == upper
    if alone:
        lower = upper = None
    margin = None if spread is None or lower is None else _compute_margin(spread, len(clusters), level)
    return Bootstrap(
        *(estimate, lower, upper, level),
        share=_measure(counted, lower, upper),
        standard_error=None if spread is None else round_half_up(spread, DECIMALS),
        t_lower=None if margin is None or estimate is None else round_half_up(estimate - margin, DECIMALS),
        t_upper=None if margin is None or estimate is None else round_half_up(estimate + margin, DECIMALS),
        subjects=len(clusters),
        resamples=count,
        undefined=len(missing),
        undefined_share=lost,
        method=f"bootstrap over subjects, {method}",
        notes=_note(len(clusters), lost, given=estimate is not None, alone=alone),
    )


def compute_multisets(entries: tuple[Subject, ...]) -> Resamples[Subject]:
    """Every different resample of n entries, after the number of the n**n equally likely draws that give it.

    entries : one per subject, n of them.
    Source: Fisher and Hall, Journal of Statistical Planning and Inference 1991;27:157 (exact bootstrap).
    """
    n = len(entries)
    for places in combinations_with_replacement(range(n), n):
        repeats = prod(factorial(len(list(group))) for _, group in groupby(places))
        yield factorial(n) // repeats, tuple(entries[place] for place in places)


def draw_resamples(entries: tuple[Subject, ...], draws: int, *, seed: int) -> Resamples[Subject]:
    """Resamples at random, each after the number 1; the same seed gives the same ones with any version of numpy.

    entries : one per subject. draws : how many. seed : 0 or more.
    Source: Salmon et al, Parallel random numbers: as easy as 1, 2, 3, Proceedings of SC11, 2011 (Philox).
    """
    import numpy as np

    n, stream = len(entries), np.random.Philox(seed)
    for _ in range(draws):
        yield 1, tuple(entries[word * n // WORD] for word in stream.random_raw(n).tolist())


def _parse_subjects(by_subject: Sequence[Subject]) -> tuple[Subject, ...]:
    if not is_list(by_subject):
        raise NotComputable(f"by_subject is {by_subject!r}: give a list with one entry per subject")
    clusters = tuple(by_subject)
    if len(clusters) < 2:
        count = len(clusters) or "no"
        raise NotComputable(f"by_subject has {count} subject{'s'[: len(clusters) != 1]}: resampling needs at least 2")
    if len(clusters) > MOST_SUBJECTS:
        raise TooLarge(f"{len(clusters)} subjects are too many: the bootstrap takes at most {MOST_SUBJECTS}")
    return clusters


def _choose(clusters: tuple[Subject, ...], monte_carlo: MonteCarlo | None) -> tuple[int, str, Resamples[Subject]]:
    """How many resamples, in what words, and the resamples."""
    n = len(clusters)
    every = comb(2 * n - 1, n)
    if n <= MOST_EXACT:
        return every, f"all {every:,} resamples of {n} subjects", compute_multisets(clusters)
    if monte_carlo is None:
        raise TooLarge(
            f"{n} subjects have about {Decimal(every):.1e} different resamples: up to {MOST_EXACT} subjects all are "
            "counted; beyond, give monte_carlo=MonteCarlo(draws=100_000, seed=1) to draw"
        )
    draws, seed = parse_chance(monte_carlo, n)
    return draws, f"{draws:,} draws of {n} subjects, seed {seed}", draw_resamples(clusters, draws, seed=seed)


def _evaluate(statistic: Callable[[tuple[Subject, ...]], object], sample: tuple[Subject, ...]) -> Fraction | None:
    try:
        value = statistic(sample)
    except ZeroDivisionError:
        return None
    return None if value is None else parse_number(value, "the value of the statistic (None where it has none)")


def compute_percentiles(counted: Weighted, tail: Fraction) -> tuple[Fraction, Fraction]:
    """The smallest value with at least the tail at or below it, and the largest with the tail at or above.

    counted : how often each value comes, at least one. tail : share of the distribution, below one half.
    """
    values, least = sorted(counted), tail * sum(counted.values())
    return _reach(values, counted, least), _reach(values[::-1], counted, least)


def _reach(values: Sequence[Fraction], counted: Weighted, least: Fraction) -> Fraction:
    reached = accumulate(counted[value] for value in values)
    return next(value for value, weight in zip(values, reached, strict=True) if weight >= least)


def _measure(counted: Weighted, lower: Fraction | None, upper: Fraction | None) -> Fraction | None:
    if lower is None or upper is None:
        return None
    within = sum(weight for value, weight in counted.items() if lower <= value <= upper)
    return Fraction(within, sum(counted.values()))


def compute_deviation(counted: Weighted) -> Fraction:
    """The standard deviation of the values, to some thirty decimals.

    counted : how often each value comes, at least one. Values are cut at thirty decimals first, since the exact
    sum of thousands of fractions has thousands of digits.
    """
    weight = sum(counted.values())
    cut = [(value.numerator * MEAN_SCALE // value.denominator, times) for value, times in counted.items()]
    total = sum(value * times for value, times in cut)
    squares = sum(value * value * times for value, times in cut)
    return compute_root(Fraction(weight * squares - total * total, (weight * MEAN_SCALE) ** 2))


def _compute_margin(spread: Fraction, subjects: int, level: Decimal) -> Fraction:
    t = Fraction(t_quantile(float((1 + level) / 2), subjects - 1))
    return t * spread * compute_root(Fraction(subjects, subjects - 1))


def _note(subjects: int, lost: Fraction, *, given: bool, alone: bool) -> tuple[str, ...]:
    if not given:
        return ("The statistic has no value for these subjects: no interval is given.",)
    notes = []
    if alone:
        notes.append("The resamples give one and the same value, which is not certainty: no interval is given.")
    if lost:
        percent = render_number(lost * 100, 1)
        kept = "more than 5 %, so no interval is given" if lost > MOST_UNDEFINED else "the interval leaves them out"
        notes.append(f"The statistic has no value in {percent} % of the resamples: {kept}.")
    if subjects < ROUGH and not alone and lost <= MOST_UNDEFINED:
        notes.append(
            f"{subjects} subjects: percentile limits are rough and usually too close (for the mean of 7 normal values "
            "95 % limits cover about 88 %); quote the t limits."
        )
    if subjects > MOST_EXACT:
        notes.append("The resamples were drawn at random: another seed moves the limits a little.")
    return tuple(notes)
