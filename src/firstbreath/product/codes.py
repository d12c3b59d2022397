"""Labels of lots, vials and shipments as a scanner reads them, and amounts as a person writes them."""

import re
from collections.abc import Sequence
from decimal import Decimal

from firstbreath.events.decisions import Reason
from firstbreath.protocol.entries import parse_number

LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")


def codes_wrong(codes: Sequence[str]) -> list[Reason]:
    """The labels that no scanner would read back."""
    return [
        Reason("PROD-002", f"{code[:40]!r} is no label.", "Letters, digits and . _ / - alone, at most 40.")
        for code in codes[:1000]
        if not LABEL.fullmatch(code)
    ]


def number_of(text: str, *, zero: bool = False) -> Decimal | None:
    """The amount a text states; None when it is no number above zero (or zero, if that counts)."""
    try:
        number = parse_number(text)
    except ValueError:
        return None
    return number if number > 0 or (zero and number == 0) else None


def split_scanned(text: str) -> tuple[str, ...]:
    """The labels of a scan or a list, each once: a scanner ends each with a line break, people write commas."""
    return tuple(dict.fromkeys(re.split(r"[\s,;]+", text.strip()))) if text.strip() else ()
