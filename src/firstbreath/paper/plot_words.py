"""Plots in words: the sentences for who cannot see them, the caption below them, and a tooltip for every mark.

Names to know: `describe_plot`, `caption_of`, `links_of`. Never here: a number that is not of the plot.
"""

from collections.abc import Iterator

from firstbreath.paper.lung_shapes import name_of
from firstbreath.paper.plain import render_line
from firstbreath.paper.plot_values import (
    ChangePlot,
    ForestPlot,
    LungPlot,
    Marked,
    Pair,
    PairedPlot,
    Plot,
    Rate,
    SegmentChange,
    Typical,
    direction_of,
)

NO_VALUE = "no value"


def describe_plot(plot: Plot) -> str:
    """The figure in sentences: what it shows, then every number it shows."""
    intro = f"{render_line(plot.title).rstrip('.')}."
    match plot:
        case PairedPlot():
            told = [*_medians(plot), *(_pair(pair, plot) for pair in plot.pairs)]
        case ChangePlot():
            told = [_typical(plot.typical)] if plot.typical else []
            told += [_change(change.subject, change.change, plot) for change in plot.changes]
        case ForestPlot():
            told = [_rate(rate, plot.level) for rate in plot.rates]
        case LungPlot():
            told = [*(_segment(change) for change in plot.segments), *_elsewhere(plot)]
    return render_line(" ".join([intro, *(told or ["Nothing is recorded."])]))


def _printed(mark: Marked | None, unit: str = "") -> str:
    return " ".join(part for part in (render_line(mark.printed), render_line(unit)) if part) if mark else NO_VALUE


def _medians(plot: PairedPlot) -> Iterator[str]:
    if plot.median_before and plot.median_after:
        before, after = _printed(plot.median_before), _printed(plot.median_after, plot.unit)
        yield f"Median before {before}, after {after}."


def _pair(pair: Pair, plot: PairedPlot) -> str:
    told = f"{render_line(pair.subject)}: before {_printed(pair.before)}, after {_printed(pair.after)}"
    if pair.change is None:
        return f"{told}."
    return f"{told}, {direction_of(pair.change.value, lower_is_better=plot.lower_is_better)}."


def _change(subject: str, change: Marked, plot: ChangePlot) -> str:
    direction = direction_of(change.value, lower_is_better=plot.lower_is_better)
    return f"{render_line(subject)}: {_printed(change, plot.unit)}, {direction}."


def _typical(typical: Typical) -> str:
    estimate = f"Typical change {_printed(typical.estimate)}"
    if typical.lower is None and typical.upper is None:
        return f"{estimate}, without limits."
    low, high = (_printed(limit) if limit else "no limit" for limit in (typical.lower, typical.upper))
    return f"{estimate}, limits {low} to {high}, which hold {typical.level}."


def _rate(rate: Rate, level: str) -> str:
    counted = f"{render_line(rate.label)}: {_printed(rate.count)} of {_printed(rate.total)}"
    if rate.percent is None:
        return f"{counted}."
    low, high = (_printed(limit) if limit else "no limit" for limit in (rate.lower, rate.upper))
    return f"{counted}, {_printed(rate.percent)} %, {level} limits {low} to {high} %."


def _segment(change: SegmentChange) -> str:
    medians = f"median before {_printed(change.before)}, after {_printed(change.after)}"
    counts = (
        f"fell in {_printed(change.fell)} and rose in {_printed(change.rose)} of {_printed(change.patients)} patients"
    )
    return f"{render_line(name_of(change.segment))}: {medians}; {counts}."


def _elsewhere(plot: LungPlot) -> Iterator[str]:
    if plot.elsewhere:
        yield f"Not on the map: {', '.join(render_line(segment) for segment in plot.elsewhere)}; the table has it all."


def caption_of(plot: Plot) -> str:
    """What a reader needs beside the drawing: what lines, marks and intervals mean, and who is not in it."""
    match plot:
        case PairedPlot():
            return _join(
                f"Each line is one subject. {_solid(plot)} Dotted lines with open squares: unchanged. The bars are the "
                "medians of the subjects with both values.",
                _lacking([pair.subject for pair in plot.pairs if pair.change is None], "drawn without a line"),
            )
        case ChangePlot():
            return _join("Each row is one subject, after minus before.", _interval(plot.typical))
        case ForestPlot():
            return (
                f"The square is the rate, the line its exact {plot.level} limits (Clopper-Pearson, two-sided). No rate "
                "is compared with another."
            )
        case LungPlot():
            return _join(_lungs(plot), *_elsewhere(plot))


