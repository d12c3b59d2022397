"""What was known before the trial: doses side by side where that is honest, and the reason where it is not.

Rows in, rows out. Names to know: `compute_total_dose`, `compute_dose_ratio`, `render_background`. Never here: a
conversion between cells and vesicles, a body weight or a concentration that no source states, a file.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal

import msgspec

Row = Mapping[str, str]
DoseUnit = Literal["cells", "vesicles"]

COUNT_NOTE = (
    "Vesicle counts depend on the instrument and its settings: totals from different laboratories stand side by side "
    "and are not equal measures."
)
"""The note under every table of vesicle doses (MISEV2023, doi 10.1002/jev2.12404, on quantity by two routes)."""

_COUNTED: Mapping[str, DoseUnit] = {"cells": "cells", "vesicles": "vesicles"}
_UNCOUNTED: Mapping[str, tuple[str, str]] = {
    "cells_per_kg": ("the dose is per kg of body weight and no weight is stated", "find the weights"),
    "ml": ("the dose is a volume of unstated concentration", "find the vesicles per ml"),
    "vesicles_per_ml": ("the dose is a concentration and no volume is stated", "find the ml per dose"),
}
_CLASSES = ("cells", "vesicles", "secretome")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Dose(msgspec.Struct, frozen=True):
    """A total dose per subject: lowest and highest level given (equal when there is one), in one counted unit."""

    low: Decimal
    high: Decimal
    unit: DoseUnit


class DoseRatio(msgspec.Struct, frozen=True):
    """How many times another dose a dose is: lowest and highest, exact."""

    low: Fraction
    high: Fraction


class NotComparable(msgspec.Struct, frozen=True):
    """Why no total can be given: the reason with the value, where it is stated, and what to do next."""

    reason: str
    place: str
    fix: str


class BackgroundRow(msgspec.Struct, frozen=True):
    """One line of the table of what was known, with its total as a value and as printed text."""

    id: str
    name: str
    year: str
    product: str
    product_class: str
    route: str
    dose_text: str
    total: Dose | NotComparable
    total_text: str
    ratio_text: str
    subjects: str
    condition: str
    outcome: str
    source: str
    recalled: bool


def compute_total_dose(row: Row) -> Dose | NotComparable:
    """The total dose per subject of one trial row, or why there is none.

    `row`: a line of `background/trials.csv`. A course total is taken as it stands; a dose per administration is
    multiplied by the number of doses. Cells and vesicles are never converted into each other.
    Source: the rules are this project's own; the doses are those of the place named in each row.
    """
    unit = _field(row, "dose_unit")
    if not _field(row, "dose_value"):
        return _refuse(row, "no amount is stated for this trial", "read the full text for its dose")
    if unit in _UNCOUNTED:
        return _refuse(row, *_UNCOUNTED[unit])
    if unit not in _COUNTED:
        fix = "correct the row: cells, vesicles, cells_per_kg, vesicles_per_ml or ml"
        return _refuse(row, f"the unit {unit!r} is not a known dose unit", fix)
    if _field(row, "product_class") != unit:
        reason = f"the product class is {_field(row, 'product_class')!r} and the dose counts {unit}"
        return _refuse(row, reason, "correct the row or find the dose in its own unit")
    return _compute_counted(row, _COUNTED[unit])


def compute_dose_ratio(dose: Dose, against: Dose) -> DoseRatio | NotComparable:
    """How many times `against` the `dose` is, at its lowest and highest; never across cells and vesicles.

    A range against a range gives the widest honest range: lowest over highest, highest over lowest.
    """
    if dose.unit != against.unit:
        reason = f"{dose.unit} cannot be converted to {against.unit}"
        return NotComparable(reason, "", "compare trials of one product class only")
    low = Fraction(dose.low) / Fraction(against.high)
    return DoseRatio(low, Fraction(dose.high) / Fraction(against.low))


def render_background(rows: Iterable[Row], *, against: Dose | None = None) -> tuple[BackgroundRow, ...]:
    """The table of what was known, sorted by class, route and total; totals that do not exist come last.

    `rows`: lines of `background/trials.csv`; `against`: the dose each total is set beside, if any. Print
    `COUNT_NOTE` below the table.
    """
    return tuple(sorted((_render_row(row, against) for row in rows), key=_sort_key))


def render_dose(total: Dose | NotComparable) -> str:
    """The printed text of a total: `1.0 × 10⁹ vesicles`, a range, or `not comparable: reason`."""
    if isinstance(total, NotComparable):
        return f"not comparable: {total.reason}"
    return f"{_render_range(render_count(total.low), render_count(total.high))} {total.unit}"


def render_count(count: Decimal) -> str:
    """The printed text of a large count, exact, in powers of ten: `2.5 × 10¹⁰`."""
    exponent = count.adjusted()
    mantissa = format(count.scaleb(-exponent).normalize(), "f")
    mantissa = mantissa if "." in mantissa else f"{mantissa}.0"
    return f"{mantissa} × 10{str(exponent).translate(_SUPERSCRIPTS)}"


def render_ratio(ratio: DoseRatio | NotComparable) -> str:
    """The printed text of a ratio, three significant figures, half up: `100 to 400 times`; empty when there is none."""
    if isinstance(ratio, NotComparable):
        return ""
    return f"{_render_range(_render_times(ratio.low), _render_times(ratio.high))} times"


def _compute_counted(row: Row, unit: DoseUnit) -> Dose | NotComparable:
    low = _parse_amount(_field(row, "dose_value"))
    high = _parse_amount(_field(row, "dose_value_high") or _field(row, "dose_value"))
    doses = _parse_doses(row)
    if low is None or high is None or high < low:
        fix = "correct dose_value and dose_value_high in the row"
        return _refuse(row, "the amount is not a positive number or range", fix)
    if doses is None:
        return _refuse(row, "the number of doses is not stated", "read the full text for the schedule")
    return Dose(low * doses, high * doses, unit)


def _parse_amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None


def _parse_doses(row: Row) -> int | None:
    if _field(row, "dose_basis") == "course":
        return 1
    text = _field(row, "doses_given")
    return int(text) if text.isdecimal() and int(text) > 0 else None


def _refuse(row: Row, reason: str, fix: str) -> NotComparable:
    stated = _field(row, "dose_text") or "no dose"
    return NotComparable(f"{reason} ({stated})", f"{_field(row, 'id')}: {_field(row, 'place')}", fix)


def _render_row(row: Row, against: Dose | None) -> BackgroundRow:
    total = compute_total_dose(row)
    return BackgroundRow(
        id=_field(row, "id"),
        name=_field(row, "first_author_or_name"),
        year=_field(row, "year"),
        product=_field(row, "product"),
        product_class=_field(row, "product_class"),
        route=_field(row, "route") or "not stated",
        dose_text=_field(row, "dose_text") or "not stated",
        total=total,
        total_text=render_dose(total),
        ratio_text=_render_against(total, against),
        subjects=_field(row, "subjects"),
        condition=_field(row, "condition"),
        outcome=_field(row, "outcome"),
        source=f"{_field(row, 'paper')}: {_field(row, 'place')}",
        recalled=_field(row, "recalled") == "true",
    )


def _render_against(total: Dose | NotComparable, against: Dose | None) -> str:
    if against is None or isinstance(total, NotComparable):
        return ""
    return render_ratio(compute_dose_ratio(total, against))


def _render_times(ratio: Fraction) -> str:
    context = Context(prec=3, rounding=ROUND_HALF_UP)
    return format(context.divide(Decimal(ratio.numerator), Decimal(ratio.denominator)).normalize(context), "f")


def _render_range(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def _sort_key(row: BackgroundRow) -> tuple[int, bool, str, bool, Decimal, Decimal, str]:
    place = _CLASSES.index(row.product_class) if row.product_class in _CLASSES else len(_CLASSES)
    route = (row.route == "not stated", row.route)
    if isinstance(row.total, NotComparable):
        return (place, *route, True, Decimal(0), Decimal(0), row.id)
    return (place, *route, False, row.total.low, row.total.high, row.id)


def _field(row: Row, name: str) -> str:
    return row.get(name, "").strip()
