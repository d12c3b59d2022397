"""Beliefs about a rate after k of n, and the chance to see an event at all."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from firstbreath.stats.posteriors import chance_of_seeing, posterior_above, subjects_to_see
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import round_half_up
from firstbreath.stats.special import beta_above


@pytest.mark.parametrize(
    ("threshold", "uniform", "jeffreys"),
    [("0.05", "0.66", "0.39"), ("0.1", "0.43", "0.22"), ("0.2", "0.168", "0.072"), ("0.3", "0.058", "0.023")],
)
def test_none_of_seven(threshold: str, uniform: str, jeffreys: str) -> None:
    for prior, expected in (("uniform", uniform), ("jeffreys", jeffreys)):
        shown = posterior_above(0, 7, Decimal(threshold), prior=prior)
        assert round_half_up(shown.probability, len(expected) - 2) == Decimal(expected)


def test_a_uniform_prior_is_exact() -> None:
    shown = posterior_above(0, 7, 0.1)
    assert (shown.probability, shown.exact) == (Fraction(9, 10) ** 8, True)


def test_a_jeffreys_prior_is_rounded_at_six_decimals() -> None:
    shown = posterior_above(0, 7, 0.1, prior="jeffreys")
    assert (shown.probability, shown.exact) == (Fraction(216248, 10**6), False)


@pytest.mark.parametrize(
    ("k", "n", "threshold", "prior", "text"),
    [
        (0, 7, 0.1, "uniform", "P(rate > 10 %) = 0.43 under a uniform prior Beta(1, 1)"),
        (0, 7, 0.3, "uniform", "P(rate > 30 %) = 0.058 under a uniform prior Beta(1, 1)"),
        (0, 7, 0.125, "jeffreys", "P(rate > 12.5 %) = 0.16 under a Jeffreys prior Beta(0.5, 0.5)"),
        (3, 7, 0.2, (0.6, 2.4), "P(rate > 20 %) = 0.86 under a prior Beta(0.6, 2.4)"),
        (7, 7, 0.1, "uniform", "P(rate > 10 %) > 0.999 under a uniform prior Beta(1, 1)"),
        (0, 7, 0.9, "uniform", "P(rate > 90 %) < 0.001 under a uniform prior Beta(1, 1)"),
    ],
)
def test_the_text_names_threshold_and_prior(k, n, threshold, prior, text: str) -> None:
    assert posterior_above(k, n, threshold, prior=prior).text == text


@pytest.mark.parametrize("prior", ["uniform", "jeffreys", (2, 5)])
def test_every_rate_is_above_nought_and_none_above_one(prior) -> None:
    assert posterior_above(2, 7, 0, prior=prior).probability == 1
    assert posterior_above(2, 7, 1, prior=prior).probability == 0


def test_exact_sum_and_beta_tail_agree_where_they_meet() -> None:
    exact, rounded = (posterior_above(600, n, 0.3) for n in (1998, 1999))
    assert (exact.exact, rounded.exact) == (True, False)
    assert float(exact.probability) == pytest.approx(beta_above(0.3, 601, 1399), rel=1e-9)
    assert rounded.probability == round_half_up(Fraction(beta_above(0.3, 601, 1400)), 6)


def test_numpy_values_are_taken() -> None:
    assert posterior_above(np.int64(0), np.int64(7), np.float64(0.1)) == posterior_above(0, 7, 0.1)


@pytest.mark.parametrize(
    ("k", "n", "threshold", "prior", "message"),
    [
        (8, 7, 0.1, "uniform", "k is 8 of 7"),
        (0, 0, 0.1, "uniform", "n is 0"),
        (0, 10_001, 0.1, "uniform", "n is 10001: the exact answer takes at most 10,000 subjects"),
        (0, 7, 10, "uniform", "threshold is 10: give a share from 0 to 1, such as 0.1 for 10 %"),
        (0, 7, float("nan"), "uniform", "threshold is nan"),
        (0, 7, 0.1, "flat", "prior is 'flat': choose"),
        (0, 7, 0.1, (0, 1), r"prior is \(0, 1\): give two parameters above 0"),
        (0, 7, 0.1, (1, 1, 1), r"prior is \(1, 1, 1\): give two parameters"),
        (0, 7, 0.1, (1,), "prior has 1 value: at least 2 needed"),
        (0, 7, 0.1, None, "prior is None: give a list of numbers"),
        (0, 7, 0.1, (1, True), "value 2 of prior is True"),
    ],
)
def test_what_has_no_posterior_is_refused(k, n, threshold, prior, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        posterior_above(k, n, threshold, prior=prior)


@pytest.mark.parametrize(("rate", "chance"), [("0.05", ".302"), ("0.1", ".522"), ("0.2", ".790"), ("0.3", ".918")])
def test_chance_of_an_event_among_seven(rate: str, chance: str) -> None:
    assert round_half_up(chance_of_seeing(Decimal(rate), 7), 3) == Decimal(chance)


def test_chance_is_exact() -> None:
    assert chance_of_seeing(0.1, 2) == Fraction(19, 100)
    assert (chance_of_seeing(0, 7), chance_of_seeing(1, 7)) == (0, 1)


@pytest.mark.parametrize(("rate", "n"), [(0.01, 299), (0.05, 59), (0.1, 29), (0.2, 14), (0.35, 7), (1, 1)])
def test_subjects_to_see_one_event(rate: float, n: int) -> None:
    assert subjects_to_see(rate, 0.95) == n


def test_a_chance_met_exactly_is_met() -> None:
    assert subjects_to_see(0.5, 0.875) == 3


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (lambda: chance_of_seeing(1.2, 7), "rate is 1.2: give a share"),
        (lambda: chance_of_seeing(0.1, 0), "n is 0"),
        (lambda: chance_of_seeing(0.1, 10_001), "n is 10001"),
        (lambda: subjects_to_see(0, 0.95), "rate is 0: an event that never happens"),
        (lambda: subjects_to_see(0.1, 1), "chance is 1: give a probability between 0 and 1"),
        (lambda: subjects_to_see(0.1, 0), "chance is 0"),
        (lambda: subjects_to_see("0.1", 0.95), "rate is '0.1'"),
    ],
)
def test_questions_without_an_answer_are_refused(compute, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        compute()


def test_a_very_rare_event_needs_too_many_subjects() -> None:
    with pytest.raises(TooLarge, match=r"rate is 0\.0001: it takes more than 10,000 subjects"):
        subjects_to_see(0.0001, 0.95)
