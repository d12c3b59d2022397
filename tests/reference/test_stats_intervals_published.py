"""Clopper-Pearson limits against published tables."""

from decimal import Decimal

import pytest

from firstbreath.stats.proportions import estimate_proportion
from firstbreath.stats.rounding import round_half_up


def limits(k: int, n: int, sides: int = 2) -> tuple[str, str]:
    estimate = estimate_proportion(k, n, sides=sides)
    return str(round_half_up(estimate.lower, 4)), str(round_half_up(estimate.upper, 4))


@pytest.mark.parametrize(
    ("k", "lower", "upper"),
    [
        (0, "0.0000", "0.4096"),
        (1, "0.0036", "0.5787"),
        (2, "0.0367", "0.7096"),
        (3, "0.0990", "0.8159"),
        (4, "0.1841", "0.9010"),
        (5, "0.2904", "0.9633"),
        (6, "0.4213", "0.9964"),
        (7, "0.5904", "1.0000"),
    ],
)
def test_seven_subjects(k: int, lower: str, upper: str) -> None:
    """The classical 95% table at n = 7 (Clopper and Pearson, Biometrika 1934;26:404)."""
    assert limits(k, 7) == (lower, upper)


@pytest.mark.parametrize(
    ("n", "two_sided", "one_sided"),
    [(3, "0.7076", "0.6316"), (7, "0.4096", "0.3482"), (24, "0.1425", "0.1173"), (30, "0.1157", "0.0950")],
)
def test_no_event_at_all(n: int, two_sided: str, one_sided: str) -> None:
    """One-sided is 1 - 0.05^(1/n), two-sided 1 - 0.025^(1/n)."""
    assert limits(0, n) == ("0.0000", two_sided)
    assert limits(0, n, sides=1) == ("0.0000", one_sided)


@pytest.mark.parametrize(
    ("k", "n", "lower", "upper"),
    [
        (81, 263, ".2527", ".3676"),
        (15, 148, ".0578", ".1617"),
        (0, 20, "0", ".1684"),
        (1, 29, ".0009", ".1776"),
    ],
)
def test_newcombe(k: int, n: int, lower: str, upper: str) -> None:
    """Newcombe, Statistics in Medicine 1998;17:857, Table I, the Clopper-Pearson row; the limits agree with R."""
    assert tuple(map(Decimal, limits(k, n))) == (Decimal(lower), Decimal(upper))
