"""Several p-values, adjusted for having been several."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from firstbreath.stats.multiplicity import hochberg, holm
from firstbreath.stats.ranks import signed_rank
from firstbreath.stats.refusals import NotComputable


def test_holm_and_hochberg_differ_where_the_largest_are_small() -> None:
    given = [Decimal("0.01"), Decimal("0.04"), Decimal("0.03")]
    assert holm(given) == (Fraction(3, 100), Fraction(6, 100), Fraction(6, 100))
    assert hochberg(given) == (Fraction(3, 100), Fraction(4, 100), Fraction(4, 100))


@pytest.mark.parametrize("adjust", [holm, hochberg])
def test_one_test_needs_no_adjustment(adjust) -> None:
    assert adjust([Fraction(2, 128)]) == (Fraction(1, 64),)


@pytest.mark.parametrize("adjust", [holm, hochberg])
def test_equal_p_values_stay_equal(adjust) -> None:
    first, second, third = adjust([0.02, 0.5, 0.02])
    assert first == second * 0 + third
    assert first < second


@pytest.mark.parametrize("adjust", [holm, hochberg])
def test_nought_and_one_are_probabilities(adjust) -> None:
    assert adjust([0, 1, 1]) == (0, 1, 1)


def test_every_kind_of_p_is_read_exactly() -> None:
    p = signed_rank([1, 2, 3, 4, 5, 6, 7])
    assert holm([p, Fraction(1, 2), Decimal("0.25"), 0.1]) == (
        Fraction(4, 64),
        Fraction(1, 2),
        Fraction(1, 2),
        Fraction(3, 10),
    )
    assert holm(np.array([0.01, 0.02])) == holm([Decimal("0.01"), Decimal("0.02")])
    assert holm(value for value in (0.01, 0.02)) == (Fraction(2, 100), Fraction(2, 100))


@pytest.mark.parametrize("adjust", [holm, hochberg])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "p_values has no values: at least 1 needed"),
        ([0.5, 1.2], "p-value 2 is 6/5: a probability is from 0 to 1"),
        ([-0.1], "p-value 1 is -1/10"),
        ([float("nan")], "value 1 of p_values is nan"),
        ([0.1, None], "value 2 of p_values is missing"),
        (["0.1"], "value 1 of p_values is '0.1'"),
        ([True], "value 1 of p_values is True"),
        (0.05, "p_values is 0.05: give a list"),
        ("0.05", "p_values is '0.05': give a list"),
    ],
)
def test_what_is_not_a_p_value_is_refused(adjust, given, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        adjust(given)
