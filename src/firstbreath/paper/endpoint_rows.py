"""Rows of the endpoints of a trial: every subject's values, and every number of the exact answer.

Names to know: `compute_endpoint_results`, `value_rows`. Never here: a value filled in for a missing one.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import msgspec

from firstbreath.paper.answer_rows import Named, Number, render_signed, row_of, rows_of_answer
from firstbreath.paper.measuring import Measurement, measure_sides
from firstbreath.paper.rows import ABSENT, RECORDED, Result, enrolled_subjects, seqs
from firstbreath.protocol.values import Endpoint, Protocol
from firstbreath.stats.endpoint_answers import Endpoint as Answer
from firstbreath.stats.endpoints import endpoint as compute_endpoint
from firstbreath.stats.medians import compute_recorded_decimals
from firstbreath.stats.refusals import NotComputable
from firstbreath.trial.state import Trial

LEVEL = Decimal("0.95")
SIDES = {"before": "value_before", "after": "value_after", "difference": "difference"}
"""The statistic of each row of a subject; the rows of all subjects have others."""


class Measured(msgspec.Struct, frozen=True):
    """One subject's values, None where missing, and why; with the numbers of the events that say so."""

    subject: str
    before: Decimal | Fraction | None
    after: Decimal | Fraction | None
    why_before: str = RECORDED
    why_after: str = RECORDED
    seqs_before: tuple[int, ...] = ()
    seqs_after: tuple[int, ...] = ()


def compute_endpoint_results(trial: Trial, protocol: Protocol) -> list[Result]:
    """The rows of every endpoint; of one without a value in any subject, a single row that says so."""
    return [row for endpoint in protocol.analysis.endpoints for row in _endpoint_rows(trial, protocol, endpoint)]


def _endpoint_rows(trial: Trial, protocol: Protocol, endpoint: Endpoint) -> list[Result]:
    subjects = enrolled_subjects(trial)
    measured = [
        _measured(subject.code, *measure_sides(subject, endpoint, protocol, trial.reading)) for subject in subjects
    ]
    named = Named(endpoint.id, endpoint.label, endpoint.unit, _sources(measured))
    if not any((one.before, one.after) != (None, None) for one in measured):
        why = sorted({why for one in measured for why in (one.why_before, one.why_after)})
        return [_absent(named, ", ".join(["no values", *why]))]
    rows = [*value_rows(measured, named), *(row_of(number, named) for number in _counts(measured))]
    try:
        answer = _compute_answer(measured, endpoint, tests_done=len(protocol.analysis.endpoints))
    except NotComputable as refused:
        return [*rows, _absent(named, f"not computed: {refused}")]
    return [*rows, *rows_of_answer(answer, named, definition=protocol.analysis.quantiles)]


def _measured(code: str, before: Measurement, after: Measurement) -> Measured:
    why = (before.why or RECORDED, after.why or RECORDED)
    return Measured(code, before.value, after.value, *why, seqs(before.sources), seqs(after.sources))


def _sources(measured: Iterable[Measured]) -> tuple[int, ...]:
    return tuple(sorted({seq for one in measured for seq in (*one.seqs_before, *one.seqs_after)}))


def _absent(named: Named, why: str) -> Result:
    """The row that stands where a typical change would."""
    return row_of(Number("typical.estimate", "hodges_lehmann", None, ABSENT, why), named)


def _compute_answer(measured: Sequence[Measured], endpoint: Endpoint, *, tests_done: int) -> Answer:
    """The exact answer of an endpoint in all its subjects; `NotComputable` where there is none."""
    return compute_endpoint(
        [one.before for one in measured],
        [one.after for one in measured],
        [one.subject for one in measured],
        better=endpoint.better,
        unit=endpoint.unit,
        level=LEVEL,
        lowest=endpoint.lowest,
        highest=endpoint.highest,
        step=endpoint.step,
        tests_done=tests_done,
    )


def value_rows(measured: Iterable[Measured], named: Named) -> list[Result]:
    """Three rows for each subject: before, after, and the difference where there are both values."""
    return [row for one in measured for row in _rows_of_subject(one, named)]


def _rows_of_subject(one: Measured, named: Named) -> list[Result]:
    def row(side: str, value: Decimal | Fraction | None, method: str, sources: tuple[int, ...]) -> Result:
        exact, printed = ("", ABSENT) if value is None else (str(value), render_signed(value, _decimals(value)))
        about = ("enrolled", one.subject, named.label, SIDES[side])
        return Result(f"E.{named.id}.{one.subject}.{side}", *about, exact, printed, method, sources)

    rows = [
        row("before", one.before, one.why_before, one.seqs_before),
        row("after", one.after, one.why_after, one.seqs_after),
    ]
    if one.before is None or one.after is None:
        return [*rows, row("difference", None, "a value is missing", ())]
    difference = Fraction(one.after) - Fraction(one.before)
    return [*rows, row("difference", difference, "after minus before", _sources([one]))]


def _decimals(value: Decimal | Fraction) -> int:
    """The decimals a value is recorded with; none are added to one that was computed."""
    return compute_recorded_decimals([value]) if isinstance(value, Decimal) else 0


def _counts(measured: Sequence[Measured]) -> list[Number]:
    """How many subjects have both values, and how many lack which."""
    pairs = [(one.before is None, one.after is None) for one in measured]
    counts = {
        "enrolled": ("subjects", "subjects enrolled", len(pairs)),
        "n": ("pairs", "subjects with both values", pairs.count((False, False))),
        "lacking.any": ("missing", "subjects that lack a value", sum(map(any, pairs))),
        "lacking.first": ("missing_before", "subjects without a value before", sum(early for early, _ in pairs)),
        "lacking.second": ("missing_after", "subjects without a value after", sum(late for _, late in pairs)),
    }
    return [Number(name, about, count, str(count), method) for name, (about, method, count) in counts.items()]
