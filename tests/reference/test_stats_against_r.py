"""The statistics against R, on random tied values: numbers computed once by other people's programmes.

The numbers are in exact_r_cross_check.csv, whose first line names R and its packages; make_r_cross_check.R beside it
made them. R prints 11 digits of a binary float, so 10 are compared; limits that we give at six decimals, at six.
"""

import csv
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from firstbreath.stats.arrangements import Alternative
from firstbreath.stats.fisher import fisher_exact
from firstbreath.stats.kappa import kappa_of_table
from firstbreath.stats.multiplicity import hochberg, holm
from firstbreath.stats.paired_proportions import paired_proportions
from firstbreath.stats.permutation import permutation_mean
from firstbreath.stats.proportions import binomial_interval
from firstbreath.stats.quantiles import compute_quantile
from firstbreath.stats.ranks import rank_sum, sign_test, signed_rank
from firstbreath.stats.rounding import round_half_up
from firstbreath.stats.several_groups import friedman, kruskal_wallis
from firstbreath.stats.shifts import hodges_lehmann

TABLE = Path(__file__).with_name("exact_r_cross_check.csv")
TEN_DIGITS = Fraction(1, 10**10)
ALTERNATIVES: tuple[Alternative, ...] = get_args(Alternative)
Row = dict[str, str]
Found = Callable[[Row], list[Fraction]]


def numbers(text: str) -> list[Decimal]:
    return [Decimal(word) for word in text.split()]


def table(text: str) -> list[list[Decimal]]:
    return [numbers(row) for row in text.split("/")]


def find_fisher(row: Row) -> list[Fraction]:
    asked = ALTERNATIVES[: len(row["values"].split())]
    return [fisher_exact(table(row["first"]), alternative=alternative).value for alternative in asked]


def find_shift(row: Row) -> list[Fraction | None]:
    second = numbers(row["second"]) or None
    found = hodges_lehmann(numbers(row["first"]), second, level=Decimal(row["option"]))
    return [found.estimate, found.lower, found.upper]


def find_quantiles(row: Row) -> list[Fraction]:
    values = numbers(row["first"])
    return [compute_quantile(values, Fraction(share), int(row["option"])) for share in row["second"].split()]


def find_mcnemar(row: Row) -> list[Fraction]:
    both, first_only, second_only, neither = map(int, row["first"].split())
    found = paired_proportions(both=both, first_only=first_only, second_only=second_only, neither=neither)
    return [found.p.value]


def find_permutation(row: Row) -> list[Fraction]:
    x, y = numbers(row["first"]), numbers(row["second"]) or None
    return [permutation_mean(x, y, alternative=alternative).value for alternative in ALTERNATIVES]


FOUND: dict[str, Found] = {
    "signed_rank": lambda row: [
        signed_rank(numbers(row["first"]), zeros=row["option"], alternative=alternative).value
        for alternative in ALTERNATIVES
    ],
    "sign_test": lambda row: [sign_test(numbers(row["first"]), alternative=asked).value for asked in ALTERNATIVES],
    "rank_sum": lambda row: [
        rank_sum(numbers(row["first"]), numbers(row["second"]), alternative=alternative).value
        for alternative in ALTERNATIVES
    ],
    "permutation": find_permutation,
    "kruskal_wallis_h": lambda row: [kruskal_wallis(table(row["first"])).statistic],
    "friedman_chi_squared": lambda row: [friedman(table(row["first"])).statistic],
    "hodges_lehmann": find_shift,
    "quantile": find_quantiles,
    "fisher_exact": find_fisher,
    "mcnemar": find_mcnemar,
    "holm": lambda row: list(holm(numbers(row["first"]))),
    "hochberg": lambda row: list(hochberg(numbers(row["first"]))),
    "kappa": lambda row: [kappa_of_table(table(row["first"]), weights=row["option"] or None).value],
}


def read_rows() -> list[Row]:
    with TABLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if line[0] not in "#\n"))


ROWS = read_rows()


def name_of(row: Row) -> str:
    return "-".join(word for word in (row["check"], row["option"], row["case"]) if word)


@pytest.mark.parametrize("row", [row for row in ROWS if row["check"] in FOUND], ids=name_of)
def test_the_number_is_r_s(row: Row) -> None:
    expected = [Fraction(word) for word in row["values"].split()]
    pairs = list(zip(FOUND[row["check"]](row), expected, strict=True))
    assert [(float(ours), float(r_s)) for ours, r_s in pairs if abs(ours - r_s) > TEN_DIGITS * abs(r_s)] == []


@pytest.mark.parametrize("row", [row for row in ROWS if row["check"] == "clopper_pearson"], ids=name_of)
def test_clopper_pearson_limits_are_r_s_at_six_decimals(row: Row) -> None:
    found = binomial_interval(int(row["first"]), int(row["second"]), level=Decimal(row["option"]))
    assert [found.lower, found.upper] == [round_half_up(Decimal(word), 6) for word in row["values"].split()]


def test_every_row_of_the_table_is_checked() -> None:
    checks = {row["check"] for row in ROWS}
    assert checks == {*FOUND, "clopper_pearson"}
    assert len(ROWS) >= 300
