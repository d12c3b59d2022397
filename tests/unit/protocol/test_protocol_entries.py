"""Recorded texts into typed values."""

from datetime import date
from decimal import Decimal

import pytest

from firstbreath.protocol.entries import EntryError, parse_entry
from firstbreath.protocol.values import Field


def field(kind: str, **more: object) -> Field:
    return Field(id="x", label="Age", type=kind, **more)


AGE = field("integer", min=Decimal(0), max=Decimal(120), unit="years")
SIGNS = field("choices", choices=("Fever", "IFN-α", "None"))


@pytest.mark.parametrize(
    ("asked", "entry", "value"),
    [
        (AGE, "34", Decimal(34)),
        (AGE, "0", Decimal(0)),
        (AGE, "1.2e2", Decimal(120)),
        (field("decimal"), "-1.50", Decimal("-1.50")),
        (field("text"), "Denied\nfor now", "Denied\nfor now"),
        (field("choice", choices=("Yes", "None")), "None", "None"),
        (field("choice", choices=("Yes", "None")), "yes", "Yes"),
        (SIGNS, ("fever", "IFN-α"), ("Fever", "IFN-α")),
        (SIGNS, "fever", ("Fever",)),
        (SIGNS, ("Fever", "fever"), ("Fever",)),
        (field("yesno"), "yes", True),
        (field("yesno"), "No", False),
        (field("date"), "2020-03-16", date(2020, 3, 16)),
    ],
)
def test_entry_becomes_a_value(asked, entry, value):
    assert parse_entry(asked, entry) == value


@pytest.mark.parametrize(
    ("asked", "entry", "said"),
    [
        (AGE, "121", "Age: 121 is not possible, the highest is 120 years."),
        (AGE, "-1", "Age: -1 is not possible, the lowest is 0 years."),
        (AGE, "34.5", "Age: 34.5 is not a whole number."),
        (AGE, "34,5", 'Age: "34,5" is not a number such as 12 or 1.5, decimals after a point.'),
        (AGE, "", 'Age: "" is not a number such as 12 or 1.5.'),
        (AGE, " 34", 'Age: " 34" is not a number such as 12 or 1.5.'),
        (AGE, "NaN", 'Age: "NaN" is not a number such as 12 or 1.5.'),
        (AGE, "1_0", 'Age: "1_0" is not a number such as 12 or 1.5.'),
        (AGE, "٣٤", 'Age: "٣٤" is not a number such as 12 or 1.5.'),
        (AGE, "=1+1", 'Age: "=1+1" is not a number such as 12 or 1.5.'),
        (field("decimal"), "1e999", "Age: 1e999 is of an order of magnitude that nothing measured has."),
        (AGE, ("3", "4"), "Age: one value is expected, 2 were given."),
        (SIGNS, ("Fevr",), 'Age: "Fevr" is no choice. Did you mean "Fever"?'),
        (SIGNS, ("Fever",) * 4, "Age: 4 choices were given of 3."),
        (field("yesno"), "Y", 'Age: "Y" is neither yes nor no.'),
        (field("date"), "20200316", 'Age: "20200316" is not a date such as 2020-03-16.'),
        (field("date"), "2020-02-30", 'Age: "2020-02-30" is not a date such as 2020-03-16.'),
        (field("text"), "a\0b", "Age: the text holds the character U+0000, which cannot be kept. Type it again."),
        (field("text"), "a\udc80", "Age: the text holds the character U+DC80, which cannot be kept. Type it again."),
        (field("text"), "x" * 10_001, "Age: 10001 characters were given, the limit is 10000."),
    ],
)
def test_entry_that_is_no_value(asked, entry, said):
    with pytest.raises(EntryError) as wrong:
        parse_entry(asked, entry)
    assert str(wrong.value) == said
