"""Each kind of claim, in the branches that the worked examples of docs/claims.md do not take."""

from fractions import Fraction
from itertools import product

import pytest

from firstbreath.paper.claims import check_claims, parse_claims
from firstbreath.stats.ranks import signed_rank

PEOPLE = """subject,age,sex,symptoms,fev1,start,end,place
S1,30,Male,cough; fever,3.1,1,5,"Table 1, S1"
S2,41,Female,None,2.9,2,6,"Table 1, S2"
S3,52,Male,fever,N/A,3,N/A,"Table 1, S3"
"""
HEAD = """
[paper]
title = "Invented"

[[tables]]
file = "people.csv"
key = "subject"
lists = ["symptoms"]

[[claims]]
id = "it"
place = "Results"
claim = "It is so."
"""


def verdict_of(toml, people=PEOPLE):
    folder, findings = parse_claims(HEAD + toml, {"people.csv": people})
    assert findings == ()
    (verdict,) = check_claims(folder)
    return verdict


def printed(value, place="Results"):
    return f'{{ value = "{value}", place = "{place}" }}'


def count(where, claimed, more=""):
    return f'kind = "count"\nrows = {{ file = "people.csv", where = "{where}"{more} }}\nprinted = {printed(claimed)}\n'


class TestCount:
    def test_unknown_row_may_be_one_of_them(self):
        assert verdict_of(count("fev1 > 3", 1)).verdict == "not checkable"
        assert verdict_of(count("fev1 > 3", 2)).verdict == "not checkable"
        assert verdict_of(count("fev1 > 3", 3)).verdict == "contradicted"
        assert "not known for S3" in verdict_of(count("fev1 > 3", 1)).working

    def test_list_column_is_read_in_either_case_and_by_its_length(self):
        assert verdict_of(count("'Fever' in symptoms", 2)).verdict == "contradicted"
        assert verdict_of(count("'fever' in symptoms", 2)).verdict == "reproduced"
        assert verdict_of(count("symptoms_count == 0", 1)).verdict == "reproduced"

    def test_words_of_a_text(self):
        assert verdict_of(count("'female' in sex_words", 1)).verdict == "reproduced"

    def test_different_values_are_counted_once(self):
        assert verdict_of(count("age > 0", 2, ', distinct = "sex"')).verdict == "reproduced"

    def test_denominator_is_the_rows_spoken_of(self):
        among = ", among = \"sex == 'Male'\""
        assert verdict_of(count("age > 40", 1, among) + f"of = {printed(2)}").verdict == "reproduced"
        assert verdict_of(count("age > 40", 1, among) + f"of = {printed(3)}").verdict == "contradicted"

    def test_sources_are_the_cells_read(self):
        (first, second) = verdict_of(count("sex == 'Female'", 1)).sources
        assert (first.file, first.row, first.column, first.value) == ("claims.toml", 0, "", "1")
        assert (second.file, second.row, second.column, second.value, second.place) == (
            "people.csv",
            2,
            "sex",
            "Female",
            "Table 1, S2",
        )

    @pytest.mark.parametrize("claimed", ["1.5", "-1", "1e60"])
    def test_count_that_is_no_whole_number_stays_open(self, claimed):
        verdict = verdict_of(count("age > 0", claimed))
        assert verdict.verdict == "not checkable"
        assert "is not a whole number from 0 to 100,000" in verdict.working


def all_none(where, stated, more=""):
    return f'kind = "all_none"\nrows = {{ file = "people.csv", where = "{where}" }}\nstated = "{stated}"\n{more}'


class TestAllNone:
    @pytest.mark.parametrize(
        ("where", "stated", "verdict"),
        [
            ("age >= 30", "all", "reproduced"),
            ("age > 30", "all", "contradicted"),
            ("age > 60", "none", "reproduced"),
            ("fev1 > 2", "all", "not checkable"),
            ("fev1 > 3", "all", "contradicted"),
        ],
    )
    def test_one_counterexample_is_enough_and_a_gap_leaves_it_open(self, where, stated, verdict):
        assert verdict_of(all_none(where, stated)).verdict == verdict

    def test_counterexample_in_another_statement_is_an_inconsistency(self):
        verdict = verdict_of(all_none("age > 30", "all", 'against = "statement"'))
        assert verdict.verdict == "inconsistent"
        assert "Counterexamples: S1." in verdict.working

    def test_subjects_who_are_not_there_leave_it_open(self):
        verdict = verdict_of(all_none("age > 20", "all", f"subjects = {printed(5)}"))
        assert verdict.verdict == "not checkable"
        assert "2 of 5 subjects are not in the table" in verdict.working


