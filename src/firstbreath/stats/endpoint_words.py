"""An endpoint in words: few short lines, every number with its definition, and what the number cannot show."""

from fractions import Fraction

from firstbreath.stats.answers import PValue, render_p
from firstbreath.stats.endpoint_answers import Endpoint
from firstbreath.stats.medians import render_percent, render_shortest
from firstbreath.stats.missing import MissingBounds
from firstbreath.stats.pairs import Scale
from firstbreath.stats.quantiles import Quartiles
from firstbreath.stats.ranks import Zeros
from firstbreath.stats.rounding import render_number

TINY = 12
"""Up to here a reader must be told how small p could have been at all."""
UNCONTROLLED = (
    "Without a control group this change cannot be told from natural recovery, regression to the mean or other "
    "treatment given meanwhile."
)
ZEROS: dict[Zeros, str] = {
    "wilcoxon": "zeros dropped",
    "pratt": "zeros ranked as Pratt",
    "zsplit": "zeros ranked and split",
}
STRANGERS = "The patients after are not the patients before: a difference between the two groups would look the same."


def render_endpoint(endpoint: Endpoint) -> str:
    """The text block of one endpoint, one statement a line: each patient's values, then the sentences.

    endpoint : of `endpoints.endpoint`.
    """
    lines = [_list_patients(endpoint)] if len(endpoint.patients) <= TINY else []
    return "\n".join((*lines, *endpoint.sentences))


def render_sentences(endpoint: Endpoint) -> tuple[str, ...]:
    """The sentences on one endpoint, in the order a reader needs them.

    endpoint : of `endpoints.endpoint`; its own sentences are not read.
    """
    written = (
        _say_design(endpoint),
        _say_medians(endpoint),
        _say_shift(endpoint),
        _say_p(endpoint),
        _say_signs(endpoint),
        _say_rank_biserial(endpoint),
        _say_missing(endpoint),
        _say_tests(endpoint),
        _say_least(endpoint),
        STRANGERS if endpoint.design == "unpaired" else "",
        UNCONTROLLED,
    )
    return tuple(sentence for sentence in written if sentence)


def _list_patients(endpoint: Endpoint) -> str:
    if endpoint.design == "paired":
        listed = (
            f"{patient.id}: {_render_value(endpoint, patient.before)} to {_render_value(endpoint, patient.after)}"
            for patient in endpoint.patients
        )
        return f"Each patient, before to after: {'; '.join(listed)}."
    early = (f"{one.id}: {_render_value(endpoint, one.before)}" for one in endpoint.patients if one.time == "before")
    late = (f"{one.id}: {_render_value(endpoint, one.after)}" for one in endpoint.patients if one.time == "after")
    return f"Each patient, before {'; '.join(early)}; after {'; '.join(late)}."


def _render_value(endpoint: Endpoint, value: Fraction | None) -> str:
    return "missing" if value is None else render_shortest(value, endpoint.decimals, endpoint.decimals)


def _say_design(endpoint: Endpoint) -> str:
    if endpoint.design == "paired":
        return f"Paired by patient: {_count(endpoint.before.n, 'patient')} measured both before and after."
    return (
        f"Not paired, no patient was measured at both times: {_count(endpoint.before.n, 'value')} before, "
        f"{endpoint.after.n} after."
    )


def _say_medians(endpoint: Endpoint) -> str:
    before, after = (_render_quartiles(endpoint, one) for one in (endpoint.before, endpoint.after))
    return f"Median (quartiles, type 6 of Hyndman and Fan): before {before}, after {after}."


def _render_quartiles(endpoint: Endpoint, quartiles: Quartiles) -> str:
    median, first, third = (
        render_shortest(value, endpoint.decimals, endpoint.decimals + 1)
        for value in (quartiles.median, quartiles.first, quartiles.third)
    )
    return f"{median} ({first} to {third}){_unit(endpoint)}"


def _say_shift(endpoint: Endpoint) -> str:
    shift = endpoint.shift
    word = "Change" if endpoint.design == "paired" else "Difference of the groups"
    start = f"{word}, after minus before, by Hodges and Lehmann: {_render(endpoint, shift.estimate)}{_unit(endpoint)}"
    if shift.lower is None or shift.upper is None:
        return f"{start}; {shift.note}."
    level, asked = render_percent(shift.level), render_percent(Fraction(shift.asked))
    limits = f"{_render(endpoint, shift.lower)} to {_render(endpoint, shift.upper)}"
    return f"{start}; exact interval {limits}, which holds {level} % ({asked} % asked for)."


