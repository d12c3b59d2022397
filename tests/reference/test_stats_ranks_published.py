"""Exact rank tests against published examples and critical values."""

from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.stats.answers import PValue
from firstbreath.stats.arrangements import Alternative
from firstbreath.stats.ranks import Zeros, rank_sum, sign_test_of_counts, signed_rank
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
# Bergmann, Ludbrook and Spooren, The American Statistician 2000;54:72 (endurance time of rats, at most 300 seconds),
# compared in 11 packages; data and exact p as in CRAN coin man/rotarod.Rd.
ENDURANCE = ("300 " * 12, "22 300 75 271 300 18 300 300 163 300 300 300")
# Siegel, Nonparametric Statistics for the Behavioral Sciences 1956, chapter 6 (trials of trained and untrained rats).
TRAINED = ("78 64 75 45 82", "110 70 53 51")


@pytest.mark.parametrize(
    ("samples", "alternative", "printed"),
    [
        pytest.param(BLOOD_PRESSURE, "two-sided", "0.0989", id="StatXact 5, table 9.6, two-sided"),
        pytest.param(BLOOD_PRESSURE, "greater", "0.0542", id="StatXact 5, table 9.6, one-sided"),
        pytest.param(WATER, "two-sided", "0.2544", id="Hollander and Wolfe, example 4.1, two-sided"),
        pytest.param(WATER, "greater", "0.1272", id="Hollander and Wolfe, example 4.1, one-sided"),
        pytest.param(ENDURANCE, "two-sided", "0.0373", id="Bergmann et al 2000, two-sided"),
        pytest.param(ENDURANCE, "greater", "0.0186", id="Bergmann et al 2000, one-sided"),
        pytest.param(TRAINED, "greater", "0.452", id="Siegel 1956, chapter 6"),
    ],
)
def test_rank_sum_of_published_samples(samples: tuple[str, str], alternative: Alternative, printed: str) -> None:
    first, second = map(decimals, samples)
    assert prints_as(rank_sum(first, second, alternative=alternative).value, Decimal(printed))


@pytest.mark.parametrize(
    ("pairs", "zeros", "alternative", "printed"),
    [
        pytest.param(ANTIGEN, "wilcoxon", "two-sided", "0.0021", id="StatXact 5, table 8.1"),
        # Pratt's treatment is not in the manual.
        pytest.param(ANTIGEN, "pratt", "two-sided", "0.001556", id="StatXact 5, table 8.1, Pratt's zeros, by R coin"),
        pytest.param(DEPRESSION, "wilcoxon", "two-sided", "0.0391", id="Hollander and Wolfe, example 3.1, two-sided"),
        pytest.param(DEPRESSION, "wilcoxon", "less", "0.01953", id="Hollander and Wolfe, example 3.1, one-sided"),
    ],
)
def test_signed_rank_of_published_pairs(
    pairs: tuple[str, str], zeros: Zeros, alternative: Alternative, printed: str
) -> None:
    p = signed_rank(differences(*pairs), zeros=zeros, alternative=alternative)
    assert prints_as(p.value, Decimal(printed))


def test_statistics_of_hollander_and_wolfe() -> None:
    """V = 40 in example 3.1, before less after, and W = 35 in example 4.1."""
    before_less_after = [-change for change in differences(*DEPRESSION)]
    assert signed_rank(before_less_after).statistic == 40
    assert rank_sum(*map(decimals, WATER)).statistic == 35


@pytest.mark.parametrize(
    ("values", "p"),
    [
        pytest.param(range(1, 9), "0.0078125", id="1 to 8"),
        pytest.param([1, 1, 1], "0.25", id="three equal"),
    ],
)
def test_exact_rank_tests_own_checks(values: list[int], p: str) -> None:
    """CRAN exactRankTests, tests/reg-tests.R."""
    assert signed_rank(values).value == Fraction(p)


@pytest.mark.parametrize("zeros", ["wilcoxon", "pratt"])
def test_tied_differences_that_scipy_exact_gets_wrong(zeros: Zeros) -> None:
    """R coin and exactRankTests give 0.09375; SciPy issues 13689, 20765, 21567, 26026."""
    assert signed_rank([0, 1, 2, 2, 3, -1, 4], zeros=zeros).value == Fraction("0.09375")


def test_tied_samples_that_scipy_exact_gets_wrong() -> None:
    """R coin and exactRankTests give 0.055944 unpaired and 0.015625 paired."""
    before, after = (39, 48, 50, 51, 61, 63, 79), (21, 29, 37, 40, 47, 49, 63)
    unpaired = rank_sum(before, after)
    assert (str(unpaired), prints_as(unpaired.value, Decimal("0.055944"))) == ("192/3432", True)
    paired = signed_rank([late - early for early, late in zip(before, after, strict=True)])
    assert (str(paired), paired.value) == ("2/128", Fraction("0.015625"))


def test_siegels_sign_test() -> None:
    """Siegel 1956, chapter 5 and table D: 3 of 14 changes are negative, p = .029 to one side."""
    p = sign_test_of_counts(11, 3, alternative="greater")
    assert prints_as(p.value, Decimal("0.029"))


def test_seven_of_seven_is_the_same_for_signed_rank_and_sign_test() -> None:
    """Two of the 128 sign patterns, one of them one-sided."""
    for two_sided, one_sided in (
        (signed_rank(range(1, 8)), signed_rank(range(1, 8), alternative="greater")),
        (sign_test_of_counts(7, 0), sign_test_of_counts(7, 0, alternative="greater")),
    ):
        assert (two_sided.value, one_sided.value) == (Fraction("0.015625"), Fraction("0.0078125"))


