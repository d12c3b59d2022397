"""A p-value as it stands in a text: its digits, and whether it is a bound."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import compute_fraction, decimals_of

Relation = Literal["=", "<", "<=", ">", ">="]
MOST_DECIMALS = 30
_PRINTED = re.compile(r"(?:p\s*)?(=|<=|>=|<|>|≤|≥|⩽|⩾)?\s*([0-9]*\.?[0-9]+(?:e-?[0-9]{1,2})?)", re.IGNORECASE)
_SIGNS = {"": "=", "≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">="}


def parse_printed_p(printed: str | Decimal) -> tuple[Relation, Decimal]:
    """How a p-value stands to the number printed, "=" unless a bound, and the number, trailing zeros kept.

    printed : text such as "0.0559", ".05", "= 0.0559", "p < 0.001" or "≥ 0.2"; or a Decimal.
    Raises NotComputable for a float, which has lost its trailing zeros, for any other text such as "n.s.", and
    for a number outside 0 to 1; TooLarge for more than 30 decimals.
    """
    if isinstance(printed, Decimal):
        refuse_p(printed)
        return "=", printed
    if not isinstance(printed, str):
        kind = type(printed).__name__
        raise NotComputable(f"p is {printed!r} ({kind}): give it as text, as printed, so that trailing zeros count")
    found = _PRINTED.fullmatch(printed.strip()) if len(printed) < 100 else None
    if found is None:
        raise NotComputable(f"p is {printed[:40]!r}: give what is printed, such as 0.0559 or < 0.05, with a point")
    sign, digits = found[1] or "", found[2]
    number = Decimal(digits)
    refuse_p(number)
    relation: Relation = next(known for known in get_args(Relation) if known == _SIGNS.get(sign, sign))
    return relation, number


def refuse_p(printed: Decimal) -> None:
    """Nothing, or a refusal of what no p-value can be, or of more digits than can be checked."""
    if not printed.is_finite():
        raise NotComputable(f"{printed} is not a finite number: give p as it is printed, such as 0.0559")
    if not 0 <= printed <= 1:
        raise NotComputable(f"p is {printed}: a p-value is between 0 and 1")
    if decimals_of(printed) > MOST_DECIMALS:
        raise TooLarge(f"p has {decimals_of(printed)} decimals: at most {MOST_DECIMALS} can be checked")


def meets(value: Fraction, relation: Relation, bound: Decimal) -> bool:
    """True when an exact value stands to a printed bound as printed.

    value : exact. relation : "<", "<=", ">" or ">=". bound : the number in the text.
    """
    limit = compute_fraction(bound)
    if value == limit:
        return relation in ("<=", ">=")
    return (value < limit) == (relation in ("<", "<="))


def render_printed_p(relation: Relation, printed: Decimal) -> str:
    """The text of a p as printed: "0.0559", or "< 0.05"."""
    digits = format(printed, "f")
    return digits if relation == "=" else f"{relation} {digits}"
