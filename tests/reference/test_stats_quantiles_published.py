"""Quartiles of the MEXCOVID paper under every definition (doi 10.1186/s13287-022-02900-5, Table 2 and Results).

The values, medians and quartiles are the paper's; what the other definitions give was computed once, apart from
this code. Prism documents "definition 6 in Hyndman and Fan" (GraphPad KB 501).
"""

from decimal import Decimal

import pytest

from firstbreath.stats.quantiles import compute_fitting_definitions, compute_quartiles
from firstbreath.stats.rounding import prints_as

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
