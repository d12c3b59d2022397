"""A yes or no seen twice in the same subjects."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from firstbreath.stats.answers import PValue
from firstbreath.stats.paired_proportions import compare_paired, paired_proportions
from firstbreath.stats.refusals import NotComputable, TooLarge

BEFORE = [1, 1, 0, 0, 0, 0, 0]
AFTER = [1, 1, 1, 1, 1, 1, 0]
NONE = {"both": 0, "first_only": 0, "second_only": 0, "neither": 0}


def test_seven_subjects() -> None:
    """Two of seven before, six of seven after; four changed, all for the better: 2 of 2^4 patterns."""
    shown = compare_paired(BEFORE, AFTER)
    assert (shown.both, shown.first_only, shown.second_only, shown.neither) == (2, 0, 4, 1)
    assert (shown.first, shown.second, shown.difference) == (Fraction(2, 7), Fraction(6, 7), Fraction(4, 7))
    assert (str(shown.lower), str(shown.upper)) == ("0.058228", "0.806250")
    assert shown.p == PValue(
        Fraction(2, 16), Fraction(4), "exact McNemar test", Fraction(2, 16), 2, 16, "gained", notes=()
    )
    assert (shown.odds_ratio, shown.odds_lower, shown.odds_upper) == (None, Decimal("0.660124"), None)


def test_nobody_gained() -> None:
    shown = compare_paired(AFTER, BEFORE)
    assert (shown.difference, str(shown.lower), str(shown.upper)) == (Fraction(-4, 7), "-0.806250", "-0.058228")
    assert (shown.odds_ratio, shown.odds_lower, shown.odds_upper) == (0, 0, Decimal("1.514867"))


def test_nobody_changed() -> None:
    shown = paired_proportions(both=5, first_only=0, second_only=0, neither=2)
    assert (str(shown.p), shown.p.smallest) == ("1/1", 1)
    assert shown.p.notes == ("no subject changed, so p is 1 whatever the rates",)
    assert (shown.odds_ratio, shown.odds_lower, shown.odds_upper) == (None, None, None)
    assert shown.lower == -shown.upper < 0


def test_as_many_gained_as_lost() -> None:
    shown = paired_proportions(both=1, first_only=2, second_only=2, neither=1)
    assert (str(shown.p), shown.odds_ratio) == ("16/16", 1)


def test_everybody_changed() -> None:
    shown = paired_proportions(both=0, first_only=0, second_only=30, neither=0)
    assert (shown.difference, shown.upper) == (1, 1)
    assert str(shown.lower) == "0.839468"


def test_a_higher_level_is_wider() -> None:
    narrow, wide = (
        paired_proportions(both=3, first_only=1, second_only=6, neither=4, level=level) for level in (0.9, 0.99)
    )
    assert wide.lower < narrow.lower < narrow.upper < wide.upper
    assert wide.odds_upper is not None
    assert narrow.odds_upper is not None
    assert wide.odds_upper > narrow.odds_upper


@pytest.mark.parametrize("kind", [bool, float, np.bool_, np.int8, Fraction, Decimal])
def test_every_kind_of_yes_and_no(kind) -> None:
    assert compare_paired([kind(value) for value in BEFORE], tuple(map(kind, AFTER))) == compare_paired(BEFORE, AFTER)


def test_numpy_arrays() -> None:
    assert compare_paired(np.array(BEFORE), np.array(AFTER, dtype=bool)) == compare_paired(BEFORE, AFTER)


@pytest.mark.parametrize(
    ("before", "message"),
    [
        ([1, None], "value 2 of before is None: give true or false, or 1 or 0"),
        ([1, float("nan")], "value 2 of before is nan"),
        ([1, 2], "value 2 of before is 2"),
        ([1, "yes"], "value 2 of before is 'yes'"),
        ([1, [0]], r"value 2 of before is \[0\]"),
        ([1], "1 values before and 2 after"),
        ("10", "before is '10': give a list"),
        (1, "before is 1: give a list"),
    ],
)
def test_what_is_not_yes_or_no_is_refused(before, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        compare_paired(before, [0, 1])


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({}, "all four counts are 0: there is no subject to compare"),
        ({"both": -1}, "both is -1"),
        ({"first_only": 1.5}, "first_only is 1.5"),
        ({"neither": "7"}, "neither is '7'"),
        ({"second_only": True}, "second_only is True"),
        ({"both": 7, "level": 95}, "level is 95"),
    ],
)
def test_impossible_counts_are_refused(counts, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        paired_proportions(**(NONE | counts))


def test_nobody_seen_twice_is_refused() -> None:
    with pytest.raises(NotComputable, match="all four counts are 0"):
        compare_paired([], [])


def test_too_many_subjects() -> None:
    with pytest.raises(TooLarge, match="5001 subjects are too many: the exact test takes at most 5,000"):
        paired_proportions(both=5001, first_only=0, second_only=0, neither=0)
    assert paired_proportions(both=0, first_only=2600, second_only=2400, neither=0).p.value < Fraction(1, 100)
