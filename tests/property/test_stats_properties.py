"""Laws of the exact statistics: counting every arrangement by hand agrees, and nothing possible is refused."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstbreath.stats.answers import PValue
from firstbreath.stats.attaining import check_attainable
from firstbreath.stats.consistency import (
    check_grim,
    check_median_granularity,
    check_percentage,
    compute_order_statistics_shown,
)
from firstbreath.stats.proportions import binomial_interval
from firstbreath.stats.quantiles import DEFINITIONS, compute_fitting_definitions, compute_quantile, compute_quartiles
from firstbreath.stats.ranks import rank_sum, sign_test_of_counts, signed_rank
from firstbreath.stats.rounding import prints_as, round_half_up

FEW = settings(max_examples=80, deadline=None)
TIED = st.integers(-4, 4)
VALUES = st.lists(st.fractions(-50, 50, max_denominator=10), min_size=1, max_size=9)
PROBABILITIES = st.fractions(0, 1, max_denominator=24)
ALTERNATIVES = st.sampled_from(["two-sided", "greater", "less"])


def midranks(values: list[int]) -> list[Fraction]:
    """Ranks by counting: those below, and half of those equal."""
    return [Fraction(sum(other < value for other in values)) + Fraction(values.count(value) + 1, 2) for value in values]


def count_extreme(statistics: list[Fraction], observed: Fraction, alternative: str) -> int:
    mean = sum(statistics) / Fraction(len(statistics))
    far: dict[str, Callable[[Fraction], bool]] = {
        "two-sided": lambda statistic: abs(statistic - mean) >= abs(observed - mean),
        "greater": lambda statistic: statistic >= observed,
        "less": lambda statistic: statistic <= observed,
    }
    return sum(map(far[alternative], statistics))


@FEW
@given(st.lists(TIED, min_size=1, max_size=8), st.sampled_from(["wilcoxon", "pratt"]), ALTERNATIVES)
def test_signed_rank_counts_every_sign_pattern(differences: list[int], zeros: str, alternative: str) -> None:
    ranked = differences if zeros == "pratt" else [difference for difference in differences if difference]
    ranks = [
        (rank, difference)
        for rank, difference in zip(midranks([abs(difference) for difference in ranked]), ranked, strict=True)
        if difference
    ]
    observed = sum((rank for rank, difference in ranks if difference > 0), Fraction(0))
    every = [
        sum((rank for (rank, _), taken in zip(ranks, signs, strict=True) if taken), Fraction(0))
        for signs in product((False, True), repeat=len(ranks))
    ]
    p = signed_rank(differences, zeros=zeros, alternative=alternative)
    assert (p.numerator, p.denominator) == (count_extreme(every, observed, alternative), 2 ** len(ranks))
    assert p.statistic == observed
    assert p.smallest == min(Fraction(count_extreme(every, end, alternative), len(every)) for end in every)


@FEW
@given(st.lists(TIED, min_size=1, max_size=5), st.lists(TIED, min_size=1, max_size=5), ALTERNATIVES)
def test_rank_sum_counts_every_choice(x: list[int], y: list[int], alternative: str) -> None:
    ranks = midranks(x + y)
    every = [sum(chosen, Fraction(0)) for chosen in combinations(ranks, len(x))]
    p = rank_sum(x, y, alternative=alternative)
    assert p.numerator == count_extreme(every, sum(ranks[: len(x)], Fraction(0)), alternative)
    assert p.denominator == comb(len(x) + len(y), len(x))
    wins = [Fraction(int(one > other) * 2 + int(one == other), 2) for one in x for other in y]
    assert p.statistic == sum(wins)
    assert p.smallest == min(Fraction(count_extreme(every, end, alternative), len(every)) for end in every)


@FEW
@given(st.integers(0, 6), st.integers(0, 6), ALTERNATIVES)
def test_the_sign_test_is_the_signed_rank_of_equal_steps(positive: int, negative: int, alternative: str) -> None:
    steps = [1] * positive + [-1] * negative
    if steps:
        ranked = signed_rank(steps, alternative=alternative)
        sign = sign_test_of_counts(positive, negative, alternative=alternative)
        assert (sign.numerator, sign.denominator) == (ranked.numerator, ranked.denominator)


@FEW
@given(st.lists(TIED, min_size=1, max_size=8), st.integers(1, 5))
def test_a_p_that_data_give_is_never_called_impossible(differences: list[int], decimals: int) -> None:
    n = len(differences)
    for zeros, (sides, alternative) in product(("wilcoxon", "pratt"), ((2, "two-sided"), (1, "greater"), (1, "less"))):
        p = signed_rank(differences, zeros=zeros, alternative=alternative)
        answer = check_attainable("signed-rank", (n,), round_half_up(p.value, decimals), sides=sides)
        assert answer.attainable
        assert (p.numerator, p.denominator) in answer.fractions


@FEW
@given(st.lists(TIED, min_size=1, max_size=6), st.lists(TIED, min_size=1, max_size=5), st.integers(1, 5))
def test_an_unpaired_p_that_data_give_is_never_called_impossible(x: list[int], y: list[int], decimals: int) -> None:
    for sides, alternative in ((2, "two-sided"), (1, "greater"), (1, "less")):
        p = rank_sum(x, y, alternative=alternative)
        answer = check_attainable("rank-sum", (len(x), len(y)), round_half_up(p.value, decimals), sides=sides)
        assert answer.attainable
        assert (p.numerator, p.denominator) in answer.fractions


def permutation_p(differences: list[int], alternative: str) -> PValue:
    every = [Fraction(sum(map(int.__mul__, differences, signs))) for signs in product((-1, 1), repeat=len(differences))]
    extreme = count_extreme(every, Fraction(sum(differences)), alternative)
    value = Fraction(extreme, len(every))
    return PValue(value, Fraction(0), "by counting", value, extreme, len(every))


@FEW
@given(st.lists(st.integers(-40, 40), min_size=1, max_size=7), st.integers(2, 5))
def test_a_permutation_p_is_never_called_impossible(differences: list[int], decimals: int) -> None:
    for sides, alternative in ((2, "two-sided"), (1, "greater")):
        printed = round_half_up(permutation_p(differences, alternative).value, decimals)
        assert check_attainable("permutation-paired", (len(differences),), printed, sides=sides).attainable


@pytest.mark.parametrize(("sides", "alternative"), [(1, "greater"), (2, "two-sided")])
def test_doubling_differences_attain_every_permutation_p(sides: int, alternative: str) -> None:
    given_by_data = {
        permutation_p([size * sign for size, sign in zip((1, 2, 4, 8), signs, strict=True)], alternative).numerator
        for signs in product((-1, 1), repeat=4)
    }
    assert given_by_data == set(range(sides, 17, sides))


@FEW
@given(st.integers(0, 7), st.integers(0, 7), st.integers(1, 5))
def test_a_sign_test_p_is_never_called_impossible(positive: int, negative: int, decimals: int) -> None:
    if positive + negative:
        p = sign_test_of_counts(positive, negative)
        answer = check_attainable("sign", (positive + negative + 1,), round_half_up(p.value, decimals))
        assert (p.numerator, p.denominator) in answer.fractions


@FEW
@given(st.decimals(0, 1, places=3), st.integers(1, 7), st.sampled_from([1, 2]))
def test_the_nearest_stand_on_either_side(printed: Decimal, n: int, sides: int) -> None:
    answer = check_attainable("signed-rank", (n,), printed, sides=sides)
    below, above = answer.nearest
    assert below <= above
    assert below <= Fraction(printed) or below == above
    assert above >= Fraction(printed) or below == above
    assert answer.attainable == bool(answer.fractions)


@FEW
@given(VALUES, PROBABILITIES, PROBABILITIES, st.sampled_from(DEFINITIONS))
def test_quantiles_rise_with_the_probability(
    values: list[Fraction], one: Fraction, other: Fraction, definition: int
) -> None:
    low, high = (compute_quantile(values, probability, definition) for probability in sorted((one, other)))
    assert min(values) <= low <= high <= max(values)


@FEW
@given(VALUES, st.sampled_from([2, 5, 6, 7, 8, 9]))
def test_quartiles_mirror_with_the_data(values: list[Fraction], definition: int) -> None:
    quartiles = compute_quartiles(values, definition)
    mirrored = compute_quartiles([-value for value in values], definition)
    assert (mirrored.first, mirrored.median, mirrored.third) == (-quartiles.third, -quartiles.median, -quartiles.first)


@FEW
@given(VALUES, st.sampled_from(DEFINITIONS), st.integers(0, 3))
def test_the_definition_used_always_fits(values: list[Fraction], definition: int, decimals: int) -> None:
    used = compute_quartiles(values, definition)
    printed = [round_half_up(value, decimals) for value in (used.first, used.median, used.third)]
    assert definition in compute_fitting_definitions(values, (printed[0], printed[1], printed[2]))


@FEW
@given(st.integers(1, 12), st.sampled_from(DEFINITIONS))
def test_order_statistics_shown_are_the_quartiles_of_any_data(n: int, definition: int) -> None:
    values = [Fraction(7**place) for place in range(1, n + 1)]  # no average of two is a third
    quartiles = compute_quartiles(values, definition)
    shown = {quartiles.first, quartiles.median, quartiles.third} & set(values)
    assert [values[place - 1] for place in compute_order_statistics_shown(n, definition)] == sorted(shown)


@FEW
@given(st.integers(1, 40), st.data())
def test_clopper_pearson_rises_and_mirrors(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n - 1))
    here, above = binomial_interval(k, n), binomial_interval(k + 1, n)
    assert here.lower < above.lower
    assert here.upper < above.upper
    assert here.lower <= Fraction(k, n) <= here.upper
    mirrored = binomial_interval(n - k, n)
    assert (mirrored.lower, mirrored.upper) == (1 - here.upper, 1 - here.lower)


@FEW
@given(st.integers(1, 30), st.data())
def test_clopper_pearson_limits_have_the_tail_they_claim(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n - 1))
    upper = Fraction(binomial_interval(k, n).upper)
    step = Fraction(1, 10**6)

    def tail(rate: Fraction) -> Fraction:
        return sum((comb(n, i) * rate**i * (1 - rate) ** (n - i) for i in range(k + 1)), Fraction(0))

    assert tail(upper - step) > Fraction(1, 40) > tail(upper + step)


@FEW
@given(st.lists(st.integers(-20, 20), min_size=1, max_size=12), st.integers(0, 3))
def test_a_summary_that_data_give_is_never_called_impossible(values: list[int], decimals: int) -> None:
    n = len(values)
    assert check_grim(round_half_up(Fraction(sum(values), n), decimals), n)
    assert check_median_granularity(round_half_up(compute_quartiles(values).median, decimals), n, 0)
    positive = sum(value > 0 for value in values)
    assert check_percentage(round_half_up(Fraction(100 * positive, n), decimals), n)


@FEW
@given(st.fractions(-100, 100), st.integers(0, 6))
def test_rounding_is_to_the_nearest_and_halves_go_out(value: Fraction, decimals: int) -> None:
    printed = round_half_up(value, decimals)
    unit = Fraction(1, 10**decimals)
    assert abs(Fraction(printed) - value) <= unit / 2
    assert prints_as(value, printed)
    if abs(Fraction(printed) - value) == unit / 2:
        assert abs(Fraction(printed)) > abs(value)
