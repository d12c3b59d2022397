"""Claims of summary statistics: quartiles, a mean or extreme, granularity, a change."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta

from firstbreath.paper.claims.lookup import read_number, read_whole
from firstbreath.paper.claims.references import Number, Numbers
from firstbreath.paper.claims.rows import (
    read_column,
)
from firstbreath.paper.claims.tables import parse_number
from firstbreath.paper.claims.values import Claim, ClaimFolder, Source, Verdict, VerdictWord, conclude
from firstbreath.paper.claims.wording import is_printed_as, render_exact, render_names, render_source
from firstbreath.stats.consistency import check_grim, check_median_granularity
from firstbreath.stats.quantiles import DEFINITIONS, compute_fitting_definitions, compute_quartiles

MOST_SHOWN = 20


class Quartiles(Claim, frozen=True, kw_only=True, tag="quartiles", tag_field="kind"):
    """A median with its quartiles; `definition` is the Hyndman-Fan type the paper names, 0 for none."""

    numbers: Numbers
    median: Number
    first: Number
    third: Number
    definition: Annotated[int, Meta(ge=0, le=9)] = 0


class Summary(Claim, frozen=True, kw_only=True, tag="summary", tag_field="kind"):
    """One number that sums up a column."""

    numbers: Numbers
    statistic: Literal["mean", "median", "minimum", "maximum", "sum"]
    printed: Number


class Granularity(Claim, frozen=True, kw_only=True, tag="granularity", tag_field="kind"):
    """A mean or median that n values recorded to so many decimals can, or cannot, have."""

    statistic: Literal["mean", "median"]
    printed: Number
    n: Number
    recorded_decimals: Annotated[int, Meta(ge=0, le=20)] = 0


class Change(Claim, frozen=True, kw_only=True, tag="change", tag_field="kind"):
    """Two medians of the same subjects and the direction claimed.

    `subjects` is what is said to have moved so: the median, or every subject. For `stable` the paper's own
    bound is `within_percent`; without it the size of the change is given and the claim stays open.
    """

    before: Number
    after: Number
    stated: Literal["rise", "fall", "stable"]
    subjects: Literal["median", "every"] = "median"
    within_percent: Number | None = None


def check_quartiles(claim: Quartiles, folder: ClaimFolder) -> Verdict:
    """The printed quartiles against the column, under all nine definitions of Hyndman and Fan."""
    cells, absent = read_column(folder, claim.numbers)
    printed = [read_number(folder, number) for number in (claim.first, claim.median, claim.third)]
    sources = (*cells, *(source for _, source in printed))
    values = _values(cells)
    if absent or not values:
        working = f"Missing for {render_names(absent)}." if absent else "Missing: the values."
        return conclude(claim, "not checkable", working, sources=sources)
    fitting = compute_fitting_definitions(values, (printed[0][0], printed[1][0], printed[2][0]))
    working = f"{_render_values(values)} {_render_fit(claim, values, fitting)}"
    return conclude(claim, _judge_fit(claim, fitting), working, sources=sources)


def _judge_fit(claim: Quartiles, fitting: tuple[int, ...]) -> VerdictWord:
    if not fitting:
        return "contradicted"
    return "reproduced" if claim.definition in (0, *fitting) else "inconsistent"


def _render_fit(claim: Quartiles, values: list[Decimal], fitting: tuple[int, ...]) -> str:
    default = claim.definition or 6
    found = compute_quartiles(values, default)
    others = [str(kind) for kind in DEFINITIONS if kind not in fitting]
    return (
        f"Type {default} gives {render_exact(found.median)} "
        f"({render_exact(found.first)} to {render_exact(found.third)}). Hyndman-Fan types that print as in "
        f"the paper: {render_names([str(kind) for kind in fitting])}; types that do not: {render_names(others)}. "
        f"The {'type named' if claim.definition else 'default, type 6,'} "
        f"{'fits' if default in fitting else 'does not fit'}."
    )


def _render_values(values: list[Decimal]) -> str:
    if len(values) > MOST_SHOWN:
        return f"{len(values)} values."
    return f"{len(values)} values in order: {', '.join(render_exact(value) for value in sorted(values))}."


def _values(cells: tuple[Source, ...]) -> list[Decimal]:
    return [number for cell in cells if (number := parse_number(cell.value)) is not None]


def check_summary(claim: Summary, folder: ClaimFolder) -> Verdict:
    """A printed mean, median, extreme or sum against the column."""
    cells, absent = read_column(folder, claim.numbers)
    printed, source = read_number(folder, claim.printed)
    values = [Fraction(value) for value in _values(cells)]
    if absent or not values:
        working = f"Missing for {render_names(absent)}." if absent else "Missing: the values."
        return conclude(claim, "not checkable", working, sources=(*cells, source))
    found = _compute(claim.statistic, values)
    working = (
        f"The {claim.statistic} of {len(values)} values is {render_exact(found)}; printed: {render_source(source)}."
    )
    verdict: VerdictWord = "reproduced" if is_printed_as(found, printed) else "contradicted"
    return conclude(claim, verdict, working, sources=(*cells, source))


def _compute(statistic: str, values: list[Fraction]) -> Fraction:
    if statistic == "median":
        return compute_quartiles(values).median
    if statistic in ("minimum", "maximum"):
        return min(values) if statistic == "minimum" else max(values)
    total = sum(values, Fraction(0))
    return total / len(values) if statistic == "mean" else total


def check_granularity(claim: Granularity, folder: ClaimFolder) -> Verdict:
    """Whether n values so recorded can have the printed mean or median at all (GRIM and its kin)."""
    printed, source = read_number(folder, claim.printed)
    n, of = read_whole(folder, claim.n)
    places = claim.recorded_decimals
    if claim.statistic == "median":
        possible = check_median_granularity(printed, n, places)
    else:
        possible = check_grim(printed.scaleb(places), n)
    recorded = f"{n} values recorded to {places} decimals"
    working = (
        f"{recorded} {'can' if possible else 'cannot'} have a {claim.statistic} that prints {render_source(source)}."
    )
    return conclude(claim, "reproduced" if possible else "not attainable", working, sources=(source, of))


def check_change(claim: Change, folder: ClaimFolder) -> Verdict:
    """The direction between two medians: if every subject moves one way, so does the median."""
    before, first = read_number(folder, claim.before)
    after, second = read_number(folder, claim.after)
    difference = Fraction(after) - Fraction(before)
    percent = f" ({render_exact(100 * difference / Fraction(before), 1)} %)" if before else ""
    working = f"{render_source(first)} to {render_source(second)}: {render_exact(difference)}{percent}."
    if claim.stated == "stable":
        return _judge_stable(claim, folder, working=working, sources=(first, second))
    agrees = difference > 0 if claim.stated == "rise" else difference < 0
    if claim.subjects == "every":
        working += f" Where every subject shows a {claim.stated}, the median does too."
    verdict: VerdictWord = "reproduced" if agrees else "contradicted"
    if claim.subjects == "every":
        verdict = "not checkable" if agrees else "not attainable"
        working += " The medians agree with that. Missing: the values of each subject." if agrees else ""
    return conclude(claim, verdict, working, sources=(first, second))


def _judge_stable(claim: Change, folder: ClaimFolder, *, working: str, sources: tuple[Source, ...]) -> Verdict:
    if claim.within_percent is None:
        missing = " Missing: the bound within which the paper calls a value stable."
        return conclude(claim, "not checkable", working + missing, sources=sources)
    bound, source = read_number(folder, claim.within_percent)
    before, after = (Fraction(value.value) for value in sources)
    within = 100 * abs(after - before) <= Fraction(bound) * abs(before)
    working += f" The bound is {render_source(source)} %."
    return conclude(claim, "reproduced" if within else "contradicted", working, sources=(*sources, source))
