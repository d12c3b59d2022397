"""CSV texts: read whole, or refused with what is wrong."""

import pytest

from firstbreath.trial.tables import parse_csv


def findings(text: str) -> list[str]:
    table, found = parse_csv(text, "t.csv")
    assert (table is None) is bool(found)
    return [finding.code for finding in found]


def test_rows_know_their_place():
    table, _ = parse_csv("\ufeffsubject,age\nP1,34\n\nP2,51\n", "t.csv")
    assert table.columns == ("subject", "age")
    assert [(row.number, row.cells["age"]) for row in table.rows] == [(1, "34"), (2, "51")]


def test_quoted_cells_keep_commas_and_lines():
    table, _ = parse_csv('a,b\n"x, y","two\nlines"\n', "t.csv")
    assert table.rows[0].cells == {"a": "x, y", "b": "two\nlines"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "CSV-002"),
        ("\n\n", "CSV-002"),
        ("a,a\n1,2\n", "CSV-003"),
        ("a,\n1,2\n", "CSV-003"),
        ("a,b\n1\n", "CSV-005"),
        ("a,b\n1,2,3\n", "CSV-005"),
        ("a\0,b\n", "CSV-001"),
        ('a,b\n"1,2\n', "CSV-001"),
    ],
)
def test_what_is_no_table_is_refused(text, code):
    assert findings(text)[0] == code


def test_every_short_row_is_named():
    assert findings("a,b\n1\n1,2\n3\n") == ["CSV-005", "CSV-005"]
