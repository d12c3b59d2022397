"""Permutation tests of means: worked examples from the literature."""

from decimal import Decimal

import pytest

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
