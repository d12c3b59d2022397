"""Every exact p that Friedman's and the Kruskal-Wallis test can give at small sizes, over every tie pattern."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import accumulate, permutations
from math import comb, factorial, lcm, prod
from typing import TypeAlias

from firstbreath.stats.arrangements import Groups, compute_doubled_ranks
from firstbreath.stats.tie_patterns import Attained, Witness

Ways: TypeAlias = Mapping[tuple[int, ...], int]
"""Doubled rank sums of the columns in ascending order, and how many arrangements have them."""
Filling: TypeAlias = tuple[tuple[int, int, int], ...]
"""For each group its size, how many of its values are placed, and their doubled rank sum; sorted."""
_Case: TypeAlias = tuple[int, tuple[Groups, ...], int]
"""How many values are tied, the tie patterns, and the sum of squares that has the p."""
MOST_SUBJECTS = {2: 100, 3: 12, 4: 5, 5: 3}
MOST_VALUES_OF_GROUPS = {2: 12, 3: 10}
"""Up to so many subjects, by times, and values, by groups (nine for more), every tie pattern takes a second or so."""
MOST_UNTIED_SUBJECTS = {2: 100, 3: 40, 4: 20, 5: 8}
MOST_UNTIED_WAYS = 3_000_000


def can_enumerate(test: str, sizes: tuple[int, ...], *, tied: bool = True) -> bool:
    """True when every pattern of ties, or the one without, can be gone through in about a second.

    test : "friedman" or "kruskal-wallis". sizes : subjects and times, or the group sizes.
    """
    if test == "friedman":
        return sizes[0] <= (MOST_SUBJECTS if tied else MOST_UNTIED_SUBJECTS).get(sizes[1], 0)
    if tied:
        return sum(sizes) <= MOST_VALUES_OF_GROUPS.get(len(sizes), 9)
    alike, total = compute_several_smallest(test, sizes)
    return total <= MOST_UNTIED_WAYS * alike or (len(sizes) <= 3 and sum(sizes) <= 21)


def compute_several_smallest(test: str, sizes: tuple[int, ...]) -> tuple[int, int]:
    """The natural fraction of the smallest p there can be, which is also the step between all of them.

    Renaming the times, or groups of one size, changes no statistic, so arrangements come in families of
    so many; the largest statistic, with everything in its own place, belongs to one family.

    test : "friedman" or "kruskal-wallis". sizes : subjects and times, or the group sizes.
    """
    if test == "friedman":
        subjects, times = sizes
        return factorial(times), factorial(times) ** subjects
    return _count_alike(sizes), factorial(sum(sizes)) // prod(factorial(size) for size in sizes)


def compute_several_ends(test: str, sizes: tuple[int, ...]) -> Attained:
    """The smallest p, of rows that agree or groups that are each all alike, and 1, of values that are all alike.

    test, sizes : as `compute_several_smallest`.
    """
    smallest, total = compute_several_smallest(test, sizes)
    if test == "friedman":
        subjects, times = sizes
        agreed = Witness((), Fraction(subjects * (times - 1)), rows=((1,) * times,) * subjects)
        return {(total, total): Witness((), Fraction(0), rows=((times,),) * subjects), (smallest, total): agreed}
    values = sum(sizes)
    apart = Witness(sizes, Fraction(values - 1))
    return {(total, total): Witness((values,), Fraction(0)), (smallest, total): apart}


def _count_alike(sizes: tuple[int, ...]) -> int:
    return prod(factorial(count) for count in Counter(sizes).values())


@cache
def compute_friedman_attained(subjects: int, times: int, *, tied: bool = True) -> Attained:
    """Every p of Friedman's test over every pattern of ties within the subjects' rows, or without ties.

    subjects, times : at least 1 and 2, small enough for `can_enumerate`.
    Source: Friedman, JASA 1937;32:675; the statistic of tied rows grows with the sum of squared rank sums.
    """
    found: dict[tuple[int, int], _Case] = {}
    total = factorial(times) ** subjects
    for rows, ways in _walk_rows(subjects, _compositions(times) if tied else ((1,) * times,)):
        burden = sum(times - len(groups) for groups in rows)
        squares: Counter[int] = Counter()
        for sums, count in ways.items():
            squares[sum(each * each for each in sums)] += count
        for extreme, square in _upper_tails(squares):
            _keep(found, (extreme, total), (burden, rows, square))
    return {fraction: Witness((), _friedman(rows, square), rows=rows) for fraction, (_, rows, square) in found.items()}


def _friedman(rows: tuple[Groups, ...], square: int) -> Fraction:
    """Friedman's statistic, corrected for ties. rows : tie patterns. square : sum of squared doubled rank sums."""
    times, spread = sum(rows[0]), sum(map(_spread, rows))
    centred = square - Fraction((len(rows) * times * (times + 1)) ** 2, times)
    return (times - 1) * centred / spread if spread else Fraction(0)


