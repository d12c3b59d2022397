"""Bounds over missing values: which placements there are, what a scale excludes, and what is refused."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from firstbreath.stats import placements
from firstbreath.stats.missing import missing_bounds
from firstbreath.stats.pairs import Scale, parse_pairs, parse_scale
from firstbreath.stats.placements import assign_differences, find_placements
from firstbreath.stats.refusals import NotComputable, TooLarge

ANY = (None, None)


def test_one_missing_among_two_has_nine_places_to_fall() -> None:
    """At 0; tied with 1 or with 3, with either sign; else untied: a rise is a rise anywhere, a fall has rank 1 to 3."""
    found = find_placements([Fraction(1), Fraction(3)], [ANY])
    assert len(found) == 1 + 4 + 1 + 3
    assert {placement.groups for placement in found} == {(1, 1), (1, 1, 1), (2, 1), (1, 2)}


def test_two_missing_in_one_gap_tie_or_take_either_order() -> None:
    """Nothing known: both 0, one 0, or both not, tied or apart, with every sign."""
    seen = {(placement.zeros, placement.groups, placement.positive) for placement in find_placements([], [ANY, ANY])}
    tied = {(0, (2,), 0), (0, (2,), 3), (0, (2,), 6)}
    apart = {(0, (1, 1), 0), (0, (1, 1), 2), (0, (1, 1), 4), (0, (1, 1), 6)}
    assert seen == {(2, (), 0), (1, (1,), 0), (1, (1,), 2)} | tied | apart


def test_zeros_that_are_ranked_lift_the_ranks_above_them() -> None:
    ranked = find_placements([Fraction(0), Fraction(2)], [(Fraction(0), Fraction(0))], zeros_ranked=True)
    assert [(placement.zeros, placement.positive) for placement in ranked] == [(2, 6)]


def test_placed_differences_go_back_to_the_range_they_are_from() -> None:
    narrow, wide = (Fraction(1), Fraction(1)), (Fraction(5), Fraction(5))
    placed = next(iter(find_placements([], [wide, narrow, wide]).values()))
    assert assign_differences(placed, [wide, narrow, wide]) == (5, 1, 5)


def test_one_of_seven_missing_without_a_scale() -> None:
    bounds = missing_bounds([39, 48, 50, 51, 61, 63, 79], [21, 29, 37, 40, 47, 49, None])
    assert (bounds.missing, bounds.n) == (1, 7)
    assert (str(bounds.best.p), str(bounds.worst.p)) == ("2/128", "38/128")
    assert (bounds.rose, bounds.fell) == ((0, 1), (6, 7))
    # 28 Walsh averages, 7 of them the missing value's: the middle two stay known
    assert bounds.shift == (-16, Fraction(-55, 4))
    assert bounds.worst.differences[:6] == (-18, -19, -13, -11, -14, -14)
    assert bounds.worst.differences[6] > 0


def test_the_ends_of_the_scale_exclude_what_could_not_have_been() -> None:
    before, after = [10, 10, 10, 10], [6, 5, 4, None]
    free, held = missing_bounds(before, after), missing_bounds(before, after, lowest=0, highest=12)
    assert (str(free.worst.p), str(held.worst.p)) == ("14/16", "4/16")  # a rise of at most 2 has rank 1
    assert 0 < held.worst.differences[3] <= 2
    assert free.shift == held.shift == (Fraction(-23, 4), Fraction(-17, 4))  # between averages of those known
    assert held.rose == (0, 1)
    assert missing_bounds(before, after, lowest=0, highest=10).rose == (0, 0)


def test_a_step_leaves_only_the_values_of_the_scale() -> None:
    before, after = [3, 3, 3], [2, 1, None]
    fine = missing_bounds(before, after, lowest=1, highest=3)
    coarse = missing_bounds(before, after, lowest=1, highest=3, step=1)
    assert (fine.placements, coarse.placements) == (4, 3)  # 0, -1, -2; or between these
    assert {str(coarse.best.p), str(fine.best.p)} == {"2/8"}
    assert (str(coarse.worst.p), str(fine.worst.p)) == ("2/4", "2/4")


def test_a_step_without_ends_counts_from_the_values() -> None:
    bounds = missing_bounds([Decimal("1.5"), Decimal("2.5")], [Decimal("3.5"), None], step=1)
    assert bounds.best.differences[1] == int(bounds.best.differences[1])
    assert bounds.shift == (None, None)


def test_both_values_missing_can_differ_by_the_whole_scale() -> None:
    bounds = missing_bounds([None], [None], lowest=0, highest=6)
    assert bounds.shift == (-6, 6)
    assert (bounds.rose, bounds.fell) == ((0, 1), (0, 1))
    assert (str(bounds.best.p), bounds.best.p.value) in {("1/1", 1), ("2/2", 1)}


def test_a_missing_value_before_counts_as_well() -> None:
    bounds = missing_bounds([None, 5], [2, 1], lowest=0, highest=10)
    assert bounds.shift == (Fraction(-8 - 4, 2), Fraction(2 - 4, 2))


def test_one_end_of_the_scale_bounds_one_side() -> None:
    bounds = missing_bounds([5], [None], lowest=0)
    assert bounds.shift == (-5, None)
    assert missing_bounds([4], [None], highest=5).shift == (None, 1)
    assert missing_bounds([5], [None], highest=5).rose == (0, 0)
    assert missing_bounds([None], [5], highest=5).fell == (0, 0)


def test_nothing_missing_is_one_placement() -> None:
    bounds = missing_bounds(np.array([1, 2]), np.array([3.5, 1]))
    assert (bounds.missing, bounds.placements, bounds.best == bounds.worst) == (0, 1, True)
    assert missing_bounds(range(60), range(60)).best.p.value == 1


def test_the_rule_for_zeros_and_the_side_are_those_of_the_test() -> None:
    before, after = [0, 0, 0, 0], [0, 3, 4, None]
    assert missing_bounds(before, after, zeros="pratt").best.p.method.endswith("(Pratt)")
    one_sided = missing_bounds(before, after, alternative="greater")
    assert (str(one_sided.best.p), str(one_sided.worst.p)) == ("1/8", "5/8")


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        (([], []), {}, "before and after have no values: at least 1 subject needed"),
        (([1], [1, 2]), {}, "1 values before and 2 after: give one of each for every subject, None where missing"),
        ((5, [1]), {}, "before is 5: give a list of numbers, None where missing"),
        (([1], "1"), {}, "after is '1': give a list of numbers, None where missing"),
        (([1, float("nan")], [1, 1]), {}, "value 2 of before is nan: only finite numbers"),
        (([1], [True]), {}, "value 1 of after is True .bool."),
        (([1], [2]), {"lowest": 3}, "value 1 of before is 1, below the lowest of the scale, 3: correct one of the two"),
        (([1], [2]), {"highest": 1}, "value 1 of after is 2, above the highest of the scale, 1: correct one"),
        (([1], [1.5]), {"lowest": 0, "step": 1}, "value 1 of after is 3/2, between two steps of 1 from 0: correct it"),
        (([1, 2.5], [1, 2]), {"step": 1}, "value 2 of before is 5/2, between two steps of 1 from 1"),
        (([1], [2]), {"lowest": 4, "highest": 4}, "lowest is 4 and highest 4: the highest must be above"),
        (([1], [2]), {"step": 0}, "step is 0: give the distance between two values of the scale, above 0"),
        (([1], [2]), {"lowest": 0, "highest": 5, "step": 2}, "steps of 2 from 0 do not reach 5: correct"),
        (([1], [2]), {"lowest": "0"}, "lowest is '0' .str.: give a number"),
        (([1], [2]), {"highest": float("inf")}, "highest is inf: only finite"),
        (([1, 2], [2, None]), {"zeros": "none"}, "zeros is 'none': choose one of"),
        (([1, 2], [2, None]), {"alternative": "up"}, "alternative is 'up': choose one of"),
        (
            ([0.1 + 0.2, 0.3], [0.1, 0.1]),
            {},
            "two differences, or one and zero, differ by the rounding of binary floats",
        ),
    ],
)
def test_what_has_no_bounds_is_refused(given: tuple[object], options: dict[str, object], message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        missing_bounds(*given, **options)


def test_too_many_missing_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placements, "MOST_STEPS", 200)
    with pytest.raises(TooLarge, match="2 missing among 5 known differences fall in too many ways to compare them all"):
        missing_bounds(range(7), [3, 5, 9, 1, 4, None, None], lowest=0, highest=50)
    with pytest.raises(TooLarge, match="1 of 51 subjects missing: bounds are given for up to 50"):
        missing_bounds(range(51), [*range(50), None])


def test_decimals_as_typed_keep_their_ties_and_floats_too() -> None:
    pairs = parse_pairs([0.3, Decimal("0.2"), None], [0.2, 0.1, 1])
    assert pairs == ((Fraction(3, 10), Fraction(1, 5)), (Fraction(1, 5), Fraction(1, 10)), (None, 1))
    assert parse_pairs([5 / 3], [1]) == ((Fraction("1.6666666666666667"), 1),)


def test_a_scale_is_read_exactly() -> None:
    assert parse_scale(0.1, Decimal("0.4"), 0.1) == Scale(Fraction(1, 10), Fraction(2, 5), Fraction(1, 10))
    assert parse_scale(None, None, None) == Scale()
