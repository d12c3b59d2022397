"""Kruskal-Wallis and Friedman: what they answer, and what they say of input that has no answer."""

from fractions import Fraction

import pytest

from firstbreath.stats.answers import MonteCarlo
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.several_groups import friedman, kruskal_wallis

TIMES = [[9, 5, 1], [8, 6, 2], [7, 4, 3], [9, 3, 1], [8, 5, 4]]
COLUMNS = list(zip(*TIMES, strict=True))
NAMES = ["P1", "P2", "P3", "P4", "P5"]


def test_two_groups_give_the_p_of_mann_and_whitney():
    p = kruskal_wallis([[1, 2, 3], [4, 5, 6]])
    assert (str(p), p.statistic, p.name, p.smallest) == ("2/20", Fraction(27, 7), "H", Fraction(2, 20))


def test_groups_may_come_in_any_order():
    assert kruskal_wallis([[1, 2], [3, 4, 5], [6]]) == kruskal_wallis([[6], [1, 2], [3, 4, 5]])


def test_every_subject_in_the_same_order_is_the_smallest_p():
    p = friedman(TIMES)
    assert (str(p), p.statistic, p.name, p.smallest) == ("6/7776", 10, "Q", Fraction(6, 7776))


def test_arrays_of_numpy_are_read():
    import numpy as np

    assert friedman(np.array(TIMES)) == friedman(TIMES)
    assert kruskal_wallis(np.array(COLUMNS, dtype=float)) == kruskal_wallis(COLUMNS)


def test_nothing_differs():
    assert kruskal_wallis([[1, 1], [1]]).notes == ("all values are the same: no group can be above another",)
    assert friedman([[1, 1], [2, 2]]).notes == ("no subject has two different values: no time can be above another",)


class TestRepeatedSubjects:
    def test_subjects_in_every_group_are_given_friedmans_p(self):
        (note,) = kruskal_wallis(COLUMNS, ids=[NAMES] * 3).notes
        assert note == (
            "5 subjects come in more than one group. Kruskal-Wallis takes every value for another subject's, so this "
            "p does not hold: for repeated measurements take Friedman's test: p = 6/7776 here."
        )

    def test_subjects_are_matched_by_code_and_not_by_place(self):
        turned = [COLUMNS[0], COLUMNS[1][::-1], COLUMNS[2]]
        note = kruskal_wallis(turned, ids=[NAMES, NAMES[::-1], NAMES]).notes[0]
        assert "p = 6/7776 here" in note

    def test_subjects_in_some_groups_are_warned_of(self):
        (note,) = kruskal_wallis([[1, 2], [3, 4]], ids=[["A", "B"], ["B", "C"]]).notes
        assert note.startswith("1 subject comes in more than one group")
        assert note.endswith("Friedman's test of the subjects measured every time.")

    def test_different_subjects_are_not(self):
        assert kruskal_wallis([[1, 2], [3]], ids=[["A", "B"], ["C"]]).notes == ()

    @pytest.mark.parametrize(
        ("ids", "says"),
        [
            ([["A", "B"]], "has not the shape"),
            ([["A"], ["C"]], "has not the shape"),
            ([["A", "A"], ["C"]], "A stands twice in group 1"),
            ("AB", "give a list of lists"),
        ],
    )
    def test_codes_that_cannot_be_matched(self, ids, says):
        with pytest.raises(NotComputable, match=says):
            kruskal_wallis([[1, 2], [3]], ids=ids)


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        ([], "0 groups given"),
        ([[1, 2]], "1 group given"),
        ([[1], []], "group 2 has no values"),
        ([[1], [float("nan")]], "value 1 of group 2 is nan"),
        ([[1], ["2"]], "value 1 of group 2 is '2'"),
        ([1, 2], "part 1 of groups is 1"),
        ("12", "groups is '12'"),
        ([[0.3 - 0.2], [0.1]], "binary rounding"),
    ],
)
def test_groups_that_have_no_answer(groups, says):
    with pytest.raises(NotComputable, match=says):
        kruskal_wallis(groups)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ([], "0 subjects at 0 times"),
        ([[1, 2]], "1 subjects at 2 times"),
        ([[1], [2]], "2 subjects at 1 times"),
        ([[1, 2], [3]], "rows have 1 to 2 values"),
        ([[1, None], [3, 4]], "value 2 of row 1 is missing"),
        ([[1, True], [3, 4]], "value 2 of row 1 is True"),
    ],
)
def test_tables_that_have_no_answer(table, says):
    with pytest.raises(NotComputable, match=says):
        friedman(table)


def test_what_is_too_large_names_the_limit_and_the_way_out():
    with pytest.raises(TooLarge, match=r"more than 4,000,000 ways, .* too many to go through: pass monte_carlo="):
        kruskal_wallis([list(range(group, 600, 6)) for group in range(6)])
    with pytest.raises(TooLarge, match="3 subjects at 8 times take more than 10,000,000 steps to count: pass monte_"):
        friedman([list(range(8))] * 3)
    with pytest.raises(TooLarge, match="at most 1000 at 20 times"):
        friedman([list(range(21))] * 3)
    with pytest.raises(TooLarge, match="1001 values in 2 groups are too many"):
        kruskal_wallis([list(range(1000)), [1]])


@pytest.mark.parametrize(
    ("chance", "says"),
    [
        (MonteCarlo(draws=999, seed=1), "draws is 999: give 1000 or more"),
        (MonteCarlo(draws=10**7, seed=1), "too many"),
        (MonteCarlo(draws=1000, seed=-1), "seed is -1"),
        (MonteCarlo(draws=1000, seed=2**64), "below 2"),
        (MonteCarlo(draws=1000.5, seed=1), "whole number"),
        (7, "give MonteCarlo"),
    ],
    ids=str,
)
def test_leave_to_draw_that_makes_no_sense(chance, says):
    groups = [list(range(group, 100, 5)) for group in range(5)]
    with pytest.raises(NotComputable, match=says):
        kruskal_wallis(groups, monte_carlo=chance)
