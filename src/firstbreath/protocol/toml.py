"""TOML with line numbers: `tomllib` reads the values, a second pass finds where each stands."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from firstbreath.protocol.findings import Finding
from firstbreath.protocol.lines import Place, index_lines

MAX_CHARACTERS = 1_000_000
MAX_NESTING = 40
MAX_DIGITS = 30
MAX_MAGNITUDE = 100
MAX_INTEGER = 2**63 - 1
_LONG_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){40}""")


class TomlText(msgspec.Struct, frozen=True):
    """A parsed TOML text: plain values (floats as exact Decimals) and the line of each key."""

    file: str
    values: Mapping[str, Any]
    lines: Mapping[Place, int]

    def line_of(self, place: Place) -> int:
        """The line of a value, or of the nearest table around it; 1 when nothing is known."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place[:-1]
        return 1


def parse_toml(text: str, file: str) -> tuple[TomlText | None, tuple[Finding, ...]]:
    """The values of a TOML text with their lines, or the findings that say why it cannot be read."""
    if len(text) > MAX_CHARACTERS:
        what = f"The file has {len(text)} characters, the limit is {MAX_CHARACTERS}."
        return None, (Finding(file, 0, "TOML-002", what, "Split the study, or shorten the file."),)
    if surrogate := re.search("[\ud800-\udfff]", text):
        what = "The file holds a character that is half of a pair: it is not UTF-8."
        fix = "Save the file again as UTF-8."
        return None, (Finding(file, text.count("\n", 0, surrogate.start()) + 1, "TOML-003", what, fix),)
    text = text.removeprefix("\ufeff")
    if _LONG_KEY.search(text):  # tomllib keeps every prefix of a dotted key: a long one takes all memory
        return None, (_too_deep(file),)
    try:
        values = tomllib.loads(text, parse_float=_parse_float)
    except tomllib.TOMLDecodeError as broken:
        what = f"This is not TOML: {str(broken).partition(' (at ')[0]}."
        fix = "Correct the text at this place and check again."
        return None, (Finding(file, _line_in(str(broken), text), "TOML-001", what, fix),)
    except RecursionError:
        return None, (_too_deep(file),)
    except ValueError:  # Python reads no decimal number of more than 4300 digits
        what = "A whole number in the file has thousands of digits."
        return None, (Finding(file, 0, "TOML-005", what, "Write a number that is possible."),)
    return _with_lines(text, file, values)


def _with_lines(text: str, file: str, values: Mapping[str, Any]) -> tuple[TomlText | None, tuple[Finding, ...]]:
    if _depth(values) > MAX_NESTING:
        return None, (_too_deep(file),)
    read = TomlText(file, values, index_lines(text))
    wrong = [
        Finding(file, read.line_of(place), "TOML-005", what, "Write a number that is possible.")
        for place, what in _impossible_numbers(values)
    ]
    return (None if wrong else read), tuple(wrong)


def _parse_float(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what Decimal holds
        return Decimal("Infinity")


def _too_deep(file: str) -> Finding:
    what = f"Values are nested deeper than {MAX_NESTING} levels."
    return Finding(file, 0, "TOML-004", what, "Close the brackets; a protocol needs five levels.")


def _line_in(message: str, text: str) -> int:
    """The line that tomllib names; the last one when it names the end of the file."""
    found = re.search(r"\(at line (\d+), column \d+\)$", message)
    return int(found[1]) if found else text.rstrip().count("\n") + 1


def _depth(value: object) -> int:
    deepest, stack = 0, [(value, 1)]
    while stack:
        node, level = stack.pop()
        deepest = max(deepest, level)
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        if level <= MAX_NESTING:
            stack.extend((child, level + 1) for child in children)
    return deepest


def _impossible_numbers(values: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Numbers that no quantity of a trial has: not finite, beyond 64 bits, or with too many digits."""
    stack: list[tuple[Place, Any]] = [((), values)]
    while stack:
        place, node = stack.pop()
        if isinstance(node, dict):
            stack += [((*place, key), child) for key, child in node.items()]
        elif isinstance(node, list):
            stack += [((*place, number), child) for number, child in enumerate(node)]
        elif isinstance(node, int) and not -MAX_INTEGER <= node <= MAX_INTEGER:
            yield place, f"A whole number has {node.bit_length()} bits, the limit is 63."
        elif isinstance(node, Decimal) and (what := _wrong_with(node)):
            yield place, what


def _wrong_with(number: Decimal) -> str:
    if not number.is_finite():
        return f"{number} is not a finite number."
    digits = len(number.as_tuple().digits)
    if digits > MAX_DIGITS:
        return f"A number has {digits} digits, the limit is {MAX_DIGITS}."
    if abs(number.adjusted()) > MAX_MAGNITUDE:
        return f"A number is of the order of 10 to the {number.adjusted()}, the limit is {MAX_MAGNITUDE}."
    return ""
