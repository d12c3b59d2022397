"""What printed numbers say of values in ascending order: a chain of spans, each value bound to the next.

Every printed quantile is a statement on one order statistic, or on the weighted mean of two adjacent ones.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from msgspec import Struct

from firstbreath.stats.refusals import TooLarge

MOST_STATES = 200_000
"""Values times places that are looked at: a second or two."""
Span = tuple[int | None, int | None]
"""The least and greatest whole value, None where nothing bounds it."""


class Statement(Struct, frozen=True):
    """A printed number as a bound: (1 - weight) times value `place` plus weight times the next one.

    place : of the order statistic, from 1. weight : of the next one, 0 for one value alone, below 1.
    low, high : what the number could be before it was rounded, in units of the recording grid.
    name : what the number is called. printed : its digits.
    """

    place: int
    weight: Fraction
    low: Fraction
    high: Fraction
    name: str
    printed: str


class Chain(Struct, frozen=True):
    """The values from the first to the last that any statement speaks of: their spans and what binds neighbours.

    first : place of the first. spans : of each, finite. bonds : statements on each and the next.
    open_below, open_above : True when the outermost span was cut where nothing bounds it.
    """

    first: int
    spans: tuple[tuple[int, int], ...]
    bonds: tuple[tuple[Statement, ...], ...]
    open_below: bool
    open_above: bool


def build_chain(n: int, statements: Sequence[Statement], scale: Span) -> Chain | None:
    """The chain of values that the statements bind, with finite spans, or None when a span is empty.

    n : values. statements : at least one. scale : the least and greatest value there can be, in grid units.
    Raises TooLarge for more than 200,000 places and values.
    """
    first = min(statement.place for statement in statements)
    last = max(statement.place + bool(statement.weight) for statement in statements)
    spans: list[list[int | None]] = [list(scale) for _ in range(first, last + 1)]
    for _ in range(3):
        for statement in statements:
            _tighten(spans, statement, first)
        for one, other in _sharing(statements):
            _tighten_both(spans[one.place - first], spans[one.place + 1 - first], (one, other))
        _order(spans)
    room = 2 * max(statement.weight.denominator for statement in statements) + 2
    cut = [
        (
            floor(min(statement.low for statement in statements)) - room if low is None else low,
            ceil(max(statement.high for statement in statements)) + room if high is None else high,
        )
        for low, high in spans
    ]
    if any(low > high for low, high in cut):
        return None
    if sum(high - low + 1 for low, high in cut) > MOST_STATES:
        raise TooLarge(
            f"{n} values on a grid as fine as this leave more than {MOST_STATES:,} possibilities: "
            "give fewer decimals, or the lowest and highest value there can be"
        )
    bonds = tuple(
        tuple(statement for statement in statements if statement.weight and statement.place == place)
        for place in range(first, last)
    )
    return Chain(first, tuple(cut), bonds, spans[0][0] is None, spans[-1][1] is None)


def _tighten(spans: list[list[int | None]], statement: Statement, first: int) -> None:
    """The spans of the one or two values a statement speaks of, no wider than it allows.

    The lower of two values is never above their weighted mean, nor the upper one below it.
    """
    lower = spans[statement.place - first]
    if not statement.weight:
        _bound(lower, ceil(statement.low), floor(statement.high))
        return
    upper = spans[statement.place + 1 - first]
    least, greatest, weight = None, None, statement.weight
    if upper[1] is not None:
        least = ceil((statement.low - weight * upper[1]) / (1 - weight))
    if lower[0] is not None:
        greatest = floor((statement.high - (1 - weight) * lower[0]) / weight)
    _bound(lower, least, floor(statement.high))
    _bound(upper, ceil(statement.low), greatest)


def _sharing(statements: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Statements that bind the same two values with different weights, the smaller weight first."""
    bonds = sorted((each for each in statements if each.weight), key=lambda each: (each.place, each.weight))
    return ((one, other) for one, other in pairwise(bonds) if one.place == other.place and one.weight != other.weight)


def _tighten_both(lower: list[int | None], upper: list[int | None], both: tuple[Statement, Statement]) -> None:
    """Two weighted means of the same two values bound how far apart these are."""
    one, other = both
    apart = max((other.high - one.low) / (other.weight - one.weight), Fraction(0))
    _bound(lower, ceil(one.low - one.weight * apart), None)
    _bound(upper, None, floor(one.high + (1 - one.weight) * apart))


def _bound(span: list[int | None], least: int | None, greatest: int | None) -> None:
    if least is not None:
        span[0] = least if span[0] is None else max(span[0], least)
    if greatest is not None:
        span[1] = greatest if span[1] is None else min(span[1], greatest)


def _order(spans: list[list[int | None]]) -> None:
    """No value is below the one before it, nor above the one after it."""
    for before, after in pairwise(spans):
        _bound(after, before[0], None)
    for after, before in pairwise(reversed(spans)):
        _bound(before, None, after[1])


def mirror(chain: Chain) -> Chain:
    """The same chain read from the top, every value with its sign changed."""
    bonds = (tuple(_mirror_bond(bond) for bond in bonds) for bonds in reversed(chain.bonds))
    spans = tuple((-high, -low) for low, high in reversed(chain.spans))
    return Chain(0, spans, tuple(bonds), chain.open_above, chain.open_below)


def _mirror_bond(bond: Statement) -> Statement:
    return Statement(0, 1 - bond.weight, -bond.high, -bond.low, bond.name, bond.printed)
