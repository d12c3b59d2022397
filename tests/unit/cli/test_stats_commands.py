"""The `stats` commands: the right answer in words and as JSON, and plain words for whatever cannot be used."""

import json

import pytest

SCORES = """\
patient,before,after
P1,39,21
P2,48,29
P3,50,37
P4,51,40
P5,61,47
P6,63,49
P7,79,63
"""
BEFORE, AFTER = (39, 48, 50, 51, 61, 63, 79), (21, 29, 37, 40, 47, 49, 63)
LONG = "patient,time,score\n" + "".join(
    f"{name}{n},{time},{score}\n"
    for time, name, scores in (
        ("before", "A", (39, 48, 50, 51, 61, 63, 79)),
        ("after", "B", (21, 29, 37, 40, 47, 49, 63)),
    )
    for n, score in enumerate(scores)
)
READS = "patient,segment,first,second\n" + "".join(
    f"P{patient},S{segment},{(patient + segment) % 5},{(patient + segment + (segment == 3)) % 5}\n"
    for patient in range(1, 8)
    for segment in range(1, 5)
)
PAIR = ("--before", "before", "--after", "after")


@pytest.fixture
def scores(tmp_path):
    file = tmp_path / "scores.csv"
    file.write_text(SCORES)
    return file


@pytest.fixture
def long(tmp_path):
    file = tmp_path / "long.csv"
    file.write_text(LONG)
    return file


class TestAnswers:
    def test_signed_rank_gives_p_as_a_fraction_and_the_estimate_with_its_level(self, cli, scores):
        done = cli("stats", "signed-rank", scores, *PAIR)
        assert done.code == 0
        assert "0.0156 (2/128)" in done.out
        assert "attained level 95.31 %" in done.out

    def test_signed_rank_as_json_keeps_the_fraction(self, cli, scores):
        answer = json.loads(cli("stats", "signed-rank", scores, *PAIR, "--json").out)
        assert answer["test"]["value"] == {"exact": "1/64", "decimal": 0.015625}
        assert (answer["test"]["numerator"], answer["test"]["denominator"], answer["n"]) == (2, 128, 7)

    def test_sign_and_permutation(self, cli, scores):
        assert "2/128" in cli("stats", "sign", scores, *PAIR).out
        assert "2/128" in cli("stats", "permutation", scores, *PAIR).out

    def test_rank_sum_says_which_group_is_compared_with_which(self, cli, long):
        done = cli("stats", "rank-sum", long, "--value", "score", "--group", "time")
        assert "0.0559 (192/3432)" in done.out
        assert "before less after" in done.out

    def test_endpoint_of_patients_by_row_or_by_time(self, cli, scores, long):
        by_row = cli("stats", "endpoint", scores, *PAIR, "--id", "patient", "--better", "lower")
        assert "2/128" in by_row.out
        assert "Without a control group" in by_row.out
        by_time = cli("stats", "endpoint", long, "--value", "score", "--time", "time", *PAIR, "--id", "patient")
        assert "192/3432" in by_time.out

    def test_endpoint_draws_its_figures(self, cli, scores, tmp_path):
        figure = tmp_path / "slopes.svg"
        done = cli("stats", "endpoint", scores, *PAIR, "--id", "patient", "--figure", figure)
        assert done.code == 0
        assert "<svg" in figure.read_text()

    def test_kruskal_wallis_warns_of_repeated_patients_and_friedman_fits(self, cli, tmp_path):
        file = tmp_path / "times.csv"
        rows = [f"P{n},{day},{score + n}" for day, score in (("d0", 9), ("d7", 5), ("d28", 1)) for n in range(5)]
        file.write_text("\n".join(("patient,day,score", *rows)))
        done = cli("stats", "kruskal-wallis", file, "--value", "score", "--group", "day", "--id", "patient")
        assert "Friedman" in done.out
        wide = tmp_path / "wide.csv"
        wide.write_text("d0,d7,d28\n" + "".join(f"{9 + n},{5 + n},{1 + n}\n" for n in range(5)))
        assert "6/7776" in cli("stats", "friedman", wide, "--columns", "d0,d7,d28").out

    def test_binomial(self, cli):
        done = cli("stats", "binomial", 0, 7, "--above", "0.1")
        assert "0.0 % to 41.0 %" in done.out
        assert "34.8 %, one-sided" in done.out
        assert "Beta(1, 1)" in done.out

    def test_fisher_and_adjust(self, cli):
        assert "34/70" in cli("stats", "fisher", "3,1;1,3").out
        assert "Holm 0.0600" in cli("stats", "adjust", "0.01", "0.04", "0.03").out

    def test_agreement_of_two_readers(self, cli, tmp_path):
        file = tmp_path / "reads.csv"
        file.write_text(READS)
        done = cli("stats", "agreement", file, "--first", "first", "--second", "second", "--id", "patient")
        assert done.code == 0
        assert "kappa" in done.out.casefold()

    def test_attainable_says_no_and_why(self, cli):
        done = cli("stats", "attainable", "--test", "signed-rank", "--n", "7", "--p", "0.0559")
        assert done.code == 0
        assert done.out.startswith("No, not from this exact test.")
        assert "2/128" in done.out

    def test_attainable_says_yes_with_ties(self, cli):
        done = cli("stats", "attainable", "--test", "rank-sum", "--n", "7,7", "--p", "0.0559")
        assert done.out.startswith("Yes, with ties: 192/3432")

    def test_reconstruct(self, cli):
        done = cli("stats", "reconstruct", "--n", "7", "--median", "57", "--quartiles", "43,70")
        assert done.code == 0
        assert "43" in done.out


