"""Paired proportions against printed examples; others subtract the second from the first, we the first from it."""

from decimal import Decimal

import pytest

from firstbreath.stats.paired_proportions import PairedProportions, paired_proportions
from firstbreath.stats.rounding import round_half_up

NEWCOMBE = "Newcombe, Statistics in Medicine 1998;17:2635, method 10; R package propint"
BENTUR = "Fagerland, Lydersen and Laake, Statistics in Medicine 2014;33:2850: Bentur et al 2009; R package ratesci"
CAVO = "R package contingencytables, test-ch8: Cavo et al 2012"


def compare(*counts: int) -> PairedProportions:
    both, first_only, second_only, neither = counts
    return paired_proportions(both=both, first_only=first_only, second_only=second_only, neither=neither)


@pytest.mark.parametrize(
    ("counts", "lower", "upper"),
    [
        pytest.param((36, 12, 2, 0), "0.0569", "0.3404", id=f"{NEWCOMBE}, 36 12 2 0"),
        pytest.param((18, 12, 2, 18), "0.0562", "0.3290", id=f"{NEWCOMBE}, 18 12 2 18"),
        pytest.param((20, 12, 2, 16), "0.0562", "0.3292", id="Newcombe 1998, method 10; R package ratesci, test3.R"),
        pytest.param((53, 0, 0, 1), "-0.0729", "0.0729", id=f"{NEWCOMBE}, nobody changed"),
        pytest.param((0, 30, 0, 0), "0.8395", "1.0000", id=f"{NEWCOMBE}, everybody changed"),
        pytest.param((1, 1, 7, 12), "-0.507", "-0.026", id=BENTUR),
        pytest.param((59, 6, 16, 80), "-0.1186", "-0.0046", id=CAVO),
        pytest.param((8, 3, 1, 2), "-0.1574", "0.4136", id="M L Tang et al 2010, by R package ratesci, test3.R"),
        pytest.param((7, 25, 2, 68), "0.133", "0.318", id="Chang et al 2024, by R package ratesci, test3.R"),
    ],
)
def test_difference(counts: tuple[int, ...], lower: str, upper: str) -> None:
    shown = compare(*counts)
    digits = len(lower.split(".")[1])
    assert round_half_up(-shown.upper, digits) == Decimal(lower)
    assert round_half_up(-shown.lower, digits) == Decimal(upper)


@pytest.mark.parametrize(
    ("counts", "printed"),
    [
        pytest.param((59, 6, 16, 80), "0.052479", id=CAVO),
        pytest.param((1, 1, 7, 12), "0.070", id="Fagerland, Lydersen and Laake, BMC Med Res Methodol 2013;13:91"),
    ],
)
def test_mcnemar(counts: tuple[int, ...], printed: str) -> None:
    assert round_half_up(compare(*counts).p.value, len(printed) - 2) == Decimal(printed)


@pytest.mark.parametrize(
    ("gained", "lost", "printed"),
    [
        pytest.param(25, 2, ("12.5000", "3.1169", "108.8892"), id="R package contingencytables: Ezra et al 2010"),
        pytest.param(1, 7, ("0.143", "0.003", "1.112"), id=f"{BENTUR}, exact odds ratio"),
    ],
)
def test_odds_ratio(gained: int, lost: int, printed: tuple[str, str, str]) -> None:
    shown = compare(0, lost, gained, 0)
    digits = len(printed[0].split(".")[1])
    odds = [shown.odds_ratio, shown.odds_lower, shown.odds_upper]
    assert [round_half_up(value, digits) for value in odds if value is not None] == [Decimal(text) for text in printed]
