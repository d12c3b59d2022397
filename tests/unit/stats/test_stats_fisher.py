"""Fisher's exact test: natural fractions, notes, limits, drawing, and what is refused."""

from decimal import Decimal
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from msgspec.structs import replace

from firstbreath.stats import table_network
from firstbreath.stats.answers import MonteCarlo, PValue
from firstbreath.stats.fisher import fisher_exact
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.table_draws import draw_tables
from firstbreath.stats.table_network import build_network, compute_bounds, sum_weights

TEA = [[3, 1], [1, 3]]
LARGE = [[5, 4, 3, 6, 7], [4, 6, 7, 2, 1], [6, 7, 3, 4, 5], [1, 2, 8, 5, 6], [3, 3, 3, 3, 3]]
CHANCE = MonteCarlo(draws=2000, seed=1)


def test_the_lady_tasting_tea() -> None:
    assert fisher_exact(TEA) == PValue(
        Fraction(34, 70), Fraction(16, 70), "exact Fisher test", Fraction(2, 70), 34, 70, "P(table)"
    )


def test_the_method_names_size_and_side() -> None:
    assert fisher_exact(TEA, alternative="greater").method == "exact Fisher test, greater"
    assert fisher_exact([[1, 2, 0], [0, 1, 3]]).method == "exact Fisher-Freeman-Halton test"


def test_the_fraction_counts_the_ways_to_deal_subjects_into_rows() -> None:
    """Three of seven treated: one of C(7, 3) = 35 dealings, whichever way the outcomes are written."""
    assert str(fisher_exact([[3, 0], [0, 4]])) == "1/35"
    assert str(fisher_exact([[3, 0, 0], [0, 2, 2]])) == "1/35"
    assert fisher_exact([[3, 0], [0, 2], [0, 2]]).denominator == 7 * comb(6, 2) * 2


def test_tables_equally_probable_are_counted_however_their_decimals_round() -> None:
    """Mirror tables have the same probability exactly; floats may differ in the last digit and lose one of them."""
    assert fisher_exact([[10, 20], [20, 10]]).value == 2 * fisher_exact([[10, 20], [20, 10]], alternative="less").value


def test_one_sided_p_and_its_smallest() -> None:
    """Five of eight have the event, five are treated: 4 or more of them in C(5,4)*C(3,1) + 1 of 56 dealings."""
    p = fisher_exact([[4, 1], [1, 2]], alternative="greater")
    assert (str(p), p.smallest) == ("16/56", Fraction(1, 56))
    p = fisher_exact([[4, 1], [1, 2]], alternative="less")
    assert (str(p), p.smallest) == ("55/56", Fraction(10, 56))


class TestEmptyRowsAndColumns:
    def test_they_are_left_out_with_a_note(self) -> None:
        notes = ("1 empty row left out", "1 empty column left out")
        assert fisher_exact([[3, 0, 1], [0, 0, 0], [1, 0, 3]]) == replace(fisher_exact(TEA), notes=notes)

    @pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
    def test_no_event_in_either_group_says_nothing(self, alternative) -> None:
        p = fisher_exact([[0, 7], [0, 7]], alternative=alternative)
        assert (p.value, p.smallest) == (1, 1)
        assert p.notes == ("1 empty column left out", "only one table has these margins, so p is 1 whatever the groups")

    def test_two_empty_columns(self) -> None:
        assert fisher_exact([[0, 2, 0], [0, 5, 0]]).notes[0] == "2 empty columns left out"


