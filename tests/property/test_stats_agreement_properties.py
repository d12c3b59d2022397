"""Laws of agreement: two ways of computing agree, and no input gives a silent wrong number."""

from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import sqrt
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import chi2, norm, t

from firstbreath.stats.agreement import agreement
from firstbreath.stats.bland_altman import bland_altman, limits_of_agreement
from firstbreath.stats.intraclass import intraclass
from firstbreath.stats.kappa import compute_kappa, kappa, kappa_of_table
from firstbreath.stats.ratings import compute_distances
from firstbreath.stats.resampling import cluster_bootstrap

FEW = settings(max_examples=60, deadline=None)
PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=30)
WEIGHTS = st.sampled_from([None, "linear", "quadratic"])
TABLES = st.integers(2, 3).flatmap(
    lambda readers: st.lists(st.lists(st.integers(0, 4), min_size=readers, max_size=readers), min_size=2, max_size=7)
)


@FEW
@given(PAIRS, WEIGHTS)
def test_kappa_is_one_less_disagreement_over_chance(pairs: list[tuple[int, int]], weights: str | None) -> None:
    """The definition over all pairs of raters' scores, without a table."""
    found = kappa(*zip(*pairs, strict=True), weights=weights, categories=range(5))  # type: ignore[arg-type,misc]
    power = {None: 0, "linear": 1, "quadratic": 2}[weights]

    def apart(one: int, other: int) -> int:
        return (one != other) * abs(one - other) ** power

    seen = Fraction(sum(apart(*pair) for pair in pairs), len(pairs))
    chance = Fraction(sum(apart(one, other) for one, _ in pairs for _, other in pairs), len(pairs) ** 2)
    assert found.value == (1 - seen / chance if chance else None)
    flat = [cell for row in found.table for cell in row]
    assert compute_kappa(flat, compute_distances(5, weights)) == found.value


@FEW
@given(PAIRS, WEIGHTS)
def test_kappa_stays_between_minus_one_and_one_and_turns_with_the_scale(
    pairs: list[tuple[int, int]], weights: str | None
) -> None:
    first, second = zip(*pairs, strict=True)
    found = kappa(first, second, weights=weights, categories=range(5))  # type: ignore[arg-type]
    turned = kappa(
        [4 - score for score in second], [4 - score for score in first], weights=weights, categories=range(5)
    )  # type: ignore[arg-type]
    assert turned.value == found.value
    assert turned.standard_error == found.standard_error
    assert found.value is None or -1 <= found.value <= 1


@FEW
@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3), WEIGHTS)
def test_standard_error_is_the_delta_method(table: list[list[int]], weights: str | None) -> None:
    """Derivatives of kappa by small steps in each cell's share, against the formulas of 1969."""
    n = sum(map(sum, table))
    if n < 2 or (found := kappa_of_table(table, weights=weights)).value is None:  # type: ignore[arg-type]
        return
    distances = compute_distances(3, weights)

    def value(shares: list[float]) -> float:
        rows = [sum(shares[start : start + 3]) for start in (0, 3, 6)]
        columns = [sum(shares[start::3]) for start in (0, 1, 2)]
        chance = sum(d * row * column for d, (row, column) in zip(distances, product(rows, columns), strict=True))
        return 1 - sum(shares) * sum(d * share for d, share in zip(distances, shares, strict=True)) / chance

    shares = [cell / n for row in table for cell in row]
    step = 1e-6
    slopes = [
        (
            value([s + step * (i == j) for i, s in enumerate(shares)])
            - value([s - step * (i == j) for i, s in enumerate(shares)])
        )
        / (2 * step)
        for j in range(9)
    ]
    mean = sum(slope * share for slope, share in zip(slopes, shares, strict=True))
    variance = sum(share * (slope - mean) ** 2 for slope, share in zip(slopes, shares, strict=True)) / n
    assert float(found.standard_error or 0) == pytest.approx(sqrt(variance), abs=2e-5)


@FEW
@given(TABLES)
def test_quadratic_kappa_and_the_correlations_are_near_relatives(ratings: list[list[int]]) -> None:
    """Fleiss and Cohen 1973: for two readers, quadratic kappa is ICC(2,1) with sums of squares over n, not n - 1."""
    found = intraclass(ratings)
    squares, n, k = found.squares, found.subjects, found.readers
    total = sum((Fraction(rating) - Fraction(sum(map(sum, ratings)), n * k)) ** 2 for row in ratings for rating in row)
    assert squares.between * (n - 1) + squares.within * n * (k - 1) == total
    assert squares.within * n * (k - 1) == squares.readers * (k - 1) + squares.residual * (n - 1) * (k - 1)
    if k == 2:
        value = kappa(*zip(*ratings, strict=True), weights="quadratic", categories=range(5)).value
        rows, error, readers = ((n - 1) * s for s in (squares.between, squares.residual, squares.readers / (n - 1)))
        bottom = rows + error + 2 * readers
        assert value == ((rows - error) / bottom if bottom else None)