def _walk_rows(subjects: int, patterns: Sequence[Groups]) -> Iterator[tuple[tuple[Groups, ...], Ways]]:
    """Each multiset of tied rows with the distribution of its column sums; they share their beginnings."""
    pending: list[tuple[tuple[Groups, ...], int, Ways]] = [((), 0, {(0,) * sum(patterns[0]): 1})]
    while pending:
        rows, first, ways = pending.pop()
        if len(rows) == subjects:
            yield rows, ways
            continue
        pending += [
            ((*rows, patterns[place]), place, _add_row(ways, patterns[place])) for place in range(first, len(patterns))
        ]


def _add_row(ways: Ways, groups: Groups) -> Ways:
    """The column sums after one more subject, whose ranks fall in every order."""
    ranks = [rank for size, rank in _with_ranks(groups) for _ in range(size)]
    orders = Counter(permutations(ranks))
    added: Counter[tuple[int, ...]] = Counter()
    for sums, count in ways.items():
        for order, times in orders.items():
            added[tuple(sorted(map(int.__add__, sums, order)))] += count * times
    return added


@cache
def compute_kruskal_wallis_attained(sizes: tuple[int, ...], *, tied: bool = True) -> Attained:
    """Every p of the Kruskal-Wallis test over every pattern of ties among all the values, or without ties.

    sizes : of the groups, each at least 1, small enough for `can_enumerate`.
    Source: Kruskal and Wallis, JASA 1952;47:583; under ties H grows with the sum of R^2/n as without.
    """
    found: dict[tuple[int, int], _Case] = {}
    _, total = compute_several_smallest("kruskal-wallis", sizes)
    whole = lcm(*sizes)
    for groups, fillings in _walk_fillings(sizes, sum(sizes) if tied else 1):
        sums: Counter[int] = Counter()
        for filling, count in fillings.items():
            sums[sum(ranks * ranks * (whole // size) for size, _, ranks in filling)] += count
        for extreme, between in _upper_tails(sums):
            _keep(found, (extreme, total), (sum(sizes) - len(groups), (groups,), between))
    return {
        fraction: Witness(groups, _kruskal_wallis(groups, Fraction(between, whole)))
        for fraction, (_, (groups,), between) in found.items()
    }


def _kruskal_wallis(groups: Groups, between: Fraction) -> Fraction:
    """H, corrected for ties. groups : tie pattern. between : the sum over groups of R^2/n, R of doubled ranks."""
    values, spread = sum(groups), _spread(groups)
    return (values - 1) * (between - values * (values + 1) ** 2) / spread if spread else Fraction(0)


def _walk_fillings(sizes: tuple[int, ...], most_tied: int) -> Iterator[tuple[Groups, Mapping[Filling, int]]]:
    """Each tie pattern with the distribution of the groups' doubled rank sums; they share their beginnings.

    most_tied : the largest group of equal values.
    """
    start: Filling = tuple(sorted((size, 0, 0) for size in sizes))
    pending: list[tuple[Groups, int, Mapping[Filling, int]]] = [((), 0, {start: 1})]
    while pending:
        groups, used, fillings = pending.pop()
        if used == sum(sizes):
            yield groups, fillings
        for size in range(1, min(most_tied, sum(sizes) - used) + 1):
            rank = 2 * used + size + 1
            pending.append(((*groups, size), used + size, _add_block(fillings, size, rank)))


def _add_block(fillings: Mapping[Filling, int], size: int, rank: int) -> Mapping[Filling, int]:
    """The groups after one more block of equal values was dealt out among them in every way."""
    added: Counter[Filling] = Counter()
    for filling, count in fillings.items():
        for dealt, ways in _deal(size, tuple(whole - placed for whole, placed, _ in filling)):
            filled = zip(filling, dealt, strict=True)
            after = tuple(sorted((whole, placed + new, ranks + new * rank) for (whole, placed, ranks), new in filled))
            added[after] += count * ways
    return added


@cache
def _deal(size: int, room: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Every way to deal equal values to groups with so much room, and how many orders each stands for."""
    if len(room) == 1:
        return (((size,), 1),) if size <= room[0] else ()
    return tuple(
        ((new, *rest), comb(size, new) * ways)
        for new in range(min(size, room[0]) + 1)
        for rest, ways in _deal(size - new, room[1:])
    )


def _compositions(total: int) -> tuple[Groups, ...]:
    """Every tie pattern of so many values."""
    if total == 0:
        return ((),)
    return tuple((size, *rest) for size in range(1, total + 1) for rest in _compositions(total - size))


def _with_ranks(groups: Groups) -> Iterator[tuple[int, int]]:
    return zip(groups, compute_doubled_ranks(groups), strict=True)


def _spread(groups: Groups) -> int:
    """The sum of squared doubled ranks about their mean."""
    middle = sum(groups) + 1
    return sum(size * (rank - middle) ** 2 for size, rank in _with_ranks(groups))


def _upper_tails(counts: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """For each statistic how many arrangements reach it, largest first."""
    ordered = sorted(counts.items(), reverse=True)
    for (value, _), reached in zip(ordered, accumulate(count for _, count in ordered), strict=True):
        yield reached, value


def _keep(found: dict[tuple[int, int], _Case], fraction: tuple[int, int], case: _Case) -> None:
    """The case, unless one with as few ties is already known."""
    known = found.get(fraction)
    if known is None or case[0] < known[0]:
        found[fraction] = case
