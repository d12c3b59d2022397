"""Printing half up on the decimal value, and refusing what is not an exact number."""

from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.stats.rounding import (
    could_print_as,
    decimals_of,
    prints_as,
    render_number,
    round_half_up,
    some_multiple_prints,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(5, 2), 0, "3"),  # half to even would print 2
        (Decimal("2.675"), 2, "2.68"),  # the float 2.675 would print 2.67
        (Fraction(-5, 2), 0, "-3"),  # away from zero
        (Fraction(-1, 100), 1, "0.0"),  # never -0.0
        (Fraction(1, 32), 4, "0.0313"),
        (7, 2, "7.00"),
        (Fraction(2, 3), 30, "0.666666666666666666666666666667"),  # beyond the default decimal context
        (10**30, 1, "1" + "0" * 30 + ".0"),
    ],
)
def test_numbers_are_printed_half_up(value: Fraction | Decimal | int, decimals: int, text: str) -> None:
    assert render_number(value, decimals) == text
    assert round_half_up(value, decimals) == Decimal(text)
    assert decimals_of(round_half_up(value, decimals)) == decimals


@pytest.mark.parametrize(
    ("printed", "decimals"), [("0.0559", 4), ("30", 0), ("1.50", 2), ("0.000", 3), ("1E+2", 0), ("1e-3", 3)]
)
def test_decimals_are_counted_as_printed(printed: str, decimals: int) -> None:
    assert decimals_of(printed) == decimals
    assert decimals_of(Decimal(printed)) == decimals


@pytest.mark.parametrize("text", ["", "< 0.001", "0,05", "NaN", "Infinity", "sNaN"])
def test_what_is_not_one_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="give digits only"):
        decimals_of(text)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), 0.1, float("nan"), "1"])
def test_what_is_not_exact_and_finite_is_refused(value: Fraction) -> None:
    with pytest.raises(ValueError, match=r"not a finite number|give a Decimal, Fraction or int"):
        round_half_up(value, 2)


def test_negative_decimals_are_refused() -> None:
    with pytest.raises(ValueError, match="decimals is -1"):
        round_half_up(1, -1)


def test_a_value_prints_as_exactly_what_stands_in_the_text() -> None:
    assert prints_as(Fraction(192, 3432), Decimal("0.0559"))
    assert not prints_as(Fraction(192, 3432), Decimal("0.05590"))
    assert not prints_as(Fraction(182, 3432), Decimal("0.0559"))


def test_an_exact_half_may_have_been_printed_either_way_but_nothing_else_may() -> None:
    half = Fraction(1, 32)
    assert [prints_as(half, Decimal(text)) for text in ("0.0312", "0.0313")] == [False, True]
    assert [could_print_as(half, Decimal(text)) for text in ("0.0312", "0.0313")] == [True, True]
    assert not could_print_as(half + Fraction(1, 10**9), Decimal("0.0312"))
    assert not could_print_as(half - Fraction(1, 10**9), Decimal("0.0313"))


def test_a_lattice_is_searched_on_both_sides_of_the_printed_number() -> None:
    assert some_multiple_prints(Fraction(1, 7), Decimal("0.57"))
    assert some_multiple_prints(Fraction(1, 7), Decimal("-0.57"))
    assert not some_multiple_prints(Fraction(1, 7), Decimal("0.58"))
