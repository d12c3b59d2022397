"""TOML with line numbers: `tomllib` reads the values, a second pass finds where each key stands."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from firstbreath.protocol.findings import Finding

MAX_CHARACTERS = 1_000_000
MAX_NESTING = 40
Place = tuple[str | int, ...]


class TomlText(msgspec.Struct, frozen=True):
    """A parsed TOML text: plain values (floats as exact Decimals) and the line of each key."""

    file: str
    values: Mapping[str, Any]
    lines: Mapping[Place, int]

    def line_of(self, place: Place) -> int:
        """The line of a key, or of the nearest table around it; 1 when nothing is known."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place[:-1]
        return 1


def parse_toml(text: str, file: str) -> tuple[TomlText | None, tuple[Finding, ...]]:
    """The values of a TOML text with their lines, or the finding that says why it cannot be read."""
    if len(text) > MAX_CHARACTERS:
        return None, (_unreadable(file, 0, f"The file has {len(text)} characters, the limit is {MAX_CHARACTERS}."),)
    try:
        values = tomllib.loads(text, parse_float=_parse_float)
    except tomllib.TOMLDecodeError as broken:
        return None, (_unreadable(file, _line_in(str(broken)), f"This is not TOML: {broken}."),)
    except (RecursionError, ValueError) as broken:
        return None, (_unreadable(file, 0, f"This is not readable TOML: {type(broken).__name__}."),)
    if _depth(values) > MAX_NESTING:
        return None, (_unreadable(file, 0, f"Values are nested deeper than {MAX_NESTING} levels."),)
    return TomlText(file, values, _index_lines(text)), ()


def _parse_float(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        msg = f"{text} is not a finite number"
        raise ValueError(msg)
    return number


def _unreadable(file: str, line: int, what: str) -> Finding:
    return Finding(file, line, "TOML-001", what, "Correct the text at this place and check again.")


def _line_in(message: str) -> int:
    found = re.search(r"line (\d+)", message)
    return int(found[1]) if found else 0


def _depth(value: object) -> int:
    deepest, stack = 0, [(value, 1)]
    while stack:
        node, level = stack.pop()
        deepest = max(deepest, level)
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        if level <= MAX_NESTING:
            stack.extend((child, level + 1) for child in children)
    return deepest


_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\-\"' ]+?)\s*=\s*(.*)$")


def _index_lines(text: str) -> dict[Place, int]:
    """Where each header and key stands; the text is known to be valid TOML."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    closing = ""
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if depth > 0:
            depth += _open_brackets(line)
            continue
        if header := _HEADER.match(line):
            table = _place_of_header(header, counts)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault(table + _split_key(key[1]), number)
            closing = _opened_string(key[2])
            depth = 0 if closing else max(0, _open_brackets(key[2]))
    return lines


def _split_key(dotted: str) -> Place:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _place_of_header(header: re.Match[str], counts: dict[Place, int]) -> Place:
    """The full place of a table: a path through an array of tables goes to its latest element."""
    place: Place = ()
    parts = _split_key(header[2])
    for position, part in enumerate(parts):
        place = (*place, part)
        last = position == len(parts) - 1
        if last and header[1] == "[[":
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _opened_string(value: str) -> str:
    """The closing mark of a multi-line string that this value opens and does not close."""
    for mark in ('"""', "'''"):
        if value.startswith(mark) and mark not in value[3:]:
            return mark
    return ""


def _open_brackets(value: str) -> int:
    bare = re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*", "", value)
    return bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")
