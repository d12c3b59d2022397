"""Quantiles under each of the nine definitions, and which definition a paper used."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from firstbreath.stats.quantiles import (
    DEFINITIONS,
    Quartiles,
    compute_fitting_definitions,
    compute_position,
    compute_quantile,
    compute_quartiles,
)
from firstbreath.stats.refusals import NotComputable

QUARTER = Fraction(1, 4)


@pytest.mark.parametrize(
    ("definition", "first"),
    [  # x = 1, 2, 3, 4, 5 at p = 1/4: n p = 5/4; each line is the formula of the paper by hand
        (1, Fraction(2)),
        (2, Fraction(2)),
        (3, Fraction(1)),  # 3/4 above step 0: the next, x(1)
        (4, Fraction(5, 4)),
        (5, Fraction(7, 4)),
        (6, Fraction(3, 2)),
        (7, Fraction(2)),
        (8, Fraction(5, 3)),
        (9, Fraction(27, 16)),
    ],
)
def test_each_definition_has_its_own_first_quartile_of_one_to_five(definition: int, first: Fraction) -> None:
    assert compute_quantile([5, 3, 1, 2, 4], QUARTER, definition) == first


@pytest.mark.parametrize(
    ("definition", "median"),
    [
        (1, Fraction(2)),
        (2, Fraction(5, 2)),
        (3, Fraction(2)),
        (4, Fraction(2)),
        *((d, Fraction(5, 2)) for d in range(5, 10)),
    ],
)
def test_an_even_number_of_values_has_a_step_at_its_median(definition: int, median: Fraction) -> None:
    assert compute_quantile([1, 2, 3, 4], Fraction(1, 2), definition) == median


@pytest.mark.parametrize(("n", "definition_3"), [(2, 1), (6, 3), (10, 5)])
def test_definition_3_goes_to_the_nearest_even_rank(n: int, definition_3: int) -> None:
    assert compute_quantile(range(1, n + 1), Fraction(1, 2), 3) == definition_3


def test_definition_3_at_its_step_takes_the_even_neighbour() -> None:
    assert compute_quantile(range(1, 7), QUARTER, 3) == 2  # 6/4 - 1/2 = 1, odd, so the next
    assert compute_quantile(range(1, 11), QUARTER, 3) == 2  # 10/4 - 1/2 = 2, even, so that one


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_one_value_is_every_quantile(definition: int) -> None:
    assert compute_quartiles([Decimal("1.61")], definition) == Quartiles(
        *[Fraction(161, 100)] * 3, n=1, definition=definition
    )


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_ends_are_the_least_and_the_greatest_value(definition: int) -> None:
    assert compute_quantile([4, 9, 2], Fraction(0), definition) == 2
    assert compute_quantile([4, 9, 2], Fraction(1), definition) == 9


def test_a_position_names_the_two_order_statistics_and_the_weight() -> None:
    assert compute_position(7, QUARTER) == (2, 3, 0)
    assert compute_position(10, QUARTER) == (2, 3, Fraction(3, 4))


def test_quartiles_are_compared_at_the_decimals_printed() -> None:
    values = [1, 2, 3, 4]
    assert compute_quartiles(values) == Quartiles(Fraction(5, 4), Fraction(5, 2), Fraction(15, 4), 4, 6)
    exact = (Decimal("1.25"), Decimal("2.5"), Decimal("3.75"))
    rounded = (Decimal("1"), Decimal("3"), Decimal("4"))
    assert compute_fitting_definitions(values, exact) == (6,)
    assert 6 in compute_fitting_definitions(values, rounded)
    assert compute_fitting_definitions(values, (Decimal("1.3"), Decimal("2.6"), Decimal("3.8"))) == ()


@pytest.mark.parametrize("values", [[1, 2, 3.5, 4], (1, 2, Decimal("3.5"), 4), [Fraction(7, 2), 4, 2, 1]])
def test_any_kind_of_number_is_read_exactly(values: list[object]) -> None:
    assert compute_quartiles(values).third == Fraction(31, 8)
    assert compute_quantile(iter(values), 0.75) == Fraction(31, 8)
    assert compute_quantile(np.array([1, 2, 3.5, 4]), Decimal("0.75")) == Fraction(31, 8)
    assert compute_fitting_definitions(np.array([1, 2, 3.5, 4]), (Decimal("1.3"), Decimal("2.8"), Decimal("3.9")))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "values has no values: at least 1 needed"),
        ([Decimal("NaN"), 1], "value 1 of values is NaN: only finite numbers"),
        ([1, float("inf")], "value 2 of values is inf: only finite numbers"),
        ([1, None], "value 2 of values is missing: leave it out"),
        ([1, "2"], "value 2 of values is '2' .str.: give a number"),
        ([True], "value 1 of values is True .bool.: give a number"),
        ("12", "values is '12': give a list of numbers"),
        (5, "values is 5: give a list of numbers"),
    ],
)
def test_values_without_quartiles_are_refused(values: object, message: str) -> None:
    for compute in (compute_quartiles, lambda given: compute_quantile(given, QUARTER)):
        with pytest.raises(NotComputable, match=message):
            compute(values)


@pytest.mark.parametrize(
    ("probability", "definition", "message"),
    [
        (Fraction(5, 4), 6, "probability 5/4 is outside 0 to 1"),
        (-0.1, 6, "probability -1/10 is outside 0 to 1"),
        (float("nan"), 6, "probability is nan: only finite"),
        (QUARTER, 10, "definition 10 is not a Hyndman-Fan type: choose 1 to 9"),
        (QUARTER, True, "definition True is not a Hyndman-Fan type"),
        (QUARTER, "6", "definition 6 is not a Hyndman-Fan type"),
    ],
)
def test_what_is_no_quantile_is_refused(probability: object, definition: int, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        compute_quantile([1], probability, definition)


def test_a_position_among_no_values_is_refused() -> None:
    with pytest.raises(NotComputable, match="no values: a quantile needs at least one"):
        compute_position(0, QUARTER)
