"""Can this printed p come from that exact test at that n: the verdict, its proof and its words."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest

from firstbreath.stats.answers import PValue
from firstbreath.stats.arrangements import compute_doubled_ranks, compute_numerators, compute_sign_flip_counts
from firstbreath.stats.attainability import render_working
from firstbreath.stats.attaining import check_attainable, find_attaining
from firstbreath.stats.ranks import rank_sum, signed_rank
from firstbreath.stats.tie_patterns import Witness, compute_rank_sum_attained, compute_signed_rank_attained

PUZZLE = Decimal("0.0559")


def test_a_refusal_explains_itself() -> None:
    answer = check_attainable("signed-rank", (7,), PUZZLE)
    assert (answer.attainable, answer.with_ties, answer.fractions) == (False, None, ())
    assert answer.nearest == (Fraction(3, 64), Fraction(4, 64))
    assert answer.working == (
        "Every two-sided exact signed-rank p on 7 pairs is a multiple of 2/128, with or without ties and zeros. "
        "No data can print 0.0559. The nearest found: 0.046875 and 0.062500. "
        "Compared half up at the decimals printed; an exact half may print either way."
    )


def test_a_proof_names_the_ties_and_the_statistic() -> None:
    assert check_attainable("rank-sum", (7, 7), PUZZLE).working == (
        "Every two-sided exact rank-sum (Mann-Whitney) p on 7 and 7 is k/C(14,7) = k/3432, k even. "
        "192/3432 = 0.055944 prints 0.0559: ties at ranks 12-13, U = 39.5. "
        "The nearest without ties or zeros: 0.053030 and 0.072844. "
        "Compared half up at the decimals printed; an exact half may print either way."
    )
    assert check_attainable("rank-sum", (3, 2), Decimal("0.2")).working == (
        "Every two-sided exact rank-sum (Mann-Whitney) p on 3 and 2 is k/C(5,3) = k/10. "
        "2/10 = 0.200 prints 0.2: no ties, U of the smaller group = 6. The nearest found: 0.200. "
        "Compared half up at the decimals printed; an exact half may print either way."
    )


def test_other_tests_word_their_own_proof() -> None:
    assert "6 of 7 changes are positive" in check_attainable("sign", (7,), Decimal("0.125")).working
    permuted = check_attainable("permutation-paired", (12,), PUZZLE, sides=1)
    assert permuted.fractions == ((229, 4096),)
    assert "number 229 in order of extremeness" in permuted.working


@pytest.mark.parametrize(
    ("zeros", "ranked", "words"),
    [(1, False, "1 zero dropped"), (2, False, "2 zeros dropped"), (3, True, "3 zeros ranked (Pratt)")],
)
def test_a_proof_names_its_zeros(zeros: int, ranked: bool, words: str) -> None:
    answer = check_attainable("signed-rank", (7,), Decimal("0.0156"))
    proof = {(2, 128): Witness((1, 2), Fraction(5, 2), zeros, ranked)}
    assert f"ties at ranks 2-3, {words}, sum of positive ranks = 2.5." in render_working(answer, proof, answer.nearest)


def test_an_untied_p_needs_no_ties() -> None:
    answer = check_attainable("signed-rank", (7,), Decimal("0.0156"))
    assert (answer.attainable, answer.with_ties, answer.fractions) == (True, False, ((2, 128),))


def test_an_exact_half_may_have_been_printed_down() -> None:
    for text in ("0.0312", "0.0313"):
        answer = check_attainable("signed-rank", (7,), Decimal(text))
        assert (4, 128) in answer.fractions
    assert not check_attainable("signed-rank", (7,), Decimal("0.0311")).attainable


def test_a_p_below_the_smallest_has_the_smallest_on_both_sides() -> None:
    answer = check_attainable("rank-sum", (7, 7), Decimal("0.0002"))
    assert not answer.attainable
    assert answer.nearest == (Fraction(2, 3432),) * 2


def test_no_exact_p_is_nought() -> None:
    answer = check_attainable("permutation-paired", (7,), Decimal("0.000"))
    assert (answer.attainable, answer.nearest) == (False, (Fraction(2, 128),) * 2)
    assert check_attainable("permutation-paired", (12,), Decimal("0.000")).attainable  # 2/4096 prints so


def test_the_order_of_the_groups_does_not_matter() -> None:
    one, other = (check_attainable("rank-sum", sizes, PUZZLE) for sizes in ((7, 6), (6, 7)))
    assert one.fractions == other.fractions == ((96, 1716),)


def test_large_samples_are_excluded_by_proof_only() -> None:
    hopeless = check_attainable("rank-sum", (19, 1), PUZZLE)  # multiples of 1/20
    assert not hopeless.attainable
    open_question = check_attainable("signed-rank", (120,), Decimal("0.0558999999"))
    assert (open_question.attainable, open_question.with_ties, open_question.fractions) == (True, None, ())
    assert "is not excluded" in open_question.working
    untied = check_attainable("signed-rank", (26,), PUZZLE)
    assert (untied.with_ties, untied.fractions) == (False, ((3748246, 67108864),))
    one_group = check_attainable("signed-rank", (25,), PUZZLE)
    assert (one_group.with_ties, len(one_group.fractions)) == (True, 1)


def signed_rank_p_of(witness: Witness) -> PValue:
    """The p of differences made to the witness: its ranks as magnitudes, enough of them positive."""
    magnitudes = [
        rank for size, rank in _with_ranks(witness.groups, witness.zeros * witness.ranked) for _ in range(size)
    ]
    positive = next(
        chosen
        for count in range(len(magnitudes) + 1)
        for chosen in combinations(range(len(magnitudes)), count)
        if sum(magnitudes[place] for place in chosen) == 2 * witness.statistic
    )
    differences = [rank if place in positive else -rank for place, rank in enumerate(magnitudes)]
    return signed_rank(differences + [0] * witness.zeros, zeros="pratt" if witness.ranked else "wilcoxon")


def test_every_signed_rank_witness_gives_its_p() -> None:
    for fraction, witness in compute_signed_rank_attained(6, 2).items():
        p = signed_rank_p_of(witness)
        assert ((p.numerator, p.denominator), p.statistic) == (fraction, witness.statistic)


def test_ranked_zeros_give_fractions_that_dropped_zeros_do_not() -> None:
    ranked = {fraction: witness for fraction, witness in compute_signed_rank_attained(10, 2).items() if witness.ranked}
    assert ranked
    for fraction, witness in ranked.items():
        p = signed_rank_p_of(witness)
        assert ((p.numerator, p.denominator), p.statistic) == (fraction, witness.statistic)


def test_every_rank_sum_witness_gives_its_p() -> None:
    for (numerator, denominator), witness in compute_rank_sum_attained(3, 4, 2).items():
        values = [rank for size, rank in _with_ranks(witness.groups, 0) for _ in range(size)]
        chosen = next(
            places
            for places in combinations(range(7), 3)
            if Fraction(sum(values[place] for place in places), 2) - 6 == witness.statistic
        )
        x = [values[place] for place in chosen]
        p = rank_sum(x, [value for place, value in enumerate(values) if place not in chosen])
        assert (p.numerator, p.denominator, p.statistic) == (numerator, denominator, witness.statistic)


def _with_ranks(groups: tuple[int, ...], below: int) -> list[tuple[int, int]]:
    return list(zip(groups, compute_doubled_ranks(groups, below), strict=True))


def test_what_can_print_it_comes_nearest_first() -> None:
    found = find_attaining(Decimal("0.0179"), sizes_up_to=8, near=(5, 3))
    assert {answer.sizes for answer in found} == {(5, 3)}
    assert [(answer.sided, answer.with_ties) for answer in found] == [(2, True), (1, False)]
    paired = find_attaining(Decimal("0.0078"), sizes_up_to=7, near=(7,))
    assert [(answer.test, answer.sizes, answer.sided) for answer in paired if answer.test != "rank-sum"] == [
        ("permutation-paired", (7,), 1),
        ("sign", (7,), 1),
        ("signed-rank", (7,), 1),
    ]


def test_a_one_sided_set_is_every_upper_tail() -> None:
    counts = compute_sign_flip_counts((1, 1))
    assert counts == (1, 0, 1, 0, 1, 0, 1)
    assert sorted(compute_numerators(counts, 6, 1)) == [1, 2, 3, 4]
    assert sorted(compute_numerators(counts, 6, 2)) == [2, 4]


@pytest.mark.parametrize(
    ("test", "sizes", "printed", "message"),
    [
        ("t", (7,), "0.05", "test 't' is not known"),
        ("signed-rank", (7, 7), "0.05", r"sizes \(7, 7\) do not fit signed-rank: give 1"),
        ("rank-sum", (7,), "0.05", "give 2, each at least 1"),
        ("sign", (0,), "0.05", "each at least 1"),
        ("rank-sum", (101, 100), "0.05", "too large: the exact check takes at most 200 values"),
        ("sign", (7,), "1.2", "p is 1.2: a p-value is between 0 and 1"),
        ("sign", (7,), "NaN", "NaN is not a finite number"),
    ],
)
def test_a_question_without_sense_is_refused(test: str, sizes: tuple[int, ...], printed: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_attainable(test, sizes, Decimal(printed))


def test_a_third_side_is_refused() -> None:
    with pytest.raises(ValueError, match="sides is 3: choose 1 or 2"):
        check_attainable("sign", (7,), PUZZLE, sides=3)


@pytest.mark.parametrize("near", [(), (7, 7, 7), (0,)])
def test_near_is_one_or_two_sizes(near: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="give the one or two sample sizes stated"):
        find_attaining(PUZZLE, near=near)
