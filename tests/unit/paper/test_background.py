"""Doses set side by side only where that is honest."""

import csv
import importlib.resources
from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.paper.background import (
    COUNT_NOTE,
    Dose,
    DoseRatio,
    NotComparable,
    compute_dose_ratio,
    compute_total_dose,
    render_background,
    render_count,
    render_dose,
    render_ratio,
)

MEXCOVID = Dose(Decimal("1.0e9"), Decimal("1.0e9"), "vesicles")


def trial(**fields: str) -> dict[str, str]:
    daily = {
        "id": "a-2020",
        "product_class": "vesicles",
        "dose_text": "2e8 vesicles a day",
        "dose_value": "2.0e8",
        "dose_unit": "vesicles",
        "dose_basis": "per_dose",
        "doses_given": "5",
        "place": "Methods",
        "paper": "mexcovid-2022",
    }
    return daily | fields


def refused(**fields: str) -> NotComparable:
    total = compute_total_dose(trial(**fields))
    assert isinstance(total, NotComparable)
    return total


def shipped() -> list[dict[str, str]]:
    folder = importlib.resources.files("firstbreath.studies") / "mexcovid" / "background"
    return list(csv.DictReader(folder.joinpath("trials.csv").read_text(encoding="utf-8").splitlines()))


def test_a_daily_dose_is_multiplied_by_the_doses_given() -> None:
    assert compute_total_dose(trial()) == MEXCOVID


def test_a_course_total_is_taken_as_it_stands() -> None:
    total = compute_total_dose(trial(dose_value="60e7", dose_basis="course", doses_given=""))
    assert total == Dose(Decimal("6.0e8"), Decimal("6.0e8"), "vesicles")


def test_dose_levels_give_a_range() -> None:
    total = compute_total_dose(trial(dose_value="0.5e10", dose_value_high="2e10", doses_given="20"))
    assert total == Dose(Decimal("1e11"), Decimal("4e11"), "vesicles")
    assert render_dose(total) == "1.0 × 10¹¹ to 4.0 × 10¹¹ vesicles"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"dose_unit": "cells_per_kg"}, "the dose is per kg of body weight and no weight is stated"),
        ({"dose_unit": "ml", "dose_value": "15"}, "the dose is a volume of unstated concentration"),
        ({"dose_unit": "vesicles_per_ml"}, "the dose is a concentration and no volume is stated"),
        ({"dose_unit": "puffs"}, "the unit 'puffs' is not a known dose unit"),
        ({"dose_unit": ""}, "the unit '' is not a known dose unit"),
        ({"product_class": "cells"}, "the product class is 'cells' and the dose counts vesicles"),
        ({"dose_value": ""}, "no amount is stated for this trial"),
        ({"dose_value": "about 2e8"}, "the amount is not a positive number or range"),
        ({"dose_value": "NaN"}, "the amount is not a positive number or range"),
        ({"dose_value": "-2e8"}, "the amount is not a positive number or range"),
        ({"dose_value_high": "1e8"}, "the amount is not a positive number or range"),
        ({"doses_given": ""}, "the number of doses is not stated"),
        ({"doses_given": "0"}, "the number of doses is not stated"),
    ],
)
def test_no_total_where_it_would_be_invented(fields: dict[str, str], reason: str) -> None:
    assert refused(**fields).reason == f"{reason} (2e8 vesicles a day)"


def test_a_refusal_says_where_and_what_to_do_next() -> None:
    refusal = refused(dose_unit="cells_per_kg", dose_text="1e6 cells per kg, once")
    assert refusal.place == "a-2020: Methods"
    assert refusal.fix == "find the weights"
    text = "not comparable: the dose is per kg of body weight and no weight is stated (1e6 cells per kg, once)"
    assert render_dose(refusal) == text


def test_a_ratio_of_ranges_is_the_widest_honest_range() -> None:
    wide = Dose(Decimal("1e11"), Decimal("4e11"), "vesicles")
    assert compute_dose_ratio(wide, MEXCOVID) == DoseRatio(Fraction(100), Fraction(400))
    assert compute_dose_ratio(MEXCOVID, wide) == DoseRatio(Fraction(1, 400), Fraction(1, 100))


def test_cells_and_vesicles_are_never_converted() -> None:
    cells = Dose(Decimal("6e8"), Decimal("6e8"), "cells")
    ratio = compute_dose_ratio(cells, MEXCOVID)
    assert isinstance(ratio, NotComparable)
    assert ratio.reason == "cells cannot be converted to vesicles"
    assert render_ratio(ratio) == ""


