"""CTCAE v5.0 grades of laboratory values, from the site's reference range and the subject's baseline.

Names to know: `TERMS` (the published table as data) and `grade_value`. What is not known is never grade 0.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import msgspec

from firstbreath.safety.ranges import ReferenceRange

Measure = Literal["limit", "baseline", "value"]
Steps = tuple[tuple["Bound", ...], ...]
WORST_OF_LABORATORY = 4
"""Grade 5 is death: no value of a laboratory says so."""


class Bound(msgspec.Struct, frozen=True):
    """Where a grade begins: so many times the limit of normal or the baseline, or a value; reached or passed."""

    times: Decimal
    of: Measure
    reached: bool = False


class Term(msgspec.Struct, frozen=True):
    """A CTCAE term of the laboratory: the bounds at which grades 1, 2, ... begin, the mildest first.

    steps     by unit, where bounds are values; by the empty text, where any unit will do
    abnormal  the bounds that count when the baseline was abnormal; empty where CTCAE makes no difference
    note      what the value cannot say and the person at the bedside can
    """

    name: str
    side: Literal["above", "below"]
    steps: Mapping[str, Steps]
    abnormal: Steps = ()
    note: str = ""

    @property
    def high(self) -> bool:
        """Whether it is high values that are graded."""
        return self.side == "above"


class LaboratoryGrade(msgspec.Struct, frozen=True):
    """A term with the grade a value has by it: 0 for none, None for not to be told; and why, or what may change it."""

    term: str
    grade: int | None
    why: str = ""

    @property
    def words(self) -> str:
        """The grade as it is read out."""
        return "grade unknown" if self.grade is None else f"grade {self.grade}" if self.grade else "no grade"


def _steps(*texts: str) -> Steps:
    """Bounds from texts: `ULN`, `3 ULN`, `>=1.5 base`, `100`; alternatives are joined by `or`."""
    return tuple(tuple(_bound(part) for part in text.split(" or ")) for text in texts)


def _bound(text: str) -> Bound:
    reached = text.startswith(">=")
    words = text.removeprefix(">=").split()
    measure: Measure = "limit" if words[-1] in ("ULN", "LLN") else "baseline" if words[-1] == "base" else "value"
    times = Decimal(words[0]) if words[0][0].isdigit() else Decimal(1)
    return Bound(times, measure, reached)


def _enzyme(name: str, first: str, lowest: str) -> Term:
    """Liver enzymes differ in where grade 1 begins and ends only."""
    normal = _steps("ULN", f"{lowest} ULN", "5 ULN", "20 ULN")
    return Term(name, "above", {"": normal}, _steps(first, f"{lowest} base", "5 base", "20 base"))


def _cells(name: str, *texts: str) -> Term:
    return Term(name, "below", {"10^9/L": _steps("LLN", *texts)})


_SYMPTOMS = "A grade higher when there are symptoms."
_CLINICAL = "Grade 4 is a life-threatening state, which no value shows."
TERMS: Mapping[str, Term] = {
    term.name: term
    for term in (
        _enzyme("Alanine aminotransferase increased", ">=1.5 base", "3"),
        _enzyme("Aspartate aminotransferase increased", ">=1.5 base", "3"),
        _enzyme("Alkaline phosphatase increased", ">=2 base", "2.5"),
        _enzyme("GGT increased", ">=2 base", "2.5"),
        Term(
            "Blood bilirubin increased",
            "above",
            {"": _steps("ULN", "1.5 ULN", "3 ULN", "10 ULN")},
            _steps("1 base", "1.5 base", "3 base", "10 base"),
        ),
        Term("Blood lactate dehydrogenase increased", "above", {"": _steps("ULN")}),
        Term("Creatinine increased", "above", {"": _steps("ULN", "1.5 ULN or 1.5 base", "3 ULN or 3 base", "6 ULN")}),
        Term("CPK increased", "above", {"": _steps("ULN", "2.5 ULN", "5 ULN", "10 ULN")}),
        _cells("White blood cell decreased", "3", "2", "1"),
        _cells("Lymphocyte count decreased", "0.8", "0.5", "0.2"),
        _cells("Neutrophil count decreased", "1.5", "1", "0.5"),
        _cells("Platelet count decreased", "75", "50", "25"),
        Term(
            "Anemia",
            "below",
            {
                "g/L": _steps("LLN", "100", "80"),
                "g/dL": _steps("LLN", "10", "8"),
                "mmol/L": _steps("LLN", "6.2", "4.9"),
            },
            note=_CLINICAL,
        ),
        Term("Hyperkalemia", "above", {"mmol/L": _steps("ULN", "5.5", "6", "7")}),
        # Grade 1 and 2 have the same limits; symptoms tell them apart.
        Term("Hypokalemia", "below", {"mmol/L": (*_steps("LLN"), (), *_steps("3", "2.5"))}, note=_SYMPTOMS),
        Term("Hypernatremia", "above", {"mmol/L": _steps("ULN", "150", "155", "160")}),
        # Printed in whole numbers (125-129, 120-124); what lies between them counts to the worse side.
        Term("Hyponatremia", "below", {"mmol/L": _steps("LLN", "130", "125", "120")}, note=_SYMPTOMS),
        Term(
            "Hypoalbuminemia",
            "below",
            {"g/L": _steps("LLN", "30", "20"), "g/dL": _steps("LLN", "3", "2")},
            note=_CLINICAL,
        ),
        Term(
            "INR increased",
            "above",
            {"": _steps("1.2", "1.5", "2.5")},
            note="With an anticoagulant: times the baseline.",
        ),
    )
}
"""NCI Common Terminology Criteria for Adverse Events v5.0 (27 November 2017), for the laboratory.

