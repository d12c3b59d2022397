"""The protocol room under any input: it never raises, never guesses, and always knows the line."""

import ast
import itertools
import string
import tomllib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.protocol.samples import FOLDER

from firstbreath.protocol import evaluate_rule, parse_protocol, parse_rule
from firstbreath.protocol.diff import compute_changes
from firstbreath.protocol.entries import EntryError, parse_entry
from firstbreath.protocol.rules import RuleError
from firstbreath.protocol.schedule import parse_grid
from firstbreath.protocol.show import render_protocol
from firstbreath.protocol.toml import parse_toml
from firstbreath.protocol.values import Field

NAMES = ("a", "b", "c")
NUMBERS = (0, 1, 2)
POSSIBLE = {"a": (True, False), "b": (True, False), "c": tuple(Decimal(n) for n in (0, 1, 2))}

numbers = st.sampled_from([str(n) for n in NUMBERS])
signs = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
comparisons = (
    st.tuples(st.just("c"), signs, numbers).map(" ".join)
    | st.tuples(numbers, signs, st.just("c"), signs, numbers).map(" ".join)
    | st.lists(numbers, max_size=3).map(lambda listed: f"c in [{', '.join(listed)}]")
    | st.lists(numbers, max_size=3).map(lambda listed: f"c not in [{', '.join(listed)}]")
    | st.just("a == b")
)


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    words = st.sampled_from([" and ", " or "])
    pairs = st.tuples(words, st.lists(parts, min_size=2, max_size=3)).map(lambda pair: f"({pair[0].join(pair[1])})")
    return pairs | parts.map(lambda part: f"not {part}" if part.startswith(("(", "not")) else f"not ({part})")


trees = st.recursive(st.sampled_from(["a", "b"]) | comparisons, joined, max_leaves=8).filter(lambda t: len(t) < 200)
partial_values = st.fixed_dictionaries({}, optional={name: st.sampled_from(POSSIBLE[name]) for name in NAMES})


def by_python(text: str, values: dict[str, object]) -> bool:
    """The same rule by another road: Python's own evaluation, on values that are all there."""
    return bool(eval(compile(ast.parse(text, mode="eval"), "rule", "eval"), {"__builtins__": {}}, values))  # noqa: S307


def completions(known: dict[str, object]) -> list[dict[str, object]]:
    missing = [name for name in NAMES if name not in known]
    filled = itertools.product(*(POSSIBLE[name] for name in missing))
    return [known | dict(zip(missing, values, strict=True)) for values in filled]


def rule_error(text: str) -> str:
    """Why the text is no rule, or nothing."""
    try:
        parse_rule(text)
    except RuleError as wrong:
        return str(wrong) or "nothing was said"
    return ""


class TestRules:
    @given(trees, partial_values)
    @settings(max_examples=120, deadline=None)
    def test_definite_answer_holds_whatever_the_missing_values_turn_out_to_be(self, text, known):
        truth = evaluate_rule(parse_rule(text), known).truth
        if truth is not None:
            assert {by_python(text, values) for values in completions(known)} == {truth}

    @given(trees, st.sampled_from(completions({})))
    @settings(max_examples=100, deadline=None)
    def test_with_every_value_the_answer_is_known_and_right(self, text, values):
        assert evaluate_rule(parse_rule(text), values).truth is by_python(text, values)

    @given(trees, partial_values)
    @settings(max_examples=100, deadline=None)
    def test_more_values_never_change_a_definite_answer(self, text, known):
        rule = parse_rule(text)
        truth = evaluate_rule(rule, known).truth
        if truth is not None:
            assert all(evaluate_rule(rule, values).truth is truth for values in completions(known))

    @given(trees, trees, partial_values)
    @settings(max_examples=100, deadline=None)
    def test_definition_says_what_its_rule_says(self, text, inner, known):
        derived = {"d": parse_rule(inner)}
        direct = evaluate_rule(parse_rule(f"({inner}) and {text}"), known)
        assert evaluate_rule(parse_rule(f"d and {text}"), known, derived).truth is direct.truth

    @given(trees, partial_values)
    @settings(max_examples=100, deadline=None)
    def test_unknown_names_what_is_missing(self, text, known):
        outcome = evaluate_rule(parse_rule(text), known)
        assert (outcome.truth is None) == bool(outcome.missing)
        assert not set(outcome.missing) & known.keys()
        assert {name for name, _ in outcome.decided_by} <= known.keys()

    @given(st.text(max_size=60) | st.text(alphabet="ab19 .()[]<>=!'\"andornotin,-\n", max_size=60))
    @settings(max_examples=300, deadline=None)
    def test_reading_raises_nothing_but_its_own_error(self, text):
        said = rule_error(text)
        assert len(said) < 200
        if not said:
            assert parse_rule(text).names
            evaluate_rule(parse_rule(text), {"a": True})

    @given(st.text(alphabet=string.printable, max_size=40))
    @settings(max_examples=120, deadline=None)
    def test_nothing_can_be_called(self, text):
        with pytest.raises(RuleError):
            parse_rule(f"f({text})")


