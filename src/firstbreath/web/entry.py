"""Forms of the protocol as inputs on a page, and what was entered back into values and reasons for absence."""

from collections.abc import Container, Mapping

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext

from firstbreath.events.kinds import Entry
from firstbreath.protocol.entries import NULL_FLAVOURS
from firstbreath.protocol.values import Field, Form
from firstbreath.subjects.forms import Entered
from firstbreath.web.pages.words import render_absence, render_entry

SITE_FLAVOURS = ("NASK", "NAV", "UNK", "NA", "ASKU", "NINF", "PINF")
"""Why a value can be absent, in the order that a nurse is offered them."""
INPUT_MODES: Mapping[str, str] = {"integer": "numeric", "decimal": "decimal"}


class Choice(msgspec.Struct, frozen=True):
    """One choice of a field, and whether it is the one that stands."""

    value: str
    label: str
    chosen: bool


class FieldInput(msgspec.Struct, frozen=True):
    """One field as it is entered: its value or reason for absence, what is wrong with it, and what stands so far."""

    field: Field
    name: str
    kind: str
    value: str
    choices: tuple[Choice, ...]
    absent: str
    flavours: tuple[tuple[str, str], ...]
    mode: str = ""
    wrong: str = ""
    stands: str = ""
    seq: int = 0

    @property
    def limits(self) -> str:
        """What is possible, in words."""
        limits = {"low": self.field.min, "high": self.field.max}
        unit = gettext(self.field.unit) if self.field.unit else ""
        if limits["low"] is None and limits["high"] is None:
            return unit
        if limits["high"] is None:
            return f"{gettext('from %(low)s') % limits} {unit}".strip()
        words = gettext("up to %(high)s") if limits["low"] is None else gettext("%(low)s to %(high)s")
        return f"{words % limits} {unit}".strip()


def compute_inputs(
    form: Form,
    entered: Mapping[str, Entered] | None = None,
    sent: QueryDict | None = None,
    wrong: Mapping[str, str] | None = None,
) -> tuple[FieldInput, ...]:
    """The inputs of a form, in its order: what was sent just now, else what stands, else empty."""
    return tuple(
        _input(field, (entered or {}).get(field.id), sent, (wrong or {}).get(field.id, "")) for field in form.fields
    )


def _input(field: Field, entered: Entered | None, sent: QueryDict | None, wrong: str) -> FieldInput:
    name = f"field-{field.id}"
    if sent is not None:
        values, absent = [text for text in sent.getlist(name) if text], sent.get(f"absent-{field.id}", "")
    else:
        stands = entered.entry if entered else ""
        values, absent = list(stands) if isinstance(stands, tuple) else [stands], entered.absent if entered else ""
    options = ("yes", "no") if field.type == "yesno" else field.choices
    chosen = {value.casefold() for value in values}
    return FieldInput(
        field=field,
        name=name,
        kind="one" if field.type in ("yesno", "choice") else "several" if field.type == "choices" else field.type,
        value="".join(values[:1]),
        choices=tuple(Choice(option, option, option.casefold() in chosen) for option in options),
        absent=absent,
        flavours=tuple((code, NULL_FLAVOURS[code]) for code in SITE_FLAVOURS),
        mode=INPUT_MODES.get(field.type, ""),
        wrong=wrong,
        stands=_stands(entered, field.unit),
        seq=entered.event.seq if entered else 0,
    )


def _stands(entered: Entered | None, unit: str) -> str:
    if entered is None:
        return ""
    return render_absence(entered.absent) if entered.absent else f"{render_entry(entered.entry)} {unit}".strip()


def parse_sent(form: Form, sent: QueryDict) -> tuple[dict[str, Entry], dict[str, str]]:
    """The entries of a form and the reasons for absence, by field id; what was left empty is in neither."""
    values: dict[str, Entry] = {}
    absent: dict[str, str] = {}
    for field in form.fields:
        texts = tuple(text.strip() for text in sent.getlist(f"field-{field.id}") if text.strip())
        why = str(sent.get(f"absent-{field.id}", "")).strip()
        if texts:
            values[field.id] = texts if field.type == "choices" else texts[0]
        if why:
            absent[field.id] = why
    return values, absent


def changes_of(form: Form, entered: Mapping[str, Entered], sent: QueryDict) -> tuple[dict[str, Entry], dict[str, str]]:
    """What was sent that differs from what stands: a correction names only what changes.

    A value that still stands gives way to a reason for absence chosen beside it: nobody can empty a row of choices.
    """
    values, absent = parse_sent(form, sent)
    stands = {name: field.entry for name, field in entered.items() if not field.absent}
    lacking = {name: field.absent for name, field in entered.items() if field.absent}
    return (
        {name: entry for name, entry in values.items() if stands.get(name) != entry},
        {name: why for name, why in absent.items() if lacking.get(name) != why or name in values},
    )


def emptied_fields(entered: Mapping[str, Entered], sent: Container[str]) -> tuple[str, ...]:
    """The fields that had an answer and were sent without any: what was recorded cannot be unsaid."""
    return tuple(name for name in entered if name not in sent)
