"""Plain TOML values into frozen structs, collecting every finding instead of stopping at the first."""

import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from firstbreath.protocol.findings import Finding, suggest
from firstbreath.protocol.toml import Place, TomlText

StructT = TypeVar("StructT", bound=msgspec.Struct)

_FIXES = {
    "Expected `int`": "Write a whole number without quotes.",
    "Expected `decimal`": "Write a number without quotes.",
    "Expected `str`": "Write a text in quotes.",
    "Expected `bool`": "Write true or false.",
    "Expected `array`": "Write a list in square brackets.",
    "Expected `object`": "Write a table.",
    "Invalid enum value": "Use one of the allowed words.",
    "matching regex": "Start with a letter; then letters, digits or _, at most 40.",
}


def parse_struct(text: TomlText, into: type[StructT]) -> tuple[StructT | None, tuple[Finding, ...]]:
    """The struct a TOML text states, or None with all the findings that prevent it."""
    reader = _Reader(text)
    value = reader.struct(text.values, into, ())
    return (None if reader.findings else value), tuple(reader.findings)


class _Reader:
    """Collects findings while it walks; one per call of `parse_struct`."""

    def __init__(self, text: TomlText) -> None:
        self.text = text
        self.findings: list[Finding] = []

    def add(self, code: str, place: Place, what: str, fix: str) -> None:
        self.findings.append(Finding(self.text.file, self.text.line_of(place), code, what, fix))

    def struct(self, raw: Any, into: type[Any], place: Place) -> Any:
        if not isinstance(raw, Mapping):
            return self.add("PROT-003", place, f"{_name(place)} is not a table.", "Write a table.")
        declared = {field.name: field for field in msgspec.structs.fields(into)}
        for key in raw.keys() - declared.keys():
            self.add(
                "PROT-001",
                (*place, key),
                f'{_name(place)} has an unknown field "{key}".',
                suggest(key, declared),
            )
        for name, field in declared.items():
            if field.required and name not in raw:
                self.add("PROT-002", place, f'{_name(place)} lacks "{name}".', f'Add "{name} = ...".')
        found = len(self.findings)
        known = {key: self.value(raw[key], declared[key].type, (*place, key)) for key in raw if key in declared}
        complete = all(field.name in known for field in declared.values() if field.required)
        return into(**known) if complete and len(self.findings) == found else None

    def value(self, raw: Any, wanted: Any, place: Place) -> Any:
        wanted = _without_none(wanted)
        origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
        if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
            return self.struct(raw, wanted, place)
        if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
            return self.elements(raw, arguments[0], place)
        try:
            return msgspec.convert(raw, wanted)
        except msgspec.ValidationError as wrong:
            message = str(wrong).split(" - at ")[0]
            fix = next((fix for part, fix in _FIXES.items() if part in message), "Correct the value.")
            self.add("PROT-003", place, f"{_name(place)} = {_shown(raw)}: {message}.", fix)

    def elements(self, raw: Any, wanted: Any, place: Place) -> Any:
        if not isinstance(raw, list):
            return self.add("PROT-003", place, f"{_name(place)} is not a list.", "Write a list in square brackets.")
        return tuple(self.value(element, wanted, (*place, index)) for index, element in enumerate(raw))


def _without_none(wanted: Any) -> Any:
    if typing.get_origin(wanted) in (typing.Union, types.UnionType):
        others = [part for part in typing.get_args(wanted) if part is not type(None)]
        return others[0] if len(others) == 1 else wanted
    return wanted


def _name(place: Place) -> str:
    """The place as people write it: `criteria[3].rule`, or `the file`."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return f"`{text}`" if text else "The file"


def _shown(raw: object) -> str:
    shown = repr(raw) if isinstance(raw, str) else str(raw)
    return shown if len(shown) <= 60 else shown[:57] + "..."
