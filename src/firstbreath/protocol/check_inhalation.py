"""What must hold of the inhalation: its form is there, its time points are told apart, its rules can be told."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from firstbreath.protocol.complaints import Complaint, undeclared
from firstbreath.protocol.findings import show, suggest
from firstbreath.protocol.rule_types import check_types
from firstbreath.protocol.rules import RuleError, parse_rule
from firstbreath.protocol.values import Field, Form, Protocol
from firstbreath.protocol.values_inhalation import Inhalation

FILE, PART = "protocol.toml", "inhalation"
NUMBERS = ("integer", "decimal")
CHANGE = "_change"
"""What is put after a field's name for its difference from the value before."""


def check_inhalation(protocol: Protocol) -> Iterator[Complaint]:
    """Everything the inhalation names is there, and every number can be kept to."""
    part = protocol.design.inhalation
    if part is None:
        return
    form = protocol.form(part.form)
    yield from undeclared(FILE, (PART, "form"), part.form, [entry.id for entry in protocol.forms])
    yield from _check_spans(part)
    if form is None:
        return
    if not form.repeats:
        what = f'Form "{form.id}" is recorded once a visit, and vital signs are due at several times.'
        yield Complaint(FILE, (PART, "form"), "PROT-110", what, 'Give the form "repeats = true".')
    yield from _check_points(part, form)
    yield from _check_limits(part, form)
    yield from _check_stopping_rules(part, protocol, form)


def _check_points(part: Inhalation, form: Form) -> Iterator[Complaint]:
    """Each time point has a choice of its own, and the one before is among them."""
    told_by = next((field for field in form.fields if field.id == part.told_by), None)
    choices = told_by.choices if told_by else ()
    if told_by is None or told_by.type != "choice":
        what = f'"{part.told_by}" is no choice field of the form "{form.id}".'
        yield Complaint(FILE, (PART, "told_by"), "PROT-111", what, "Name the field that says when it was measured.")
        return
    yield from undeclared(FILE, (PART, "before"), part.before, [point.id for point in part.time_points])
    for n, point in enumerate(part.time_points):
        place = (PART, "time_points", n, "choice")
        if point.choice not in choices:
            what = f'"{point.choice}" is no choice of `{part.told_by}`.'
            yield Complaint(FILE, place, "PROT-112", what, suggest(point.choice, choices))
        if point.choice in [earlier.choice for earlier in part.time_points[:n]]:
            what = f'Two time points have the choice "{point.choice}".'
            yield Complaint(FILE, place, "PROT-113", what, "Give each its own.")


def _check_spans(part: Inhalation) -> Iterator[Complaint]:
    """Every span begins before it ends, and nothing that is measured is below zero."""
    spans: list[tuple[tuple[str | int, ...], Decimal | int | None, Decimal | int | None]] = [
        ((PART, "oxygen_from_l_min"), part.oxygen_from_l_min, part.oxygen_to_l_min)
    ]
    spans += [((PART, "time_points", n), p.first_minute, p.last_minute) for n, p in enumerate(part.time_points)]
    spans += [((PART, "limits", n), limit.low, limit.high) for n, limit in enumerate(part.limits)]
    for place, low, high in spans:
        if low is not None and high is not None and low > high:
            yield Complaint(
                FILE, place, "PROT-114", f"The span ends at {high}, before it begins at {low}.", "Correct it."
            )
    for name in ("oxygen_from_l_min", "oxygen_to_l_min", "volume_tolerance_ml", "max_residual_ml"):
        number = getattr(part, name)
        if number is not None and number < 0:
            yield Complaint(FILE, (PART, name), "PROT-115", f"{name} = {number} is below zero.", "Write 0 or more.")


def _check_limits(part: Inhalation, form: Form) -> Iterator[Complaint]:
    """Limits are of numbers of the form, and limit something."""
    numbers = [field.id for field in form.fields if field.type in NUMBERS]
    for n, limit in enumerate(part.limits):
        place = (PART, "limits", n)
        if limit.field not in numbers:
            what = f'"{limit.field}" is no number of the form "{form.id}".'
            yield Complaint(FILE, (*place, "field"), "PROT-116", what, suggest(limit.field, numbers))
        if limit.low is None and limit.high is None:
            what = f'The limit of "{limit.field}" limits nothing.'
            yield Complaint(FILE, place, "PROT-117", what, 'Add "low" or "high", or remove it.')


def _check_stopping_rules(part: Inhalation, protocol: Protocol, form: Form) -> Iterator[Complaint]:
    """Stopping rules compare like with like, over the form's fields and their changes."""
    names = stopping_names(form)
    for field in form.fields:
        if protocol.field(field.id + CHANGE):
            what = f'The field "{field.id}{CHANGE}" has the name of a change.'
            yield Complaint(FILE, (PART, "form"), "PROT-118", what, "Give the field another name.")
    for n, stopping in enumerate(part.stopping_rules):
        place = (PART, "stopping_rules", n, "rule")
        said = f"Rule `{show(stopping.rule)}`:"
        try:
            rule = parse_rule(stopping.rule)
        except RuleError as wrong:
            fix = "Use names, numbers, texts, lists, comparisons, and, or, not, in."
            yield Complaint(FILE, place, "PROT-020", f"{said} {wrong}.", fix)
            continue
        unknown = [name for name in rule.names if name not in names]
        for name in unknown:
            what = f'{said} the form "{form.id}" declares no "{name}".'
            yield Complaint(FILE, place, "PROT-021", what, suggest(name, names))
        if not unknown:
            for code, what, fix in check_types(rule.tree, names, set()):
                yield Complaint(FILE, place, code, f"{said} {what}", fix)


def stopping_names(form: Form) -> Mapping[str, Field]:
    """What a stopping rule can name: the form's fields, and the change of each number since before."""
    changes = {
        field.id + CHANGE: msgspec.structs.replace(field, id=field.id + CHANGE, type="decimal", min=None, max=None)
        for field in form.fields
        if field.type in NUMBERS
    }
    return {field.id: field for field in form.fields} | changes