def _say_p(endpoint: Endpoint) -> str:
    test = "Wilcoxon signed-rank test" if endpoint.design == "paired" else "Mann-Whitney test"
    zeros = f", {ZEROS[endpoint.zeros]}" if endpoint.signs and endpoint.signs.unchanged else ""
    return f"Exact p = {render_p(endpoint.p)}, two-sided {test}{zeros}; smallest possible {_render_least(endpoint.p)}."


def _render_least(p: PValue) -> str:
    return f"{p.smallest * p.denominator}/{p.denominator}"


def _say_signs(endpoint: Endpoint) -> str:
    signs = endpoint.signs
    if signs is None:
        return ""
    if signs.share is None or signs.p is None:
        return "No patient changed."
    word = f"Better ({endpoint.better})" if endpoint.better else "Rose"
    low, high = (render_number(100 * limit, 1) for limit in (signs.share.lower, signs.share.upper))
    level = render_percent(Fraction(signs.share.level))
    still = f", {signs.unchanged} did not" if signs.unchanged else ""
    return (
        f"{word}: {signs.changed_so} of {signs.changed} that changed{still}; {level} % Clopper-Pearson interval "
        f"{low} to {high} %; exact sign test p = {render_p(signs.p)}."
    )


def _say_rank_biserial(endpoint: Endpoint) -> str:
    if endpoint.rank_biserial is None:
        return ""
    if endpoint.design == "unpaired":
        value = render_number(endpoint.rank_biserial, 2)
        return f"Rank-biserial correlation {value}, from -1 (every value after is below every one before) to 1."
    kind = "Matched-pairs rank-biserial"
    return f"{kind} correlation {render_number(endpoint.rank_biserial, 2)}, from -1 (all fell) to 1 (all rose)."


def _say_missing(endpoint: Endpoint) -> str:
    if endpoint.unbounded:
        return f"Missing values are not bounded: {endpoint.unbounded}."
    bounds = endpoint.missing
    if bounds is None:
        return "No value is missing."
    counted = bounds.fell if endpoint.better == "lower" else bounds.rose
    return (
        f"{bounds.missing} of {_count(bounds.n, 'patient')} without both values. Whatever was missing"
        f"{_render_scale(bounds.scale)}: p from {render_p(bounds.best.p)} to {render_p(bounds.worst.p)}, change "
        f"{_render_shifts(endpoint, bounds)}, {_span(counted)} {'better' if endpoint.better else 'risen'}."
    )


def _render_scale(scale: Scale) -> str:
    low, high, step = (
        None if part is None else render_shortest(part, 0, 6) for part in (scale.lowest, scale.highest, scale.step)
    )
    ends = (f" from {low}" if low else "", f" up to {high}" if high else "", f" in steps of {step}" if step else "")
    return f" (scale{''.join(ends)})" if any(ends) else ""


def _render_shifts(endpoint: Endpoint, bounds: MissingBounds) -> str:
    low, high = (None if limit is None else _render(endpoint, limit) for limit in bounds.shift)
    if low is None and high is None:
        return "without bound"
    start = "without lower bound" if low is None else f"from {low}"
    return f"{start} {'without upper bound' if high is None else f'to {high}'}{_unit(endpoint)}"


def _span(counted: tuple[int, int]) -> str:
    least, most = counted
    return str(least) if least == most else f"{least} to {most}"


def _say_tests(endpoint: Endpoint) -> str:
    if endpoint.tests_done == 1:
        return "Not adjusted for other tests done."
    return (
        f"{endpoint.tests_done} tests were done: Bonferroni p = {render_number(endpoint.bonferroni, 4)}, "
        f"{endpoint.tests_done} times p; Holm's p is at most that."
    )


def _say_least(endpoint: Endpoint) -> str:
    patients = endpoint.before.n if endpoint.design == "paired" else endpoint.before.n + endpoint.after.n
    if patients > TINY:
        return ""
    extreme, total = endpoint.least_p
    alpha = 1 - Fraction(endpoint.level)
    least = render_number(Fraction(extreme, total), 4)
    start = f"With the {_count(patients, 'patient')} compared, a two-sided p could not have been below {least}"
    beyond = (
        f", so this test could not have reached {render_shortest(alpha, 2, 6)}"
        if Fraction(extreme, total) > alpha
        else ""
    )
    return f"{start} ({extreme}/{total}), whatever the values{beyond}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _render(endpoint: Endpoint, value: Fraction) -> str:
    return render_shortest(value, endpoint.decimals, endpoint.decimals + 2)


def _unit(endpoint: Endpoint) -> str:
    return f" {endpoint.unit}" if endpoint.unit else ""
