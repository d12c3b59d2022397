"""Claims against a range: a reference range, or what a unit can plausibly hold."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from firstbreath.paper.claims.lookup import read_number, read_whole
from firstbreath.paper.claims.references import Number, Shares
from firstbreath.paper.claims.rows import (
    name_rows,
    read_cell,
    select,
)
from firstbreath.paper.claims.tables import parse_number
from firstbreath.paper.claims.values import Claim, ClaimFolder, Source, Text, Verdict, VerdictWord, conclude
from firstbreath.paper.claims.wording import render_exact, render_names, render_source


class ReferenceRange(Claim, frozen=True, kw_only=True, tag="reference_range", tag_field="kind"):
    """Values said to lie within, below or above a range whose source is given.

    With `n`, each printed value is a median of n subjects, and the claim is about the subjects: all but
    `exceptions` of them. Without it the claim is about the printed values themselves.
    """

    printed: tuple[Number, ...]
    stated: Literal["within", "below", "above"]
    lower: Decimal
    upper: Decimal
    unit: Text
    range_source: Text
    n: Number | None = None
    exceptions: int = 0


class UnitPlausible(Claim, frozen=True, kw_only=True, tag="unit_plausible", tag_field="kind"):
    """Numbers of a column against what their unit can plausibly hold.

    With `per` in `numbers`, each is first divided by that column of its row (packs by years of age).
    `other_unit` is a unit in which they would be plausible after division by `other_divisor`.
    """

    numbers: Shares
    unit: Text
    lower: Decimal
    upper: Decimal
    bound_source: Text
    other_unit: str = ""
    other_divisor: Decimal = Decimal(1)


def check_reference_range(claim: ReferenceRange, folder: ClaimFolder) -> Verdict:
    """Printed values, or the subjects a printed median speaks of, against a reference range."""
    found = [read_number(folder, number) for number in claim.printed]
    sources: tuple[Source, ...] = tuple(source for _, source in found)
    working = f"Range {claim.lower} to {claim.upper} {claim.unit} ({claim.range_source})."
    if claim.n is None:
        fits = [_where(value, claim) == claim.stated for value, _ in found]
        working += "".join(f" {render_source(source)} lies {_where(value, claim)} it." for value, source in found)
        verdict: VerdictWord = "reproduced" if all(fits) else "contradicted"
        return conclude(claim, verdict, working, sources=sources)
    n, of = read_whole(folder, claim.n)
    claimed = n - claim.exceptions
    most = [_most_subjects(value, n, claim) for value, _ in found]
    working += "".join(_render_median(pair, n, claim) for pair in found)
    working += f" Claimed {claim.stated} the range: {claimed} of {n}."
    verdict = "contradicted" if min(most) < claimed else "not checkable"
    if verdict == "not checkable":
        working += " The medians do not exclude it. Missing: the value of each subject."
    return conclude(claim, verdict, working, sources=(*sources, of))


def _where(value: Decimal, claim: ReferenceRange) -> str:
    return "below" if value < claim.lower else "above" if value > claim.upper else "within"


def _most_subjects(median: Decimal, n: int, claim: ReferenceRange) -> int:
    """The most of n subjects who can be where the claim puts them, given the median.

    At least ceil(n/2) of n values are at or above their median and as many at or below it: for an even n
    the median is the mean of the middle two, of which one is on each side.
    """
    return n if _where(median, claim) == claim.stated else n - _half(n)


def _half(n: int) -> int:
    return -(-n // 2)


def _render_median(found: tuple[Decimal, Source], n: int, claim: ReferenceRange) -> str:
    median, source = found
    where = _where(median, claim)
    side = {"above": f" at or above {source.value}", "below": f" at or below {source.value}"}.get(where, "")
    text = f" A median of {render_source(source)} lies {where} the range"
    if where == "within":
        return f"{text}: {_half(n)} of {n} or more are not below it, and as many not above it."
    return f"{text}: at least {_half(n)} of {n} values are{side}, so at most {n - _half(n)} lie within it."


def check_unit_plausible(claim: UnitPlausible, folder: ClaimFolder) -> Verdict:
    """Each number, or its share of another column, against the bounds of its unit."""
    chosen = select(folder, claim.numbers)
    table = chosen.table
    rows = [row for row in chosen.met if parse_number(read_cell(table, row, claim.numbers.column).value) is not None]
    cells = tuple(read_cell(table, row, claim.numbers.column) for row in rows)
    shares = [_share(claim, folder, row) for row in rows]
    outside = [n for n, share in enumerate(shares) if share is None or not claim.lower <= share <= claim.upper]
    per = f", each divided by {claim.numbers.per}" if claim.numbers.per else ""
    bound = f"{claim.lower} to {claim.upper} ({claim.bound_source})"
    working = f"{render_names([cell.value for cell in cells])} {claim.unit}{per}, against {bound}."
    if not cells:
        return conclude(claim, "not checkable", f"{working} Missing: the values.")
    named = name_rows(table, [rows[place] for place in outside])
    working += f" Outside, so implausible in the unit printed: {render_names(named)}." if outside else " All inside."
    if outside:
        working += _render_shares(claim, [(cells[n], shares[n]) for n in outside])
    return conclude(claim, "contradicted" if outside else "reproduced", working, sources=cells)


def _share(claim: UnitPlausible, folder: ClaimFolder, row: int) -> Fraction | None:
    """The number, divided by the column `per` when there is one; None when that is missing or 0."""
    table = folder.tables[claim.numbers.file]
    value = parse_number(read_cell(table, row, claim.numbers.column).value)
    if not claim.numbers.per or value is None:
        return None if value is None else Fraction(value)
    per = parse_number(read_cell(table, row, claim.numbers.per).value)
    return Fraction(value) / Fraction(per) if per else None


def _render_shares(claim: UnitPlausible, outside: list[tuple[Source, Fraction | None]]) -> str:
    text = ""
    if claim.numbers.per:
        text = "".join(
            f" {cell.value} in row {cell.row} is {render_exact(share, 1)} for each of {claim.numbers.per}."
            for cell, share in outside
            if share
        )
    if claim.other_unit:
        values = [parse_number(cell.value) or Decimal(0) for cell, _ in outside]
        shown = render_names([render_exact(Fraction(value) / Fraction(claim.other_divisor)) for value in values])
        text += f" Read as {claim.other_unit}: {shown} {claim.unit}."
    return text
