"""Figures as frozen values: every place in a drawing is a number of a row.

Names to know: `PairedPlot`, `ChangePlot`, `ForestPlot`, `LungPlot`. Never here: a number computed, or a
point of a drawing.
"""

from fractions import Fraction

import msgspec


class Marked(msgspec.Struct, frozen=True):
    """A number that a figure marks: its exact value, its text, and the id of its row, or "" where there are no rows."""

    value: Fraction
    printed: str
    result: str = ""


class Pair(msgspec.Struct, frozen=True):
    """One subject before and after; None where there is no value."""

    subject: str
    before: Marked | None
    after: Marked | None
    change: Marked | None


class PairedPlot(msgspec.Struct, frozen=True, kw_only=True):
    """Every subject's value before and after, and the two medians.

    label, unit  what is measured; `lower_is_better` says which direction is hoped for, None: neither
    """

    id: str
    title: str
    label: str
    unit: str = ""
    lower_is_better: bool | None
    pairs: tuple[Pair, ...]
    median_before: Marked | None = None
    median_after: Marked | None = None


class Change(msgspec.Struct, frozen=True):
    """One subject's difference, after minus before."""

    subject: str
    change: Marked


class Typical(msgspec.Struct, frozen=True):
    """The typical change with its exact limits, None where none bounds that side, and the level they attain as text."""

    estimate: Marked
    lower: Marked | None
    upper: Marked | None
    level: str


class ChangePlot(msgspec.Struct, frozen=True, kw_only=True):
    """Every subject's difference, after minus before, and the typical change."""

    id: str
    title: str
    label: str
    unit: str = ""
    lower_is_better: bool | None
    changes: tuple[Change, ...]
    typical: Typical | None = None


class Rate(msgspec.Struct, frozen=True):
    """How many of how many, the rate in percent, and its exact limits; None where nobody could have had the event."""

    label: str
    count: Marked
    total: Marked
    percent: Marked | None
    lower: Marked | None
    upper: Marked | None


class ForestPlot(msgspec.Struct, frozen=True, kw_only=True):
    """Rates with their exact limits, one below the other; `level` as text."""

    id: str
    title: str
    level: str
    rates: tuple[Rate, ...]


class SegmentChange(msgspec.Struct, frozen=True, kw_only=True):
    """A segment of the lungs: medians before and after, None where nobody has both, and in how many it fell or rose."""

    segment: str
    patients: Marked
    before: Marked | None
    after: Marked | None
    fell: Marked
    rose: Marked


class LungPlot(msgspec.Struct, frozen=True, kw_only=True):
    """The lungs by segment before, after, and where the score changed.

    largest    the largest score that a segment can have
    elsewhere  segments that the map has no place for
    """

    id: str
    title: str
    label: str
    unit: str = ""
    lower_is_better: bool | None
    largest: int
    segments: tuple[SegmentChange, ...]
    elsewhere: tuple[str, ...] = ()


Plot = PairedPlot | ChangePlot | ForestPlot | LungPlot


def direction_of(change: Fraction, *, lower_is_better: bool | None) -> str:
    """`better`, `worse` or `unchanged`: what a difference, after minus before, means; `fell` or `rose` by itself."""
    if change == 0:
        return "unchanged"
    if lower_is_better is None:
        return "fell" if change < 0 else "rose"
    return "better" if (change < 0) == lower_is_better else "worse"
