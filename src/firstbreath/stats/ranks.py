"""Exact p-values of the rank tests for small samples, ties and zeros included."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import comb
from typing import Literal, get_args

from msgspec.structs import replace

from firstbreath.stats.answers import PValue
from firstbreath.stats.arrangements import (
    Alternative,
    Counts,
    compute_choice_counts,
    compute_doubled_ranks,
    compute_groups,
    compute_sign_flip_counts,
    compute_tail,
)
from firstbreath.stats.arrays import parse_array, refuse_near_ties
from firstbreath.stats.refusals import NotComputable, TooLarge

Zeros = Literal["wilcoxon", "pratt", "zsplit"]
MOST_VALUES = 200
"""Beyond this the exact answer is no longer cheap, and the trial is no longer small."""


def signed_rank(
    differences: Iterable[object], *, zeros: Zeros = "wilcoxon", alternative: Alternative = "two-sided"
) -> PValue:
    """The exact p of the Wilcoxon signed-rank test; its statistic is W+, the sum of the positive ranks.

    differences : one per subject, after minus before, in any unit.
    zeros : "wilcoxon" drops zero differences; "pratt" ranks them and then drops their ranks; "zsplit" ranks
    them and gives half of each rank to W+, which moves the statistic and its mean alike: p is Pratt's.
    alternative : "greater" asks for positive differences; two-sided is "W+ at least as far from its mean".
    Raises NotComputable for none, NaN, text or unknown words; TooLarge for more than 200.
    Source: Wilcoxon, Biometrics Bulletin 1945;1:80; Pratt, JASA 1959;54:655.
    """
    refuse_word(zeros, Zeros, "zeros")
    exact = _parse(differences, "differences")
    moved = [difference for difference in exact if difference]
    below = len(exact) - len(moved) if zeros != "wilcoxon" else 0
    ranks = rank_by_value([abs(difference) for difference in moved], below)
    p = find_p(
        compute_sign_flip_counts(compute_groups(abs(difference) for difference in moved), below),
        at=sum(ranks[difference] for difference in moved if difference > 0),
        mirror=sum(ranks[abs(difference)] for difference in moved),
        alternative=alternative,
        method=f"exact Wilcoxon signed-rank test, {zeros} zeros",
    )
    split = Fraction(below * (below + 1), 4) if zeros == "zsplit" else 0
    return replace(p, name="W+", statistic=p.statistic + split)


def rank_sum(x: Iterable[object], y: Iterable[object], *, alternative: Alternative = "two-sided") -> PValue:
    """The exact p of the Mann-Whitney test; its statistic is U of x, the pairs with x above y, ties half.

    x, y : the two independent samples, in one unit.
    alternative : "greater" asks for x above y; two-sided is "rank sum at least as far from its mean".
    Raises NotComputable for an empty sample, NaN or text; TooLarge for more than 200 values.
    Source: Mann and Whitney, Annals of Mathematical Statistics 1947;18:50; ties as in StatXact.
    """
    first, second = _parse(x, "x"), _parse(y, "y")
    pooled = first + second
    refuse_size(len(pooled), "values in x and y")
    ranks = rank_by_value(pooled)
    total = sum(ranks[value] for value in first)
    p = find_p(
        compute_choice_counts(compute_groups(pooled), len(first)),
        at=total,
        mirror=2 * len(first) * (len(pooled) + 1),
        alternative=alternative,
        method="exact Mann-Whitney test",
    )
    return replace(p, name="U", statistic=Fraction(total - len(first) * (len(first) + 1), 2))


def sign_test(differences: Iterable[object], *, alternative: Alternative = "two-sided") -> PValue:
    """The exact p of the sign test; its statistic is the number of positive differences.

    differences : one per subject, after minus before; zeros are left out.
    alternative : "greater" asks for more positive than negative.
    Raises NotComputable for none that is not zero, NaN or text; TooLarge for more than 200.
    Source: Dixon and Mood, JASA 1946;41:557.
    """
    exact = _parse(differences, "differences")
    positive, negative = sum(value > 0 for value in exact), sum(value < 0 for value in exact)
    return sign_test_of_counts(positive, negative, alternative=alternative)


def sign_test_of_counts(positive: int, negative: int, *, alternative: Alternative = "two-sided") -> PValue:
    """The exact p of the sign test; its statistic is the number of positive differences.

    positive, negative : subjects that rose and fell; those without a change are left out.
    alternative : "greater" asks for more positive than negative.
    Raises NotComputable for a negative count or none at all; TooLarge for more than 200.
    Source: Dixon and Mood, JASA 1946;41:557.
    """
    total = positive + negative
    if min(positive, negative) < 0:
        raise NotComputable(f"{positive} positive and {negative} negative: a count cannot be below 0")
    refuse_size(total, "differences")
    counts = tuple(comb(total, number) for number in range(total + 1))
    p = find_p(counts, at=positive, mirror=total, alternative=alternative, method="exact sign test")
    return replace(p, name="positive", statistic=Fraction(positive))


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
    refuse_size(len(exact), name)
    refuse_near_ties(kept, name)
    return exact


def refuse_size(count: int, what: str) -> None:
    """Nothing, or a refusal of no values, or of more than 200."""
    if count == 0:
        raise NotComputable(f"no {what}: the test needs at least one")
    if count > MOST_VALUES:
        raise TooLarge(f"{count} {what} are too many: the exact test takes at most {MOST_VALUES}")


def refuse_word(word: str, known: object, name: str) -> None:
    """Nothing, or a refusal of a word that is not among those known.

    known : a Literal of the words. name : the argument, for the message.
    """
    if word not in get_args(known):
        raise NotComputable(f"{name} is {word!r}: choose one of {', '.join(get_args(known))}")
