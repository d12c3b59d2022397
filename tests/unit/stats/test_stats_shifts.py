"""Hodges-Lehmann and rank-biserial: zeros kept or dropped, the level attained, and no interval where there is none."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.shifts import compute_walsh_averages, hodges_lehmann, rank_biserial


def test_walsh_averages_take_each_value_with_itself_too() -> None:
    assert compute_walsh_averages([Fraction(5), Fraction(1, 2), Fraction(0)]) == [
        0, Fraction(1, 4), Fraction(1, 2), Fraction(5, 2), Fraction(11, 4), 5,
    ]  # fmt: skip


def test_seven_differences_have_limits_at_the_third_and_the_twenty_sixth() -> None:
    interval = hodges_lehmann([1, 2, 4, 8, 16, 32, 64])
    walsh = compute_walsh_averages([Fraction(2**power) for power in range(7)])
    assert interval.estimate == (walsh[13] + walsh[14]) / 2 == 14
    assert (interval.lower, interval.upper) == (walsh[2], walsh[25]) == (2, 40)
    assert (interval.level, interval.asked, interval.note) == (1 - 2 * Fraction(3, 128), Decimal("0.95"), "")
    assert interval.definition.endswith("here number 3 of 28 from either end")


def test_zero_differences_stay_in_the_estimate() -> None:
    assert hodges_lehmann([0, 0, 4]).estimate == 1  # averages 0 0 0 2 2 4
    assert hodges_lehmann([0, 0, 4, 4], level=Decimal("0.5")).estimate == 2


def test_the_definition_says_what_happens_with_ties() -> None:
    for interval in (hodges_lehmann([1, 1, 2]), hodges_lehmann([1, 2], [3])):
        assert "with ties the closed interval holds at least that level (Noether 1967)" in interval.definition
        assert "exactRankTests, prints other limits" in interval.definition
    assert "Walsh averages, zeros kept" in hodges_lehmann([1]).definition
    assert "x minus y between the samples (Hollander and Wolfe state y minus x)" in hodges_lehmann([1], [2]).definition


def test_two_samples_shift_by_x_minus_y() -> None:
    interval = hodges_lehmann([10, 20, 30], [1, 2, 4], level=Decimal("0.9"))
    assert (interval.estimate, interval.lower, interval.upper) == (18, 6, 29)
    assert interval.level == Fraction(18, 20)
    assert hodges_lehmann([1, 2, 4], [10, 20, 30]).estimate == -18


@pytest.mark.parametrize(
    ("given", "level", "note"),
    [
        (([1, 2, 3, 4, 6],), Fraction(15, 16), "no interval at 95 %: the widest, 1 to 6, holds 93.75 %"),
        (([Decimal("0.5")],), 0, "no interval: there is one value, which shows no spread"),
        (([1, 2], [5, 8]), Fraction(2, 3), "no interval at 95 %: the widest, -7 to -3, holds 66.67 %"),
        (([0] * 7,), Fraction(61, 64), "no interval: every value is 0, which shows no spread"),
        (([3] * 5, [1] * 5), Fraction(122, 126), "no interval: every value is 2, which shows no spread"),
    ],
)
def test_where_there_is_no_interval_the_note_says_why(given: tuple[list[object]], level: Fraction, note: str) -> None:
    interval = hodges_lehmann(*given)
    assert (interval.lower, interval.upper, interval.level, interval.note) == (None, None, level, note)


def test_the_narrowest_interval_that_holds_the_level_is_given() -> None:
    levels = {
        asked: hodges_lehmann(range(7), level=Decimal(asked)).level for asked in ("0.96875", "0.9688", "0.98", "0.5")
    }
    assert levels == {
        "0.96875": Fraction(31, 32),
        "0.9688": Fraction(63, 64),
        "0.98": Fraction(63, 64),
        "0.5": Fraction(17, 32),
    }


@pytest.mark.parametrize("kind", [list, tuple, np.array, iter])
def test_any_array_of_any_numbers_is_read(kind: type) -> None:
    assert hodges_lehmann(kind([0.1, 0.2, 0.4])).estimate == Fraction(9, 40)
    assert hodges_lehmann(kind([1, 2]), kind([0.5, 0.5])).estimate == 1


def test_two_hundred_values_are_not_too_many() -> None:
    assert hodges_lehmann(range(200)).level > Fraction("0.95")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (([],), "differences has no values"),
        (([1], []), "y has no values"),
        (([1, None],), "value 2 of differences is missing"),
        (([1, float("nan")],), "value 2 of differences is nan: only finite"),
        (([1], [1, "a"]), "value 2 of y is 'a' .str."),
        (([True],), "value 1 of differences is True .bool."),
        (("12",), "differences is '12': give a list of numbers"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused(given: tuple[object], message: str) -> None:
    for estimate in (hodges_lehmann, rank_biserial):
        with pytest.raises(NotComputable, match=message):
            estimate(*given)


def test_too_many_values_are_refused() -> None:
    with pytest.raises(TooLarge, match="201 differences are too many: the exact interval takes at most 200"):
        hodges_lehmann(range(201))
    with pytest.raises(TooLarge, match="202 values in x and y are too many"):
        hodges_lehmann(range(101), range(101))


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, Decimal("NaN"), "0.95", None])
def test_a_level_outside_0_to_1_is_refused(level: object) -> None:
    with pytest.raises(NotComputable, match="level is"):
        hodges_lehmann([1, 2], level=level)


def test_the_level_may_be_any_number() -> None:
    assert hodges_lehmann([1, 2], level=0.5) == hodges_lehmann([1, 2], level=Fraction(1, 2))


def test_rank_biserial_drops_zeros_and_halves_ties() -> None:
    assert rank_biserial([0, 0, 1, 2, -3]) == Fraction(1 + 2 - 3, 6)
    assert rank_biserial([1, 1, -1]) == Fraction(1, 3)
    assert rank_biserial([5, 1, 2]) == 1
    assert rank_biserial([0, 0]) is None
    assert rank_biserial([1, 3], [2, 3]) == Fraction(-1, 4)  # U = 3/2 of 4 pairs
    assert rank_biserial([1, 1], [1]) == 0
