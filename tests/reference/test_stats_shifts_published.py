"""Shift estimates, their intervals and the rank-biserial correlation against published examples."""

from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.stats.medians import median_interval
from firstbreath.stats.missing import missing_bounds
from firstbreath.stats.rounding import prints_as
from firstbreath.stats.shifts import hodges_lehmann, rank_biserial


def decimals(text: str) -> list[Decimal]:
    return [Decimal(word) for word in text.split()]


def differences(first: str, second: str) -> list[Decimal]:
    return [one - other for one, other in zip(decimals(first), decimals(second), strict=True)]


# Hollander and Wolfe, Nonparametric Statistical Methods (1973), Example 3.1 (Hamilton depression scale) and 4.1.
DEPRESSION = (".878 .647 .598 2.05 1.06 1.29 1.06 3.14 1.29", "1.83 .50 1.62 2.48 1.68 1.88 1.55 3.06 1.30")
WATER = (".80 .83 1.89 1.04 1.45 1.38 1.91 1.64 .73 1.46", "1.15 .88 .90 .74 1.21")
# Darwin's maize, eighths of an inch, crossed less self-fertilised: Fisher, The Design of Experiments (1935), ch. 3.
MAIZE = "49 -67 8 16 6 23 28 41 14 29 56 24 75 60 -48"
# Witness of the unattainable p of the MEXCOVID paper: all seven fall, with tied differences.
SEVEN = ("21 29 37 40 47 49 63", "39 48 50 51 61 63 79")


@pytest.mark.parametrize(
    ("values", "level", "estimate", "lower", "upper"),
    [
        pytest.param(differences(*DEPRESSION), ".95", "-0.46", "-0.786", "-0.010", id="Hollander-Wolfe-3.1"),
        pytest.param(differences(*DEPRESSION), ".96", "-0.46", "-0.786", "-0.010", id="asbio-HL.mean-at-96%"),
        pytest.param(decimals(MAIZE), ".95", "25", "4.0", "41.5", id="R-4.2.2-wilcox.test-Darwin-maize"),
        pytest.param(differences(*SEVEN), ".95", "-15.0", "-18", "-12.5", id="Walsh-averages-in-R-seven-tied"),
    ],
)
def test_paired_shift(values: list[Decimal], level: str, estimate: str, lower: str, upper: str) -> None:
    interval = hodges_lehmann(values, level=Decimal(level))
    assert interval.lower is not None
    assert interval.upper is not None
    assert prints_as(interval.estimate, Decimal(estimate))
    assert (prints_as(interval.lower, Decimal(lower)), prints_as(interval.upper, Decimal(upper))) == (True, True)


# StatXact-5 manual, Table 9.6 (blood pressure), as in CRAN exactRankTests man/bloodp.Rd.
BLOOD_PRESSURE = ("94 108 110 90", "80 94 85 90 90 90 108 94 78 105 88")
# SAS/STAT 9.22 User's Guide, The NPAR1WAY Procedure, Examples 62.3 and 62.4: stimulant 2, stimulant 1.
REACTION = ("3.27 3.27 3.27 3.70 3.70 3.74", "1.94 1.94 2.92 2.92 2.92 2.92 3.27 3.27 3.27 3.27 3.70 3.70 3.74")
# Kirkwood and Sterne, Essential Medical Statistics (2003), Table 30.4: birth weight, smokers, non-smokers.
WEIGHT = (
    "3.18 2.74 2.90 3.27 3.65 3.42 3.23 2.86 3.60 3.65 3.69 3.53 2.38 2.34",
    "3.99 3.89 3.60 3.73 3.31 3.70 4.08 3.61 3.83 3.41 4.13 3.36 3.54 3.51 2.71",
)
# R datasets, LifeCycleSavings$sr (Sterling 1977): rows 1 to 8 and 9 to 16, rows 1 to 7 and 31 to 40.
SAVINGS = ("11.43 12.07 13.17 5.75 12.88 8.79 0.60 11.90", "4.98 10.78 16.85 3.59 11.24 12.64 12.55 10.67")
MORE_SAVINGS = (
    "11.43 12.07 13.17 5.75 12.88 8.79 0.60",
    "4.44 2.02 12.70 12.78 12.49 11.14 13.30 11.77 6.86 14.13",
)


