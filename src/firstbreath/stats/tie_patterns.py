"""Every exact p a rank test can give at a sample size, over every pattern of ties and zeros."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import accumulate, product
from math import comb
from typing import TypeAlias

from msgspec import Struct

from firstbreath.stats.arrangements import (
    Counts,
    Groups,
    add_choices,
    add_sign_flips,
    compute_choice_counts,
    compute_numerators,
    compute_sign_flip_counts,
    compute_width,
    unpack_counts,
)


class Witness(Struct, frozen=True):
    """A pattern of ties, and the statistic at which the test then gives a p: the proof that it can.

    groups : sizes of the groups of equal values, smallest value first, zero differences left out.
    statistic : sum of positive ranks, U of the first sample, or what the test's own name stands for.
    zeros : zero differences beside the groups. ranked : True when the zeros took the lowest ranks (Pratt).
    rule : how the two sides were joined, when not "as far from the mean or further".
    rows : the tie pattern of each subject's row, for Friedman's test only.
    """

    groups: Groups
    statistic: Fraction
    zeros: int = 0
    ranked: bool = False
    rule: str = ""
    rows: tuple[Groups, ...] = ()

    @property
    def burden(self) -> int:
        """The values that would have to differ for neither ties nor zeros to be left."""
        return self.zeros + sum(sum(groups) - len(groups) for groups in (self.groups, *self.rows))


Attained = Mapping[tuple[int, int], Witness]
"""Natural fraction (numerator, denominator) of each attainable p, and its simplest witness."""
DOUBLED = "twice the smaller tail"
_Place: TypeAlias = tuple[Groups, Mapping[int, int], str]
"""A tie pattern, the doubled statistic of each number of extreme arrangements under it, and the rule."""


@cache
def compute_signed_rank_attained(n: int, sides: int) -> Attained:
    """Every p of the signed-rank test on n pairs: all tie patterns, zeros dropped or ranked (Pratt).

    n : pairs. sides : 1 or 2. The work doubles with each pair: about a second at n = 14.
    """
    return _keep_simplest(
        (fraction, Witness(witness.groups, witness.statistic, zeros, ranked))
        for zeros, ranked in product(range(n + 1), (False, True))
        for fraction, witness in _compute_moved_attained(n - zeros, zeros * ranked, sides).items()
    )


@cache
def _compute_moved_attained(moved: int, below: int, sides: int) -> Attained:
    """Every p of so many differences that are not zero, with so many ranks taken below them.

    Signs mirror the distribution, so two sides are twice the upper one, and nothing needs a second walk.
    """
    if sides == 1:
        return compute_attained(walk_sign_flips(moved, below), sides=1)
    ranks = moved * below + moved * (moved + 1) // 2
    return _double(_compute_moved_attained(moved, below, 1), 2**moved, Witness((1,) * moved, Fraction(-(-ranks // 2))))


def _double(upper: Attained, total: int, middle: Witness) -> Attained:
    """Two sides of distributions that mirror: twice the upper tails short of a half, and 1 in the middle."""
    tails = {(2 * numerator, total): witness for (numerator, _), witness in upper.items() if 2 * numerator < total}
    return {**tails, (total, total): middle}


@cache
def compute_rank_sum_attained(first: int, second: int, sides: int) -> Attained:
    """Every p of the Mann-Whitney test over all tie patterns of the pooled values.

    first, second : sample sizes. sides : 1 or 2. The work doubles with each value: a second at 7 + 7.
    """
    if sides == 2 and first == second:
        middle = Witness((1,) * (2 * first), Fraction(-(-first * first // 2)))
        return _double(compute_rank_sum_attained(first, first, 1), comb(2 * first, first), middle)
    return compute_attained(walk_choices(first, second), sides=sides, chosen=first)


def compute_pattern_attained(sizes: tuple[int, ...], groups: Groups, *, sides: int) -> Attained:
    """Every p under one tie pattern without zeros.

    sizes : (n,) for the signed-rank test, (first, second) for Mann-Whitney.
    groups : tie pattern of the n or first + second values. sides : 1 or 2.
    """
    if len(sizes) == 1:
        return compute_attained([(groups, compute_sign_flip_counts(groups))], sides=sides)
    counts = compute_choice_counts(groups, sizes[0])
    return compute_attained([(groups, counts)], sides=sides, chosen=sizes[0])


def compute_attained(walked: Iterable[tuple[Groups, Counts]], *, sides: int, chosen: int = 0) -> Attained:
    """Every p of the distributions walked; of two witnesses of one fraction, the one with fewer ties.

    walked : tie patterns of as many values, with their counts. sides : 1 or 2; two are "as far from the mean
    or further" and, where ties make the distribution lopsided, also twice the smaller tail.
    chosen : size of the first sample, 0 for sign flips.
    """
    by_ties: dict[tuple[int, bool], dict[int, _Place]] = {}
    total = 0
    for groups, counts in walked:
        total = sum(counts)
        mirror = 2 * chosen * (sum(groups) + 1) if chosen else len(counts) - 1
        for rule, places in _find_numerators(counts, mirror, sides):
            found = by_ties.setdefault((len(groups), not rule), {})
            found.update(dict.fromkeys(places, (groups, places, rule)))
    fewest_ties: dict[int, _Place] = {}
    for kind in sorted(by_ties):
        fewest_ties.update(by_ties[kind])
    least = chosen * (chosen + 1)
    return {
        (numerator, total): Witness(groups, Fraction(places[numerator] - least, 2), rule=rule)
        for numerator, (groups, places, rule) in fewest_ties.items()
    }


def _find_numerators(counts: Counts, mirror: int, sides: int) -> Iterator[tuple[str, Mapping[int, int]]]:
    """By each rule for two sides: every number of extreme arrangements, and the doubled statistic that has it."""
    padding = (0,) * (mirror + 1 - len(counts))
    if sides == 2 and counts + padding != padding + counts[::-1]:
        total = sum(counts)
        tails = enumerate(zip(counts, accumulate(counts), strict=True))
        lower = [(at, below, total - below + count) for at, (count, below) in tails if count]
        yield DOUBLED, {min(total, 2 * below, 2 * above): at for at, below, above in lower}
    yield "", compute_numerators(counts, mirror, sides)


def walk_sign_flips(moved: int, below: int = 0) -> Iterator[tuple[Groups, Counts]]:
    """Each tie pattern of so many magnitudes with its distribution; patterns share their beginnings."""
    width = compute_width(2**moved)
    pending: list[tuple[Groups, int, int]] = [((), 0, 1)]
    while pending:
        groups, used, packed = pending.pop()
        if used == moved:
            yield groups, unpack_counts(packed, width)
        for size in range(1, moved - used + 1):
            shift = (2 * (below + used) + size + 1) * width
            pending.append(((*groups, size), used + size, add_sign_flips(packed, size, shift)))


def walk_choices(first: int, second: int) -> Iterator[tuple[Groups, Counts]]:
    """Each tie pattern of two pooled samples with the distribution of the first one's doubled rank sum."""
    total = first + second
    width = compute_width(comb(total, first))
    nothing: tuple[int, ...] = (1, *(0,) * first)
    pending: list[tuple[Groups, int, tuple[int, ...]]] = [((), 0, nothing)]
    while pending:
        groups, used, packed = pending.pop()
        if used == total:
            yield groups, unpack_counts(packed[first], width)
        for size in range(1, total - used + 1):
            shift = (2 * used + size + 1) * width
            pending.append(((*groups, size), used + size, add_choices(packed, size, shift)))


def _keep_simplest(found: Iterable[tuple[tuple[int, int], Witness]]) -> Attained:
    simplest: dict[tuple[int, int], Witness] = {}
    for fraction, witness in found:
        known = simplest.get(fraction)
        if known is None or witness.burden < known.burden:
            simplest[fraction] = witness
    return simplest
