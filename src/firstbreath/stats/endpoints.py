"""One endpoint in one call: paired or not by the patients' codes, exact, with what must be said beside."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Integral

from msgspec import Struct
from msgspec.structs import replace

from firstbreath.stats.arrays import refuse_near_ties, refuse_word
from firstbreath.stats.candidates import compute_smallest
from firstbreath.stats.counts import parse_count, parse_level
from firstbreath.stats.endpoint_answers import Better, Endpoint, Patient, SignCount
from firstbreath.stats.endpoint_words import render_sentences
from firstbreath.stats.medians import LEVEL, compute_recorded_decimals
from firstbreath.stats.missing import MissingBounds, missing_bounds
from firstbreath.stats.pairs import (
    Pair,
    Scale,
    compute_known_differences,
    find_origin,
    keep_array,
    parse_gapped,
    parse_pairs,
    parse_scale,
    refuse_off_scale,
)
from firstbreath.stats.proportions import binomial_interval
from firstbreath.stats.quantiles import compute_quartiles
from firstbreath.stats.ranks import Zeros, rank_sum, sign_test_of_counts, signed_rank
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.shifts import hodges_lehmann, rank_biserial

__all__ = ["Endpoint", "Patient", "SignCount", "endpoint"]


class _Plan(Struct, frozen=True):
    """What was decided before looking: the better side, unit, level, scale, tests done and rule for zeros."""

    better: Better | None
    unit: str
    decimals: int
    level: Decimal
    scale: Scale
    tests_done: int
    zeros: Zeros


def endpoint(  # noqa: PLR0913  # one call for one endpoint: what it may be told beside the values is all optional
    before: Iterable[object],
    after: Iterable[object],
    ids: Iterable[object],
    after_ids: Iterable[object] | None = None,
    *,
    better: Better | None = None,
    unit: str = "",
    level: object = LEVEL,
    lowest: object = None,
    highest: object = None,
    step: object = None,
    tests_done: object = 1,
    zeros: Zeros = "wilcoxon",
) -> Endpoint:
    """The block for one endpoint measured before and after in a few patients, without a control group.

    Whether it is paired follows from the codes alone. Any patient with a value at both times: paired on those
    patients, all others missing at one time, and bounded. No code in common: two independent samples. One patient
    alone, or no change in any, gives p = 1 and no interval, with a note.

    before, after : values in one unit, None where missing. ids : the patient's code of each value before;
    after_ids : of each value after, None for the same codes in the same order.
    better : the side that helps the patient, "lower" or "higher"; None counts those that rose.
    unit : printed after values. level : confidence asked for. lowest, highest, step : of the scale, for bounds.
    tests_done : tests done on this trial in all, this one included. zeros : as `signed_rank`.
    Raises NotComputable for a code given twice at one time, codes and values of different number, a patient known
    at both times but with values at neither, a value off the scale, and as `signed_rank`; TooLarge as `signed_rank`.
    Source: the parts name theirs; what to report beside p: Lang and Altman, SAMPL guidelines, 2013.
    """
    early = _name_patients(keep_array(before, "before"), ids, "ids", name="before")
    if after_ids is None:
        late = _name_patients(keep_array(after, "after"), early, "ids", name="after")
    else:
        late = _name_patients(keep_array(after, "after"), after_ids, "after_ids", name="after")
    refuse_word(zeros, Zeros, "zeros")
    if better is not None:
        refuse_word(better, Better, "better")
    scale = parse_scale(lowest, highest, step)
    _refuse_off_scale(early, late, scale)
    plan = _Plan(
        better=better,
        unit=unit,
        decimals=compute_recorded_decimals(_known(early) + _known(late)),
        level=parse_level(level),
        scale=scale,
        tests_done=parse_count(tests_done, "tests_done", least=1),
        zeros=zeros,
    )
    paired = bool(early.keys() & late.keys())
    if not paired:
        _refuse_near_codes(early, late)
    compare = _compare_paired if paired else _compare_unpaired
    compared = compare(early, late, plan)
    return replace(compared, sentences=render_sentences(compared))


def _name_patients(values: tuple[object, ...], ids: Iterable[object], argument: str, *, name: str) -> dict[str, object]:
    """Each patient's value as typed, by code."""
    codes = [
        _parse_code(code, place, argument) for place, code in enumerate(keep_array(ids, argument, kind="codes"), 1)
    ]
    if len(codes) != len(values):
        raise NotComputable(f"{len(values)} values {name} and {len(codes)} {argument}: give one code for each value")
    repeated = sorted(code for code, times in Counter(codes).items() if times > 1)
    if repeated:
        raise NotComputable(
            f"patient {repeated[0]} has {codes.count(repeated[0])} values {name}: give one for each patient"
        )
    return dict(zip(codes, values, strict=True))


def _parse_code(code: object, place: int, argument: str) -> str:
    if isinstance(code, bool) or not isinstance(code, str | Integral) or not str(code).strip():
        raise NotComputable(f"code {place} of {argument} is {code!r}: give the patient's code, text or a whole number")
    return str(code).strip()


