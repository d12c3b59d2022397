"""The agreement of two readers in words: every number with its interval, and what so few patients can show."""

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from firstbreath.stats.bland_altman import BlandAltman
from firstbreath.stats.intraclass import Coefficient
from firstbreath.stats.resampling import Bootstrap
from firstbreath.stats.rounding import render_number

Bounded: TypeAlias = tuple[Fraction | None, Decimal | None, Decimal | None]
PLACES = 2


def say_counts(*, subjects: int, pairs: int, left_out: int, scale: tuple[str, str]) -> str:
    """The sentence on what was read.

    scale : its first and last score, as printed.
    """
    read = f"Two readers scored {pairs} segments of {subjects} patients from {scale[0]} to {scale[1]}"
    if not left_out:
        return f"{read}; no segment was left out."
    were = "segment was" if left_out == 1 else "segments were"
    return f"{read}; {left_out} {were} left out because a reader could not score {'it' if left_out == 1 else 'them'}."


def say_same(same: int, next_to: int, pairs: int) -> str:
    """The sentence on equal and neighbouring scores, with their counts.

    same, next_to : segments with equal scores, and with equal or neighbouring ones. pairs : segments.
    """
    return (
        f"The scores were equal in {same}/{pairs} segments ({_percent(same, pairs)}) and at most one step apart in "
        f"{next_to}/{pairs} ({_percent(next_to, pairs)})."
    )


def _percent(part: int, whole: int) -> str:
    return f"{render_number(Fraction(100 * part, whole), 1)} %"


def say_kappa(resampled: Bootstrap, *, quadratic: Bounded, linear: Bounded) -> str:
    """The sentence on weighted kappa over all segments, with intervals over patients.

    resampled : of `cluster_bootstrap`. quadratic, linear : kappa and the limits to quote.
    """
    if quadratic[0] is None or linear[0] is None:
        return "Weighted kappa has no value: both readers gave one and the same score throughout."
    one, other = (_with_interval(*kappa, level=resampled.level) for kappa in (quadratic, linear))
    return (
        f"Weighted kappa over all segments was {one} with quadratic weights and {other} with linear weights "
        f"(t limits; {resampled.method})."
    )


def _with_interval(
    estimate: Fraction | Decimal | None,
    lower: Fraction | Decimal | None,
    upper: Fraction | Decimal | None,
    *,
    level: Decimal,
    unit: str = "",
) -> str:
    number = "not estimable" if estimate is None else f"{render_number(estimate, PLACES)}{unit}"
    if lower is None or upper is None:
        return f"{number} (no interval)"
    percent = format((level * 100).normalize(), "f")
    return f"{number} ({percent} % interval {render_number(lower, PLACES)} to {render_number(upper, PLACES)})"


def say_totals(found: Coefficient, level: Decimal) -> str:
    """The sentence on the correlation of the patients' total scores.

    found : ICC(2,1). level : of its interval.
    """
    number = _with_interval(found.value, found.lower, found.upper, level=level)
    return f"The intraclass correlation of the patients' total scores, {found.form}, was {number}."


def say_limits(found: BlandAltman) -> str:
    """The sentence on bias and limits of agreement of the totals.

    found : first reader minus second, in points.
    """
    limits = found.limits
    if limits.bias.lower is None:
        return f"The totals differed by {render_number(limits.mean, PLACES)} points in every patient."
    low, high = limits.exact_lower_limit, limits.exact_upper_limit
    bias = _with_interval(limits.mean, limits.bias.lower, limits.bias.upper, level=limits.level, unit=" points")
    inside = f"{render_number(low.estimate, PLACES)} to {render_number(high.estimate, PLACES)}"
    outer = " to ".join("?" if end is None else render_number(end, PLACES) for end in (low.lower, high.upper))
    return (
        f"First reader minus second, the totals differed on average by {bias}; limits of agreement {inside}, their "
        f"exact outer confidence limits {outer}."
    )


def say_reach(subjects: int, pairs: int) -> str:
    """The sentence on what so many patients can show.

    subjects : patients. pairs : segments.
    """
    return (
        f"The segments of one patient resemble one another, so the evidence is {subjects} patients and not {pairs} "
        f"segments. {subjects} patients show how these two readers agreed on these scans; they cannot show how other "
        "readers or other patients would fare, and agreement does not show that either reader is right."
    )