@pytest.mark.parametrize(
    "table",
    [((3, 1), (1, 3)), np.array([[3, 1], [1, 3]]), [np.array([3.0, 1.0]), (Decimal(1), Fraction(3))]],
    ids=["tuples", "numpy", "mixed"],
)
def test_every_kind_of_table(table) -> None:
    assert str(fisher_exact(table)) == "34/70"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([], "the table has 0 rows and 0 columns: give at least two rows and two columns"),
        ([[1, 2]], "the table has 1 row and 2 columns"),
        ([[1], [2]], "the table has 2 rows and 1 column:"),
        ([[], []], "the table has 2 rows and 0 columns"),
        ([[1, 2], [3]], "the rows of the table have 1 to 2 counts: give each as many"),
        ([[0, 0], [0, 0]], "every count of the table is 0"),
        ([[1, -2], [3, 4]], "count 2 of row 1 is -2: give 0 or more"),
        ([[1, 2], [3.5, 4]], "count 1 of row 2 is 3.5: give a whole number"),
        ([[1, None], [3, 4]], "count 2 of row 1 is missing"),
        ([[1, "2"], [3, 4]], "count 2 of row 1 is '2'"),
        ([[1, True], [3, 4]], "count 2 of row 1 is True"),
        ([[float("nan"), 1], [3, 4]], "count 1 of row 1 is nan"),
        ([1, 2], "row 1 of the table is 1: give a list of counts"),
        (["12", "34"], "row 1 of the table is '12'"),
        ("1,2;3,4", "table is '1,2;3,4': give a list of rows"),
        (None, "table is None"),
    ],
)
def test_what_is_not_a_table_is_refused(table, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        fisher_exact(table)


def test_one_side_needs_two_by_two() -> None:
    with pytest.raises(NotComputable, match="'greater' needs a table of two by two, this one has 2 rows and 3 columns"):
        fisher_exact([[1, 2, 3], [4, 5, 6]], alternative="greater")
    with pytest.raises(NotComputable, match="alternative is 'bigger'"):
        fisher_exact(TEA, alternative="bigger")


class TestTooLarge:
    def test_too_many_tables(self) -> None:
        with pytest.raises(TooLarge, match=r"takes more than 600,000 steps.*MonteCarlo\(draws=10_000, seed=1\)"):
            fisher_exact(LARGE)

    def test_too_many_subjects(self) -> None:
        with pytest.raises(TooLarge, match="1001 subjects are too many: the exact test takes at most 1,000"):
            fisher_exact([[500, 1], [250, 250]])

    def test_too_many_paths(self, monkeypatch) -> None:
        monkeypatch.setattr(table_network, "MOST_PATHS", 10)
        with pytest.raises(TooLarge, match="takes more than 10 steps"):
            fisher_exact([[3, 2, 2], [1, 3, 4], [2, 2, 2]])

    def test_a_thousand_subjects_in_two_by_two_are_no_trouble(self) -> None:
        p = fisher_exact([[260, 240], [230, 270]])
        assert 0 < p.value < 1
        assert p.denominator == comb(1000, 500)


class TestDrawing:
    @pytest.fixture(autouse=True)
    def little_patience(self, monkeypatch) -> None:
        monkeypatch.setattr(table_network, "MOST_ARCS", 200)

    def test_drawn_only_where_counting_is_out_of_reach(self) -> None:
        assert fisher_exact(TEA, monte_carlo=CHANCE) == fisher_exact(TEA)

    def test_p_is_one_more_of_one_more(self) -> None:
        p = fisher_exact(LARGE, monte_carlo=CHANCE)
        assert (p.name, p.denominator, p.smallest) == ("P(table)", 2001, Fraction(1, 2001))
        assert p.error is not None
        assert p.error[0] < p.value < p.error[1]
        assert p.method == "Fisher-Freeman-Halton test, Monte Carlo, 2,000 draws, seed 1"
        assert p == fisher_exact(LARGE, monte_carlo=CHANCE)
        assert p != fisher_exact(LARGE, monte_carlo=MonteCarlo(2000, seed=2))

    def test_notes_of_empty_rows_are_kept(self) -> None:
        p = fisher_exact([*LARGE, [0] * 5], monte_carlo=CHANCE)
        assert p.notes == ("1 empty row left out",)

    @pytest.mark.parametrize(
        ("table", "alternative"),
        [
            (((3, 1), (1, 3)), "two-sided"),
            (((3, 1), (1, 3)), "greater"),
            (((3, 1), (1, 3)), "less"),
            (((4, 0, 1), (1, 3, 2), (0, 2, 2)), "two-sided"),
        ],
    )
    def test_the_exact_p_lies_within_the_error_drawn(self, table, alternative) -> None:
        exact = fisher_exact(table, alternative=alternative)
        drawn = draw_tables(
            table, alternative=alternative, chance=MonteCarlo(4000, seed=3), statistic=exact.statistic, method="test"
        )
        assert drawn.error is not None
        assert drawn.error[0] <= exact.value <= drawn.error[1]

    def test_too_many_subjects_may_be_drawn_for(self) -> None:
        p = fisher_exact([[600, 400], [500, 500]], monte_carlo=MonteCarlo(1000, seed=1))
        assert p.denominator == 1001
        with pytest.raises(TooLarge, match="10001 subjects are too many"):
            fisher_exact([[1, 5000], [3000, 2000]], monte_carlo=CHANCE)
        with pytest.raises(TooLarge, match="999999999999 subjects"):
            fisher_exact([[999_999_999_990, 2], [3, 4]], monte_carlo=CHANCE)

    @pytest.mark.parametrize(
        ("chance", "kind", "message"),
        [
            (MonteCarlo(0, 1), NotComputable, "draws is 0"),
            (MonteCarlo(1000, -1), NotComputable, "seed is -1"),
            (MonteCarlo(10**7, 1), TooLarge, "10,000,000 draws"),
            (1000, NotComputable, "monte_carlo is 1000: give MonteCarlo"),
        ],
    )
    def test_impossible_draws_are_refused(self, chance, kind, message: str) -> None:
        with pytest.raises(kind, match=message):
            fisher_exact(LARGE, monte_carlo=chance)


class TestNetwork:
    def test_weights_of_all_tables_sum_to_the_dealings(self) -> None:
        network = build_network((3, 4), (2, 2, 3))
        bounds = compute_bounds(network)
        assert sum_weights(network, bounds, 10**9) == comb(7, 3)
        assert sum_weights(network, bounds, 0) == 0

    def test_bounds_of_the_start_are_the_least_and_most_probable_tables(self) -> None:
        bounds = compute_bounds(build_network((4, 4), (4, 4)))
        assert bounds[0] == {(4, 4): (1, 36)}
