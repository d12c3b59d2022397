"""Intraclass correlations: which form is which, and what has no value or no interval."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from firstbreath.stats.intraclass import NEGATIVE, NO_BETWEEN, NO_ERROR, NO_RESIDUAL, NO_SPREAD, Coefficient, intraclass
from firstbreath.stats.refusals import NotComputable, TooLarge

SHIFTED = [[1, 2], [2, 3], [5, 6]]
TOTALS = [[13, 15], [22, 22], [3, 6], [14, 11], [40, 39], [33, 32], [55, 54]]


def test_every_ratio_is_exact() -> None:
    """By hand: means 3/2, 5/2, 11/2; between 26/3, within 1/2, readers 3/2, residual 0."""
    found = intraclass(SHIFTED)
    squares = found.squares
    assert (squares.between, squares.within, squares.readers, squares.residual) == (
        *(Fraction(26, 3), Fraction(1, 2), Fraction(3, 2), 0),
    )
    assert (found.icc_1_1.value, found.icc_2_1.value, found.icc_3_1.value) == (
        *(Fraction(49, 55), Fraction(26, 29), 1),
    )
    assert (found.icc_1_k.value, found.icc_2_k.value, found.icc_3_k.value) == (
        *(Fraction(49, 52), Fraction(52, 55), 1),
    )


def test_a_constant_shift_lowers_agreement_but_not_consistency() -> None:
    found = intraclass(SHIFTED)
    assert found.icc_3_1 == Coefficient("ICC(3,1)", Fraction(1), None, None)
    assert found.icc_2_1.lower is not None
    assert found.notes == (NO_RESIDUAL,)


def test_the_interval_holds_the_estimate_and_grows_with_the_level() -> None:
    narrow, wide = intraclass(TOTALS, level=Decimal("0.8")).icc_2_1, intraclass(TOTALS, level=Decimal("0.99")).icc_2_1
    ends = (wide.lower, narrow.lower, narrow.value, narrow.upper, wide.upper)
    assert list(ends) == sorted(ends)  # type: ignore[type-var]


def test_the_order_of_readers_and_subjects_does_not_matter() -> None:
    turned = intraclass([row[::-1] for row in reversed(TOTALS)])
    assert turned == intraclass(TOTALS)
    assert intraclass(np.array(TOTALS)) == turned


def test_equal_readers_correlate_perfectly_without_interval() -> None:
    found = intraclass([[1, 1], [2, 2], [4, 4]])
    assert {form.value for form in (found.icc_1_1, found.icc_2_1, found.icc_3_1, found.icc_2_k)} == {1}
    assert {form.lower for form in (found.icc_1_1, found.icc_2_1, found.icc_3_1, found.icc_2_k)} == {None}
    assert found.notes == (NO_ERROR,)


def test_equal_ratings_have_no_correlation() -> None:
    found = intraclass([[3, 3], [3, 3]])
    assert {form.value for form in (found.icc_1_1, found.icc_2_1, found.icc_3_1, found.icc_1_k)} == {None}
    assert found.notes == (NO_SPREAD,)


def test_subjects_with_equal_means() -> None:
    found = intraclass([[1, 3], [3, 1], [2, 2]])
    assert found.icc_1_1 == Coefficient("ICC(1,1)", Fraction(-1), None, None)
    assert found.icc_3_k.value is None
    assert found.notes == (NO_BETWEEN, NEGATIVE)


def test_a_limit_beyond_the_pole_is_no_limit() -> None:
    """Spearman and Brown's formula would turn a lower limit of ICC(2,1) below -1 into one above 1."""
    found = intraclass([[0, 0], [0, 1], [2, 1]])
    assert found.icc_2_1.lower is not None
    assert found.icc_2_1.lower < -1
    assert (found.icc_2_k.value, found.icc_2_k.lower) == (Fraction(2, 3), None)
    assert found.icc_2_k.upper == Decimal("0.992647")


@pytest.mark.parametrize(
    ("ratings", "message"),
    [
        ([], "ratings has no rows: at least 2 subjects needed"),
        ([[1, 2]], "ratings has 1 row: at least 2 subjects needed"),
        ([[1], [2]], "ratings has 1 column: at least 2 readers needed"),
        ([[1, 2], [3]], "row 2 of ratings has 1 values, row 1 2: complete the table"),
        ([[1, 2], [3, None]], "value 2 of row 2 of ratings is missing"),
        ([[1, 2], [3, float("nan")]], "value 2 of row 2 of ratings is nan"),
        ([[1, 2], [3, "4"]], "value 2 of row 2 of ratings is '4'"),
        ([1, 2], "row 1 of ratings is 1: give a list of numbers"),
        ("12", "ratings is '12': give a list of rows"),
    ],
)
def test_what_is_no_complete_table_is_refused(ratings: Any, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        intraclass(ratings)


def test_too_much_is_refused() -> None:
    with pytest.raises(TooLarge, match="10002 ratings are too many: at most 10000"):
        intraclass([[1, 2]] * 5001)


@pytest.mark.parametrize("level", [0, 1, 95, float("nan"), "0.95", None])
def test_a_level_outside_0_to_1_is_refused(level: Any) -> None:
    with pytest.raises(NotComputable, match="level"):
        intraclass(TOTALS, level=level)


def test_very_large_and_very_small_ratings() -> None:
    large = intraclass([[row[0] * 10**200, row[1] * 10**200] for row in TOTALS])
    small = intraclass([[Fraction(row[0], 10**200), Fraction(row[1], 10**200)] for row in TOTALS])
    assert large.icc_2_1 == small.icc_2_1 == intraclass(TOTALS).icc_2_1


def test_readers_who_contradict_each_other_leave_no_limits_of_agreement() -> None:
    """Between subjects there is next to nothing: the matched degrees of freedom are too few for any quantile of F."""
    found = intraclass([[2, -2], [-1002, 1003], [2001, -2000]])
    assert found.icc_2_1 == Coefficient("ICC(2,1)", Fraction(-4673677, 2002337), None, None)
    assert found.notes == (NEGATIVE,)
