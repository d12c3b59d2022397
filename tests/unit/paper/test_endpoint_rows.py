"""Rows of endpoints: every subject's values, the exact answer, what is missing, and where nothing is recorded."""

from __future__ import annotations

import pytest
from tests.support.scored_trial import AFTER, BEFORE, SCORE, scored_trial
from tests.support.small_trial import SmallTrial

from firstbreath.paper.document import render_csv
from firstbreath.paper.results import compute_results
from firstbreath.paper.rows import Result

WALK = """
[[analysis.endpoints]]
id = "walk"
label = "Walk"
unit = "m"
before = { field = "metres_before" }
after = { field = "metres_after" }
better = "higher"
"""


def rows_of(small: SmallTrial, endpoint: str = "score") -> dict[str, Result]:
    begin = f"E.{endpoint}."
    return {row.id.removeprefix(begin): row for row in compute_results(small.trial) if row.id.startswith(begin)}


@pytest.fixture(scope="module")
def seven() -> SmallTrial:
    return scored_trial()


@pytest.fixture(scope="module")
def rows(seven: SmallTrial) -> dict[str, Result]:
    return rows_of(seven)


@pytest.fixture(scope="module")
def lacking() -> dict[str, Result]:
    return rows_of(scored_trial(BEFORE, (*AFTER[:5], "", "80")))


@pytest.mark.parametrize(
    ("name", "value", "printed"),
    [
        ("S1.before", "39", "39"),
        ("S1.after", "21", "21"),
        ("S1.difference", "-18", "−18"),
        ("n", "7", "7"),
        ("lacking.any", "0", "0"),
        ("before.first_quartile", "48", "48"),
        ("before.median", "51", "51"),
        ("before.third_quartile", "63", "63"),
        ("after.median", "40", "40"),
        ("typical.estimate", "-15", "−15"),
        ("typical.lower", "-18", "−18"),
        ("typical.upper", "-25/2", "−12.5"),
        ("typical.level", "61/64", "95.31 %"),
        ("p.exact", "1/64", "0.0156 (2/128)"),
        ("p.smallest", "1/64", "0.0156 (2/128)"),
        ("p.least", "1/64", "0.0156 (2/128)"),
        ("p.tests", "1", "1"),
        ("sign.k", "7", "7"),
        ("sign.n", "7", "7"),
        ("sign.lower", "0.590384", "59.0"),
        ("sign.upper", "1.000000", "100.0"),
        ("sign.p", "1/64", "0.0156 (2/128)"),
        ("rank_biserial", "-1", "−1.00"),
    ],
)
def test_seven_who_all_fall(rows, name, value, printed):
    assert rows[name].printed == printed
    assert rows[name].value == value


def test_each_number_names_its_definition(rows):
    assert "Walsh averages" in rows["typical.estimate"].method
    assert "95 % asked for" in rows["typical.level"].method
    assert rows["before.median"].method == "Hyndman-Fan type 6, n = 7"
    assert "signed-rank" in rows["p.exact"].method
    assert rows["sign.lower"].method == "Clopper-Pearson, exact, 95 % two-sided"


def test_each_number_comes_from_the_events_of_its_values(seven, rows):
    everything = {seq for n in range(1, 8) for seq in rows[f"S{n}.difference"].sources}
    assert len(everything) == 14
    assert {row.id for row in rows.values() if set(row.sources) - everything} == set()
    assert rows["S1.difference"].sources == tuple(sorted((*rows["S1.before"].sources, *rows["S1.after"].sources)))
    assert [row.id for row in rows.values() if not row.sources] == []
    assert seven.door.history.events[rows["S1.before"].sources[0] - 1].body.values["score"] == "39"


def test_what_an_uncontrolled_change_cannot_show_is_a_row(rows):
    assert "control" in rows["caution"].printed
    assert rows["caution"].value == rows["caution"].printed


def test_missing_value_is_counted_and_bounded(lacking):
    assert (lacking["S6.after"].printed, lacking["S6.after"].method) == ("N/A", "not recorded")
    assert (lacking["S6.difference"].value, lacking["S6.difference"].method) == ("", "a value is missing")
    counts = [lacking[name].printed for name in ("enrolled", "n", "lacking.any", "lacking.first", "lacking.second")]
    assert counts == ["7", "6", "1", "0", "1"]
    least, seen, most = (
        float(lacking[name].printed.split()[0]) for name in ("bounds.p_least", "p.exact", "bounds.p_most")
    )
    assert least <= seen <= most
    assert [lacking[f"bounds.changed_{end}"].printed for end in ("least", "most")] == ["5", "6"]
    assert lacking["bounds.shift_least"].method == "over every completion of 1 of 7 subjects"


