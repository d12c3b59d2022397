"""What invented patients answer on the forms of a protocol: values inside the ranges that it declares.

A field that is not foreseen here is answered as not asked, or, where it is required, with what the field itself allows.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from firstbreath.designs.patients import Patient
from firstbreath.protocol.values import Field, Form

Values = dict[str, str | tuple[str, ...]]
OUTSIDE_TABLE: Mapping[str, str] = {"other_comorbidity": "NA", "other_treatment": "NA", "smoking_printed": "NASK"}
CHECKLIST_OF_WOMEN = ("pregnant", "nursing")


def complete(form: Form, values: Mapping[str, str | tuple[str, ...]]) -> dict[str, Any]:
    """The arguments of an act that records a form: every field has a value or a reason for absence."""
    known = {field.id for field in form.fields}
    given = {name: value for name, value in values.items() if name in known}
    given |= {field.id: _allowed(field) for field in form.fields if field.required and field.id not in given}
    absent = {field.id: OUTSIDE_TABLE.get(field.id, "NASK") for field in form.fields if field.id not in given}
    return {"form": form.id, "values": given, "absent": absent}


def _allowed(field: Field) -> str | tuple[str, ...]:
    """The plainest entry that a field takes."""
    match field.type:
        case "yesno":
            return "yes"
        case "choice":
            return field.choices[0]
        case "choices":
            return (field.choices[0],)
        case "integer" | "decimal":
            return str(int(field.min or 0))
        case "date":
            return "2026-01-01"
    return "Simulated"


def draw_demographics(patient: Patient, _chance: Random) -> Values:
    """Demography and history."""
    return {
        "age": str(patient.age),
        "sex": patient.sex,
        "occupation": patient.occupation,
        "allergy": "None known",
        "recorded_class": "Severe",
        "admission_days": str(patient.admitted),
        "nebulisation_days": str(patient.since_onset + 1),
        "symptoms": patient.symptoms,
        "comorbidity": (patient.comorbidity,),
    }


def draw_severity(patient: Patient, _chance: Random) -> Values:
    """The values that decide on the severity."""
    return {
        "respiratory_rate": str(patient.breaths),
        "spo2": str(patient.spo2),
        "pf_ratio": str(patient.pf_ratio),
        "mechanical_ventilation": "no",
        "shock": "no",
        "other_organ_failure": "no",
    }


def draw_checklist(patient: Patient, form: Form) -> Values:
    """The checklist of the criteria: nothing speaks against joining; men are not asked what is asked of women."""
    asked = [field for field in form.fields if patient.sex == "Female" or field.id not in CHECKLIST_OF_WOMEN]
    values: Values = {field.id: "no" for field in asked if field.type == "yesno"}
    return values | {"pcr_positive": "yes", "creatinine_clearance": str(patient.clearance), "child_pugh": "5"}


def draw_treatments(_patient: Patient, chance: Random) -> Values:
    """Other treatments."""
    return {
        "antivirals": (chance.choice(("Arbidol", "Ribavirin", "None")),),
        "antibiotics_antifungals": (chance.choice(("Moxifloxacin", "None")),),
        "corticosteroids": ("None",),
        "plasma": chance.choice(("Yes", "None")),
    }


def draw_vital_signs(patient: Patient, chance: Random, *, when: str, day: int) -> Values:
    """Vital signs; breathing and saturation mend a little from one trial day to the next."""
    busy = {"Before": 0, "During": 2, "After": 1}[when]
    return {
        "vs_when": when,
        "vs_temperature": f"{patient.temperature - 0.1 * day + chance.uniform(-0.2, 0.3):.1f}",
        "vs_heart_rate": str(patient.pulse + busy * 2 + chance.randint(-4, 5)),
        "vs_respiratory_rate": str(max(14, patient.breaths - day + busy + chance.randint(-1, 1))),
        "vs_spo2": str(min(99, patient.spo2 + 2 + day // 2 + chance.randint(0, 2))),
        "vs_systolic": str(patient.systolic + chance.randint(-6, 8)),
    }


def draw_laboratory(patient: Patient, chance: Random, *, after: bool) -> Values:
    """Laboratory values: inflamed and short of lymphocytes at first, less so after the course."""
    burden = patient.inflamed * (0.45 if after else 1.0)
    return {
        "wbc": f"{5.2 + 6 * burden * chance.uniform(0.6, 1.1):.1f}",
        "lymphocytes": f"{1.7 - 1.0 * burden * chance.uniform(0.7, 1.1):.2f}",
        "crp": f"{4 + 85 * burden * chance.uniform(0.4, 1.1):.1f}",
        "il6": f"{3 + 60 * burden * chance.uniform(0.3, 1.2):.1f}",
        "ldh": str(round(190 + 220 * burden * chance.uniform(0.6, 1.1))),
        "alt": str(round(22 + 55 * burden * chance.uniform(0.2, 1.2))),
        "creatinine": str(round(chance.uniform(48, 92))),
        "d_dimer": f"{0.3 + 1.6 * burden * chance.uniform(0.2, 1.1):.2f}",
    }


def draw_follow_up(_patient: Patient, chance: Random, *, day: int) -> Values:
    """A visit after discharge."""
    return {
        "follow_up_day": str(day),
        "follow_up_symptoms": chance.choice(("None", "Tired", "Cough at night")),
        "follow_up_igm": chance.choice(("+", "-")),
        "follow_up_igg": "+",
        "follow_up_lymphocytes": f"{chance.uniform(1.1, 2.4):.2f}",
        "follow_up_alt": str(chance.randint(11, 44)),
        "follow_up_creatinine": str(chance.randint(46, 90)),
        "follow_up_ct_finding": "No scan was made: this patient is simulated.",
    }
