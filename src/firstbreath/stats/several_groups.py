"""Several groups, or several times: the exact Kruskal-Wallis and Friedman tests, ties included."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby, permutations
from math import factorial, lcm
from operator import add
from typing import Any, TypeAlias

from msgspec.structs import replace

from firstbreath.stats.answers import MonteCarlo, PValue
from firstbreath.stats.arrays import parse_array, refuse_near_ties
from firstbreath.stats.dealing import compute_spread, count_spreads
from firstbreath.stats.monte_carlo import ASK, find_drawn_p
from firstbreath.stats.ranks import rank_by_value
from firstbreath.stats.refusals import NotComputable, TooLarge

MOST_STEPS = 10_000_000
"""Rank sums times orders of a row, some six seconds' work."""
MOST_GROUPS, MOST_TIMES, MOST_VALUES = 20, 20, 1000
State: TypeAlias = tuple[int, ...]
Sums: TypeAlias = dict[State, int]


def kruskal_wallis(
    groups: Iterable[Iterable[object]],
    *,
    ids: Iterable[Iterable[object]] | None = None,
    monte_carlo: MonteCarlo | None = None,
) -> PValue:
    """The exact p of the Kruskal-Wallis test; its statistic is H, corrected for ties.

    groups : two or more arrays of values in one unit, each of different subjects. ids : the same shape, whose
    value each is: when a subject comes in two groups the notes say that the test does not fit, and when every
    subject comes in every group they give Friedman's p, which does.
    p is the share of all arrangements of the midranks with H at least as large. Counted within seconds: three
    groups of 15, four of 5 or 6, five of 3, more with many ties; beyond, the test draws if `monte_carlo` allows it.
    When all values are the same, p is 1 with a note.
    Raises NotComputable for fewer than two groups, an empty one, or what is no number; TooLarge beyond the limits.
    Source: Kruskal and Wallis, JASA 1952;47:583; ties by the permutation distribution of the midranks.
    """
    kept = _keep(groups, "groups")
    values = [parse_array(group, f"group {place}") for place, group in enumerate(kept, 1)]
    _refuse_groups(values)
    refuse_near_ties([value for group in kept for value in group], "the groups")
    notes = _note_repeats(values, _parse_ids(ids, values)) if ids is not None else ()
    by_value = rank_by_value([value for group in values for value in group])
    ranks = [[by_value[value] for value in group] for group in values]
    statistic = _compute_h(ranks)
    if statistic is None:
        note = "all values are the same: no group can be above another"
        return PValue(Fraction(1), Fraction(0), KRUSKAL, Fraction(1), 1, 1, "H", notes=(*notes, note))
    try:
        p = _count_groups(ranks, statistic)
    except TooLarge:
        if monte_carlo is None:
            raise
        p = _draw_groups(ranks, statistic, chance=monte_carlo)
    return replace(p, name="H", notes=notes)


KRUSKAL = "exact Kruskal-Wallis test, midranks for ties"
FRIEDMAN = "exact Friedman test, midranks for ties"


def _compute_h(ranks: Sequence[Sequence[int]]) -> Fraction | None:
    """H of doubled ranks, or None when all are tied: between-group over total variation, times N - 1."""
    everyone = [rank for group in ranks for rank in group]
    middle = Fraction(sum(everyone), len(everyone))
    total = sum((rank - middle) ** 2 for rank in everyone)
    between = sum((len(group) * (Fraction(sum(group), len(group)) - middle) ** 2 for group in ranks), Fraction(0))
    return (len(everyone) - 1) * between / total if total else None


def _count_groups(ranks: Sequence[Sequence[int]], statistic: Fraction) -> PValue:
    sizes = list(map(len, ranks))
    spreads = count_spreads(sizes, [rank for group in ranks for rank in group])
    return _find_upper(spreads, compute_spread(sizes, list(map(sum, ranks))), statistic, method=KRUSKAL)


def _sum_squares(totals: Iterable[int]) -> int:
    return sum(total * total for total in totals)


def _find_upper(spreads: dict[int, int], observed: int, statistic: Fraction, *, method: str) -> PValue:
    """The share of the arrangements that spread at least as far as the one observed."""
    total = sum(spreads.values())
    extreme = sum(ways for spread, ways in spreads.items() if spread >= observed)
    least = spreads[max(spreads)]
    return PValue(Fraction(extreme, total), statistic, method, Fraction(least, total), extreme, total)