def test_bounds_stand_only_where_something_is_missing(rows):
    assert [name for name in rows if name.startswith("bounds")] == []


def test_subject_without_any_value_is_not_left_out_in_silence():
    rows = rows_of(scored_trial((*BEFORE[:4], ""), (*AFTER[:4], "")))
    assert (rows["enrolled"].printed, rows["n"].printed, rows["lacking.any"].printed) == ("5", "4", "1")
    assert "of 1 of 5 subjects" in rows["bounds.p_most"].method


def test_too_few_for_limits_says_so_and_prints_none():
    rows = rows_of(scored_trial(BEFORE[:3], AFTER[:3]))
    assert (rows["typical.lower"].printed, rows["typical.lower"].value) == ("N/A", "")
    assert "no interval at 95 %" in rows["typical.lower"].method
    assert "typical.level" not in rows
    assert rows["p.least"].printed == "0.2500 (2/8)"


def test_one_subject_and_no_change():
    rows = rows_of(scored_trial(("50",), ("50",)))
    assert (rows["p.exact"].printed, rows["rank_biserial"].printed) == ("1.0000 (1/1)", "N/A")
    assert (rows["sign.n"].printed, "sign.lower" in rows) == ("0", False)


def test_nothing_recorded_is_one_row_that_says_so():
    rows = rows_of(scored_trial(("", ""), ("", "")))
    assert list(rows) == ["typical.estimate"]
    row = rows["typical.estimate"]
    assert (row.printed, row.value, row.method, row.sources) == ("N/A", "", "no values, not recorded", ())


def test_nobody_enrolled_is_nothing_recorded():
    assert rows_of(scored_trial((), ()))["typical.estimate"].method == "no values"


def test_no_subject_with_both_values_is_not_computed_and_keeps_its_values():
    rows = rows_of(scored_trial(("50", ""), ("", "40")))
    assert (rows["S1.before"].printed, rows["S2.after"].printed) == ("50", "40")
    assert rows["typical.estimate"].printed == "N/A"
    assert rows["typical.estimate"].method.startswith("not computed: ")
    assert "p.exact" not in rows


def test_value_off_the_scale_is_not_computed_and_says_why():
    rows = rows_of(scored_trial(BEFORE, (*AFTER[:6], "63.5")))
    assert "step" in rows["typical.estimate"].method
    assert rows["S7.after"].printed == "63.5"


def test_quartiles_follow_the_definition_of_the_protocol():
    small = scored_trial(BEFORE[:6], AFTER[:6], analysis=f"quantiles = 7\n{SCORE}")
    row = rows_of(small)["before.first_quartile"]
    assert (row.printed, row.method) == ("48.5", "Hyndman-Fan type 7, n = 6")


def test_two_endpoints_are_two_tests():
    small = scored_trial(analysis=SCORE + WALK)
    for n in range(1, 8):
        values = {"metres_before": "300", "metres_after": str(300 + n)}
        small.act("record_form", f"S{n}", form="walk", visit="D1", values=values)
    walk, score = rows_of(small, "walk"), rows_of(small)
    assert (walk["p.tests"].printed, walk["p.bonferroni"].value) == ("2", "1/32")
    assert walk["sign.k"].printed == "7"
    assert walk["rank_biserial"].printed == "1.00"
    assert score["p.bonferroni"].printed == "0.0313"


def test_decimals_are_kept_as_recorded():
    rows = rows_of(scored_trial(("39.0", "40.50"), ("21.5", "22.25"), analysis=SCORE.replace("step = 1", "")))
    assert [rows[name].printed for name in ("S1.before", "S2.before", "S1.difference")] == ["39.0", "40.50", "−17.5"]


def test_corrected_value_changes_the_answer_and_its_sources():
    small = scored_trial()
    small.act("correct_form", "S1", form="scan", visit="D3", values={"score": "45"}, reason="read again")
    rows = rows_of(small)
    assert rows["S1.difference"].printed == "6"
    assert small.trial.seq in rows["p.exact"].sources
    assert rows["sign.k"].printed == "6"


def test_row_of_a_change_is_no_formula_in_a_spreadsheet(rows):
    line = render_csv([rows["S1.difference"]]).splitlines()[1]
    assert ",-18,−18," in line


def test_no_two_rows_have_one_id():
    small = scored_trial()
    ids = [row.id for row in compute_results(small.trial)]
    assert len(ids) == len(set(ids))
