"""Spot values of the MEXCOVID paper, typed again from its text (doi 10.1186/s13287-022-02900-5).

The shipped tables were transcribed once; these values were read a second time.
"""

import csv
import importlib.resources
from collections import Counter

import pytest

Table = list[dict[str, str]]
PUBLISHED = importlib.resources.files("firstbreath.studies") / "mexcovid" / "published"
TABLES = ("ct", "doses", "oxygen", "statements", "table2", "table3", "table4")


def read(name: str) -> Table:
    return list(csv.DictReader(PUBLISHED.joinpath(f"{name}.csv").read_text(encoding="utf-8").splitlines()))


def of(table: Table, **where: str) -> dict[str, str]:
    (row,) = [row for row in table if all(row[name] == value for name, value in where.items())]
    return row


def stated(identity: str) -> tuple[str, str]:
    row = of(read("statements"), id=identity)
    return row["value"], row["unit"]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_names_its_place_and_is_whole(name: str) -> None:
    for row in read(name):
        assert row["place"]
        assert None not in row.values()


def test_table_2_as_printed() -> None:
    table = read("table2")
    assert [row["subject"] for row in table] == ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]
    assert [row["age_years"] for row in table] == ["34", "51", "43", "60", "57", "75", "70"]
    assert [row["admission_days"] for row in table] == ["15", "15", "30", "40", "11", "44", "38"]
    assert [row["nebulisation_days"] for row in table] == ["32", "59", "34", "85", "69", "54", "47"]
    assert [row["smoking_pack_years"] for row in table] == ["400", "None", "None", "800", "None", "None", "None"]
    assert of(table, subject="P7")["allergy"] == "Penicillin"
    assert of(table, subject="P5")["comorbidity"] == "Hyperthyroidism"
    assert of(table, subject="P4")["comorbidity"] == "Chronic obstructive pulmonary disease; hypertension"


def test_table_2_symptoms_add_up_to_the_counts_in_the_results() -> None:
    symptoms = Counter(name.strip().lower() for row in read("table2") for name in row["symptoms"].split(";"))
    assert symptoms == {
        "fever": 7,
        "shortness of breath": 5,
        "cough": 5,
        "malaise": 3,
        "expectoration": 1,
        "sore throat": 1,
        "headache": 1,
        "diarrhea": 1,
    }


def test_table_3_as_printed() -> None:
    table = read("table3")
    assert [row["subject"] for row in table if row["corticosteroids"] == "Methylprednisolone"] == ["P2", "P4", "P5"]
    assert [row["subject"] for row in table if row["plasma"] == "Yes"] == ["P1", "P2", "P4", "P5"]
    assert [row["subject"] for row in table if row["oxygen_before"] == "High-flow nasal cannula"] == ["P4", "P6"]
    assert {row["oxygen_after"] for row in table} == {"Nasal cannula"}
    assert of(table, subject="P7")["antibiotics_antifungals"] == "Moxifloxacin; meropenem; fluconazole"
    assert of(table, subject="P2")["antivirals"] == "Arbidol; ribavirin; IFN-α; lopinavir-ritonavir"


def test_the_results_give_all_seven_an_antibiotic_and_table_3_gives_patient_3_none() -> None:
    assert stated("antibiotic-antifungal-results") == ("7", "subjects")
    without = [row["subject"] for row in read("table3") if row["antibiotics_antifungals"] == "None"]
    assert without == ["P3"]