class TestWhatCannotBeUsed:
    @pytest.mark.parametrize(
        ("content", "says", "code"),
        [
            ("", "empty", 5),
            ("before,after\n", "a header and no rows", 5),
            ("before,after\n1,x\n2,3\n", 'row 1, after: "x" is not a number', 5),
            ("before,after\n1,nan\n", 'row 1, after: "nan" is not a number', 5),
            ("before,after\n1,inf\n", '"inf" is not a number', 5),
            ("before;after\n1;2\n", "try --separator", 2),
            ("before,later\n1,2\n", 'no column "after"', 2),
            ("before,after\n1,\n,2\n", "no values", 5),
            ("before,before\n1,2\n", "double name", 5),
            ("before,after\n1,2,3\n", "3 cells", 5),
        ],
    )
    def test_a_bad_file_is_answered_in_words(self, cli, tmp_path, content, says, code):
        file = tmp_path / "bad.csv"
        file.write_text(content)
        done = cli("stats", "signed-rank", file, *PAIR)
        assert (done.code, done.out) == (code, "")
        assert says in done.err

    def test_every_bad_cell_is_named_at_once(self, cli, tmp_path):
        file = tmp_path / "bad.csv"
        file.write_text("before,after\n1,a\n2,b\n3,4\n")
        said = cli("stats", "signed-rank", file, *PAIR).err
        assert ("row 1, after" in said, "row 2, after" in said) == (True, True)

    def test_a_decimal_comma_is_said_to_be_one(self, cli, tmp_path):
        file = tmp_path / "comma.csv"
        file.write_text("before;after\n1,5;2\n")
        said = cli("stats", "signed-rank", file, *PAIR, "--separator", "semicolon").err
        assert "Write decimals after a point" in said

    def test_semicolons_with_decimal_commas_are_recognised(self, cli, tmp_path):
        file = tmp_path / "ragged.csv"
        file.write_text("before;after\n1,5;2\n1;2\n")
        done = cli("stats", "signed-rank", file, *PAIR)
        assert (done.code, "Try --separator semicolon" in done.err) == (5, True)

    def test_what_a_terminal_would_obey_is_written_out(self, cli, tmp_path):
        file = tmp_path / "escape.csv"
        file.write_text("v,g\n1,\x1b]0;owned\x07\n2,b\n3,c\n")
        done = cli("stats", "rank-sum", file, "--value", "v", "--group", "g")
        assert "\x1b" not in done.out + done.err
        file.write_text("p,before,after\n\x1b[31mP,1,2\nQ,3,4\n")
        done = cli("stats", "endpoint", file, *PAIR, "--id", "p")
        assert (done.code, "\x1b" in done.out) == (0, False)

    def test_column_against_itself_is_refused(self, cli, scores):
        done = cli("stats", "endpoint", scores, "--before", "after", "--after", "after", "--id", "patient")
        assert (done.code, done.out) == (2, "")

    @pytest.mark.parametrize("figure", [".", "figure", "nowhere/figure.svg"])
    def test_figure_that_cannot_be_is_refused_before_the_answer(self, cli, scores, tmp_path, monkeypatch, figure):
        monkeypatch.chdir(tmp_path)
        done = cli("stats", "endpoint", scores, *PAIR, "--id", "patient", "--figure", figure)
        assert (done.code, done.out) == (2, "")

    def test_missing_values_are_said_and_left_out(self, cli, tmp_path):
        file = tmp_path / "missing.csv"
        file.write_text(SCORES + "P8,44,\nP9,,12\n")
        done = cli("stats", "signed-rank", file, *PAIR)
        assert "2/128" in done.out
        assert "Row 8 is left out: no after" in done.out
        assert "Row 9 is left out: no before" in done.out

    def test_a_patient_twice_is_refused(self, cli, tmp_path):
        file = tmp_path / "twice.csv"
        file.write_text(SCORES + "P1,44,30\n")
        done = cli("stats", "endpoint", file, *PAIR, "--id", "patient")
        assert (done.code, done.out) == (5, "")
        assert "P1" in done.err

    def test_three_groups_are_too_many_for_two(self, cli, tmp_path):
        file = tmp_path / "three.csv"
        file.write_text("v,g\n1,a\n2,b\n3,c\n")
        done = cli("stats", "rank-sum", file, "--value", "v", "--group", "g")
        assert done.code == 5
        assert "3 groups (a, b, c)" in done.err

    @pytest.mark.parametrize(
        "arguments",
        [
            ("binomial", "8", "7"),
            ("binomial", "-1", "7"),
            ("binomial", "0", "0"),
            ("binomial", "0", "7", "--level", "95"),
            ("fisher", "1,2;3"),
            ("fisher", "1,-2;3,4"),
            ("fisher", "0,0;0,0"),
            ("adjust", "1.5"),
            ("adjust", "nan"),
            ("attainable", "--test", "t", "--n", "7", "--p", "0.05"),
            ("attainable", "--test", "sign", "--n", "0", "--p", "0.05"),
            ("attainable", "--test", "sign", "--n", "7", "--p", "1.2"),
            ("attainable", "--test", "sign", "--n", "7", "--p", "about"),
            ("reconstruct", "--n", "0", "--median", "5"),
            ("reconstruct", "--n", "7", "--median", "x"),
            ("reconstruct", "--n", "7", "--median", "5", "--quartiles", "9,1"),
        ],
    )
    def test_impossible_arguments_end_in_words_and_never_in_a_fault(self, cli, arguments):
        done = cli("stats", *arguments)
        assert done.code in {0, 2, 5}
        assert done.code or "impossible" in done.out.casefold() or "no values" in done.out.casefold()
        assert "fault" not in done.err