@pytest.mark.parametrize(
    ("samples", "level", "lower", "upper"),
    [
        pytest.param(WATER, ".95", "-0.15", "0.76", id="Hollander-Wolfe-4.1-sign-turned"),
        pytest.param(REACTION, ".98", "0.00", "0.82", id="SAS-NPAR1WAY-Moses-limits"),
        pytest.param(WEIGHT, ".95", "-0.77", "-0.09", id="CAMIS-SAS-and-R-Moses-limits"),
        pytest.param(SAVINGS, ".95", "-4.95", "2.39", id="R-4.2.2-wilcox.test-8-against-8"),
        pytest.param(MORE_SAVINGS, ".90", "-3.99", "1.74", id="R-4.2.2-wilcox.test-7-against-10"),
    ],
)
def test_unpaired_interval(samples: tuple[str, str], level: str, lower: str, upper: str) -> None:
    """SAS's and coin's "exact" limits of tied data, (0.00, 1.33) and (-0.76, -0.10), invert the conditional test."""
    interval = hodges_lehmann(*map(decimals, samples), level=Decimal(level))
    assert interval.lower is not None
    assert interval.upper is not None
    assert (prints_as(interval.lower, Decimal(lower)), prints_as(interval.upper, Decimal(upper))) == (True, True)


@pytest.mark.parametrize(
    ("samples", "estimate"),
    [
        pytest.param(WATER, "0.305", id="Hollander-Wolfe-4.1-sign-turned"),
        pytest.param(BLOOD_PRESSURE, "9.5", id="StatXact-Table-9.6"),
        pytest.param(REACTION, "0.3500", id="SAS-NPAR1WAY-Output-62.4.1"),
        pytest.param(SAVINGS, "0.215", id="R-4.2.2-wilcox.test-8-against-8"),
        pytest.param(MORE_SAVINGS, "-0.67", id="R-4.2.2-wilcox.test-7-against-10"),
    ],
)
def test_unpaired_shift(samples: tuple[str, str], estimate: str) -> None:
    assert prints_as(hodges_lehmann(*map(decimals, samples)).estimate, Decimal(estimate))


@pytest.mark.parametrize(
    ("n", "place", "level"),
    [  # R 4.2.2: 1 - 2 * psignrank(place - 1, n), places from either end of the Walsh averages
        (6, 1, "0.968750"),
        (7, 1, "0.984375"),
        (7, 2, "0.968750"),
        (7, 3, "0.953125"),
        (8, 4, "0.960938"),
        (9, 6, "0.960938"),
        (10, 9, "0.951172"),
        (11, 11, "0.958008"),
        (12, 14, "0.957520"),
    ],
)
def test_level_of_the_paired_interval(n: int, place: int, level: str) -> None:
    values = [Fraction(3**number) for number in range(n)]
    walsh = sorted((one + other) / 2 for number, one in enumerate(values) for other in values[number:])
    interval = hodges_lehmann(values, level=Decimal(level) - Decimal("0.000001"))
    assert (interval.lower, interval.upper) == (walsh[place - 1], walsh[-place])
    assert prints_as(interval.level, Decimal(level))


@pytest.mark.parametrize(
    ("n", "m", "place", "level"),
    [  # R 4.2.2: 1 - 2 * pwilcox(place - 1, n, m), place = qwilcox(0.025, n, m)
        (4, 4, 1, "0.9714286"),
        (5, 4, 2, "0.968254"),
        (5, 5, 3, "0.968254"),
        (7, 7, 9, "0.9621212"),
        (10, 5, 9, "0.96004"),
        (6, 8, 9, "0.957376"),
    ],
)
def test_level_of_the_unpaired_interval(n: int, m: int, place: int, level: str) -> None:
    x, y = [100 * number for number in range(n)], [number * number for number in range(m)]
    apart = sorted(one - other for one in x for other in y)
    interval = hodges_lehmann(x, y)
    assert (interval.lower, interval.upper) == (apart[place - 1], apart[-place])
    assert prints_as(interval.level, Decimal(level))


@pytest.mark.parametrize("n", [3, 4, 5])
def test_no_paired_interval_at_95_percent(n: int) -> None:
    """R 4.2.2: 1 - 2 * psignrank(0, n) is 0.75, 0.875 and 0.9375."""
    interval = hodges_lehmann(range(n))
    assert (interval.lower, interval.level) == (None, {3: Fraction(3, 4), 4: Fraction(7, 8), 5: Fraction(15, 16)}[n])


