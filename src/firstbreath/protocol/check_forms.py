"""What must hold of a field: its range is possible, its choices stand where they are needed and nowhere else."""

from collections.abc import Iterator

from firstbreath.protocol.complaints import Complaint, undeclared
from firstbreath.protocol.rules import RuleError, parse_rule
from firstbreath.protocol.values import Check, Field, Form, Protocol

NUMBERS = ("integer", "decimal")
LISTED = ("choice", "choices")
Wrong = tuple[str, str, str]
"""Code, what, fix."""


def check_fields(protocol: Protocol) -> Iterator[Complaint]:
    """Every form asks something, and every field can be answered."""
    for n, form in enumerate(protocol.forms):
        yield from _check_form(n, form)
        for m, field in enumerate(form.fields):
            for code, what, fix in (*_check_range(field), *_check_choices(field)):
                yield Complaint("forms.toml", ("forms", n, "fields", m), code, f"`{field.id}` {what}", fix)


def _check_form(n: int, form: Form) -> Iterator[Complaint]:
    if not form.fields:
        what = f'Form "{form.id}" asks nothing.'
        yield Complaint("forms.toml", ("forms", n), "PROT-035", what, "Add fields, or remove the form.")


def _check_range(field: Field) -> Iterator[Wrong]:
    low, high = field.min, field.max
    if low is None and high is None:
        return
    if field.type not in NUMBERS:
        yield "PROT-032", f"is of type {field.type} and has a range.", "Ranges belong to numbers."
    if low is not None and high is not None and low > high:
        yield "PROT-030", f"has min {low} above max {high}.", "Exchange them or correct one."
    if field.type == "integer" and any(limit is not None and limit % 1 for limit in (low, high)):
        yield "PROT-034", f"takes whole numbers and has the range {low} to {high}.", "Write whole limits."


def _check_choices(field: Field) -> Iterator[Wrong]:
    if (field.type in LISTED) != bool(field.choices):
        what = f"is of type {field.type} and has {len(field.choices)} choices."
        yield "PROT-031", what, "Give choices to choice fields, and only to them."
    seen: set[str] = set()
    for choice in field.choices:
        if choice.casefold() in seen:
            fix = "Keep one; capitals do not matter on entry."
            yield "PROT-033", f'offers "{choice}" twice.', fix
        seen.add(choice.casefold())


def check_edit_checks(protocol: Protocol) -> Iterator[Complaint]:
    """A check is of a form that is there, and asks for at least one of its fields."""
    for n, check in enumerate(protocol.checks):
        form = protocol.form(check.form)
        yield from undeclared("forms.toml", ("checks", n, "form"), check.form, [form.id for form in protocol.forms])
        if form and not _asks_of(check, form, protocol):
            what = f'Check "{check.id}" asks for no field of the form "{form.id}".'
            yield Complaint(
                "forms.toml", ("checks", n, "rule"), "PROT-038", what, "Name the form whose values it asks."
            )


def _asks_of(check: Check, form: Form, protocol: Protocol) -> bool:
    """Whether a rule names a field of the form, or a definition, whose names are checked where it stands."""
    try:
        names = {*parse_rule(check.rule).names}
    except RuleError:
        return True  # said already, where the rule is read
    known = {field.id for field in form.fields} | {entry.id for entry in protocol.design.derived}
    return bool(names & known)
