"""Figures from rows alone: which number stands where.

Names to know: `plots_of_rows`, `plots_of_endpoint`, `plot_forest`. Never here: a number computed.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal

import msgspec

from firstbreath.paper.answer_rows import Named, rows_of_answer
from firstbreath.paper.endpoint_rows import SIDES, Measured, value_rows
from firstbreath.paper.plot_values import Change, ChangePlot, ForestPlot, Marked, Pair, PairedPlot, Rate, Typical
from firstbreath.paper.rate_rows import LEVEL_PRINTED
from firstbreath.paper.rows import Result
from firstbreath.protocol.values import Forest, Protocol
from firstbreath.stats.endpoint_answers import Better, Endpoint
from firstbreath.stats.refusals import NotComputable

Kind = Literal["paired", "differences"]
PAIRED: Kind = "paired"
DIFFERENCES: Kind = "differences"
LARGEST = Fraction(10) ** 300
"""Beyond it no axis can show a value."""


class Source(msgspec.Struct, frozen=True):
    """The rows of one endpoint by the rest of their ids, and whether marks lead to them."""

    begin: str
    rows: Mapping[str, Result]
    linked: bool

    def mark(self, name: str) -> Marked | None:
        """The number of a row as a figure marks it; None where there is no row, or none in it."""
        row = self.rows.get(name)
        if row is None or not row.value:
            return None
        return Marked(Fraction(row.value), row.printed, row.id if self.linked else "")


def plots_of_rows(
    rows: Iterable[Result], named: Named, *, better: Better | None, linked: bool = True
) -> tuple[PairedPlot, ChangePlot] | None:
    """The two figures of an endpoint, from its rows; None where no subject has a value.

    better  the side that helps the subject; None where neither does
    linked  whether the figures stand in a document that holds the rows
    """
    begin = f"E.{named.id}."
    found = {row.id.removeprefix(begin): row for row in rows if row.id.startswith(begin)}
    source = Source(begin, found, linked)
    pairs = tuple(_pair(row.group, source) for row in found.values() if row.statistic == SIDES["before"])
    if not any(pair.before or pair.after for pair in pairs):
        return None
    lower = None if better is None else better == "lower"
    return (
        PairedPlot(
            id=f"{begin}{PAIRED}",
            title=f"{named.label}, before and after",
            label=named.label,
            unit=named.unit,
            lower_is_better=lower,
            pairs=pairs,
            median_before=source.mark("before.median"),
            median_after=source.mark("after.median"),
        ),
        ChangePlot(
            id=f"{begin}{DIFFERENCES}",
            title=f"{named.label}, change",
            label=named.label,
            unit=named.unit,
            lower_is_better=lower,
            changes=tuple(Change(pair.subject, pair.change) for pair in pairs if pair.change),
            typical=_typical(source),
        ),
    )


def _pair(subject: str, source: Source) -> Pair:
    before, after, change = (source.mark(f"{subject}.{side}") for side in SIDES)
    return Pair(subject, before, after, change)


def _typical(source: Source) -> Typical | None:
    estimate, lower, upper = (source.mark(f"typical.{name}") for name in ("estimate", "lower", "upper"))
    level = source.rows.get("typical.level")
    return Typical(estimate, lower, upper, level.printed if level else "") if estimate else None


def plots_of_endpoint(endpoint: Endpoint, *, id: str, title: str) -> tuple[PairedPlot, ChangePlot]:  # noqa: A002
    """The two figures of an answer that belongs to no trial: the subjects' lines, and their differences.

    endpoint  as `stats.endpoint` gives it
    id        a word for the figures, so that two fit in one page
    title     what is measured, also the label of the axes
    Raises `NotComputable` when a value is too large for any axis.
    """
    named = Named(id, title, endpoint.unit)
    measured = [Measured(patient.id, patient.before, patient.after) for patient in endpoint.patients]
    values = [value for one in measured for value in (one.before, one.after) if value is not None]
    if any(abs(Fraction(value)) > LARGEST for value in values):
        raise NotComputable("a value has more than 300 digits: no axis can show it; give the values in another unit")
    rows = [*value_rows(measured, named), *rows_of_answer(endpoint, named)]
    plots = plots_of_rows(rows, named, better=endpoint.better, linked=False)
    if plots is None:
        raise NotComputable("no patient has a value: there is nothing to draw")
    return plots


def plot_of_endpoint(endpoint: Endpoint, *, id: str, title: str, kind: Kind = PAIRED) -> PairedPlot | ChangePlot:  # noqa: A002
    """One of the figures of `plots_of_endpoint`: `paired` or `differences`."""
    paired, differences = plots_of_endpoint(endpoint, id=id, title=title)
    return paired if kind == PAIRED else differences


def plot_forest(forest: Forest, protocol: Protocol, rows: Mapping[str, Result]) -> ForestPlot:
    """The figure of rates, from the rows of its counts."""
    labels = {summary.id: summary.label for summary in protocol.analysis.summaries}
    rates = tuple(_rate(labels[name], name, rows) for name in forest.summaries if f"S.{name}.rate" in rows)
    return ForestPlot(id=forest.id, title=forest.title, level=LEVEL_PRINTED, rates=rates)


def _rate(label: str, name: str, rows: Mapping[str, Result]) -> Rate:
    count, total = (rows[f"S.{name}.{part}"] for part in ("k", "n"))
    percent, lower, upper = (_percent(rows.get(f"S.{name}.{part}")) for part in ("rate", "lower", "upper"))
    events, subjects = (Marked(Fraction(row.value), row.printed, row.id) for row in (count, total))
    return Rate(label, events, subjects, percent, lower, upper)


def _percent(row: Result | None) -> Marked | None:
    return Marked(Fraction(row.value) * 100, row.printed, row.id) if row and row.value else None
