"""Event rates as a part of the paper: their figure and their table, all from rows. Name to know: `compose_rates`."""

from collections.abc import Mapping

from firstbreath.paper.blocks import Cell, PlotBlock, TableBlock
from firstbreath.paper.plot_values import ForestPlot, Marked, Rate
from firstbreath.paper.plots import plot_forest
from firstbreath.paper.rows import ABSENT, Result
from firstbreath.protocol.values import Forest, Protocol

NOBODY = "Of nobody it is known whether there was such an event: no figure is drawn."


def compose_rates(forest: Forest, protocol: Protocol, rows: Mapping[str, Result]) -> PlotBlock:
    """The part of the paper on the rates of a forest: drawn where somebody could be counted, and in a table.

    rows  all rows of the paper, by id
    """
    plot = plot_forest(forest, protocol, rows)
    counted = any(rate.percent for rate in plot.rates)
    drawn, notes = ((plot,), ()) if counted else ((), (NOBODY,))
    return PlotBlock(forest.id, forest.title, (), drawn, _table(plot), notes)


def _table(plot: ForestPlot) -> TableBlock:
    """The numbers of the figure, each with its row."""
    limits = (f"{side} {plot.level} limit (%)" for side in ("Lower", "Upper"))
    columns = ("Event", "Subjects", "Of known", "Rate (%)", *limits)
    return TableBlock(f"{plot.id}.rates", f"{plot.title}, in numbers", columns, tuple(map(_line, plot.rates)))


def _line(rate: Rate) -> tuple[Cell, ...]:
    marks = (rate.count, rate.total, rate.percent, rate.lower, rate.upper)
    return (Cell(rate.label), *(_cell(mark) for mark in marks))


def _cell(mark: Marked | None) -> Cell:
    return Cell(mark.printed, mark.result) if mark else Cell(ABSENT)
