"""Claims about time: the order of dates, of days along a row, and the dates that days imply."""

from datetime import date
from itertools import pairwise
from typing import Literal

from firstbreath.paper.claims.lookup import add_days, read_day
from firstbreath.paper.claims.references import Columns, Day, Numbers
from firstbreath.paper.claims.rows import (
    name_rows,
    read_cell,
    read_column,
    select,
)
from firstbreath.paper.claims.tables import parse_number
from firstbreath.paper.claims.values import Claim, ClaimFolder, Source, Verdict, VerdictWord, conclude
from firstbreath.paper.claims.wording import render_names, render_source


class DateOrder(Claim, frozen=True, kw_only=True, tag="date_order", tag_field="kind"):
    """Dates, or days counted from one event, that must not run backwards."""

    days: tuple[Day, ...]


class RowOrder(Claim, frozen=True, kw_only=True, tag="row_order", tag_field="kind"):
    """Columns whose numbers must not fall from left to right in any row."""

    columns: Columns


class ImpliedDate(Claim, frozen=True, kw_only=True, tag="implied_date", tag_field="kind"):
    """The date so many days before, or after, an event known to lie between two dates.

    `not_before` and `not_after` are what is known otherwise, `bound_source` from where.
    """

    earliest: Day
    latest: Day
    days: Numbers
    direction: Literal["before", "after"] = "before"
    not_before: date | None = None
    not_after: date | None = None
    bound_source: str = ""


def check_date_order(claim: DateOrder, folder: ClaimFolder) -> Verdict:
    """The printed dates in the order claimed; each step that runs backwards is named."""
    found = [read_day(folder, day) for day in claim.days]
    sources = tuple(source for _, source in found)
    if len({isinstance(value, date) for value, _ in found}) > 1:
        working = "Dates and numbers of days cannot be put in one order. Missing: the date day 0 stands for."
        return conclude(claim, "not checkable", working, sources=sources)
    shown = [_render_day(value, source) for value, source in found]
    keys = [value.toordinal() if isinstance(value, date) else value for value, _ in found]
    backwards = [place for place in range(1, len(keys)) if keys[place] < keys[place - 1]]
    working = f"In the order claimed: {'; '.join(shown)}."
    working += "".join(f" {found[place][0]} is before {found[place - 1][0]}." for place in backwards)
    return conclude(claim, "inconsistent" if backwards else "reproduced", working, sources=sources)


def _render_day(value: date | int, source: Source) -> str:
    """The day as compared, and as printed where days were added."""
    printed = render_source(source)
    return printed if str(value) == source.value.strip() else f"{value} from {printed}"


def check_row_order(claim: RowOrder, folder: ClaimFolder) -> Verdict:
    """Every row's numbers in the order of the columns."""
    chosen = select(folder, claim.columns)
    names = claim.columns.columns
    rows = {row: [read_cell(chosen.table, row, name) for name in names] for row in chosen.met}
    missing = chosen.table.spec.missing
    absent = [row for row, cells in rows.items() if any(cell.value.strip() in missing for cell in cells)]
    backwards = [row for row, cells in rows.items() if _falls(cells)]
    working = (
        f"{' <= '.join(names)} in {len(rows)} rows of {claim.columns.file}. "
        f"Backwards: {render_names(name_rows(chosen.table, backwards))}."
    )
    if absent:
        working += f" Missing for {render_names(name_rows(chosen.table, absent))}."
    verdict: VerdictWord = "contradicted" if backwards else "not checkable" if absent or not rows else "reproduced"
    sources = tuple(cell for cells in rows.values() for cell in cells)
    return conclude(claim, verdict, working, sources=sources)


def _falls(cells: list[Source]) -> bool:
    numbers = [number for cell in cells if (number := parse_number(cell.value)) is not None]
    return any(later < earlier for earlier, later in pairwise(numbers))


def check_implied_date(claim: ImpliedDate, folder: ClaimFolder) -> Verdict:
    """The dates that printed days imply, against what is known of them."""
    (first, one), (last, two) = read_day(folder, claim.earliest), read_day(folder, claim.latest)
    if not isinstance(first, date) or not isinstance(last, date):
        return conclude(claim, "not checkable", "Missing: the dates of the event itself.", sources=(one, two))
    cells, absent = read_column(folder, claim.days)
    windows = [_window(claim, (first, last), cell) for cell in cells]
    outside = [window for window in windows if _is_outside(claim, window)]
    working = (
        f"{render_names([f'{cell.value} days: {a} to {b}' for cell, (a, b) in zip(cells, windows, strict=True)])}. "
        f"Known: {_render_bounds(claim)}. Outside: {len(outside)} of {len(windows)}."
    )
    verdict: VerdictWord = "contradicted" if outside else "reproduced"
    if absent or not cells:
        working += f" Missing for {render_names(absent)}."
        verdict = "contradicted" if outside else "not checkable"
    return conclude(claim, verdict, working, sources=(one, two, *cells))


def _window(claim: ImpliedDate, known: tuple[date, date], cell: Source) -> tuple[date, date]:
    """The first and last date the printed days allow. Raises ValueError for days that are not whole."""
    days = parse_number(cell.value)
    if days is None or days != days.to_integral_value() or abs(days) > 100_000:
        raise ValueError(f"{cell.value} in {cell.file} is not a whole number of days.")
    shift = int(days) * (-1 if claim.direction == "before" else 1)
    first, last = add_days(known[0], shift), add_days(known[1], shift)
    return (first, last) if isinstance(first, date) and isinstance(last, date) else known


def _is_outside(claim: ImpliedDate, window: tuple[date, date]) -> bool:
    early = claim.not_before is not None and window[1] < claim.not_before
    return early or (claim.not_after is not None and window[0] > claim.not_after)


def _render_bounds(claim: ImpliedDate) -> str:
    bounds = []
    if claim.not_before:
        bounds.append(f"not before {claim.not_before}")
    if claim.not_after:
        bounds.append(f"not after {claim.not_after}")
    return f"{' and '.join(bounds) or 'no bound'}{f' ({claim.bound_source})' if claim.bound_source else ''}"
