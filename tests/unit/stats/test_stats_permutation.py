"""Permutation tests of means: what they answer, and what they say of input that has no answer."""

from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.stats.permutation import permutation_mean
from firstbreath.stats.refusals import NotComputable, TooLarge


def test_paired_values_flip_their_signs():
    p = permutation_mean([1, 2, 4])
    assert (str(p), p.statistic, p.smallest, p.name) == ("2/8", Fraction(7, 3), Fraction(2, 8), "mean difference")
    assert p.method == "exact paired permutation test of the mean"


def test_two_groups_are_dealt_again():
    p = permutation_mean([1, 2], [3, 10])
    assert (str(p), p.statistic, p.smallest) == ("2/6", Fraction(-5), Fraction(2, 6))
    assert str(permutation_mean([1, 2], [3, 10], alternative="less")) == "1/6"


def test_sizes_count_and_not_only_ranks():
    assert str(permutation_mean([-1, 2, 10])) == "4/8"
    assert str(permutation_mean([-9, 2, 10])) == "6/8"


def test_decimals_and_floats_are_the_same_numbers():
    assert permutation_mean([0.1, 0.2, -0.3]) == permutation_mean([Decimal("0.1"), Decimal("0.2"), Decimal("-0.3")])


def test_floats_that_carry_the_error_of_subtraction_are_refused():
    with pytest.raises(
        NotComputable, match=r"value 3 of x is 0.30000000000000004, which is 0.3 but for binary rounding"
    ):
        permutation_mean([0.1, 0.2, 0.4 - 0.1])
    assert permutation_mean([0.1, 0.2, 1 / 3]).denominator == 8


def test_smallest_p_belongs_to_the_farther_end():
    # means of one of 0, 1, 9 are 0, 1, 9: 9 is farthest from the mean of 10/3
    p = permutation_mean([1], [0, 9])
    assert (str(p), p.smallest) == ("3/3", Fraction(1, 3))
    assert permutation_mean([1, 1], [0, 1], alternative="greater").smallest == Fraction(3, 6)


def test_no_change_is_no_evidence():
    p = permutation_mean([0, 0])
    assert (p.value, p.notes) == (1, ("no subject changed, so p is 1",))
    assert permutation_mean([4, 4], [4]).notes == ("all values are the same, so p is 1",)


def test_hundreds_of_scores_are_counted():
    p = permutation_mean([1, -1, 2, 3, -2] * 60)
    assert p.denominator == 2**300


@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        ([], None, "x has no values"),
        ([1], [], "y has no values"),
        ([float("inf")], None, "value 1 of x is inf"),
        (["1"], None, "value 1 of x is '1'"),
        (3, None, "x is 3: give a list"),
    ],
)
def test_what_has_no_answer(x, y, says):
    with pytest.raises(NotComputable, match=says):
        permutation_mean(x, y)


def test_unknown_side_is_refused():
    with pytest.raises(NotComputable, match="choose one of two-sided, greater, less"):
        permutation_mean([1], alternative="both")


def test_too_many_different_sums_name_the_limit_and_the_way_out():
    with pytest.raises(TooLarge, match=r"limit 524,288 in one half.: pass monte_carlo="):
        permutation_mean([2**place for place in range(44)])
    with pytest.raises(TooLarge, match="too many different sums"):
        permutation_mean(range(-500, 500))
    with pytest.raises(TooLarge, match="at most 1,000"):
        permutation_mean([1] * 1001)
