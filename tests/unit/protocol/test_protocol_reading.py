"""Values of a TOML file into structs: every finding, in the words of people who do not program."""

import pytest

from firstbreath.protocol.reading import MAX_ELEMENTS, MAX_FINDINGS, parse_struct
from firstbreath.protocol.toml import parse_toml
from firstbreath.protocol.values import Criterion, Dose, Field, TrialFacts, Visit

DOSE = {"id": '"d"', "amount": "1", "unit": '"v"', "days": "[1]"}


def findings_of(into, fields: dict[str, str]) -> list[str]:
    text, wrong = parse_toml("\n".join(f"{key} = {value}" for key, value in fields.items()), "a.toml")
    assert text is not None, wrong
    value, findings = parse_struct(text, into)
    assert (value is None) == bool(findings)
    return [f"{finding.line} {finding.code} {finding.what} {finding.fix}" for finding in findings]


def dose(**fields: str) -> list[str]:
    return findings_of(Dose, DOSE | fields)


def test_complete_table_is_read():
    assert dose() == []
    assert dose(volume_ml="6", minutes="30", at="09:00:00", silent="true") == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"id": '"a b"'}, '1 PROT-003 `id` = "a b": a letter, then letters, digits or _ is expected.'),
        ({"id": "3"}, "1 PROT-003 `id` = 3: a text is expected. Write a text in quotes."),
        ({"amount": '"2"'}, '2 PROT-003 `amount` = "2": a number is expected. Write a number without quotes.'),
        ({"amount": "true"}, "2 PROT-003 `amount` = true: a number is expected."),
        ({"unit": '""'}, '3 PROT-003 `unit` = "": a text that is not empty is expected.'),
        ({"unit": "{ a = 1 }"}, "3 PROT-003 `unit` = a table: a text is expected."),
        ({"days": "[1.5]"}, "4 PROT-003 `days[1]` = 1.5: a whole number is expected."),
        ({"days": "[1, 'x']"}, '4 PROT-003 `days[2]` = "x": a whole number is expected.'),
        ({"days": "1"}, "4 PROT-006 `days` is not a list. Write a list in square brackets."),
        ({"minutes": "-1"}, "5 PROT-003 `minutes` = -1: a whole number of at least 0 is expected."),
        ({"minutes": "2000000"}, "5 PROT-003 `minutes` = 2000000: a whole number of at most 1000000 is expected."),
        ({"at": '"09:00:00"'}, '5 PROT-003 `at` = "09:00:00": a time is expected. Write a time such as 09:00:00'),
        ({"at": "2020-03-16"}, "5 PROT-003 `at` = a date or time: a time is expected."),
        ({"silent": '"yes"'}, '5 PROT-003 `silent` = "yes": true or false is expected.'),
        ({"volum_ml": "6"}, '5 PROT-001 The file has an unknown field "volum_ml". Did you mean "volume_ml"?'),
    ],
)
def test_wrong_value(fields, said):
    assert len(dose(**fields)) == 1
    assert dose(**fields)[0].startswith(said)


def test_lacking_fields_are_all_named():
    assert findings_of(Dose, {"id": '"d"'}) == [
        '1 PROT-002 The file lacks "amount". Add "amount = ...".',
        '1 PROT-002 The file lacks "days". Add "days = ...".',
        '1 PROT-002 The file lacks "unit". Add "unit = ...".',
    ]


def test_word_that_is_not_allowed_is_corrected():
    criterion = {"id": '"I1"', "kind": '"inclusoin"', "number": "1", "text": '"t"'}
    said = '2 PROT-003 `kind` = "inclusoin": one of the allowed words is expected. Did you mean "inclusion"?'
    assert findings_of(Criterion, criterion) == [said]


def test_list_of_a_fixed_length():
    visit = {"id": '"D1"', "label": '"Day 1"', "window": "[1]"}
    assert "a list of 2 values is expected" in findings_of(Visit, visit)[0]


def test_place_in_sdtm_has_a_shape():
    field = {"id": '"wbc"', "label": '"W"', "type": '"decimal"'}
    assert findings_of(Field, field | {"sdtm": '"LB.LBORRES LBTESTCD=WBC"'}) == []
    assert "a dataset and variable such as DM.AGE" in findings_of(Field, field | {"sdtm": '"white cells"'})[0]


def test_long_and_invisible_text_is_shown_short_and_visible():
    said = dose(**{'"\\u001b[31m' + "x" * 500 + '"': "1"})[0]
    assert "\\x1b[31mxxx" in said
    assert len(said) < 250


def test_findings_stop_where_nobody_reads_on():
    many = {f"x{n}": "1" for n in range(5000)}
    assert len(findings_of(TrialFacts, many)) <= MAX_FINDINGS + 2
    bad_days = "[" + ", ".join(["'x'"] * MAX_ELEMENTS) + "]"
    assert len(dose(days=bad_days)) == MAX_FINDINGS


def test_list_of_more_elements_than_a_trial_has():
    assert dose(days=str(list(range(MAX_ELEMENTS)))) == []
    assert "the limit is 1000" in dose(days=str(list(range(MAX_ELEMENTS + 1))))[0]
