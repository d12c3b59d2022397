"""Proportions, tables and several tests against slow definitions written out in full."""

from fractions import Fraction
from itertools import combinations, permutations, product
from math import comb

from hypothesis import given, settings
from hypothesis import strategies as st

from firstbreath.stats.fisher import fisher_exact
from firstbreath.stats.multiplicity import hochberg, holm
from firstbreath.stats.paired_proportions import compare_paired, paired_proportions
from firstbreath.stats.posteriors import chance_of_seeing, posterior_above, subjects_to_see
from firstbreath.stats.proportions import binomial_interval, rate_bounds

FEW = settings(max_examples=40, deadline=None)
METHODS = st.sampled_from(["clopper-pearson", "wilson", "jeffreys"])
SMALL = st.integers(0, 4)
TABLES = st.tuples(st.integers(2, 3), st.integers(2, 3)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 2), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    ).filter(lambda table: 0 < sum(map(sum, table)) <= 8)
)
P_VALUES = st.lists(st.fractions(0, 1, max_denominator=64), min_size=1, max_size=6)


@st.composite
def events(draw: st.DrawFn, most: int = 40) -> tuple[int, int]:
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


def binomial(n: int, k: int, rate: Fraction) -> Fraction:
    return comb(n, k) * rate**k * (1 - rate) ** (n - k)


@FEW
@given(events(), METHODS, st.sampled_from([1, 2]))
def test_intervals_mirror_and_hold_the_rate(counts, method, sides) -> None:
    k, n = counts
    here, mirrored = (binomial_interval(events, n, method=method, sides=sides) for events in (k, n - k))
    assert (mirrored.lower, mirrored.upper) == (1 - here.upper, 1 - here.lower)
    assert 0 <= here.lower <= Fraction(k, n) <= here.upper <= 1


@FEW
@given(events(), METHODS)
def test_one_event_more_moves_both_limits_up(counts, method) -> None:
    k, n = counts
    here, above = (binomial_interval(events, n + 1, method=method) for events in (k, k + 1))
    assert here.lower < above.lower
    assert here.upper < above.upper


@FEW
@given(st.integers(1, 12), st.integers(1, 96), st.sampled_from([1, 2]))
def test_clopper_pearson_never_covers_less_than_it_promises(n: int, place: int, sides: int) -> None:
    """The chance that the limits hold the true rate is summed exactly over all outcomes."""
    rate = Fraction(place, 97)
    shown = [binomial_interval(k, n, level=0.9, sides=sides) for k in range(n + 1)]
    covered = sum(binomial(n, each.k, rate) for each in shown if each.lower <= rate <= each.upper)
    below = sum(binomial(n, each.k, rate) for each in shown if rate <= each.upper)
    assert (covered if sides == 2 else below) >= Fraction(9, 10)


@FEW
@given(events())
def test_jeffreys_lies_within_clopper_pearson(counts) -> None:
    """Brown, Cai and DasGupta, Statistical Science 2001;16:101, section 4.1.2."""
    exact, jeffreys = (binomial_interval(*counts, method=method) for method in ("clopper-pearson", "jeffreys"))
    assert exact.lower <= jeffreys.lower
    assert jeffreys.upper <= exact.upper


@FEW
@given(events(8), st.integers(0, 3), METHODS)
def test_rate_bounds_cover_whatever_was_missing(counts, missing: int, method) -> None:
    k, n = counts
    bounds = rate_bounds(k, n, missing, method=method)
    filled = [binomial_interval(k + more, n + missing, method=method) for more in range(missing + 1)]
    assert bounds.best == min(Fraction(each.k, each.n) for each in filled)
    assert bounds.worst == max(Fraction(each.k, each.n) for each in filled)
    assert (bounds.lower, bounds.upper) == (min(each.lower for each in filled), max(each.upper for each in filled))


@FEW
@given(events(6), st.integers(1, 3), st.integers(1, 3), st.fractions(0, 1, max_denominator=20))
def test_posterior_is_the_integral_of_its_polynomial(counts, a: int, b: int, threshold: Fraction) -> None:
    """x^(A-1) (1-x)^(B-1) multiplied out and integrated term by term, over the whole and above the threshold."""
    k, n = counts
    power, other = a + k - 1, b + n - k - 1
    terms = [((-1) ** i * comb(other, i), power + i + 1) for i in range(other + 1)]
    whole = sum(Fraction(sign, degree) for sign, degree in terms)
    above = sum(Fraction(sign, degree) * (1 - threshold**degree) for sign, degree in terms)
    assert posterior_above(k, n, threshold, prior=(a, b)).probability == above / whole


@FEW
@given(st.integers(1, 60), st.integers(1, 19))
def test_subjects_to_see_are_enough_and_one_fewer_is_not(rate: int, chance: int) -> None:
    share, asked = Fraction(rate, 60), Fraction(chance, 20)
    n = subjects_to_see(share, asked)
    assert chance_of_seeing(share, n) >= asked
    assert n == 1 or chance_of_seeing(share, n - 1) < asked