def _lungs(plot: LungPlot) -> str:
    hatched = "fell" if plot.lower_is_better is False else "rose"
    return (
        "The lungs from the front, schematic: the patient's right (R) is on the left. Arrows: in how many patients the "
        f"score of a segment fell and rose; the others kept it. Hatched: it {hatched} in more. The deeper shade of "
        f"change: the two differ by half of the patients or more. {_patients(plot)}"
    )


def _patients(plot: LungPlot) -> str:
    counts = sorted({part.patients.value: render_line(part.patients.printed) for part in plot.segments}.items())
    said = [printed for _, printed in counts]
    if len(said) == 1:
        return f"Each segment is of {said[0]} patients."
    return f"Segments are of {said[0]} to {said[-1]} patients, since not each could be evaluated; the table says which."


def _solid(plot: PairedPlot) -> str:
    one, other = ("fell", "rose") if plot.lower_is_better is None else ("better", "worse")
    return f"Solid lines with full circles: {one}. Dashed lines with open triangles: {other}."


def _interval(typical: Typical | None) -> str:
    if typical is None:
        return "No typical change is computed."
    if typical.lower is None and typical.upper is None:
        return "The diamond is the Hodges-Lehmann estimate; so few values have no limits at the level asked for."
    return f"The diamond is the Hodges-Lehmann estimate; the line holds its exact limits, which attain {typical.level}."


def _lacking(subjects: list[str], how: str) -> str:
    if not subjects:
        return ""
    return f"A value is missing of {', '.join(render_line(subject) for subject in subjects)}: {how}."


def _join(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def links_of(plot: Plot) -> dict[str, str]:
    """Words for each row that a mark of the drawing leads to."""
    return {mark.result: words for mark, words in _marks(plot) if mark and mark.result}


def _marks(plot: Plot) -> Iterator[tuple[Marked | None, str]]:
    match plot:
        case PairedPlot():
            yield plot.median_before, f"median before: {_printed(plot.median_before, plot.unit)}"
            yield plot.median_after, f"median after: {_printed(plot.median_after, plot.unit)}"
            for pair in plot.pairs:
                code = render_line(pair.subject)
                yield pair.before, f"{code} before: {_printed(pair.before, plot.unit)}"
                yield pair.after, f"{code} after: {_printed(pair.after, plot.unit)}"
                yield pair.change, f"{code}, change: {_printed(pair.change, plot.unit)}"
        case ChangePlot():
            for change in plot.changes:
                yield change.change, f"{render_line(change.subject)}, change: {_printed(change.change, plot.unit)}"
            if plot.typical:
                yield plot.typical.estimate, f"typical change: {_printed(plot.typical.estimate, plot.unit)}"
                yield plot.typical.lower, f"lower limit: {_printed(plot.typical.lower, plot.unit)}"
                yield plot.typical.upper, f"upper limit: {_printed(plot.typical.upper, plot.unit)}"
        case ForestPlot():
            for rate in plot.rates:
                label = render_line(rate.label)
                yield rate.count, f"{label}: {_printed(rate.count)} of {_printed(rate.total)}"
                yield rate.percent, f"{label}: {_printed(rate.percent)} %"
                yield rate.lower, f"{label}, lower limit: {_printed(rate.lower)} %"
                yield rate.upper, f"{label}, upper limit: {_printed(rate.upper)} %"
        case LungPlot():
            for part in plot.segments:
                name = render_line(name_of(part.segment))
                yield part.before, f"{name}, median before: {_printed(part.before, plot.unit)}"
                yield part.after, f"{name}, median after: {_printed(part.after, plot.unit)}"
                yield part.fell, f"{name}: fell in {_printed(part.fell)} of {_printed(part.patients)}"
                yield part.rose, f"{name}: rose in {_printed(part.rose)} of {_printed(part.patients)}"
