"""Forms and their fields."""

from decimal import Decimal
from typing import Literal

from firstbreath.protocol.values_base import Id, Sdtm, Sourced, Text

FieldType = Literal["integer", "decimal", "text", "choice", "choices", "yesno", "date"]


class Field(Sourced, frozen=True, kw_only=True):
    """One question of a form. `min` and `max` are what is possible at all, both allowed."""

    id: Id
    label: Text
    type: FieldType
    unit: str = ""
    min: Decimal | None = None
    max: Decimal | None = None
    choices: tuple[Text, ...] = ()
    required: bool = False
    sdtm: Sdtm = ""


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
