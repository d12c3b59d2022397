"""p = 0.0559 of the MEXCOVID paper (doi 10.1186/s13287-022-02900-5), said to be a paired Wilcoxon test of 7.

The facts were found by exhaustive enumeration apart from this code, and the witness by R coin and exactRankTests.
A p is "not attainable by the stated test"; that says nothing about how it came to be printed.
"""

from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.stats.arrangements import compute_numerators
from firstbreath.stats.arrays import compute_differences
from firstbreath.stats.attaining import Test, attainable, check_attainable, find_attaining
from firstbreath.stats.candidates import OF_PAIRS
from firstbreath.stats.ranks import rank_sum, signed_rank
from firstbreath.stats.rounding import prints_as
from firstbreath.stats.several_attained import compute_friedman_attained, compute_kruskal_wallis_attained
from firstbreath.stats.tie_patterns import walk_choices

PUZZLE = Decimal("0.0559")


@pytest.mark.parametrize("test", OF_PAIRS)
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


def test_a_witness_gives_it_unpaired_and_another_paired() -> None:
    """Medians 51 and 40, all seven fall: unpaired 192/3432, paired 2/128 (R coin and exactRankTests say the same)."""
    before, after = [39, 48, 50, 51, 61, 63, 79], [21, 29, 37, 40, 47, 49, 63]
    assert str(rank_sum(before, after)) == "192/3432"
    assert str(signed_rank(compute_differences(before, after))) == "2/128"


def test_friedman_on_seven_does_not_give_it() -> None:
    """Over two times it is a sign test; the chi-square value of 6 against 1, 0.0588, is another number."""
    assert not attainable("friedman", (7, 2), PUZZLE).attainable
    assert not attainable("friedman", (7, 3), PUZZLE).attainable


@pytest.mark.parametrize("sizes", [(7, 7), (7, 6)])
@pytest.mark.parametrize("sides", [1, 2])
def test_fisher_does_not_give_it_either(sizes: tuple[int, int], sides: int) -> None:
    assert not check_attainable("fisher", sizes, PUZZLE, sides=sides).attainable


HOLLANDER = "Hollander and Wolfe 1999"
SAS = "SAS/STAT User's Guide, PROC FREQ, FatComp"
R_HELP = "R, help(fisher.test)"


@pytest.mark.parametrize(
    ("test", "sizes", "printed", "sides"),
    [
        pytest.param("signed-rank", (9,), "0.01953", 1, id=f"{HOLLANDER}, example 3.1, one-sided; R wilcox.test"),
        pytest.param("signed-rank", (9,), "0.03906", 2, id=f"{HOLLANDER}, example 3.1; R wilcox.test"),
        pytest.param("rank-sum", (10, 5), "0.1272", 1, id=f"{HOLLANDER}, example 4.1, one-sided; R wilcox.test"),
        pytest.param("rank-sum", (10, 5), "0.2544", 2, id=f"{HOLLANDER}, example 4.1; R wilcox.test"),
        pytest.param("signed-rank", (3,), "0.25", 2, id="R exactRankTests, tests: three equal differences"),
        pytest.param("signed-rank", (8,), "0.0078125", 2, id="R exactRankTests, tests: 1 to 8"),
        pytest.param("fisher", (4, 4), "0.2429", 1, id=f"{R_HELP}: the lady tasting tea"),
        pytest.param("fisher", (17, 13), "0.0004652", 1, id=f"{R_HELP}: convictions of twins, one-sided"),
        pytest.param("fisher", (17, 13), "0.0005367", 2, id=f"{R_HELP}: convictions of twins"),
        pytest.param("fisher", (15, 8), "0.0393", 2, id=f"{SAS}, two-sided"),
        pytest.param("fisher", (15, 8), "0.0367", 1, id=f"{SAS}, right-sided"),
        pytest.param("fisher", (15, 8), "0.9967", 1, id=f"{SAS}, left-sided"),
        pytest.param("fisher", (10, 14), "0.002759456", 2, id="Wikipedia, Fisher's exact test"),
    ],
)
def test_an_exact_p_others_have_printed_is_attainable(
    test: Test, sizes: tuple[int, ...], printed: str, sides: int
) -> None:
    answer = check_attainable(test, sizes, Decimal(printed), sides=sides)
    assert answer.attainable
    assert answer.fractions


