"""Plain TOML values into frozen structs, collecting every finding instead of stopping at the first."""

import re
import types
import typing
from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from firstbreath.protocol.findings import Finding, show, suggest
from firstbreath.protocol.lines import Place
from firstbreath.protocol.toml import TomlText

StructT = TypeVar("StructT", bound=msgspec.Struct)
MAX_FINDINGS = 200
"""Of one file: beyond it nobody reads on, and a file of a million mistakes costs no more than this."""

MAX_ELEMENTS = 1000
"""Of one list: a trial with more criteria, visits or fields than this is not an early-phase trial."""

_EXPECTED = {
    "int": ("a whole number", "Write a whole number without quotes."),
    "decimal": ("a number", "Write a number without quotes."),
    "str": ("a text", "Write a text in quotes."),
    "bool": ("true or false", "Write true or false, without quotes."),
    "array": ("a list", "Write a list in square brackets."),
    "time": ("a time", "Write a time such as 09:00:00, without quotes."),
}
_SHAPES: Mapping[type[Any], str] = {dict: "a table", list: "a list"}
_LIMITS = {
    " of length >= 1": (" that is not empty", "Write something, or leave the line out."),
    " of length <= ": (" of at most {} characters", "Shorten it."),
    " of length ": (" of {} values", "Write as many values as are expected."),
    " >= ": (" of at least {}", "Write a number within the limit."),
    " <= ": (" of at most {}", "Write a number within the limit."),
}


def parse_struct(text: TomlText, into: type[StructT]) -> tuple[StructT | None, tuple[Finding, ...]]:
    """The struct a TOML text states, or None with all the findings that prevent it."""
    reader = _Reader(text)
    value = reader.struct(text.values, into, ())
    return (None if reader.findings else value), tuple(sorted(reader.findings))


class _Reader:
    """Collects findings while it walks; one per call of `parse_struct`."""

    def __init__(self, text: TomlText) -> None:
        self.text = text
        self.findings: list[Finding] = []

    def add(self, code: str, place: Place, what: str, fix: str) -> None:
        self.findings.append(Finding(self.text.file, self.text.line_of(place), code, what, fix))

    def struct(self, raw: Any, into: Any, place: Place) -> Any:
        if not isinstance(raw, Mapping):
            return self.add("PROT-005", place, f"{_name(place)} is not a table.", "Write a table.")
        declared = _fields(into)
        for key in list(raw):
            if key not in declared and len(self.findings) < MAX_FINDINGS:
                what = f'{_name(place)} has an unknown field "{show(key)}".'
                self.add("PROT-001", (*place, key), what, suggest(key, declared))
        for name, field in declared.items():
            if field.required and name not in raw:
                self.add("PROT-002", place, f'{_name(place)} lacks "{name}".', f'Add "{name} = ...".')
        found = len(self.findings)
        known = {key: self.value(raw[key], declared[key].type, (*place, key)) for key in raw if key in declared}
        complete = all(field.name in known for field in declared.values() if field.required)
        return into(**known) if complete and len(self.findings) == found else None

    def value(self, raw: Any, wanted: Any, place: Place) -> Any:
        if len(self.findings) >= MAX_FINDINGS:
            return None
        inner, struct, elements = _kind(wanted)
        if struct:
            return self.struct(raw, inner, place)
        if elements is not None:
            return self.elements(raw, elements, place)
        try:
            return _convert(raw, inner)
        except msgspec.ValidationError as wrong:
            expected, fix = _explain(str(wrong).split(" - at ")[0], raw, inner)
            self.add("PROT-003", place, f"{_name(place)} = {_shown(raw)}: {expected} is expected.", fix)

    def elements(self, raw: Any, wanted: Any, place: Place) -> Any:
        if not isinstance(raw, list):
            return self.add("PROT-006", place, f"{_name(place)} is not a list.", "Write a list in square brackets.")
        if len(raw) > MAX_ELEMENTS:
            what = f"{_name(place)} has {len(raw)} elements, the limit is {MAX_ELEMENTS}."
            return self.add("PROT-007", place, what, "Split the study, or shorten the list.")
        return tuple(self.value(element, wanted, (*place, index)) for index, element in enumerate(raw))


@lru_cache(maxsize=100)
def _fields(into: Any) -> Mapping[str, Any]:
    return {field.encode_name: field for field in msgspec.structs.fields(into)}


@lru_cache(maxsize=1000)
def _kind(wanted: Any) -> tuple[Any, bool, Any]:
    """The type without None, whether it is a struct, and the type of its elements if it is an open list."""
    inner = _without_none(wanted)
    origin, arguments = typing.get_origin(inner), typing.get_args(inner)
    is_open_list = origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis
    struct = isinstance(inner, type) and issubclass(inner, msgspec.Struct)
    return inner, struct, arguments[0] if is_open_list else None


def _without_none(wanted: Any) -> Any:
    if typing.get_origin(wanted) in (typing.Union, types.UnionType):
        others = [part for part in typing.get_args(wanted) if part is not type(None)]
        return others[0] if len(others) == 1 else wanted
    return wanted


def _convert(raw: Any, wanted: Any) -> Any:
    """The value as the type wants it; a number or a time in quotes is a text."""
    bare = typing.get_args(wanted)[0] if typing.get_origin(wanted) is typing.Annotated else wanted
    if bare is Decimal and (isinstance(raw, bool) or not isinstance(raw, int | Decimal)):
        raise msgspec.ValidationError("Expected `decimal`")
    if bare is time and not isinstance(raw, time):
        raise msgspec.ValidationError("Expected `time`")
    return msgspec.convert(raw, wanted)


def _explain(message: str, raw: Any, wanted: Any) -> tuple[str, str]:
    """What is expected instead and what to do, from the message of the conversion and the type itself."""
    if typing.get_origin(wanted) is typing.Literal:
        return "one of the allowed words", suggest(str(raw), (str(word) for word in typing.get_args(wanted)))
    metas = [part for part in typing.get_args(wanted) if isinstance(part, msgspec.Meta)]
    described = [meta.description for meta in metas if meta.pattern and meta.description]
    found = re.match(r"Expected `(\w+)`([^,]*)", message)
    kind, limit = found.groups() if found else ("", "")
    if described and "matching regex" in message:
        return described[0], "Write it again in that shape."
    words, fix = _EXPECTED.get(kind, ("another value", "Correct the value."))
    for sign, (text, remedy) in _LIMITS.items():
        if limit.startswith(sign):
            return words + text.format(limit.removeprefix(sign)), remedy
    return words, fix


def _name(place: Place) -> str:
    """The place as people write it: `criteria[3].rule`, or `the file`."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{show(part)}" if text else show(part)
    return f"`{text}`" if text else "The file"


def _shown(raw: object) -> str:
    if isinstance(raw, str):
        return f'"{show(raw)}"'
    if isinstance(raw, bool):
        return str(raw).lower()
    return show(raw) if isinstance(raw, int | Decimal) else _SHAPES.get(type(raw), "a date or time")
