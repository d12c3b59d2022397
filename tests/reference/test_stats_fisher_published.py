"""Fisher's exact test against tables whose p others have printed."""

from decimal import Decimal

import pytest

from firstbreath.stats.fisher import fisher_exact
from firstbreath.stats.rounding import round_half_up

TEA = [[3, 1], [1, 3]]
TWINS = [[2, 15], [10, 3]]
DIET = [[11, 4], [2, 6]]
SEVERE = [[10, 2], [2, 4]]
DIETERS = [[1, 9], [11, 3]]
SMALL = [[7, 12], [0, 5]]
JOBS = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]
SIXTH = [
    [1, 2, 2, 1, 1, 0, 1],
    [2, 0, 0, 2, 3, 0, 0],
    [0, 1, 1, 1, 2, 7, 3],
    [1, 1, 2, 0, 0, 0, 1],
    [0, 1, 1, 1, 1, 0, 0],
]
LESIONS = [[0, 1, 0], [8, 1, 8], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0], [1, 0, 1], [1, 0, 1]]

R_HELP = "R, tests/Examples/stats-Ex.Rout.save, fisher.test"
SAS = "SAS/STAT User's Guide, PROC FREQ, chi-square and Fisher's exact test of FatComp"
STOKES = "Stokes, Davis and Koch, Categorical Data Analysis Using the SAS System, severe data, PROC FREQ output"
WIKIPEDIA = "Wikipedia, Fisher's exact test; JuliaStats/HypothesisTests.jl, test/fisher.jl"
COLLEGE = "physics.csbsju.edu/stats/exact.html; JuliaStats/HypothesisTests.jl, test/fisher.jl"


@pytest.mark.parametrize(
    ("table", "alternative", "fraction"),
    [
        pytest.param(TEA, "two-sided", "34/70", id="Fisher, The Design of Experiments 1935, chapter 2"),
        pytest.param(TEA, "greater", "17/70", id="Agresti, Categorical Data Analysis 1990, p. 61: 17/70 = 0.243"),
        pytest.param([[4, 0], [0, 4]], "greater", "1/70", id="Fisher 1935: all eight cups right, 1 in 70"),
    ],
)
def test_fraction(table, alternative, fraction: str) -> None:
    assert str(fisher_exact(table, alternative=alternative)) == fraction


@pytest.mark.parametrize(
    ("table", "alternative", "printed"),
    [
        pytest.param(TEA, "greater", "0.2429", id=f"{R_HELP}, tea"),
        pytest.param(TWINS, "less", "0.0004652", id=f"{R_HELP}, Fisher's criminal twins, one-sided"),
        pytest.param(TWINS, "two-sided", "0.0005367", id=f"{R_HELP}, Fisher's criminal twins"),
        pytest.param(JOBS, "two-sided", "0.7827", id=f"{R_HELP}, Agresti 2002, p. 57, job satisfaction"),
        pytest.param(SIXTH, "two-sided", "0.03929", id=f"{R_HELP}, Mehta and Patel 1983, sixth example"),
        pytest.param(LESIONS, "two-sided", "0.0101", id="StatXact and SPSS Exact Tests, oral lesions in India"),
        pytest.param([[0, 16], [15, 57]], "two-sided", "0.06287", id="R package contingencytables: Ritland et al 2007"),
        pytest.param([[12, 17], [4, 25], [15, 4]], "two-sided", "0.0000295658", id="goby, TestFisherExact.java, UConn"),
        pytest.param([[1, 5], [3, 2]], "two-sided", "0.242424", id="pystatistics, tests of fisher_test, from R 4.5.2"),
        pytest.param(DIET, "two-sided", "0.0393", id=f"{SAS}, two-sided"),
        pytest.param(DIET, "greater", "0.0367", id=f"{SAS}, right-sided"),
        pytest.param(DIET, "less", "0.9967", id=f"{SAS}, left-sided"),
        pytest.param(SEVERE, "two-sided", "0.1070", id=f"{STOKES}, two-sided"),
        pytest.param(SEVERE, "greater", "0.0573", id=f"{STOKES}, right-sided"),
        pytest.param(SEVERE, "less", "0.9961", id=f"{STOKES}, left-sided"),
        pytest.param(DIETERS, "two-sided", "0.002759456", id=f"{WIKIPEDIA}, two-sided"),
        pytest.param(DIETERS, "less", "0.001379728", id=f"{WIKIPEDIA}, one-sided"),
        pytest.param(DIETERS, "greater", "0.999966348", id=f"{WIKIPEDIA}, other side"),
        pytest.param(SMALL, "two-sided", "0.272068511", id=f"{COLLEGE}, two-sided"),
        pytest.param(SMALL, "greater", "0.145586298", id=f"{COLLEGE}, right"),
        pytest.param(SMALL, "less", "1.000000000", id=f"{COLLEGE}, left"),
    ],
)
def test_printed_p(table, alternative, printed: str) -> None:
    p = fisher_exact(table, alternative=alternative)
    assert round_half_up(p.value, len(printed) - 2) == Decimal(printed)


@pytest.mark.parametrize(
    ("table", "printed"),
    [
        pytest.param(DIET, "0.0334", id=SAS),
        pytest.param(SEVERE, "0.0533", id=STOKES),
        pytest.param(DIETERS, "0.001346076", id="Wikipedia, Fisher's exact test"),
    ],
)
def test_probability_of_the_table(table, printed: str) -> None:
    assert round_half_up(fisher_exact(table).statistic, len(printed) - 2) == Decimal(printed)
