"""Exact p-values of the rank tests for small samples, ties and zeros included."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import comb
from typing import Literal

from msgspec.structs import replace

from firstbreath.stats.answers import MonteCarlo, PValue
from firstbreath.stats.arrangements import (
    Alternative,
    Counts,
    compute_choice_counts,
    compute_doubled_ranks,
    compute_groups,
    compute_sign_flip_counts,
    compute_tail,
)
from firstbreath.stats.arrays import parse_array, refuse_near_ties, refuse_word
from firstbreath.stats.counts import parse_count
from firstbreath.stats.rank_draws import Tail, draw_choices, draw_flips
from firstbreath.stats.refusals import TooLarge

Zeros = Literal["wilcoxon", "pratt", "zsplit"]
MOST_VALUES = 200
"""Up to so many values in all an answer takes about a second; beyond, the trial is no longer small."""
MOST_DRAWN, MOST_SIGNS = 10_000, 1_000
ASK = "pass monte_carlo=MonteCarlo(draws=100_000, seed=1) to draw at random"


def signed_rank(
    differences: Iterable[object],
    *,
    zeros: Zeros = "wilcoxon",
    alternative: Alternative = "two-sided",
    monte_carlo: MonteCarlo | None = None,
) -> PValue:
    """The exact p of the Wilcoxon signed-rank test; its statistic is W+, the sum of the positive ranks.

    differences : one per subject, after minus before, in any unit.
    zeros : "wilcoxon" drops zero differences; "pratt" ranks them and then drops their ranks; "zsplit" ranks
    them and gives half of each rank to W+, which moves the statistic and its mean alike: p is Pratt's.
    alternative : "greater" asks for positive differences; two-sided is "W+ at least as far from its mean".
    monte_carlo : leave to draw signs for more than 200 differences. When none changed, p is 1/1 with a note.
    Raises NotComputable for none, NaN, text or unknown words; TooLarge for more than 200 without that leave.
    Source: Wilcoxon, Biometrics Bulletin 1945;1:80; Pratt, JASA 1959;54:655.
    """
    refuse_word(zeros, Zeros, "zeros")
    refuse_word(alternative, Alternative, "alternative")
    exact = _parse(differences, "differences")
    moved = [difference for difference in exact if difference]
    below = len(exact) - len(moved) if zeros != "wilcoxon" else 0
    ranks = rank_by_value([abs(difference) for difference in moved], below)
    each = [ranks[abs(difference)] for difference in moved]
    at = sum(rank for rank, difference in zip(each, moved, strict=True) if difference > 0)
    method = f"exact Wilcoxon signed-rank test, {zeros} zeros"
    split = Fraction(below * (below + 1), 4) if zeros == "zsplit" else 0
    if monte_carlo is not None and len(exact) > MOST_VALUES:
        p = draw_flips(each, Tail(at, sum(each), alternative), chance=monte_carlo, method=method)
    else:
        refuse_size(len(exact), "differences")
        counts = compute_sign_flip_counts(compute_groups(abs(difference) for difference in moved), below)
        p = find_p(counts, at=at, mirror=sum(each), alternative=alternative, method=method)
    return replace(p, name="W+", statistic=Fraction(at, 2) + split, notes=() if moved else (UNCHANGED,))


UNCHANGED = "no subject changed, so p is 1"


def rank_sum(
    x: Iterable[object],
    y: Iterable[object],
    *,
    alternative: Alternative = "two-sided",
    monte_carlo: MonteCarlo | None = None,
) -> PValue:
    """The exact p of the Mann-Whitney test; its statistic is U of x, the pairs with x above y, ties half.

    x, y : the two independent samples, in one unit.
    alternative : "greater" asks for x above y; two-sided is "rank sum at least as far from its mean".
    monte_carlo : leave to draw groups for more than 200 values. When all are the same, p is 1/1 with a note.
    Raises NotComputable for an empty sample, NaN or text; TooLarge for more than 200 values without that leave.
    Source: Mann and Whitney, Annals of Mathematical Statistics 1947;18:50; ties as in StatXact.
    """
    refuse_word(alternative, Alternative, "alternative")
    first, second = _parse(x, "x"), _parse(y, "y")
    pooled = first + second
    ranks = rank_by_value(pooled)
    each = [ranks[value] for value in pooled]
    at, mirror = sum(each[: len(first)]), 2 * len(first) * (len(pooled) + 1)
    method = "exact Mann-Whitney test, midranks for ties"
    if monte_carlo is not None and len(pooled) > MOST_VALUES:
        tail = Tail(at, mirror, alternative)
        p = draw_choices(each, len(first), tail, chance=monte_carlo, method=method)
    else:
        refuse_size(len(pooled), "values in x and y")
        counts = compute_choice_counts(compute_groups(pooled), len(first))
        p = find_p(counts, at=at, mirror=mirror, alternative=alternative, method=method)
    notes = () if len(ranks) > 1 else ("all values are the same, so p is 1",)
    return replace(p, name="U", statistic=Fraction(at - len(first) * (len(first) + 1), 2), notes=notes)


def sign_test(differences: Iterable[object], *, alternative: Alternative = "two-sided") -> PValue:
    """The exact p of the sign test; its statistic is the number of positive differences.

    differences : one per subject, after minus before; zeros are left out. When all are zero, p is 1/1 with a note.
    alternative : "greater" asks for more positive than negative.
    Raises NotComputable for none, NaN or text; TooLarge for more than 1,000 that are not zero.
    Source: Dixon and Mood, JASA 1946;41:557.
    """
    exact = _parse(differences, "differences")
    positive, negative = sum(value > 0 for value in exact), sum(value < 0 for value in exact)
    return sign_test_of_counts(positive, negative, alternative=alternative)


def sign_test_of_counts(positive: int, negative: int, *, alternative: Alternative = "two-sided") -> PValue:
    """The exact p of the sign test; its statistic is the number of positive differences.

    positive, negative : subjects that rose and fell; those without a change are left out. Of none, p is 1/1.
    alternative : "greater" asks for more positive than negative.
    Raises NotComputable for what is not a count; TooLarge for more than 1,000.
    Source: Dixon and Mood, JASA 1946;41:557.
    """
    rose, fell = parse_count(positive, "positive"), parse_count(negative, "negative")
    total = rose + fell
    if total > MOST_SIGNS:
        raise TooLarge(f"{total} changes are too many: the sign test takes at most {MOST_SIGNS:,}")
    counts = tuple(comb(total, number) for number in range(total + 1))
    p = find_p(counts, at=rose, mirror=total, alternative=alternative, method="exact sign test")
    return replace(p, name="positive", statistic=Fraction(rose), notes=() if total else (UNCHANGED,))


def find_p(counts: Counts, *, at: int, mirror: int, alternative: Alternative, method: str) -> PValue:
    """The p-value of one distribution; the statistic is halved, as the kernel's ranks are doubled.

    counts : arrangements per doubled statistic. at : the doubled statistic observed. mirror : twice its mean.
    Raises NotComputable for an unknown alternative.
    """
    refuse_word(alternative, Alternative, "alternative")
    extreme = compute_tail(counts, at, mirror=mirror, alternative=alternative)
    total = sum(counts)
    ends = [place for place, count in enumerate(counts) if count]
    least = min(compute_tail(counts, end, mirror=mirror, alternative=alternative) for end in (ends[0], ends[-1]))
    return PValue(Fraction(extreme, total), Fraction(at, 2), method, Fraction(least, total), extreme, total)


def rank_by_value(values: Sequence[Fraction], below: int = 0) -> dict[Fraction, int]:
    """The doubled midrank of each distinct value; `below` values rank under all of them."""
    return dict(zip(sorted(set(values)), compute_doubled_ranks(compute_groups(values), below), strict=True))


def _parse(values: Iterable[object], name: str) -> tuple[Fraction, ...]:
    kept = tuple(values) if isinstance(values, Iterable) and not isinstance(values, str) else values
    exact = parse_array(kept, name)
    if len(exact) > MOST_DRAWN:
        raise TooLarge(f"{len(exact)} {name} are too many: even drawing takes at most {MOST_DRAWN:,}")
    refuse_near_ties(kept, name)
    return exact


def refuse_size(count: int, what: str) -> None:
    """Nothing, or a refusal of more than 200."""
    if count > MOST_VALUES:
        raise TooLarge(f"{count} {what} are too many: the exact test takes at most {MOST_VALUES}; {ASK}")
