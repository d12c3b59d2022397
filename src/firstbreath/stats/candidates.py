"""The exact p-values a test can give at its sizes: all of them where n is small, enough of them beyond."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from math import ceil, comb, floor
from typing import Literal

from firstbreath.stats.arrangements import Groups, compute_numerators
from firstbreath.stats.fisher_attained import compute_fisher_attained
from firstbreath.stats.rounding import compute_fraction, compute_print_range, some_multiple_prints
from firstbreath.stats.several_attained import (
    can_enumerate,
    compute_friedman_attained,
    compute_kruskal_wallis_attained,
    compute_several_ends,
    compute_several_smallest,
)
from firstbreath.stats.tie_patterns import (
    Attained,
    Witness,
    compute_pattern_attained,
    compute_rank_sum_attained,
    compute_signed_rank_attained,
)

Test = Literal[
    "signed-rank", "permutation-paired", "sign", "rank-sum", "mcnemar", "fisher", "friedman", "kruskal-wallis"
]
PAIRED: tuple[Test, ...] = ("signed-rank", "permutation-paired", "sign")
OF_PAIRS = (*PAIRED, "mcnemar")
"""Tests of one size, the pairs; McNemar's is the sign test of the discordant ones."""
OF_TWO_GROUPS = ("rank-sum", "fisher")
WITHOUT_SIDES = ("friedman", "kruskal-wallis")
MOST_PAIRS, MOST_POOLED = 14, 16
"""Up to here every pattern of ties is enumerated, so the answer is complete either way."""
MOST_SEARCHED, MOST_TRIED = 40, 80
"""Up to so many values a p no untied data give is looked for in so many patterns with one group of ties."""


def compute_candidates(test: Test, sizes: tuple[int, ...], printed: Decimal, *, sides: int) -> tuple[Attained, bool]:
    """The p-values the test can give, and whether a printed p not among them is thereby impossible.

    test, sizes, printed, sides : as `attaining.check_attainable`, already refused where wrong.
    """
    if test in ("sign", "mcnemar"):
        return _sign_candidates(sizes[0], sides), True
    if test == "permutation-paired":
        return _permutation_candidates(sizes[0], printed, sides), True
    if test == "fisher":
        return compute_fisher_attained(min(sizes), max(sizes), sides), True
    if test == "signed-rank" and sizes[0] <= MOST_PAIRS:
        return compute_signed_rank_attained(sizes[0], sides), True
    if test == "rank-sum" and sum(sizes) <= MOST_POOLED:
        return compute_rank_sum_attained(min(sizes), max(sizes), sides), True
    hopeless = not is_on_lattice(test, sizes, printed, sides=sides)
    if test in WITHOUT_SIDES:
        return _several_candidates(test, sizes, hopeless=hopeless)
    return _search(tuple(sorted(sizes)), printed, sides=sides, hopeless=hopeless), hopeless


def compute_smallest(test: Test, sizes: tuple[int, ...], *, sides: int) -> tuple[int, int]:
    """The natural fraction of the smallest p the test can give, of which every other is a multiple.

    Swapping all signs, or two equal samples, mirrors the distribution: then a two-sided count is even.
    Groups of unequal size that are each all alike are the one most extreme arrangement, without a mirror.

    test, sizes, sides : as `attaining.check_attainable`.
    """
    if test in WITHOUT_SIDES:
        return compute_several_smallest(test, sizes)
    if test in OF_TWO_GROUPS:
        return (sides if sizes[0] == sizes[1] else 1), comb(sum(sizes), sizes[0])
    return sides, 2 ** sizes[0]


def is_on_lattice(test: Test, sizes: tuple[int, ...], printed: Decimal, *, sides: int) -> bool:
    """False when no multiple of the test's smallest step prints so, which settles it for every data set."""
    return some_multiple_prints(Fraction(*compute_smallest(test, sizes, sides=sides)), printed)


def _sign_candidates(pairs: int, sides: int) -> Attained:
    """Every p of the sign test with 0 to all of the pairs unchanged and left out."""
    found: dict[tuple[int, int], Witness] = {}
    for moved in range(pairs + 1):
        counts = tuple(comb(moved, number) for number in range(moved + 1))
        for numerator, at in compute_numerators(counts, moved, sides).items():
            found[numerator, 2**moved] = Witness((1,) * moved, Fraction(at), pairs - moved)
    return found


def _permutation_candidates(pairs: int, printed: Decimal, sides: int) -> Attained:
    """The two p-values beside the printed one: differences can be chosen so that every multiple occurs."""
    step = Fraction(sides, 2**pairs)
    below = floor(compute_fraction(printed) / step)
    places = {min(max(place, 1), 2**pairs // sides) for place in (below, below + 1)}
    return {(place * sides, 2**pairs): Witness((1,) * pairs, Fraction(place)) for place in places}


def _several_candidates(test: Test, sizes: tuple[int, ...], *, hopeless: bool) -> tuple[Attained, bool]:
    """All p-values where they can be gone through, else those of untied data, else the smallest and 1."""
    for tied in (True, False):
        if can_enumerate(test, sizes, tied=tied):
            if test == "friedman":
                return compute_friedman_attained(*sizes, tied=tied), tied or hopeless
            found = compute_kruskal_wallis_attained(tuple(sorted(sizes)), tied=tied)
            return {**compute_several_ends(test, sizes), **found}, tied or hopeless
    return compute_several_ends(test, sizes), hopeless


def _search(sizes: tuple[int, ...], printed: Decimal, *, sides: int, hopeless: bool) -> Attained:
    """The p-values of untied data and, until one prints so, of data with one group of ties."""
    total = comb(sum(sizes), sizes[0]) if len(sizes) == 2 else 2 ** sizes[0]
    low, high = compute_print_range(printed)
    wanted = range(ceil(low * total), floor(high * total) + 1)
    found: Attained = {}
    tried = 1 if hopeless or sum(sizes) > MOST_SEARCHED else MOST_TRIED
    for groups in islice(_patterns(sum(sizes)), tried):
        attained = compute_pattern_attained(sizes, groups, sides=sides)
        found = {**attained, **found}
        if any(numerator in wanted for numerator, _ in attained):
            break
    return found


def _patterns(values: int) -> Iterator[Groups]:
    """No ties, then one group of two, of three and so on, at each place in the ranking."""
    yield (1,) * values
    for size in range(2, values + 1):
        for below in range(values - size + 1):
            yield (*(1,) * below, size, *(1,) * (values - size - below))