class TestListed:
    def test_entry_left_out_contradicts(self):
        names = 'kind = "listed"\ncells = { file = "people.csv", column = "symptoms" }\nnames = ["Cough"]'
        verdict = verdict_of(names)
        assert verdict.verdict == "contradicted"
        assert "Not in the list: fever." in verdict.working

    def test_open_list_cannot_be_checked(self):
        assert verdict_of('kind = "listed"\nnames = ["cough"]\nopen_ended = true').verdict == "not checkable"


def total_dose(dose, days, total):
    return f'kind = "total_dose"\ndose = {printed(dose)}\ndays = {printed(days)}\ntotal = {printed(total)}'


class TestArithmetic:
    @pytest.mark.parametrize(
        ("dose", "days", "total", "verdict"),
        [
            ("2.0e8", "5", "1.0e9", "reproduced"),
            ("2.0e8", "5", "2.0e9", "contradicted"),
            ("0.3", "3", "0.9", "reproduced"),
            ("0.33", "3", "1.0", "reproduced"),
            ("0.33", "3", "1.00", "contradicted"),
            ("0", "5", "1", "contradicted"),
        ],
    )
    def test_total_is_compared_at_the_digits_printed(self, dose, days, total, verdict):
        assert verdict_of(total_dose(dose, days, total)).verdict == verdict

    def test_working_shows_the_product_and_the_factor(self):
        working = verdict_of(total_dose("2.0e8", "5", "2.0e9")).working
        assert working == "2.0e8 x 5 days = 1e9; printed: 2.0e9. The printed total is 2 times the product."

    def test_ratio_without_a_number_says_what_is_missing(self):
        verdict = verdict_of(f'kind = "ratio"\ndenominator = {printed("1e9")}\nmissing = "the starting dose"')
        assert (verdict.verdict, verdict.working) == ("not checkable", "Printed: 1e9. Missing: the starting dose.")

    def test_division_by_zero_leaves_it_open(self):
        assert verdict_of(f'kind = "ratio"\nnumerator = {printed(1)}\ndenominator = {printed(0)}').verdict == (
            "not checkable"
        )

    def test_minus_signs_read_as_people_write_them(self):
        parts = f'kind = "sum_parts"\nparts = [{printed(47)}, {printed(2)}, {printed(-1)}]\ntotal = {printed(48)}'
        assert verdict_of(parts).working == "47 + 2 - 1 = 48; printed: 48."


def quartiles(first, median, third, column="age"):
    return (
        f'kind = "quartiles"\nnumbers = {{ file = "people.csv", column = "{column}" }}\n'
        f"first = {printed(first)}\nmedian = {printed(median)}\nthird = {printed(third)}"
    )


