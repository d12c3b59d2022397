"""Permutation tests of means: worked examples from the literature."""

from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.stats.arrays import compute_differences
from firstbreath.stats.permutation import permutation_mean
from firstbreath.stats.rounding import prints_as

DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
PRE = [149, 0, 0, 259, 106, 255, 0, 52, 340, 65, 180, 0, 84, 89, 212, 554, 500, 424, 112, 2600]
POST = [0, 51, 0, 385, 0, 235, 0, 0, 48, 65, 77, 0, 0, 0, 53, 150, 0, 165, 98, 0]
TREATED, CONTROL = [94, 108, 110, 90], [80, 94, 85, 90, 90, 90, 108, 94, 78, 105, 88]


def test_darwins_maize_by_fisher():
    """Fisher, The Design of Experiments, 1935, section 21: 863 of 32,768 are as extreme to one side."""
    assert str(permutation_mean(DARWIN, alternative="greater")) == "863/32768"
    assert str(permutation_mean(DARWIN)) == "1726/32768"


SOLE_A = [13.2, 8.2, 10.9, 14.3, 10.7, 6.6, 9.5, 10.8, 8.8, 13.3]
SOLE_B = [14.0, 8.8, 11.2, 14.2, 11.8, 6.4, 9.8, 11.3, 9.3, 13.6]
FERTILIZED = ([26.6, 23.7, 28.5, 14.2, 17.9, 24.3], [29.9, 11.4, 25.3, 16.5, 21.1])


def test_boys_shoes_of_box_hunter_and_hunter():
    """Statistics for Experimenters, 1978, chapter 4: of 1,024 mean differences three exceed 0.41 and four equal it."""
    wear = compute_differences(SOLE_A, SOLE_B)
    p = permutation_mean(wear, alternative="greater")
    assert (str(p), p.statistic) == ("7/1024", Fraction("0.41"))


def test_tomatoes_of_box_hunter_and_hunter():
    """Statistics for Experimenters, 1978, chapter 4: 154 of the 462 ways to plant them, 33 %."""
    assert str(permutation_mean(*FERTILIZED, alternative="greater")) == "154/462"


@pytest.mark.parametrize(
    ("alternative", "printed"),
    [
        pytest.param("two-sided", "0.0021", id="StatXact 5, table 8.1, paired permutation, two-sided"),
        pytest.param("greater", "0.0011", id="StatXact 5, table 8.1, paired permutation, one-sided"),
    ],
)
def test_twenty_patients_of_statxact(alternative, printed):
    changes = [before - after for before, after in zip(PRE, POST, strict=True)]
    assert prints_as(permutation_mean(changes, alternative=alternative).value, Decimal(printed))


@pytest.mark.parametrize(
    ("alternative", "printed"),
    [
        pytest.param("two-sided", "0.1040", id="StatXact 5, table 9.6, permutation, two-sided"),
        pytest.param("greater", "0.0564", id="StatXact 5, table 9.6, permutation, one-sided"),
    ],
)
def test_blood_pressure_of_statxact(alternative, printed):
    assert prints_as(permutation_mean(TREATED, CONTROL, alternative=alternative).value, Decimal(printed))
