"""Forms and their fields as people read them."""

from firstbreath.protocol.layout import render_columns
from firstbreath.protocol.values import Field, Form, Protocol
from firstbreath.protocol.words import render_number

TYPES = {
    "integer": "whole number",
    "decimal": "number",
    "text": "text",
    "choice": "one of",
    "choices": "any of",
    "yesno": "yes or no",
    "date": "date",
}


def render_forms(protocol: Protocol) -> str:
    """Every form with its fields: what is asked, how it is answered, and where it goes in SDTM."""
    checks = [_checks(protocol)] if protocol.checks else []
    return "\n\n".join([*(_form(form) for form in protocol.forms), *checks])


def _checks(protocol: Protocol) -> str:
    rows = [(check.id, check.form, f"{check.rule}: {check.text}") for check in protocol.checks]
    return f"Checks\n{render_columns(rows, indent='  ')}"


def _form(form: Form) -> str:
    repeats = ", several records at a visit" if form.repeats else ""
    source = f" [{form.source}]" if form.source else ""
    rows = [(field.id, "must" if field.required else "", field.sdtm, _question(field)) for field in form.fields]
    return f"{form.id}: {form.title}{repeats}{source}\n{render_columns(rows, indent='  ')}"


def _question(field: Field) -> str:
    """`Age: whole number, years, 0 to 120`."""
    parts = [TYPES[field.type] + (f" {', '.join(field.choices)}" if field.choices else ""), field.unit, _range(field)]
    return f"{field.label}: {', '.join(part for part in parts if part)}"


def _range(field: Field) -> str:
    low, high = (render_number(limit) if limit is not None else "" for limit in (field.min, field.max))
    if low and high:
        return f"{low} to {high}"
    return f"from {low}" if low else f"up to {high}" if high else ""