# The largest T with two-sided p at most 0.05, 0.02, 0.01, from the n given first upwards: R psignrank, and
# McCornack, JASA 1965;60:864. Several tables on the web disagree (n = 8: 4, n = 9: 6, n = 11: 14) and are wrong.
CRITICAL_T = {
    "0.05": (6, "0 2 3 5 8 10 13 17 21 25 29 34 40 46 52 58 65 73 81 89"),
    "0.02": (7, "0 1 3 5 7 9 12 15 19 23 27 32 37 43 49 55 62 69 76"),
    "0.01": (8, "0 1 3 5 7 9 12 15 19 23 27 32 37 42 48 54 61 68"),
    "0.10": (5, "0 2 3 5 8 10 13 17"),
}
# The largest U with two-sided p at most 0.05, from the second size given upwards: Auble, Bulletin of the Institute of
# Educational Research at Indiana University 1953;1(2), as Siegel 1956, table K.
CRITICAL_U = {
    3: (5, "0 1 1 2 2 3 3 4 4 5 5 6 6 7 7 8"),
    4: (4, "0 1 2 3 4 4 5 6 7 8 9 10 11 11 12 13 14"),
    5: (5, "2 3 5 6 7 8 9 11 12 13 14 15 17 18 19 20"),
    6: (6, "5 6 8 10 11 13 14 16 17 19 21 22 24 25 27"),
    7: (7, "8 10 12 14 16 18 20 22 24 26 28 30 32 34"),
    8: (8, "13 15 17 19 22 24 26 29 31 34 36 38 41"),
    9: (9, "17 20 23 26 28 31 34 37 39 42 45 48"),
    10: (10, "23 26 29 33 36 39 42 45 48 52 55"),
    20: (20, "127"),
}
# Mann and Whitney, Annals of Mathematical Statistics 1947;18:50, as Siegel 1956, table J: P(U <= 0), P(U <= 1) ...
TAIL_OF_U = {
    4: ".014 .029 .057 .100 .171 .243 .343 .443",
    5: ".004 .008 .016 .028 .048 .075 .111 .155 .210 .274 .345 .421 .500",
    6: ".001 .002 .004 .008 .013 .021 .032 .047 .066 .090 .120 .155 .197 .242 .294 .350 .409 .469",
}


def signed_rank_at(n: int, negative_sum: int) -> PValue:
    """The p when the negative ranks of n untied differences sum to so much."""
    signed = []
    for rank in range(n, 0, -1):
        negative = rank <= negative_sum
        negative_sum -= rank if negative else 0
        signed.append(-rank if negative else rank)
    return signed_rank(signed)


@pytest.mark.parametrize(
    ("level", "n", "critical"),
    [
        pytest.param(Fraction(level), n, int(t), id=f"n = {n} at {level}")
        for level, (first, row) in CRITICAL_T.items()
        for n, t in enumerate(row.split(), first)
    ],
)
def test_signed_rank_critical_values(level: Fraction, n: int, critical: int) -> None:
    assert signed_rank_at(n, critical).value <= level < signed_rank_at(n, critical + 1).value


@pytest.mark.parametrize(("n", "level"), [(5, "0.05"), (6, "0.02"), (7, "0.01"), (4, "0.10")])
def test_no_signed_rank_of_so_few_is_significant(n: int, level: str) -> None:
    """The dashes in every table of critical values."""
    assert signed_rank_at(n, 0).value > Fraction(level)


def mann_whitney_at(u: int, sizes: tuple[int, int], alternative: Alternative = "two-sided") -> PValue:
    """Two untied samples; of their pairs u are won by the first, whose top values win all they can."""
    first, second = sizes
    wins = [min(second, max(0, u - second * place)) for place in range(first)]
    return rank_sum(
        [won * 100 + place + 1 for place, won in enumerate(reversed(wins))],
        range(100, 100 * second + 1, 100),
        alternative=alternative,
    )


@pytest.mark.parametrize(
    ("sizes", "critical"),
    [
        pytest.param((first, second), int(u), id=f"{first} and {second}")
        for first, (least, row) in CRITICAL_U.items()
        for second, u in enumerate(row.split(), least)
    ],
)
def test_mann_whitney_critical_values(sizes: tuple[int, int], critical: int) -> None:
    found, above = (mann_whitney_at(u, sizes) for u in (critical, critical + 1))
    assert found.statistic == critical
    assert found.value <= Fraction("0.05") < above.value


@pytest.mark.parametrize(
    ("size", "u", "printed"),
    [
        pytest.param(size, u, printed, id=f"{size} and {size}, U = {u}")
        for size, row in TAIL_OF_U.items()
        for u, printed in enumerate(row.split())
    ],
)
def test_mann_whitney_tail(size: int, u: int, printed: str) -> None:
    assert prints_as(mann_whitney_at(u, (size, size), "less").value, Decimal(printed))


@pytest.mark.parametrize(
    ("u", "numerator", "printed"), [(7, 90, ".0262"), (8, 130, ".0379"), (9, 182, ".0530"), (10, 250, ".0728")]
)
def test_mann_whitney_seven_against_seven(u: int, numerator: int, printed: str) -> None:
    """Critical values of U, two-sided; C(14, 7) = 3432."""
    p = mann_whitney_at(u, (7, 7))
    assert (p.statistic, p.numerator, p.denominator) == (u, numerator, 3432)
    assert prints_as(p.value, Decimal(printed))