class TestSummaries:
    def test_every_definition_that_fits_is_named(self):
        verdict = verdict_of(quartiles(30, 41, 52))
        assert verdict.verdict == "reproduced"
        assert "types that print as in the paper: 1, 2, 6;" in verdict.working
        assert "types that do not: 3, 4, 5, 7, 8, 9" in verdict.working
        assert "The default, type 6, fits." in verdict.working

    def test_default_that_does_not_fit_is_said(self):
        verdict = verdict_of(quartiles("35.5", "41", "46.5"))
        assert verdict.verdict == "reproduced"
        assert "in the paper: 7;" in verdict.working
        assert "The default, type 6, does not fit." in verdict.working

    def test_no_definition_contradicts_and_a_gap_leaves_it_open(self):
        assert verdict_of(quartiles(30, 42, 52)).verdict == "contradicted"
        assert verdict_of(quartiles(2, 3, 3, column="fev1")).verdict == "not checkable"

    @pytest.mark.parametrize(
        ("statistic", "value", "verdict"),
        [("mean", "41.0", "reproduced"), ("sum", "123", "reproduced"), ("minimum", "31", "contradicted")],
    )
    def test_summary(self, statistic, value, verdict):
        toml = 'kind = "summary"\nnumbers = { file = "people.csv", column = "age" }\n'
        assert verdict_of(f'{toml}statistic = "{statistic}"\nprinted = {printed(value)}').verdict == verdict

    @pytest.mark.parametrize(
        ("statistic", "value", "of", "verdict"),
        [
            ("mean", "3.14", (7, 0), "reproduced"),
            ("mean", "3.15", (7, 0), "not attainable"),
            ("mean", "3.15", (7, 1), "not attainable"),
            ("mean", "3.16", (7, 1), "reproduced"),
            ("median", "3.5", (7, 0), "not attainable"),
            ("median", "3.5", (6, 0), "reproduced"),
        ],
    )
    def test_granularity(self, statistic, value, of, verdict):
        n, decimals = of
        toml = f'kind = "granularity"\nstatistic = "{statistic}"\nprinted = {printed(value)}\nn = {printed(n)}\n'
        assert verdict_of(f"{toml}recorded_decimals = {decimals}").verdict == verdict

    @pytest.mark.parametrize(
        ("before", "after", "more", "verdict"),
        [
            ("51", "40", 'stated = "fall"', "reproduced"),
            ("51", "40", 'stated = "rise"', "contradicted"),
            ("51", "40", 'stated = "fall"\nsubjects = "every"', "not checkable"),
            ("51", "40", 'stated = "rise"\nsubjects = "every"', "not attainable"),
            ("51", "51", 'stated = "fall"', "contradicted"),
            ("51", "40", 'stated = "stable"', "not checkable"),
            ("51", "40", f'stated = "stable"\nwithin_percent = {printed(20)}', "contradicted"),
            ("51", "40", f'stated = "stable"\nwithin_percent = {printed(22)}', "reproduced"),
            ("0", "1", 'stated = "rise"', "reproduced"),
        ],
    )
    def test_change(self, before, after, more, verdict):
        toml = f'kind = "change"\nbefore = {printed(before)}\nafter = {printed(after)}\n{more}'
        assert verdict_of(toml).verdict == verdict


def attainable(p, test="signed-rank", sizes="[7]", more=""):
    return f'kind = "attainable_p"\ntest = "{test}"\nsizes = {sizes}\nprinted = {printed(p)}\nsizes_up_to = 7\n{more}'


def implied(moved, of, more, test="signed-rank"):
    return f'kind = "implied_p"\ntest = "{test}"\nmoved = {printed(moved)}\nof = {printed(of)}\n{more}'