# Table A.7, Confidence Intervals for the Population Median (a textbook's page 656, read at
# coursehero.com/file/5646626): n, rank from either end, level in per cent.
MEDIAN_TABLE = [
    (2, 1, "50.0"), (3, 1, "75.0"), (4, 1, "87.5"), (5, 1, "93.8"), (6, 1, "96.9"), (6, 2, "78.1"), (7, 1, "98.4"),
    (7, 2, "87.5"), (8, 1, "99.2"), (8, 2, "93.0"), (9, 1, "99.6"), (9, 2, "96.1"), (9, 3, "82.0"), (10, 1, "99.8"),
    (10, 2, "97.9"), (10, 3, "89.1"), (11, 1, "99.9"), (11, 2, "98.8"), (11, 3, "93.5"), (12, 2, "99.4"),
    (12, 3, "96.1"), (12, 4, "85.4"), (13, 2, "99.7"), (13, 3, "97.8"), (13, 4, "90.8"), (14, 2, "99.8"),
    (14, 3, "98.7"), (14, 4, "94.3"), (14, 5, "82.0"), (15, 3, "99.3"), (15, 4, "96.5"), (15, 5, "88.2"),
    (16, 3, "99.6"), (16, 4, "97.9"), (16, 5, "92.3"), (16, 6, "79.0"), (17, 3, "99.8"), (17, 4, "98.7"),
    (17, 5, "95.1"), (17, 6, "85.7"), (18, 4, "99.2"), (18, 5, "96.9"), (18, 6, "90.4"), (19, 4, "99.6"),
    (19, 5, "98.1"), (19, 6, "93.6"), (19, 7, "83.3"), (20, 4, "99.7"), (20, 5, "98.8"), (20, 6, "95.9"),
    (20, 7, "88.5"),
]  # fmt: skip


@pytest.mark.parametrize(("n", "place", "percent"), MEDIAN_TABLE)
def test_median_interval_table(n: int, place: int, percent: str) -> None:
    least = (Decimal(percent) - Decimal("0.05")) / 100
    interval = median_interval(range(1, n + 1), level=least)
    assert (interval.lower, interval.upper) == (place, n + 1 - place)
    assert prints_as(interval.level * 100, Decimal(percent))


def test_median_interval_of_statpsych() -> None:
    """CRAN statpsych, ci.median, the documented example: 20.7, 10.8 to 30.9."""
    scores = "30.2 20.4 15.1 10.2 10.5 60.8 20.8 25.0 20.7 30.9 10.8 5.1 50.9 40.0 20.9 10.8 0 20.5 50.8"
    interval = median_interval(decimals(scores))
    assert (interval.estimate, interval.lower, interval.upper) == tuple(map(Fraction, ("20.7", "10.8", "30.9")))


@pytest.mark.parametrize(
    ("values", "printed"),
    [
        pytest.param(
            differences("20 22 19 20 22 18 24 20 19 24 26 13", "38 37 33 29 14 12 20 22 17 25 26 16"),
            "-0.378788",
            id="pingouin.wilcoxon-documented-example",
        ),
        pytest.param([-value for value in differences(*DEPRESSION)], "0.78", id="CRAN-report-Hollander-Wolfe-3.1"),
        pytest.param(differences(*SEVEN), "-1", id="seven-of-seven-fell"),
    ],
)
def test_matched_pairs_rank_biserial(values: list[Decimal], printed: str) -> None:
    correlation = rank_biserial(values)
    assert correlation is not None
    assert prints_as(correlation, Decimal(printed))


def test_the_unpaired_effect_of_paired_values_is_another_number() -> None:
    """Pingouin 0.7 prints CLES 0.806 where all seven improved: (rank-biserial + 1) / 2 of the unpaired values."""
    after, before = map(decimals, SEVEN)
    unpaired = rank_biserial(before, after)
    assert unpaired is not None
    assert prints_as((unpaired + 1) / 2, Decimal("0.806"))


def test_bounds_when_an_eighth_patient_is_missing() -> None:
    """R exactRankTests wilcox.exact over an eighth difference of -25 to 25 by halves: p from 2/256 to 48/256."""
    after, before = map(decimals, SEVEN)
    bounds = missing_bounds([*before, Decimal(50)], [*after, None])
    assert (str(bounds.best.p), str(bounds.worst.p)) == ("2/256", "48/256")
