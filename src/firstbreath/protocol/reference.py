"""Every table of the protocol files with its fields, as Markdown: the part of the manual that the types write."""

import inspect
import typing
from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from typing import Any

import msgspec

from firstbreath.protocol.folder import PROTOCOL_FILES
from firstbreath.protocol.values import Sourced

WORDS: dict[Any, str] = {
    int: "whole number",
    str: "text",
    bool: "true or false",
    Decimal: "number",
    time: "time of day",
}
EVERYWHERE = frozenset(field.name for field in msgspec.structs.fields(Sourced))


def render_reference() -> str:
    """A section for each file, and in it one for each kind of table: how it is written, what it is, its fields."""
    return "\n\n".join(
        "\n\n".join([f"### `{name}`", *(_table(header, struct) for header, struct in _structs("", into))])
        for name, into in PROTOCOL_FILES.items()
    )


def _structs(header: str, into: type[Any]) -> Iterator[tuple[str, type[Any]]]:
    """A struct and every struct inside it, in the order of the fields, with the header that begins it."""
    yield header, into
    path = header.strip("[]") + "." if header else ""
    for field in msgspec.structs.fields(into):
        inner = _inner(field.type)
        if _is_struct(inner):
            is_list = typing.get_origin(field.type) is tuple
            yield from _structs(f"[[{path}{field.name}]]" if is_list else f"[{path}{field.name}]", inner)


def _inner(wanted: Any) -> Any:
    """The type inside Annotated, a list or an optional value."""
    for part in typing.get_args(wanted):
        if typing.get_origin(wanted) is not typing.Literal and part is not type(None) and part is not Ellipsis:
            return _inner(part)
    return wanted


def _table(header: str, struct: type[Any]) -> str:
    rows = [
        f"| `{field.name}` | {_words(field.type)} | {'must' if field.required else ''} |"
        for field in msgspec.structs.fields(struct)
        if field.name not in EVERYWHERE and not _is_struct(_inner(field.type))
    ]
    text = " ".join(inspect.cleandoc(struct.__doc__ or "").split())
    title = f"**`{header}`** {text}" if header else text
    return "\n".join([title, "", "| field | is | |", "|---|---|---|", *rows]) if rows else title


def _words(wanted: Any) -> str:
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is typing.Literal:
        return "one of " + ", ".join(f"`{word}`" for word in arguments)
    if origin is tuple:
        count = "" if Ellipsis in arguments else f"{len(arguments)} times "
        return f"list: {count}{_words(arguments[0])}"
    if origin is dict:
        return f"table: {_words(arguments[1])} for each {_words(arguments[0])}"
    if origin is typing.Annotated:
        described = [part.description for part in arguments if isinstance(part, msgspec.Meta) and part.description]
        return described[0] if described else _words(arguments[0])
    if arguments:
        return _words(next(part for part in arguments if part is not type(None)))
    return WORDS[wanted]


def _is_struct(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, msgspec.Struct)
