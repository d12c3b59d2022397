"""How ranked values fall to groups: every dealing counted by how far the groups' rank sums spread.

Two kernels. One keeps a polynomial in the rank sums of all groups but the largest, packed in one integer for each
number of values dealt so far: its work is known before it begins, and it is the faster for two, three or four groups.
The other keeps each distinct set of rank sums once, whatever the order of groups of one size: for more groups.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, combinations_with_replacement, pairwise, product
from math import comb, factorial, gcd, lcm, prod
from operator import mul
from typing import TypeAlias

from firstbreath.stats.arrangements import unpack_counts
from firstbreath.stats.monte_carlo import ASK
from firstbreath.stats.refusals import TooLarge

MOST_PACKED = 22 * 10**9
"""Bytes moved in about three seconds."""
MOST_STATES = 4_000_000
"""Partial dealings, some ten seconds' work in some hundred megabytes."""
MOST_SIZES = 50_000
"""Numbers of values dealt so far: with more than this there are always too many partial dealings of untied values."""
COUNT, PLACES = 2**40, 2**12
"""A group so far is one integer: its size times PLACES and the places it has left, times COUNT, plus its rank sum."""
Sums: TypeAlias = tuple[tuple[int, ...], int]
"""The rank sum of each group, and in how many ways it comes."""


