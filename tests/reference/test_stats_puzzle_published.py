"""p = 0.0559 of the MEXCOVID paper (doi 10.1186/s13287-022-02900-5), said to be a paired Wilcoxon test of 7.

The facts were found by exhaustive enumeration apart from this code, and the witness by R coin and exactRankTests.
A p is "not attainable by the stated test"; that says nothing about how it came to be printed.
"""

from decimal import Decimal
from typing import get_args

import pytest

from firstbreath.stats.arrangements import compute_numerators
from firstbreath.stats.attaining import Test, check_attainable, find_attaining
from firstbreath.stats.tie_patterns import walk_choices

PUZZLE = Decimal("0.0559")
PAIRED = [test for test in get_args(Test) if test != "rank-sum"]


@pytest.mark.parametrize("test", PAIRED)
@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("n", range(1, 8))
def test_no_exact_paired_test_on_seven_or_fewer_can_print_it(test: Test, sides: int, n: int) -> None:
    assert not check_attainable(test, (n,), PUZZLE, sides=sides).attainable


def test_the_unpaired_test_cannot_without_ties_and_can_with_them() -> None:
    answer = check_attainable("rank-sum", (7, 7), PUZZLE)
    assert (answer.attainable, answer.with_ties, answer.fractions) == (True, True, ((192, 3432),))


def test_1038_tied_data_sets_in_kind_give_it() -> None:
    """Of 8,192 tie patterns; U = 9.5 or 39.5 in 872 of them, else 9, 10, 10.5 or their mirrors."""
    patterns, at = 0, []
    for _, counts in walk_choices(7, 7):
        patterns += 1
        at += [place for numerator, place in compute_numerators(counts, 210, 2).items() if numerator == 192]
    statistics = [Decimal(place - 56) / 2 for place in at]  # the upper of the two; its mirror gives the same p
    assert (patterns, 2 * len(at)) == (8192, 1038)
    assert 2 * statistics.count(Decimal("39.5")) == 872
    assert set(statistics) == {Decimal(text) for text in ("38.5", "39", "39.5", "40")}


def test_one_missing_scan_leaves_it_possible() -> None:
    answer = check_attainable("rank-sum", (7, 6), PUZZLE)
    assert (answer.with_ties, answer.fractions) == (True, ((96, 1716),))


@pytest.mark.parametrize("sizes", [(6, 6), (7, 5), (6, 5), (5, 5), (7, 4), (6, 4)])
def test_more_missing_scans_do_not(sizes: tuple[int, int]) -> None:
    assert not check_attainable("rank-sum", sizes, PUZZLE).attainable


@pytest.mark.parametrize(("sides", "fewest"), [(1, 12), (2, 13)])
def test_the_fewest_pairs_that_can_print_it(sides: int, fewest: int) -> None:
    attainable = [check_attainable("permutation-paired", (n,), PUZZLE, sides=sides).attainable for n in range(1, 15)]
    assert attainable == [n >= fewest for n in range(1, 15)]
    assert check_attainable("permutation-paired", (12,), PUZZLE, sides=1).fractions == ((229, 4096),)


def test_without_ties_26_pairs_are_the_fewest() -> None:
    answers = {n: check_attainable("signed-rank", (n,), PUZZLE) for n in range(15, 27)}
    assert [n for n, answer in answers.items() if answer.with_ties is False] == [26]
    assert "sum of positive ranks = 251" in answers[26].working  # the other sum is T = 100


def test_what_could_print_it_is_found() -> None:
    found = find_attaining(PUZZLE, near=(7, 7))
    named = [(answer.test, answer.sizes, answer.sided) for answer in found]
    assert named[0] == ("rank-sum", (7, 7), 2)
    assert {sizes for test, sizes, _ in named if test == "rank-sum"} == {(7, 7), (7, 6)}
    assert min(sizes for test, sizes, sided in named if test != "rank-sum" and sided == 2) == (13,)
    assert min(sizes for test, sizes, sided in named if test != "rank-sum" and sided == 1) == (12,)


def test_a_published_help_page_fails_the_same_check() -> None:
    """GraphPad KB 2020 prints 0.2565 for eight pairs whose exact p is 34/128 = 0.2656."""
    assert not check_attainable("signed-rank", (8,), Decimal("0.2565")).attainable
    transposed = check_attainable("signed-rank", (8,), Decimal("0.2656"))
    assert (transposed.attainable, (68, 256) in transposed.fractions) == (True, True)
