"""Laws of the consistency checks: what data give is never called impossible, and counting by hand agrees."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, permutations, product
from math import factorial, prod
from statistics import stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstbreath.stats.answers import PValue
from firstbreath.stats.arrangements import Alternative
from firstbreath.stats.attaining import Test, attainable, check_attainable, find_attaining
from firstbreath.stats.consistency import check_grim, check_grimmer
from firstbreath.stats.fisher import fisher_exact
from firstbreath.stats.permutation import permutation_mean
from firstbreath.stats.quantiles import DEFINITIONS, compute_quartiles
from firstbreath.stats.ranks import rank_sum, sign_test, signed_rank
from firstbreath.stats.reconstructed_change import reconstruct_change
from firstbreath.stats.reconstruction import reconstruct
from firstbreath.stats.rounding import could_print_as, round_half_up
from firstbreath.stats.several_attained import compute_friedman_attained, compute_kruskal_wallis_attained
from firstbreath.stats.several_groups import friedman, kruskal_wallis

FEW = settings(max_examples=60, deadline=None)
FEWER = settings(max_examples=25, deadline=None)
TIED = st.integers(-3, 3)
DECIMALS = st.integers(1, 6)
SIDES: tuple[tuple[int, Alternative], ...] = ((2, "two-sided"), (1, "greater"), (1, "less"))


def answer_for(test: Test, sizes: tuple[int, ...], p: PValue, *, decimals: int, sides: int = 2) -> bool:
    """Whether the p, printed at so many decimals, is judged attainable, and its own value is in the proof."""
    answer = check_attainable(test, sizes, round_half_up(p.value, decimals), sides=sides)
    return answer.attainable and p.value in {Fraction(*fraction) for fraction in answer.fractions}


@FEW
@given(st.lists(TIED, min_size=1, max_size=7), DECIMALS)
def test_a_p_of_pairs_is_attainable(differences: list[int], decimals: int) -> None:
    sizes = (len(differences),)
    for sides, alternative in SIDES:
        for zeros in ("wilcoxon", "pratt", "zsplit"):
            p = signed_rank(differences, zeros=zeros, alternative=alternative)  # type: ignore[arg-type]
            assert answer_for("signed-rank", sizes, p, decimals=decimals, sides=sides)
        if any(differences):
            p = sign_test(differences, alternative=alternative)
            assert answer_for("sign", sizes, p, decimals=decimals, sides=sides)
            assert answer_for("mcnemar", sizes, p, decimals=decimals, sides=sides)
        printed = round_half_up(permutation_mean(differences, alternative=alternative).value, decimals)
        assert check_attainable("permutation-paired", sizes, printed, sides=sides).attainable


@FEW
@given(st.lists(TIED, min_size=1, max_size=5), st.lists(TIED, min_size=1, max_size=6), DECIMALS)
def test_a_p_of_two_groups_is_attainable(x: list[int], y: list[int], decimals: int) -> None:
    sizes = (len(x), len(y))
    tails = []
    for sides, alternative in SIDES:
        p = rank_sum(x, y, alternative=alternative)
        tails.append(p.value)
        assert answer_for("rank-sum", sizes, p, decimals=decimals, sides=sides)
    doubled = min(Fraction(1), 2 * min(tails[1:]))
    assert check_attainable("rank-sum", sizes, round_half_up(doubled, decimals)).attainable


@FEW
@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), DECIMALS)
def test_a_p_of_two_counts_is_attainable(a: int, b: int, c: int, d: int, decimals: int) -> None:
    if a + b and c + d:
        tails = []
        for sides, alternative in SIDES:
            p = fisher_exact([[a, b], [c, d]], alternative=alternative)
            tails.append(p.value)
            assert answer_for("fisher", (a + b, c + d), p, decimals=decimals, sides=sides)
        doubled = min(Fraction(1), 2 * min(tails[1:]))
        assert check_attainable("fisher", (a + b, c + d), round_half_up(doubled, decimals)).attainable


@FEW
@given(st.lists(st.lists(TIED, min_size=3, max_size=3), min_size=2, max_size=6), DECIMALS)
def test_a_p_of_several_times_is_attainable(table: list[list[int]], decimals: int) -> None:
    assert answer_for("friedman", (len(table), 3), friedman(table), decimals=decimals)


@FEW
@given(st.lists(st.lists(TIED, min_size=1, max_size=3), min_size=2, max_size=3), DECIMALS)
def test_a_p_of_several_groups_is_attainable(groups: list[list[int]], decimals: int) -> None:
    sizes = tuple(map(len, groups))
    assert answer_for("kruskal-wallis", sizes, kruskal_wallis(groups), decimals=decimals)


def midranks(values: Sequence[int]) -> list[int]:
    """Twice the mean place of each value among all, by counting."""
    return [2 * sum(other < value for other in values) + values.count(value) + 1 for value in values]


def upper_counts(statistics: list[Fraction]) -> set[int]:
    """How many reach each of the statistics."""
    counts = Counter(statistics)
    return {sum(count for other, count in counts.items() if other >= value) for value in counts}


@pytest.mark.parametrize(("subjects", "times"), [(1, 2), (3, 2), (1, 3), (2, 3), (3, 3), (2, 4)])
def test_every_friedman_p_is_found_and_no_other(subjects: int, times: int) -> None:
    patterns = sorted({tuple(sorted(midranks(row))) for row in product(range(times), repeat=times)})
    by_hand = {
        count
        for rows in combinations_with_replacement(patterns, subjects)
        for count in upper_counts(
            [
                Fraction(sum(sum(column) ** 2 for column in zip(*table, strict=True)))
                for table in product(*(tuple(permutations(row)) for row in rows))
            ]
        )
    }
    assert {numerator for numerator, _ in compute_friedman_attained(subjects, times)} == by_hand
    assert {total for _, total in compute_friedman_attained(subjects, times)} == {factorial(times) ** subjects}


@pytest.mark.parametrize("sizes", [(1, 1), (2, 1), (3, 2), (2, 1, 1), (2, 2, 1), (1, 1, 1, 1)])
def test_every_kruskal_wallis_p_is_found_and_no_other(sizes: tuple[int, ...]) -> None:
    values = sum(sizes)
    each = prod(map(factorial, sizes))
    edges = [(sum(sizes[:place]), sum(sizes[: place + 1])) for place in range(len(sizes))]
    by_hand = {
        count // each
        for pattern in {tuple(sorted(midranks(row))) for row in product(range(values), repeat=values)}
        for count in upper_counts(
            [
                sum((Fraction(sum(order[low:high]) ** 2, high - low) for low, high in edges), Fraction(0))
                for order in permutations(pattern)
            ]
        )
    }
    assert {numerator for numerator, _ in compute_kruskal_wallis_attained(sizes)} == by_hand


@pytest.mark.parametrize(("first", "second"), [(1, 3), (3, 3), (2, 5), (4, 3)])
def test_every_fisher_p_is_found(first: int, second: int) -> None:
    subjects = first + second
    for events in range(subjects + 1):
        inside = Counter(sum(place < events for place in chosen) for chosen in combinations(range(subjects), first))
        for weight in inside.values():
            extreme = sum(count for count in inside.values() if count <= weight)
            answer = check_attainable(
                "fisher", (first, second), round_half_up(Fraction(extreme, sum(inside.values())), 9)
            )
            assert (extreme, sum(inside.values())) in answer.fractions


def possible_p(test: Test, example: tuple[tuple[int, ...], ...]) -> set[Fraction]:
    """The p of the data under each rule that the test may be printed by."""
    if test == "signed-rank":
        return {signed_rank(*example).value, signed_rank(*example, zeros="pratt").value}
    if test == "rank-sum":
        tails = [rank_sum(*example, alternative=side).value for side in ("less", "greater")]  # type: ignore[arg-type]
        return {rank_sum(*example).value, 2 * min(tails)}
    return {(sign_test if test == "sign" else permutation_mean)(*example).value}


@pytest.mark.parametrize("hundredths", range(1, 101, 3))
@pytest.mark.parametrize(
    ("test", "sizes"), [("signed-rank", (6,)), ("rank-sum", (4, 3)), ("sign", (7,)), ("permutation-paired", (5,))]
)
def test_the_example_gives_the_p_it_stands_for(test: Test, sizes: tuple[int, ...], hundredths: int) -> None:
    answer = check_attainable(test, sizes, Decimal(hundredths).scaleb(-2))
    assert bool(answer.example) == answer.attainable
    if answer.example:
        assert Fraction(*answer.fractions[0]) in possible_p(test, answer.example)


@FEW
@given(st.integers(1, 9), st.integers(1, 9), st.decimals("0.001", 1, places=3))
def test_a_bound_is_met_when_some_p_meets_it(first: int, second: int, bound: Decimal) -> None:
    cases: list[tuple[Test, tuple[int, ...], Fraction]] = [
        ("signed-rank", (first,), signed_rank([1] * first).value),
        ("sign", (first,), sign_test([1] * first).value),
        ("rank-sum", (first, second), min(rank_sum([1] * first, [0] * second).value, Fraction(1))),
    ]
    for test, sizes, smallest in cases:
        below = check_attainable(test, sizes, bound, relation="<")
        assert below.attainable == (smallest < bound)
        assert Fraction(*below.smallest) == smallest
        assert check_attainable(test, sizes, bound, relation="<=").attainable == (smallest <= bound)
        assert check_attainable(test, sizes, bound, relation=">=").attainable


@FEWER
@given(st.decimals("0.001", "0.2", places=4))
def test_what_is_found_elsewhere_is_attainable_there(printed: Decimal) -> None:
    for other in find_attaining(printed, sizes_up_to=8, near=(4, 4)):
        again = check_attainable(other.test, other.sizes, printed, sides=other.sided)  # type: ignore[arg-type]
        assert again.attainable
        assert all(could_print_as(Fraction(*fraction), printed) for fraction in again.fractions)
    answer = attainable("signed-rank", 4, str(printed))
    assert answer.attainable == any(one.attainable for one in answer.answers)


@st.composite
def summaries(draw: st.DrawFn) -> tuple[int, int, int, int, dict[str, Decimal]]:
    """Values from a small scale, and what is printed of them or, sometimes, of others."""
    n, definition = draw(st.integers(1, 5)), draw(st.sampled_from(DEFINITIONS))
    low = draw(st.integers(-2, 1))
    high = low + draw(st.integers(0, 5))
    values, others = (draw(st.lists(st.integers(low, high), min_size=n, max_size=n)) for _ in range(2))
    places = draw(st.sampled_from([0, 0, 1, 2]))
    printed: dict[str, Decimal] = {}
    for name, needed in (("median", True), ("first", False), ("third", False)):
        if needed or draw(st.booleans()):
            source = compute_quartiles(draw(st.sampled_from([values, values, values, others])), definition)
            printed[name] = round_half_up(getattr(source, name), places)
    for name, end in (("minimum", min(values)), ("maximum", max(values))):
        if draw(st.integers(0, 3)) == 0:
            printed[name] = Decimal(end)
    return n, definition, low, high, printed


def prints_so(values: tuple[int, ...], definition: int, printed: dict[str, Decimal]) -> bool:
    quartiles = compute_quartiles(values, definition)
    found = {
        "median": quartiles.median,
        "first": quartiles.first,
        "third": quartiles.third,
        "minimum": Fraction(values[0]),
        "maximum": Fraction(values[-1]),
    }
    return all(could_print_as(found[name], number) for name, number in printed.items())


@settings(max_examples=250, deadline=None)
@given(summaries())
def test_the_recursion_agrees_with_trying_every_sample(
    case: tuple[int, int, int, int, dict[str, Decimal]],
) -> None:
    n, definition, low, high, printed = case
    answer = reconstruct(n, definition=definition, lowest=low, highest=high, **printed)  # type: ignore[arg-type]
    every = combinations_with_replacement(range(low, high + 1), n)
    samples = [values for values in every if prints_so(values, definition, printed)]
    assert answer.possible == bool(samples)
    assert answer.count == len(samples)
    if samples:
        columns = list(zip(*samples, strict=True))
        assert answer.ranges == tuple((min(column), max(column)) for column in columns)
        assert answer.revealed == tuple(
            (place, column[0]) for place, column in enumerate(columns, 1) if len(set(column)) == 1
        )
        means = [Fraction(sum(values), n) for values in samples]
        assert answer.mean == (min(means), max(means))
    else:
        assert answer.reason


@FEW
@given(summaries())
def test_without_a_scale_the_room_is_that_of_a_very_wide_one(
    case: tuple[int, int, int, int, dict[str, Decimal]],
) -> None:
    n, definition, _, _, printed = case
    free = reconstruct(n, definition=definition, **printed)  # type: ignore[arg-type]
    wide = reconstruct(n, definition=definition, lowest=-500, highest=500, **printed)  # type: ignore[arg-type]
    assert free.possible == wide.possible
    for (low, high), (least, most) in zip(free.ranges, wide.ranges, strict=True):
        assert least == (-500 if low is None else low) or (low is None and least <= -480)
        assert most == (500 if high is None else high) or (high is None and most >= 480)


@FEW
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=6))
def test_what_must_have_changed_did(pairs: list[tuple[int, int]]) -> None:
    before, after = (
        reconstruct(
            len(pairs),
            median=round_half_up(quartiles.median, 2),
            first=round_half_up(quartiles.first, 2),
            third=round_half_up(quartiles.third, 2),
            lowest=0,
            highest=6,
        )
        for quartiles in (compute_quartiles([pair[place] for pair in pairs]) for place in (0, 1))
    )
    change = reconstruct_change(before, after)
    fell, rose = sum(late < early for early, late in pairs), sum(late > early for early, late in pairs)
    assert change.fell <= fell
    assert change.rose <= rose
    assert change.all_fell or fell < len(pairs)
    assert change.all_rose or rose < len(pairs)
    mean = Fraction(sum(late - early for early, late in pairs), len(pairs))
    low, high = change.mean
    assert low is not None
    assert high is not None
    assert low <= mean <= high


@FEW
@given(st.lists(st.integers(-20, 20), min_size=2, max_size=12), st.integers(1, 3), st.integers(0, 3))
def test_a_mean_and_deviation_that_data_give_are_possible(totals: list[int], items: int, decimals: int) -> None:
    values = [Fraction(total, items) for total in totals]
    mean = round_half_up(Fraction(sum(totals), items * len(totals)), decimals)
    deviation = Decimal(f"{stdev(map(float, values)):.{decimals}f}")
    assert check_grim(mean, len(values), items=items)
    assert check_grimmer(mean, deviation, len(values), items=items)