def _draw_groups(ranks: Sequence[Sequence[int]], statistic: Fraction, *, chance: MonteCarlo) -> PValue:
    import numpy as np

    pooled = np.array([rank for group in ranks for rank in group], dtype=np.int64)
    common = lcm(*map(len, ranks))
    observed = compute_spread(list(map(len, ranks)), list(map(sum, ranks)))
    edges = np.cumsum([0, *map(len, ranks)])[:-1]
    weights = np.array([common // len(group) for group in ranks], dtype=np.int64)
    if int(pooled.sum()) ** 2 * common >= 2**62:
        raise TooLarge("groups of these sizes have rank sums too large to compare exactly: take fewer values")

    def extreme(orders: Any) -> int:
        sums = np.add.reduceat(pooled[orders[:, 0, :]], edges, axis=1)
        return int(((sums * sums * weights).sum(axis=1) >= observed).sum())

    return find_drawn_p(len(pooled), extreme, chance=chance, statistic=statistic, method=KRUSKAL)


def friedman(table: Iterable[Iterable[object]], *, monte_carlo: MonteCarlo | None = None) -> PValue:
    """The exact p of Friedman's test; its statistic is Q, corrected for ties.

    table : a row for each subject, two or more; a column for each time or treatment, two to twenty, in one unit.
    p is the share of the (k!)^n arrangements of the midranks within rows with Q at least as large. Counted within
    seconds: 200 subjects at three times, 35 at four, 12 at five, 5 at six, 3 at seven; beyond, the test draws if
    `monte_carlo` allows it. When no subject has two different values, p is 1 with a note.
    Raises NotComputable for a ragged table, fewer than two rows or columns, or what is no number; TooLarge beyond
    the limits.
    Source: Friedman, JASA 1937;32:675; ties as Hollander, Wolfe and Chicken, 3rd edition 2014, section 7.1.
    """
    kept = _keep(table, "table")
    rows = [parse_array(row, f"row {place}") for place, row in enumerate(kept, 1)]
    _refuse_table(rows)
    for place, row in enumerate(kept, 1):
        refuse_near_ties(row, f"row {place}")
    ranks = [[rank_by_value(row)[value] for value in row] for row in rows]
    statistic = _compute_q(ranks)
    if statistic is None:
        note = "no subject has two different values: no time can be above another"
        return PValue(Fraction(1), Fraction(0), FRIEDMAN, Fraction(1), 1, 1, "Q", notes=(note,))
    try:
        p = _count_rows(ranks, statistic)
    except TooLarge:
        if monte_carlo is None:
            raise
        p = _draw_rows(ranks, statistic, chance=monte_carlo)
    return replace(p, name="Q")


def _compute_q(ranks: Sequence[Sequence[int]]) -> Fraction | None:
    """Q of doubled ranks, or None when every row is tied throughout."""
    times = len(ranks[0])
    within = sum((rank - times - 1) ** 2 for row in ranks for rank in row)
    between = sum((sum(column) - len(ranks) * (times + 1)) ** 2 for column in zip(*ranks, strict=True))
    return Fraction((times - 1) * between, within) if within else None


def _count_rows(ranks: Sequence[Sequence[int]], statistic: Fraction) -> PValue:
    """The p by counting: rows are added one by one, and rank sums equal but for their order are merged."""
    times = len(ranks[0])
    _refuse_steps(len(ranks), times, tied=any(len(set(row)) < times for row in ranks))
    sums: Sums = {(0,) * times: 1}
    steps = 0
    for row, same in groupby(sorted(tuple(sorted(row)) for row in ranks)):
        steps = _step(steps + factorial(times), ranks)
        orders = set(permutations(row))
        for _ in same:
            steps = _step(steps + len(sums) * len(orders), ranks)
            sums = _add_row(sums, orders, factorial(times) // len(orders))
    spreads: dict[int, int] = {}
    for state, ways in sums.items():
        at = _sum_squares(state)
        spreads[at] = spreads.get(at, 0) + ways
    observed = _sum_squares(sum(column) for column in zip(*ranks, strict=True))
    return _find_upper(spreads, observed, statistic, method=FRIEDMAN)


def _step(steps: int, ranks: Sequence[Sequence[int]]) -> int:
    """The steps, or the refusal of too many: before they are taken."""
    if steps > MOST_STEPS:
        raise _too_large(len(ranks), len(ranks[0]))
    return steps


def _add_row(sums: Sums, orders: Iterable[State], each: int) -> Sums:
    after: Sums = {}
    for state, ways in sums.items():
        for order in orders:
            key = tuple(sorted(map(add, state, order)))
            after[key] = after.get(key, 0) + ways * each
    return after


def _refuse_steps(subjects: int, times: int, *, tied: bool) -> None:
    """Nothing, or the refusal that counting would come to; tied rows take fewer steps, and are tried."""
    if foretell_steps(1 if tied else subjects, times) > MOST_STEPS:
        raise _too_large(subjects, times)


def foretell_steps(subjects: int, times: int) -> int:
    """The steps that counting untied rows takes, about: from a half to all of what is counted.

    After i rows there are some k**(k - 2) * i**(k - 1) rank sums, k! times fewer without their order.
    Source: Stanley, Annals of Discrete Mathematics 1980;6:333 (the volume of the permutohedron).
    """
    orders = factorial(times)
    held = (min(orders**done, times ** (times - 2) * done ** (times - 1) // orders + 1) for done in range(subjects))
    return int(orders * sum(held))


def _too_large(subjects: int, times: int) -> TooLarge:
    return TooLarge(f"{subjects} subjects at {times} times take more than {MOST_STEPS:,} steps to count: {ASK}")


def _draw_rows(ranks: Sequence[Sequence[int]], statistic: Fraction, *, chance: MonteCarlo) -> PValue:
    import numpy as np

    rows = np.array(ranks, dtype=np.int64)
    observed = _sum_squares(sum(column) for column in zip(*ranks, strict=True))

    def extreme(orders: Any) -> int:
        sums = np.take_along_axis(rows[None], orders, axis=2).sum(axis=1)
        return int(((sums * sums).sum(axis=1) >= observed).sum())

    return find_drawn_p(len(ranks[0]), extreme, chance=chance, statistic=statistic, method=FRIEDMAN, rows=len(ranks))


def _keep(rows: Iterable[Iterable[object]], name: str) -> list[list[object]]:
    """The rows as lists, so that they can be read twice."""
    if isinstance(rows, str | bytes) or not isinstance(rows, Iterable):
        raise NotComputable(f"{name} is {rows!r}: give a list of lists of numbers")
    kept = []
    for place, row in enumerate(rows, 1):
        if isinstance(row, str | bytes) or not isinstance(row, Iterable):
            raise NotComputable(f"part {place} of {name} is {row!r}: give a list of numbers")
        kept.append(list(row))
    return kept


def _refuse_groups(groups: Sequence[Sequence[Fraction]]) -> None:
    if len(groups) < 2:
        given = "1 group" if len(groups) == 1 else f"{len(groups)} groups"
        raise NotComputable(f"{given} given: the test compares two or more")
    count = sum(map(len, groups))
    if len(groups) > MOST_GROUPS or count > MOST_VALUES:
        raise TooLarge(
            f"{count} values in {len(groups)} groups are too many: at most {MOST_VALUES:,} in {MOST_GROUPS} groups"
        )


def _refuse_table(rows: Sequence[Sequence[Fraction]]) -> None:
    lengths = sorted({len(row) for row in rows})
    if len(lengths) > 1:
        raise NotComputable(
            f"rows have {lengths[0]} to {lengths[-1]} values: give every subject a value at every time, or leave it out"
        )
    if len(rows) < 2 or lengths[0] < 2:
        raise NotComputable(f"{len(rows)} subjects at {lengths[0] if lengths else 0} times: give two or more of each")
    if lengths[0] > MOST_TIMES or len(rows) > MOST_VALUES:
        raise TooLarge(
            f"{len(rows)} subjects at {lengths[0]} times are too many: at most {MOST_VALUES} at {MOST_TIMES} times"
        )


def _parse_ids(ids: Iterable[Iterable[object]], groups: Sequence[Sequence[Fraction]]) -> list[list[str]]:
    """The subject of each value, checked against the groups."""
    named = [[str(name) for name in names] for names in _keep(ids, "ids")]
    if [len(names) for names in named] != [len(group) for group in groups]:
        raise NotComputable("ids has not the shape of the groups: name the subject of every value")
    for place, names in enumerate(named, 1):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise NotComputable(f"{twice[0]} stands twice in group {place}: give one value of each subject")
    return named


def _note_repeats(groups: Sequence[Sequence[Fraction]], ids: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """What to say when the same subjects come in several groups."""
    everyone = [name for names in ids for name in names]
    repeated = {name for name in everyone if everyone.count(name) > 1}
    if not repeated:
        return ()
    come = "1 subject comes" if len(repeated) == 1 else f"{len(repeated)} subjects come"
    warning = (
        f"{come} in more than one group. Kruskal-Wallis takes every value for another "
        "subject's, so this p does not hold: for repeated measurements take Friedman's test"
    )
    if any(set(names) != set(ids[0]) for names in ids):
        return (f"{warning} of the subjects measured every time.",)
    by_name = [dict(zip(names, group, strict=True)) for names, group in zip(ids, groups, strict=True)]
    try:
        fitting = friedman([[group[name] for group in by_name] for name in ids[0]])
    except NotComputable:
        return (f"{warning}.",)
    return (f"{warning}: p = {fitting} here.",)
