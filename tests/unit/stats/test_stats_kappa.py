"""Cohen's kappa: what it counts, what it warns of, and what it refuses."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from firstbreath.stats.kappa import compute_kappa, compute_root, kappa, kappa_of_table
from firstbreath.stats.ratings import compute_agreed, compute_distances
from firstbreath.stats.refusals import NotComputable, TooLarge

FIRST = [0, 0, 1, 2, 4, 4, 3]
SECOND = [0, 1, 1, 2, 4, 3, 3]


def test_by_hand() -> None:
    """Two by two: 4 and 3 agree, 2 and 1 do not; expected 26/50."""
    found = kappa_of_table([[4, 2], [1, 3]])
    assert (found.observed, found.expected) == (Fraction(7, 10), Fraction(6 * 5 + 4 * 5, 100))
    assert found.value == Fraction(2, 5)
    assert found.table == ((4, 2), (1, 3))


def test_weights_give_credit_for_a_near_miss() -> None:
    plain, linear, quadratic = (
        kappa(FIRST, SECOND, weights=w, categories=range(5)) for w in (None, "linear", "quadratic")
    )
    assert plain.value == Fraction(26, 40) == compute_kappa(_flat(plain.table), compute_distances(5, None))
    assert plain.value < linear.value < quadratic.value  # type: ignore[operator]
    assert (plain.weights, linear.weights, quadratic.weights) == ("none", "linear", "quadratic")


def _flat(table: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    return tuple(cell for row in table for cell in row)


def test_a_score_nobody_gave_counts_as_a_step_only_when_named() -> None:
    seen, whole = (
        kappa([0, 1, 4], [0, 4, 4], weights="linear"),
        kappa([0, 1, 4], [0, 4, 4], weights="linear", categories=range(5)),
    )
    assert (seen.categories, whole.categories) == ((0, 1, 4), (0, 1, 2, 3, 4))
    assert seen.value != whole.value
    assert "give the whole scale" in seen.notes[0]
    assert not any("whole scale" in note for note in whole.notes)


@pytest.mark.parametrize(
    "labels", [["ab", "ab", "c"], [1.0, 1.0, 2], [Decimal(1), 1, 2], [True, True, False], [("x", 1)] * 2 + ["y"]]
)
def test_any_labels_will_do(labels: list[Any]) -> None:
    assert kappa(labels, labels).value == 1


def test_numbers_of_any_kind_are_one_category() -> None:
    assert kappa([1, 2, 3], np.array([1.0, 2.0, 3.0])).categories == (1, 2, 3)
    assert kappa([0.1, 0.2], [Decimal("0.1"), Fraction(1, 5)]).value == 1


def test_words_need_an_order_only_for_weights() -> None:
    first, second = ["mild", "none", "severe"], ["mild", "mild", "severe"]
    assert kappa(first, second).categories == ("mild", "none", "severe")
    assert kappa(first, second, weights="linear", categories=["none", "mild", "severe"]).n == 3
    with pytest.raises(NotComputable, match="weighted kappa of words needs their order"):
        kappa(first, second, weights="linear")


def test_one_category_throughout_has_no_kappa() -> None:
    found = kappa([2, 2, 2], [2, 2, 2], categories=range(5), weights="quadratic")
    assert (found.value, found.lower, found.standard_error) == (None, None, None)
    assert found.notes == ("Both readers gave 2 throughout: agreement expected by chance is 1 and kappa has no value.",)


def test_one_reader_without_variation_has_kappa_zero() -> None:
    assert kappa([1, 1, 1, 1], [1, 1, 0, 1]).value == 0


def test_perfect_agreement_has_no_interval() -> None:
    found = kappa([0, 1, 2], [0, 1, 2])
    assert (found.value, found.lower, found.upper) == (1, None, None)
    assert "which is not certainty" in found.notes[0]


def test_the_interval_is_called_what_it_is() -> None:
    found = kappa(FIRST, SECOND)
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower < found.value < found.upper  # type: ignore[operator]
    assert "large-sample" in found.notes[0]
    assert "below about 20 subjects" in found.notes[0]


def test_a_higher_level_is_wider() -> None:
    narrow, wide = kappa(FIRST, SECOND, level=Decimal("0.8")), kappa(FIRST, SECOND, level=Decimal("0.99"))
    assert wide.lower < narrow.lower < narrow.upper < wide.upper  # type: ignore[operator]


def test_prevalence_and_bias_are_pointed_out() -> None:
    rare, even = kappa_of_table([[90, 4], [5, 1]]), kappa_of_table([[40, 5], [5, 50]])
    assert rare.notes[1] == "95 % of all ratings are 0: kappa is low there even where readers mostly agree."
    assert len(even.notes) == 1
    unlike = kappa_of_table([[40, 30], [0, 30]])
    assert (
        unlike.notes[1] == "The readers gave 0 in 70 % and 40 % of their ratings: they differ in how often they use it."
    )


def test_a_table_of_weights_may_be_given() -> None:
    linear = kappa_of_table([[4, 2, 0], [1, 3, 1], [0, 1, 5]], weights="linear")
    given = kappa_of_table([[4, 2, 0], [1, 3, 1], [0, 1, 5]], weights=[[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]])
    assert (given.value, given.lower, given.weights) == (linear.value, linear.lower, "given")


def test_weights_of_five_categories() -> None:
    assert compute_agreed(5, "quadratic")[0] == tuple(1 - Fraction(steps**2, 16) for steps in range(5))
    assert compute_agreed(1, "linear") == ((1,),)


def test_counts_may_come_from_numpy() -> None:
    assert kappa_of_table(np.array([[4, 2], [1, 3]])).value == Fraction(2, 5)
    assert kappa_of_table([[4.0, 2], [1, 3]], categories=["no", "yes"]).categories == ("no", "yes")


def test_the_root_is_cut_at_thirty_decimals() -> None:
    assert compute_root(Fraction(2)).numerator == 1414213562373095048801688724209
    assert compute_root(Fraction(10**400)) == 10**200


@pytest.mark.parametrize(
    ("first", "second", "extra", "message"),
    [
        ([], [], {}, "first has no ratings: at least 2 needed"),
        ([1], [1], {}, "1 rated pair: agreement beyond chance needs at least 2"),
        ([1, 2], [1], {}, "2 ratings in first and 1 in second"),
        ("AB", "AB", {}, "first is 'AB': give a list of ratings"),
        (7, [1], {}, "first is 7: give a list of ratings"),
        ([1, None], [1, 2], {}, "rating 2 of first is missing: leave the pair out"),
        ([1, 2], [1, float("nan")], {}, "rating 2 of second is nan: only finite numbers"),
        ([1, [2]], [1, 2], {}, r"rating 2 of first is \[2\]: give a number or a word, not a list"),
        ([1, True], [1, 2], {}, "first mixes numbers with true or false"),
        ([1, 5], [1, 2], {"categories": range(5)}, "rating 2 of first is 5: the categories are 0, 1, 2, 3, 4"),
        ([1, 2], [1, 2], {"categories": [1, 1, 2]}, "a category is named twice"),
        ([1, 2], [1, 2], {"categories": []}, "categories has no ratings"),
        ([1, 2], [1, 2], {"weights": "cubic"}, "weights is 'cubic': choose None, linear or quadratic"),
        ([1, 2], [1, 2], {"weights": [[1]]}, "weights has 1 rows for 2 categories"),
        ([1, 2], [1, 2], {"weights": [[1, 1], [0, 1]]}, "the weight in row 1, column 2 is 1: agreement weights"),
        ([1, 2], [1, 2], {"weights": [[0, 0], [0, 1]]}, "the weight in row 1, column 1 is 0"),
        ([1, 2], [1, 2], {"level": 95}, "level is 95: give a confidence between 0 and 1"),
    ],
)
def test_what_is_no_pair_of_ratings_is_refused(first: Any, second: Any, extra: dict[str, Any], message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        kappa(first, second, **extra)


@pytest.mark.parametrize(
    ("table", "extra", "message"),
    [
        ([], {}, "table has 0 rows, of no cells"),
        ("ab", {}, "table is 'ab': give a square table"),
        ([1, 2], {}, "row 1 of table is 1: give a list of numbers"),
        ([[1, 2]], {}, "table has 1 rows, of 2 cells"),
        ([[1, 2], [3]], {}, "table has 2 rows, of 2, 1 cells"),
        ([[1, -2], [3, 4]], {}, "row 1 of table has -2: give whole counts"),
        ([[0.5, 0.2], [0.2, 0.1]], {}, "row 1 of table has 1/2: give whole counts"),
        ([[0, 0], [0, 0]], {}, "no rated pairs: agreement beyond chance"),
        ([[1, 0], [0, 0]], {}, "1 rated pair"),
        ([[1, 2], [3, 4]], {"categories": ["a"]}, "1 names for 2 rows"),
        ([[1, 2], [3, 4]], {"categories": ["a", "a"]}, "2 names for 2 rows, or one twice"),
    ],
)
def test_what_is_no_table_is_refused(table: Any, extra: dict[str, Any], message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        kappa_of_table(table, **extra)


def test_too_much_is_refused() -> None:
    with pytest.raises(TooLarge, match="51 categories are too many: kappa takes at most 50"):
        kappa(range(51), range(51))
    with pytest.raises(TooLarge, match="100001 pairs are too many"):
        kappa_of_table([[100_000, 0], [0, 1]])