class TestSignificance:
    def test_unattainable_p_names_what_could_give_it(self):
        verdict = verdict_of(attainable("0.0559", more="near = [7, 7]"))
        assert verdict.verdict == "not attainable"
        assert "Not attainable by the test named." in verdict.working
        assert "two-sided rank-sum, 7 v 7 unpaired, with ties or zeros only: 192/3432" in verdict.working

    def test_attainable_p_is_not_thereby_reproduced(self):
        verdict = verdict_of(attainable("0.0469"))
        assert verdict.verdict == "not checkable"
        assert "6/128" in verdict.working
        assert "Missing: the values of each subject." in verdict.working

    @pytest.mark.parametrize(
        ("p", "test", "sizes", "verdict", "words"),
        [
            ("< 0.05", "signed-rank", "[7]", "not checkable", "The smallest, 2/128 = 0.0156, meets < 0.05."),
            ("p<0.01", "signed-rank", "[7]", "not attainable", "does not meet < 0.01, so no data can"),
            ("> 0.2", "rank-sum", "[7, 7]", "not checkable", "meets > 0.2."),
            ("0.0559", "mcnemar", "[7]", "not attainable", "Exact tests that could print it: none of those tried."),
            ("0.0559", "fisher", "[7, 7]", "not attainable", "No data can print 0.0559."),
            ("0.486", "fisher", "[4, 4]", "not checkable", "34/70 = 0.48571 prints 0.486"),
            ("0.050", "kruskal-wallis", "[3, 3, 3]", "not checkable", "84/1680 = 0.05000 prints 0.050"),
            ("0.0278", "kruskal-wallis", "[3, 3, 3]", "not attainable", "friedman, 3 subjects at 3 times: 6/216"),
            ("0.028", "friedman", "[3, 3]", "not checkable", "6/216 = 0.02778 prints 0.028"),
        ],
    )
    def test_bounds_and_the_other_tests(self, p, test, sizes, verdict, words):
        found = verdict_of(attainable(p, test, sizes))
        assert found.verdict == verdict
        assert words in found.working

    @pytest.mark.parametrize("p", ["1.5", "n.s.", "0,05", "", "-0.1"])
    def test_what_is_no_p_value_is_a_finding(self, p):
        folder, findings = parse_claims(HEAD + attainable(p), {"people.csv": PEOPLE})
        assert folder is None
        (finding,) = [finding for finding in findings if "p-value" in finding.what]
        assert (finding.code, finding.fix) == (
            "CLAIM-006",
            "Give digits with a point, such as 0.0559, or a bound such as < 0.05.",
        )

    @pytest.mark.parametrize(
        "toml",
        [
            attainable("0.05", sizes="[7, 7]"),
            attainable("0.05", test="rank-sum"),
            attainable("0.05", test="friedman", sizes="[3, 3]", more="sides = 1"),
            attainable("0.05", test="kruskal-wallis", sizes="[60, 60, 60, 60]"),
        ],
    )
    def test_what_the_test_refuses_stays_open(self, toml):
        verdict = verdict_of(toml)
        assert verdict.verdict == "not checkable"
        assert verdict.working.startswith("The values cannot be checked: ")

    @pytest.mark.parametrize(
        ("test", "measured", "verdict"),
        [
            ("kruskal-wallis", "same subjects", "inconsistent"),
            ("friedman", "same subjects", "reproduced"),
            ("friedman", "different subjects", "inconsistent"),
            ("fisher", "different subjects", "reproduced"),
        ],
    )
    def test_test_and_design(self, test, measured, verdict):
        assert verdict_of(f'kind = "design_test"\ntest = "{test}"\nmeasured = "{measured}"').verdict == verdict

    @pytest.mark.parametrize(
        ("moved", "of", "more", "verdict"),
        [
            (7, 7, f"printed = {printed('0.0559')}", "inconsistent"),
            (7, 7, f"printed = {printed('0.0156')}", "reproduced"),
            (6, 7, f"printed = {printed('0.0469')}", "not checkable"),
            (6, 7, f"printed = {printed('0.0156')}", "inconsistent"),
            (7, 7, f"printed = {printed('< 0.05')}", "reproduced"),
            (7, 7, f"printed = {printed('> 0.05')}", "inconsistent"),
            (6, 7, f"printed = {printed('< 0.05')}", "not checkable"),
            (5, 7, f"printed = {printed('< 0.05')}", "inconsistent"),
            (5, 7, f"printed = {printed('> 0.05')}", "not checkable"),
            (1, 7, f"printed = {printed('0.0313')}", "not checkable"),
            (5, 7, 'stated = "significant"', "not attainable"),
            (6, 7, 'stated = "significant"', "not checkable"),
            (7, 7, 'stated = "significant"', "reproduced"),
            (7, 7, 'stated = "not significant"', "inconsistent"),
            (5, 7, 'stated = "not significant"', "reproduced"),
            (6, 7, 'stated = "not significant"', "not checkable"),
            (8, 7, 'stated = "significant"', "not checkable"),
            (7, 7, "", "not checkable"),
        ],
    )
    def test_counts_imply_a_p(self, moved, of, more, verdict):
        assert verdict_of(implied(moved, of, more)).verdict == verdict

    def test_bound_does_not_speak_of_other_tests(self):
        assert verdict_of(implied(7, 7, f"printed = {printed('0.0559')}", "kruskal-wallis")).verdict == "not checkable"

    @pytest.mark.parametrize("pairs", range(1, 7))
    def test_bound_holds_for_every_signed_rank_test(self, pairs):
        """Brute force over all signs and some magnitudes: no p is below the bound that is printed."""
        smallest = [Fraction(1)] * (pairs + 1)
        for magnitudes in (range(1, pairs + 1), [1] * pairs, [1, 1, *range(2, pairs)][:pairs]):
            for signs in product((-1, 0, 1), repeat=pairs):
                if any(signs):
                    changes = [sign * size for sign, size in zip(signs, magnitudes, strict=False)]
                    p, moved = signed_rank(changes).value, signs.count(1)
                    smallest[moved] = min(smallest[moved], p)
        bounds = [min(Fraction(1), Fraction(2, 2 ** max(moved, pairs - moved))) for moved in range(pairs + 1)]
        assert all(found >= bound for found, bound in zip(smallest, bounds, strict=True))
        assert smallest[pairs] == bounds[pairs]


