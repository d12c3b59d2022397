"""Rules: what can be written, and what each says of known and missing values."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from firstbreath.protocol.rules import MAX_DERIVED, Outcome, RuleError, evaluate_rule, parse_rule

KNOWN = {
    "age": Decimal(50),
    "sex": "Male",
    "yes": True,
    "no": False,
    "signs": ("Fever", "Cough"),
    "day": date(2020, 3, 16),
}


def says(text: str, derived: dict[str, str] | None = None, **values: object) -> bool | None:
    rules = {name: parse_rule(rule) for name, rule in (derived or {}).items()}
    return evaluate_rule(parse_rule(text), KNOWN | values, rules).truth


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("18 <= age <= 75", ("age",)),
        ("b and a or not b", ("b", "a")),
        ('x in ["a", "b"]', ("x",)),
        ("x in (1, -2.5)", ("x",)),
        ('"a" in x', ("x",)),
        ("x not in [a, b]", ("x", "a", "b")),
        ("  (a\nor b) ", ("a", "b")),
        ("a == True", ("a",)),
    ],
)
def test_rule_with_its_names(text, names):
    assert parse_rule(text).names == names


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("a and", "it is not an expression"),
        ("((((a)))", "it is not an expression"),
        ("len(a) > 1", "a call (len) is not allowed"),
        ("a (b)", "a call (a) is not allowed"),
        ('__import__("os")', "a call (__import__) is not allowed"),
        ("a.b", "an attribute is not allowed"),
        ("a[0]", "an index is not allowed"),
        ("a + 1 > 2", "arithmetic is not allowed"),
        ("a - 1 > 2", "arithmetic is not allowed"),
        ("a == --5", "arithmetic, or `not` inside a comparison, is not allowed"),
        ("a = 1", "an assignment (a comparison is written ==) is not allowed"),
        ("a & b", "a sign of logic (write and, or, not) is not allowed"),
        ("a if b else c", "a conditional is not allowed"),
        ("[a for a in b]", "a loop is not allowed"),
        ("lambda: a", "a colon is not allowed"),
        ("a is b", "`is` is not allowed (write ==)"),
        ("a == None", "a value by itself, or None, is not allowed"),
        ("5", "a value by itself, or None, is not allowed"),
        ("5 > 3", "it names nothing that is recorded"),
        ("a == [1]", "a list that does not follow `in` is not allowed"),
        ("a in [[1]]", "a list that does not follow `in` is not allowed"),
        ("(a < b) < c", "a comparison inside a comparison is not allowed"),
        ("a < (b or c)", "`and` or `or` inside a comparison is not allowed"),
        ("a, b", "a list that does not follow `in` is not allowed"),
        ("a # b", "a comment is not allowed"),
        ("é", "a name with letters beyond a to z, or a letter before a quote, is not allowed"),
        ('f"x" == a', "a name with letters beyond a to z, or a letter before a quote, is not allowed"),
        ('a == "x" "y"', "a text right after a text is not allowed"),
        ('a == "\\n"', "a text that does not end, holds a backslash, or follows a letter is not allowed"),
        ("a == '\x07'", "a text with a character that cannot be printed is not allowed"),
        ("a == '\ud800'", "a text with a character that cannot be printed is not allowed"),
        ("a\x0cor b", "a character that no rule needs is not allowed"),
        ("1or a", "a number that runs into a letter or a point is not allowed"),
        ("a > 0x1f", "a number that runs into a letter or a point is not allowed"),
        ("a > 1_000", "a number that runs into a letter or a point is not allowed"),
        ("a > 1e999", "1e999, with more digits than can be compared exactly, is not allowed"),
        ("a > 0.1234567890123456789", "0.1234567890123456789, with more digits than can be compared exactly, is not"),
        ("not " * 20 + "a", "it is nested deeper than 20 levels"),
        ("a" * 501, "it has 501 characters, the limit is 500"),
        ("yield", "it is not an expression"),
    ],
)
def test_text_that_is_no_rule(text, why):
    with pytest.raises(RuleError) as wrong:
        parse_rule(text)
    assert str(wrong.value).startswith(why)


TRUTHS = {True: True, False: False, None: None}
AND = {(True, True): True, (True, None): None, (None, None): None}
OR = {(False, False): False, (False, None): None, (None, None): None}


@pytest.mark.parametrize("left", TRUTHS)
@pytest.mark.parametrize("right", TRUTHS)
def test_truth_tables(left, right):
    """Kleene's strong logic: `and` is false as soon as one part is, `or` true as soon as one part is."""
    values = {name: truth for name, truth in (("left", left), ("right", right)) if truth is not None}
    pair = {(left, right), (right, left)}
    both = next((said for key, said in AND.items() if key in pair), False)
    either = next((said for key, said in OR.items() if key in pair), True)
    assert says("left and right", **values) is both
    assert says("left or right", **values) is either
    assert says("not left", **values) is (None if left is None else not left)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("18 <= age <= 75", True),
        ("50 < age", False),
        ("age >= 50.0", True),
        ("age == 50", True),
        ("age != 50", False),
        ("age > -1", True),
        ("age > lacking", None),
        ("60 < age < lacking", False),
        ("age < 60 < lacking", None),
        ("age in [49, 50]", True),
        ("age not in [49, 50]", False),
        ("age in []", False),
        ("age in [50, lacking]", None),
        ("lacking in [1]", None),
        ('"Fever" in signs', True),
        ('"Headache" not in signs', True),
        ('sex == "Male" or lacking', True),
        ('sex == "Female" and lacking', False),
        ("yes == True", True),
        ("no", False),
        ("lacking", None),
        ("age", None),
        ("sex > 5", None),
        ("age in signs", None),
        ("age in sex", None),
        ("yes in [1]", None),
        ("day > naive", None),
    ],
)
def test_what_a_rule_says(text, truth):
    assert says(text, naive=datetime(2020, 3, 16, tzinfo=UTC)) is truth


