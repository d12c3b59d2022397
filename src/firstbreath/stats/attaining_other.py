"""Which other exact tests, at which sizes, could print a p that the test named cannot."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product
from typing import TypeAlias

from firstbreath.stats.attainability import Attainability
from firstbreath.stats.attaining_check import check_attainable
from firstbreath.stats.candidates import PAIRED, WITHOUT_SIDES, Test, is_on_lattice
from firstbreath.stats.printed_p import Relation, refuse_p
from firstbreath.stats.ranks import MOST_VALUES
from firstbreath.stats.refusals import NotComputable

Tried: TypeAlias = tuple[int, bool, Test, tuple[int, ...]]
"""How far the sizes are from those stated, whether one-sided, the test and its sizes; tried in this order."""
MISSING_AT_MOST = 3
"""A group that lost more measurements than this is no longer the group the paper describes."""
MOST_ENUMERATED = 12
"""Up to so many pairs every number of them is tried beside the one stated; beyond, only those around it."""


def find_attaining(
    printed: Decimal, *, sizes_up_to: int = 14, near: tuple[int, ...], relation: Relation = "="
) -> tuple[Attainability, ...]:
    """The rank tests and sample sizes that could print this p, those nearest to the stated sizes first.

    printed : p as it stands in the text. sizes_up_to : most pairs tried for the paired tests.
    near : the stated size, or both; for rank-sum each group may also lack up to three measurements.
    relation : "=" for a p, "<", "<=", ">" or ">=" for a bound on one.
    Raises NotComputable as `check_attainable`, or when near is not one or two sizes.
    Source: firstbreath.
    """
    if len(near) not in {1, 2} or min(near) < 1:
        raise NotComputable(f"near is {near}: give the one or two sample sizes stated, each at least 1")
    alternatives = _alternatives(sizes_up_to, (near[0], near[-1]))
    tried = [(distance, one, test, sizes) for distance, test, sizes in alternatives for one in (False, True)]
    return find_among(tried, printed, relation=relation)


def find_among(tried: Iterable[Tried], printed: Decimal, *, relation: Relation = "=") -> tuple[Attainability, ...]:
    """Those of the tests tried that could print this p, the nearest first.

    tried : each test with its sizes and sides. printed, relation : as `check_attainable`.
    Raises NotComputable as `check_attainable`.
    Source: firstbreath.
    """
    refuse_p(printed)
    checked = (
        check_attainable(test, sizes, printed, sides=1 if one else 2, relation=relation)
        for _, one, test, sizes in sorted(tried)
        if relation != "=" or is_on_lattice(test, sizes, printed, sides=1 if one else 2)
    )
    return tuple(answer for answer in checked if answer.attainable)


def _alternatives(sizes_up_to: int, near: tuple[int, int]) -> Iterator[tuple[int, Test, tuple[int, ...]]]:
    """Each test and sizes to try, with how far the sizes are from those stated."""
    for test, pairs in product(PAIRED, range(1, sizes_up_to + 1)):
        yield abs(pairs - max(near)), test, (pairs,)
    for first, second in _unpaired(*near):
        yield sum(near) - first - second, "rank-sum", (first, second)


def list_others(test: Test, sizes: tuple[int, ...]) -> tuple[Tried, ...]:
    """The tests and sizes near those named that are worth trying, the nearest first.

    Beside a rank test the other rank tests are tried, paired and not; beside a test of counts McNemar's and
    Fisher's; beside one of several groups the other, and the rank tests for two of the groups or times.

    test, sizes : as `check_attainable`.
    Source: firstbreath.
    """
    near = [found for found in _neighbours(test, sizes) if sum(found[2]) <= MOST_VALUES]
    return tuple(sorted({(distance, one, name, group) for distance, name, group in near for one in _ways(name)}))


def _ways(test: Test) -> tuple[bool, ...]:
    """Two-sided first, then one-sided where there are sides."""
    return (False,) if test in WITHOUT_SIDES else (False, True)


def _neighbours(test: Test, sizes: tuple[int, ...]) -> Iterator[tuple[int, Test, tuple[int, ...]]]:
    """Each test and sizes worth trying beside the one named."""
    first, second = sizes[0], sizes[0] if test == "friedman" else sizes[-1]
    pairs = range(1, MOST_ENUMERATED + 1) if max(first, second) <= MOST_ENUMERATED else _around(max(first, second))
    unpaired = _unpaired(first, second)
    if test in ("mcnemar", "fisher"):
        yield from ((abs(count - max(first, second)), "mcnemar", (count,)) for count in pairs)
        yield from ((first + second - one - other, "fisher", (one, other)) for one, other in unpaired)
        return
    yield from ((abs(count - max(first, second)), name, (count,)) for name, count in product(PAIRED, pairs))
    yield from ((first + second - one - other, "rank-sum", (one, other)) for one, other in unpaired)
    if test in WITHOUT_SIDES:
        yield from _several_neighbours(test, sizes)


def _several_neighbours(test: Test, sizes: tuple[int, ...]) -> Iterator[tuple[int, Test, tuple[int, ...]]]:
    """Friedman's test with subjects more or fewer, the Kruskal-Wallis test with one value missing, and each other."""
    groups = (sizes[0],) * sizes[1] if test == "friedman" else sizes
    yield 0, "kruskal-wallis", groups
    if test == "kruskal-wallis":
        for place, size in enumerate(sizes):
            if size > 1:
                yield 1, "kruskal-wallis", (*sizes[:place], size - 1, *sizes[place + 1 :])
    if len(set(groups)) == 1:
        for subjects in _around(groups[0]) if test == "friedman" else (groups[0],):
            yield abs(subjects - groups[0]), "friedman", (subjects, len(groups))


def _around(stated: int) -> range:
    return range(max(1, stated - MISSING_AT_MOST), stated + MISSING_AT_MOST + 1)


def _unpaired(first: int, second: int) -> Iterator[tuple[int, int]]:
    """Both group sizes, each perhaps lacking some measurements; two equal ones in one order only."""
    lacking = (range(max(1, stated - MISSING_AT_MOST), stated + 1) for stated in (first, second))
    return ((one, other) for one, other in product(*lacking) if first != second or one >= other)
