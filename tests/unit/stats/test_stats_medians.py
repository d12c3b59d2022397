"""Medians: the interval and its level, and how median and quartiles are printed."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from firstbreath.stats.medians import (
    compute_recorded_decimals,
    median_interval,
    render_median_iqr,
    render_percent,
    render_shortest,
)
from firstbreath.stats.refusals import NotComputable, TooLarge


@pytest.mark.parametrize(
    ("asked", "lower", "upper", "level"), [("0.95", 3, 31, Fraction(63, 64)), ("0.8", 5, 29, Fraction(7, 8))]
)
def test_seven_values_have_limits_at_the_ends_or_one_inside(
    asked: str, lower: int, upper: int, level: Fraction
) -> None:
    interval = median_interval([31, 3, 29, 5, 11, 7, 13], level=Decimal(asked))
    assert (interval.estimate, interval.lower, interval.upper, interval.level) == (11, lower, upper, level)


def test_an_even_number_of_values_has_its_median_between_two() -> None:
    interval = median_interval([1, 2, 3, 4, 5, 6])
    assert (interval.estimate, interval.lower, interval.upper) == (Fraction(7, 2), 1, 6)
    assert interval.definition.endswith("here number 1 of 6 from either end")


@pytest.mark.parametrize(
    ("values", "level", "note"),
    [
        ([1, 2, 3, 4, 5], Fraction(15, 16), "no interval at 95 %: the widest, 1 to 5, holds 93.75 %"),
        ([Decimal("2.50")], 0, "no interval: there is one value, which shows no spread"),
        ([Fraction(1, 3), 1], Fraction(1, 2), "no interval at 95 %: the widest, 0.333333 to 1, holds 50 %"),
        ([4] * 8, Fraction(119, 128), "no interval: every value is 4, which shows no spread"),
    ],
)
def test_where_there_is_no_interval_the_note_says_why(values: list[object], level: Fraction, note: str) -> None:
    interval = median_interval(values, level=Decimal("0.9") if len(values) == 8 else Decimal("0.95"))
    assert (interval.lower, interval.upper, interval.level, interval.note) == (None, None, level, note)


def test_what_has_no_median_interval_is_refused() -> None:
    with pytest.raises(NotComputable, match="values has no values"):
        median_interval([])
    with pytest.raises(NotComputable, match="level is 95"):
        median_interval([1], level=Decimal(95))
    with pytest.raises(TooLarge, match="1001 values are too many: the exact interval takes at most 1,000"):
        median_interval(range(1001))


@pytest.mark.parametrize(
    ("values", "options", "text"),
    [
        ([34, 51, 43, 60, 57, 75, 70], {}, "57 (43 to 70)"),
        ([34, 51, 43, 60, 57, 75, 70], {"definition": 7}, "57 (47 to 65)"),
        ([1, 2, 3, 4], {}, "2.5 (1.3 to 3.8)"),
        ([1, 2, 3, 4], {"decimals": 1}, "2.5 (1.25 to 3.75)"),
        ([Decimal("1.60"), Decimal("1.8"), Decimal("1.9")], {"unit": "g/l"}, "1.80 (1.60 to 1.90) g/l"),
        (np.array([1.0, 2.0, 3.5]), {}, "2.0 (1.0 to 3.5)"),
        ([-2, -1, 0], {}, "-1 (-2 to 0)"),
        ([Fraction(1, 3)] * 3, {"decimals": 2}, "0.333 (0.333 to 0.333)"),
        (iter([5]), {"unit": "years"}, "5 (5 to 5) years"),
    ],
)
def test_median_and_quartiles_are_printed_as_recorded(values: object, options: dict[str, object], text: str) -> None:
    assert render_median_iqr(values, **options) == text


def test_a_missing_value_has_no_median() -> None:
    with pytest.raises(NotComputable, match="value 2 of values is missing"):
        render_median_iqr([1, None])


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([1, 2], 0),
        ([1.0, 2], 0),
        ([1.5, 2], 1),
        ([Decimal("2.10"), 1], 2),
        ([Decimal("1E+2")], 0),
        ([5 / 3], 6),
        ([Fraction(1, 3)], 6),
        ([Fraction(1, 8)], 3),
        ([], 0),
    ],
)
def test_recorded_decimals_are_the_most_of_any_value(values: list[object], decimals: int) -> None:
    assert compute_recorded_decimals(values) == decimals


def test_decimals_of_what_is_no_number_are_refused() -> None:
    with pytest.raises(NotComputable, match="a value is NaN"):
        compute_recorded_decimals([Decimal("NaN")])


def test_numbers_are_printed_with_as_many_decimals_as_they_need() -> None:
    eighth = Fraction(1, 8)
    assert [render_shortest(eighth, 0, most) for most in range(5)] == ["0", "0.1", "0.13", "0.125", "0.125"]
    assert render_shortest(Fraction(2), 1, 3) == "2.0"


def test_no_level_below_one_is_printed_as_a_hundred_per_cent() -> None:
    assert render_percent(Fraction(61, 64)) == "95.31"
    assert render_percent(1 - Fraction(1, 10**6)) == "99.9999"
    assert render_percent(Fraction(1)) == "100"
    assert render_percent(Fraction(7, 8)) == "87.5"