def interval(estimate, lower, upper, more=""):
    return (
        f'kind = "interval"\nestimate = {printed(estimate)}\nlower = {printed(lower)}\nupper = {printed(upper)}\n{more}'
    )


def limits(lower, upper, more="", k=2):
    ends = "".join(f"{name} = {printed(end)}\n" for name, end in (("lower", lower), ("upper", upper)) if end)
    return f'kind = "proportion_interval"\nk = {printed(k)}\nn = {printed(6)}\n{ends}{more}'


class TestIntervals:
    @pytest.mark.parametrize(
        ("toml", "verdict", "words"),
        [
            (interval("0.3", "-0.1", "0.7"), "reproduced", "0.3 within -0.1 to 0.7: in order."),
            (interval("0.8", "-0.1", "0.7"), "inconsistent", "The estimate 0.8 is above the upper limit 0.7"),
            (interval("0.3", "-0.1", "0.7", f"p = {printed('0.03')}"), "inconsistent", "They do not agree"),
            (interval("0.3", "0.1", "0.7", f"p = {printed('< 0.05')}"), "reproduced", "They agree."),
            (interval("0.3", "0.0", "0.7", f"p = {printed('0.03')}"), "not checkable", "Missing: more digits"),
            (interval("1.3", "1.1", "1.7", f"null = 1\np = {printed('0.03')}"), "reproduced", "leaves out 1"),
            (interval("1.3", "1.1", "1.7", f'p = {printed("0.03")}\nlevel = "0.99"'), "inconsistent", "99 %"),
            (interval("90", "70", "105", "lowest = 0\nhighest = 100"), "inconsistent", "is above 100, the most"),
            (interval("0.5", "0.7", "0.1", f"p = {printed('0.03')}"), "inconsistent", "The lower limit 0.7 is above"),
        ],
    )
    def test_an_interval_its_estimate_and_its_p(self, toml, verdict, words):
        found = verdict_of(toml)
        assert found.verdict == verdict
        assert words in found.working

    @pytest.mark.parametrize(
        ("toml", "verdict", "words"),
        [
            (limits("9.7", "70.0"), "reproduced", "those of Wilson score."),
            (limits("4.3", "77.7", 'method = "clopper-pearson"'), "reproduced", "those of Clopper-Pearson."),
            (limits("9.7", "70.0", 'method = "clopper-pearson"'), "contradicted", "those of Wilson score."),
            (limits("-4.4", "71.1", 'method = "wald"'), "reproduced", "those of Wald"),
            (limits("5", "60"), "not checkable", "None prints these limits. Missing: the method of the interval."),
            (limits("", "39.3", k=0), "reproduced", "those of Clopper-Pearson, one-sided."),
            (limits("", ""), "not checkable", "The values cannot be checked: no limit"),
        ],
    )
    def test_the_method_of_printed_limits(self, toml, verdict, words):
        found = verdict_of(toml)
        assert found.verdict == verdict
        assert words in found.working


def summary(n, median, more="", **others):
    given = "".join(f"{name} = {printed(value)}\n" for name, value in others.items())
    return f'kind = "possible_summary"\nn = {printed(n)}\nmedian = {printed(median)}\n{given}{more}'


class TestPossibleSummary:
    @pytest.mark.parametrize(
        ("toml", "verdict", "words"),
        [
            (
                summary(7, 57, first=43, third=70),
                "reproduced",
                "Revealed: value 2 is 43, value 4 is 57, value 6 is 70.",
            ),
            (summary(7, "51.5"), "not attainable", "No 7 whole values have a median that prints 51.5"),
            (summary(7, "51.5", "recorded_decimals = 1"), "reproduced", "value 4 is 51.5"),
            (summary(7, 80, lowest=0, highest=72), "not attainable", "No 7 whole values from 0 to 72"),
            (summary(7, 5, first=9, third=10), "not attainable", "at once"),
            (summary(6, "3.5", first="2.0", third="5.0", mean="3.7", lowest=0), "reproduced", "is not excluded."),
            (summary(6, "3.5", first="2.0", third="5.0", mean="4.2", lowest=0), "not attainable", "lies outside that."),
            (summary(7, 5, mean="5.15"), "not attainable", "No 7 such values have a mean that prints 5.15."),
            (summary(7, 5, "definition = 7", first="2.5", third="7"), "reproduced", "the mean of values 2 and 3"),
            (summary(7, 5, minimum=6), "not attainable", "a minimum that prints 6"),
            (summary(0, 5), "not checkable", "The values cannot be checked: n is 0"),
        ],
    )
    def test_a_whole_summary(self, toml, verdict, words):
        found = verdict_of(toml)
        assert found.verdict == verdict
        assert words in found.working


