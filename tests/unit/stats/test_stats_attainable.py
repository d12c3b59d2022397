"""Can this printed p come from that exact test at that n: the verdict, its proof and its words."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest

from firstbreath.stats.answers import PValue
from firstbreath.stats.arrangements import compute_doubled_ranks, compute_numerators, compute_sign_flip_counts
from firstbreath.stats.attainability import render_working
from firstbreath.stats.attaining import Test, attainable, check_attainable, find_attaining, render_attainable
from firstbreath.stats.fisher_attained import BLAKER, compute_fisher_attained
from firstbreath.stats.printed_p import parse_printed_p
from firstbreath.stats.ranks import rank_sum, signed_rank
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.several_attained import compute_friedman_attained, compute_kruskal_wallis_attained
from firstbreath.stats.tie_patterns import DOUBLED, Witness, compute_rank_sum_attained, compute_signed_rank_attained

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
    attained = compute_rank_sum_attained(3, 4, 2)
    for (numerator, denominator), witness in attained.items():
        values = [rank for size, rank in _with_ranks(witness.groups, 0) for _ in range(size)]
        chosen = next(
            places
            for places in combinations(range(7), 3)
            if Fraction(sum(values[place] for place in places), 2) - 6 == witness.statistic
        )
        x = [values[place] for place in chosen]
        y = [value for place, value in enumerate(values) if place not in chosen]
        p = rank_sum(x, y)
        if witness.rule:
            tail = min(rank_sum(x, y, alternative=side).numerator for side in ("less", "greater"))
            assert (2 * tail, p.statistic) == (numerator, witness.statistic)
        else:
            assert (p.numerator, p.denominator, p.statistic) == (numerator, denominator, witness.statistic)
    assert {witness.rule for witness in attained.values()} == {"", DOUBLED}


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
        ("friedman", (7,), "0.05", "give the subjects, at least 1, and the times, at least 2"),
        ("friedman", (7, 1), "0.05", "and the times, at least 2"),
        ("friedman", (101, 2), "0.05", "too large"),
        ("kruskal-wallis", (7,), "0.05", "give 2 or more, each at least 1"),
        ("fisher", (7,), "0.05", "do not fit fisher: give 2"),
        ("mcnemar", (7, 7), "0.05", "do not fit mcnemar: give 1"),
        ("signed-rank", (7, 7), "0.05", r"sizes \(7, 7\) do not fit signed-rank: give 1"),
        ("rank-sum", (7,), "0.05", "give 2, each at least 1"),
        ("sign", (0,), "0.05", "give 1, the pairs, at least 1"),
        ("rank-sum", (101, 100), "0.05", "too large: the exact check takes at most 200 values"),
        ("sign", (7,), "1.2", "p is 1.2: a p-value is between 0 and 1"),
        ("sign", (7,), "NaN", "NaN is not a finite number"),
    ],
)
def test_a_question_without_sense_is_refused(test: str, sizes: tuple[int, ...], printed: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_attainable(test, sizes, Decimal(printed))


@pytest.mark.parametrize("sides", [3, 0, True, 1.0, None])
def test_a_third_side_is_refused(sides: object) -> None:
    with pytest.raises(NotComputable, match=f"sides is {sides}: choose 1 or 2"):
        check_attainable("sign", (7,), PUZZLE, sides=sides)  # type: ignore[arg-type]


@pytest.mark.parametrize("test", ["friedman", "kruskal-wallis"])
def test_a_test_without_direction_has_no_sides(test: Test) -> None:
    with pytest.raises(NotComputable, match=f"{test} has no direction"):
        check_attainable(test, (3, 3), PUZZLE, sides=1)


@pytest.mark.parametrize("near", [(), (7, 7, 7), (0,)])
def test_near_is_one_or_two_sizes(near: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="give the one or two sample sizes stated"):
        find_attaining(PUZZLE, near=near)


@pytest.mark.parametrize(
    ("text", "relation", "number"),
    [
        ("0.0559", "=", "0.0559"),
        (".05", "=", "0.05"),
        ("= 0.050", "=", "0.050"),
        ("p = 0.0559", "=", "0.0559"),
        ("P<0.001", "<", "0.001"),
        ("< 0.05", "<", "0.05"),
        ("p ≤ 0.05", "<=", "0.05"),
        (">= 0.2", ">=", "0.2"),
        (" > 0.2 ", ">", "0.2"),
        ("5e-4", "=", "5e-4"),
        (Decimal("0.10"), "=", "0.10"),
    ],
)
def test_a_printed_p_is_read_with_its_sign_and_its_zeros(text: str | Decimal, relation: str, number: str) -> None:
    found, value = parse_printed_p(text)
    assert (found, str(value)) == (relation, str(Decimal(number)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("n.s.", "give what is printed, such as 0.0559 or < 0.05"),
        ("0,05", "with a point"),
        ("<", "give what is printed"),
        ("", "give what is printed"),
        ("0.05" * 100, "give what is printed"),
        ("1.01", "a p-value is between 0 and 1"),
        (0.05, "give it as text, as printed, so that trailing zeros count"),
        (None, "give it as text"),
        (Decimal("NaN"), "not a finite number"),
        (Decimal("1e99999999"), "between 0 and 1"),
    ],
)
def test_what_is_no_printed_p_is_refused(text: object, message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        parse_printed_p(text)  # type: ignore[arg-type]


def test_more_digits_than_anyone_prints_are_too_many() -> None:
    with pytest.raises(TooLarge, match="at most 30 can be checked"):
        attainable("sign", 7, Decimal("1e-999999999"))


def test_one_call_answers_for_both_sides_and_names_what_could_give_it() -> None:
    answer = attainable("signed-rank", 7, "0.0559")
    assert (answer.attainable, answer.with_ties, answer.fractions) == (False, None, ())
    assert [one.sided for one in answer.answers] == [2, 1]
    assert [(other.test, other.sizes, other.fractions[0]) for other in answer.others[:2]] == [
        ("rank-sum", (7, 7), (192, 3432)),
        ("rank-sum", (7, 7), (192, 3432)),
    ]
    first, two_sided, one_sided, *others, rounding, otherwise = render_attainable(answer).splitlines()
    assert first == "No, not from this exact test."
    assert two_sided == (
        "Every two-sided exact signed-rank p on 7 pairs is a multiple of 2/128, with or without ties and zeros. "
        "No data can print 0.0559. The nearest found: 0.046875 and 0.062500."
    )
    assert one_sided == (
        "Every one-sided exact signed-rank p on 7 pairs is a multiple of 1/128, with or without ties and zeros. "
        "No data can print 0.0559. The nearest found: 0.054688 and 0.062500."
    )
    assert others == [
        "What could print 0.0559:",
        "  two-sided rank-sum, 7 v 7 unpaired, with ties or zeros only: 192/3432",
        "  one-sided rank-sum, 7 v 7 unpaired, with ties or zeros only: 192/3432",
        "  two-sided rank-sum, 7 v 6 unpaired, with ties or zeros only: 96/1716",
        "  one-sided rank-sum, 7 v 6 unpaired, with ties or zeros only: 96/1716",
        "  one-sided permutation-paired, 12 pairs: 229/4096",
        "  one-sided signed-rank, 12 pairs, with ties or zeros only: 229/4096",
    ]
    assert rounding == "Compared half up at the decimals printed; an exact half may print either way."
    assert otherwise == "An approximate test, another test or a slip in typing could give any value."


def test_a_yes_shows_its_fraction_and_data_to_try() -> None:
    answer = attainable("rank-sum", (7, 7), "p = 0.0559", sides=2)
    first, _, example, _ = render_attainable(answer).splitlines()
    assert first == "Yes, with ties: 192/3432."
    x, y = answer.answers[0].example
    assert str(rank_sum(x, y)) == "192/3432"
    assert example == f"For example, {', '.join(map(str, x))} against {', '.join(map(str, y))}."
    assert (answer.others, answer.tried) == ((), 0)


@pytest.mark.parametrize(
    ("test", "n", "printed", "first_line"),
    [
        ("signed-rank", 7, "0.0156", "Yes: 2/128."),
        ("signed-rank", 7, "0.0547", "Yes, one-sided only: 7/128."),
        ("signed-rank", 7, "< 0.05", "Yes: the smallest is 2/128 = 0.0156."),
        ("signed-rank", 5, "< 0.05", "Yes, one-sided only: the smallest is 1/32 = 0.0313."),
        ("signed-rank", 4, "< 0.05", "No, not from this exact test."),
        ("signed-rank", 9, "> 0.2", "Yes: the largest is 1."),
        ("signed-rank", 9, "> 1", "No, not from this exact test."),
        ("rank-sum", (2, 3), "< 0.15", "Yes, with ties: the smallest is 1/10 = 0.1000."),
        ("rank-sum", (2, 3), "< 0.25", "Yes: the smallest is 1/10 = 0.1000."),
        ("rank-sum", (3, 3), "<= 0.1", "Yes: the smallest is 2/20 = 0.1000."),
        ("rank-sum", (3, 3), "< 0.1", "Yes, one-sided only: the smallest is 1/20 = 0.0500."),
        ("mcnemar", 6, "0.0312", "Yes: 2/64."),
        ("fisher", (4, 4), "0.4857", "Yes: 34/70."),
        ("kruskal-wallis", (3, 3, 3), "0.0036", "Yes: 6/1680."),
        ("kruskal-wallis", (4, 2, 1), "< 0.01", "Yes: the smallest is 1/105 = 0.0095."),
        ("kruskal-wallis", (2, 2, 2), "0.05", "No, not from this exact test."),
        ("friedman", (3, 3), "0.028", "Yes: 6/216."),
        ("friedman", (3, 3), "< 0.01", "No, not from this exact test."),
        ("friedman", (20, 4), "0.0559123871", "Not excluded: there are too many patterns of ties to try all of them."),
        ("permutation-paired", 200, "< 0.001", f"Yes: the smallest is {2}/2^200."),
    ],
)
def test_the_verdict_stands_in_the_first_line(
    test: Test, n: int | tuple[int, ...], printed: str, first_line: str
) -> None:
    answer = attainable(test, n, printed, alternatives=False)
    assert render_attainable(answer).splitlines()[0] == first_line
    assert answer.attainable == (first_line != "No, not from this exact test.")


def test_nothing_found_nearby_is_said() -> None:
    answer = attainable("fisher", (7, 7), PUZZLE)
    assert (answer.attainable, answer.others) == (False, ())
    assert f"None of {answer.tried} tests and sizes nearby could print 0.0559." in render_attainable(answer)
    unasked = render_attainable(attainable("fisher", (7, 7), PUZZLE, alternatives=False))
    assert "nearby" not in unasked


def test_beside_several_groups_the_other_test_is_tried() -> None:
    answer = attainable("kruskal-wallis", (3, 3, 3), "0.0278")
    assert not answer.attainable
    assert ("friedman", (3, 3), ((6, 216),)) in [(other.test, other.sizes, other.fractions) for other in answer.others]


@pytest.mark.parametrize("n", [None, "7", True, 7.0, (), (7, None), float("nan")])
def test_sizes_that_are_no_numbers_are_refused(n: object) -> None:
    with pytest.raises(NotComputable, match="give the number of pairs, or the group sizes"):
        attainable("signed-rank", n, "0.05")  # type: ignore[arg-type]


def test_a_p_of_several_groups_without_every_tie_pattern_is_proved_or_left_open() -> None:
    untied = check_attainable("kruskal-wallis", (7, 7, 7), Decimal("0.0491"))
    assert (untied.with_ties, untied.fractions[0]) == (False, (19597536, 399072960))
    assert "no ties, H = 5.8182" in untied.working
    ends = check_attainable("kruskal-wallis", (20, 20, 20), Decimal("1"))
    assert "ties at ranks 1-60, H = 0.0000" in ends.working
    hopeless = check_attainable("kruskal-wallis", (18, 1, 1), Decimal("0.0559"))  # multiples of 2/380
    assert not hopeless.attainable
    smallest = check_attainable("friedman", (50, 3), Decimal("1"))
    assert smallest.fractions == ((6**50, 6**50),)


def test_the_smallest_p_of_several_groups_comes_from_groups_each_alike() -> None:
    for sizes in ((2, 2, 1), (3, 2), (2, 2, 2)):
        attained = compute_kruskal_wallis_attained(sizes)
        numerator, total = min(attained)
        assert check_attainable("kruskal-wallis", sizes, Decimal("0.5")).smallest == (numerator, total)
        assert attained[numerator, total].statistic <= sum(sizes) - 1
    for subjects, times in ((3, 3), (2, 4), (4, 2)):
        found = compute_friedman_attained(subjects, times)
        assert check_attainable("friedman", (subjects, times), Decimal("0.5")).smallest == min(found)
        assert found[min(found)].statistic == subjects * (times - 1)


def test_fisher_counts_the_three_usual_rules_for_two_sides() -> None:
    """Of 2 and 5 subjects 2 have the event: 10, 10 and 1 of the 21 choices hold 0, 1 and 2 of the first group.

    None: 21 are no likelier, 20 is twice the 10 below, and 11 is those 10 with the 1 at the other end.
    """
    attained = compute_fisher_attained(2, 5, 2)
    assert (attained[1, 21].rule, attained[21, 21].rule) == ("", "")
    assert (attained[2, 21].rule, attained[20, 21].rule, attained[11, 21].rule) == (DOUBLED, DOUBLED, BLAKER)


def test_words_of_the_other_tests() -> None:
    assert "7 pairs is a multiple of 2/128, however many of them are discordant." in (
        check_attainable("mcnemar", (7,), PUZZLE).working
    )
    assert "1 of 4 against 3 of 4 with the event" in check_attainable("fisher", (4, 4), Decimal("0.4857")).working
    assert "no ties, Q = 6.0000" in check_attainable("friedman", (3, 3), Decimal("0.028")).working
    tied = check_attainable("friedman", (5, 3), Decimal("0.054"))
    assert "ties within the row of 1 subject, Q = 6.0000" in tied.working
