"""Signs and groups drawn at random: the Monte Carlo of the tests that sum ranks or values."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct

from firstbreath.stats.answers import MonteCarlo, PValue
from firstbreath.stats.arrangements import Alternative
from firstbreath.stats.monte_carlo import find_drawn_p
from firstbreath.stats.refusals import NotComputable

MOST_SUM = 2**61


class Tail(Struct, frozen=True):
    """Which sums are at least as extreme as the one observed.

    at : the sum observed. mirror : twice the mean of the sums.
    """

    at: int
    mirror: int
    alternative: Alternative


def draw_flips(sizes: Sequence[int], tail: Tail, *, chance: MonteCarlo, method: str) -> PValue:
    """The p of a test that flips signs, drawn: the sum of the sizes with a positive sign.

    sizes : one per subject, 0 or more, whole. tail : of their sum. chance, method : as `monte_carlo.find_drawn_p`.
    Raises as `monte_carlo.find_drawn_p`; NotComputable for sizes of more than eighteen digits.
    """
    import numpy as np

    values = _keep(sizes)

    def extreme(orders: Any) -> int:
        # of two places in a random order each stands first half the time: a fair coin from whole numbers
        heads = orders[:, :, 0] == 0
        return _count_extreme((values * heads).sum(axis=1), tail)

    if not len(values):
        values = np.zeros(1, dtype=np.int64)
    return find_drawn_p(2, extreme, chance=chance, statistic=Fraction(tail.at), method=method, rows=len(values))


def draw_choices(values: Sequence[int], chosen: int, tail: Tail, *, chance: MonteCarlo, method: str) -> PValue:
    """The p of a test that deals values to two groups, drawn: the sum of the first group.

    values : whole. chosen : size of the first group. tail : of its sum. chance, method : as `draw_flips`.
    Raises as `draw_flips`.
    """
    kept = _keep(values)

    def extreme(orders: Any) -> int:
        return _count_extreme(kept[orders[:, 0, :chosen]].sum(axis=1), tail)

    return find_drawn_p(len(kept), extreme, chance=chance, statistic=Fraction(tail.at), method=method)


def _keep(values: Sequence[int]) -> Any:
    import numpy as np

    if sum(map(abs, values)) >= MOST_SUM:
        raise NotComputable("the values have too many digits to compare exactly: round them as they were measured")
    return np.array(values, dtype=np.int64)


def _count_extreme(sums: Any, tail: Tail) -> int:
    if tail.alternative == "greater":
        return int((sums >= tail.at).sum())
    if tail.alternative == "less":
        return int((sums <= tail.at).sum())
    return int((abs(2 * sums - tail.mirror) >= abs(2 * tail.at - tail.mirror)).sum())