def reference(values, stated, more=""):
    return (
        f'kind = "reference_range"\nprinted = [{", ".join(printed(value) for value in values)}]\n'
        f'stated = "{stated}"\nlower = 7\nupper = 50\nunit = "U/L"\nrange_source = "the laboratory"\n{more}'
    )


class TestRanges:
    @pytest.mark.parametrize(
        ("values", "stated", "more", "verdict"),
        [
            (["7", "50"], "within", "", "reproduced"),
            (["7", "50.1"], "within", "", "contradicted"),
            (["6.9"], "below", "", "reproduced"),
            (["78", "79"], "within", f"n = {printed(7)}\nexceptions = 1", "contradicted"),
            (["78"], "within", f"n = {printed(7)}\nexceptions = 4", "not checkable"),
            (["30"], "within", f"n = {printed(7)}\nexceptions = 1", "not checkable"),
            (["30"], "below", f"n = {printed(7)}\nexceptions = 3", "contradicted"),
            (["30"], "below", f"n = {printed(7)}\nexceptions = 4", "not checkable"),
            (["78"], "within", f"n = {printed(6)}\nexceptions = 3", "not checkable"),
        ],
    )
    def test_reference_range(self, values, stated, more, verdict):
        assert verdict_of(reference(values, stated, more)).verdict == verdict

    def test_median_above_the_range_speaks_of_half_of_the_subjects(self):
        working = verdict_of(reference(["78"], "within", f"n = {printed(7)}\nexceptions = 1")).working
        assert "at least 4 of 7 values are at or above 78, so at most 3 lie within it" in working

    def test_share_of_a_missing_or_zero_column_is_outside(self):
        toml = (
            'kind = "unit_plausible"\nnumbers = { file = "people.csv", column = "age", per = "fev1" }\n'
            'unit = "years"\nlower = 0\nupper = 20\nbound_source = "invented"'
        )
        verdict = verdict_of(toml)
        assert verdict.verdict == "contradicted"
        assert "implausible in the unit printed: S3." in verdict.working


class TestStatements:
    @pytest.mark.parametrize(
        ("one", "other", "more", "verdict"),
        [
            ("1e9", "1.0e9", "", "reproduced"),
            ("Phase 2A", "phase 2a", "", "reproduced"),
            ("4", "5", "", "inconsistent"),
            ("4", "5", "same = false", "not checkable"),
        ],
    )
    def test_pair(self, one, other, more, verdict):
        toml = f'kind = "statement_pair"\nstatements = [{printed(one)}, {printed(other)}]\n{more}'
        assert verdict_of(toml).verdict == verdict

    def test_text_that_differs_from_the_table_is_shown(self):
        cell = '{ file = "people.csv", row = "S1", column = "age" }'
        verdict = verdict_of(f'kind = "text_and_table"\npairs = [{{ text = {printed(31)}, table = {cell} }}]')
        assert verdict.verdict == "inconsistent"
        assert "31 against 30 (Table 1, S1)." in verdict.working

    def test_twins_with_one_different_number_are_no_twins(self):
        toml = (
            f'kind = "twin"\nfirst = [{printed(51)}, {printed(40)}]\nfirst_quantity = "score"\n'
            f'second = [{printed(51)}, {printed(41)}]\nsecond_quantity = "creatinine"'
        )
        assert verdict_of(toml).verdict == "reproduced"

    @pytest.mark.parametrize(
        ("paper", "registry", "more", "verdict"),
        [
            ("6 ml", "3 ml", "", "inconsistent"),
            ("2.0e8", "2e8 vesicles a dose", 'compare = "number"', "reproduced"),
            ("none", "3 ml", 'compare = "number"', "not checkable"),
            ("RECENT use", "use in recent weeks", 'compare = "words"\nwords = ["recent", "long-term"]', "reproduced"),
            ("recent use", "long-term use", 'compare = "words"\nwords = ["recent", "long-term"]', "inconsistent"),
        ],
    )
    def test_registry(self, paper, registry, more, verdict):
        toml = f'kind = "registry"\npaper = {printed(paper)}\nregistry = [{printed(registry, "registry")}]\n{more}'
        assert verdict_of(toml).verdict == verdict

    @pytest.mark.parametrize(("basis", "said"), [("announced", "Promised, not reported"), ("needed", "Not printed")])
    def test_promise_that_is_not_kept(self, basis, said):
        toml = (
            f'kind = "promised"\noutcome = "cortisol"\nterms = ["CORTISOL"]\nfiles = ["people.csv"]\nbasis = "{basis}"'
        )
        assert verdict_of(toml).verdict == "not checkable"
        assert said in verdict_of(toml).working
        assert verdict_of(toml, PEOPLE.replace("fever", "low cortisol")).verdict == "reproduced"


