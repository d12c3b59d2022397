"""The bench of the exact tests: what it asks, what it leaves out, and that a disagreement is an error."""

import shutil
from fractions import Fraction

import pytest
from bench import __main__ as bench
from bench import exact_r, exact_scipy, exact_tests
from bench.exact_answers import COIN, ENUMERATES, OURS, Answer, compute_doubled, is_same, judge_answer
from bench.exact_cases import Case, make_cases, write_cases
from bench.exact_r import answer_with_r, parse_answers
from bench.exact_scipy import PEERS, answer_with_scipy
from bench.measure import Measured, Timing

UNEQUAL = next(case for case in make_cases() if case.data == "7 v 4")
CASE = Case("signed rank", 3, "tied", ((1, 1, -2),))


def test_tied_values_have_ties_and_untied_have_neither_ties_nor_zeros():
    for case in make_cases():
        if case.data == "untied" and not case.test.startswith("Friedman"):
            sizes = [abs(value) for column in case.columns for value in column]
            assert len(set(sizes)) == len(sizes)
            assert 0 not in sizes
    tied = [case.columns[0] for case in make_cases() if case.test == "signed rank" and case.data == "tied"]
    assert all(len({map(abs, values)}) < len(values) for values in tied)
    assert any(0 in values for values in tied)
    assert make_cases() == make_cases()


def test_scipy_is_not_asked_to_enumerate_for_hours():
    twenty = Case("rank sum", 20, "tied", (tuple(range(20)), tuple(range(20))))
    (answer,) = answer_with_scipy([twenty], limit=20)
    assert answer.said == "not feasible: would enumerate 1.4e11 arrangements"
    assert (answer.p, answer.runs) == (None, ())


def test_scipy_is_not_asked_for_longer_than_the_limit():
    ten = Case("signed rank", 10, "tied", ((1, 2, 2, 3, 3, 4, 5, -1, 0, 0),))
    (answer,) = answer_with_scipy([ten], limit=0.001)
    assert answer.said == "left out: 0 s foreseen for 1.0e3 arrangements"


@pytest.fixture
def _called_once(monkeypatch):
    """Each test is asked for its p and not timed, which takes five calls and more."""
    for module in (exact_scipy, exact_tests):
        monkeypatch.setattr(module, "time_calls", lambda call: (call(), 1, (Timing(0.0, 0.0),)))


@pytest.mark.usefixtures("_called_once")
def test_every_exact_test_finds_scipys_p():
    """Of each test the smallest case that is quick: the same p, or one that differs by the rule that is named."""
    smallest = {case.test: case for case in reversed(make_cases(quick=True))}.values()
    judged = {
        (answer.case.test, answer.who): judge_answer(answer, exact_tests.answer_ourselves(answer.case))
        for answer in answer_with_scipy(list(smallest), limit=0.05)
        if answer.p is not None
    }
    assert {test for test, _ in judged} == set(PEERS) - {"Friedman, 4 times"}
    assert {key: word for key, word in judged.items() if word != "same"} == {
        ("rank sum", ENUMERATES): "doubled",
        ("permutation, unpaired", ENUMERATES): "doubled",
    }


def test_another_rule_is_excused_only_where_its_p_is_found():
    ours = exact_tests.answer_ourselves(UNEQUAL)
    doubled = compute_doubled(UNEQUAL)
    assert doubled != ours.p
    assert judge_answer(Answer(UNEQUAL, ENUMERATES, doubled), ours) == "doubled"
    assert judge_answer(Answer(UNEQUAL, ENUMERATES, doubled + Fraction(1, 10)), ours) == "WRONG"
    assert judge_answer(Answer(UNEQUAL, COIN, doubled), ours) == "WRONG"


@pytest.mark.parametrize(
    ("p", "other", "same"),
    [("1/3", "0.3333333333", True), ("1/3", "0.333333331", False), ("1e-9", "1.1e-9", False), ("1e-17", "0", True)],
)
def test_the_same_but_for_binary_rounding(p, other, same):
    assert is_same(Fraction(p), Fraction(other)) is same


def test_a_disagreement_is_said_and_ends_the_bench_with_an_error(monkeypatch, tmp_path, capsys):
    ours, theirs = Answer(CASE, OURS, Fraction(1, 2)), Answer(CASE, COIN, Fraction(1, 4))
    found = {(CASE, answer.who): answer for answer in (ours, theirs)}
    wrong = tuple(exact_tests.find_wrong(found))
    assert wrong == ("signed rank, n = 3, tied: coin 0.25, firstbreath 0.5",)
    lines = tuple(exact_tests.render_verdict(found, wrong))
    monkeypatch.setitem(bench.BENCHES, "exact", lambda *_: Measured((), lines=lines, wrong=wrong))
    monkeypatch.setattr(bench, "OUT", tmp_path / "bench.json")
    with pytest.raises(SystemExit, match=r"coin 0\.25, firstbreath 0\.5"):
        bench.main(["--only", "exact"])
    assert "DISAGREES: signed rank, n = 3, tied: coin 0.25, firstbreath 0.5" in capsys.readouterr().out


def test_without_r_its_packages_are_skipped_in_words(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    found = answer_with_r([CASE], tmp_path, 1)
    assert found.answers == ()
    (said,) = found.skipped
    assert said == (
        "R is not installed: coin and exactRankTests were skipped "
        "(apt-get install r-base-core r-cran-coin r-cran-exactranktests)"
    )


def test_what_r_prints_is_read():
    found = parse_answers(
        [
            "program\tR\t4.2.2",
            "program\tcoin\tmissing",
            "answer\t0\texactRankTests\t0.75\t10\t0.02 0.03 0.04\t0.01 0.01 0.01",
            "foreseen\t0\tR stats\t84",
            "refused\t0\tcoin\tno such distribution",
            "done",
        ],
        [CASE],
    )
    assert found.versions == ("R 4.2.2",)
    assert found.skipped == ("R has no coin: its tests were skipped (apt-get install r-cran-coin)",)
    assert found.answers[0] == Answer(
        CASE, "exactRankTests", Fraction(3, 4), 10, (Timing(0.02, 0.01), Timing(0.03, 0.01), Timing(0.04, 0.01))
    )
    assert found.answers[0].seconds == pytest.approx(0.003)
    assert [answer.said for answer in found.answers[1:]] == [
        "left out: 84 s foreseen",
        "refused: no such distribution",
    ]


def test_an_r_that_stops_early_is_said():
    assert "stopped before its end" in parse_answers(["program\tR\t4.2.2"], [CASE], "killed").skipped[0]


def test_cases_reach_r_as_lines():
    case = Case("rank sum", 3, "3 v 2", ((1, 2, 2), (2, -5)))
    assert list(write_cases([case])) == ["0\trank sum\t3\t3 v 2\t1 2 2|2 -5\n"]
    assert exact_r.SCRIPT.exists()
