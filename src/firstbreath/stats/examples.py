"""Data made to order: values that give the exact p a witness stands for, so that anyone can try them."""

from itertools import chain, repeat
from typing import TypeAlias

from firstbreath.stats.arrangements import Groups, compute_doubled_ranks
from firstbreath.stats.tie_patterns import Witness

Example: TypeAlias = tuple[tuple[int, ...], ...]
MOST_VALUES_SHOWN = 30
"""A longer list of values is no example that anyone reads."""


def build_example(test: str, sizes: tuple[int, ...], witness: Witness) -> Example:
    """Differences, two samples, or the two rows of a table that give the p; empty when there are too many values.

    test, sizes : as `attaining.check_attainable`. witness : what was found to give the p.
    """
    if sum(sizes) > MOST_VALUES_SHOWN:
        return ()
    if test == "rank-sum":
        return _build_samples(sizes, witness)
    if test == "signed-rank":
        return (_build_differences(witness),)
    if test == "permutation-paired":
        return (_build_doubling(sizes[0], int(witness.statistic)),)
    if test == "sign":
        rises = int(witness.statistic)
        return ((1,) * rises + (-1,) * (len(witness.groups) - rises) + (0,) * witness.zeros,)
    return _build_table(sizes, witness) if test == "fisher" else ()


def _build_samples(sizes: tuple[int, ...], witness: Witness) -> Example:
    """Two samples of the numbers 1, 2, 3, ..., the smaller one with the rank sum of its U."""
    fewer = min(sizes)
    ranks = compute_doubled_ranks(witness.groups)
    chosen = _choose(witness.groups, ranks, fewer, int(2 * witness.statistic) + fewer * (fewer + 1))
    groups = tuple(enumerate(zip(witness.groups, chosen, strict=True), 1))
    taken = tuple(chain.from_iterable(repeat(value, count) for value, (_, count) in groups))
    left = tuple(chain.from_iterable(repeat(value, size - count) for value, (size, count) in groups))
    return (taken, left) if sizes[0] == fewer else (left, taken)


def _build_differences(witness: Witness) -> tuple[int, ...]:
    """Differences of sizes 1, 2, 3, ..., so many of each positive that their ranks add up."""
    ranks = compute_doubled_ranks(witness.groups, witness.zeros * witness.ranked)
    positive = _choose(witness.groups, ranks, None, int(2 * witness.statistic))
    signed = (
        (value,) * count + (-value,) * (size - count)
        for value, (size, count) in enumerate(zip(witness.groups, positive, strict=True), 1)
    )
    return (0,) * witness.zeros + tuple(chain.from_iterable(signed))


def _choose(groups: Groups, ranks: tuple[int, ...], chosen: int | None, total: int) -> tuple[int, ...]:
    """How many of each group to take for the doubled rank sum; `chosen` in all, when that matters."""
    reached: dict[tuple[int, int], tuple[int, ...]] = {(0, 0): ()}
    for size, rank in zip(groups, ranks, strict=True):
        reached = {
            (taken + count, ranked + count * rank): (*counts, count)
            for (taken, ranked), counts in reached.items()
            for count in range(size + 1)
        }
    return next(counts for (taken, ranked), counts in reached.items() if ranked == total and chosen in (None, taken))


def _build_doubling(pairs: int, place: int) -> tuple[int, ...]:
    """Differences of sizes 1, 2, 4, ...: no two sign patterns have one sum, and this sum is so far from the top."""
    return tuple(-(2**bit) if (place - 1) >> bit & 1 else 2**bit for bit in range(pairs))


def _build_table(sizes: tuple[int, ...], witness: Witness) -> Example:
    """With and without the event, in each group."""
    fewer, inside = min(sizes), int(witness.statistic)
    small = (inside, fewer - inside)
    large = (witness.groups[1] - inside, max(sizes) - witness.groups[1] + inside)
    return (small, large) if sizes[0] == fewer else (large, small)
