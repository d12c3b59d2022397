"""Rows of event rates: for each count of a forest its rate and exact limits. Name to know: `compute_rate_results`."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from firstbreath.paper.rows import ABSENT, Result
from firstbreath.protocol.values import Protocol, Summary
from firstbreath.stats.proportions import binomial_interval
from firstbreath.stats.rounding import render_number

LEVEL = Decimal("0.95")
LEVEL_PRINTED = "95 %"
DECIMALS = 1
"""Of a percentage: a tenth of a percent is already more than a small trial can tell."""

METHOD = f"Clopper-Pearson, exact, {LEVEL_PRINTED} two-sided"


def compute_rate_results(protocol: Protocol, rows: Mapping[str, Result]) -> list[Result]:
    """The rate and its exact limits, for each count that a forest names, once.

    rows  the counts by id, as `compute_summary_results` makes them
    """
    named = dict.fromkeys(name for forest in protocol.analysis.forests for name in forest.summaries)
    summaries = {summary.id: summary for summary in protocol.analysis.summaries}
    return [
        row
        for name in named
        if name in summaries and f"S.{name}.k" in rows
        for row in _rate_rows(summaries[name], rows[f"S.{name}.k"], rows[f"S.{name}.n"])
    ]


def _rate_rows(summary: Summary, count: Result, total: Result) -> list[Result]:
    k, n = int(count.value), int(total.value)
    if n == 0:
        return [_row(summary, count, "rate", value=None, method="nobody of whom it can be told")]
    interval = binomial_interval(k, n, level=LEVEL, sides=2)
    return [
        _row(summary, count, "rate", value=Fraction(k, n), method=f"{k} of {n}"),
        _row(summary, count, "lower", value=interval.lower, method=METHOD),
        _row(summary, count, "upper", value=interval.upper, method=METHOD),
    ]


def _row(summary: Summary, count: Result, name: str, *, value: Fraction | Decimal | None, method: str) -> Result:
    """A share, printed in percent."""
    exact, printed = ("", ABSENT) if value is None else (str(value), render_number(value * 100, DECIMALS))
    return Result(
        f"S.{summary.id}.{name}", "enrolled", "all", summary.field, name, exact, printed, method, count.sources
    )
