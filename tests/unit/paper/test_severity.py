"""Severity side by side: differing bounds are named, and what they mean for a value on the bound."""

from firstbreath.paper.severity import render_severity

ROWS = [
    {"paper": paper, "class": "severe", "variable": variable, "comparator": sign, "value": value, "unit": unit}
    for paper, variable, sign, value, unit in [
        ("a", "respiratory_rate", "", "30", "per min"),
        ("a", "spo2_rest", "<=", "93", "%"),
        ("b", "respiratory_rate", ">", "30", "per min"),
        ("b", "spo2_rest", "<", "93", "%"),
        ("b", "dyspnoea", "=", "yes", ""),
        ("c", "spo2_rest", "<=", "93", "%"),
    ]
]


def rows():
    sources, lines = render_severity(ROWS)
    assert sources == ("a", "b", "c")
    return {line.variable: line for line in lines}


def test_each_source_keeps_its_own_bound():
    assert rows()["spo2 rest"].printed == ("≤ 93 %", "< 93 %", "≤ 93 %")


def test_value_on_the_bound_is_told_by_source():
    assert rows()["spo2 rest"].difference == "exactly 93: severe by a; not severe by b; severe by c"


def test_sign_that_is_not_printed_leaves_the_bound_undecided():
    line = rows()["respiratory rate"]
    assert line.printed == ("30 per min, sign not printed", "> 30 per min", "not named")
    assert line.difference == "exactly 30: undecided by a; not severe by b"


def test_named_without_a_number_has_no_bound():
    assert (rows()["dyspnoea"].printed, rows()["dyspnoea"].difference) == (("not named", "named", "not named"), "")
