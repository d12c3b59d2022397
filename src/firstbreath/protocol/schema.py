"""The JSON Schema of each protocol file, for editors that complete and check while one types."""

import inspect
from typing import Any

import msgspec

from firstbreath.protocol.folder import PROTOCOL_FILES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NOTHING = {"type": "null"}


def schema_name(file_name: str) -> str:
    """The name of the schema of a protocol file: `protocol.toml` has `protocol.schema.json`."""
    return file_name.removesuffix(".toml") + ".schema.json"


def render_schema(file_name: str) -> str:
    """The JSON Schema of a protocol file as text, always the same for the same program.

    Raises `KeyError` when no protocol file has that name.
    """
    schema: dict[str, Any] = msgspec.json.schema(PROTOCOL_FILES[file_name])
    definitions = {name: _for_toml(schema["$defs"][name]) for name in sorted(schema["$defs"])}
    whole = {"$schema": DIALECT, "title": f"firstbreath {file_name}", "$ref": schema["$ref"], "$defs": definitions}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def _for_toml(node: Any) -> Any:
    """A part of the schema as TOML has it: decimals are numbers without quotes, and there is no null."""
    if isinstance(node, list):
        return [_for_toml(part) for part in node]
    if not isinstance(node, dict):
        return node
    node = {key: _for_toml(value) for key, value in node.items() if not (key == "default" and value is None)}
    if isinstance(node.get("anyOf"), list) and NOTHING in node["anyOf"]:
        others = [part for part in node.pop("anyOf") if part != NOTHING]
        node |= others[0] if len(others) == 1 else {"anyOf": others}
    if node.get("format") == "decimal":
        node = {key: value for key, value in node.items() if key != "format"} | {"type": "number"}
    if isinstance(node.get("description"), str):
        node["description"] = inspect.cleandoc(node["description"])
    return node
