"""What must hold of endpoints and of figures of rates: both sides are measured, differ, and lie on one scale."""

from collections.abc import Iterator
from fractions import Fraction

from firstbreath.protocol.check_analysis import FILE, NUMBERS, Fields
from firstbreath.protocol.complaints import Complaint, undeclared
from firstbreath.protocol.lines import Place
from firstbreath.protocol.rules import RuleError, parse_rule
from firstbreath.protocol.schedule import parse_grid
from firstbreath.protocol.values import Endpoint, Measured, Protocol
from firstbreath.protocol.words import render_number

UNSCHEDULED = "unscheduled"
"""The visit of what is recorded outside the schedule."""


def check_endpoints(protocol: Protocol) -> Iterator[Complaint]:
    """Each endpoint compares two different numbers that the forms or the charter give."""
    fields = {field.id: (form, field) for form in protocol.forms for field in form.fields}
    for n, endpoint in enumerate(protocol.analysis.endpoints):
        place = ("analysis", "endpoints", n)
        for side, measured in (("before", endpoint.before), ("after", endpoint.after)):
            if bool(measured.field) == measured.charter:
                named = "a field and the charter" if measured.charter else "neither a field nor the charter"
                what = f'"{side}" of endpoint "{endpoint.id}" names {named}.'
                yield Complaint(FILE, (*place, side), "PROT-086", what, 'Give "field", or "charter = true".')
            elif measured.charter:
                yield from _check_read((*place, side), measured, protocol)
            else:
                yield from _check_entered((*place, side), measured, fields, protocol=protocol)
        yield from _check_sides(place, endpoint, fields)
        yield from _check_scale(place, endpoint)


def _check_entered(place: Place, measured: Measured, fields: Fields, *, protocol: Protocol) -> Iterator[Complaint]:
    """A number of a form that is filled in at that visit."""
    yield from undeclared(FILE, (*place, "field"), measured.field, fields)
    visits = {visit.id for visit in protocol.design.visits} | {UNSCHEDULED}
    if measured.visit:
        yield from undeclared(FILE, (*place, "visit"), measured.visit, visits)
    if measured.field not in fields:
        return
    form, field = fields[measured.field]
    if field.type not in NUMBERS:
        what = f"`{field.id}` is of type {field.type}: no change of it can be computed."
        yield Complaint(FILE, (*place, "field"), "PROT-087", what, "Name a field of type integer or decimal.")
    _, cells, _ = parse_grid(protocol.design.schedule.grid)
    drawn = {cell.visit for cell in cells if cell.activity == form.id}
    if drawn and measured.visit in visits - drawn - {UNSCHEDULED}:
        what = f'Form "{form.id}" with `{field.id}` is not drawn at visit "{measured.visit}".'
        yield Complaint(FILE, (*place, "visit"), "PROT-097", what, f"Name one of: {', '.join(sorted(drawn))}.")
    elsewhere = _names(measured.where) - {other.id for other in form.fields}
    if elsewhere & fields.keys() or elsewhere & {derived.id for derived in protocol.design.derived}:
        what = f'"where" asks for {", ".join(sorted(elsewhere))}, and the record is one of form "{form.id}".'
        yield Complaint(FILE, (*place, "where"), "PROT-095", what, "Name fields of the same form.")


def _names(rule: str) -> set[str]:
    try:
        return set(parse_rule(rule).names) if rule else set()
    except RuleError:
        return set()


def _check_read(place: Place, measured: Measured, protocol: Protocol) -> Iterator[Complaint]:
    """A score that the charter's readers give at that visit."""
    if protocol.charter is None:
        yield Complaint(FILE, (*place, "charter"), "PROT-094", "There is no charter.toml.", "Add the file.")
    elif measured.visit not in protocol.charter.visits:
        what = f'The charter reads no images at visit "{measured.visit}".'
        fix = f"Name one of: {', '.join(protocol.charter.visits) or 'none yet'}."
        yield Complaint(FILE, (*place, "visit" if measured.visit else "charter"), "PROT-094", what, fix)
    if measured.where:
        what = '"where" looks at a record of a form, and the score of the charter is none.'
        yield Complaint(FILE, (*place, "where"), "PROT-095", what, 'Remove "where".')


def _check_sides(place: Place, endpoint: Endpoint, fields: Fields) -> Iterator[Complaint]:
    """Two values in one unit, and not the same value twice."""
    before, after = endpoint.before, endpoint.after
    sides = [(side.field, side.charter, side.visit, side.where, side.record) for side in (before, after)]
    if sides[0] == sides[1]:
        what = f'Endpoint "{endpoint.id}" compares a value with itself.'
        yield Complaint(FILE, (*place, "after"), "PROT-088", what, "Name another field, visit, rule or record.")
    units = {fields[side.field][1].unit for side in (before, after) if side.field in fields}
    if len(units) == 2:
        what = f'The fields of endpoint "{endpoint.id}" are in two units: {" and ".join(sorted(units))}.'
        yield Complaint(FILE, (*place, "after"), "PROT-098", what, "Name two fields in one unit.")


def _check_scale(place: Place, endpoint: Endpoint) -> Iterator[Complaint]:
    low, high, step = endpoint.lowest, endpoint.highest, endpoint.step
    if low is not None and high is not None and low >= high:
        what = f'The scale of endpoint "{endpoint.id}" has its lowest {low} at or above its highest {high}.'
        yield Complaint(FILE, (*place, "lowest"), "PROT-089", what, "Exchange them or correct one.")
    elif step is not None and step <= 0:
        what = f'The scale of endpoint "{endpoint.id}" has steps of {render_number(step)}.'
        yield Complaint(FILE, (*place, "step"), "PROT-089", what, "Write a step above 0, or leave it out.")
    elif (
        step is not None and low is not None and high is not None and (Fraction(high) - Fraction(low)) % Fraction(step)
    ):
        what = f"Steps of {render_number(step)} from {low} do not end at {high}."
        yield Complaint(FILE, (*place, "step"), "PROT-089", what, "Correct the step, the lowest or the highest.")


def check_forests(protocol: Protocol) -> Iterator[Complaint]:
    """Each figure of rates names counts."""
    summaries = {summary.id: summary for summary in protocol.analysis.summaries}
    for n, forest in enumerate(protocol.analysis.forests):
        place = ("analysis", "forests", n, "summaries")
        if not forest.summaries:
            what = f'Figure "{forest.id}" shows no rate.'
            yield Complaint(FILE, place, "PROT-096", what, "Name a summary with statistic count.")
        for m, name in enumerate(forest.summaries):
            yield from undeclared(FILE, (*place, m), name, summaries)
            if name in summaries and summaries[name].statistic != "count":
                what = f'Figure "{forest.id}" shows rates, and summary "{name}" is no count.'
                yield Complaint(FILE, (*place, m), "PROT-096", what, "Name a summary with statistic count.")
