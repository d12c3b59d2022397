"""GRIM, GRIMMER, medians, quartiles and intervals against what others have printed and judged."""

from decimal import Decimal

import pytest

from firstbreath.stats.consistency import check_grim, check_grimmer, check_median_granularity, check_percentage
from firstbreath.stats.interval_methods import find_interval_methods
from firstbreath.stats.reconstruction import reconstruct

SCRUTINY = "R package scrutiny 0.6.1"
RSPRITE2 = "R package rsprite2, tests/testthat"
NEWCOMBE = "Newcombe, Statistics in Medicine 1998;17:857, Table I"
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
PIGS5 = (
    ("7.22", "5.30", 38, False),
    ("4.74", "6.55", 31, True),
    ("5.23", "2.55", 35, False),
    ("2.57", "2.57", 30, True),
    ("6.77", "2.18", 33, False),
    ("2.68", "2.59", 34, True),
    ("7.01", "6.68", 35, False),
    ("7.38", "3.65", 32, True),
    ("3.14", "5.32", 33, False),
    ("6.89", "4.18", 37, True),
    ("5.00", "2.18", 31, True),
    ("0.24", "6.43", 34, True),
)


@pytest.mark.parametrize(
    ("mean", "n", "consistent"),
    [
        *(pytest.param(*row, id=f"{SCRUTINY}, README, pigs1: {row[0]} of {row[1]}") for row in PIGS1),
        pytest.param("3.48", 20, False, id="Wikipedia, GRIM test: twenty throws of a die"),
        pytest.param("5.93", 49, False, id="The Economist, 18 June 2016, Come again: 49 x 5.93 = 290.57"),
        pytest.param("-1.3", 3, True, id=f"{RSPRITE2}, test-statistical-regressions.R"),
        pytest.param("0.00001", 10000, False, id=f"{RSPRITE2}, test-statistical-regressions.R"),
    ],
)
def test_means_of_whole_numbers(mean: str, n: int, consistent: bool) -> None:
    assert check_grim(Decimal(mean), n) is consistent


@pytest.mark.parametrize(
    ("first", "unit", "n", "items", "expected"),
    [
        pytest.param("5.19", "0.01", 28, 1, "FFTFFFTFFFTF", id=f"{SCRUTINY}, tests/testthat/test-grim.R, vec1"),
        pytest.param("0.150", "0.001", 120, 3, "TFFTFFTFTF", id=f"{SCRUTINY}, tests/testthat/test-grim.R, vec2"),
        pytest.param("0.80", "0.01", 28, 2, "TFTFTFTTTT", id=f"{SCRUTINY}, tests/testthat/test-grim.R, vec3"),
        pytest.param("5.18", "0.01", 14, 2, "T", id=f"{RSPRITE2}, test-core-functions.R"),
    ],
)
def test_runs_of_means(first: str, unit: str, n: int, items: int, expected: str) -> None:
    means = [Decimal(first) + place * Decimal(unit) for place in range(len(expected))]
    assert "".join("FT"[check_grim(mean, n, items=items)] for mean in means) == expected


@pytest.mark.parametrize(
    ("percent", "n", "consistent"),
    [
        *(pytest.param(percent, 150, fits, id=f"{SCRUTINY}, README, pigs2: {percent} %") for percent, fits in PIGS2),
        *(
            pytest.param(str(percent), 50, percent % 2 == 0, id=f"{SCRUTINY}, test-grim.R, vec5: {percent} % of 50")
            for percent in range(6, 17)
        ),
    ],
)
def test_percentages(percent: str, n: int, consistent: bool) -> None:
    assert check_percentage(Decimal(percent), n) is consistent


