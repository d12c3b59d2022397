"""The table of grades as a partition: every value has one grade, none is skipped, none overlaps."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstbreath.safety.ctcae import TERMS, compute_bounds, grade_value
from firstbreath.safety.ranges import ReferenceRange

LADDERS = [
    (term, unit, steps, kind)
    for term in TERMS.values()
    for unit, normal in term.steps.items()
    for kind, steps in (("normal", normal), ("abnormal", term.abnormal))
    if steps
]
# Limits as laboratories have them, so that grade 1 is not empty.
NORMAL = {"10^9/L": "150", "g/L": "130", "g/dL": "13", "mmol/L": "8"}
VALUES = st.decimals(min_value=0, max_value=10_000, places=3, allow_nan=False)


def named(part):
    return getattr(part, "name", str(part)[:9])


def limit_of(term, unit):
    if term.high:
        return {"Hyperkalemia": Decimal("5.1"), "Hypernatremia": Decimal(147)}.get(term.name, Decimal(1))
    low = {"Hypokalemia": "3.5", "Hyponatremia": "137", "White blood cell decreased": "3.5"}
    return Decimal(low.get(term.name, NORMAL[unit]))


@pytest.mark.parametrize(("term", "unit", "steps", "kind"), LADDERS, ids=named)
def test_no_grade_is_empty_and_none_overlaps(term, unit, steps, kind):
    limit = limit_of(term, unit)
    found = [b for b in compute_bounds(term, steps, limit=limit, baseline=limit * 2) if b is not None]
    ordered = sorted(set(found), reverse=not term.high)
    assert found == ordered


@given(value=VALUES)
@pytest.mark.parametrize(("term", "unit", "steps", "kind"), LADDERS, ids=named)
def test_every_value_has_the_one_grade_its_place_between_the_bounds_says(term, unit, steps, kind, value):
    limit = limit_of(term, unit)
    baseline = limit * 2 if kind == "abnormal" else None
    limits = ReferenceRange(None, limit) if term.high else ReferenceRange(limit, None)
    found = grade_value(term, value, unit=unit or "U/L", limits=limits, baseline=baseline)
    bounds = compute_bounds(term, steps, limit=limit, baseline=baseline)
    reached = [any(b.reached for b in alternatives) for alternatives in steps]
    passed = [
        grade
        for grade, (bound, at) in enumerate(zip(bounds, reached, strict=True), 1)
        if bound is not None and ((value > bound or (at and value == bound)) if term.high else value < bound)
    ]
    assert found.grade == max(passed, default=0)


@given(value=VALUES, worse=st.decimals(min_value=0, max_value=100, places=2))
@pytest.mark.parametrize("term", TERMS.values(), ids=lambda term: term.name)
def test_worse_value_never_has_a_milder_grade(term, value, worse):
    unit = next(iter(term.steps))
    limit = limit_of(term, unit)
    limits = ReferenceRange(limit, limit)
    further = value + worse if term.high else max(value - worse, Decimal(0))
    first, second = (grade_value(term, x, unit=unit or "U/L", limits=limits).grade for x in (value, further))
    assert None not in (first, second)
    assert second >= first


@given(value=VALUES)
@pytest.mark.parametrize("term", TERMS.values(), ids=lambda term: term.name)
def test_without_a_range_no_value_has_grade_0_unless_no_range_is_asked_for(term, value):
    found = grade_value(term, value, unit=next(iter(term.steps)) or "U/L", limits=None)
    asks = any(bound.of == "limit" for steps in term.steps.values() for step in steps for bound in step)
    assert found.grade != 0 or not asks


@pytest.mark.parametrize("name", ["Anemia", "Hyperkalemia", "Lymphocyte count decreased"])
def test_unknown_unit_gives_an_unknown_grade(name):
    found = grade_value(TERMS[name], Decimal(1), unit="bushels", limits=ReferenceRange(Decimal(2), Decimal(3)))
    assert (found.grade, found.words) == (None, "grade unknown")


def test_range_in_another_unit_does_not_count():
    limits = ReferenceRange(Decimal(9), Decimal(50), "ukat/L")
    assert (
        grade_value(TERMS["Alanine aminotransferase increased"], Decimal(60), unit="U/L", limits=limits).grade is None
    )
