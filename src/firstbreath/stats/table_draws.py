"""Tables drawn at random with their margins kept, for a table too large to count exactly."""

from collections import Counter
from fractions import Fraction
from itertools import accumulate, pairwise
from math import factorial, prod
from typing import Any, TypeAlias

from msgspec.structs import replace

from firstbreath.stats.answers import MonteCarlo, PValue
from firstbreath.stats.arrangements import Alternative
from firstbreath.stats.monte_carlo import find_drawn_p

Table: TypeAlias = tuple[tuple[int, ...], ...]


def draw_tables(
    table: Table, *, alternative: Alternative, chance: MonteCarlo, statistic: Fraction, method: str
) -> PValue:
    """The p of a table by drawing: the share of the drawn tables as extreme as this one, one added to each.

    table : counts, without empty rows and columns. alternative : as `fisher.fisher_exact`; two-sided compares the
    probabilities as integers. chance : draws and seed. statistic, method : of the answer.
    Raises as `monte_carlo.find_drawn_p`.
    Source: as `monte_carlo.find_drawn_p`.
    """
    import numpy as np

    columns = [sum(column) for column in zip(*table, strict=True)]
    labels = np.repeat(np.arange(len(columns)), columns)
    edges = list(pairwise(accumulate(map(sum, table), initial=0)))

    def extreme(orders: Any) -> int:
        dealt = labels[orders[:, 0, :]]
        cells = [(dealt[:, low:high] == at).sum(axis=1) for low, high in edges for at in range(len(columns))]
        found = Counter(map(tuple, np.stack(cells, axis=1).tolist()))
        return sum(ways for drawn, ways in found.items() if is_extreme(drawn, table, alternative))

    drawn = find_drawn_p(len(labels), extreme, chance=chance, statistic=statistic, method=method)
    return replace(drawn, name="P(table)")


def is_extreme(cells: tuple[int, ...], table: Table, alternative: Alternative) -> bool:
    """True when a table with the same margins is as extreme as the one seen.

    cells : of the other table, row by row. table : the one seen.
    alternative : two-sided is "no more probable", greater and less compare the first cell.
    """
    if alternative == "greater":
        return cells[0] >= table[0][0]
    if alternative == "less":
        return cells[0] <= table[0][0]
    return prod(map(factorial, cells)) >= prod(factorial(cell) for row in table for cell in row)
