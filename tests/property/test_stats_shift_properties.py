"""Laws of the shift estimates and of the bounds over missing values, against plain enumeration."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstbreath.stats.medians import median_interval
from firstbreath.stats.missing import MissingBounds, missing_bounds
from firstbreath.stats.placements import assign_differences, find_placements
from firstbreath.stats.ranks import rank_sum, signed_rank
from firstbreath.stats.shifts import hodges_lehmann, rank_biserial

SOME = settings(max_examples=40, deadline=None)
FEW = settings(max_examples=20, deadline=None)
LEVELS = st.sampled_from([Decimal("0.8"), Decimal("0.9"), Decimal("0.95")])
UNTIED = st.lists(st.integers(-40, 40), min_size=4, max_size=8, unique_by=abs)
ZEROS = st.sampled_from(["wilcoxon", "pratt"])
ALTERNATIVES = st.sampled_from(["two-sided", "greater", "less"])


def between(points: list[Fraction]) -> Iterator[Fraction]:
    """One value in every gap between the points, and one beyond either end."""
    ordered = sorted(set(points))
    yield ordered[0] - 1
    yield from ((low + high) / 2 for low, high in pairwise(ordered))
    yield ordered[-1] + 1


@SOME
@given(UNTIED, LEVELS)
def test_the_paired_interval_holds_the_shifts_its_test_does_not_reject(values: list[int], level: Decimal) -> None:
    interval = hodges_lehmann(values, level=level)
    walsh = [Fraction(one + other, 2) for place, one in enumerate(values) for other in values[place:]]
    assert interval.estimate == median(walsh)
    for shift in between(walsh):
        p = signed_rank([value - shift for value in values]).value
        kept = interval.lower is None or interval.lower <= shift <= interval.upper
        assert kept == (interval.lower is None or p > 1 - interval.level)
    assert (interval.lower is None) == (interval.level < Fraction(level))


@SOME
@given(st.lists(st.integers(0, 400), min_size=6, max_size=9, unique=True), st.integers(2, 4), LEVELS)
def test_the_unpaired_interval_holds_the_shifts_its_test_does_not_reject(
    values: list[int], first: int, level: Decimal
) -> None:
    x, y = values[:first], values[first:]
    interval = hodges_lehmann(x, y, level=level)
    apart = [Fraction(one - other) for one in x for other in y]
    assert interval.estimate == median(apart)
    for shift in between(apart):
        p = rank_sum([value - shift for value in x], y).value
        if interval.lower is not None:
            assert (interval.lower <= shift <= interval.upper) == (p > 1 - interval.level)


def covers(lower: Fraction | None, upper: Fraction | None, value: int) -> bool:
    return lower is None or upper is None or lower <= value <= upper


@pytest.mark.parametrize("weights", [(1, 1, 1), (1, 4, 1), (3, 1, 3)])
def test_with_ties_and_zeros_the_paired_intervals_still_hold_their_level(weights: tuple[int, ...]) -> None:
    """Every sample of six from a few values, symmetrical about 0 (Noether, JASA 1967;62:184)."""
    level, held, middle = Decimal("0.9"), 0, 0
    for drawn in product(range(3), repeat=6):
        weight = 1
        for place in drawn:
            weight *= weights[place]
        sample = [place - 1 for place in drawn]
        shift, centre = hodges_lehmann(sample, level=level), median_interval(sample, level=level)
        held += weight * covers(shift.lower, shift.upper, 0)
        middle += weight * covers(centre.lower, centre.upper, 0)
    assert Fraction(held, sum(weights) ** 6) >= hodges_lehmann(range(6), level=level).level
    assert Fraction(middle, sum(weights) ** 6) >= median_interval(range(6), level=level).level


def test_with_ties_the_unpaired_interval_still_holds_its_level() -> None:
    """Every two samples of four and four from three values, no shift between them."""
    samples, level, held = list(product(range(3), repeat=4)), Decimal("0.8"), 0
    for x, y in product(samples, samples):
        interval = hodges_lehmann(x, y, level=level)
        held += covers(interval.lower, interval.upper, 0)
    assert Fraction(held, len(samples) ** 2) >= hodges_lehmann((1, 2, 3, 4), (5, 6, 7, 8), level=level).level


@SOME
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=9), st.integers(-50, 50), st.integers(1, 9))
def test_the_estimate_moves_with_the_values(values: list[int], shift: int, scale: int) -> None:
    here = hodges_lehmann(values, level=Decimal("0.5"))
    moved = hodges_lehmann([Fraction(value * scale, 7) + shift for value in values], level=Decimal("0.5"))
    mirrored = hodges_lehmann([-value for value in values], level=Decimal("0.5"))
    assert moved.estimate == here.estimate * Fraction(scale, 7) + shift
    assert mirrored.estimate == -here.estimate
    if here.lower is not None:
        assert (mirrored.lower, mirrored.upper) == (-here.upper, -here.lower)
        assert here.lower <= here.estimate <= here.upper


@SOME
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=7), st.lists(st.integers(-5, 5), min_size=1, max_size=7))
def test_rank_biserial_counts_ranks_and_pairs(x: list[int], y: list[int]) -> None:
    moved = [value for value in x if value]
    if moved:
        positive = signed_rank(x).statistic
        assert rank_biserial(x) == 2 * positive / Fraction(len(moved) * (len(moved) + 1), 2) - 1
    else:
        assert rank_biserial(x) is None
    assert rank_biserial(x, y) == 2 * rank_sum(x, y).statistic / (len(x) * len(y)) - 1


def complete_every_way(
    before: list[int | None], after: list[int | None], scale: range
) -> Iterator[tuple[list[int], list[int]]]:
    """Every way of filling the gaps with values of the scale."""
    typed = before + after
    gaps = [place for place, value in enumerate(typed) if value is None]
    for filled in product(scale, repeat=len(gaps)):
        whole = list(typed)
        for place, value in zip(gaps, filled, strict=True):
            whole[place] = value
        yield whole[: len(before)], whole[len(before) :]


def check_bounds(bounds: MissingBounds, completed: list[list[int]], zeros: str, alternative: str) -> None:
    """The bounds are the extremes of the completions, and are reached by the completions they name."""
    p = [signed_rank(differences, zeros=zeros, alternative=alternative).value for differences in completed]
    assert (bounds.best.p.value, bounds.worst.p.value) == (min(p), max(p))
    for extreme in (bounds.best, bounds.worst):
        assert signed_rank(extreme.differences, zeros=zeros, alternative=alternative).value == extreme.p.value
    rose = [sum(difference > 0 for difference in differences) for differences in completed]
    fell = [sum(difference < 0 for difference in differences) for differences in completed]
    assert (bounds.rose, bounds.fell) == ((min(rose), max(rose)), (min(fell), max(fell)))


def count_gaps(rows: list[tuple[int | None, int | None]]) -> int:
    return sum(row.count(None) for row in rows)


SCORE = st.one_of(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.none())


@FEW
@given(
    st.lists(st.tuples(SCORE, SCORE), min_size=1, max_size=5).filter(lambda rows: count_gaps(rows) <= 3),
    ZEROS,
    ALTERNATIVES,
)
def test_bounds_on_a_score_are_those_of_every_fill_in(
    rows: list[tuple[int | None, int | None]], zeros: str, alternative: str
) -> None:
    before, after = [list(side) for side in zip(*rows, strict=True)]
    completed = [
        [late - early for early, late in zip(first, second, strict=True)]
        for first, second in complete_every_way(before, after, range(7))
    ]
    bounds = missing_bounds(before, after, lowest=0, highest=6, step=1, zeros=zeros, alternative=alternative)
    check_bounds(bounds, completed, zeros, alternative)
    shifts = [hodges_lehmann(differences).estimate for differences in completed]
    assert bounds.shift == (min(shifts), max(shifts))


COARSE = st.sampled_from([0, 3, 6, 9, 12])
"""Two missing values can take any order in the gaps between these on a grid of ones."""


@FEW
@given(st.lists(st.tuples(COARSE, COARSE), min_size=1, max_size=4), st.lists(COARSE, min_size=1, max_size=2), ZEROS)
def test_bounds_on_a_continuous_scale_are_those_of_a_fine_one(
    known: list[tuple[int, int]], alone: list[int], zeros: str
) -> None:
    before = [*(early for early, _ in known), *alone]
    after = [*(late for _, late in known), *(None for _ in alone)]
    completed = [
        [late - early for early, late in zip(first, second, strict=True)]
        for first, second in complete_every_way(before, after, range(13))
    ]
    check_bounds(missing_bounds(before, after, lowest=0, highest=12, zeros=zeros), completed, zeros, "two-sided")


@FEW
@given(st.lists(st.tuples(COARSE, COARSE), max_size=4), st.lists(COARSE, min_size=1, max_size=2), ALTERNATIVES)
def test_bounds_without_a_scale_are_those_of_any_difference(
    known: list[tuple[int, int]], alone: list[int], alternative: str
) -> None:
    before = [*(early for early, _ in known), *alone]
    after = [*(late for _, late in known), *(None for _ in alone)]
    seen = [late - early for early, late in known]
    completed = [[*seen, *filled] for filled in product(range(-14, 15), repeat=len(alone))]
    bounds = missing_bounds(before, after, alternative=alternative)
    check_bounds(bounds, completed, "wilcoxon", alternative)
    for limit, far in zip(bounds.shift, (-(10**9), 10**9), strict=True):
        extreme = hodges_lehmann([*seen, *(far for _ in alone)]).estimate
        assert limit == extreme if abs(extreme) < 10**6 else limit is None


def see(differences: list[int], zeros_ranked: bool) -> tuple[int, tuple[int, ...], int]:
    """What the signed-rank test sees: zeros, ties of the magnitudes, doubled sum of the positive ranks."""
    sizes = sorted(abs(difference) for difference in differences if difference)
    zeros = differences.count(0)
    under = zeros if zeros_ranked else 0
    positive = sum(
        2 * under + 2 * sizes.index(difference) + sizes.count(difference) + 1
        for difference in differences
        if difference > 0
    )
    return zeros, tuple(sizes.count(size) for size in sorted(set(sizes))), positive


LIMITS = st.sampled_from([(None, None), (-3, 6), (0, 12), (3, 9), (-9, -6)])


@FEW
@given(st.lists(st.sampled_from([-9, -6, -3, 0, 3, 6, 9]), max_size=4), LIMITS, LIMITS, st.booleans())
def test_placements_are_all_that_any_fill_in_could_give(
    known: list[int], first: tuple[int | None, int | None], second: tuple[int | None, int | None], zeros_ranked: bool
) -> None:
    grids = [range(-14 if low is None else low, 15 if high is None else high + 1) for low, high in (first, second)]
    ranges = [tuple(None if end is None else Fraction(end) for end in one) for one in (first, second)]
    found = find_placements([Fraction(value) for value in known], ranges, zeros_ranked=zeros_ranked)
    every = {see([*known, *filled], zeros_ranked) for filled in product(*grids)}
    assert {(placement.zeros, placement.groups, placement.positive) for placement in found} == every
    for placement, way in found.items():
        assert see([*known, *assign_differences(way, ranges)], zeros_ranked) == (
            placement.zeros,
            placement.groups,
            placement.positive,
        )


@FEW
@given(st.lists(st.tuples(COARSE, COARSE), min_size=2, max_size=6))
def test_bounds_with_nothing_missing_are_the_answer(known: list[tuple[int, int]]) -> None:
    before, after = zip(*known, strict=True)
    differences = [late - early for early, late in known]
    bounds = missing_bounds(before, after)
    assert bounds.best == bounds.worst
    assert bounds.best.p == signed_rank(differences)
    assert bounds.shift == (hodges_lehmann(differences).estimate,) * 2
    assert (bounds.missing, bounds.placements) == (0, 1)
