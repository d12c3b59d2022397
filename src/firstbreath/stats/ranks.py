"""Exact p-values of the rank tests for small samples, ties and zeros included."""

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from typing import Literal

from msgspec import Struct

from firstbreath.stats.arrangements import (
    Alternative,
    Counts,
    compute_choice_counts,
    compute_doubled_ranks,
    compute_groups,
    compute_sign_flip_counts,
    compute_tail,
)
from firstbreath.stats.rounding import ExactNumber, compute_fraction, render_number

MOST_VALUES = 200
"""Beyond this the exact answer is no longer cheap, and the trial is no longer small."""


class PValue(Struct, frozen=True):
    """An exact p-value, its natural fraction (2/128, not 1/64) and the smallest these values could give."""

    value: Fraction
    statistic: Fraction
    method: str
    smallest: Fraction
    numerator: int
    denominator: int

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


def render_p(p: PValue, decimals: int = 4) -> str:
    """The text of a p-value, decimal and fraction: "0.0156 (2/128)"."""
    return f"{render_number(p.value, decimals)} ({p})"


def compute_signed_rank_p(
    differences: Sequence[ExactNumber],
    *,
    zeros: Literal["wilcoxon", "pratt"] = "wilcoxon",
    alternative: Alternative = "two-sided",
) -> PValue:
    """The exact p of the Wilcoxon signed-rank test; its statistic is the sum of the positive ranks.

    differences : one per subject, after minus before, finite exact numbers in any unit.
    zeros : "wilcoxon" drops zero differences, "pratt" ranks them and then drops their ranks.
    alternative : "greater" asks for positive differences.
    Raises ValueError for none, more than 200, or a difference that is not finite and exact.
    Source: Wilcoxon, Biometrics Bulletin 1945;1:80; Pratt, JASA 1959;54:655.
    """
    exact = _exact(differences, "differences")
    moved = [difference for difference in exact if difference]
    below = len(exact) - len(moved) if zeros == "pratt" else 0
    groups = compute_groups(abs(difference) for difference in moved)
    ranks = _rank_by_value([abs(difference) for difference in moved], below)
    return _p_value(
        compute_sign_flip_counts(groups, below),
        at=sum(ranks[difference] for difference in moved if difference > 0),
        mirror=sum(ranks[abs(difference)] for difference in moved),
        alternative=alternative,
        method=f"exact Wilcoxon signed-rank test, {zeros} zeros",
    )


def compute_rank_sum_p(
    x: Sequence[ExactNumber], y: Sequence[ExactNumber], *, alternative: Alternative = "two-sided"
) -> PValue:
    """The exact p of the Mann-Whitney test; its statistic is U of x, the pairs with x above y, ties half.

    x, y : the two independent samples, finite exact numbers in one unit.
    alternative : "greater" asks for x above y; two-sided is "rank sum at least as far from its mean".
    Raises ValueError for an empty sample, more than 200 values, or one that is not finite and exact.
    Source: Mann and Whitney, Annals of Mathematical Statistics 1947;18:50; ties as in StatXact.
    """
    first, second = _exact(x, "values in x"), _exact(y, "values in y")
    pooled = _exact(first + second, "values in x and y")
    ranks = _rank_by_value(pooled)
    rank_sum = sum(ranks[value] for value in first)
    p = _p_value(
        compute_choice_counts(compute_groups(pooled), len(first)),
        at=rank_sum,
        mirror=2 * len(first) * (len(pooled) + 1),
        alternative=alternative,
        method="exact Mann-Whitney test",
    )
    return _with_statistic(p, Fraction(rank_sum - len(first) * (len(first) + 1), 2))


def compute_sign_test_p(positive: int, negative: int, *, alternative: Alternative = "two-sided") -> PValue:
    """The exact p of the sign test; its statistic is the number of positive differences.

    positive, negative : subjects that rose and fell; those without a change are left out.
    alternative : "greater" asks for more positive than negative.
    Raises ValueError for a negative count, none at all, or more than 200.
    Source: Dixon and Mood, JASA 1946;41:557.
    """
    total = positive + negative
    if min(positive, negative) < 0:
        raise ValueError(f"{positive} positive and {negative} negative: a count cannot be below 0")
    _refuse_size(total, "differences")
    counts = tuple(comb(total, number) for number in range(total + 1))
    p = _p_value(counts, at=positive, mirror=total, alternative=alternative, method="exact sign test")
    return _with_statistic(p, Fraction(positive))


def _p_value(counts: Counts, *, at: int, mirror: int, alternative: Alternative, method: str) -> PValue:
    """The p-value of one distribution; the statistic is halved, as the kernel's ranks are doubled."""
    extreme = compute_tail(counts, at, mirror=mirror, alternative=alternative)
    total = sum(counts)
    ends = [place for place, count in enumerate(counts) if count]
    least = min(compute_tail(counts, end, mirror=mirror, alternative=alternative) for end in (ends[0], ends[-1]))
    return PValue(Fraction(extreme, total), Fraction(at, 2), method, Fraction(least, total), extreme, total)


def _with_statistic(p: PValue, statistic: Fraction) -> PValue:
    return PValue(p.value, statistic, p.method, p.smallest, p.numerator, p.denominator)


def _rank_by_value(values: Sequence[Fraction], below: int = 0) -> dict[Fraction, int]:
    """The doubled midrank of each distinct value."""
    return dict(zip(sorted(set(values)), compute_doubled_ranks(compute_groups(values), below), strict=True))


def _exact(values: Sequence[ExactNumber], what: str) -> list[Fraction]:
    _refuse_size(len(values), what)
    return [compute_fraction(value) for value in values]


def _refuse_size(count: int, what: str) -> None:
    if count == 0:
        raise ValueError(f"no {what}: the test needs at least one")
    if count > MOST_VALUES:
        raise ValueError(f"{count} {what} are too many: the exact test takes at most {MOST_VALUES}")
