"""Quantiles and tails: known values, inverses of each other, and what is refused."""

import math
import subprocess
import sys

import pytest

from firstbreath.stats.refusals import NotComputable
from firstbreath.stats.special import (
    beta_above,
    beta_quantile,
    f_above,
    f_quantile,
    normal_quantile,
    t_quantile,
)


def test_textbook_quantiles() -> None:
    """The 95 % points that every table of F, t and the normal distribution prints."""
    assert round(normal_quantile(0.975), 6) == 1.959964
    assert round(t_quantile(0.975, 6), 3) == 2.447
    assert round(t_quantile(0.975, 1), 3) == 12.706
    assert round(f_quantile(0.95, 3, 4), 2) == 6.59
    assert round(f_quantile(0.95, 1, 10), 2) == 4.96


def test_closed_forms() -> None:
    assert beta_quantile(0.975, 1, 7) == pytest.approx(1 - 0.025 ** (1 / 7), rel=1e-14)
    assert beta_above(0.1, 1, 8) == pytest.approx(0.9**8, rel=1e-14)
    assert f_above(4, 2, 2) == pytest.approx(1 / 5, rel=1e-14)
    assert t_quantile(0.75, 1) == pytest.approx(1, rel=1e-14)
    assert t_quantile(0.9, 2) == pytest.approx(0.8 / math.sqrt(0.18), rel=1e-12)


@pytest.mark.parametrize("df", [0.7, 1, 6.3, 17, 126, 1000])
@pytest.mark.parametrize("probability", [0.005, 0.025, 0.5, 0.95, 0.9995])
def test_f_quantile_and_tail_undo_each_other(df: float, probability: float) -> None:
    assert f_above(f_quantile(probability, df, 6), df, 6) == pytest.approx(1 - probability, rel=1e-9)


@pytest.mark.parametrize("df", [0.7, 1, 6.3, 17, 1000])
@pytest.mark.parametrize("probability", [0.75, 0.975, 0.9995])
def test_t_squared_is_f(df: float, probability: float) -> None:
    assert t_quantile(probability, df) ** 2 == pytest.approx(f_quantile(2 * probability - 1, 1, df), rel=1e-8)


def test_ends() -> None:
    assert (beta_quantile(0, 2, 3), beta_quantile(1, 2, 3)) == (0, 1)
    assert (beta_above(0, 2, 3), beta_above(1, 2, 3)) == (1, 0)
    assert (f_quantile(0, 2, 3), f_above(0, 2, 3)) == (0, 1)
    assert t_quantile(0.5, 7) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (lambda: beta_quantile(1.5, 1, 1), "probability is 1.5: give a finite number, from 0 to 1"),
        (lambda: beta_quantile(0.5, 0, 1), "a is 0: give a finite number above 0"),
        (lambda: beta_above(float("nan"), 1, 1), "threshold is nan"),
        (lambda: f_quantile(1, 2, 3), r"the 1 quantile of F\(2, 3\) is not a finite number"),
        (lambda: f_quantile(0.5, float("inf"), 3), "df1 is inf"),
        (lambda: f_above(-1, 2, 3), "value is -1: give a finite number, 0 or more"),
        (lambda: t_quantile(0, 3), r"the 0 quantile of t\(3\) is not a finite number"),
        (lambda: t_quantile(0.5, -1), "df is -1"),
        (lambda: normal_quantile(1), "probability is 1: the normal quantile needs one between 0 and 1"),
        (lambda: normal_quantile(float("inf")), "probability is inf"),
    ],
)
def test_values_without_an_answer_are_refused(compute, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        compute()


def test_scipy_is_not_loaded_before_it_is_needed() -> None:
    """A command that needs no quantile must not wait for scipy."""
    modules = "special, proportions, posteriors, fisher, paired_proportions, multiplicity"
    script = (
        "import sys\n"
        f"from firstbreath.stats import {modules}\n"
        "proportions.binomial_interval(1, 7, method='wilson')\n"
        "print([name for name in ('scipy', 'numpy') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"
