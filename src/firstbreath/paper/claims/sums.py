"""Claims of arithmetic: parts of a whole, a daily dose over days, a quotient."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from msgspec import Meta

from firstbreath.paper.claims.lookup import read_number
from firstbreath.paper.claims.references import Number
from firstbreath.paper.claims.values import Claim, ClaimFolder, Source, Verdict, VerdictWord, conclude
from firstbreath.paper.claims.wording import is_printed_as, render_exact, render_source


class SumParts(Claim, frozen=True, kw_only=True, tag="sum_parts", tag_field="kind"):
    """Parts that must add up to a printed total."""

    parts: tuple[Number, ...]
    total: Number


class TotalDose(Claim, frozen=True, kw_only=True, tag="total_dose", tag_field="kind"):
    """An amount a dose, over so many days, against a printed total; `per_day` doses a day."""

    dose: Number
    days: Number
    total: Number
    per_day: Annotated[int, Meta(ge=1, le=100)] = 1


class Ratio(Claim, frozen=True, kw_only=True, tag="ratio", tag_field="kind"):
    """A quotient against a printed one, or against bounds with their source.

    A number the paper does not print is left out, and `missing` says what it is.
    """

    numerator: Number | None = None
    denominator: Number | None = None
    printed: Number | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    unit: str = ""
    missing: str = ""


def check_sum_parts(claim: SumParts, folder: ClaimFolder) -> Verdict:
    """The sum of the parts against the total, at the last digit printed."""
    parts = [read_number(folder, part) for part in claim.parts]
    total, source = read_number(folder, claim.total)
    added = sum((Fraction(value) for value, _ in parts), Fraction(0))
    shown = " + ".join(part.value for _, part in parts).replace("+ -", "- ")
    working = f"{shown} = {render_exact(added)}; printed: {render_source(source)}."
    verdict: VerdictWord = "reproduced" if is_printed_as(added, total) else "contradicted"
    return conclude(claim, verdict, working, sources=(*(part for _, part in parts), source))


def check_total_dose(claim: TotalDose, folder: ClaimFolder) -> Verdict:
    """The dose times the doses a day times the days, against the printed total."""
    dose, dose_source = read_number(folder, claim.dose)
    days, days_source = read_number(folder, claim.days)
    total, total_source = read_number(folder, claim.total)
    product = Fraction(dose) * Fraction(days) * claim.per_day
    times = f" x {claim.per_day} a day" if claim.per_day > 1 else ""
    working = (
        f"{render_source(dose_source)}{times} x {render_source(days_source)} days = {render_exact(product)}; "
        f"printed: {render_source(total_source)}."
    )
    verdict: VerdictWord = "reproduced"
    if not is_printed_as(product, total):
        verdict, working = "contradicted", working + _render_factor(total, product)
    return conclude(claim, verdict, working, sources=(dose_source, days_source, total_source))


def _render_factor(total: Decimal, product: Fraction) -> str:
    return f" The printed total is {render_exact(Fraction(total) / product)} times the product." if product else ""


def check_ratio(claim: Ratio, folder: ClaimFolder) -> Verdict:
    """The quotient of two printed numbers against what is printed of it, or against its bounds."""
    if claim.numerator is None or claim.denominator is None:
        return _lack(claim, folder)
    above, above_source = read_number(folder, claim.numerator)
    below, below_source = read_number(folder, claim.denominator)
    sources: tuple[Source, ...] = (above_source, below_source)
    if below == 0:
        return conclude(claim, "not checkable", "The denominator printed is 0.", sources=sources)
    quotient = Fraction(above) / Fraction(below)
    working = (
        f"{render_source(above_source)} / {render_source(below_source)} = {render_exact(quotient)} {claim.unit}"
    ).rstrip()
    verdict, compared, more = _judge(claim, folder, quotient)
    return conclude(claim, verdict, f"{working}.{compared}", sources=sources + more)


def _judge(claim: Ratio, folder: ClaimFolder, quotient: Fraction) -> tuple[VerdictWord, str, tuple[Source, ...]]:
    """The verdict on a quotient, what it was compared with, and where that stands."""
    text, fits = "", []
    sources: list[Source] = []
    for words, number in (("Printed", claim.printed), ("At least", claim.at_least), ("At most", claim.at_most)):
        if number is None:
            continue
        value, source = read_number(folder, number)
        fits.append(_fits(words, quotient, value))
        text += f" {words}: {render_source(source)}."
        sources.append(source)
    if not fits:
        return "not checkable", f" Missing: {claim.missing or 'a printed quotient'}.", ()
    return ("reproduced" if all(fits) else "contradicted"), text, tuple(sources)


def _fits(words: str, quotient: Fraction, value: Decimal) -> bool:
    if words == "Printed":
        return is_printed_as(quotient, value)
    return quotient >= Fraction(value) if words == "At least" else quotient <= Fraction(value)


def _lack(claim: Ratio, folder: ClaimFolder) -> Verdict:
    named = (claim.numerator, claim.denominator, claim.printed)
    known = [read_number(folder, number)[1] for number in named if number is not None]
    shown = "; ".join(render_source(source) for source in known) or "nothing"
    working = f"Printed: {shown}. Missing: {claim.missing or 'the other number'}."
    return conclude(claim, "not checkable", working, sources=tuple(known))
