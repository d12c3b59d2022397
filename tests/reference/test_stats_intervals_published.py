"""Intervals and posterior probabilities of a proportion against numbers printed by others."""

from decimal import Decimal

import pytest

from firstbreath.stats.posteriors import posterior_above
from firstbreath.stats.proportions import binomial_interval
from firstbreath.stats.rounding import round_half_up

NEWCOMBE = "Newcombe, Statistics in Medicine 1998;17:857, Table I"
FAGERLAND = (
    "Fagerland, Lydersen and Laake, Statistical Analysis of Contingency Tables 2017, R package contingencytables"
)
AGRESTI = "Agresti, Categorical Data Analysis, 2nd edition 2002, sections 1.4.3 and 1.4.4: 0 of 25 vegetarians"
JULIA = "JuliaStats/HypothesisTests.jl, test/binomial.jl"
CARDS = "pharmaverse cards, snapshots of prop.test without continuity correction"
R_HELP = "R, example of help(binom.test): Conover 1971, p. 97"


def limits(k: int, n: int, sides: int = 2) -> tuple[str, str]:
    estimate = binomial_interval(k, n, sides=sides)
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
    ("method", "k", "n", "level", "lower", "upper"),
    [
        pytest.param("clopper-pearson", 81, 263, "0.95", ".2527", ".3676", id=f"{NEWCOMBE}, exact, 81/263"),
        pytest.param("clopper-pearson", 15, 148, "0.95", ".0578", ".1617", id=f"{NEWCOMBE}, exact, 15/148"),
        pytest.param("clopper-pearson", 0, 20, "0.95", "0", ".1684", id=f"{NEWCOMBE}, exact, 0/20"),
        pytest.param("clopper-pearson", 1, 29, "0.95", ".0009", ".1776", id=f"{NEWCOMBE}, exact, 1/29"),
        pytest.param("wilson", 81, 263, "0.95", ".2553", ".3662", id=f"{NEWCOMBE}, score, 81/263"),
        pytest.param("wilson", 15, 148, "0.95", ".0624", ".1605", id=f"{NEWCOMBE}, score, 15/148"),
        pytest.param("wilson", 0, 20, "0.95", "0", ".1611", id=f"{NEWCOMBE}, score, 0/20"),
        pytest.param("wilson", 1, 29, "0.95", ".0061", ".1718", id=f"{NEWCOMBE}, score, 1/29"),
        pytest.param("clopper-pearson", 13, 16, "0.95", ".5435", ".9595", id=f"{FAGERLAND}, 13/16"),
        pytest.param("clopper-pearson", 10, 10, "0.95", ".6915", "1", id=f"{FAGERLAND}, 10/10"),
        pytest.param("clopper-pearson", 0, 10, "0.95", "0", ".3085", id=f"{FAGERLAND}, 0/10"),
        pytest.param("wilson", 13, 16, "0.95", ".5699", ".9341", id=f"{FAGERLAND}, score"),
        pytest.param("jeffreys", 13, 16, "0.95", ".5792", ".9442", id=f"{FAGERLAND}, Jeffreys"),
        pytest.param("clopper-pearson", 0, 25, "0.95", "0", ".137", id=f"{AGRESTI}, exact"),
        pytest.param("wilson", 0, 25, "0.95", "0", ".133", id=f"{AGRESTI}, score"),
        pytest.param("clopper-pearson", 682, 925, "0.95", ".707668", ".765407", id=R_HELP),
        pytest.param("wilson", 5, 10, "0.9", ".269272", ".730728", id=f"{CARDS}, 5/10"),
        pytest.param("wilson", 32, 32, "0.95", ".892821", "1", id=f"{CARDS}, 32/32"),
        pytest.param("wilson", 0, 32, "0.95", "0", ".107179", id=f"{CARDS}, 0/32"),
        pytest.param("clopper-pearson", 26, 78, "0.95", ".230585", ".449167", id=f"{JULIA}, 26/78"),
        pytest.param("wilson", 26, 78, "0.95", ".238727", ".443586", id=f"{JULIA}, 26/78 score"),
        pytest.param("jeffreys", 26, 78, "0.95", ".236266", ".442513", id=f"{JULIA}, 26/78 Jeffreys"),
        pytest.param("clopper-pearson", 6, 9, "0.95", ".299295", ".925145", id=f"{JULIA}, 6/9"),
        pytest.param("wilson", 6, 9, "0.95", ".354202", ".879416", id=f"{JULIA}, 6/9 score"),
        pytest.param("jeffreys", 6, 9, "0.95", ".347792", ".895787", id=f"{JULIA}, 6/9 Jeffreys"),
    ],
)
def test_two_sided(method, k: int, n: int, level: str, lower: str, upper: str) -> None:
    shown = binomial_interval(k, n, method=method, level=Decimal(level))
    digits = max(len(lower), len(upper)) - 1
    assert round_half_up(shown.lower, digits) == Decimal(lower)
    assert round_half_up(shown.upper, digits) == Decimal(upper)


@pytest.mark.parametrize(
    ("method", "k", "n", "lower", "upper"),
    [
        pytest.param("clopper-pearson", 26, 78, ".245171", ".431305", id=f"{JULIA}, 26/78"),
        pytest.param("wilson", 26, 78, ".252428", ".425413", id=f"{JULIA}, 26/78 score"),
        pytest.param("jeffreys", 26, 78, ".250988", ".424665", id=f"{JULIA}, 26/78 Jeffreys"),
        pytest.param("clopper-pearson", 6, 9, ".344941", ".902253", id=f"{JULIA}, 6/9"),
        pytest.param("wilson", 6, 9, ".398260", ".858029", id=f"{JULIA}, 6/9 score"),
        pytest.param("jeffreys", 6, 9, ".396043", ".868308", id=f"{JULIA}, 6/9 Jeffreys"),
    ],
)
def test_one_sided(method, k: int, n: int, lower: str, upper: str) -> None:
    shown = binomial_interval(k, n, method=method, sides=1)
    assert (shown.lower, shown.upper) == (Decimal(lower), Decimal(upper))


@pytest.mark.parametrize(
    ("first", "last", "stop"),
    [(3, 4, 3), (5, 6, 4), (8, 10, 5), (11, 13, 6), (14, 17, 7), (18, 20, 8), (21, 24, 9), (25, 28, 10), (29, 30, 11)],
)
def test_beta_binomial_stopping_boundary(first: int, last: int, stop: int) -> None:
    """README of R package stoppingrule 0.5.2: Beta(0.6, 2.4), stop when P(rate > 0.2) reaches 0.9630823.

    n = 7 is left out: with 4 of 7 the probability is 0.9630827, and the calibrated limit sits on that jump.
    """
    for n in range(first, last + 1):
        above = [posterior_above(k, n, Decimal("0.2"), prior=(0.6, 2.4)).probability for k in (stop - 1, stop)]
        assert above[0] < Decimal("0.9630823") < above[1]


@pytest.mark.parametrize(("threshold", "above"), [("0.41506549", "0.975"), ("0.47719977", "0.025")])
def test_girls_among_births_with_placenta_previa(threshold: str, above: str) -> None:
    """437 of 980, uniform prior: Gelman et al, Bayesian Data Analysis, 3rd edition 2013, p. 37, gives the central
    95 % as 0.415 to 0.477; Vehtari's demonstrations of the book print the two quantiles to eight digits."""
    shown = posterior_above(437, 980, Decimal(threshold))
    assert round_half_up(shown.probability, 6) == Decimal(above)
