"""Values of a protocol as people write them."""

from collections.abc import Iterable
from datetime import time
from decimal import Decimal
from typing import Any

from firstbreath.protocol.values import Sourced

UNITS = ("ml",)


def render_name(field: str) -> str:
    """The name of a statement in words: `volume_ml` is `volume (ml)`."""
    words = field.split("_")
    if len(words) > 1 and words[-1] in UNITS:
        return f"{' '.join(words[:-1])} ({words[-1]})"
    return " ".join(words)


def render_rule(rule: str) -> str:
    """A rule between backticks; nothing when there is none."""
    return f"`{rule}`" if rule else ""


def render_value(value: Any) -> str:
    """A value as people write it: texts in quotes, yes and no; nothing for what is not stated."""
    match value:
        case None | "" | ():
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return f'"{value}"'
        case time():
            return f"{value:%H:%M}"
        case Decimal():
            return render_number(value)
        case tuple():
            return ", ".join(str(part) for part in value)
    return str(value)


def render_number(number: Decimal) -> str:
    """A number as it stands in the file: `2.0e8`, `6`, `0.5`."""
    return str(number).replace("E+", "e").replace("E", "e")


def join_words(words: Iterable[str]) -> str:
    """`a`, `a and b`, or `a, b and c`."""
    listed = list(words)
    return " and ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)


def with_source(words: str, stated: Sourced) -> str:
    """The words with the place they come from, or the admission that there is none."""
    if stated.source:
        return f"{words} [{stated.source}]"
    return f"{words} [the source is silent]" if stated.silent else words
