"""Claims of a proportion: what k of n can show."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta

from firstbreath.paper.claims.lookup import read_number, read_whole
from firstbreath.paper.claims.references import Number, Rows
from firstbreath.paper.claims.rows import (
    select,
)
from firstbreath.paper.claims.values import Claim, ClaimFolder, Source, Verdict, VerdictWord, conclude
from firstbreath.paper.claims.wording import is_printed_as, render_exact
from firstbreath.stats.consistency import check_percentage
from firstbreath.stats.proportions import Proportion, binomial_interval


class ProportionShown(Claim, frozen=True, kw_only=True, tag="proportion", tag_field="kind"):
    """k of n, with the percentage and interval printed, or a rate (percent) it is said not to exceed.

    `rows` are the rows that should number k; `missing` is what the paper would have to print.
    """

    k: Number
    n: Number
    percent: Number | None = None
    lower: Number | None = None
    upper: Number | None = None
    at_most: Number | None = None
    rows: Rows | None = None
    level: Annotated[str, Meta(pattern=r"^0?\.[0-9]{1,6}$", description='a share in quotes, such as "0.05"')] = "0.95"
    sides: Literal[1, 2] = 2
    missing: str = ""


def check_proportion(claim: ProportionShown, folder: ClaimFolder) -> Verdict:
    """The percentage, the Clopper-Pearson interval and the rows behind k of n, against what is printed."""
    (k, k_source), (n, n_source) = read_whole(folder, claim.k), read_whole(folder, claim.n)
    shown = binomial_interval(k, n, level=Decimal(claim.level), sides=claim.sides)
    working = (
        f"{k} of {n}: {render_exact(Fraction(100 * k, n), 1)} %, exact {render_exact(100 * shown.level, 2)} % "
        f"{'two-sided' if claim.sides == 2 else 'one-sided'} interval {_percent(shown.lower)} to "
        f"{_percent(shown.upper)} % ({shown.method})."
    )
    fits, compared, more = _compare_printed(claim, folder, shown)
    found, counted, rows = _compare_rows(claim, folder, k)
    every = fits + found
    verdict: VerdictWord = "contradicted" if False in every else "reproduced"
    if not every:
        verdict, compared = "not checkable", f" Missing: {claim.missing or 'a printed interval'}."
    elif verdict == "reproduced" and None in every:
        verdict, compared = "not checkable", f"{compared} Not excluded, and not shown: too few subjects."
    return conclude(claim, verdict, working + compared + counted, sources=(k_source, n_source, *more, *rows))


def _percent(limit: Decimal) -> str:
    return render_exact(100 * limit, 1)


def _compare_printed(
    claim: ProportionShown, folder: ClaimFolder, shown: Proportion
) -> tuple[list[bool | None], str, tuple[Source, ...]]:
    """Whether each printed percentage fits (None: it may or may not), in words, and where it stands."""
    exact = {
        "percentage": (claim.percent, Fraction(100 * shown.k, shown.n)),
        "lower limit": (claim.lower, 100 * Fraction(shown.lower)),
        "upper limit": (claim.upper, 100 * Fraction(shown.upper)),
    }
    fits: list[bool | None] = []
    text, sources = "", []
    for name, (number, value) in exact.items():
        if number is not None:
            printed, source = read_number(folder, number)
            fits.append(is_printed_as(value, printed))
            text += f" Printed {name}: {printed} %{_render_grain(name, printed, shown.n)}."
            sources.append(source)
    if claim.at_most is not None:
        bound, source = read_number(folder, claim.at_most)
        fits.append(_is_at_most(shown, bound))
        text += f" Said to be at most {bound} %{f' ({source.place})' if source.place else ''}."
        sources.append(source)
    return fits, text, tuple(sources)


def _is_at_most(shown: Proportion, bound: Decimal) -> bool | None:
    """True when the whole interval is within the bound, False when it is beyond, None in between."""
    if shown.upper * 100 <= bound:
        return True
    return False if shown.lower * 100 > bound else None


def _render_grain(name: str, printed: Decimal, n: int) -> str:
    """A remark when no count out of n prints such a percentage."""
    impossible = name == "percentage" and not check_percentage(printed, n)
    return f", which no count out of {n} gives" if impossible else ""


def _compare_rows(
    claim: ProportionShown, folder: ClaimFolder, k: int
) -> tuple[list[bool | None], str, tuple[Source, ...]]:
    if claim.rows is None:
        return [], "", ()
    chosen = select(folder, claim.rows)
    there = len(chosen.met)
    text = f" {claim.rows.file} has {there} such rows."
    return [there == k and not chosen.unknown], text, chosen.sources
