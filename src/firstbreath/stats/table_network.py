"""Every table with given margins, as a network: columns are the stages, what is left of the row totals the nodes.

The weight of a table is prod(column total!) / prod(cell!), the number of ways to deal labelled subjects into
it; all weights are integers and they sum to N! / prod(row total!). An arc is one way to fill one column.
Nodes keep their remaining row totals sorted, so rows of equal total share one node.
Source: Mehta and Patel, JASA 1983;78:427, with integers instead of their logarithms.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from math import comb, factorial, prod
from typing import TypeAlias

from firstbreath.stats.refusals import TooLarge

Margins: TypeAlias = tuple[int, ...]
Arcs: TypeAlias = Counter[tuple[Margins, int]]
"""Node reached and factor of the weight, to the number of ways."""
Network: TypeAlias = tuple[dict[Margins, Arcs], ...]
Bounds: TypeAlias = tuple[dict[Margins, tuple[int, int]], ...]
MOST_ARCS = 600_000
MOST_PATHS = 2_000_000
"""About two seconds of work each: a 4 by 4 table of 100 subjects is just within, a 5 by 5 one is not."""


def build_network(rows: Margins, columns: Margins) -> Network:
    """The network of all tables with these margins: for each column its nodes with their arcs.

    rows, columns : totals, each above 0, with the same sum; columns are filled in the order given.
    Raises TooLarge when there are more than 600,000 ways to fill a column.
    """
    stages: list[dict[Margins, Arcs]] = []
    reached: set[Margins] = {tuple(sorted(rows))}
    ways = 0
    for column in columns:
        stage: dict[Margins, Arcs] = {}
        for node in reached:
            some = islice(fill_column(node, column), MOST_ARCS + 1 - ways)
            stage[node] = Counter((tuple(sorted(left)), dealings) for left, dealings in some)
            ways += stage[node].total()
            _refuse(ways, MOST_ARCS)
        stages.append(stage)
        reached = {left for arcs in stage.values() for left, _ in arcs}
    return tuple(stages)


def compute_bounds(network: Network) -> Bounds:
    """The smallest and largest weight of the columns still to fill, for each node of each stage."""
    bounds: list[dict[Margins, tuple[int, int]]] = [{left: (1, 1) for arcs in network[-1].values() for left, _ in arcs}]
    for stage in reversed(network):
        after = bounds[-1]
        bounds.append(
            {
                node: (
                    min(factor * after[left][0] for left, factor in arcs),
                    max(factor * after[left][1] for left, factor in arcs),
                )
                for node, arcs in stage.items()
            }
        )
    return tuple(reversed(bounds))


def sum_weights(network: Network, bounds: Bounds, most: int) -> int:
    """The sum of the weights of all tables whose weight is at most `most`.

    A path that stays at or under the limit whatever follows is counted at once, one that must exceed it is left.
    Raises TooLarge after 2,000,000 steps.
    """
    (start,) = network[0]
    paths: dict[Margins, Counter[int]] = {start: Counter({1: 1})}
    counted = steps = 0
    for stage, bound in zip(network, bounds, strict=False):
        further: dict[Margins, Counter[int]] = {}
        for node, weights in paths.items():
            least, largest = bound[node]
            counted += count_dealings(node) * sum(w * ways for w, ways in weights.items() if w * largest <= most)
            open_paths = [(w, ways) for w, ways in weights.items() if w * least <= most < w * largest]
            steps += len(open_paths) * len(stage[node])
            _refuse(steps, MOST_PATHS)
            for (left, factor), kinds in stage[node].items():
                reached = further.setdefault(left, Counter())
                for weight, ways in open_paths:
                    reached[weight * factor] += ways * kinds
        paths = further
    return counted


def count_dealings(cells: Margins) -> int:
    """The ways to deal labelled subjects into cells of these sizes: the multinomial coefficient."""
    return factorial(sum(cells)) // prod(map(factorial, cells))


def fill_column(left: Margins, column: int) -> Iterator[tuple[Margins, int]]:
    """Each way to fill one column: what it leaves of each row total, and its dealings.

    left : what is left of the row totals, no cell may exceed it. column : the column's total.
    """
    if len(left) == 1:
        yield (left[0] - column,), 1
        return
    total, others = left[0], left[1:]
    for cell in range(max(0, column - sum(others)), min(total, column) + 1):
        ways = comb(column, cell)
        for rest, dealings in fill_column(others, column - cell):
            yield (total - cell, *rest), ways * dealings


def _refuse(done: int, most: int) -> None:
    if done > most:
        raise TooLarge(
            f"the table is too large for the exact test: counting all tables with its margins takes more than {most:,} "
            "steps. Join rare categories, or allow drawing with monte_carlo=MonteCarlo(draws=10_000, seed=1)"
        )
