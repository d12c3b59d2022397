"""What must hold between the parts of a protocol: each pass yields findings, all passes run."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from firstbreath.protocol.check_rules import check_derived, check_rules
from firstbreath.protocol.findings import Finding, suggest
from firstbreath.protocol.schedule import parse_grid
from firstbreath.protocol.toml import Place, TomlText
from firstbreath.protocol.values import Protocol

Complaint = tuple[str, Place, str, str, str]
"""File, place, code, what, fix: a finding before its line is looked up."""

ACTIVITIES = {"eligibility", "consent", "inhalation", "imaging", "review"}
"""Activities of the grid that are acts of their own; every other row names a form."""


def check_parts(protocol: Protocol, texts: Mapping[str, TomlText]) -> list[Finding]:
    """Every finding of every pass, with its line."""
    complaints = [complaint for check in PASSES for complaint in check(protocol)]
    return [
        Finding(file, texts[file].line_of(place) if file in texts else 0, code, what, fix)
        for file, place, code, what, fix in complaints
    ]


def check_ids(protocol: Protocol) -> Iterator[Complaint]:
    """No id stands twice in its list; field ids are unique across forms."""
    design = protocol.design
    for group in ("doses", "arms", "criteria", "derived", "gates", "inhalation_events", "outcomes", "visits"):
        ids = [entry.id for entry in getattr(design, group)]
        yield from _twice("protocol.toml", group, ((entry, (group, n)) for n, entry in enumerate(ids)))
    yield from _twice("forms.toml", "forms", ((form.id, ("forms", n)) for n, form in enumerate(protocol.forms)))
    fields = (
        (field.id, ("forms", n, "fields", m))
        for n, form in enumerate(protocol.forms)
        for m, field in enumerate(form.fields)
    )
    yield from _twice("forms.toml", "fields", fields)
    for kind in ("inclusion", "exclusion"):
        numbers = (
            (str(criterion.number), ("criteria", n))
            for n, criterion in enumerate(design.criteria)
            if criterion.kind == kind
        )
        yield from _twice("protocol.toml", f"{kind} numbers", numbers)
    if protocol.charter:
        segments = ((segment.id, ("charter", "segments", n)) for n, segment in enumerate(protocol.charter.segments))
        yield from _twice("charter.toml", "segments", segments)
        scores = ((str(score.points), ("charter", "scores", n)) for n, score in enumerate(protocol.charter.scores))
        yield from _twice("charter.toml", "scores", scores)


def _twice(file: str, group: str, ids: Iterable[tuple[str, Place]]) -> Iterator[Complaint]:
    seen: set[str] = set()
    for entry, place in ids:
        if entry in seen:
            yield file, place, "PROT-010", f'"{entry}" stands twice in {group}.', "Give each its own."
        seen.add(entry)


def check_references(protocol: Protocol) -> Iterator[Complaint]:
    """Whatever one part names, another part declares."""
    design = protocol.design
    forms = {form.id for form in protocol.forms}
    doses = {dose.id for dose in design.doses}
    for n, arm in enumerate(design.arms):
        yield from _known("protocol.toml", ("arms", n, "dose"), arm.dose, doses)
    for n, outcome in enumerate(design.outcomes):
        if outcome.measured_by:
            known = forms | {"charter", "adverse_events"}
            yield from _known("protocol.toml", ("outcomes", n, "measured_by"), outcome.measured_by, known)
        elif not outcome.silent:
            what = f'Outcome "{outcome.id}" is measured by nothing.'
            yield "protocol.toml", ("outcomes", n), "PROT-070", what, 'Add "measured_by", or "silent = true".'
    for n, visit in enumerate(protocol.charter.visits if protocol.charter else ()):
        yield from _known("charter.toml", ("charter", "visits", n), visit, {visit.id for visit in design.visits})


def check_analysis(protocol: Protocol) -> Iterator[Complaint]:
    """Every column, summary and figure names a field that a form declares."""
    fields = {field.id for form in protocol.forms for field in form.fields}
    for n, summary in enumerate(protocol.analysis.summaries):
        yield from _known("analysis.toml", ("analysis", "summaries", n, "field"), summary.field, fields)
    for n, table in enumerate(protocol.analysis.tables):
        if table.form:
            place = ("analysis", "tables", n, "form")
            yield from _known("analysis.toml", place, table.form, {form.id for form in protocol.forms})
        for m, column in enumerate(table.columns):
            yield from _known("analysis.toml", ("analysis", "tables", n, "columns", m), column.field, fields)
    for n, swimmer in enumerate(protocol.analysis.swimmers):
        for name in ("admission", "first_dose", "oxygen", "oxygen_day", "follow_up_day"):
            yield from _known("analysis.toml", ("analysis", "swimmers", n, name), getattr(swimmer, name), fields)


def _known(file: str, place: Place, name: str, declared: set[str]) -> Iterator[Complaint]:
    if name not in declared:
        yield file, place, "PROT-011", f'"{name}" is declared nowhere.', suggest(name, declared)


def check_fields(protocol: Protocol) -> Iterator[Complaint]:
    """Ranges are possible; choices stand where they are needed and nowhere else."""
    for n, form in enumerate(protocol.forms):
        for m, field in enumerate(form.fields):
            place = ("forms", n, "fields", m)
            if field.min is not None and field.max is not None and field.min > field.max:
                what = f"`{field.id}` has min {field.min} above max {field.max}."
                yield "forms.toml", place, "PROT-030", what, "Exchange them or correct one."
            if (field.type in ("choice", "choices")) != bool(field.choices):
                what = f"`{field.id}` is of type {field.type} and has {len(field.choices)} choices."
                yield (
                    "forms.toml",
                    place,
                    "PROT-031",
                    what,
                    "Give choices to choice fields, and only to them.",
                )
            if (field.min is not None or field.max is not None) and field.type not in ("integer", "decimal"):
                what = f"`{field.id}` is of type {field.type} and has a range."
                yield "forms.toml", place, "PROT-032", what, "Ranges belong to numbers."


def check_gates(protocol: Protocol) -> Iterator[Complaint]:
    """Every criterion can become known; every gate asks something."""
    for n, criterion in enumerate(protocol.design.criteria):
        if not criterion.rule and not criterion.judged:
            what = f'Criterion "{criterion.id}" has no rule and is not judged: it could never be known.'
            yield "protocol.toml", ("criteria", n), "PROT-050", what, 'Add "rule" or "judged = true".'
    for n, gate in enumerate(protocol.design.gates):
        if not gate.rule and not gate.groups:
            what = f'Gate "{gate.id}" asks nothing.'
            yield "protocol.toml", ("gates", n), "PROT-052", what, 'Add "rule" or "groups".'
        if gate.groups and gate.guards != "enrol_subject":
            what = f'Gate "{gate.id}" has groups and guards {gate.guards}.'
            yield (
                "protocol.toml",
                ("gates", n),
                "PROT-053",
                what,
                "Groups belong to gates that guard enrol_subject.",
            )


def check_schedule(protocol: Protocol) -> Iterator[Complaint]:
    """The grid has declared visits and activities, and its inhalation columns are the dose days."""
    design = protocol.design
    visits, cells, wrong = parse_grid(design.schedule.grid)
    place = ("schedule", "grid")
    for _, message in wrong:
        yield "protocol.toml", place, "PROT-040", f"Schedule: {message}", "Use X, O or . once per visit."
    declared = {visit.id for visit in design.visits}
    for visit in visits:
        yield from _known("protocol.toml", place, visit, declared)
    activities = ACTIVITIES | {form.id for form in protocol.forms}
    for activity in dict.fromkeys(cell.activity for cell in cells):
        yield from _known("protocol.toml", place, activity, activities)
    drawn = {cell.visit for cell in cells if cell.activity == "inhalation"}
    days = {visit.day for visit in design.visits if visit.id in drawn}
    for n, dose in enumerate(design.doses):
        if set(dose.days) != days:
            what = f'Dose "{dose.id}" is given on days {_list(dose.days)}, the grid draws inhalation on {_list(days)}.'
            yield "protocol.toml", ("doses", n, "days"), "PROT-042", what, "Make the two agree."


def check_windows(protocol: Protocol) -> Iterator[Complaint]:
    """Visit windows contain their day and do not overlap."""
    last: tuple[int, str] | None = None
    dated = sorted(
        ((visit.day, n, visit) for n, visit in enumerate(protocol.design.visits) if visit.day is not None),
        key=lambda entry: (entry[0], entry[1]),
    )
    for day, n, visit in dated:
        early, late = visit.window
        place = ("visits", n)
        if early > 0 or late < 0:
            what = f'Visit "{visit.id}" has the window {early} to {late}, which leaves out its own day.'
            yield "protocol.toml", place, "PROT-043", what, "Write a window such as [-1, 2]."
        if last and day + early <= last[0]:
            what = f'Visit "{visit.id}" begins on day {day + early}, within the window of "{last[1]}".'
            yield "protocol.toml", place, "PROT-044", what, "Make the windows disjoint."
        last = (day + late, visit.id)


def _list(days: Iterable[int | None]) -> str:
    return ", ".join(str(day) for day in sorted(day for day in days if day is not None)) or "none"


PASSES: tuple[Callable[[Protocol], Iterator[Complaint]], ...] = (
    check_ids,
    check_references,
    check_fields,
    check_gates,
    check_derived,
    check_rules,
    check_schedule,
    check_windows,
    check_analysis,
)