def deal(table: list[list[int]]) -> list[tuple[tuple[int, ...], ...]]:
    """The table of every way to deal the labelled subjects into the rows, one entry for each way."""
    outcomes = [column for row in table for column, cell in enumerate(row) for _ in range(cell)]
    rows = [at for at, row in enumerate(table) for _ in range(sum(row))]
    dealt = []
    for order in set(permutations(rows)):
        cells = [[0] * len(table[0]) for _ in table]
        for row, column in zip(order, outcomes, strict=True):
            cells[row][column] += 1
        dealt.append(tuple(map(tuple, cells)))
    return dealt


@FEW
@given(TABLES)
def test_fisher_counts_dealings_one_by_one(table: list[list[int]]) -> None:
    dealt = deal(table)
    ways = {each: dealt.count(each) for each in set(dealt)}
    observed = ways[tuple(map(tuple, table))]
    p = fisher_exact(table)
    assert (p.numerator, p.denominator) == (sum(way for way in ways.values() if way <= observed), len(dealt))
    assert p.statistic == Fraction(observed, len(dealt))
    least = min(ways.values())
    assert p.smallest == Fraction(sum(way for way in ways.values() if way == least), len(dealt))


@FEW
@given(st.lists(st.lists(SMALL, min_size=3, max_size=3), min_size=3, max_size=3).filter(lambda t: any(map(any, t))))
def test_fisher_does_not_mind_the_order_of_rows_and_columns(table: list[list[int]]) -> None:
    value = fisher_exact(table).value
    assert fisher_exact(table[::-1]).value == value
    assert fisher_exact([row[::-1] for row in table]).value == value
    assert fisher_exact([list(column) for column in zip(*table, strict=True)]).value == value


@FEW
@given(SMALL, SMALL, SMALL, SMALL.map(lambda count: count + 1))
def test_the_two_sides_of_fisher_share_the_table_itself(a: int, b: int, c: int, d: int) -> None:
    table = [[a, b], [c, d]]
    greater, less, both = (fisher_exact(table, alternative=side) for side in ("greater", "less", "two-sided"))
    assert greater.value + less.value == 1 + both.statistic
    assert min(greater.value, less.value) <= both.value
    assert fisher_exact(table[::-1], alternative="less").value == greater.value


@FEW
@given(SMALL, SMALL, SMALL, SMALL.map(lambda count: count + 1))
def test_mcnemar_flips_each_changed_pair(a: int, b: int, c: int, d: int) -> None:
    flips = [sum(signs) for signs in product((1, -1), repeat=b + c)]
    extreme = sum(abs(total) >= abs(c - b) for total in flips)
    shown = paired_proportions(both=a, first_only=b, second_only=c, neither=d)
    assert (shown.p.numerator, shown.p.denominator) == (extreme, len(flips))


@FEW
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=20))
def test_exchanging_the_times_mirrors_everything(pairs: list[tuple[bool, bool]]) -> None:
    before, after = zip(*pairs, strict=True)
    here, turned = compare_paired(before, after), compare_paired(after, before)
    assert (turned.difference, turned.p.value) == (-here.difference, here.p.value)
    assert (turned.lower, turned.upper) == (-here.upper, -here.lower)
    assert -1 <= here.lower <= here.difference <= here.upper <= 1


@FEW
@given(P_VALUES)
def test_holm_is_closed_testing_by_bonferroni(p_values: list[Fraction]) -> None:
    """A hypothesis falls when every set of hypotheses that holds it falls to Bonferroni."""
    everyone = range(len(p_values))
    for test, adjusted in enumerate(holm(p_values)):
        sets = [kept for size in everyone for kept in combinations(everyone, size + 1) if test in kept]
        assert adjusted == max(min(len(kept) * min(p_values[each] for each in kept), Fraction(1)) for kept in sets)


@FEW
@given(P_VALUES)
def test_hochberg_rejects_when_its_rule_does(p_values: list[Fraction]) -> None:
    """At any level: with j the largest rank whose p is at most level/(m - j + 1), the j smallest are rejected."""
    ordered = sorted(p_values)
    m = len(ordered)
    adjusted = hochberg(p_values)
    for level in {*adjusted, Fraction(1, 20), Fraction(1, 2)}:
        passing = [p for rank, p in enumerate(ordered, 1) if p * (m - rank + 1) <= level]
        rejected = [p <= max(passing) for p in p_values] if passing else [False] * m
        assert [p <= level for p in adjusted] == rejected


@FEW
@given(P_VALUES, st.randoms(use_true_random=False))
def test_adjusted_p_values_follow_their_tests(p_values: list[Fraction], chance) -> None:
    order = list(range(len(p_values)))
    chance.shuffle(order)
    for adjust in (holm, hochberg):
        adjusted = adjust(p_values)
        assert adjust([p_values[place] for place in order]) == tuple(adjusted[place] for place in order)
    both = list(zip(p_values, hochberg(p_values), holm(p_values), strict=True))
    assert all(raw <= step_up <= step_down <= 1 for raw, step_up, step_down in both)
