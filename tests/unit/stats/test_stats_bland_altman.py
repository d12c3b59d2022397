"""Limits of agreement: the bias, the limits, their intervals, and the warnings beside them."""

from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Any

import pytest

from firstbreath.stats.bland_altman import Limit, bland_altman, compute_tau, limits_of_agreement
from firstbreath.stats.refusals import NotComputable, TooLarge

FIRST = [13, 22, 3, 14, 40, 33, 55]
SECOND = [15, 22, 6, 11, 39, 32, 54]


def test_points_and_mean_are_exact() -> None:
    found = bland_altman([1.1, 2, 3], [1, 2.5, 2])
    assert found.points == ((Fraction(21, 20), Fraction(1, 10)), (Fraction(9, 4), Fraction(-1, 2)), (Fraction(5, 2), 1))
    assert found.limits.mean == Fraction(1, 5)


def test_limits_by_hand() -> None:
    """Differences -2, 0, -3, 3, 1, 1, 1: mean 1/7, sum of squares 25 - 1/7."""
    found = bland_altman(FIRST, SECOND).limits
    sd = sqrt((25 - 1 / 7) / 6)
    t = 2.446911851
    assert float(found.sd) == pytest.approx(sd, abs=1e-6)
    assert float(found.upper_limit.estimate) == pytest.approx(1 / 7 + 1.96 * sd, abs=2e-6)
    assert float(found.bias.upper or 0) == pytest.approx(1 / 7 + t * sd / sqrt(7), abs=2e-6)
    margin = t * sd * sqrt(1 / 7 + 1.96**2 / 12)
    assert float(found.upper_limit.upper or 0) == pytest.approx(1 / 7 + 1.96 * sd + margin, abs=2e-6)


def test_the_approximation_of_1986_may_be_asked_for() -> None:
    old = bland_altman(FIRST, SECOND, approximation="1986").limits
    margin = 2.446911851 * float(old.sd) * sqrt(3 / 7)
    assert float(old.lower_limit.lower or 0) == pytest.approx(float(old.lower_limit.estimate) - margin, abs=1e-5)
    assert "1986" in old.method


def test_the_exact_interval_is_wider_outside_and_narrower_inside() -> None:
    found = bland_altman(FIRST, SECOND).limits
    exact, approximate = found.exact_upper_limit, found.upper_limit
    assert exact.estimate == approximate.estimate
    assert exact.lower > approximate.lower  # type: ignore[operator]
    assert exact.upper > approximate.upper  # type: ignore[operator]
    assert any("quote the exact ones" in note for note in found.notes)


def test_the_two_limits_mirror_each_other() -> None:
    there, back = bland_altman(FIRST, SECOND).limits, bland_altman(SECOND, FIRST).limits
    for one, other in ((there.lower_limit, back.upper_limit), (there.exact_lower_limit, back.exact_upper_limit)):
        assert (one.estimate, one.lower, one.upper) == (-other.estimate, -other.upper, -other.lower)  # type: ignore[operator]


def test_a_summary_gives_what_the_values_give() -> None:
    found = bland_altman(FIRST, SECOND).limits
    summary = limits_of_agreement(found.mean, found.sd, 7)
    assert abs(summary.exact_upper_limit.upper - found.exact_upper_limit.upper) < Decimal("0.00001")  # type: ignore[operator]


def test_equal_differences_have_no_interval() -> None:
    found = bland_altman([1, 2, 3], [0, 1, 2]).limits
    assert found.sd == 0
    assert found.bias == found.lower_limit == found.exact_upper_limit == Limit(Decimal("1.000000"), None, None)
    assert found.notes == ("The differences are all equal: the limits are the mean, and no interval is given.",)


def test_forty_subjects_are_not_warned() -> None:
    assert limits_of_agreement(0, 1, 39).notes
    assert limits_of_agreement(0, 1, 40).notes == ()


def test_differences_that_grow_are_pointed_out() -> None:
    growing = bland_altman([1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 0])
    assert (growing.trend, growing.spread_trend) == (1, 1)
    assert [note.split(" (")[0] for note in growing.notes[1:]] == [
        "The differences grow with the mean",
        "The differences are larger where the mean is larger",
    ]
    fanning = bland_altman([10, 20, 30, 40, 50, 60], [9, 22, 27, 44, 45, 66])
    assert fanning.spread_trend == 1
    assert len(fanning.notes) == 2


def test_trends_are_not_read_from_four_points() -> None:
    assert compute_tau([(Fraction(n), Fraction(n)) for n in range(4)]) is None
    assert compute_tau([(Fraction(n), Fraction(-n)) for n in range(5)]) == -1
    assert compute_tau([(Fraction(1), Fraction(n)) for n in range(5)]) == 0


@pytest.mark.parametrize(
    ("first", "second", "extra", "message"),
    [
        ([], [], {}, "first has no values"),
        ([1, 2], [1, 3], {}, "2 subjects: limits of agreement need at least 3"),
        ([1], [1], {}, "1 subject: limits of agreement need at least 3"),
        ([1, 2, 3], [1, 2], {}, "3 values in first and 2 in second"),
        ([1, 2, None], [1, 2, 3], {}, "value 3 of first is missing"),
        ([1, 2, 3], [1, 2, float("inf")], {}, "value 3 of second is inf"),
        (["1", 2, 3], [1, 2, 3], {}, "value 1 of first is '1'"),
        ("123", [1, 2, 3], {}, "first is '123': give a list of numbers"),
        ([1, 2, 4], [1, 3, 2], {"level": 1}, "level is 1"),
        ([1, 2, 4], [1, 3, 2], {"multiple": 0}, "multiple is 0: give how many SDs"),
        ([1, 2, 4], [1, 3, 2], {"approximation": "2000"}, "approximation is '2000': choose one of 1999, 1986"),
        ([0, 1, 2], [0.00001, 1, 2], {}, "the differences have an SD of 6e-06: give them in a smaller unit"),
    ],
)
def test_what_is_no_pair_of_columns_is_refused(first: Any, second: Any, extra: dict[str, Any], message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        bland_altman(first, second, **extra)


@pytest.mark.parametrize(
    ("mean", "sd", "n", "message"),
    [
        (0, -1, 7, "sd is -1: a standard deviation is 0 or more"),
        (0, 1, 2, "2 subjects: limits of agreement need at least 3"),
        (0, 1, 7.5, "n is 7.5"),
        (0, 1, True, "n is True"),
        (None, 1, 7, "mean is missing"),
        (0, float("nan"), 7, "sd is nan"),
    ],
)
def test_what_is_no_summary_is_refused(mean: Any, sd: Any, n: Any, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        limits_of_agreement(mean, sd, n)


def test_too_much_is_refused() -> None:
    with pytest.raises(TooLarge, match="1001 subjects are too many"):
        limits_of_agreement(0, 1, 1001)


def test_very_large_values() -> None:
    found = bland_altman([value * 10**200 for value in FIRST], [value * 10**200 for value in SECOND])
    assert found.limits.mean == Fraction(10**200, 7)
