"""Claims of eligibility: what a table shows raises questions, and never a verdict on those enrolled."""

from firstbreath.paper.claims.references import Rows
from firstbreath.paper.claims.rows import (
    name_rows,
    read_cell,
    select,
)
from firstbreath.paper.claims.values import Claim, ClaimFolder, Text, Verdict, conclude
from firstbreath.paper.claims.wording import render_names, shorten


class Eligibility(Claim, frozen=True, kw_only=True, tag="eligibility", tag_field="kind"):
    """A criterion beside a table: the rows that meet `rows.where` raise the question.

    `missing` says which record would settle it.
    """

    criterion: Text
    rows: Rows
    question: Text
    missing: Text


def check_eligibility(claim: Eligibility, folder: ClaimFolder) -> Verdict:
    """One query for each subject whose row raises the question; the claim itself stays open."""
    chosen = select(folder, claim.rows)
    columns = chosen.columns or (chosen.table.columns[0],)
    queries = []
    for row in chosen.met:
        (subject,) = name_rows(chosen.table, [row])
        shown = "; ".join(f"{column}: {shorten(read_cell(chosen.table, row, column).value)}" for column in columns)
        queries.append(f"{subject} ({shown}): {claim.question}")
    raised, open_ = name_rows(chosen.table, chosen.met), name_rows(chosen.table, chosen.unknown)
    working = f"{claim.criterion}. Raises a question in {claim.rows.file} for: {render_names(raised)}."
    if open_:
        working += f" Not known for {render_names(open_)}."
    if not raised and not open_:
        return conclude(claim, "reproduced", working, sources=chosen.sources)
    working += f" Missing: {claim.missing}."
    return conclude(claim, "not checkable", working, sources=chosen.sources, queries=tuple(queries))
