"""Exact rank tests: fractions kept, ties and zeros ranked, bad values refused."""

from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest

from firstbreath.stats.answers import render_p
from firstbreath.stats.ranks import rank_sum, sign_test, sign_test_of_counts, signed_rank


def test_seven_of_seven_in_one_direction_is_two_of_128() -> None:
    p = signed_rank([-18, -11, -13, -11, -14, -14, -16])
    assert (p.numerator, p.denominator, p.value, p.statistic) == (2, 128, Fraction(1, 64), 0)
    assert p.smallest == p.value
    assert str(p) == "2/128"
    assert render_p(p) == "0.0156 (2/128)"
    assert p.method == "exact Wilcoxon signed-rank test, midranks for ties, zeros dropped (Wilcoxon)"


def test_zero_differences_are_dropped_or_ranked_and_then_dropped() -> None:
    differences = [0, 0, 1, -2, 3, 4]
    dropped, ranked = (signed_rank(differences, zeros=rule) for rule in ("wilcoxon", "pratt"))
    # magnitudes rank 1 2 3 4: sums at most 2 or at least 8 are 3 + 3 of 16; with the zeros first, 3 4 5 6:
    # sums at most 4 or at least 14 are {}, 3, 4 and their mirrors
    assert (str(dropped), dropped.statistic) == ("6/16", 8)
    assert (str(ranked), ranked.statistic) == ("6/16", 14)
    ties = [0, 0, 0, 1, 1, -2, 2]
    assert str(signed_rank(ties)) != str(signed_rank(ties, zeros="pratt"))


def test_no_change_at_all_is_no_evidence() -> None:
    for p in (signed_rank([0, 0]), sign_test([0, 0]), sign_test_of_counts(0, 0)):
        assert (str(p), p.value, p.smallest) == ("1/1", 1, 1)
        assert p.notes == ("no subject changed, so p is 1",)


def test_equal_values_are_no_evidence() -> None:
    p = rank_sum([3, 3], [3, 3, 3])
    assert (str(p), p.smallest, p.notes) == ("10/10", 1, ("all values are the same, so p is 1",))


def test_each_test_names_its_statistic_and_how_it_was_done() -> None:
    found = [signed_rank([1, -2], zeros="zsplit"), rank_sum([1], [2]), sign_test([1, 2])]
    assert [p.name for p in found] == ["W+", "U", "positive"]
    assert [p.method for p in found] == [
        "exact Wilcoxon signed-rank test, midranks for ties, zeros ranked and split",
        "exact Mann-Whitney test, midranks for ties",
        "exact sign test",
    ]


def test_zsplit_moves_the_statistic_and_not_the_p() -> None:
    # two zeros rank 1 and 2: half of 3 goes to W+
    pratt, split = (signed_rank([0, 0, 1, -2, 3], zeros=rule) for rule in ("pratt", "zsplit"))
    assert (split.value, split.statistic) == (pratt.value, pratt.statistic + Fraction(3, 2))


def test_one_sided_p_follows_the_direction_asked_for() -> None:
    differences = [1, 2, 3]
    assert str(signed_rank(differences, alternative="greater")) == "1/8"
    assert str(signed_rank(differences, alternative="less")) == "8/8"
    assert str(rank_sum([4, 5], [1, 2], alternative="greater")) == "1/6"
    assert str(sign_test_of_counts(3, 0, alternative="less")) == "8/8"


def test_u_counts_the_pairs_won_and_half_the_pairs_tied() -> None:
    p = rank_sum([1, 3, 3], [2, 3])
    assert p.statistic == 0 + 2 * Fraction(3, 2)
    assert p.value == 1


def test_unequal_samples_count_what_is_as_far_from_the_mean() -> None:
    # ranks 1 2 3.5 3.5 5 for 2 against 3: mean rank sum 6; observed 3; sums 3 | 9 are at least 3 away: 8.5 is not
    assert str(rank_sum([1, 2], [3, 3, 4])) == "1/10"
    assert str(rank_sum([3, 4], [1, 2, 3])) == "3/10"


def test_the_sign_test_counts_positives() -> None:
    p = sign_test_of_counts(6, 1)
    assert (str(p), p.statistic, p.smallest) == ("16/128", 6, Fraction(2, 128))
    assert str(sign_test_of_counts(2, 2)) == "16/16"


def test_the_unit_of_the_values_does_not_matter() -> None:
    assert signed_rank([1, -2, 3]) == signed_rank([Decimal("0.1"), Decimal("-0.2"), Decimal("0.3")])


@pytest.mark.parametrize(
    ("differences", "message"),
    [
        ([], "differences has no values: at least 1 needed"),
        ([Decimal("NaN")], "value 1 of differences is NaN: only finite numbers"),
        ([Decimal("-Infinity")], "value 1 of differences is -Infinity: only finite"),
        (["1.5"], "value 1 of differences is '1.5' .str.: give a number, not text"),
        ([*range(1, 701)], "700 differences are too many to count: the exact test takes about 600"),
    ],
)
def test_differences_that_cannot_be_ranked_are_refused(differences: list[Fraction], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        signed_rank(differences)


def test_samples_that_cannot_be_ranked_are_refused() -> None:
    with pytest.raises(ValueError, match="y has no values: at least 1 needed"):
        rank_sum([1], [])
    with pytest.raises(ValueError, match=r"802 values in x and y are too many to count: .* pass monte_carlo="):
        rank_sum(range(401), range(401, 802))
    with pytest.raises(ValueError, match="negative is -1: give 0 or more"):
        sign_test_of_counts(3, -1)


def test_two_large_samples_are_counted() -> None:
    p = rank_sum(range(0, 300, 2), range(1, 300, 2))
    assert p.denominator == comb(300, 150)
    with_tie = rank_sum([0, 0, *range(4, 120, 2)], range(1, 121, 2))
    assert with_tie.denominator == comb(120, 60)


def test_more_signs_than_can_be_counted_are_refused() -> None:
    with pytest.raises(ValueError, match="1001 changes are too many: the sign test takes at most 1,000"):
        sign_test_of_counts(1001, 0)
    with pytest.raises(ValueError, match="even drawing takes at most 10,000"):
        signed_rank(range(10_001))


def test_two_hundred_differences_are_not_too_many() -> None:
    p = signed_rank([*range(1, 101), *range(-200, -100)])
    assert p.denominator == 2**200
    assert 0 < p.value < Fraction(1, 10**9)


def test_split_zeros_move_the_statistic_by_half_their_ranks() -> None:
    pratt, split = (signed_rank([0, 0, 1, -2, 3, 4], zeros=zeros) for zeros in ("pratt", "zsplit"))
    assert (pratt.statistic, split.statistic) == (14, 14 + Fraction(1 + 2, 2))
    assert str(pratt) == str(split)
