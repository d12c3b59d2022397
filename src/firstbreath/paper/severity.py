"""Severity classes as several sources print them, side by side, with the bounds that differ named."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

import msgspec

SIGNS = {"<=": "≤", ">=": "≥", "<": "<", ">": ">"}
Row = Mapping[str, str]


class SeverityRow(msgspec.Struct, frozen=True):
    """One variable of one class: what each source prints, and what follows for a value on the bound."""

    severity: str
    variable: str
    printed: tuple[str, ...]
    difference: str


def render_severity(rows: Iterable[Row]) -> tuple[tuple[str, ...], tuple[SeverityRow, ...]]:
    """The sources in the order they appear, and a row for each variable of each class.

    rows  with `paper`, `class`, `variable`, `comparator`, `value` and `unit`
    """
    bounds: dict[tuple[str, str], dict[str, Row]] = {}
    sources = []
    for row in rows:
        sources.append(row["paper"])
        bounds.setdefault((row["class"], row["variable"]), {})[row["paper"]] = row
    names = tuple(dict.fromkeys(sources))
    lines = tuple(
        SeverityRow(
            severity,
            variable.replace("_", " "),
            tuple(_printed(found.get(name)) for name in names),
            _difference(severity, found),
        )
        for (severity, variable), found in bounds.items()
    )
    return names, lines


def _printed(row: Row | None) -> str:
    """`≤ 93 %`; `30 per min, sign not printed`; `named`; or nothing."""
    if row is None:
        return "not named"
    if _number(row["value"]) is None:
        return "named"
    amount = f"{row['value']} {row['unit']}".strip()
    return f"{SIGNS[row['comparator']]} {amount}" if row["comparator"] in SIGNS else f"{amount}, sign not printed"


def _difference(severity: str, found: Mapping[str, Row]) -> str:
    """What a value exactly on the bound is by each source, when they print the same number differently."""
    numbers = {row["value"] for row in found.values() if _number(row["value"]) is not None}
    if len(numbers) != 1 or len({row["comparator"] for row in found.values()}) == 1:
        return ""
    words = [f"{_on_bound(row, severity)} by {name}" for name, row in found.items()]
    return f"exactly {numbers.pop()}: {'; '.join(words)}"


def _on_bound(row: Row, severity: str) -> str:
    if row["comparator"] in ("<=", ">="):
        return severity
    return f"not {severity}" if row["comparator"] in ("<", ">") else "undecided"


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
