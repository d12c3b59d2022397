"""Counts of equally likely arrangements of ranks: the kernel under every exact rank test.

Ranks are doubled, so a midrank is an integer. A distribution is the generating polynomial
sum(count * x**doubled_rank_sum) with its coefficients packed side by side in one integer: multiplying by
x**r is then a shift, and the dynamic programme is a shift and an addition per value.
A tie pattern is the sizes of the groups of equal values, smallest value first: (1, 2, 1) is a < b = c < d.
"""

import struct
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate, groupby, pairwise
from math import comb, gcd
from operator import sub
from typing import Literal

Alternative = Literal["two-sided", "greater", "less"]
Groups = tuple[int, ...]
Counts = tuple[int, ...]
WORDS = {1: "B", 2: "H", 4: "I", 8: "Q"}
"""Bytes of a machine word, and its code in the struct module: unpacking by word is several times faster."""


def compute_groups(values: Iterable[Fraction]) -> Groups:
    """The tie pattern of the values: sizes of the groups of equal values, smallest value first."""
    return tuple(len(list(group)) for _, group in groupby(sorted(values)))


def compute_doubled_ranks(groups: Groups, below: int = 0) -> tuple[int, ...]:
    """The doubled midrank of each group, one per group.

    groups : tie pattern. below : how many values rank under all of these (zeros kept in the ranking).
    """
    starts = accumulate(groups, initial=below)
    return tuple(2 * start + size + 1 for start, size in zip(starts, groups, strict=False))


