"""Rows of an exact answer: quartiles, typical change, p, signs, and what missing values could do.

Name to know: `rows_of_answer`. Never here: a number that `stats` did not compute.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import msgspec

from firstbreath.paper.rows import ABSENT, Result
from firstbreath.stats.answers import PValue, render_p
from firstbreath.stats.endpoint_answers import Endpoint, SignCount
from firstbreath.stats.endpoint_words import STRANGERS, UNCONTROLLED
from firstbreath.stats.medians import render_percent, render_shortest
from firstbreath.stats.missing import MissingBounds
from firstbreath.stats.quantiles import compute_quartiles
from firstbreath.stats.rounding import render_number

MINUS = "\N{MINUS SIGN}"
EVERYONE = "all"
P_DECIMALS, SHARE_DECIMALS, CORRELATION_DECIMALS = 4, 1, 2


class Named(msgspec.Struct, frozen=True):
    """What an endpoint is called; `E.` and its id begin its rows. `sources` are the events behind all its values."""

    id: str
    label: str
    unit: str
    sources: tuple[int, ...] = ()


class Number(msgspec.Struct, frozen=True):
    """What a row holds: its name and statistic, the exact value or None, its text, and how it was found."""

    name: str
    statistic: str
    value: Fraction | Decimal | int | None
    printed: str
    method: str


def row_of(number: Number, named: Named) -> Result:
    """A number of all subjects as a row."""
    exact = "" if number.value is None else str(number.value)
    about = ("enrolled", EVERYONE, named.label, number.statistic)
    sources = named.sources if number.printed != ABSENT else ()
    return Result(f"E.{named.id}.{number.name}", *about, exact, number.printed, number.method, sources)


def render_signed(value: Fraction | Decimal | int, decimals: int = 0, most: int = 6) -> str:
    """The text of a value with a true minus sign and as many decimals as it needs."""
    return render_shortest(Fraction(value), decimals, max(decimals, most)).replace("-", MINUS)


def rows_of_answer(answer: Endpoint, named: Named, *, definition: int = 6) -> list[Result]:
    """The rows of an endpoint's answer, in the order of reading.

    definition  of the quartiles, Hyndman-Fan 1 to 9
    """
    numbers = [
        *_quartiles(answer, definition),
        *_typical(answer),
        *_p_values(answer),
        *(_signs(answer.signs) if answer.signs else ()),
        *_correlation(answer),
        *(_bounds(answer.missing, answer) if answer.missing else ()),
    ]
    rows = [row_of(number, named) for number in numbers]
    told = UNCONTROLLED if answer.design == "paired" else f"{STRANGERS} {UNCONTROLLED}"
    about = ("enrolled", EVERYONE, named.label, "caution")
    return [*rows, Result(f"E.{named.id}.caution", *about, told, told, "follows from the design", named.sources)]


def _quartiles(answer: Endpoint, definition: int) -> Iterator[Number]:
    """Of the subjects that are compared: in a paired design those with both values."""
    for side in ("before", "after"):
        values = [
            value
            for patient in answer.patients
            if (value := getattr(patient, side)) is not None
            and (answer.design == "unpaired" or patient.difference is not None)
        ]
        found = compute_quartiles(values, definition)
        method = f"Hyndman-Fan type {definition}, n = {found.n}"
        for name, value in (("first_quartile", found.first), ("median", found.median), ("third_quartile", found.third)):
            printed = render_signed(value, answer.decimals, answer.decimals + 1)
            yield Number(f"{side}.{name}", f"{name}_{side}", value, printed, method)


def _typical(answer: Endpoint) -> Iterator[Number]:
    shift = answer.shift

    def text(value: Fraction) -> str:
        return render_signed(value, answer.decimals, answer.decimals + 2)

    yield Number("typical.estimate", "hodges_lehmann", shift.estimate, text(shift.estimate), shift.definition)
    asked = f"{render_percent(Fraction(shift.asked))} % asked for"
    for name, limit in (("lower", shift.lower), ("upper", shift.upper)):
        printed, method = (ABSENT, shift.note) if limit is None else (text(limit), f"{asked}; {shift.definition}")
        yield Number(f"typical.{name}", f"hodges_lehmann_{name}", limit, printed, method)
    if shift.lower is not None or shift.upper is not None:
        level = f"{render_percent(shift.level)} %"
        yield Number("typical.level", "level_attained", shift.level, level, f"attained; {asked}")


def _p_values(answer: Endpoint) -> Iterator[Number]:
    p = answer.p
    yield Number("p.exact", "p_value", p.value, render_p(p, P_DECIMALS), f"{p.method}, two-sided")
    yield Number("p.smallest", "smallest_p", p.smallest, _render_smallest(p), "the smallest these ties and zeros allow")
    extreme, total = answer.least_p
    least = Fraction(extreme, total)
    printed = f"{render_number(least, P_DECIMALS)} ({extreme}/{total})"
    yield Number("p.least", "least_p", least, printed, "the smallest for this many subjects, without ties or zeros")
    tests, adjusted = answer.tests_done, answer.bonferroni
    yield Number("p.tests", "tests_done", tests, str(tests), "tests done in all, this one included")
    if tests > 1:
        method = f"Bonferroni: {tests} times p, at most 1"
        yield Number("p.bonferroni", "p_bonferroni", adjusted, render_number(adjusted, P_DECIMALS), method)


def _render_smallest(p: PValue) -> str:
    return f"{render_number(p.smallest, P_DECIMALS)} ({p.smallest * p.denominator}/{p.denominator})"


def _signs(signs: SignCount) -> Iterator[Number]:
    so, changed = signs.changed_so, signs.changed
    yield Number("sign.k", f"changed_{signs.direction}", so, str(so), f"changed: {signs.direction}")
    yield Number("sign.n", "changed", changed, str(changed), "subjects that changed")
    yield Number("sign.unchanged", "unchanged", signs.unchanged, str(signs.unchanged), "subjects without a change")
    if signs.share is None or signs.p is None:
        return
    rate = Fraction(so, changed)
    yield Number("sign.rate", "rate", rate, render_number(rate * 100, SHARE_DECIMALS), f"{so} of {changed}, in %")
    level = f"{render_percent(Fraction(signs.share.level))} %"
    for name, limit in (("lower", signs.share.lower), ("upper", signs.share.upper)):
        printed = render_number(limit * 100, SHARE_DECIMALS)
        yield Number(f"sign.{name}", f"rate_{name}", limit, printed, f"{signs.share.method}, exact, {level} two-sided")
    yield Number("sign.p", "sign_test_p", signs.p.value, render_p(signs.p, P_DECIMALS), f"{signs.p.method}, two-sided")


def _correlation(answer: Endpoint) -> Iterator[Number]:
    value = answer.rank_biserial
    if value is None:
        yield Number("rank_biserial", "rank_biserial", None, ABSENT, "no subject changed")
        return
    kind = "matched pairs, zeros dropped" if answer.design == "paired" else "independent groups"
    printed = render_number(value, CORRELATION_DECIMALS).replace("-", MINUS)
    yield Number("rank_biserial", "rank_biserial", value, printed, f"rank-biserial, {kind}; 1 when all rose")


def _bounds(bounds: MissingBounds, answer: Endpoint) -> Iterator[Number]:
    """What the answers could have been, whatever the missing values were."""
    method = f"over every completion of {bounds.missing} of {bounds.n} subjects"
    for name, p in (("p_least", bounds.best.p), ("p_most", bounds.worst.p)):
        yield Number(f"bounds.{name}", f"{name}_if_complete", p.value, render_p(p, P_DECIMALS), method)
    for name, limit in zip(("shift_least", "shift_most"), bounds.shift, strict=True):
        printed = "no limit" if limit is None else render_signed(limit, answer.decimals, answer.decimals + 2)
        yield Number(f"bounds.{name}", f"{name}_if_complete", limit, printed, method)
    counted = bounds.fell if answer.better == "lower" else bounds.rose
    for name, count in zip(("changed_least", "changed_most"), counted, strict=True):
        yield Number(f"bounds.{name}", f"{name}_if_complete", count, str(count), method)
