"""Result rows: exact values, printed half up, with the events they came from."""

from decimal import Decimal

import pytest
from tests.support.small_trial import FILES, SmallTrial

from firstbreath.paper.document import _statement, render_csv
from firstbreath.paper.results import Result, compute_results, render_power
from firstbreath.paper.swimmer import compute_timeline
from firstbreath.protocol.values import Swimmer

ANALYSIS = """
[analysis]
[[analysis.summaries]]
id = "age"
label = "Age"
statistic = "median_quartiles"
field = "age"
[[analysis.summaries]]
id = "allergy"
label = "Severe allergy"
statistic = "count"
field = "severe_allergy"
where = "severe_allergy"
[[analysis.tables]]
id = "T2"
title = "Subjects"
kind = "subjects"
columns = [{ field = "age", label = "Age" }, { field = "spo2", label = "Saturation" }]
[[analysis.tables]]
id = "T4"
title = "Vital signs"
kind = "records"
form = "vital_signs"
columns = [{ field = "spo2", label = "Saturation" }]
"""


def trial_with(*ages: str) -> SmallTrial:
    small = SmallTrial(files=FILES | {"analysis.toml": ANALYSIS})
    for n, age in enumerate(ages, 1):
        small.screen(f"S{n}", age=age)
        small.consent(f"S{n}")
        small.enrol(f"S{n}")
        small.review(f"S{n}")
    return small


def rows_of(small: SmallTrial) -> dict[str, Result]:
    return {row.id: row for row in compute_results(small.trial)}


def test_median_between_two_values_prints_one_more_digit():
    rows = rows_of(trial_with("50", "51"))
    assert (rows["S.age.median"].value, rows["S.age.median"].printed) == ("101/2", "50.5")


def test_quartiles_carry_their_method_and_events():
    row = rows_of(trial_with("34", "51", "43"))["S.age.first_quartile"]
    assert row.printed == "34"
    assert row.method == "Hyndman-Fan type 6, n = 3"
    assert len(row.sources) == 3


def test_unknown_values_do_not_count_in_the_denominator():
    small = trial_with("34", "51")
    changed = {"form": "demographics", "visit": "screening", "values": {}, "absent": {"severe_allergy": "UNK"}}
    small.act("correct_form", "S1", reason="not asked", **changed)
    rows = rows_of(small)
    assert (rows["S.allergy.k"].printed, rows["S.allergy.n"].printed) == ("0", "1")
    assert "unknown in 1" in rows["S.allergy.k"].method


def test_count_by_a_derived_name_traces_to_the_values_behind_it():
    derived = '\n[[derived]]\nid = "allergic"\ntext = "Allergic"\nrule = "severe_allergy"\n[[visits]]'
    files = FILES | {
        "protocol.toml": FILES["protocol.toml"].replace("\n[[visits]]", derived, 1),
        "analysis.toml": ANALYSIS.replace('where = "severe_allergy"', 'where = "not allergic"'),
    }
    small = SmallTrial(files=files).ready()
    small.enrol()
    row = rows_of(small)["S.allergy.k"]
    assert (row.printed, row.sources) == ("1", (3,))


def test_corrected_value_is_printed_and_its_correction_is_the_source():
    small = trial_with("34")
    small.act("correct_form", form="demographics", visit="screening", values={"age": "43"}, reason="turned round")
    row = rows_of(small)["T2.S1.age"]
    assert (row.printed, row.sources) == ("43", (small.trial.seq,))


def test_absent_cell_says_so_and_has_no_source():
    row = rows_of(trial_with("34"))["T2.S1.spo2"]
    assert (row.printed, row.value, row.sources) == ("N/A", "", ())


def test_records_of_a_repeating_form_are_rows_of_their_own():
    small = trial_with("34")
    for repeat, spo2 in enumerate(("95", "96"), 1):
        small.act("record_form", form="vital_signs", visit="D1", values={"spo2": spo2}, repeat=repeat)
    rows = rows_of(small)
    assert (rows["T4.S1.1.spo2"].printed, rows["T4.S1.2.spo2"].printed) == ("95", "96")


def test_interrupted_dose_is_an_exposure_and_no_full_dose():
    small = trial_with("34")
    small.skin_test()
    small.act("interrupt_dose", day=1, amount="2.0e8", given_ml="5.9", reason="cough")
    rows = rows_of(small)
    assert (rows["FLOW.dosed"].printed, rows["FLOW.all_doses"].printed, rows["EX.S1.doses"].printed) == ("1", "0", "0")


def test_no_digit_of_a_total_is_lost():
    small = trial_with("34")
    small.skin_test()
    small.dose(1, amount="2.0000000000000000000001e8")
    assert rows_of(small)["EX.S1.total"].printed == "2.0000000000000000000001 × 10⁸"


def test_trial_without_subjects_has_zero_counts_and_no_median():
    rows = rows_of(trial_with())
    assert rows["FLOW.enrolled"].printed == "0"
    assert rows["S.age.median"].printed == "N/A"


def test_sentence_without_values_says_so_once():
    small = trial_with()
    rows = rows_of(small)
    statement = _statement(small.trial.protocol.analysis.summaries[0], rows)
    assert "".join(piece.text for piece in statement.pieces) == "Age: N/A"


def test_total_dose_is_the_sum_of_what_was_given():
    small = trial_with("34")
    small.skin_test()
    small.dose(1)
    small.act("miss_dose", day=2, reason="fever")
    small.dose(3)
    rows = rows_of(small)
    assert (rows["EX.S1.doses"].printed, rows["EX.S1.total"].printed) == ("2", "4.0 × 10⁸")
    assert rows["FLOW.dosed"].printed == "1"
    assert rows["FLOW.all_doses"].printed == "0"


@pytest.mark.parametrize(
    ("number", "text"), [("9999", "9999"), ("1e9", "1.0 × 10⁹"), ("2.05e8", "2.05 × 10⁸"), ("0", "0")]
)
def test_large_numbers_are_printed_in_powers_without_losing_a_digit(number, text):
    assert render_power(Decimal(number)) == text


def test_spreadsheet_formulas_are_disarmed():
    row = Result("T2.S1.age", "enrolled", "S1", "age", "value", "=1+1", "=1+1", "as recorded", (1,))
    assert "'=1+1" in render_csv([row])


def test_timeline_counts_days_from_the_origin():
    small = trial_with("34")
    small.skin_test()
    small.dose(1)
    small.dose(2)
    swimmer = Swimmer(
        id="F", title="t", origin="onset", admission="spo2", first_dose="age", oxygen="spo2", oxygen_day="spo2",
        follow_up_day="spo2",
    )  # fmt: skip
    timeline = compute_timeline(small.trial, small.trial.protocol, swimmer)
    assert [(mark.kind, mark.day) for mark in timeline.lanes[0].marks] == [("dose", 34), ("dose", 35)]
    doses = [event.seq for event in small.trial.subjects.get("S1").doses.values()]
    assert {row.sources for row in timeline.results} == {(3, seq) for seq in doses}  # the first day, and the dose