MEYER = "Meyer and Seaman, faculty.virginia.edu/kruskal-wallis"


@pytest.mark.parametrize(
    ("sizes", "h", "p"),
    [
        pytest.param((3, 3, 3), "7.200", "0.004", id=f"{MEYER}: 3,3,3 7.200"),
        pytest.param((3, 3, 3), "6.489", "0.011", id=f"{MEYER}: 3,3,3 6.489"),
        pytest.param((3, 3, 3), "5.689", "0.029", id=f"{MEYER}: 3,3,3 5.689"),
        pytest.param((3, 3, 3), "5.600", "0.050", id=f"{MEYER}: 3,3,3 5.600"),
        pytest.param((4, 2, 1), "4.8214", "0.057", id=f"{MEYER}: 4,2,1 4.8214"),
        pytest.param((4, 4, 4), "7.654", "0.0076", id=f"{MEYER}: 4,4,4 7.654"),
        pytest.param((4, 4, 4), "5.692", "0.0487", id=f"{MEYER}: 4,4,4 5.692"),
        pytest.param((5, 4, 3), "7.445", "0.0097", id=f"{MEYER}: 5,4,3 7.445"),
        pytest.param((5, 4, 3), "5.656", "0.0486", id=f"{MEYER}: 5,4,3 5.656"),
        pytest.param((5, 5, 5), "8.000", "0.0095", id=f"{MEYER}: 5,5,5 8.000"),
        pytest.param((5, 5, 5), "5.780", "0.0488", id=f"{MEYER}: 5,5,5 5.780"),
    ],
)
def test_a_tabled_kruskal_wallis_p_is_attainable_with_its_statistic(sizes: tuple[int, ...], h: str, p: str) -> None:
    assert check_attainable("kruskal-wallis", sizes, Decimal(p)).with_ties is False
    untied = compute_kruskal_wallis_attained(tuple(sorted(sizes)), tied=False)
    fitting = [fraction for fraction, witness in untied.items() if prints_as(witness.statistic, Decimal(h))]
    assert any(prints_as(Fraction(*fraction), Decimal(p)) for fraction in fitting)


FRIEDMAN = "Friedman 1937; Siegel and Castellan, table M"


@pytest.mark.parametrize(
    ("subjects", "times", "q", "p"),
    [
        pytest.param(3, 3, "6.000", "0.028", id=f"{FRIEDMAN}: 3 at 3"),
        pytest.param(4, 3, "6.500", "0.042", id=f"{FRIEDMAN}: 4 at 3, 5 %"),
        pytest.param(4, 3, "8.000", "0.0046", id=f"{FRIEDMAN}: 4 at 3, 1 %"),
        pytest.param(5, 3, "6.400", "0.039", id=f"{FRIEDMAN}: 5 at 3, 5 %"),
        pytest.param(5, 3, "8.400", "0.0085", id=f"{FRIEDMAN}: 5 at 3, 1 %"),
        pytest.param(2, 4, "6.000", "0.042", id=f"{FRIEDMAN}: 2 at 4"),
    ],
)
def test_a_tabled_friedman_p_is_attainable_with_its_statistic(subjects: int, times: int, q: str, p: str) -> None:
    assert check_attainable("friedman", (subjects, times), Decimal(p)).attainable
    untied = compute_friedman_attained(subjects, times, tied=False)
    fitting = [fraction for fraction, witness in untied.items() if prints_as(witness.statistic, Decimal(q))]
    assert any(prints_as(Fraction(*fraction), Decimal(p)) for fraction in fitting)
