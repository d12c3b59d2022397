"""Forms and their fields."""

from decimal import Decimal
from typing import Literal

from firstbreath.protocol.values_base import Id, Sdtm, Sourced, Text

FieldType = Literal["integer", "decimal", "text", "choice", "choices", "yesno", "date"]

CtcaeTerm = Literal[
    "Alanine aminotransferase increased",
    "Aspartate aminotransferase increased",
    "Alkaline phosphatase increased",
    "GGT increased",
    "Blood bilirubin increased",
    "Blood lactate dehydrogenase increased",
    "Creatinine increased",
    "CPK increased",
    "White blood cell decreased",
    "Lymphocyte count decreased",
    "Neutrophil count decreased",
    "Platelet count decreased",
    "Anemia",
    "Hyperkalemia",
    "Hypokalemia",
    "Hypernatremia",
    "Hyponatremia",
    "Hypoalbuminemia",
    "INR increased",
]
"""The terms of CTCAE v5.0 that a laboratory value can be graded by, as printed there."""


class Field(Sourced, frozen=True, kw_only=True):
    """One question of a form. `min` and `max` are what is possible at all, both allowed.

    `ctcae` names the terms by which a laboratory value is graded against the range of the site.
    """

    id: Id
    label: Text
    type: FieldType
    unit: str = ""
    min: Decimal | None = None
    max: Decimal | None = None
    choices: tuple[Text, ...] = ()
    required: bool = False
    sdtm: Sdtm = ""
    ctcae: tuple[CtcaeTerm, ...] = ()


class Form(Sourced, frozen=True, kw_only=True):
    """A set of fields recorded together at a visit; a repeating form has many records in one visit."""

    id: Id
    title: Text
    repeats: bool = False
    fields: tuple[Field, ...]


class Check(Sourced, frozen=True, kw_only=True):
    """What the values of a form's record must agree on; `text` is said when they do not.

    A check that cannot be told, because something it asks for is missing, is put before data management like a failed
    one.
    """

    id: Id
    form: Id
    rule: Text
    text: Text
