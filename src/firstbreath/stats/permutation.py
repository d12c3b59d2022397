"""Fisher and Pitman's permutation test of means, on the values themselves."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import ceil, floor, gcd, lcm
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from firstbreath.stats.answers import MonteCarlo, PValue
from firstbreath.stats.arrangements import Alternative, compute_sums, compute_sums_of, weigh_sums, weigh_sums_of
from firstbreath.stats.arrays import is_list, parse_array, refuse_word
from firstbreath.stats.monte_carlo import ASK
from firstbreath.stats.rank_draws import Tail, draw_choices, draw_flips
from firstbreath.stats.refusals import NotComputable, TooLarge

MOST_PACKED = 10**10
"""Bytes moved in about a second: whole numbers of a small range are counted in one polynomial."""
MOST_SUMS = 2**19
"""Different sums held for each half of other values: any 38 of them."""
MOST_WORK = 4_000_000
"""Sums made in all for one half: a few seconds."""
MOST_VALUES = 1000
NOISE = Fraction(1, 10**13)
PAIRED = "exact paired permutation test of the mean"
UNPAIRED = "exact permutation test of the difference of means"
Ways: TypeAlias = dict[int, int]
Halves: TypeAlias = list[tuple[Ways, Ways]]
"""Sums of one half of the values and of the other, with how often each comes; any of both can be joined."""


class Problem(Struct, frozen=True):
    """Whole numbers, ascending, of which some are taken, and their sum: `chosen` of them, or any number when None.

    at : the sum observed. mirror : twice the mean of the sums.
    """

    values: tuple[int, ...]
    chosen: int | None
    at: int
    mirror: Fraction


def permutation_mean(
    x: Iterable[object],
    y: Iterable[object] | None = None,
    *,
    alternative: Alternative = "two-sided",
    monte_carlo: MonteCarlo | None = None,
) -> PValue:
    """The exact p of the permutation test of means; its statistic is the mean difference.

    x : with y left out, one difference a subject, whose signs are flipped, and the statistic is their mean; else the
    first of two independent samples, and the statistic is the mean of x less the mean of y.
    alternative : "greater" asks for x above y, or differences above 0; two-sided is "as far from no difference".
    Any 38 values can be counted, hundreds when they are scores of a small range; beyond that the test draws, if
    `monte_carlo` allows it. When no subject changed, or all values are the same, p is 1 with a note.
    Raises NotComputable for an empty sample, what is no number, or a float that carries the error of binary
    subtraction, which would tell equal sums apart; TooLarge beyond the limits.
    Source: Fisher, The Design of Experiments 1935, section 21; Pitman, Supplement to the JRSS 1937;4:119; halves
    joined as in Pagano and Tritchler, JASA 1983;78:435.
    """
    refuse_word(alternative, Alternative, "alternative")
    first = _parse(x, "x")
    if y is None:
        return _find_paired(first, alternative, monte_carlo)
    return _find_two(first, _parse(y, "y"), alternative, chance=monte_carlo)


def _parse(values: Iterable[object], name: str) -> tuple[Fraction, ...]:
    kept = tuple(values) if is_list(values) else values
    exact = parse_array(kept, name)
    if len(exact) > MOST_VALUES:
        raise TooLarge(f"{name} has {len(exact)} values, too many: the test takes at most {MOST_VALUES:,}")
    for place, (value, number) in enumerate(zip(kept, exact, strict=True), 1):
        short = Fraction(Decimal(f"{value:.8g}")) if isinstance(value, float) else number
        if 0 < abs(number - short) < NOISE * abs(number):
            raise NotComputable(
                f"value {place} of {name} is {float(number)!r}, which is {float(short)!r} but for binary rounding, so "
                "equal sums would be told apart: give the values before and after, or Decimals"
            )
    return exact


def _find_paired(differences: Sequence[Fraction], alternative: Alternative, chance: MonteCarlo | None) -> PValue:
    unit = _find_unit(differences)
    values = tuple(sorted(int(abs(value) / unit) for value in differences))
    at = int(sum((value for value in differences if value > 0), Fraction(0)) / unit)
    p = _find(Problem(values, None, at, Fraction(sum(values))), alternative, PAIRED, chance=chance)
    notes = () if any(values) else ("no subject changed, so p is 1",)
    mean = sum(differences, Fraction(0)) / len(differences)
    return replace(p, name="mean difference", statistic=mean, notes=notes)


def _find_two(
    x: Sequence[Fraction], y: Sequence[Fraction], alternative: Alternative, *, chance: MonteCarlo | None
) -> PValue:
    pooled = sorted((*x, *y))
    unit = _find_unit([value - pooled[0] for value in pooled])
    values = tuple(int((value - pooled[0]) / unit) for value in pooled)
    at = sum(int((value - pooled[0]) / unit) for value in x)
    problem = Problem(values, len(x), at, Fraction(2 * len(x) * sum(values), len(values)))
    p = _find(problem, alternative, UNPAIRED, chance=chance)
    means = [sum(sample, Fraction(0)) / len(sample) for sample in (x, y)]
    notes = () if values[-1] else ("all values are the same, so p is 1",)
    return replace(p, name="mean difference", statistic=means[0] - means[1], notes=notes)


def _find_unit(values: Sequence[Fraction]) -> Fraction:
    """The largest number of which all are whole multiples; 1 when all are zero."""
    common = lcm(*(value.denominator for value in values))
    return Fraction(gcd(*(int(value * common) for value in values)) or 1, common)


def _find(problem: Problem, alternative: Alternative, method: str, *, chance: MonteCarlo | None) -> PValue:
    try:
        halves = _count_sums(problem)
    except TooLarge:
        if chance is None:
            raise
        return _draw(problem, alternative, method, chance=chance)
    total = sum(sum(early.values()) * sum(late.values()) for early, late in halves)
    low, high = _find_limits(problem, alternative)
    extreme = sum(_count_beyond(early, late, low, high) for early, late in halves)
    least = _count_ends(halves, problem, alternative)
    return PValue(Fraction(extreme, total), Fraction(0), method, Fraction(least, total), extreme, total)


def _count_sums(problem: Problem) -> Halves:
    """Every sum that can be chosen: of all values at once where their range is small, else of each half of them."""
    values, chosen = problem.values, problem.chosen
    if chosen is None and weigh_sums(values) <= MOST_PACKED:
        return [(_keep_found(compute_sums(values), 0), {0: 1})]
    if chosen is not None and weigh_sums_of(chosen, values) <= MOST_PACKED:
        return [(_keep_found(compute_sums_of(chosen, values), sum(values[:chosen])), {0: 1})]
    middle = len(values) // 2
    first, second = (_choose(half, chosen) for half in (values[:middle], values[middle:]))
    if chosen is None:
        return [(first[0], second[0])]
    return [(first[count], second[chosen - count]) for count in first if chosen - count in second]


def _keep_found(counts: Sequence[int], least: int) -> Ways:
    return {total: ways for total, ways in enumerate(counts, least) if ways}


def _choose(values: Sequence[int], chosen: int | None) -> dict[int, Ways]:
    """The sums of every choice of the values, and how often each comes, by the number chosen (0 for any)."""
    sums: dict[int, Ways] = {0: {0: 1}}
    work = 0
    for value in values:
        for count in sorted(sums, reverse=True):
            into = count if chosen is None else count + 1
            if chosen is None or into <= chosen:
                sums[into] = _merge({total + value: ways for total, ways in sums[count].items()}, sums.get(into, {}))
        held = sum(map(len, sums.values()))
        work += held
        if held > MOST_SUMS or work > MOST_WORK:
            raise TooLarge(
                f"these values have too many different sums to count (limit {MOST_SUMS:,} in one half): {ASK}"
            )
    return sums


def _merge(into: Ways, others: Ways) -> Ways:
    for total, ways in others.items():
        into[total] = into.get(total, 0) + ways
    return into


def _find_limits(problem: Problem, alternative: Alternative) -> tuple[int, int]:
    """The sums at most and at least which a choice is as extreme as the one observed."""
    if alternative == "greater":
        return -1, problem.at
    if alternative == "less":
        return problem.at, sum(problem.values) + 1
    far = abs(problem.at - problem.mirror / 2)
    low, high = floor(problem.mirror / 2 - far), ceil(problem.mirror / 2 + far)
    return low, max(high, low + 1)


def _count_beyond(early: Ways, late: Ways, low: int, high: int) -> int:
    """The pairs of sums that together are at most low or at least high."""
    sums = sorted(late)
    under = [0, *accumulate(late[total] for total in sums)]
    return sum(
        ways * (under[bisect_right(sums, low - total)] + under[-1] - under[bisect_left(sums, high - total)])
        for total, ways in early.items()
    )


def _count_ends(halves: Halves, problem: Problem, alternative: Alternative) -> int:
    """The choices at the most extreme sum there is, or at both when they are as far from the mean."""
    least, most = (pick(pick(early) + pick(late) for early, late in halves) for pick in (min, max))
    ends = {"less": {least}, "greater": {most}, "two-sided": {least, most}}[alternative]
    far = max(abs(end - problem.mirror / 2) for end in ends)
    return sum(
        ways * late.get(end - total, 0)
        for end in ends
        if abs(end - problem.mirror / 2) == far
        for early, late in halves
        for total, ways in early.items()
    )


def _draw(problem: Problem, alternative: Alternative, method: str, *, chance: MonteCarlo) -> PValue:
    """The p by drawing, of the values times their number, so that their mean is whole."""
    each = 1 if problem.chosen is None else len(problem.values)
    values = [value * each for value in problem.values]
    tail = Tail(problem.at * each, int(problem.mirror * each), alternative)
    if problem.chosen is None:
        return draw_flips(values, tail, chance=chance, method=method)
    return draw_choices(values, problem.chosen, tail, chance=chance, method=method)