@pytest.mark.parametrize(
    ("mean", "sd", "n", "items", "consistent"),
    [
        *(
            pytest.param(mean, sd, n, 1, fits, id=f"{SCRUTINY}, test-grimmer-map.R, pigs5: {mean} ({sd}) of {n}")
            for mean, sd, n, fits in PIGS5
        ),
        pytest.param("3.44", "2.47", 18, 1, False, id="Allard 2018, Analytic-GRIMMER: a paper on pizza; rsprite2"),
        pytest.param("5.21", "1.6", 28, 1, True, id=f"{RSPRITE2}: 5.21 (1.6) of 28"),
        pytest.param("3.0", "1.07", 5, 1, False, id="resaikit.com, indicator S4: 3.0 (1.07) of 5"),
        pytest.param("1.5", "0.71", 2, 1, True, id=f"{RSPRITE2}: 1.5 (0.71) of 2"),
        pytest.param("1.33", "0", 3, 3, True, id=f"{RSPRITE2}: 1.33 (0) of 3, three items"),
        pytest.param("1.1", "0", 10, 1, True, id=f"{RSPRITE2}: 1.1 (0) of 10"),
        pytest.param("1.83", "0.2", 9, 2, True, id=f"{RSPRITE2}: 1.83 (0.2) of 9, two items"),
        pytest.param("1.5", "0.00", 8, 1, False, id=f"{RSPRITE2}, lattice minimum: 1.5 (0.00) of 8"),
        pytest.param("-1.5", "0.00", 8, 1, False, id=f"{RSPRITE2}, lattice minimum: -1.5 (0.00) of 8"),
        pytest.param("1.5", "0", 8, 1, False, id=f"{RSPRITE2}, lattice minimum: 1.5 (0) of 8"),
        pytest.param("1.5", "0.00", 8, 2, True, id=f"{RSPRITE2}, lattice minimum: 1.5 (0.00) of 8, two items"),
        pytest.param("2.5", "0", 10, 1, False, id=f"{RSPRITE2}, lattice minimum: 2.5 (0) of 10"),
        pytest.param("1.44", "0.17", 9, 1, False, id=f"{RSPRITE2}, lattice minimum: 1.44 (0.17) of 9"),
        pytest.param("-1.44", "0.17", 9, 1, False, id=f"{RSPRITE2}, lattice minimum: -1.44 (0.17) of 9"),
    ],
)
def test_means_with_their_deviations(mean: str, sd: str, n: int, items: int, consistent: bool) -> None:
    assert check_grimmer(Decimal(mean), Decimal(sd), n, items=items) is consistent


@pytest.mark.parametrize(("printed", "recorded"), [("51", 0), ("40", 0), ("1.61", 2), ("1.78", 2)])
def test_the_medians_of_the_paper_are_values_of_seven_patients(printed: str, recorded: int) -> None:
    """MEXCOVID, doi 10.1186/s13287-022-02900-5, Results: CT scores and lymphocytes (10^9/L)."""
    assert check_median_granularity(Decimal(printed), 7, recorded)


@pytest.mark.parametrize(
    ("median", "first", "third", "values"),
    [
        pytest.param("57", "43", "70", (34, 51, 43, 60, 57, 75, 70), id="age"),
        pytest.param("30", "15", "40", (15, 15, 30, 40, 11, 44, 38), id="days to admission"),
        pytest.param("54", "34", "69", (32, 59, 34, 85, 69, 54, 47), id="days to nebulisation"),
    ],
)
def test_the_text_of_the_paper_reveals_values_of_its_table(
    median: str, first: str, third: str, values: tuple[int, ...]
) -> None:
    """MEXCOVID, Results (medians and quartiles) against Table 2 (the values of the seven patients)."""
    answer = reconstruct(7, median=median, first=first, third=third)
    ordered = sorted(values)
    assert answer.revealed == tuple((place, ordered[place - 1]) for place in (2, 4, 6))
    for value, (low, high) in zip(ordered, answer.ranges, strict=True):
        assert low is None or low <= value
        assert high is None or value <= high


@pytest.mark.parametrize(
    ("k", "n", "lower", "upper", "method"),
    [
        pytest.param(81, 263, "0.2527", "0.3676", "Clopper-Pearson", id=f"{NEWCOMBE}, method 5: 81/263"),
        pytest.param(81, 263, "0.2553", "0.3662", "Wilson score", id=f"{NEWCOMBE}, method 3: 81/263"),
        pytest.param(15, 148, "0.0578", "0.1617", "Clopper-Pearson", id=f"{NEWCOMBE}, method 5: 15/148"),
        pytest.param(15, 148, "0.0624", "0.1605", "Wilson score", id=f"{NEWCOMBE}, method 3: 15/148"),
        pytest.param(0, 20, "0.0000", "0.1684", "Clopper-Pearson", id=f"{NEWCOMBE}, method 5: 0/20"),
        pytest.param(0, 20, "0.0000", "0.1611", "Wilson score", id=f"{NEWCOMBE}, method 3: 0/20"),
        pytest.param(1, 29, "0.0009", "0.1776", "Clopper-Pearson", id=f"{NEWCOMBE}, method 5: 1/29"),
        pytest.param(1, 29, "0.0061", "0.1718", "Wilson score", id=f"{NEWCOMBE}, method 3: 1/29"),
    ],
)
def test_printed_limits_name_their_method(k: int, n: int, lower: str, upper: str, method: str) -> None:
    assert find_interval_methods(k, n, lower=lower, upper=upper).methods == (method,)