def calendar(last, review, more=""):
    return (
        f'kind = "calendar"\nfirst = {printed("2020-03-16")}\nlast = {printed(last)}\nsubjects = {printed(7)}\n'
        f'course_days = {printed(5)}\ndays_before_dose = 1\nreview = "{review}"\n{more}'
    )


class TestTime:
    @pytest.mark.parametrize(
        ("days", "verdict"),
        [
            (["2020-02-19", "2020-03-16", "2020-03-16"], "reproduced"),
            (["2020-03-16", "2020-02-19"], "inconsistent"),
            (["43", "48"], "reproduced"),
            (["43", "2020-02-19"], "not checkable"),
        ],
    )
    def test_date_order(self, days, verdict):
        toml = f'kind = "date_order"\ndays = [{", ".join(printed(day) for day in days)}]'
        assert verdict_of(toml).verdict == verdict

    def test_row_with_a_gap_leaves_the_order_open(self):
        toml = 'kind = "row_order"\ncolumns = { file = "people.csv", columns = ["start", "end"] }'
        assert verdict_of(toml).verdict == "not checkable"
        assert verdict_of(toml, PEOPLE.replace("3,N/A", "3,2")).verdict == "contradicted"
        assert verdict_of(toml, PEOPLE.replace("3,N/A", "3,3")).verdict == "reproduced"

    @pytest.mark.parametrize(
        ("last", "review", "more", "verdict"),
        [
            ("2020-03-25", "first", "", "reproduced"),
            ("2020-03-20", "first", "", "not attainable"),
            ("2020-03-21", "first", "", "reproduced"),
            ("2020-03-21", "first", "review_days = 1", "not attainable"),
            ("2020-04-14", "each", "", "not attainable"),
            ("2020-04-15", "each", "", "reproduced"),
            ("2020-03-16", "none", "", "reproduced"),
            ("2020-03-25", "first", f"ended = {printed('2020-03-30')}", "reproduced"),
            ("2020-03-25", "first", f"ended = {printed('2020-03-29')}", "not attainable"),
            ("9999-12-31", "none", "", "not checkable"),
        ],
    )
    def test_calendar(self, last, review, more, verdict):
        assert verdict_of(calendar(last, review, more)).verdict == verdict

    def test_days_no_calendar_reaches_stay_open(self):
        toml = (
            f'kind = "implied_date"\nearliest = {printed("0001-01-05")}\nlatest = {printed("0001-01-05")}\n'
            'days = { file = "people.csv", column = "age" }'
        )
        assert "no calendar reaches" in verdict_of(toml).working


class TestDefinitions:
    @pytest.mark.parametrize(
        ("low", "high", "verdict", "said"),
        [
            ("below = 50", "above = 50", "not checkable", "Exactly 50 % is in neither low nor high."),
            ("at_most = 50", "at_least = 50", "inconsistent", "Exactly 50 % is in both low and high."),
            ("below = 50", "at_least = 60", "not checkable", "Values between 50 and 60 % are in neither"),
            ("below = 60", "at_least = 50", "inconsistent", "Values between 50 and 60 % are in both"),
            ("at_least = 0", "at_least = 50", "not checkable", "No boundary is given between low and high."),
            ("below = 50", "at_least = 50", "reproduced", "Every boundary belongs to one class."),
        ],
    )
    def test_gap(self, low, high, verdict, said):
        classes = f'[{{ name = "low", {low} }}, {{ name = "high", {high} }}]'
        found = verdict_of(f'kind = "definition_gap"\nunit = "%"\nclasses = {classes}')
        assert (found.verdict, said in found.working) == (verdict, True)

    @pytest.mark.parametrize(
        ("named", "bound", "verdict"),
        [('"B", "C"', "12", "inconsistent"), ('"C"', "9", "reproduced"), ('"D"', "9", "not checkable")],
    )
    def test_words_against_their_bound(self, named, bound, verdict):
        toml = (
            f'kind = "definition_match"\nnamed = [{named}]\nsign = ">"\nbound = {printed(bound)}\n'
            'classes = [{ name = "B", lowest = 7, highest = 9 }, { name = "C", lowest = 10, highest = 15 }]\n'
            'scale_source = "Child-Pugh"'
        )
        assert verdict_of(toml).verdict == verdict

    def test_bound_with_its_sign(self):
        assert verdict_of(f'kind = "bound_sign"\nbound = {printed(30)}\nsign = ">="').verdict == "reproduced"


