"""Two reconstructions of the same subjects, before and after: what must have changed, and by how much."""

from collections.abc import Sequence
from fractions import Fraction
from math import inf
from typing import TypeAlias

from msgspec import Struct

from firstbreath.stats.reconstructed import Reconstruction, render_interval
from firstbreath.stats.refusals import NotComputable

Values: TypeAlias = Sequence[Fraction | float]
"""The least, or the greatest, that each value in order can be; infinite where nothing bounds it."""


class ReconstructedChange(Struct, frozen=True):
    """What two printed summaries of the same n subjects say of their changes, after minus before.

    mean : the least and greatest mean change; None where nothing bounds it. fell, rose : the fewest subjects
    who must have fallen, and risen. all_fell, all_rose : False is a proof that not every subject did; True is
    only not excluded.
    """

    n: int
    mean: tuple[Fraction | None, Fraction | None]
    fell: int
    rose: int
    all_fell: bool
    all_rose: bool
    working: str


def reconstruct_change(before: Reconstruction, after: Reconstruction) -> ReconstructedChange:
    """What the summaries before and after say of the changes, although nobody's pair of values is printed.

    A subject who did not fall has a value after that is not below the one before. As many such pairs as the
    two sets of values could possibly make leave the rest as those who fell, however the values are paired.

    before, after : what `reconstruct` gave for the same subjects, in one unit, both possible.
    Raises NotComputable for summaries of different numbers of subjects, or impossible ones.
    Source: firstbreath; if every subject falls, so does every order statistic.
    """
    _refuse(before, after)
    (least_before, most_before), (least_after, most_after) = _ends(before), _ends(after)
    fell = before.n - _count_pairs(least_before, most_after)
    rose = before.n - _count_pairs(least_after, most_before)
    all_fell = all(low < high for low, high in zip(least_after, most_before, strict=True))
    all_rose = all(low < high for low, high in zip(least_before, most_after, strict=True))
    mean = (_subtract(after.mean[0], before.mean[1]), _subtract(after.mean[1], before.mean[0]))
    decimals = max(before.decimals, after.decimals) + 2
    whether = {True: "not excluded", False: "impossible"}
    sentences = (
        f"At least {fell} of {before.n} fell and at least {rose} rose, however the values are paired.",
        f"That all fell is {whether[all_fell]}; that all rose is {whether[all_rose]}.",
        render_interval("The mean change", mean, decimals),
    )
    return ReconstructedChange(before.n, mean, fell, rose, all_fell, all_rose, " ".join(filter(None, sentences)))


def _refuse(before: Reconstruction, after: Reconstruction) -> None:
    for summary in (before, after):
        if not isinstance(summary, Reconstruction):
            raise NotComputable(f"{summary!r} is no reconstruction: give what `reconstruct` answers")
    if before.n != after.n:
        raise NotComputable(f"{before.n} subjects before and {after.n} after: give summaries of the same subjects")
    for when, summary in (("before", before), ("after", after)):
        if not summary.possible:
            raise NotComputable(f"the summary {when} is impossible: {summary.reason}")


def _ends(summary: Reconstruction) -> tuple[Values, Values]:
    least = [-inf if low is None else Fraction(low) for low, _ in summary.ranges]
    return least, [inf if high is None else Fraction(high) for _, high in summary.ranges]


def _count_pairs(lower: Values, upper: Values) -> int:
    """The most pairs of one value each in which the first is not above the second; both ascending."""
    paired = 0
    for value in upper:
        if paired < len(lower) and lower[paired] <= value:
            paired += 1
    return paired


def _subtract(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one - other
