"""TOML texts: their values, the line of each, and texts that cannot be read."""

from decimal import Decimal

import pytest

from firstbreath.protocol.toml import MAX_CHARACTERS, TomlText, parse_toml


def read(text: str) -> TomlText:
    read_text, findings = parse_toml(text, "a.toml")
    assert findings == ()
    assert read_text is not None
    return read_text


def refused(text: str) -> tuple[int, str, str]:
    read_text, findings = parse_toml(text, "a.toml")
    assert read_text is None
    return findings[0].line, findings[0].code, findings[0].what


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ("a = 1\nb = 2", ("b",), 2),
        ("# note\n\n[t]\nx = 1", ("t", "x"), 4),
        ("[[t]]\nx = 1\n[[t]]\nx = 2", ("t", 1, "x"), 4),
        ("[[t]]\n[[t]]\n[[t]]", ("t", 2), 3),
        ("[[t]]\n[[t.u]]\n[[t]]\n[[t.u]]\n[[t.u]]\nx = 1", ("t", 1, "u", 1, "x"), 6),
        ("[a.b]\nc.d = 1", ("a", "b", "c", "d"), 2),
        ("['a.b']\n\"c d\" = 1", ("a.b", "c d"), 2),
        ('"\\u0061" = 1', ("a",), 1),
        ("x = [\n  1,\n  2,\n]", ("x", 1), 3),
        ("x = [ # note ]\n  [1], [\n  2],\n]", ("x", 1, 0), 3),
        ("x = [\n  { y = 1 },\n  { y = 2, z = 3 },\n]", ("x", 1, "z"), 3),
        ('x = "# [no] = header"\ny = 1', ("y",), 2),
        ('x = """\n[no]\nheader = 1\n"""\ny = 1', ("y",), 5),
        ("x = '''one\ntwo'''\ny = 1", ("y",), 3),
        ('x = """a \\"""" # quote\ny = 1', ("y",), 2),
        ('x = """"two quotes"""""\ny = 1', ("y",), 2),
        ("x = ''''one quote''''\ny = 1", ("y",), 2),
        ("x = 2020-03-16 09:00:00.5\ny = 1", ("y",), 2),
        ("x = 1\r\ny = 1\r\n", ("y",), 2),
        ("\ufeffx = 1\ny = 2", ("y",), 2),
    ],
)
def test_line_of_a_value(text, place, line):
    assert read(text).line_of(place) == line


@pytest.mark.parametrize("opening", ["'''\n", '"""\n', '"""\r\n'])
def test_each_line_of_a_drawing_has_its_own(opening):
    text = read(f"[s]\ngrid = {opening}zero\none\n{opening.strip()}\nx = 1")
    assert text.values["s"]["grid"].split("\n")[:2] == ["zero", "one"]
    assert [text.line_of(("s", "grid", n)) for n in (0, 1)] == [3, 4]
    assert text.line_of(("s", "x")) == 6


def test_text_that_begins_on_the_line_of_its_key():
    assert read("grid = '''zero\none'''").line_of(("grid", 1)) == 2


def test_unknown_place_has_the_line_of_the_table_around_it():
    assert read("x = 1\n[t]\ny = 2").line_of(("t", "lacking", 3)) == 2
    assert read("x = 1").line_of(("lacking",)) == 1


def test_table_that_is_only_a_prefix_has_the_line_that_names_it():
    text = read("\n[a.b]\nc.d = 1")
    assert text.line_of(("a",)) == 2
    assert text.line_of(("a", "b", "c")) == 3


def test_decimals_keep_their_digits():
    assert read("x = 1.10\ny = 2.0e8").values == {"x": Decimal("1.10"), "y": Decimal("2.0e8")}
    assert str(read("x = 1.10").values["x"]) == "1.10"


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a = 1\nb = ", 2, "TOML-001"),
        ("a = 1\na = 2", 2, "TOML-001"),
        ("a = 1\n\nnothing here\n", 3, "TOML-001"),
        ("a = 'not closed\n", 1, "TOML-001"),
        ("a = 1\n\0", 2, "TOML-001"),
        ('a = "\\ud800"', 1, "TOML-001"),
        ('a = "\\U00110000"', 1, "TOML-001"),
        ("a = 2020-13-45", 1, "TOML-001"),
        ("a\rb", 1, "TOML-001"),
        ("\n" * MAX_CHARACTERS + "a", 0, "TOML-002"),
        ("a = 1\nb = '\udc80'", 2, "TOML-003"),
        ("a = " + "[" * 100_000, 0, "TOML-004"),
        ("a = " + "[" * 41 + "]" * 41, 0, "TOML-004"),
        ("a = " + "{a=" * 100_000, 0, "TOML-004"),
        ("a = 1\n" + ".".join("a" * 100_000) + " = 1", 0, "TOML-004"),
        ("[" + ".".join(['"a"'] * 100_000) + "]", 0, "TOML-004"),
        ("a = 1\nb = nan", 2, "TOML-005"),
        ("a = 1\nb = [1, [-inf]]", 2, "TOML-005"),
        ("a = 1e99999999999999999999", 1, "TOML-005"),
        ("a = 1e-500", 1, "TOML-005"),
        ("a = 1." + "1" * 1_000_000, 0, "TOML-002"),
        ("a = 1." + "1" * 900_000, 1, "TOML-005"),
        ("a = 9223372036854775808", 1, "TOML-005"),
        ("a = " + "9" * 900_000, 0, "TOML-005"),
        ("a = 0x" + "f" * 900_000, 1, "TOML-005"),
    ],
    ids=lambda value: str(value)[:20].encode("ascii", "backslashreplace").decode(),
)
def test_text_that_cannot_be_read_gives_a_finding(text, line, code):
    assert refused(text)[:2] == (line, code)


def test_message_of_broken_toml_names_what_is_wrong_and_the_line_once():
    assert refused("a = 1\nb = \n") == (2, "TOML-001", "This is not TOML: Invalid value.")