class TestEligibility:
    def eligibility(self, where):
        return (
            'kind = "eligibility"\ncriterion = "Exclusion 1"\nquestion = "how severe?"\nmissing = "the record"\n'
            f'rows = {{ file = "people.csv", where = "{where}" }}'
        )

    def test_each_subject_gets_a_question_and_never_a_verdict(self):
        verdict = verdict_of(self.eligibility("sex == 'Male'"))
        assert verdict.verdict == "not checkable"
        assert verdict.queries == ("S1 (sex: Male): how severe?", "S3 (sex: Male): how severe?")

    def test_nobody_to_ask_about(self):
        verdict = verdict_of(self.eligibility("age > 60"))
        assert (verdict.verdict, verdict.queries) == ("reproduced", ())

    def test_value_not_known_leaves_it_open(self):
        verdict = verdict_of(self.eligibility("fev1 > 4"))
        assert (verdict.verdict, verdict.queries) == ("not checkable", ())


class TestProportion:
    def proportion(self, k, n, more):
        return f'kind = "proportion"\nk = {printed(k)}\nn = {printed(n)}\n{more}'

    @pytest.mark.parametrize(
        ("k", "n", "more", "verdict"),
        [
            (0, 7, "", "not checkable"),
            (4, 7, f"percent = {printed('57.1')}", "reproduced"),
            (4, 7, f"percent = {printed('57.2')}", "contradicted"),
            (0, 7, f"lower = {printed('0')}\nupper = {printed('41.0')}", "reproduced"),
            (0, 7, f"upper = {printed('34.8')}", "contradicted"),
            (0, 7, f"upper = {printed('34.8')}\nsides = 1", "reproduced"),
            (0, 7, f"at_most = {printed('50')}", "reproduced"),
            (0, 7, f"at_most = {printed('10')}", "not checkable"),
            (7, 7, f"at_most = {printed('10')}", "contradicted"),
            (2, 3, 'rows = { file = "people.csv", where = "sex == \'Male\'" }', "reproduced"),
            (1, 3, 'rows = { file = "people.csv", where = "sex == \'Male\'" }', "contradicted"),
            (8, 7, "", "not checkable"),
            (0, 0, "", "not checkable"),
        ],
    )
    def test_proportion(self, k, n, more, verdict):
        assert verdict_of(self.proportion(k, n, more)).verdict == verdict

    def test_what_no_event_in_seven_can_show(self):
        working = verdict_of(self.proportion(0, 7, "")).working
        assert "0 of 7: 0 %, exact 95 % two-sided interval 0 to 41 % (Clopper-Pearson)." in working

    def test_percentage_that_no_count_gives(self):
        working = verdict_of(self.proportion(4, 7, f"percent = {printed('57.2')}")).working
        assert "which no count out of 7 gives" in working


def test_place_of_the_claim_is_not_repeated_and_the_note_comes_last():
    verdict = verdict_of(count("age > 0", 3) + 'note = "Read on a Sunday."')
    assert verdict.working == "people.csv has 3 rows where age > 0. Printed: 3. Note: Read on a Sunday."


def test_table_without_subjects_or_places_is_read_by_row_number():
    toml = HEAD.replace('key = "subject"', 'subject = "code"').replace("people.csv", "other.csv") + count("age > 40", 1)
    csv = PEOPLE.replace("subject", "name").replace("place", "spot")
    folder, _ = parse_claims(toml, {"people.csv": csv, "other.csv": csv})
    (verdict,) = check_claims(folder)
    assert "row 2, row 3" in verdict.working
    assert verdict.sources[-1].place == ""
