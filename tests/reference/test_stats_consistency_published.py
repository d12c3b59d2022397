"""GRIM on the example data of the R package scrutiny 0.6.1 (README: pigs1, pigs2), and the MEXCOVID medians."""

from decimal import Decimal

import pytest

from firstbreath.stats.consistency import check_grim, check_median_granularity, check_percentage

PIGS1 = (
    ("7.22", 32, True),
    ("4.74", 25, False),
    ("5.23", 29, False),
    ("2.57", 24, False),
    ("6.77", 27, False),
    ("2.68", 28, True),
    ("7.01", 29, False),
    ("7.38", 26, True),
    ("3.14", 27, False),
    ("6.89", 31, False),
    ("5.00", 25, True),
    ("0.24", 28, False),
)
PIGS2 = (("67.4", False), ("54.2", False), ("54.0", True), ("69.8", False), ("68.1", False), ("55.4", False))


@pytest.mark.parametrize(("mean", "n", "consistent"), PIGS1)
def test_means_of_whole_numbers(mean: str, n: int, consistent: bool) -> None:
    assert check_grim(Decimal(mean), n) is consistent


@pytest.mark.parametrize(("percent", "consistent"), PIGS2)
def test_percentages_of_150(percent: str, consistent: bool) -> None:
    assert check_percentage(Decimal(percent), 150) is consistent


@pytest.mark.parametrize(("printed", "recorded"), [("51", 0), ("40", 0), ("1.61", 2), ("1.78", 2)])
def test_the_medians_of_the_paper_are_values_of_seven_patients(printed: str, recorded: int) -> None:
    """MEXCOVID, doi 10.1186/s13287-022-02900-5, Results: CT scores and lymphocytes (10^9/L)."""
    assert check_median_granularity(Decimal(printed), 7, recorded)
