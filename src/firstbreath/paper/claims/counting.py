"""Claims that count: how many, all or none, which ones, how many different."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from firstbreath.paper.claims.lookup import read_whole
from firstbreath.paper.claims.references import Cells, Number, Rows
from firstbreath.paper.claims.rows import (
    Selection,
    name_rows,
    read_cell,
    read_cells,
    read_column,
    select,
    split_entries,
)
from firstbreath.paper.claims.values import Claim, ClaimFolder, Source, Verdict, VerdictWord, conclude
from firstbreath.paper.claims.wording import render_count, render_names, render_source


class Count(Claim, frozen=True, kw_only=True, tag="count", tag_field="kind"):
    """So many rows, or different values of a column, meet a rule; `of` is the denominator printed."""

    rows: Rows
    printed: Number
    of: Number | None = None


class AllNone(Claim, frozen=True, kw_only=True, tag="all_none", tag_field="kind"):
    """All, or none, of the rows spoken of meet a rule; `subjects` is how many subjects should be there.

    `against` says whether the table records what is claimed, or is another statement (another time,
    another comparator).
    """

    rows: Rows
    stated: Literal["all", "none"]
    subjects: Number | None = None
    against: Literal["record", "statement"] = "record"


class Listed(Claim, frozen=True, kw_only=True, tag="listed", tag_field="kind"):
    """The entries of a column are exactly those named; `open_ended` when the list is not closed."""

    cells: Cells | None = None
    names: tuple[str, ...]
    open_ended: bool = False


class Levels(Claim, frozen=True, kw_only=True, tag="levels", tag_field="kind"):
    """A statement that compares levels of something; a column shows how many levels there were."""

    cells: Cells
    needed: Annotated[int, Meta(ge=2, le=100)] = 2


class _Tally(Struct, frozen=True):
    """How many rows certainly meet a rule, and how many more may."""

    least: int
    most: int


def check_count(claim: Count, folder: ClaimFolder) -> Verdict:
    """The printed count against the rows that meet the rule, unknown rows counted either way."""
    chosen = select(folder, claim.rows)
    printed, source = read_whole(folder, claim.printed)
    tally = _tally(chosen, claim.rows)
    working = _render_tally(chosen, claim.rows, tally) + f" Printed: {render_source(source)}."
    verdict = _compare(tally, printed)
    sources: tuple[Source, ...] = (source,)
    if claim.of is not None:
        total, of = read_whole(folder, claim.of)
        there = _total(chosen, claim.rows)
        working += f" The denominator printed is {render_source(of)}; {there} are there."
        verdict = verdict if total == there else "contradicted"
        sources = (source, of)
    return conclude(claim, verdict, working, sources=sources + chosen.sources)


def _tally(chosen: Selection, rows: Rows) -> _Tally:
    if not rows.distinct:
        return _Tally(len(chosen.met), len(chosen.met) + len(chosen.unknown))
    met = _values_of(chosen, chosen.met, rows.distinct)
    return _Tally(len(met), len(met | _values_of(chosen, chosen.unknown, rows.distinct)))


def _values_of(chosen: Selection, rows: tuple[int, ...], column: str) -> set[str]:
    values = {read_cell(chosen.table, row, column).value.strip() for row in rows}
    return values - set(chosen.table.spec.missing)


def _total(chosen: Selection, rows: Rows) -> int:
    return len(_values_of(chosen, chosen.among, rows.distinct)) if rows.distinct else len(chosen.among)


def _render_tally(chosen: Selection, rows: Rows, tally: _Tally) -> str:
    what = f" with different {rows.distinct}" if rows.distinct else ""
    rule = f" where {rows.where}" if rows.where else ""
    text = f"{rows.file} has {render_count(tally.least, 'row')}{what}{rule}"
    if 0 < len(chosen.met) < len(chosen.among):
        text += f": {render_names(name_rows(chosen.table, chosen.met))}"
    if chosen.unknown:
        text += f"; not known for {render_names(name_rows(chosen.table, chosen.unknown))}"
    return text + "."


def _compare(tally: _Tally, printed: int) -> VerdictWord:
    if tally.least == tally.most == printed:
        return "reproduced"
    return "not checkable" if tally.least <= printed <= tally.most else "contradicted"


def check_all_none(claim: AllNone, folder: ClaimFolder) -> Verdict:
    """A statement about all or none against every row: one counterexample is enough, gaps leave it open."""
    chosen = select(folder, claim.rows)
    others = [row for row in chosen.among if row not in {*chosen.met, *chosen.unknown}]
    against = chosen.met if claim.stated == "none" else tuple(others)
    gap, counted = _missing_subjects(claim, folder, name_rows(chosen.table, chosen.among))
    working = (
        f"{len(chosen.met)} of {len(chosen.among)} rows of {claim.rows.file} meet {claim.rows.where}; claimed: "
        f"{claim.stated}. Counterexamples: {render_names(name_rows(chosen.table, against))}."
    )
    if chosen.unknown:
        working += f" Not known for {render_names(name_rows(chosen.table, chosen.unknown))}."
    sources = (*read_cells(chosen, against), *chosen.sources, *counted)
    if against:
        verdict: VerdictWord = "contradicted" if claim.against == "record" else "inconsistent"
    else:
        verdict = "not checkable" if chosen.unknown or gap or not chosen.among else "reproduced"
    return conclude(claim, verdict, working + gap, sources=tuple(dict.fromkeys(sources)))


def _missing_subjects(claim: AllNone, folder: ClaimFolder, there: tuple[str, ...]) -> tuple[str, tuple[Source, ...]]:
    """What to say when fewer subjects are in the table than the claim speaks of."""
    if claim.subjects is None:
        return "", ()
    expected, source = read_whole(folder, claim.subjects)
    if len(there) >= expected:
        return "", (source,)
    return f" Missing: {expected - len(there)} of {expected} subjects are not in the table.", (source,)


def check_listed(claim: Listed, folder: ClaimFolder) -> Verdict:
    """The names listed against the entries of a column, letter case aside."""
    if claim.open_ended:
        named = render_names(claim.names)
        working = f"The list names {named} and is left open. Missing: the closed list."
        return conclude(claim, "not checkable", working)
    if claim.cells is None:
        return conclude(claim, "not checkable", "Missing: the column that holds the entries.")
    table = folder.tables[claim.cells.file]
    cells, absent = read_column(folder, claim.cells)
    found = {entry.casefold() for cell in cells for entry in split_entries(table, cell.value)}
    named_set = {name.casefold() for name in claim.names}
    working = (
        f"{claim.cells.column} of {claim.cells.file} holds {render_names(sorted(found))}. "
        f"Not in the list: {render_names(sorted(found - named_set))}. "
        f"Listed but not there: {render_names(sorted(named_set - found))}."
    )
    verdict: VerdictWord = "reproduced" if found == named_set else "contradicted"
    if absent and verdict == "reproduced":
        verdict, working = "not checkable", f"{working} Missing for {render_names(absent)}."
    return conclude(claim, verdict, working, sources=cells)


def check_levels(claim: Levels, folder: ClaimFolder) -> Verdict:
    """How many different values a column has, against what a comparison of them needs."""
    cells, _ = read_column(folder, claim.cells)
    levels = sorted({cell.value.strip() for cell in cells})
    working = (
        f"{claim.cells.column} of {claim.cells.file} has {render_count(len(levels), 'level')}: {render_names(levels)}; "
        f"a comparison needs {claim.needed}."
    )
    if len(levels) >= claim.needed:
        return conclude(claim, "reproduced", working, sources=cells)
    return conclude(claim, "not checkable", f"{working} Missing: another level.", sources=cells)
