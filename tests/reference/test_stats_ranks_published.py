"""Exact rank tests against published examples and critical values."""

from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.stats.answers import PValue
from firstbreath.stats.ranks import rank_sum, sign_test_of_counts, signed_rank
from firstbreath.stats.rounding import prints_as


def decimals(text: str) -> list[Decimal]:
    return [Decimal(word) for word in text.split()]


def differences(first: str, second: str) -> list[Decimal]:
    return [one - other for one, other in zip(decimals(first), decimals(second), strict=True)]


# StatXact-5 manual, Table 9.6 (blood pressure), as in CRAN exactRankTests man/bloodp.Rd, tests/reg-tests.R.
BLOOD_PRESSURE = ("94 108 110 90", "80 94 85 90 90 90 108 94 78 105 88")
# StatXact, Table 8.1 (serum antigen level, 20 AIDS patients), as in exactRankTests man/sal.Rd.
ANTIGEN = (
    "149 0 0 259 106 255 0 52 340 65 180 0 84 89 212 554 500 424 112 2600",
    "0 51 0 385 0 235 0 0 48 65 77 0 0 0 53 150 0 165 98 0",
)
# Hollander and Wolfe, Nonparametric Statistical Methods (1973), Example 3.1 (depression scale) and 4.1 (water).
DEPRESSION = (".878 .647 .598 2.05 1.06 1.29 1.06 3.14 1.29", "1.83 .50 1.62 2.48 1.68 1.88 1.55 3.06 1.30")
WATER = (".80 .83 1.89 1.04 1.45 1.38 1.91 1.64 .73 1.46", "1.15 .88 .90 .74 1.21")


def test_statxact_blood_pressure() -> None:
    treated, control = map(decimals, BLOOD_PRESSURE)
    assert prints_as(rank_sum(treated, control).value, Decimal("0.0989"))
    assert prints_as(rank_sum(treated, control, alternative="greater").value, Decimal("0.0542"))


def test_statxact_antigen_level() -> None:
    fallen = differences(*ANTIGEN)
    assert prints_as(signed_rank(fallen).value, Decimal("0.0021"))
    # Pratt's treatment is not in the manual: computed once, apart from this code.
    assert prints_as(signed_rank(fallen, zeros="pratt").value, Decimal("0.001556"))


def test_hollander_and_wolfe_depression_scale() -> None:
    after_minus_before = differences(*DEPRESSION)
    p = signed_rank([-change for change in after_minus_before], alternative="greater")
    assert (p.statistic, prints_as(p.value, Decimal("0.01953"))) == (40, True)
    assert prints_as(signed_rank(after_minus_before).value, Decimal("0.0391"))


def test_hollander_and_wolfe_water_transfer() -> None:
    at_term, early = map(decimals, WATER)
    p = rank_sum(at_term, early, alternative="greater")
    assert (p.statistic, prints_as(p.value, Decimal("0.1272"))) == (35, True)
    assert prints_as(rank_sum(at_term, early).value, Decimal("0.2544"))


def test_exact_rank_tests_own_checks() -> None:
    """CRAN exactRankTests, tests/reg-tests.R."""
    assert signed_rank(range(1, 9)).value == Fraction("0.0078125")
    assert signed_rank([1, 1, 1]).value == Fraction(1, 4)


def test_tied_data_that_scipy_exact_gets_wrong() -> None:
    """R coin and exactRankTests give 0.09375 and 0.055944; SciPy issues 13689, 20765, 21567, 26026."""
    tied = [0, 1, 2, 2, 3, -1, 4]
    assert signed_rank(tied).value == signed_rank(tied, zeros="pratt").value == Fraction("0.09375")
    before, after = (39, 48, 50, 51, 61, 63, 79), (21, 29, 37, 40, 47, 49, 63)
    unpaired = rank_sum(before, after)
    assert (str(unpaired), prints_as(unpaired.value, Decimal("0.055944"))) == ("192/3432", True)
    paired = signed_rank([late - early for early, late in zip(before, after, strict=True)])
    assert (str(paired), paired.value) == ("2/128", Fraction("0.015625"))


def test_seven_of_seven_is_the_same_for_signed_rank_and_sign_test() -> None:
    """Two of the 128 sign patterns, one of them one-sided."""
    for two_sided, one_sided in (
        (signed_rank(range(1, 8)), signed_rank(range(1, 8), alternative="greater")),
        (sign_test_of_counts(7, 0), sign_test_of_counts(7, 0, alternative="greater")),
    ):
        assert (two_sided.value, one_sided.value) == (Fraction("0.015625"), Fraction("0.0078125"))


# R 4.2 psignrank: the largest T with two-sided p at most 0.10, 0.05, 0.02, 0.01; -1 where there is none.
# Several tables on the web disagree (n = 8: 4, n = 9: 6, n = 11: 14) and are wrong.
CRITICAL = {
    5: (0, -1, -1, -1),
    6: (2, 0, -1, -1),
    7: (3, 2, 0, -1),
    8: (5, 3, 1, 0),
    9: (8, 5, 3, 1),
    10: (10, 8, 5, 3),
    11: (13, 10, 7, 5),
    12: (17, 13, 9, 7),
}


def signed_rank_at(n: int, negative_sum: int) -> PValue:
    """The p when the negative ranks of n untied differences sum to so much."""
    signed = []
    for rank in range(n, 0, -1):
        negative = rank <= negative_sum
        negative_sum -= rank if negative else 0
        signed.append(-rank if negative else rank)
    return signed_rank(signed)


@pytest.mark.parametrize("n", CRITICAL)
def test_signed_rank_critical_values(n: int) -> None:
    for level, critical in zip(decimals("0.10 0.05 0.02 0.01"), CRITICAL[n], strict=True):
        assert critical < 0 or signed_rank_at(n, critical).value <= Fraction(level)
        assert signed_rank_at(n, critical + 1).value > Fraction(level)


def mann_whitney_at(u: int) -> PValue:
    """Seven against seven untied values of which u pairs are won by the first: its top two climb."""
    first_climb, second_climb = min(u, 7), u - min(u, 7)
    places = [1, 2, 3, 4, 5, 6 + second_climb, 7 + first_climb]
    return rank_sum(places, [place for place in range(1, 15) if place not in places])


@pytest.mark.parametrize(
    ("u", "numerator", "printed"), [(7, 90, ".0262"), (8, 130, ".0379"), (9, 182, ".0530"), (10, 250, ".0728")]
)
def test_mann_whitney_seven_against_seven(u: int, numerator: int, printed: str) -> None:
    """Critical values of U, two-sided; C(14, 7) = 3432."""
    p = mann_whitney_at(u)
    assert (p.statistic, p.numerator, p.denominator) == (u, numerator, 3432)
    assert prints_as(p.value, Decimal(printed))
