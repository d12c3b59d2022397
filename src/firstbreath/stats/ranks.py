"""Exact p-values of the rank tests for small samples, ties and zeros included."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import comb, gcd
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
    weigh_sums,
    weigh_sums_of,
    weigh_untied_sums,
)
from firstbreath.stats.arrays import is_list, parse_array, refuse_near_ties, refuse_word
from firstbreath.stats.counts import parse_count
from firstbreath.stats.monte_carlo import decide_drawing
from firstbreath.stats.rank_draws import Tail, draw_choices, draw_flips
from firstbreath.stats.refusals import TooLarge

Zeros = Literal["wilcoxon", "pratt", "zsplit"]
ZERO_RULES: dict[Zeros, str] = {
    "wilcoxon": "zeros dropped (Wilcoxon)",
    "pratt": "zeros ranked and then dropped (Pratt)",
    "zsplit": "zeros ranked and split",
}
MOST_VALUES = 200
"""Up to so many values in all the p-values that a test can give are listed; beyond, a trial is no longer small."""
MOST_WORK = 25 * 10**9
"""Bytes moved in two to three seconds: 600 differences or two samples of 350; with ties 500, or two of 120."""
MOST_DRAWN, MOST_SIGNS = 10_000, 1_000


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
    monte_carlo : leave to draw signs for more than about 600 differences, 500 with ties; without it they are
    refused. When no subject changed, p is 1/1 with a note.
    Raises NotComputable for none, NaN, text or unknown words; TooLarge beyond the limit without that leave.
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
    method = f"exact Wilcoxon signed-rank test, midranks for ties, {ZERO_RULES[zeros]}"
    split = Fraction(below * (below + 1), 4) if zeros == "zsplit" else 0
    step = gcd(*each) or 1
    too_large = weigh_sums([rank // step for rank in each]) > MOST_WORK
    chance = decide_drawing(monte_carlo, FLIPS.format(len(exact)), too_large=too_large)
    if chance is None:
        counts = compute_sign_flip_counts(compute_groups(abs(difference) for difference in moved), below)
        p = find_p(counts, at=at, mirror=sum(each), alternative=alternative, method=method)
    else:
        p = draw_flips(each, Tail(at, sum(each), alternative), chance=chance, method=method)
    return replace(p, name="W+", statistic=Fraction(at, 2) + split, notes=() if moved else (UNCHANGED,))


UNCHANGED = "no subject changed, so p is 1"
FLIPS = "{} differences are too many to count: the exact test takes about 600, or 500 with ties"
CHOICES = (
    "{} values in x and y are too many to count: the exact test takes about 350 against 350, "
    "or 120 against 120 with ties"
)


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
    monte_carlo : leave to draw groups beyond about 350 against 350 values, 120 against 120 with ties; without it
    they are refused. When all values are the same, p is 1 with a note.
    Raises NotComputable for an empty sample, NaN or text; TooLarge beyond the limit without that leave.
    Source: Mann and Whitney, Annals of Mathematical Statistics 1947;18:50; ties as in StatXact.
    """
    refuse_word(alternative, Alternative, "alternative")
    first, second = _parse(x, "x"), _parse(y, "y")
    pooled = first + second
    ranks = rank_by_value(pooled)
    each = [ranks[value] for value in pooled]
    at, mirror = sum(each[: len(first)]), 2 * len(first) * (len(pooled) + 1)
    method = "exact Mann-Whitney test, midranks for ties"
    too_large = _weigh_choices(each, len(first)) > MOST_WORK
    chance = decide_drawing(monte_carlo, CHOICES.format(len(pooled)), too_large=too_large)
    if chance is None:
        counts = compute_choice_counts(compute_groups(pooled), len(first))
        p = find_p(counts, at=at, mirror=mirror, alternative=alternative, method=method)
    else:
        tail = Tail(at, mirror, alternative)
        p = draw_choices(each, len(first), tail, chance=chance, method=method)
    notes = () if len(ranks) > 1 else ("all values are the same, so p is 1",)
    return replace(p, name="U", statistic=Fraction(at - len(first) * (len(first) + 1), 2), notes=notes)


def _weigh_choices(each: Sequence[int], chosen: int) -> int:
    """The work of counting the choices of so many of these doubled ranks."""
    if len(set(each)) == len(each):
        return weigh_untied_sums(chosen, len(each) - chosen)
    fewer, ranks = min(chosen, len(each) - chosen), sorted(each)
    step = gcd(*(rank - ranks[0] for rank in ranks)) or 1
    return weigh_sums_of(fewer, [(rank - ranks[0]) // step for rank in ranks])


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
    kept = tuple(values) if is_list(values) else values
    exact = parse_array(kept, name)
    if len(exact) > MOST_DRAWN:
        raise TooLarge(f"{len(exact)} {name} are too many: even drawing takes at most {MOST_DRAWN:,}")
    refuse_near_ties(kept, name)
    return exact
