"""Every exact p of Fisher's test of two by two counts, for every number of events."""

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import accumulate
from math import comb

from firstbreath.stats.tie_patterns import DOUBLED, Attained, Witness

BLAKER = "Blaker's rule"


@cache
def compute_fisher_attained(first: int, second: int, sides: int) -> Attained:
    """Every p of Fisher's exact test on two groups, each subject with the event or without.

    Two sides are the tables no likelier than the one seen; twice the smaller tail and Blaker's rule, which
    some software prints under the same name, are included, so that what is not here is printed by none.
    A witness has the groups (without, with the event), the events in the first group as its statistic.

    first, second : the group sizes. sides : 1 or 2.
    Source: Fisher, Statistical Methods for Research Workers, 1934; Blaker, Canadian J Statistics 2000;28:783.
    """
    subjects = first + second
    total = comb(subjects, first)
    found: dict[tuple[int, int], Witness] = {}
    for events in range(subjects + 1):
        lowest = max(0, events - second)
        counts = [
            comb(events, inside) * comb(subjects - events, first - inside)
            for inside in range(lowest, min(events, first) + 1)
        ]
        for numerator, place, rule in _upper(counts) if sides == 1 else _both(counts, total):
            known = found.get((numerator, total))
            if known is None or (known.rule and not rule):
                found[numerator, total] = Witness((subjects - events, events), Fraction(lowest + place), rule=rule)
    return found


def _upper(counts: list[int]) -> Iterator[tuple[int, int, str]]:
    for place, reached in enumerate(accumulate(reversed(counts)), 1):
        yield reached, len(counts) - place, ""


def _both(counts: list[int], total: int) -> Iterator[tuple[int, int, str]]:
    """The number of tables at least as extreme as each, its place, and the rule for two sides."""
    below = list(accumulate(counts))
    above = list(accumulate(reversed(counts)))
    ascending = sorted(counts)
    no_likelier = list(accumulate(ascending))
    for place, count in enumerate(counts):
        yield no_likelier[bisect_right(ascending, count) - 1], place, ""
        lower, upper = below[place], above[-1 - place]
        tail, other = (lower, above) if lower < upper else (upper, below)
        yield min(total, 2 * tail), place, DOUBLED
        reached = bisect_right(other, tail)
        yield min(total, tail + (other[reached - 1] if reached else 0)), place, BLAKER
