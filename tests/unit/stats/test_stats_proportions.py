"""Intervals for k of n, and bounds where outcomes are missing."""

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from firstbreath.stats.proportions import (
    MOST_EXACT,
    Proportion,
    RateBounds,
    binomial_interval,
    compute_wilson_upper,
    rate_bounds,
)
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import round_half_up
from firstbreath.stats.special import beta_quantile

METHODS = ["clopper-pearson", "wilson", "jeffreys"]


@pytest.mark.parametrize("n", [1, 3, 7, 24, 300])
@pytest.mark.parametrize(("sides", "tail"), [(1, Decimal("0.05")), (2, Decimal("0.025"))])
def test_none_and_all_agree_with_the_closed_form(n: int, sides: int, tail: Decimal) -> None:
    with localcontext() as context:
        context.prec = 60
        limit = round_half_up(1 - tail ** (Decimal(1) / n), 6)
    none, every = binomial_interval(0, n, sides=sides), binomial_interval(n, n, sides=sides)
    assert (none.lower, none.upper) == (0, limit)
    assert (every.lower, every.upper) == (1 - limit, 1)


def test_the_estimate_says_what_it_is() -> None:
    assert binomial_interval(1, 7) == Proportion(
        1, 7, Decimal("0.003610"), Decimal("0.578723"), Decimal("0.95"), 2, "Clopper-Pearson"
    )


@pytest.mark.parametrize(
    ("method", "upper", "name"),
    [
        ("clopper-pearson", "0.409616", "Clopper-Pearson"),
        ("wilson", "0.354330", "Wilson score"),
        ("jeffreys", "0.292436", "Jeffreys"),
    ],
)
def test_none_of_seven_by_each_method(method, upper: str, name: str) -> None:
    shown = binomial_interval(0, 7, method=method)
    assert (shown.lower, str(shown.upper), shown.method) == (0, upper, name)


@pytest.mark.parametrize("method", METHODS)
def test_a_higher_level_is_wider(method) -> None:
    narrow, wide = (binomial_interval(2, 7, method=method, level=level) for level in (0.9, 0.99))
    assert wide.lower < narrow.lower < narrow.upper < wide.upper


@pytest.mark.parametrize("method", METHODS)
def test_none_and_all_reach_the_ends(method) -> None:
    assert binomial_interval(0, 7, method=method).lower == 0
    assert binomial_interval(7, 7, method=method).upper == 1


def test_numpy_counts_and_a_float_level_give_the_same_value() -> None:
    assert binomial_interval(np.int64(1), np.int32(7), level=0.95) == binomial_interval(1, 7)


@pytest.mark.parametrize("k", [0, 1, 430, 999, 1000])
def test_beyond_a_thousand_the_limits_go_on_smoothly(k: int) -> None:
    """Integers up to 1,000 subjects, beta quantiles beyond: both give the same six decimals where they meet."""
    shown = binomial_interval(k, MOST_EXACT)
    quantile = Fraction(1) if k == MOST_EXACT else 1 - Fraction(beta_quantile(0.025, MOST_EXACT - k, k + 1))
    assert shown.upper == round_half_up(quantile, 6)
    beyond = binomial_interval(k, MOST_EXACT + 1)
    assert 0 <= shown.upper - beyond.upper < Decimal("0.004")


def test_a_million_subjects() -> None:
    shown = binomial_interval(0, 10**6)
    assert str(shown.upper) == "0.000004"


def test_wilson_solves_the_score_equation() -> None:
    """At the upper limit the rate seen lies z standard errors below, with the error of the limit itself."""
    upper = compute_wilson_upper(3, 7, Fraction(1, 40))
    z = (upper - Decimal(3) / 7) / (upper * (1 - upper) / 7).sqrt()
    assert round_half_up(z, 6) == Decimal("1.959964")


@pytest.mark.parametrize(
    ("k", "n", "extra", "message"),
    [
        (0, 0, {}, "n is 0: give 1 or more"),
        (1, 10**6 + 1, {}, "n is 1000001: the interval takes at most 1,000,000 subjects"),
        (8, 7, {}, "k is 8 of 7: it must be 0 to 7"),
        (-1, 7, {}, "k is -1"),
        (3.5, 7, {}, "k is 3.5: give a whole number"),
        (True, 7, {}, "k is True"),
        (1, "7", {}, "n is '7'"),
        (None, 7, {}, "k is missing"),
        (float("nan"), 7, {}, "k is nan"),
        (1, 7, {"level": Decimal(95)}, "level is 95: give a confidence between 0 and 1"),
        (1, 7, {"sides": 3}, "sides is 3: choose 1 or 2"),
        (1, 7, {"sides": True}, "sides is True: choose 1 or 2"),
        (1, 7, {"method": "wald"}, "method is 'wald': choose one of clopper-pearson, wilson, jeffreys"),
    ],
)
def test_what_is_not_a_proportion_is_refused(k, n, extra, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        binomial_interval(k, n, **extra)


def test_too_many_subjects_is_a_question_of_size() -> None:
    with pytest.raises(TooLarge):
        binomial_interval(1, 10**7)


class TestRateBounds:
    def test_two_missing_of_nine(self) -> None:
        assert rate_bounds(1, 7, 2) == RateBounds(
            Fraction(1, 9),
            Fraction(3, 9),
            binomial_interval(1, 9).lower,
            binomial_interval(3, 9).upper,
            Decimal("0.95"),
            2,
            "Clopper-Pearson",
        )

    def test_nothing_missing_is_the_interval_itself(self) -> None:
        bounds, shown = rate_bounds(2, 7, 0), binomial_interval(2, 7)
        assert bounds.best == bounds.worst == Fraction(2, 7)
        assert (bounds.lower, bounds.upper) == (shown.lower, shown.upper)

    def test_everybody_missing_says_nothing(self) -> None:
        bounds = rate_bounds(0, 0, 5)
        assert (bounds.best, bounds.worst, bounds.lower, bounds.upper) == (0, 1, 0, 1)

    @pytest.mark.parametrize(
        ("k", "n", "missing", "message"),
        [
            (0, 0, 0, "n is 0: give 1 or more"),
            (3, 2, 4, "k is 3 of 2: it must be 0 to 2; subjects with a missing outcome are not in n"),
            (1, 7, -1, "missing is -1"),
            (1, 7, 0.5, "missing is 0.5"),
        ],
    )
    def test_impossible_counts_are_refused(self, k, n, missing, message: str) -> None:
        with pytest.raises(NotComputable, match=message):
            rate_bounds(k, n, missing)
