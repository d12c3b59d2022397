"""Fisher and Pitman's permutation test of means, on the values themselves."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate
from math import lcm
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from firstbreath.stats.answers import MonteCarlo, PValue
from firstbreath.stats.arrangements import Alternative
from firstbreath.stats.arrays import parse_array, refuse_word
from firstbreath.stats.rank_draws import Tail, draw_choices, draw_flips
from firstbreath.stats.refusals import TooLarge

MOST_SUMS = 2**19
"""Different sums held for each half of the values: any 38 values, and many more when they are whole numbers."""
MOST_VALUES = 1000
PAIRED = "exact paired permutation test of the mean"
UNPAIRED = "exact permutation test of the difference of means"
Sums: TypeAlias = dict[int, Counter[int]]


class Problem(Struct, frozen=True):
    """Whole numbers of which some are taken, and their sum: `chosen` of them, or any number when it is None."""

    values: tuple[int, ...]
    chosen: int | None
    at: int
    mirror: int


def permutation_mean(
    x: Iterable[object],
    y: Iterable[object] | None = None,
    *,
    alternative: Alternative = "two-sided",
    monte_carlo: MonteCarlo | None = None,
) -> PValue:
    """The exact p of the permutation test of means; its statistic is the mean difference.

    x : with y left out, one difference a subject, whose signs are flipped; else the first of two independent
    samples, and the statistic is the mean of x less the mean of y. Values are compared as whole numbers.
    alternative : "greater" asks for x above y, or differences above 0; two-sided is "as far from no difference".
    Any 38 values can be counted, hundreds when they are whole numbers of a small range; beyond that the test
    draws, if `monte_carlo` allows it.
    Raises NotComputable for an empty sample or what is no number; TooLarge beyond the limits.
    Source: Fisher, The Design of Experiments 1935, section 21; Pitman, Supplement to the JRSS 1937;4:119; halves
    joined as in Pagano and Tritchler, JASA 1983;78:435.
    """
    refuse_word(alternative, Alternative, "alternative")
    first = _parse(x, "x")
    if y is None:
        return _find_paired(first, alternative, monte_carlo)
    return _find_two(first, _parse(y, "y"), alternative, chance=monte_carlo)


def _parse(values: Iterable[object], name: str) -> tuple[Fraction, ...]:
    exact = parse_array(values, name)
    if len(exact) > MOST_VALUES:
        raise TooLarge(f"{name} has {len(exact)} values, too many: the test takes at most {MOST_VALUES:,}")
    return exact


def _find_paired(differences: Sequence[Fraction], alternative: Alternative, chance: MonteCarlo | None) -> PValue:
    whole = _scale(differences)
    sizes = tuple(abs(value) for value in whole)
    problem = Problem(sizes, None, sum(value for value in whole if value > 0), sum(sizes))
    p = _find(problem, alternative, PAIRED, chance=chance)
    notes = () if any(whole) else ("no subject changed, so p is 1",)
    return replace(p, name="mean", statistic=sum(differences, Fraction(0)) / len(differences), notes=notes)


def _find_two(
    x: Sequence[Fraction], y: Sequence[Fraction], alternative: Alternative, *, chance: MonteCarlo | None
) -> PValue:
    count = len(x) + len(y)
    whole = tuple(value * count for value in _scale((*x, *y)))
    problem = Problem(whole, len(x), sum(whole[: len(x)]), 2 * len(x) * sum(whole) // count)
    p = _find(problem, alternative, UNPAIRED, chance=chance)
    means = [sum(sample, Fraction(0)) / len(sample) for sample in (x, y)]
    notes = () if len(set(whole)) > 1 else ("all values are the same, so p is 1",)
    return replace(p, name="difference of means", statistic=means[0] - means[1], notes=notes)


def _scale(values: Iterable[Fraction]) -> tuple[int, ...]:
    """The values as whole numbers of their common unit."""
    kept = tuple(values)
    unit = lcm(*(value.denominator for value in kept))
    return tuple(int(value * unit) for value in kept)


def _find(problem: Problem, alternative: Alternative, method: str, *, chance: MonteCarlo | None) -> PValue:
    try:
        return _count(problem, alternative, method)
    except TooLarge:
        if chance is None:
            raise
        return _draw(problem, alternative, method, chance=chance)


def _count(problem: Problem, alternative: Alternative, method: str) -> PValue:
    """The p by counting: the sums of each half of the values, joined where together they are extreme."""
    middle = len(problem.values) // 2
    halves = [_sum_choices(half, problem.chosen) for half in (problem.values[:middle], problem.values[middle:])]
    joined = _join(halves[0], halves[1], problem.chosen)
    total = sum(early.total() * late.total() for early, late in joined)
    extreme = _count_tail(joined, problem.at, problem, alternative)
    ends = [pick(pick(early) + pick(late) for early, late in joined) for pick in (min, max)]
    least = min(_count_tail(joined, end, problem, alternative) for end in ends)
    return PValue(Fraction(extreme, total), Fraction(0), method, Fraction(least, total), extreme, total)


def _sum_choices(values: Sequence[int], chosen: int | None) -> Sums:
    """The sums of every choice of the values, and in how many ways each comes, by the number chosen (0 if any)."""
    sums: Sums = {0: Counter({0: 1})}
    for value in values:
        for count in sorted(sums, reverse=True):
            into = count if chosen is None else count + 1
            if chosen is None or into <= chosen:
                moved = Counter({total + value: ways for total, ways in sums[count].items()})
                sums[into] = sums.get(into, Counter()) + moved
        if sum(map(len, sums.values())) > MOST_SUMS:
            raise TooLarge(
                f"these values have more than {MOST_SUMS:,} different sums in one half, too many to count: "
                "pass monte_carlo=MonteCarlo(draws=100_000, seed=1) to draw at random"
            )
    return sums


def _join(early: Sums, late: Sums, chosen: int | None) -> list[tuple[Counter[int], Counter[int]]]:
    """The pairs of halves that make up the number to be chosen."""
    if chosen is None:
        return [(early[0], late[0])]
    return [(early[count], late[chosen - count]) for count in early if chosen - count in late]


def _count_tail(
    joined: Sequence[tuple[Counter[int], Counter[int]]], at: int, problem: Problem, alternative: Alternative
) -> int:
    """The choices at least as extreme as a sum `at`."""
    high = max(at, problem.mirror - at) if alternative == "two-sided" else at
    low = problem.mirror - high if alternative == "two-sided" else at
    if alternative == "two-sided" and high == low:
        return sum(early.total() * late.total() for early, late in joined)
    above = 0 if alternative == "less" else sum(_count_from(*pair, high) for pair in joined)
    below = 0 if alternative == "greater" else sum(_count_to(*pair, low) for pair in joined)
    return above + below


def _count_from(early: Counter[int], late: Counter[int], least: int) -> int:
    """The pairs of sums that reach at least so much."""
    sums = sorted(late)
    under = [0, *accumulate(late[total] for total in sums)]
    return sum(ways * (under[-1] - under[bisect_left(sums, least - total)]) for total, ways in early.items())


def _count_to(early: Counter[int], late: Counter[int], most: int) -> int:
    """The pairs of sums that reach at most so much."""
    sums = sorted(late)
    under = [0, *accumulate(late[total] for total in sums)]
    return sum(ways * under[bisect_right(sums, most - total)] for total, ways in early.items())


def _draw(problem: Problem, alternative: Alternative, method: str, *, chance: MonteCarlo) -> PValue:
    tail = Tail(problem.at, problem.mirror, alternative)
    if problem.chosen is None:
        return draw_flips(problem.values, tail, chance=chance, method=method)
    return draw_choices(problem.values, problem.chosen, tail, chance=chance, method=method)