keys = st.text(alphabet=string.ascii_letters + "_- .", min_size=1, max_size=6).map(lambda key: f'"{key}"')
texts = st.text(alphabet=string.ascii_letters + " #[]{}=.,'\n", max_size=12)


def quoted(text: str) -> str:
    return '"""' + text + '"""' if "\n" in text else f'"{text}"'


scalars = st.integers(-99, 99).map(str) | st.booleans().map(lambda b: str(b).lower()) | texts.map(quoted)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: "[ # list\n" + ",\n".join(parts) + "\n]")
        | st.dictionaries(keys, scalars.filter(lambda s: "\n" not in s), max_size=3).map(
            lambda pairs: "{ " + ", ".join(f"{key} = {value}" for key, value in pairs.items()) + " }"
        )
    ),
    max_leaves=6,
)
pairs = st.dictionaries(keys, values, max_size=4)


@st.composite
def documents(draw) -> str:
    """TOML with comments, tables, arrays of tables, lists over lines and texts over lines."""
    lines = [f"{key} = {value}" for key, value in draw(pairs).items()]
    for number, (is_list, body) in enumerate(draw(st.lists(st.tuples(st.booleans(), pairs), max_size=5))):
        lines += ["", f"[[many_here]] # {number}" if is_list else f"[table_{number}.inner]"]
        lines += [f"{key} = {value}" for key, value in body.items()]
    return "\n".join(lines)


class TestToml:
    @given(documents())
    @settings(max_examples=120, deadline=None)
    def test_every_value_has_the_line_it_stands_on(self, text):
        read, findings = parse_toml(text, "a.toml")
        assert findings == ()
        assert read is not None
        assert read.values == tomllib.loads(text)
        lines = text.split("\n")
        for place, value in leaves(read.values):
            assert place in read.lines
            key = next(part for part in reversed(place) if isinstance(part, str))
            if isinstance(place[-1], str):
                assert key in lines[read.line_of(place) - 1]
            if isinstance(value, int) and not isinstance(value, bool):
                assert str(value) in lines[read.line_of(place) - 1]

    @given(st.text(max_size=200) | st.text(alphabet="ab=[]{}\"'#\n.,1\\\r\t", max_size=200))
    @settings(max_examples=250, deadline=None)
    def test_any_text_is_read_or_refused_with_a_finding(self, text):
        read, findings = parse_toml(text, "a.toml")
        assert (read is None) == bool(findings)
        for finding in findings:
            assert 0 <= finding.line <= text.count("\n") + 1


def leaves(value, place=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*place, number))
    else:
        yield place, value


def mutated(draw, text: str) -> str:
    """The text with a few passages cut out, doubled or replaced."""
    for _ in range(draw(st.integers(1, 3))):
        begin = draw(st.integers(0, max(len(text) - 1, 0)))
        end = min(len(text), begin + draw(st.integers(0, 30)))
        broken = ["", text[begin:end] * 2, "[[", '"', "true", "-1", "1e30", "\n[x]\n", "''", "a.b", "None"]
        middle = draw(st.sampled_from(broken))
        text = text[:begin] + middle + text[end:]
    return text


@st.composite
def folders(draw) -> dict[str, str]:
    """The small folder with one file damaged."""
    file = draw(st.sampled_from(sorted(FOLDER)))
    return FOLDER | {file: mutated(draw, FOLDER[file])}


class TestFolder:
    @given(folders())
    @settings(max_examples=120, deadline=None)
    def test_damaged_folder_gives_a_protocol_or_findings(self, folder):
        protocol, findings = parse_protocol(folder)
        assert (protocol is None) == bool(findings)
        for finding in findings:
            assert finding.what
            assert finding.fix
            assert finding.line <= folder[finding.file].count("\n") + 1
        if protocol is not None:
            assert render_protocol(protocol)
            assert compute_changes(protocol, protocol) == ()

    @given(st.text(max_size=300) | st.text(alphabet="ab |XO.\n", max_size=300))
    @settings(max_examples=120, deadline=None)
    def test_any_drawing_is_read(self, grid):
        visits, cells, _ = parse_grid(grid)
        assert {cell.visit for cell in cells} <= set(visits)

    @given(st.sampled_from(["integer", "decimal", "text", "choice", "choices", "yesno", "date"]), st.text(max_size=40))
    @settings(max_examples=200, deadline=None)
    def test_any_entry_is_a_value_or_an_entry_error(self, kind, entry):
        field = Field(id="x", label="X", type=kind, choices=("a", "b"), min=Decimal(0))
        said = entry_error(field, entry)
        assert not said or said.startswith("X: ")


def entry_error(field: Field, entry: str) -> str:
    """Why the entry is no value, or nothing."""
    try:
        parse_entry(field, entry)
    except EntryError as wrong:
        return str(wrong) or "nothing was said"
    return ""