def test_times_that_cannot_be_compared_are_unknown():
    naive, zoned = datetime(2020, 3, 16), datetime(2020, 3, 16, tzinfo=UTC)  # noqa: DTZ001
    assert says("left < right", left=naive, right=zoned) is None
    assert says("left < 1", left=Decimal("NaN")) is None


def test_outcome_names_what_decided_and_what_is_missing():
    rule = parse_rule("age > 60 or lacking or sex == other")
    outcome = evaluate_rule(rule, KNOWN)
    assert outcome == Outcome(None, (("age", Decimal(50)), ("sex", "Male")), ("lacking", "other"))
    assert evaluate_rule(parse_rule("lacking or yes"), KNOWN) == Outcome(True, (("yes", True),), ())


def test_value_of_the_wrong_kind_counts_as_missing():
    assert evaluate_rule(parse_rule("age and yes"), KNOWN).missing == ("age",)
    assert evaluate_rule(parse_rule("sex > 5"), KNOWN).missing == ("sex",)


class TestDefinitions:
    def test_definition_stands_for_its_rule(self):
        derived = {"severe": "breaths >= 30 or spo2 <= 93"}
        assert says("severe", derived, breaths=Decimal(30)) is True
        assert says("severe", derived, breaths=Decimal(29)) is None
        assert says("not severe", derived, breaths=Decimal(29), spo2=Decimal(94)) is True

    def test_definition_can_be_compared(self):
        assert says("severe == yes", {"severe": "age > 40"}) is True
        assert says("severe == yes", {"severe": "lacking"}) is None

    def test_outcome_names_fields_not_definitions(self):
        outcome = evaluate_rule(parse_rule("severe"), KNOWN, {"severe": parse_rule("age > 40 and yes")})
        assert outcome.decided_by == (("age", Decimal(50)), ("yes", True))

    def test_circle_is_unknown(self):
        assert says("a", {"a": "b", "b": "a"}) is None
        assert says("a or yes", {"a": "not a"}) is True

    def test_levels_are_bounded(self):
        chain = {"d0": "yes"} | {f"d{n}": f"d{n - 1}" for n in range(1, 2000)}
        assert says(f"d{MAX_DERIVED - 1}", chain) is True
        assert says(f"d{MAX_DERIVED}", chain) is None
        assert says("d1999", chain) is None

    def test_definition_used_often_is_worked_out_once(self):
        doubling = {"d0": "lacking"} | {f"d{n}": f"d{n - 1} or d{n - 1}" for n in range(1, 20)}
        assert says("d19", doubling) is None
