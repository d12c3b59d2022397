"""What must hold of the charter and of the analysis: what is read can be read, what is printed is recorded."""

from collections.abc import Iterator
from itertools import pairwise

from firstbreath.protocol.complaints import Complaint, undeclared
from firstbreath.protocol.lines import Place
from firstbreath.protocol.schedule import parse_grid
from firstbreath.protocol.values import Charter, Field, Form, Protocol, Summary, Swimmer, Table

NUMBERS = ("integer", "decimal")
FILE = "analysis.toml"
Fields = dict[str, tuple[Form, Field]]


def check_charter(protocol: Protocol) -> Iterator[Complaint]:
    """There is something to score, enough readers to agree, and imaging at the visits that are read."""
    charter = protocol.charter
    _, cells, _ = parse_grid(protocol.design.schedule.grid)
    imaged = {cell.visit for cell in cells if cell.activity == "imaging"}
    if charter is None:
        if imaged:
            what = "The schedule draws imaging, and there is no charter.toml."
            yield Complaint("protocol.toml", ("schedule", "grid"), "PROT-092", what, "Add the file.")
        return
    declared = {visit.id for visit in protocol.design.visits}
    for n, visit in enumerate(charter.visits):
        yield from undeclared("charter.toml", ("charter", "visits", n), visit, declared)
    if set(charter.visits) != imaged:
        what = f"The charter reads {_words(charter.visits)}, the schedule draws imaging at {_words(imaged)}."
        yield Complaint("charter.toml", ("charter", "visits"), "PROT-093", what, "Make the two agree.")
    yield from _check_scale(charter)


def _check_scale(charter: Charter) -> Iterator[Complaint]:
    if not charter.segments or charter.maximum == 0:
        what = f"{len(charter.segments)} segments with {len(charter.scores)} points give no score."
        yield Complaint("charter.toml", ("charter",), "PROT-090", what, "Add segments, and points above 0.")
    if charter.readers == 1 and charter.agreement != "mean":
        what = f"One reader cannot come to {charter.agreement}."
        yield Complaint("charter.toml", ("charter", "readers"), "PROT-091", what, "Name two readers or more.")
    yield from _check_sizes(charter)


def _check_sizes(charter: Charter) -> Iterator[Complaint]:
    """Size classes that follow each other meet: no diameter and no share belongs to none, or to two."""
    pairs = enumerate(pairwise(sorted(charter.scores, key=lambda score: score.points)))
    for n, (lower, upper) in pairs:
        for below, from_, unit in (
            (lower.below_mm, upper.from_mm, "mm"),
            (lower.below_percent, upper.from_percent, "%"),
        ):
            if below is not None and below != from_:
                what = f"{lower.points} points end below {below} {unit}; {upper.points} begin at {_limit(from_, unit)}."
                fix = "Let one begin where the other ends."
                yield Complaint("charter.toml", ("charter", "scores", n + 1), "PROT-140", what, fix)


def _limit(limit: int | None, unit: str) -> str:
    return "no limit" if limit is None else f"{limit} {unit}"


def _words(visits: object) -> str:
    return ", ".join(sorted(set(visits))) or "nothing" if isinstance(visits, tuple | set) else ""


def check_analysis(protocol: Protocol) -> Iterator[Complaint]:
    """Every column, summary and figure names a field that a form declares and that can give it."""
    fields = {field.id: (form, field) for form in protocol.forms for field in form.fields}
    for n, summary in enumerate(protocol.analysis.summaries):
        yield from _check_summary(("analysis", "summaries", n), summary, fields)
    for n, table in enumerate(protocol.analysis.tables):
        yield from _check_table(("analysis", "tables", n), table, fields, protocol=protocol)
    for n, swimmer in enumerate(protocol.analysis.swimmers):
        yield from _check_swimmer(("analysis", "swimmers", n), swimmer, fields)


def _check_summary(place: Place, summary: Summary, fields: Fields) -> Iterator[Complaint]:
    yield from undeclared(FILE, (*place, "field"), summary.field, fields)
    is_count = summary.statistic == "count"
    if is_count and not summary.where:
        what = f'Summary "{summary.id}" counts, and does not say what.'
        yield Complaint(FILE, place, "PROT-080", what, 'Add "where".')
    if not is_count and summary.where:
        what = f'Summary "{summary.id}" is a median of all, and has "where".'
        yield Complaint(FILE, (*place, "where"), "PROT-080", what, 'Remove "where".')
    if not is_count and summary.field in fields and fields[summary.field][1].type not in NUMBERS:
        what = f'Summary "{summary.id}" takes the median of `{summary.field}`, which is no number.'
        yield Complaint(FILE, (*place, "field"), "PROT-081", what, "Name a field of type integer or decimal.")


def _check_table(place: Place, table: Table, fields: Fields, *, protocol: Protocol) -> Iterator[Complaint]:
    by_records = table.kind == "records"
    if bool(table.form) != by_records:
        what = f'Table "{table.id}" is of kind {table.kind} and names {table.form or "no form"}.'
        yield Complaint(FILE, place, "PROT-082", what, "Name a form for a table of records, and only there.")
    if bool(table.columns) != (table.kind != "criteria"):
        what = f'Table "{table.id}" is of kind {table.kind} and has {len(table.columns)} columns.'
        yield Complaint(FILE, place, "PROT-082", what, "Give columns to tables of subjects and of records.")
    if by_records and table.form:
        yield from undeclared(FILE, (*place, "form"), table.form, {form.id for form in protocol.forms})
    for m, column in enumerate(table.columns):
        at = (*place, "columns", m)
        yield from undeclared(FILE, at, column.field, fields)
        if by_records and column.field in fields and fields[column.field][0].id != table.form:
            what = f'`{column.field}` is a field of form "{fields[column.field][0].id}", not of "{table.form}".'
            yield Complaint(FILE, at, "PROT-083", what, "Name fields of the form that is listed.")


def _check_swimmer(place: Place, swimmer: Swimmer, fields: Fields) -> Iterator[Complaint]:
    for name in ("admission", "first_dose", "oxygen", "oxygen_day", "follow_up_day"):
        field_id = getattr(swimmer, name)
        yield from undeclared(FILE, (*place, name), field_id, fields)
        if name != "oxygen" and field_id in fields and fields[field_id][1].type not in NUMBERS:
            what = f'`{field_id}` is no number: it cannot be "{name}" of figure "{swimmer.id}".'
            yield Complaint(FILE, (*place, name), "PROT-084", what, "Name a field that counts days.")
    pair = [fields[name][0].id for name in (swimmer.oxygen, swimmer.oxygen_day) if name in fields]
    if len(set(pair)) == 2:
        what = f'The oxygen device and its day of figure "{swimmer.id}" are asked on two forms: {", ".join(pair)}.'
        yield Complaint(FILE, (*place, "oxygen_day"), "PROT-085", what, "Name two fields of one form.")
