"""Quantiles under every definition against published examples, and the quartiles of the MEXCOVID paper."""

from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.stats.medians import render_median_iqr
from firstbreath.stats.quantiles import compute_fitting_definitions, compute_quantile, compute_quartiles
from firstbreath.stats.rounding import prints_as

# doi 10.1186/s13287-022-02900-5, Table 2 and Results. The values, medians and quartiles are the paper's; what the
# other definitions give was computed once, apart from this code. Prism documents type 6 (GraphPad KB 501).
AGE = (34, 51, 43, 60, 57, 75, 70)
ADMISSION = (15, 15, 30, 40, 11, 44, 38)
NEBULIZATION = (32, 59, 34, 85, 69, 54, 47)
MEDIANS = {AGE: "57", ADMISSION: "30", NEBULIZATION: "54"}


def fitting(values: tuple[int, ...], *printed: str) -> tuple[int, ...]:
    first, median, third = (Decimal(text) for text in printed)
    return compute_fitting_definitions(values, (first, median, third))


def test_the_paper_used_definition_1_2_or_6() -> None:
    assert fitting(AGE, "43", "57", "70") == (1, 2, 6)
    assert fitting(NEBULIZATION, "34", "54", "69") == (1, 2, 6)
    # 39.5 and more also print 40 without decimals: this row alone would not tell
    assert fitting(ADMISSION, "15", "30", "40") == (1, 2, 5, 6, 8, 9)


@pytest.mark.parametrize(
    ("values", "definition", "first", "third"),
    [
        (AGE, 7, "47", "65"),  # numpy's and R's default, which the paper is not
        (ADMISSION, 7, "15", "39"),
        (NEBULIZATION, 7, "40.5", "64"),
        (AGE, 3, "43", "60"),
        (ADMISSION, 3, "15", "38"),
        (NEBULIZATION, 3, "34", "59"),
        (AGE, 5, "45", "67.5"),
        (ADMISSION, 5, "15", "39.5"),
        (NEBULIZATION, 5, "37.25", "66.5"),
        (AGE, 8, "44.3", "68.3"),
        (ADMISSION, 8, "15", "39.7"),
        (NEBULIZATION, 8, "36.2", "67.3"),
    ],
)
def test_other_definitions_print_other_quartiles(
    values: tuple[int, ...], definition: int, first: str, third: str
) -> None:
    quartiles = compute_quartiles(values, definition)
    assert prints_as(quartiles.first, Decimal(first))
    assert prints_as(quartiles.median, Decimal(MEDIANS[values]))
    assert prints_as(quartiles.third, Decimal(third))


@pytest.mark.parametrize(
    ("values", "printed"),
    [
        (AGE, ("40.75", "54", "62.5")),
        (ADMISSION, ("14", "22.5", "38.5")),
        (NEBULIZATION, ("33.5", "50.5", "61.5")),
    ],
)
def test_definition_4_moves_the_median_too(values: tuple[int, ...], printed: tuple[str, str, str]) -> None:
    assert fitting(values, *printed) == (4,)


def test_the_paper_prints_this_table_row() -> None:
    assert [render_median_iqr(values) for values in (AGE, ADMISSION, NEBULIZATION)] == [
        "57 (43 to 70)",
        "30 (15 to 40)",
        "54 (34 to 69)",
    ]


# NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.6.2: twelve resistivities of silicon wafers, ohm cm.
WAFERS = "95.1772 95.1567 95.1937 95.1959 95.1442 95.0610 95.1591 95.1195 95.1065 95.0925 95.1990 95.1682"
# Apache Commons Math, PercentileTest and UnivariateStatisticAbstractTest: values checked there against R.
COMMONS = "12.5 12.0 11.8 14.2 14.9 14.5 21.0 8.2 10.3 11.3 14.1 9.9 12.2 12.0 12.1 11.0 19.8 11.0 10.0 8.8 9.0 12.3"
# Perfolizer, HyndmanFanQuantileEstimatorTests.cs: 0 25 50 75 100 at every per cent.
QUARTERS = "0 25 50 75 100"
# Altair Panopticon 2021 manual, Percentile, sample 1 (as in Wikipedia): the 40th percentile of five values.
FIVE = "15 20 35 40 50"
# Microsoft Power Query, List.Percentile: the first quartile of 5 3 1 7 9, by default as Excel's PERCENTILE.INC.
EXCEL = "5 3 1 7 9"


def each_definition(values: str, probability: str, source: str, printed: str) -> list[object]:
    """One case for each of the nine definitions, in their order."""
    return [
        pytest.param(values, probability, definition, number, id=f"{source}-type-{definition}")
        for definition, number in enumerate(printed.split(), 1)
    ]


PUBLISHED = [
    pytest.param(WAFERS, "0.9", 6, "95.1981", id="NIST-7.2.6.2-R6"),
    pytest.param(WAFERS, "0.9", 7, "95.1957", id="NIST-7.2.6.2-R7"),
    pytest.param(WAFERS, "0.9", 8, "95.1972", id="NIST-7.2.6.2-R8"),
    *each_definition(
        WAFERS,
        "0.9",
        "Commons-Math-NIST",
        "95.19590 95.19590 95.19590 95.19546 95.19683 95.19807 95.19568 95.19724 95.19714",
    ),
    *each_definition(COMMONS, "0.95", "Commons-Math-95th", "19.8 19.8 19.8 19.31 20.28 20.82 19.555 20.46 20.415"),
    *each_definition(COMMONS, "0.05", "Commons-Math-5th", "8.8 8.8 8.2 8.26 8.56 8.29 8.81 8.47 8.4925"),
    *each_definition(QUARTERS, "0.2", "Perfolizer-20th", "0 12.5 0 0 12.5 5 20 10 10.625"),
    *each_definition(QUARTERS, "0.3", "Perfolizer-30th", "25 25 25 12.5 25 20 30 23.3333 23.75"),
    *each_definition(QUARTERS, "0.85", "Perfolizer-85th", "100 100 75 81.25 93.75 100 85 96.6667 95.9375"),
    pytest.param(FIVE, "0.4", 7, "29", id="Panopticon-40th"),
    pytest.param(EXCEL, "0.25", 7, "3", id="Power-Query-first-quartile"),
]


@pytest.mark.parametrize(("values", "probability", "definition", "printed"), PUBLISHED)
def test_published_quantile(values: str, probability: str, definition: int, printed: str) -> None:
    quantile = compute_quantile([Decimal(value) for value in values.split()], Fraction(probability), definition)
    assert prints_as(quantile, Decimal(printed))