Where the ranges of a laboratory make two grades overlap, the higher one counts: the table then still gives one grade.
"""
_UNITS = {"10⁹/L": "10^9/L", "10e9/L": "10^9/L", "10*9/L": "10^9/L", "x10^9/L": "10^9/L", "10^9/l": "10^9/L"}


def same_unit(unit: str) -> str:
    """A unit as the table writes it."""
    plain = unit.strip().replace(" ", "").replace("×", "x")
    return _UNITS.get(plain, _UNITS.get(plain.lower(), plain))


def grade_value(
    term: Term, value: Decimal, *, unit: str, limits: ReferenceRange | None, baseline: Decimal | None = None
) -> LaboratoryGrade:
    """The grade of a value by a term.

    unit      of the value; limits stated in another one do not count
    limits    the range in force at the site on the day; None when there is none
    baseline  the value before the first dose; None when not recorded, or for a value before it
    """
    steps = term.steps.get(same_unit(unit), term.steps.get("", ()))
    if not steps:
        return LaboratoryGrade(term.name, None, f"The unit {unit or '(none)'} is not one of CTCAE for this.")
    if limits and limits.unit and same_unit(limits.unit) != same_unit(unit):
        limits = None
    limit = (limits.high if term.high else limits.low) if limits else None
    notes = [term.note] if term.note else []
    if term.abnormal and baseline is not None and limit is not None and baseline > limit:
        steps, notes = term.abnormal, [*notes, f"By the baseline, {baseline}, which was abnormal."]
    return _climb(term, value, steps, measures={"limit": limit, "baseline": baseline}, notes=notes)


def _climb(
    term: Term, value: Decimal, steps: Steps, *, measures: Mapping[str, Decimal | None], notes: list[str]
) -> LaboratoryGrade:
    """The highest step that the value is beyond; what is missing matters only above that."""
    for grade in range(len(steps), 0, -1):
        verdicts = [_is_beyond(term, value, bound, measures) for bound in steps[grade - 1]]
        if any(verdicts):
            return LaboratoryGrade(term.name, grade, " ".join(notes))
        if None in verdicts and measures["limit"] is None:
            return LaboratoryGrade(term.name, None, "No reference range of the site holds for it.")
    return LaboratoryGrade(term.name, 0, "")


def _is_beyond(term: Term, value: Decimal, bound: Bound, measures: Mapping[str, Decimal | None]) -> bool | None:
    """Whether a value is beyond a bound; None when what the bound is measured by is not known."""
    unit = Decimal(1) if bound.of == "value" else measures[bound.of]
    if unit is None:
        return None
    edge = bound.times * unit
    return value > edge or (bound.reached and value == edge) if term.high else value < edge


def compute_bounds(term: Term, steps: Steps, *, limit: Decimal, baseline: Decimal | None) -> tuple[Decimal | None, ...]:
    """Where each grade of a ladder begins, the mildest first; None for a grade that no value reaches alone."""
    measures = {"limit": limit, "baseline": baseline, "value": Decimal(1)}
    pick = min if term.high else max
    found: list[Decimal | None] = []
    for alternatives in steps:
        edges = [b.times * unit for b in alternatives if (unit := measures[b.of]) is not None]
        found.append(pick(edges) if edges else None)
    return tuple(found)
