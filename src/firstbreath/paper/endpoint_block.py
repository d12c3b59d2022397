"""An endpoint as a part of the paper: its sentences, figures and table, all from its rows.

Name to know: `compose_endpoint`. Never here: a number that is not a row.
"""

import re
from collections.abc import Mapping

from firstbreath.paper.answer_rows import Named
from firstbreath.paper.blocks import Cell, PlotBlock, Statement, TableBlock
from firstbreath.paper.endpoint_rows import SIDES
from firstbreath.paper.plots import plots_of_rows
from firstbreath.paper.rows import ABSENT, Result
from firstbreath.protocol.values import Endpoint

SENTENCES = (
    "Subjects: {n} of {enrolled} with a value before and after",
    "Missing: {lacking.first} before and {lacking.second} after",
    "Before: median {before.median} [unit] (quartiles {before.first_quartile} to {before.third_quartile})",
    "After: median {after.median} [unit] (quartiles {after.first_quartile} to {after.third_quartile})",
    (
        "Typical change (Hodges-Lehmann): {typical.estimate} [unit]; exact limits {typical.lower} to {typical.upper}, "
        "attained level {typical.level}"
    ),
    "Typical change (Hodges-Lehmann): {typical.estimate} [unit]; these values have no limits at the level asked for",
    "Exact p: {p.exact}, signed-rank test, two-sided; the smallest these values could give is {p.smallest}",
    "Changed for the better: {sign.k} of {sign.n} that changed (exact limits {sign.lower} to {sign.upper} %)",
    "Changed for the better: {sign.k} of {sign.n} that changed",
    "Rank-biserial correlation: {rank_biserial}, matched pairs; above zero where more rose",
    "Whatever is missing, p: from {bounds.p_least} to {bounds.p_most}",
    "Whatever is missing, typical change: from {bounds.shift_least} to {bounds.shift_most} [unit]",
    "Whatever is missing, for the better: {bounds.changed_least} to {bounds.changed_most} of {enrolled}",
    "Tests done: {p.tests} in all; p times their number {p.bonferroni} (Bonferroni)",
    "Planned test: [test]",
    "What this cannot show: {caution}",
)
"""A name in braces is a row. A sentence with a row that is not there, or says nothing, is left out; of those with the
same beginning the first that can be said stands."""

TYPICAL = "typical.estimate"
"""The row that every endpoint has; where nothing was computed it says why."""

NOTHING = "No subject has a value before or after ({why}): no change is computed, and no figure is drawn."
NOT_COMPUTED = "No typical change is computed or drawn; its row says why."
LACKING = "N/A: a value is missing; its row says why."


def compose_endpoint(endpoint: Endpoint, rows: Mapping[str, Result]) -> PlotBlock:
    """The part of the paper on one endpoint; where nothing is recorded it says so, once.

    rows  all rows of the paper, by id
    """
    begin = f"E.{endpoint.id}."
    mine = {name.removeprefix(begin): row for name, row in rows.items() if name.startswith(begin)}
    plots = plots_of_rows(mine.values(), Named(endpoint.id, endpoint.label, endpoint.unit), better=endpoint.better)
    estimate = mine[TYPICAL]
    said, table = _statements(endpoint, mine), _table(endpoint, mine)
    if estimate.value:
        return PlotBlock(f"E.{endpoint.id}", endpoint.label, said, plots or (), table)
    absent = Statement(f"{begin}absent", (Cell("Typical change: "), Cell(ABSENT, estimate.id)))
    note = NOT_COMPUTED if plots else NOTHING.format(why=estimate.method)
    return PlotBlock(f"E.{endpoint.id}", endpoint.label, (absent, *said), plots[:1] if plots else (), table, (note,))


def _statements(endpoint: Endpoint, rows: Mapping[str, Result]) -> tuple[Statement, ...]:
    """Every sentence that can be said."""
    said: dict[str, Statement] = {}
    for place, text in enumerate(SENTENCES):
        label = text.partition(":")[0]
        named = re.findall(r"{([\w.]+)}", text)
        if label not in said and all(name in rows and rows[name].printed != ABSENT for name in named):
            said[label] = Statement(f"E.{endpoint.id}.{place}", _pieces(text, endpoint, rows))
    if "lacking.any" in rows and rows["lacking.any"].value == "0":
        said.pop("Missing", None)
    return tuple(said.values())


def _pieces(text: str, endpoint: Endpoint, rows: Mapping[str, Result]) -> tuple[Cell, ...]:
    words = {
        " [unit]": f" {endpoint.unit}" if endpoint.unit else "",
        "[test]": endpoint.test or "none is named in the plan of this analysis",
    }
    cells = []
    for part in re.split(r"({[\w.]+}| \[unit\]|\[test\])", text):
        row = rows[part[1:-1]] if part.startswith("{") else None
        cells.append(Cell(row.printed, row.id) if row else Cell(words.get(part, part)))
    return tuple(cell for cell in cells if cell.text)


def _table(endpoint: Endpoint, rows: Mapping[str, Result]) -> TableBlock:
    """Every subject's values; the rows of a subject are those with a statistic of its own."""
    unit = f" ({endpoint.unit})" if endpoint.unit else ""
    subjects = [row.group for row in rows.values() if row.statistic == SIDES["before"]]
    lines = tuple(
        (Cell(code), *(Cell(row.printed, row.id) for row in (rows[f"{code}.{side}"] for side in SIDES)))
        for code in subjects
    )
    columns = ("Subject", f"Before{unit}", f"After{unit}", f"Change{unit}")
    notes = (LACKING,) if any(cell.text == ABSENT for line in lines for cell in line) else ()
    return TableBlock(f"E.{endpoint.id}.values", f"{endpoint.label} of each subject", columns, lines, notes)