@pytest.mark.parametrize(
    ("count", "text"),
    [("2.0e8", "2.0 × 10⁸"), ("1000000000", "1.0 × 10⁹"), ("12.5e9", "1.25 × 10¹⁰"), ("7", "7.0 × 10⁰")],
)
def test_counts_print_exactly_in_powers_of_ten(count: str, text: str) -> None:
    assert render_count(Decimal(count)) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (Fraction(1), "1 times"),
        (Fraction(1, 5), "0.2 times"),
        (Fraction(2, 3), "0.667 times"),
        (Fraction(400), "400 times"),
    ],
)
def test_ratios_print_to_three_figures(ratio: Fraction, text: str) -> None:
    assert render_ratio(DoseRatio(ratio, ratio)) == text


def test_rows_are_sorted_by_class_route_and_total() -> None:
    rows = [
        trial(id="unstated", route="inhaled", dose_value=""),
        trial(id="late", route="intravenous"),
        trial(id="nowhere", route=""),
        trial(id="big", route="inhaled", dose_value="9e9"),
        trial(id="small", route="inhaled", dose_value="1e7"),
        trial(id="cells", route="intravenous", product_class="cells", dose_unit="cells"),
    ]
    expected = ["cells", "small", "big", "unstated", "late", "nowhere"]
    assert [row.id for row in render_background(rows)] == expected
    assert render_background(rows) == render_background(reversed(rows))


def test_an_absent_column_reads_as_not_stated() -> None:
    (row,) = render_background([{"id": "bare"}])
    assert (row.route, row.dose_text, row.recalled) == ("not stated", "not stated", False)
    assert row.total_text == "not comparable: no amount is stated for this trial (no dose)"


def test_totals_of_the_shipped_trials() -> None:
    table = {row.id: row for row in render_background(shipped(), against=MEXCOVID)}
    texts = {name: (table[name].total_text, table[name].ratio_text) for name in table}
    assert texts["hashemian-2021"] == ("6.0 × 10⁸ cells", "")
    assert texts["liang-2020"] == ("1.5 × 10⁸ cells", "")
    assert texts["mexvt"] == ("2.0 × 10⁸ to 1.6 × 10⁹ vesicles", "0.2 to 1.6 times")
    assert texts["mexcovid"] == ("1.0 × 10⁹ vesicles", "1 times")
    assert texts["nct04389385"] == ("5.0 × 10⁹ vesicles", "5 times")
    assert texts["nct04491240"] == ("1.0 × 10¹¹ to 4.0 × 10¹¹ vesicles", "100 to 400 times")
    assert texts["nct07515066"] == ("1.4 × 10¹⁰ to 4.2 × 10¹⁰ vesicles", "14 to 42 times")
    for name in ("lanzoni-2021", "leng-2020", "sengupta-2020", "lightner-2023", "nct04384445", "nct04798716"):
        assert isinstance(table[name].total, NotComparable), name
    assert table["nct04969172"].recalled


def test_every_shipped_trial_names_its_source_and_its_class() -> None:
    rows = shipped()
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row["place"] and row["recalled"] in {"true", "false"} for row in rows)
    assert {row["paper"] for row in rows} == {"mexcovid-2022", "secretome-2020", "reference"}
    assert {row["product_class"] for row in rows} <= {"cells", "vesicles", "secretome"}
    assert {row["dose_unit"] for row in rows} <= {"", "cells", "vesicles", "cells_per_kg", "vesicles_per_ml", "ml"}


def test_severity_bounds_differ_where_the_papers_differ() -> None:
    folder = importlib.resources.files("firstbreath.studies") / "mexcovid" / "background"
    rows = list(csv.DictReader(folder.joinpath("severity.csv").read_text(encoding="utf-8").splitlines()))
    bounds = {(row["paper"], row["variable"]): row["comparator"] + row["value"] for row in rows if row["unit"]}
    assert bounds["mexcovid-2022", "respiratory_rate"] == "30"
    assert bounds["secretome-2020", "respiratory_rate"] == ">30"
    assert bounds["nhc-v5", "respiratory_rate"] == ">=30"
    assert bounds["mexcovid-2022", "spo2_rest"] == "<=93"
    assert bounds["secretome-2020", "spo2_rest"] == "<93"
    assert bounds["mexcovid-2022", "pao2_fio2"] == bounds["nhc-v5", "pao2_fio2"] == "<=300"
    assert bounds["secretome-2020", "pao2_fio2"] == "<300"


def test_the_note_on_vesicle_counts() -> None:
    assert COUNT_NOTE.endswith("and are not equal measures.")
