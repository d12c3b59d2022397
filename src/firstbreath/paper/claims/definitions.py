"""Claims of definition: scales without gaps, words that fit their bounds, bounds that keep their sign."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta, Struct

from firstbreath.paper.claims.lookup import read_number
from firstbreath.paper.claims.references import Number
from firstbreath.paper.claims.values import Claim, ClaimFolder, Text, Verdict, VerdictWord, conclude
from firstbreath.paper.claims.wording import render_names, render_source


class ScaleClass(Struct, frozen=True, kw_only=True):
    """One class of a scale: its name, and the bounds it has; a bound left out is open."""

    name: Text
    at_least: Decimal | None = None
    above: Decimal | None = None
    at_most: Decimal | None = None
    below: Decimal | None = None


class DefinitionGap(Claim, frozen=True, kw_only=True, tag="definition_gap", tag_field="kind"):
    """The classes of a scale in ascending order: does each value belong to exactly one?"""

    unit: Text
    classes: tuple[ScaleClass, ...]


class ReferenceClass(Struct, frozen=True, kw_only=True):
    """A class of a known scale of whole points."""

    name: Text
    lowest: Annotated[int, Meta(ge=-1000, le=1000)]
    highest: Annotated[int, Meta(ge=-1000, le=1000)]


class DefinitionMatch(Claim, frozen=True, kw_only=True, tag="definition_match", tag_field="kind"):
    """Words that name classes of a known scale, and the bound printed beside them."""

    named: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=50)]
    sign: Literal["<", "<=", ">", ">="]
    bound: Number
    classes: tuple[ReferenceClass, ...]
    scale_source: Text


class BoundSign(Claim, frozen=True, kw_only=True, tag="bound_sign", tag_field="kind"):
    """A bound, the sign printed with it (none when left out), and how it could be read."""

    bound: Number
    sign: Literal["", "<", "<=", ">", ">="] = ""
    readings: Annotated[tuple[Text, ...], Meta(max_length=10)] = ()


def check_definition_gap(claim: DefinitionGap, folder: ClaimFolder) -> Verdict:  # noqa: ARG001
    """Each boundary between neighbouring classes: one class must hold it, and only one."""
    faults = list(_find_faults(claim.classes, claim.unit))
    shown = render_names([f"{part.name} {_render_class(part)}" for part in claim.classes])
    working = f"Classes in {claim.unit}: {shown}."
    if not faults:
        return conclude(claim, "reproduced", f"{working} Every boundary belongs to one class.")
    overlap = any(kind == "overlap" for kind, _ in faults)
    working += "".join(f" {text}" for _, text in faults)
    missing = "" if overlap else " Missing: the class of the values left out."
    return conclude(claim, "inconsistent" if overlap else "not checkable", working + missing)


def _find_faults(classes: tuple[ScaleClass, ...], unit: str) -> Iterator[tuple[str, str]]:
    for low, high in pairwise(classes):
        top = low.at_most if low.at_most is not None else low.below
        foot = high.at_least if high.at_least is not None else high.above
        if top is None or foot is None:
            yield "gap", f"No boundary is given between {low.name} and {high.name}."
        elif top < foot:
            yield "gap", f"Values between {top} and {foot} {unit} are in neither {low.name} nor {high.name}."
        elif top > foot:
            yield "overlap", f"Values between {foot} and {top} {unit} are in both {low.name} and {high.name}."
        elif low.at_most is None and high.at_least is None:
            yield "gap", f"Exactly {top} {unit} is in neither {low.name} nor {high.name}."
        elif low.at_most is not None and high.at_least is not None:
            yield "overlap", f"Exactly {top} {unit} is in both {low.name} and {high.name}."


def _render_class(part: ScaleClass) -> str:
    bounds = ((">=", part.at_least), (">", part.above), ("<=", part.at_most), ("<", part.below))
    return " and ".join(f"{sign} {bound}" for sign, bound in bounds if bound is not None) or "without bounds"


def check_definition_match(claim: DefinitionMatch, folder: ClaimFolder) -> Verdict:
    """The points the bound takes in, against the points of the classes named."""
    bound, source = read_number(folder, claim.bound)
    known = {part.name: range(part.lowest, part.highest + 1) for part in claim.classes}
    named = {point for name in claim.named for point in known.get(name, ())}
    taken = {point for points in known.values() for point in points if _holds(claim.sign, point, bound)}
    unknown = [name for name in claim.named if name not in known]
    working = (
        f"{claim.sign} {render_source(source)} takes in {_render_points(taken)}; "
        f"{' or '.join(claim.named)} is {_render_points(named)} ({claim.scale_source}). "
        f"Named but not taken in: {_render_points(named - taken)}; "
        f"taken in but not named: {_render_points(taken - named)}."
    )
    verdict: VerdictWord = "reproduced" if taken == named else "inconsistent"
    if unknown:
        verdict, working = "not checkable", f"{working} Missing: the points of {render_names(unknown)}."
    return conclude(claim, verdict, working, sources=(source,))


def _holds(sign: str, point: int, bound: Decimal) -> bool:
    return {"<": point < bound, "<=": point <= bound, ">": point > bound, ">=": point >= bound}[sign]


def _render_points(points: set[int]) -> str:
    return f"{', '.join(str(point) for point in sorted(points))} points" if points else "none"


def check_bound_sign(claim: BoundSign, folder: ClaimFolder) -> Verdict:
    """Whether the bound is printed with its sign."""
    _, source = read_number(folder, claim.bound)
    if claim.sign:
        return conclude(claim, "reproduced", f"Printed: {claim.sign} {render_source(source)}.", sources=(source,))
    readings = render_names(claim.readings) if claim.readings else "more than one"
    working = f"{render_source(source)} is printed without a sign; readings: {readings}. Missing: the sign."
    return conclude(claim, "not checkable", working, sources=(source,))