def compute_sign_flip_counts(groups: Groups, below: int = 0) -> Counts:
    """The number of the 2**m sign patterns with each doubled sum of positive ranks, index 0 upwards.

    groups : tie pattern of the m non-zero magnitudes. below : zeros that keep the lowest ranks (Pratt).
    Source: Streitberg and Roehmel, Statistical Software Newsletter 1986;12:10 (shift algorithm).
    """
    ranks = repeat_ranks(groups, below)
    step = gcd(*ranks) or 1
    return _spread(compute_sums([rank // step for rank in ranks]), step=step)


def compute_choice_counts(groups: Groups, chosen: int) -> Counts:
    """The number of the C(N, chosen) choices with each doubled rank sum, index 0 upwards.

    The smaller sample is summed, on ranks less their least and by their common step; the larger one mirrors it.

    groups : tie pattern of all N values. chosen : size of the sample whose ranks are summed.
    Source: Streitberg and Roehmel 1986.
    """
    ranks = repeat_ranks(groups)
    fewer = min(chosen, len(ranks) - chosen)
    step = gcd(*(rank - ranks[0] for rank in ranks)) or 1
    values = [(rank - ranks[0]) // step for rank in ranks]
    untied = len(groups) == len(ranks)
    counts = compute_untied_sums(fewer, len(ranks) - fewer) if untied else compute_sums_of(fewer, values)
    low = sum(ranks[:fewer])
    if fewer == chosen:
        return _spread(counts, step=step, start=low)
    high = low + step * (len(counts) - 1)
    return _spread(counts[::-1], step=step, start=sum(ranks) - high)


def repeat_ranks(groups: Groups, below: int = 0) -> tuple[int, ...]:
    """The doubled midrank of each value, ascending. groups, below : as `compute_doubled_ranks`."""
    ranks = zip(groups, compute_doubled_ranks(groups, below), strict=True)
    return tuple(rank for size, rank in ranks for _ in range(size))


def compute_sums(values: Sequence[int]) -> Counts:
    """The number of subsets of the values with each sum, index 0 upwards. values : ascending, 0 or more."""
    width = compute_width(2 ** len(values))
    packed = 1
    for value in values:
        packed = add_sign_flips(packed, 1, value * width)
    return unpack_counts(packed, width)


def compute_sums_of(chosen: int, values: Sequence[int]) -> Counts:
    """The number of choices of so many values with each sum, from the least sum upwards.

    Each polynomial starts at its own least sum, and only numbers chosen that can still end well are kept.

    chosen : 0 to all of them. values : ascending, of any sign.
    """
    width = compute_width(comb(len(values), chosen))
    packed = [1, *[0] * chosen]
    for done, value in enumerate(values, 1):
        for count in range(min(done, chosen), max(1, chosen - len(values) + done) - 1, -1):
            packed[count] += packed[count - 1] << (value - values[count - 1]) * width
    return unpack_counts(packed[chosen], width)


def compute_untied_sums(chosen: int, others: int) -> Counts:
    """The number of choices among the ranks 1 to N with each sum, from the least upwards: a q-binomial coefficient.

    chosen, others : the two sample sizes, the smaller first for speed.
    Source: Andrews, The Theory of Partitions 1976, theorem 3.1: a product of (1 - q**(others + i))/(1 - q**i).
    """
    most = chosen * others
    lower = [1, *[0] * (most // 2)]
    for place in range(1, chosen + 1):
        lower[others + place :] = map(sub, lower[others + place :], lower)
        for first in range(min(place, len(lower))):
            lower[first::place] = accumulate(lower[first::place])
    return tuple(lower + lower[: most + 1 - len(lower)][::-1])


def _spread(counts: Counts, *, step: int, start: int = 0) -> Counts:
    """The counts at every `step`-th place from `start`, with zeros between and before."""
    spread = [0] * (start + step * (len(counts) - 1) + 1)
    spread[start::step] = counts
    return tuple(spread)


def weigh_sums(values: Sequence[int]) -> int:
    """The work of `compute_sums` in bytes moved, about 0.2 ns each: known before it begins."""
    return 3 * sum(values) * len(values) * compute_width(2 ** len(values)) // 8


def weigh_sums_of(chosen: int, values: Sequence[int]) -> int:
    """The work of `compute_sums_of` in bytes moved."""
    span = sum(values[len(values) - chosen :]) - sum(values[:chosen])
    return span * len(values) * chosen * compute_width(comb(len(values), chosen)) // 8


def weigh_untied_sums(chosen: int, others: int) -> int:
    """The work of `compute_untied_sums`, in what takes as long as so many bytes moved."""
    return 480 * min(chosen, others) * chosen * others


def compute_width(largest: int) -> int:
    """The bits a packed coefficient needs so that no count runs into the next: a machine word while one fits."""
    return next((8 * size for size in WORDS if largest < 256**size), (largest.bit_length() + 7) // 8 * 8)


def add_sign_flips(packed: int, size: int, shift: int) -> int:
    """The packed polynomial after `size` more values, each adding nothing or one shift."""
    for _ in range(size):
        packed += packed << shift
    return packed


def add_choices(packed: Sequence[int], size: int, shift: int) -> tuple[int, ...]:
    """The packed polynomials, one per number chosen so far, after `size` more values of one rank."""
    for _ in range(size):
        packed = (packed[0], *(here + (under << shift) for under, here in pairwise(packed)))
    return tuple(packed)


def unpack_counts(packed: int, width: int) -> Counts:
    """The coefficients of a packed polynomial, lowest power first."""
    step = width // 8
    length = -(-packed.bit_length() // width) * step
    raw = packed.to_bytes(length, "little")
    if step in WORDS:
        return struct.unpack(f"<{length // step}{WORDS[step]}", raw)
    return tuple(int.from_bytes(raw[place : place + step], "little") for place in range(0, length, step))


def compute_tail(counts: Counts, at: int, *, mirror: int, alternative: Alternative) -> int:
    """The number of arrangements at least as extreme as the one observed.

    counts : arrangements per doubled statistic. at : the doubled statistic observed.
    mirror : twice the mean of the doubled statistic. Two-sided is "at least as far from the mean".
    """
    if alternative == "greater":
        return sum(counts[at:])
    if alternative == "less":
        return sum(counts[: at + 1])
    high = max(at, mirror - at)
    low = mirror - high
    return sum(counts) if high == low else sum(counts[high:]) + sum(counts[: max(low + 1, 0)])


def compute_numerators(counts: Counts, mirror: int, sides: int) -> dict[int, int]:
    """Every attainable number of extreme arrangements, and the doubled statistic that attains it.

    counts : arrangements per doubled statistic. mirror : twice its mean. sides : 1 (upper tail) or 2.
    """
    if sides == 1:
        upper = tuple(accumulate(reversed(counts)))[::-1]
        return {upper[at]: at for at, count in enumerate(counts) if count}
    mirrored = counts + (0,) * (mirror + 1 - len(counts))
    places = range(mirror, (mirror - 1) // 2, -1)
    pairs = [mirrored[at] + (mirrored[mirror - at] if 2 * at > mirror else 0) for at in places]
    return {
        extreme: at if mirrored[at] else mirror - at
        for at, pair, extreme in zip(places, pairs, accumulate(pairs), strict=True)
        if pair
    }
