"""Counts and levels as they arrive: every kind of whole number, and what is refused."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from firstbreath.stats.counts import parse_count, parse_level
from firstbreath.stats.refusals import NotComputable


@pytest.mark.parametrize("three", [3, 3.0, Decimal("3.00"), Fraction(6, 2), np.int64(3), np.uint8(3), np.float32(3)])
def test_three_is_three(three: object) -> None:
    counted = parse_count(three, "k")
    assert (counted, type(counted)) == (3, int)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3.5, "k is 3.5: give a whole number of subjects"),
        (-1, "k is -1: give 0 or more"),
        (True, "k is True"),
        (np.bool_(True), "k is np.True_"),
        ("3", "k is '3'"),
        (None, "k is missing"),
        (float("nan"), "k is nan"),
        (float("inf"), "k is inf"),
        ([3], r"k is \[3\]"),
    ],
)
def test_what_is_not_a_count_is_refused(value: object, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        parse_count(value, "k")


def test_least_count_is_named() -> None:
    with pytest.raises(NotComputable, match="n is 0: give 1 or more"):
        parse_count(0, "n", least=1)


@pytest.mark.parametrize("level", [Decimal("0.95"), 0.95, Fraction(19, 20), np.float64(0.95)])
def test_level_is_the_decimal_meant(level: object) -> None:
    assert parse_level(level) == Decimal("0.95")


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, 0.9999999, 1e-9])
def test_level_outside_its_range_is_refused(level: object) -> None:
    with pytest.raises(NotComputable, match="give a confidence between 0 and 1"):
        parse_level(level)