def test_table_4_as_printed() -> None:
    table = read("table4")
    visits = [(row["subject"], int(row["day"])) for row in table]
    p1_to_p4 = [("P1", 20), ("P1", 36), ("P2", 41), ("P3", 22), ("P3", 59), ("P4", 17), ("P4", 43)]
    assert visits == [*p1_to_p4, ("P5", 36), ("P6", 24), ("P7", 28), ("P7", 52)]
    lymphocytes = [row["lymphocytes_e9_l"] for row in table if row["lymphocytes_e9_l"] != "N/A"]
    assert lymphocytes == ["2.29", "2.14", "3.72", "2.52", "1.82", "1.97"]
    assert [row["alt_u_l"] for row in table if row["alt_u_l"] != "N/A"] == ["45", "9", "20", "10"]
    creatinine = [row["creatinine_umol_l"] for row in table if row["creatinine_umol_l"] != "N/A"]
    assert creatinine == ["53", "63", "55", "49", "50"]
    assert (of(table, subject="P1", day="20")["igm"], of(table, subject="P1", day="20")["igg"]) == ("-", "-")
    assert [row["subject"] for row in table if row["igg"] == "+"] == ["P2", "P5", "P7"]
    assert of(table, subject="P6", day="24")["ct_finding"] == "N/A"


def test_doses_are_seven_by_five_of_two_times_ten_to_the_eight() -> None:
    doses = read("doses")
    assert len({(row["subject"], row["day"]) for row in doses}) == len(doses) == 35
    given = {(row["amount_vesicles"], row["volume_ml"], row["minutes"], row["time"]) for row in doses}
    assert given == {("2.0e8", "6", "30", "09:00")}


def test_oxygen_and_ct_of_the_results_section() -> None:
    switches = [(row["subject"], row["treatment_day"]) for row in read("oxygen") if row["treatment_day"] != "1"]
    assert switches == [("P4", "3"), ("P6", "4")]
    assert [(row["subject"], row["days_from_onset"]) for row in read("ct")] == [("P7", "43"), ("P7", "48")]


@pytest.mark.parametrize(
    ("identity", "value", "unit"),
    [
        ("total-dose-abstract", "2.0e9", "vesicles"),
        ("total-dose-methods", "1.0e9", "haMSC-Exos"),
        ("first-enrolment-methods", "2020-03-16", "date"),
        ("last-enrolment-results", "2020-03-25", "date"),
        ("discharged-by", "2020-04-05", "date"),
        ("age-median-results", "57", "years"),
        ("nebulisation-q3-abstract", "69", "days"),
        ("lymphocytes-before-results", "1.61", "e9/L"),
        ("lymphocytes-after-abstract", "1.78", "e9/L"),
        ("alt-after", "79", "IU/L"),
        ("creatinine-after", "40", "umol/L"),
        ("ct-score-before", "51", "points"),
        ("ct-score-p", "0.0559", ""),
        ("ct-score-maximum", "72", "points"),
        ("il6-decreased", "5", "subjects"),
        ("ldh-decreased", "6", "subjects"),
        ("lesions-resolved-more-abstract", "4", "subjects"),
        ("improved-discussion", "5", "subjects"),
        ("oxygen-improved-discussion", "2", "subjects"),
        ("plasma-volume", "200", "ml"),
        ("plasma-titre", "1:640", "titre"),
        ("exclusion-child-pugh", "12", "points"),
        ("hashemian-total-cells", "60e7", "cells"),
    ],
)
def test_statements_as_printed(identity: str, value: str, unit: str) -> None:
    assert stated(identity) == (value, unit)


def test_statement_ids_are_unique_and_counts_stay_within_their_denominator() -> None:
    statements = read("statements")
    assert max(Counter(row["id"] for row in statements).values()) == 1
    counts = [row for row in statements if row["n"] and row["statistic"].startswith("count")]
    assert len(counts) > 30
    assert all(int(row["value"]) <= int(row["n"]) for row in counts)


def test_registrations_name_a_source_for_each_value() -> None:
    rows = read("registrations")
    assert all(row["source"] and row["value"] for row in rows)
    assert of(rows, registration="NCT04276987", field="subjects planned")["value"] == "30"
    assert of(rows, registration="NCT04276987", field="phase in the paper")["value"] == "2a"
    assert of(rows, registration="NCT04313647", field="started")["value"] == "2020-03-12"
