"""What a rule's names and values are called: the words of the protocol, for people who never see an id."""

from collections.abc import Iterable

from firstbreath.protocol.rules import Value
from firstbreath.protocol.values import Protocol

CHANGE = "_change"
"""A name of a rule that ends so is the change of that value since before the inhalation."""


def name_words(protocol: Protocol, name: str) -> str:
    """The label of a field, or of the field whose change is meant; a name that the protocol labels nowhere stays."""
    field, whole = protocol.field(name), protocol.field(name.removesuffix(CHANGE))
    return field.label if field else f"{whole.label}, change" if whole else name


def render_value(value: Value) -> str:
    """A typed value as a form shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def pair_words(protocol: Protocol, pairs: Iterable[tuple[str, Value]]) -> tuple[str, ...]:
    """`Age: 76 years`, for each name with its value."""
    return tuple(f"{name_words(protocol, name)}: {_with_unit(protocol, name, value)}" for name, value in pairs)


def _with_unit(protocol: Protocol, name: str, value: Value) -> str:
    field = protocol.field(name) or protocol.field(name.removesuffix(CHANGE))
    return f"{render_value(value)} {field.unit}" if field and field.unit else render_value(value)