def count_spreads(sizes: Sequence[int], ranks: Sequence[int]) -> dict[int, int]:
    """The number of dealings with each spread of the rank sums R: the sum of R**2 / size, times the sizes' lcm.

    sizes : of two or more groups. ranks : doubled midranks of all the values.
    Raises TooLarge when neither kernel can count them; at once when no values are tied.
    Source: merging of partial dealings as in Mehta, Patel and Senchaudhuri, JASA 1988;83:999.
    """
    ordered, ascending = sorted(sizes), sorted(ranks)
    least = ascending[0]
    step = gcd(*(rank - least for rank in ascending)) or 1
    values = [(rank - least) // step for rank in ascending]
    if weigh_packed(ordered, values) <= MOST_PACKED:
        dealt = _deal_packed(ordered, values)
    else:
        _refuse_size(ordered, values)
        dealt = _deal_merged(ordered, values)
    spreads: dict[int, int] = {}
    for sums, ways in dealt:
        whole = [size * least + step * total for size, total in zip(ordered, sums, strict=True)]
        spread = compute_spread(ordered, whole)
        spreads[spread] = spreads.get(spread, 0) + ways
    return spreads


def compute_spread(sizes: Sequence[int], sums: Sequence[int]) -> int:
    """The sum of R**2 / size over the groups, times the lcm of the sizes. sums : the rank sum R of each group."""
    common = lcm(*sizes)
    return sum(total * total * (common // size) for size, total in zip(sizes, sums, strict=True))


def weigh_packed(sizes: Sequence[int], values: Sequence[int]) -> int:
    """The work of the packed kernel in bytes moved. sizes, values : ascending."""
    polynomials = prod(size + 1 for size in sizes[:-1])
    return len(values) * polynomials * prod(_find_spans(sizes, values)) * _find_width(sizes) // 8


def _find_width(sizes: Sequence[int]) -> int:
    dealings = factorial(sum(sizes)) // prod(map(factorial, sizes))
    return (dealings.bit_length() + 7) // 8 * 8


def _find_spans(sizes: Sequence[int], values: Sequence[int]) -> list[int]:
    """How many rank sums each group but the largest could have."""
    return [sum(values[len(values) - size :]) - sum(values[:size]) + 1 for size in sizes[:-1]]


def _deal_packed(sizes: Sequence[int], values: Sequence[int]) -> Iterator[Sums]:
    """Every dealing by rank sums: values go, smallest first, to each group with places left.

    A polynomial holds sums less their least, so a value moves it by what it exceeds the value it stands beside there.
    Counts are gone through from the largest, so that those with one value fewer still stand as they were.
    """
    named, width = sizes[:-1], _find_width(sizes)
    spans = _find_spans(sizes, values)
    strides = list(accumulate(spans[:-1], mul, initial=width))
    dealt = {(0,) * len(named): 1}
    falling = list(product(*(range(size, -1, -1) for size in named)))
    for done, value in enumerate(values):
        for counts in falling:
            packed = dealt.pop(counts, 0)
            if done - sum(counts) >= sizes[-1]:
                packed = 0
            for place, count in enumerate(counts):
                fewer = dealt.get((*counts[:place], count - 1, *counts[place + 1 :]))
                if fewer:
                    packed += fewer << (value - values[count - 1]) * strides[place]
            if packed:
                dealt[counts] = packed
    (packed,) = dealt.values()
    least = [sum(values[:size]) for size in named]
    for place, ways in enumerate(unpack_counts(packed, width)):
        if ways:
            yield _unfold(place, spans, least=least, total=sum(values)), ways


def _unfold(place: int, spans: Sequence[int], *, least: Sequence[int], total: int) -> tuple[int, ...]:
    """The rank sums that stand at a place of the packed polynomial; the largest group has the rest."""
    sums = []
    for span, low in zip(spans, least, strict=True):
        place, over = divmod(place, span)
        sums.append(low + over)
    return (*sums, total - sum(sums))


def _deal_merged(sizes: Sequence[int], values: Sequence[int]) -> Iterator[Sums]:
    """Every dealing by rank sums, groups of one size in ascending order of theirs, as their names do not matter."""
    dealt = {tuple((size * PLACES + size) * COUNT for size in sizes): 1}
    held = 0
    for value in values:
        after: dict[tuple[int, ...], int] = {}
        for state, ways in dealt.items():
            for place, code in enumerate(state):
                if code // COUNT % PLACES and (place == 0 or state[place - 1] != code):
                    more = tuple(sorted((*state[:place], code - COUNT + value, *state[place + 1 :])))
                    after[more] = after.get(more, 0) + ways * state.count(code)
        dealt, held = after, held + len(after)
        if held > MOST_STATES:
            raise _too_large(sizes)
    for state, ways in dealt.items():
        yield tuple(code % COUNT for code in state), ways


def _refuse_size(sizes: Sequence[int], values: Sequence[int]) -> None:
    """Nothing, or the refusal that merging would come to; tied values merge more, and are tried."""
    untied = all(low != high for low, high in pairwise(values))
    different = prod(comb(size + alike, alike) for size, alike in Counter(sizes).items())
    if different > (MOST_SIZES if untied else MOST_STATES):
        raise _too_large(sizes)
    if untied and foretell_states(sizes, values) > MOST_STATES:
        raise _too_large(sizes)


def foretell_states(sizes: Sequence[int], values: Sequence[int]) -> int:
    """How many partial dealings of untied values there are, about: from a half to all of what is counted.

    For each number of values dealt to each group: the fewer of the orders they could come in and the rank sums
    they could have, with groups that cannot be told apart counted once.
    """
    totals = [0, *accumulate(values)]
    choices = [combinations_with_replacement(range(size + 1), alike) for size, alike in Counter(sizes).items()]
    return sum(_foretell(list(chosen), totals) for chosen in product(*choices))


def _foretell(chosen: Sequence[tuple[int, ...]], totals: Sequence[int]) -> int:
    counts = [count for part in chosen for count in part]
    done = sum(counts)
    orders = factorial(done) // prod(map(factorial, counts))
    spans = sorted(totals[done] - totals[done - count] - totals[count] + 1 for count in counts)
    alike = prod(factorial(times) for part in chosen for times in Counter(part).values())
    return -(-min(orders, prod(spans[:-1])) // alike)


def _too_large(sizes: Sequence[int]) -> TooLarge:
    shape = ", ".join(map(str, sizes))
    return TooLarge(
        f"groups of {shape} can be dealt in more than {MOST_STATES:,} ways, partial ones with the same rank sums "
        f"counted once, too many to go through: {ASK}"
    )
