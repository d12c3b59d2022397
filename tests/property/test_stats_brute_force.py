"""Every exact test against plain enumeration, on thousands of small tied cases: the second implementation."""

import random
from collections import Counter
from fractions import Fraction
from itertools import combinations, permutations, product

import pytest

from firstbreath.stats.answers import MonteCarlo
from firstbreath.stats.permutation import permutation_mean
from firstbreath.stats.rank_draws import Tail, draw_choices, draw_flips
from firstbreath.stats.ranks import rank_sum, sign_test, signed_rank
from firstbreath.stats.refusals import TooLarge
from firstbreath.stats.several_groups import friedman, kruskal_wallis

ALTERNATIVES = ("two-sided", "greater", "less")


def midranks(values):
    """Twice the mean place of each value among all, counted one by one: a whole number, and no share differs by it."""
    return [2 * sum(other < value for other in values) + values.count(value) + 1 for value in values]


def share(outcomes, observed, alternative):
    """How many outcomes are as extreme, of how many; two-sided is as far from their mean."""
    times = Counter(outcomes)
    number, total = times.total(), sum(outcome * often for outcome, often in times.items())
    extreme = {
        "two-sided": lambda outcome: abs(number * outcome - total) >= abs(number * observed - total),
        "greater": lambda outcome: outcome >= observed,
        "less": lambda outcome: outcome <= observed,
    }[alternative]
    return sum(often for outcome, often in times.items() if extreme(outcome)), number


def least(outcomes, alternative):
    """The smallest share that any outcome would have."""
    times = Counter(outcomes)
    return min(Fraction(*share(times, outcome, alternative)) for outcome in times)


def flip_signs(ranks, signs):
    """The sum of positive ranks, as it is and for every way the signs could have fallen; zeros keep none."""
    movable = [rank for rank, sign in zip(ranks, signs, strict=True) if sign]
    observed = sum(rank for rank, sign in zip(ranks, signs, strict=True) if sign > 0)
    outcomes = [
        sum(rank for rank, up in zip(movable, ups, strict=True) if up)
        for ups in product((False, True), repeat=len(movable))
    ]
    return outcomes, observed


def deal(values, sizes):
    """Every way to deal the values to groups of these sizes."""
    if not sizes:
        yield ()
        return
    for chosen in combinations(range(len(values)), sizes[0]):
        rest = [value for place, value in enumerate(values) if place not in chosen]
        for others in deal(rest, sizes[1:]):
            yield (tuple(values[place] for place in chosen), *others)


def spread(groups):
    """The sum of squared rank sums over sizes: what Kruskal and Wallis's H grows with."""
    return sum((sum(group) ** 2 / Fraction(len(group)) for group in groups), Fraction(0))


def fraction_of(p):
    return p.numerator, p.denominator


@pytest.mark.parametrize("seed", range(6))
def test_signed_rank_and_sign_test(seed):
    chance = random.Random(seed)
    for _ in range(120):
        differences = [chance.randint(-3, 3) for _ in range(chance.randint(1, 7))]
        signs = [(value > 0) - (value < 0) for value in differences]
        for alternative in ALTERNATIVES:
            kept = [abs(value) for value in differences if value]
            dropped = flip_signs(midranks(kept), [sign for sign in signs if sign])
            ranked = flip_signs(midranks(list(map(abs, differences))), signs)
            for zeros, case in (("wilcoxon", dropped), ("pratt", ranked), ("zsplit", ranked)):
                p = signed_rank(differences, zeros=zeros, alternative=alternative)
                assert fraction_of(p) == share(*case, alternative), (differences, zeros, alternative)
                assert p.smallest == least(case[0], alternative), (differences, zeros, alternative)
            equal = flip_signs([1] * len(kept), [sign for sign in signs if sign])
            assert fraction_of(sign_test(differences, alternative=alternative)) == share(*equal, alternative)


@pytest.fixture(params=["packed", "merged"])
def kernel(request, monkeypatch):
    """Each test of this is done with both ways of counting."""
    if request.param == "merged":
        monkeypatch.setattr("firstbreath.stats.permutation.MOST_PACKED", -1)
        monkeypatch.setattr("firstbreath.stats.dealing.MOST_PACKED", -1)


