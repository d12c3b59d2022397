"""Every way missing differences can fall among the observed ones, as far as a signed-rank test can see.

The test sees only order and sign, so the endless values a missing difference could have come to few placements:
at zero, at an observed magnitude, or in a gap between two, tied or in any order with others there. The sweep goes
through the magnitudes from zero up, places some of the missing at each, and merges partial placements that any
continuation would treat alike. Nothing is drawn at random and nothing is left out.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import TypeAlias

from msgspec import Struct

from firstbreath.stats.pairs import Value
from firstbreath.stats.refusals import TooLarge

Range: TypeAlias = tuple[Value, Value]
Placed: TypeAlias = tuple[tuple[int, Fraction], ...]
"""The number of its range and the difference of each missing value placed: one way to a placement."""
Choice: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]
MOST_STEPS = 1_000_000
"""Partial placements looked at, about three seconds' worth."""


class Placement(Struct, frozen=True):
    """What the test sees: zeros, tie pattern of the magnitudes and doubled sum of the positive ranks.

    left : missing values of each range that are still to be placed.
    """

    left: tuple[int, ...]
    zeros: int
    groups: tuple[int, ...]
    positive: int


class Level(Struct, frozen=True):
    """One magnitude: how many known differences rise and fall by it, and which ranges hold it with either sign."""

    size: Fraction
    rising: int
    falling: int
    up: tuple[bool, ...]
    down: tuple[bool, ...]


def find_placements(
    known: Sequence[Fraction], ranges: Sequence[Range], *, step: Value = None, zeros_ranked: bool = False
) -> dict[Placement, Placed]:
    """Every distinct placement of the missing differences, each with one way to it.

    known : observed differences. ranges : least and greatest difference of each missing one, None where unlimited.
    step : of the scale, when only its multiples can occur. zeros_ranked : Pratt's ranking, zeros below the rest.
    Raises TooLarge when more than a million partial placements would be looked at.
    """
    kinds = Counter(ranges)
    placed: dict[Placement, Placed] = {Placement(tuple(kinds.values()), known.count(Fraction(0)), (), 0): ()}
    steps = 0
    for level in _find_levels(known, tuple(kinds), missing=len(ranges), step=step):
        choices = {left: tuple(_choose(left, level)) for left in {placement.left for placement in placed}}
        steps += sum(len(choices[placement.left]) for placement in placed)
        if steps > MOST_STEPS:
            raise TooLarge(
                f"{len(ranges)} missing among {len(known)} known differences fall in too many ways to compare them "
                "all: report how many are missing and why"
            )
        placed = _place(placed, choices, level=level, zeros_ranked=zeros_ranked)
    return {placement: way for placement, way in placed.items() if not any(placement.left)}


def assign_differences(placed: Placed, ranges: Sequence[Range]) -> tuple[Fraction, ...]:
    """The difference of each missing value, in the order of their ranges.

    placed : of `find_placements`. ranges : those given to it.
    """
    kinds = list(Counter(ranges))
    waiting = [[difference for kind, difference in placed if kind == number] for number in range(len(kinds))]
    return tuple(waiting[kinds.index(one)].pop() for one in ranges)


def _find_levels(known: Sequence[Fraction], kinds: Sequence[Range], *, missing: int, step: Value) -> Iterator[Level]:
    """The levels to place at, ascending, leaving out those where nothing is known and nothing may fall."""
    seen = Counter(known)
    limits = (limit for one in kinds for limit in one if limit is not None)
    special = sorted({Fraction(0), *map(abs, known), *map(abs, limits)})
    for size in _find_magnitudes(special, missing=missing, step=step):
        up = tuple(_holds(one, size) for one in kinds)
        down = tuple(size > 0 and _holds(one, -size) for one in kinds)
        if seen[size] or seen[-size] or any(up) or any(down):
            yield Level(size, seen[size], seen[-size], up, down)


def _find_magnitudes(special: Sequence[Fraction], *, missing: int, step: Value) -> Iterator[Fraction]:
    """Every special magnitude, and enough in each gap for all the missing to take any order there."""
    for low, high in pairwise(special):
        yield low
        between = missing if step is None else min(missing, int((high - low) / step) - 1)
        apart = (high - low) / (missing + 1) if step is None else step
        yield from (low + apart * place for place in range(1, between + 1))
    yield special[-1]
    yield from (special[-1] + (step or 1) * place for place in range(1, missing + 1))


def _holds(one: Range, difference: Fraction) -> bool:
    low, high = one
    return (low is None or low <= difference) and (high is None or difference <= high)


def _choose(left: tuple[int, ...], level: Level) -> Iterator[Choice]:
    """Every choice of how many of each range rise, and how many fall, by this magnitude; zero counts as a rise."""
    options = [
        [(rise, fall) for rise in range(1 + most * up) for fall in range(1 + (most - rise) * down)]
        for most, up, down in zip(left, level.up, level.down, strict=True)
    ]
    for chosen in product(*options):
        yield tuple(rise for rise, _ in chosen), tuple(fall for _, fall in chosen)


def _place(
    placed: dict[Placement, Placed],
    choices: dict[tuple[int, ...], tuple[Choice, ...]],
    *,
    level: Level,
    zeros_ranked: bool,
) -> dict[Placement, Placed]:
    """The placements one level further, merged where they are alike."""
    reached: dict[Placement, Placed] = {}
    for placement, way in placed.items():
        for rise, fall in choices[placement.left]:
            following = _follow(placement, rise, fall, level=level, zeros_ranked=zeros_ranked)
            if following not in reached:
                reached[following] = way + _name(rise, level.size) + _name(fall, -level.size)
    return reached


def _follow(
    placement: Placement, rise: tuple[int, ...], fall: tuple[int, ...], *, level: Level, zeros_ranked: bool
) -> Placement:
    left = tuple(most - up - down for most, up, down in zip(placement.left, rise, fall, strict=True))
    if not level.size:
        return Placement(left, placement.zeros + sum(rise), (), 0)
    rising, size = level.rising + sum(rise), level.rising + level.falling + sum(rise) + sum(fall)
    if not size:
        return placement
    under = sum(placement.groups) + (placement.zeros if zeros_ranked else 0)
    positive = placement.positive + rising * (2 * under + size + 1)
    return Placement(left, placement.zeros, (*placement.groups, size), positive)


def _name(counts: tuple[int, ...], difference: Fraction) -> Placed:
    return tuple((kind, difference) for kind, number in enumerate(counts) for _ in range(number))
