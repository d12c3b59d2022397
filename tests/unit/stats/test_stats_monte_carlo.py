"""Drawing at random: the same seed draws the same, the error covers what is counted, wrong leave is refused."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest

from firstbreath.stats.answers import MonteCarlo, render_p
from firstbreath.stats.monte_carlo import decide_drawing, draw_orders, find_drawn_p, parse_chance
from firstbreath.stats.ranks import signed_rank
from firstbreath.stats.refusals import NotComputable, TooLarge

PINNED = [[3, 2, 4, 0, 1], [1, 0, 2, 4, 3], [4, 1, 0, 3, 2]]
"""The first three orders of five that seed 5 has drawn since the first release."""
MANY = [(-1) ** (place % 3) * place for place in range(1, 702)]


def draw(found, draws=1000):
    """The p when so many of the draws are as extreme as what was seen."""
    left = iter([found])
    return find_drawn_p(
        2, lambda _: next(left, 0), chance=MonteCarlo(draws, 5), statistic=Fraction(7), method="exact test of a kind"
    )


@pytest.mark.parametrize(
    ("found", "error"),
    [
        # R 4.2.2, binom.test(found, 1000, conf.level = 0.99)
        pytest.param(0, ("0", "0.005284"), id="none"),
        pytest.param(30, ("0.017868", "0.046802"), id="thirty"),
        pytest.param(1000, ("0.994716", "1"), id="all"),
    ],
)
def test_one_is_added_to_both_and_the_error_is_of_what_was_drawn(found, error):
    p = draw(found)
    assert (str(p), p.smallest, p.statistic) == (f"{found + 1}/1001", Fraction(1, 1001), 7)
    assert p.error == tuple(map(Decimal, error))
    assert p.error[0] <= p.value <= p.error[1]


def test_method_says_that_it_was_drawn():
    assert draw(30).method == "test of a kind, Monte Carlo, 1,000 draws, seed 5"
    assert render_p(draw(30)) == "0.0310 (drawn, 99 % between 0.0179 and 0.0468)"


def test_same_seed_gives_the_same_answer_on_every_machine():
    """The Philox stream of a seed is fixed by its definition; these numbers must never change."""
    p = signed_rank(MANY, monte_carlo=MonteCarlo(draws=2000, seed=5), alternative="greater")
    assert p == signed_rank(MANY, monte_carlo=MonteCarlo(draws=2000, seed=5), alternative="greater")
    (orders,) = draw_orders(5, 3, seed=5)
    assert orders[:, 0, :].tolist() == PINNED


def test_orders_are_equally_likely():
    (orders,) = draw_orders(3, 60_000, seed=1)
    counts = dict.fromkeys(permutations(range(3)), 0)
    for order in orders[:, 0, :].tolist():
        counts[tuple(order)] += 1
    assert all(9_600 < count < 10_400 for count in counts.values())


def test_drawings_do_not_depend_on_how_many_are_held_at_once(monkeypatch):
    (whole,) = draw_orders(4, 50, seed=3, rows=2)
    monkeypatch.setattr("firstbreath.stats.monte_carlo.AT_ONCE", 56)
    parts = [order for orders in draw_orders(4, 50, seed=3, rows=2) for order in orders.tolist()]
    assert parts == whole.tolist()


def test_drawing_is_decided_only_where_it_is_needed():
    leave = MonteCarlo(draws=1000, seed=1)
    assert decide_drawing(leave, "", too_large=False) is None
    assert decide_drawing(leave, "", too_large=True) is leave
    with pytest.raises(TooLarge, match="7 values are too many; pass monte_carlo=MonteCarlo"):
        decide_drawing(None, "7 values are too many", too_large=True)


@pytest.mark.parametrize(
    ("chance", "says"),
    [
        (MonteCarlo(999, 1), "draws is 999: give 1000 or more"),
        (MonteCarlo(1_000_001, 1), "at most 1,000,000 draws"),
        (MonteCarlo(1000, -1), "seed is -1: give 0 or more"),
        (MonteCarlo(1000, 2**64), "below 2"),
        (MonteCarlo(1000, True), "seed is True"),
        (MonteCarlo(1000, 1.5), "whole number"),
        ("often", "give MonteCarlo"),
    ],
    ids=str,
)
def test_leave_that_makes_no_sense(chance, says):
    with pytest.raises(NotComputable, match=says):
        parse_chance(chance, 10)


def test_too_many_keys_are_refused_before_they_are_drawn():
    with pytest.raises(TooLarge, match="1,000,000 draws of 5,000 values are too many"):
        parse_chance(MonteCarlo(1_000_000, 1), 5000)