@pytest.mark.parametrize("seed", range(6))
def test_rank_sum_and_permutation_of_two_groups(seed, kernel):
    chance = random.Random(seed)
    for _ in range(50):
        x, y = ([chance.randint(0, 4) for _ in range(chance.randint(1, 5))] for _ in range(2))
        ranks = midranks(x + y)
        sums = [sum(first) for first, _ in deal(ranks, (len(x), len(y)))]
        apart = [sum(a) * len(y) - sum(b) * len(x) for a, b in deal(x + y, (len(x), len(y)))]  # times both sizes
        for alternative in ALTERNATIVES:
            expected = share(sums, sum(ranks[: len(x)]), alternative)
            p = rank_sum(x, y, alternative=alternative)
            assert fraction_of(p) == expected, (x, y)
            assert p.smallest == least(sums, alternative), (x, y)
            p = permutation_mean(x, y, alternative=alternative)
            assert fraction_of(p) == share(apart, sum(x) * len(y) - sum(y) * len(x), alternative), (x, y)
            assert p.smallest == least(apart, alternative), (x, y)
            assert p.statistic == Fraction(sum(x), len(x)) - Fraction(sum(y), len(y))


@pytest.mark.parametrize("seed", range(6))
def test_paired_permutation(seed, kernel):
    chance = random.Random(seed)
    for _ in range(100):
        halves = [chance.randint(-6, 6) for _ in range(chance.randint(1, 8))]
        differences = [Fraction(half, 2) for half in halves]
        outcomes = [
            sum(sign * half for sign, half in zip(signs, halves, strict=True))
            for signs in product((-1, 1), repeat=len(halves))
        ]
        for alternative in ALTERNATIVES:
            p = permutation_mean(differences, alternative=alternative)
            assert fraction_of(p) == share(outcomes, sum(halves), alternative), differences
            assert p.smallest == least(outcomes, alternative), differences


@pytest.mark.parametrize("seed", range(6))
def test_kruskal_wallis(seed, kernel):
    chance = random.Random(seed)
    for _ in range(25):
        sizes = chance.choice([(2, 2, 2), (3, 2, 1), (2, 3, 2), (1, 1, 1, 2), (3, 4), (2, 2, 1, 1)])
        values = [chance.randint(0, 3) for _ in range(sum(sizes))]
        ranks = midranks(values)
        outcomes = [spread(groups) for groups in deal(ranks, sizes)]
        observed = outcomes[0]
        groups = next(deal(values, sizes))
        p = kruskal_wallis(groups)
        if len(set(values)) == 1:
            assert (p.value, len(p.notes)) == (1, 1)
        else:
            assert fraction_of(p) == share(outcomes, observed, "greater"), groups
            assert p.smallest == least(outcomes, "greater"), groups


@pytest.mark.parametrize("seed", range(6))
def test_friedman(seed):
    chance = random.Random(seed)
    for _ in range(25):
        subjects, times = chance.choice([(2, 3), (3, 3), (4, 2), (2, 4), (4, 3)])
        table = [[chance.randint(0, 3) for _ in range(times)] for _ in range(subjects)]
        ranks = [midranks(row) for row in table]
        outcomes = [spread(zip(*rows, strict=True)) for rows in product(*(list(permutations(row)) for row in ranks))]
        p = friedman(table)
        if all(len(set(row)) == 1 for row in table):
            assert (p.value, len(p.notes)) == (1, 1)
        else:
            assert fraction_of(p) == share(outcomes, spread(zip(*ranks, strict=True)), "greater"), table
            assert p.smallest == least(outcomes, "greater"), table


