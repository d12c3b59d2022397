"""How many samples obey what was printed of them, and within which bounds, by dynamic programming.

The values are a chain: what the first ones can be depends on the later ones only through the value where
they meet. So one sweep up and one down answer for all of them, and nothing is searched.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import comb, inf
from typing import TypeAlias

from msgspec import Struct

from firstbreath.stats.order_statistics import Chain, Span, Statement, build_chain, mirror

Tables: TypeAlias = list[list[float]]
"""The least of every stretch of 1, 2, 4, ... sums."""


class Solution(Struct, frozen=True):
    """What n whole values in order can be: the span of each, of their sum, and how many samples there are.

    spans : None where nothing bounds a value. least_sum, greatest_sum, count : None when infinite.
    """

    spans: tuple[Span, ...]
    least_sum: int | None
    greatest_sum: int | None
    count: int | None


class Sweep(Struct, frozen=True):
    """From the first value of a chain to its last: how many ways lead to each value, and its least sum so far.

    ways : per place and value. sums : for the last place, infinite where no way leads.
    """

    ways: tuple[list[int], ...]
    sums: list[float]


def solve(n: int, statements: Sequence[Statement], scale: Span) -> Solution | None:
    """The values that obey every statement, or None when there are none.

    n : values. statements : at least one. scale : the least and greatest value there can be, in grid units.
    Raises TooLarge as `build_chain`.
    Source: firstbreath; a transfer matrix along the order statistics.
    """
    chain = build_chain(n, statements, scale)
    if chain is None:
        return None
    below, above = chain.first - 1, n + 1 - chain.first - len(chain.spans)
    mirrored = mirror(chain)
    upward = _sweep(chain, below, scale[0])
    downward = _sweep(mirrored, above, None if scale[1] is None else -scale[1])
    spans = _core_spans(chain, upward, downward)
    if spans is None:
        return None
    unbound_below = chain.open_below or (below > 0 and scale[0] is None)
    unbound_above = chain.open_above or (above > 0 and scale[1] is None)
    return Solution(
        spans=((scale[0], spans[0][1]),) * below + spans + ((spans[-1][0], scale[1]),) * above,
        least_sum=None if unbound_below else _least_sum(chain, upward, above),
        greatest_sum=None if unbound_above else -_least_sum(mirrored, downward, below),
        count=None if unbound_below or unbound_above else _count(chain, upward, above, highest=scale[1]),
    )


def _sweep(chain: Chain, before: int, lowest: int | None) -> Sweep:
    """The chain from its first value to its last.

    before : how many free values come first. lowest : their least; None where nothing bounds them.
    """
    low, high = chain.spans[0]
    start = low if lowest is None else lowest
    ways = [[comb(value - start + before, before) for value in range(low, high + 1)]]
    sums: list[float] = [value + before * start for value in range(low, high + 1)]
    for (span, after), bonds in zip(pairwise(chain.spans), chain.bonds, strict=True):
        intervals = [_interval(value, span, bonds) for value in range(after[0], after[1] + 1)]
        so_far = list(accumulate(ways[-1], initial=0))
        ways.append([so_far[top] - so_far[bottom] if bottom < top else 0 for bottom, top in intervals])
        tables = _build_tables(sums)
        sums = [value + _least_over(tables, *interval) for value, interval in enumerate(intervals, after[0])]
    return Sweep(tuple(ways), sums)


def _interval(value: int, span: tuple[int, int], bonds: tuple[Statement, ...]) -> tuple[int, int]:
    """Which places of the span below, from and up to, may hold the value that stands before this one."""
    bottom, top = span[0], min(value, span[1])
    for bond in bonds:
        part, whole = bond.weight.numerator, bond.weight.denominator
        low, high = bond.low, bond.high
        short = part * value * low.denominator - whole * low.numerator
        left = whole * high.numerator - part * value * high.denominator
        bottom = max(bottom, -(short // (low.denominator * (whole - part))))
        top = min(top, left // (high.denominator * (whole - part)))
    return bottom - span[0], top + 1 - span[0]


def _build_tables(values: list[float]) -> Tables:
    tables = [values]
    while 2 ** len(tables) <= len(values):
        last = tables[-1]
        tables.append(list(map(min, last, last[2 ** (len(tables) - 1) :])))
    return tables


def _least_over(tables: Tables, bottom: int, top: int) -> float:
    """The least from one place up to another; infinite when there is nothing between."""
    if bottom >= top:
        return inf
    level = (top - bottom).bit_length() - 1
    return min(tables[level][bottom], tables[level][top - (1 << level)])


def _core_spans(chain: Chain, upward: Sweep, downward: Sweep) -> tuple[Span, ...] | None:
    """What each value of the chain can be, reached from both ends; None when some value cannot be anything."""
    spans: list[Span] = []
    for (low, _), up, down in zip(chain.spans, upward.ways, reversed(downward.ways), strict=True):
        both = enumerate(zip(up, reversed(down), strict=True), low)
        found = [value for value, (below, above) in both if below and above]
        if not found:
            return None
        spans.append((found[0], found[-1]))
    if chain.open_below:
        spans[0] = (None, spans[0][1])
    if chain.open_above:
        spans[-1] = (spans[-1][0], None)
    return tuple(spans)


def _least_sum(chain: Chain, sweep: Sweep, after: int) -> int:
    """The least sum of all values, the free ones after the chain no larger than its last."""
    return int(min(total + after * value for value, total in enumerate(sweep.sums, chain.spans[-1][0])))


def _count(chain: Chain, sweep: Sweep, above: int, *, highest: int | None) -> int:
    """The number of samples: ways up to each last value, times the ways for the free ones above it."""
    low, high = chain.spans[-1]
    end = high if highest is None else highest
    free = (comb(end - value + above, above) for value in range(low, high + 1))
    return sum(ways * more for ways, more in zip(sweep.ways[-1], free, strict=True))
