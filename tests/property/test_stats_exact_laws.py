"""Laws of the exact tests: what must not change p, what must mirror it, and another implementation on tied values."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from firstbreath.stats.answers import MonteCarlo
from firstbreath.stats.arrangements import (
    compute_choice_counts,
    compute_doubled_ranks,
    compute_sign_flip_counts,
    repeat_ranks,
)
from firstbreath.stats.dealing import count_spreads
from firstbreath.stats.monte_carlo import find_drawn_p
from firstbreath.stats.permutation import permutation_mean
from firstbreath.stats.ranks import rank_sum, signed_rank
from firstbreath.stats.several_groups import friedman, kruskal_wallis

FEW = settings(max_examples=60, deadline=None)
TENTHS = st.integers(-30, 30).map(lambda value: Decimal(value) / 10)
SAMPLE = st.lists(TENTHS, min_size=1, max_size=7)
GROUPS = st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=4), min_size=2, max_size=4)
TABLE = st.integers(2, 4).flatmap(
    lambda times: st.lists(st.lists(st.integers(0, 4), min_size=times, max_size=times), min_size=2, max_size=5)
)
TIED = st.lists(st.integers(1, 3), min_size=1, max_size=6).map(tuple)
ZEROS = st.sampled_from(["wilcoxon", "pratt", "zsplit"])
OPPOSITE = {"two-sided": "two-sided", "greater": "less", "less": "greater"}


def same(one, other):
    return (one.numerator, one.denominator, one.smallest) == (other.numerator, other.denominator, other.smallest)


@FEW
@given(SAMPLE, SAMPLE)
def test_ranks_do_not_see_a_monotone_transformation(x, y):
    bent = [[value**3 + 2 * value for value in sample] for sample in (x, y)]
    assert rank_sum(x, y) == rank_sum(*bent)
    assert kruskal_wallis([x, y]) == kruskal_wallis(bent)
    assert signed_rank(x) == signed_rank(bent[0])


@FEW
@given(SAMPLE, SAMPLE, st.sampled_from([*OPPOSITE]), ZEROS)
def test_mirrored_values_give_the_opposite_side(x, y, alternative, zeros):
    turned = [-value for value in x]
    assert same(
        signed_rank(x, alternative=alternative, zeros=zeros),
        signed_rank(turned, alternative=OPPOSITE[alternative], zeros=zeros),
    )
    for test in (rank_sum, permutation_mean):
        assert same(test(x, y, alternative=alternative), test(y, x, alternative=OPPOSITE[alternative]))
    assert same(
        permutation_mean(x, alternative=alternative), permutation_mean(turned, alternative=OPPOSITE[alternative])
    )


@FEW
@given(SAMPLE, SAMPLE)
def test_floats_and_fractions_are_the_decimals_they_print(x, y):
    for kind in (float, Fraction):
        first, second = ([kind(value) for value in sample] for sample in (x, y))
        assert (rank_sum(first, second), signed_rank(first)) == (rank_sum(x, y), signed_rank(x))
        assert permutation_mean(first, second) == permutation_mean(x, y)


@FEW
@given(SAMPLE, SAMPLE, st.integers(1, 9), st.integers(-9, 9))
def test_means_do_not_see_the_unit_or_the_origin(x, y, unit, origin):
    moved = [[unit * value + origin for value in sample] for sample in (x, y)]
    assert same(permutation_mean(x, y), permutation_mean(*moved))
    assert permutation_mean(*moved).statistic == unit * permutation_mean(x, y).statistic


@FEW
@given(GROUPS, st.randoms(use_true_random=False))
def test_groups_and_values_may_come_in_any_order(groups, chance):
    shuffled = [chance.sample(group, len(group)) for group in groups]
    assert kruskal_wallis(groups) == kruskal_wallis(chance.sample(shuffled, len(shuffled)))


@FEW
@given(TABLE, st.randoms(use_true_random=False))
def test_subjects_and_times_may_come_in_any_order(table, chance):
    order = chance.sample(range(len(table[0])), len(table[0]))
    turned = [[row[place] for place in order] for row in chance.sample(table, len(table))]
    assert friedman(table) == friedman(turned)


@FEW
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=9))
def test_friedman_of_two_times_is_the_sign_test(pairs):
    moved = [(late > early) - (late < early) for early, late in pairs]
    if any(moved):
        assert friedman(pairs).value == signed_rank(moved).value


@FEW
@given(SAMPLE, SAMPLE)
def test_two_groups_of_one_size_are_mann_and_whitneys(x, y):
    size = min(len(x), len(y))
    assert kruskal_wallis([x[:size], y[:size]]).value == rank_sum(x[:size], y[:size]).value


@FEW
@given(TIED, st.integers(0, 3), st.data())
def test_kernels_count_every_arrangement(groups, below, data):
    count = sum(groups)
    chosen = data.draw(st.integers(0, count))
    counts, signs = compute_choice_counts(groups, chosen), compute_sign_flip_counts(groups, below)
    assert sum(counts) == factorial(count) // factorial(chosen) // factorial(count - chosen)
    assert sum(signs) == 2**count
    assert len(signs) - 1 == sum(repeat_ranks(groups, below))
    assert counts[-1] > 0
    mean = Fraction(sum(place * ways for place, ways in enumerate(counts)), sum(counts))
    assert mean == chosen * (count + 1)
    assert len(compute_doubled_ranks(groups)) == len(groups)


@pytest.mark.parametrize("sizes", [(1, 2, 3), (2, 2, 2), (3, 3, 2), (1, 1, 2, 2), (4, 3), (2, 2, 2, 2)])
def test_both_kernels_of_dealing_agree(sizes, monkeypatch):
    for groups in [(1,) * sum(sizes), (2,) + (1,) * (sum(sizes) - 2), (3,) + (1,) * (sum(sizes) - 3)]:
        packed = count_spreads(sizes, repeat_ranks(groups))
        with monkeypatch.context() as patched:
            patched.setattr("firstbreath.stats.dealing.MOST_PACKED", -1)
            assert count_spreads(sizes, repeat_ranks(groups)) == packed
        assert sum(packed.values()) == factorial(sum(sizes)) // prod(map(factorial, sizes))


TIED_SAMPLES = [
    ([1, 2, 2, 5, 7], [2, 3, 3, 8]),
    ([0, 0, 1, 1, 3, 3], [1, 2, 2, 2]),
    ([4, 4, 9, 2.5, 2.5, 7], [2.5, 9, 9, 10, 11, 4]),
]


@pytest.mark.parametrize(("x", "y"), TIED_SAMPLES)
@pytest.mark.parametrize("alternative", [*OPPOSITE])
def test_scipy_enumerates_to_the_same_p(x, y, alternative):
    """scipy doubles the smaller tail where we count what is as far from the mean: unequal samples compare one side."""
    everything = scipy_stats.PermutationMethod(n_resamples=np.inf)
    if alternative != "two-sided" or len(x) == len(y):
        theirs = scipy_stats.mannwhitneyu(x, y, alternative=alternative, method=everything).pvalue
        assert float(rank_sum(x, y, alternative=alternative).value) == pytest.approx(theirs, rel=1e-12)
        means = scipy_stats.permutation_test(
            (x, y), lambda a, b: np.mean(a) - np.mean(b), alternative=alternative, n_resamples=np.inf
        ).pvalue
        assert float(permutation_mean(x, y, alternative=alternative).value) == pytest.approx(means, rel=1e-12)
    paired = [early - late for early, late in zip(x, y, strict=False)]
    flipped = scipy_stats.permutation_test(
        (paired,), np.mean, permutation_type="samples", alternative=alternative, n_resamples=np.inf
    ).pvalue
    assert float(permutation_mean(paired, alternative=alternative).value) == pytest.approx(flipped, rel=1e-12)


def test_scipy_deals_three_groups_to_the_same_p():
    groups = ([1, 2, 2], [2, 5, 6], [3, 6, 6])
    theirs = scipy_stats.permutation_test(
        groups, lambda *dealt: scipy_stats.kruskal(*dealt).statistic, alternative="greater", n_resamples=np.inf
    ).pvalue
    assert float(kruskal_wallis(groups).value) == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_error_of_the_drawing_covers_a_known_chance(seed):
    """Of the six orders of three, two begin with the first: the interval of what is drawn holds one third."""
    begins = [order[0] == 0 for order in permutations(range(3))]
    known = Fraction(sum(begins), len(begins))
    drawn = find_drawn_p(
        3,
        lambda orders: int((orders[:, 0, 0] == 0).sum()),
        chance=MonteCarlo(draws=4000, seed=seed),
        statistic=Fraction(0),
        method="exact test",
    )
    low, high = drawn.error
    assert low <= known <= high
