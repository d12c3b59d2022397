"""Invented patients: drawn from chance alone, within what is possible for an adult with severe pneumonia."""

from random import Random

import msgspec

OCCUPATIONS = ("Teacher", "Driver", "Cook", "Clerk", "Retired", "Shopkeeper")
SYMPTOMS = ("Fever", "Cough", "Shortness of breath", "Malaise", "Expectoration", "Sore throat")
COMORBIDITIES = ("None", "Hypertension", "Diabetes", "Hyperthyroidism")


class Patient(msgspec.Struct, frozen=True, kw_only=True):
    """An invented patient as first seen.

    since_onset  days from the first symptom to screening; admitted: to admission
    spo2         percent, at rest on room air; pf_ratio in mmHg; breaths and pulse per minute; systolic in mmHg
    """

    code: str
    age: int
    sex: str
    occupation: str
    symptoms: tuple[str, ...]
    comorbidity: str
    admitted: int
    since_onset: int
    spo2: int
    pf_ratio: int
    breaths: int
    pulse: int
    systolic: int
    temperature: float
    clearance: int
    inflamed: float


def draw_patient(code: str, chance: Random) -> Patient:
    """A patient with the severe type of the illness, in whom nothing speaks against joining."""
    admitted = chance.randint(2, 12)
    return Patient(
        code=code,
        age=chance.randint(29, 73),
        sex=chance.choice(("Male", "Female")),
        occupation=chance.choice(OCCUPATIONS),
        symptoms=tuple(chance.sample(SYMPTOMS, chance.randint(2, 4))),
        comorbidity=chance.choice(COMORBIDITIES),
        admitted=admitted,
        since_onset=admitted + chance.randint(3, 25),
        spo2=chance.randint(88, 93),
        pf_ratio=chance.randint(170, 290),
        breaths=chance.randint(24, 33),
        pulse=chance.randint(72, 104),
        systolic=chance.randint(108, 146),
        temperature=round(chance.uniform(36.4, 38.2), 1),
        clearance=chance.randint(62, 118),
        inflamed=round(chance.uniform(0.5, 1.0), 2),
    )