class TestDrawing:
    """What is drawn lies about what is counted."""

    @pytest.mark.parametrize("alternative", ALTERNATIVES)
    def test_drawn_signs_and_groups_lie_about_the_exact_answer(self, monkeypatch, alternative):
        differences = [3, -1, 4, 1, -5, 9, 2, 6, -5, 3]
        others = [2, 7, 1, 8, 2, 8, 1, 8]
        exact = [
            signed_rank(differences, alternative=alternative),
            rank_sum(differences, others, alternative=alternative),
            permutation_mean(differences, alternative=alternative),
            permutation_mean(differences, others, alternative=alternative),
        ]
        monkeypatch.setattr("firstbreath.stats.ranks.MOST_WORK", 3)
        monkeypatch.setattr("firstbreath.stats.permutation.MOST_PACKED", 3)
        monkeypatch.setattr("firstbreath.stats.permutation.MOST_SUMS", 3)
        leave = MonteCarlo(draws=20_000, seed=11)
        drawn = [
            signed_rank(differences, alternative=alternative, monte_carlo=leave),
            rank_sum(differences, others, alternative=alternative, monte_carlo=leave),
            permutation_mean(differences, alternative=alternative, monte_carlo=leave),
            permutation_mean(differences, others, alternative=alternative, monte_carlo=leave),
        ]
        for counted, shown in zip(exact, drawn, strict=True):
            low, high = shown.error
            assert low <= counted.value <= high
            assert shown.statistic == counted.statistic
            assert "20,000 draws, seed 11" in shown.method
        with pytest.raises(TooLarge, match="monte_carlo"):
            signed_rank(differences)

    def test_drawn_groups_and_times_lie_about_the_exact_answer(self, monkeypatch):
        groups, table = [[1, 2, 4], [3, 3, 6], [5, 7, 8]], [[1, 2, 3], [2, 2, 4], [1, 3, 2], [1, 5, 6]]
        exact = kruskal_wallis(groups), friedman(table)
        monkeypatch.setattr("firstbreath.stats.dealing.MOST_PACKED", 3)
        monkeypatch.setattr("firstbreath.stats.dealing.MOST_STATES", 3)
        monkeypatch.setattr("firstbreath.stats.several_groups.MOST_STEPS", 3)
        leave = MonteCarlo(draws=20_000, seed=11)
        for counted, shown in zip(
            exact, (kruskal_wallis(groups, monte_carlo=leave), friedman(table, monte_carlo=leave)), strict=True
        ):
            low, high = shown.error
            assert low <= counted.value <= high
            assert (shown.statistic, shown.name) == (counted.statistic, counted.name)

    def test_leave_to_draw_changes_nothing_that_can_be_counted(self):
        leave = MonteCarlo(draws=1000, seed=1)
        assert signed_rank([1, 2, -3], monte_carlo=leave) == signed_rank([1, 2, -3])
        assert rank_sum([1, 2], [3], monte_carlo=leave) == rank_sum([1, 2], [3])
        assert kruskal_wallis([[1], [2]], monte_carlo=leave) == kruskal_wallis([[1], [2]])

    def test_same_seed_draws_the_same_and_another_does_not(self):
        groups = [[(n * n + group) % 97 for n in range(60)] for group in range(5)]
        drawn = [kruskal_wallis(groups, monte_carlo=MonteCarlo(draws=1000, seed=seed)) for seed in (1, 1, 2, 3)]
        assert drawn[0] == drawn[1]
        assert len({p.numerator for p in drawn}) > 1

    @pytest.mark.parametrize("alternative", ALTERNATIVES)
    def test_heavily_tied_signs_and_groups(self, alternative):
        """Draws that took the wrong tail, or lost the ties at its edge, would miss the exact answer by far."""
        leave = MonteCarlo(draws=20_000, seed=3)
        sizes = [1, 1, 1, 2, 2]
        for at in range(8):
            outcomes, _ = flip_signs(sizes, [1] * 5)
            exact = Fraction(*share(outcomes, at, alternative))
            low, high = draw_flips(sizes, Tail(at, 7, alternative), chance=leave, method="").error
            assert low <= exact <= high
        fives = [5 * size for size in sizes]
        for at in (10, 15, 20):
            outcomes = [sum(first) for first, _ in deal(fives, (2, 3))]
            exact = Fraction(*share(outcomes, at, alternative))
            low, high = draw_choices(fives, 2, Tail(at, 28, alternative), chance=leave, method="").error
            assert low <= exact <= high
