"""Printed numbers against each other: an interval, its estimate, its p; counts, percentages, methods."""

from decimal import Decimal

import pytest

from firstbreath.stats.coherence import check_count_percentage, check_counts, check_interval, check_p_interval
from firstbreath.stats.interval_methods import find_interval_methods
from firstbreath.stats.refusals import NotComputable


@pytest.mark.parametrize(
    ("estimate", "lower", "upper", "ends", "verdict", "words"),
    [
        ("1.2", "0.8", "1.5", {}, True, "1.2 within 0.8 to 1.5: in order."),
        ("1.2", "1.2", "1.2", {}, True, "in order"),
        ("1.2", "1.3", "1.5", {}, False, "The estimate 1.2 is below the lower limit 1.3, and rounding does not"),
        ("1.6", "1.3", "1.5", {}, False, "The estimate 1.6 is above the upper limit 1.5"),
        ("1.2", "1.24", "1.5", {}, True, "in order"),  # 1.249 prints 1.2
        ("1.2", "1.26", "1.5", {}, False, "below the lower limit"),
        (None, "1.5", "1.2", {}, False, "The lower limit 1.5 is above the upper limit 1.2"),
        (None, "-0.1", "0.7", {}, True, "-0.1 to 0.7: in order."),
        ("0.97", "0.8", "1.04", {"highest": 1}, False, "The upper limit 1.04 is above 1, the most there can be"),
        ("0.97", "0.8", "1.00", {"highest": 1}, True, "in order"),
        ("0.1", "-0.04", "0.3", {"lowest": 0}, False, "The lower limit -0.04 is below 0, the least there can be"),
        ("2", "3", "1", {}, False, "limit 1 and the estimate 2 is below the lower limit 3 and the estimate 2 is above"),
    ],
)
def test_an_estimate_lies_within_its_interval(
    estimate: str | None, lower: str, upper: str, ends: dict[str, int], verdict: bool, words: str
) -> None:
    answer = check_interval(estimate, lower, upper, **ends)  # type: ignore[arg-type]
    assert answer.verdict is verdict
    assert words in answer.working


@pytest.mark.parametrize(
    ("p", "lower", "upper", "more", "verdict"),
    [
        ("0.03", "0.1", "0.5", {}, True),
        ("0.03", "-0.1", "0.5", {}, False),
        ("0.20", "-0.1", "0.5", {}, True),
        ("0.20", "0.1", "0.5", {}, False),
        ("0.20", "-0.5", "-0.1", {}, False),
        ("< 0.05", "0.1", "0.5", {}, True),
        ("< 0.05", "-0.1", "0.5", {}, False),
        ("< 0.1", "0.1", "0.5", {}, None),  # a bound above the level says nothing of it
        ("> 0.05", "-0.1", "0.5", {}, True),
        ("> 0.01", "-0.1", "0.5", {}, None),
        ("0.05", "0.1", "0.5", {}, None),  # 0.0451 and 0.0549 print so
        ("0.20", "0.0", "0.5", {}, None),  # the limit prints as the null value
        ("0.20", "0.9", "1.2", {"null": 1}, True),
        ("0.20", "1.1", "1.2", {"null": 1}, False),
        ("0.03", "-0.1", "0.5", {"level": Decimal("0.99")}, True),
        ("0.0559", "-0.1", "0.5", {"level": Decimal("0.90")}, False),
    ],
)
def test_an_interval_and_its_p_say_the_same(
    p: str, lower: str, upper: str, more: dict[str, object], verdict: bool | None
) -> None:
    assert check_p_interval(p, lower, upper, **more).verdict is verdict  # type: ignore[arg-type]


def test_the_words_of_an_interval_and_its_p() -> None:
    assert check_p_interval("0.03", "-0.1", "0.5").working == (
        "The 95 % interval -0.1 to 0.5 holds 0; p = 0.03 is significant at 0.05. They do not agree, unless interval "
        "and test are of different methods."
    )
    assert check_p_interval("0.05", "0.1", "0.5").working.endswith("Rounding leaves it open whether they agree.")
    with pytest.raises(NotComputable, match="give the lower one first"):
        check_p_interval("0.03", "0.5", "0.1")
    with pytest.raises(NotComputable, match="level is 95"):
        check_p_interval("0.03", "0.1", "0.5", level=95)


def test_counts_add_up_to_their_total() -> None:
    answer = check_counts({"men": 4, "women": 3}, 7)
    assert (answer.verdict, answer.working) == (True, "4 men + 3 women = 7; the total printed is 7.")
    assert check_counts([4, 3], 8).working == "4 + 3 = 7; the total printed is 8."
    assert check_counts([4, 3], 8).verdict is False
    assert check_counts([4, 3], 8, exhaustive=False).verdict is True
    assert check_counts([4, 3], 6, exhaustive=False).verdict is False


@pytest.mark.parametrize("parts", [[], {}, 5, "43", None])
def test_no_parts_are_refused(parts: object) -> None:
    with pytest.raises(NotComputable, match="give the counts that should add up"):
        check_counts(parts, 7)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("k", "n", "percent", "verdict", "words"),
    [
        (4, 7, "57.1", True, "4 of 7 is 57.14 %; printed: 57.1 %."),
        (4, 7, "57", True, ""),
        (1, 8, "12.5", True, ""),
        (1, 8, "12", True, ""),  # an exact half may go either way
        (1, 8, "13", True, ""),
        (4, 7, "57.2", False, "No count out of 7 prints so."),
        (4, 7, "66.7", False, "4 would be 66.7 % of 6."),
        (4, 7, "42.9", False, "42.9 % of 7 would be 3."),
        (4, 100, "80", False, "4 would be 80 % of 5. 80 % of 100 would be 80."),
        (400, 1000, "41", False, "400 would be 41 % of 964 to 987. 41 % of 1000 would be 405 to 415."),
        (8, 7, "114.3", False, "8 of 7: a count cannot exceed its total."),
        (0, 7, "3.0", False, "No count out of 7 prints so."),
    ],
)
def test_a_count_prints_as_its_percentage(k: int, n: int, percent: str, verdict: bool, words: str) -> None:
    answer = check_count_percentage(k, n, percent)
    assert answer.verdict is verdict
    assert words in answer.working


def test_limits_name_their_method() -> None:
    answer = find_interval_methods(0, 7, lower="0", upper="41.0", percent=True)
    assert answer.methods == ("Clopper-Pearson",)
    assert answer.working == (
        "0 of 7: Clopper-Pearson 0.0 to 41.0 %; Wilson score 0.0 to 35.4 %; Jeffreys 0.0 to 29.2 %; "
        "Wald (normal approximation) 0.0 to 0.0 %. The limits printed are those of Clopper-Pearson."
    )


def test_one_limit_may_be_one_sided() -> None:
    assert find_interval_methods(0, 7, upper="0.348").methods == ("Clopper-Pearson, one-sided",)
    assert find_interval_methods(0, 7, lower="0", upper="0.348").methods == ()
    assert find_interval_methods(0, 7, upper="0.35").methods == ("Wilson score", "Clopper-Pearson, one-sided")


def test_the_normal_approximation_is_known_by_its_limits() -> None:
    answer = find_interval_methods(2, 6, lower="-4.4", upper="71.1", percent=True)
    assert answer.methods == ("Wald (normal approximation)",)
    assert find_interval_methods(2, 6, lower="5", upper="6", percent=True).working.endswith("None prints these limits.")


def test_an_interval_without_limits_is_refused() -> None:
    with pytest.raises(NotComputable, match="give the lower limit, the upper limit or both"):
        find_interval_methods(3, 7)