@FEW
@given(TABLES, st.fractions(-3, 3), st.fractions(Fraction(1, 5), 7, max_denominator=9))
def test_correlations_keep_still_when_the_unit_changes(
    ratings: list[list[int]], shift: Fraction, factor: Fraction
) -> None:
    moved = [[rating * factor + shift for rating in row] for row in ratings]
    assert intraclass(moved).icc_2_1 == intraclass(ratings).icc_2_1
    assert intraclass(moved).icc_1_k == intraclass(ratings).icc_1_k


@FEW
@given(TABLES)
def test_no_table_gives_a_limit_on_the_wrong_side(ratings: list[list[int]]) -> None:
    found = intraclass(ratings)
    for form in (found.icc_1_1, found.icc_2_1, found.icc_3_1, found.icc_1_k, found.icc_2_k, found.icc_3_k):
        assert form.value is None or form.value <= 1
        assert form.lower is None or form.value is None or form.lower <= form.value + Fraction(1, 10**6)
        assert form.upper is None or form.value is None or form.value - Fraction(1, 10**6) <= form.upper <= 1


@FEW
@given(st.lists(st.integers(-5, 5), min_size=2, max_size=4), st.sampled_from(["0.5", "0.8", "0.95"]))
def test_bootstrap_counts_every_ordered_resample(values: list[int], level: str) -> None:
    every = sorted(Fraction(sum(sample)) for sample in product(values, repeat=len(values)))
    tail = (1 - Fraction(level)) / 2 * len(every)
    lower = next(value for place, value in enumerate(every, 1) if place >= tail)
    upper = next(value for place, value in enumerate(reversed(every), 1) if place >= tail)
    found = cluster_bootstrap(values, sum, level=Decimal(level))
    assert (found.lower, found.upper) == ((lower, upper) if lower < upper else (None, None))
    if lower < upper:
        assert found.share == Fraction(sum(lower <= value <= upper for value in every), len(every))
        mean = sum(every, Fraction(0)) / len(every)
        variance = sum(((value - mean) ** 2 for value in every), Fraction(0)) / len(every)
        assert float(found.standard_error or 0) == pytest.approx(sqrt(variance), abs=1e-6)
        n = len(values)
        margin = t.ppf((1 + float(level)) / 2, n - 1) * sqrt(variance * n / (n - 1))
        assert float(found.t_upper or 0) == pytest.approx(sum(values) + margin, abs=2e-6)


@FEW
@given(st.lists(st.tuples(st.integers(0, 72), st.integers(0, 72)), min_size=3, max_size=9))
def test_limits_hold_together(pairs: list[tuple[int, int]]) -> None:
    found = bland_altman(*zip(*pairs, strict=True))
    limits = found.limits
    assert limits.mean == Fraction(sum(one - other for one, other in pairs), len(pairs))
    assert [difference for _, difference in found.points] == [one - other for one, other in pairs]
    if limits.sd:
        ends = (limits.exact_lower_limit, limits.bias, limits.exact_upper_limit)
        assert all(end.lower < end.estimate < end.upper for end in ends)  # type: ignore[operator]


@pytest.mark.parametrize(("n", "level"), [(3, 0.95), (7, 0.95), (7, 0.5), (30, 0.99)])
def test_exact_factors_hold_what_they_say(n: int, level: float) -> None:
    """The probability that mean + factor * SD lies above the true limit, by integrating over the SD."""
    found = limits_of_agreement(0, 1, n, level=Decimal(str(level))).exact_upper_limit
    for factor, tail in ((found.lower, (1 - level) / 2), (found.upper, (1 + level) / 2)):
        reached, _ = quad(
            lambda v, k=float(factor or 0): norm.cdf((k * sqrt(v / (n - 1)) - 1.96) * sqrt(n)) * chi2.pdf(v, n - 1),
            *(0, chi2.ppf(1 - 1e-13, n - 1)),
            limit=400,
        )
        assert reached == pytest.approx(tail, abs=2e-6)


@FEW
@given(st.lists(st.tuples(*[st.integers(0, 4)] * 2, st.sampled_from("ABCD")), min_size=8, max_size=24))
def test_the_block_agrees_with_its_parts(read: list[tuple[int, int, str]]) -> None:
    first, second, subjects = zip(*read, strict=True)
    if len(set(subjects)) < 3:
        return
    found = agreement(first, second, subjects)
    assert found.linear.pooled.value == kappa(first, second, weights="linear", categories=range(5)).value
    assert found.linear.resampled.estimate == found.linear.pooled.value
    assert sum(total.first for total in found.totals) == sum(first)
    assert found.same == sum(one == other for one, other in zip(first, second, strict=True))
    assert all(sentence.endswith(".") for sentence in found.sentences)


def test_normal_quantile_is_the_one_used() -> None:
    found = kappa_of_table([[20, 5], [6, 30]], level=Decimal("0.9"))
    half = NormalDist().inv_cdf(0.95) * float(found.standard_error or 0)
    assert float(found.upper or 0) - float(found.value or 0) == pytest.approx(half, abs=3e-6)