def _refuse_near_codes(early: Iterable[str], late: Iterable[str]) -> None:
    """Nothing, or a refusal when no code comes at both times but some differ in capitals or leading zeros alone."""
    plain = {_plain_code(code): code for code in early}
    near = next(((plain[_plain_code(code)], code) for code in late if _plain_code(code) in plain), None)
    if near:
        raise NotComputable(
            f"no code is the same before and after, but {near[0]} and {near[1]} may be one patient: write codes alike"
        )


def _plain_code(code: str) -> str:
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", code.casefold())


def _refuse_off_scale(early: dict[str, object], late: dict[str, object], scale: Scale) -> None:
    first, second = parse_gapped(early.values(), "before"), parse_gapped(late.values(), "after")
    origin = find_origin(scale, first + second)
    refuse_off_scale(first, scale, name="before", origin=origin)
    refuse_off_scale(second, scale, name="after", origin=origin)


def _known(typed: dict[str, object]) -> list[object]:
    return [value for value in typed.values() if value is not None]


def _compare_paired(early: dict[str, object], late: dict[str, object], plan: _Plan) -> Endpoint:
    codes = tuple(dict.fromkeys((*early, *late)))
    pairs = parse_pairs([early.get(code) for code in codes], [late.get(code) for code in codes])
    differences = compute_known_differences(pairs)
    if not differences:
        raise NotComputable(
            f"none of the {len(codes)} patients has a value at both times: there is no change to estimate, so report "
            "how many values are missing and why"
        )
    both = [(one, other) for one, other in pairs if one is not None and other is not None]
    p = signed_rank(differences, zeros=plan.zeros)
    bounds, unbounded = _bound(pairs, plan) if len(both) < len(pairs) else (None, "")
    return Endpoint(
        design="paired",
        better=plan.better,
        unit=plan.unit,
        decimals=plan.decimals,
        level=plan.level,
        patients=_list_patients(codes, pairs),
        before=compute_quartiles(one for one, _ in both),
        after=compute_quartiles(other for _, other in both),
        shift=hodges_lehmann(differences, level=plan.level),
        p=p,
        zeros=plan.zeros,
        least_p=(2, 2 ** len(both)),
        signs=_count_signs(differences, plan),
        rank_biserial=rank_biserial(differences),
        missing=bounds,
        unbounded=unbounded,
        tests_done=plan.tests_done,
        bonferroni=min(Fraction(1), p.value * plan.tests_done),
    )


def _compare_unpaired(early: dict[str, object], late: dict[str, object], plan: _Plan) -> Endpoint:
    first, second = _known(early), _known(late)
    refuse_near_ties(first + second, "before and after")
    for values, name in ((first, "before"), (second, "after")):
        if not values:
            raise NotComputable(f"no patient has a value {name}: at least one needed at each time")
    p = rank_sum(second, first)
    absent = len(early) + len(late) - len(first) - len(second)
    return Endpoint(
        design="unpaired",
        better=plan.better,
        unit=plan.unit,
        decimals=plan.decimals,
        level=plan.level,
        patients=_list_apart(early, late),
        before=compute_quartiles(first),
        after=compute_quartiles(second),
        shift=hodges_lehmann(second, first, level=plan.level),
        p=p,
        zeros=plan.zeros,
        least_p=compute_smallest("rank-sum", (len(first), len(second)), sides=2),
        signs=None,
        rank_biserial=rank_biserial(second, first),
        missing=None,
        unbounded=_say_absent(absent, len(early) + len(late)),
        tests_done=plan.tests_done,
        bonferroni=min(Fraction(1), p.value * plan.tests_done),
    )


def _say_absent(absent: int, values: int) -> str:
    verb = "is" if absent == 1 else "are"
    return f"{absent} of the {values} values {verb} missing and left out, since nothing is paired" if absent else ""


def _list_patients(codes: Sequence[str], pairs: Sequence[Pair]) -> tuple[Patient, ...]:
    return tuple(
        Patient(code, one, other, None if one is None or other is None else other - one)
        for code, (one, other) in zip(codes, pairs, strict=True)
    )


def _list_apart(early: dict[str, object], late: dict[str, object]) -> tuple[Patient, ...]:
    first, second = parse_gapped(early.values(), "before"), parse_gapped(late.values(), "after")
    return (
        *(Patient(code, value, None, None, "before") for code, value in zip(early, first, strict=True)),
        *(Patient(code, None, value, None, "after") for code, value in zip(late, second, strict=True)),
    )


def _bound(pairs: Sequence[Pair], plan: _Plan) -> tuple[MissingBounds | None, str]:
    """The bounds over the missing values, or why there are none."""
    scale = plan.scale
    try:
        bounds = missing_bounds(
            [one for one, _ in pairs],
            [other for _, other in pairs],
            lowest=scale.lowest,
            highest=scale.highest,
            step=scale.step,
            zeros=plan.zeros,
        )
    except TooLarge as refusal:
        return None, str(refusal)
    return bounds, ""


def _count_signs(differences: Sequence[Fraction], plan: _Plan) -> SignCount:
    rose, fell = sum(difference > 0 for difference in differences), sum(difference < 0 for difference in differences)
    so, changed = (fell if plan.better == "lower" else rose), rose + fell
    return SignCount(
        direction="better" if plan.better else "rose",
        changed_so=so,
        changed=changed,
        unchanged=len(differences) - changed,
        share=binomial_interval(so, changed, level=plan.level) if changed else None,
        p=sign_test_of_counts(so, changed - so) if changed else None,
    )
