"""No id stands twice in its list, and every id can be used in a rule."""

import keyword
from collections.abc import Iterable, Iterator

from firstbreath.protocol.complaints import Complaint
from firstbreath.protocol.lines import Place
from firstbreath.protocol.values import Protocol

LISTS = ("doses", "arms", "criteria", "derived", "gates", "inhalation_events", "outcomes", "visits")

ACTIVITIES = frozenset({"eligibility", "consent", "inhalation", "imaging", "review"})
"""Activities of the grid that are acts of their own; every other row names a form."""

RESERVED = frozenset({"B2", "B3", "DEV", "E", "EX", "FLOW", "S"})
"""What the rows of the parts begin with that the paper adds itself: no table or figure takes them."""

MEASURES = frozenset({"charter", "adverse_events"})
"""What an outcome can be measured by beside a form."""


def check_ids(protocol: Protocol) -> Iterator[Complaint]:
    """Ids are unique in their list, field ids across forms, numbers of criteria within their kind."""
    design = protocol.design
    for group in LISTS:
        ids = [entry.id for entry in getattr(design, group)]
        yield from _twice("protocol.toml", group, ((entry, (group, n)) for n, entry in enumerate(ids)))
    for group in ("time_points", "stopping_rules", "limits"):
        named = getattr(design.inhalation, group, ())
        ids = [getattr(entry, "id", "") or entry.field for entry in named]
        yield from _twice("protocol.toml", f"the {group} of the inhalation", _places(group, ids))
    for kind in ("inclusion", "exclusion"):
        numbers = (
            (str(criterion.number), ("criteria", n, "number"))
            for n, criterion in enumerate(design.criteria)
            if criterion.kind == kind
        )
        yield from _twice("protocol.toml", f"the {kind} numbers", numbers)
    yield from _twice("forms.toml", "forms", ((form.id, ("forms", n)) for n, form in enumerate(protocol.forms)))
    yield from _twice("forms.toml", "the fields of all forms", _field_ids(protocol))
    yield from _twice("forms.toml", "checks", ((check.id, ("checks", n)) for n, check in enumerate(protocol.checks)))
    yield from _twice("charter.toml", "segments", _charter_ids(protocol, "segments"))
    yield from _twice("charter.toml", "the points of the scores", _charter_ids(protocol, "scores"))
    yield from _check_analysis_ids(protocol)


def _places(group: str, ids: Iterable[str]) -> Iterator[tuple[str, Place]]:
    return ((entry, ("inhalation", group, n)) for n, entry in enumerate(ids))


def _field_ids(protocol: Protocol) -> Iterator[tuple[str, Place]]:
    for n, form in enumerate(protocol.forms):
        for m, field in enumerate(form.fields):
            yield field.id, ("forms", n, "fields", m)


def _charter_ids(protocol: Protocol, group: str) -> Iterator[tuple[str, Place]]:
    for n, entry in enumerate(getattr(protocol.charter, group, ())):
        yield str(entry.id if group == "segments" else entry.points), ("charter", group, n)


def _check_analysis_ids(protocol: Protocol) -> Iterator[Complaint]:
    analysis = protocol.analysis
    summaries = ((entry.id, ("analysis", "summaries", n)) for n, entry in enumerate(analysis.summaries))
    yield from _twice("analysis.toml", "summaries", summaries)
    printed = [("tables", n, entry.id) for n, entry in enumerate(analysis.tables)]
    printed += [("swimmers", n, entry.id) for n, entry in enumerate(analysis.swimmers)]
    printed += [("forests", n, entry.id) for n, entry in enumerate(analysis.forests)]
    measured = [("endpoints", n, entry.id) for n, entry in enumerate(analysis.endpoints)]
    for called, entries in (("tables and figures", printed), ("endpoints", measured)):
        yield from _twice("analysis.toml", called, ((id_, ("analysis", group, n)) for group, n, id_ in entries))
        yield from _reserved(entries)
    for n, forest in enumerate(analysis.forests):
        rates = ((id_, ("analysis", "forests", n, "summaries", m)) for m, id_ in enumerate(forest.summaries))
        yield from _twice("analysis.toml", f"the summaries of {forest.id}", rates)
    for n, table in enumerate(analysis.tables):
        columns = ((column.field, ("analysis", "tables", n, "columns", m)) for m, column in enumerate(table.columns))
        yield from _twice("analysis.toml", f"the columns of {table.id}", columns)


def _reserved(entries: Iterable[tuple[str, int, str]]) -> Iterator[Complaint]:
    for group, n, id_ in entries:
        if id_ in RESERVED:
            what = f'"{id_}" begins the rows of a part that every paper has.'
            fix = f"Take another id than {', '.join(sorted(RESERVED))}."
            yield Complaint("analysis.toml", ("analysis", group, n), "PROT-014", what, fix)


def _twice(file: str, group: str, ids: Iterable[tuple[str, Place]]) -> Iterator[Complaint]:
    seen: set[str] = set()
    for entry, place in ids:
        if entry in seen:
            yield Complaint(file, place, "PROT-010", f'"{entry}" stands twice in {group}.', "Give each its own.")
        seen.add(entry)


def check_names(protocol: Protocol) -> Iterator[Complaint]:
    """Fields and derived names can be written in rules; forms do not take the names of acts."""
    named = [("forms.toml", place, id_) for id_, place in _field_ids(protocol)]
    named += [("protocol.toml", ("derived", n), entry.id) for n, entry in enumerate(protocol.design.derived)]
    for file, place, id_ in named:
        if keyword.iskeyword(id_):
            what = f'"{id_}" is a word of the rules themselves: no rule could name it.'
            yield Complaint(file, place, "PROT-012", what, f'Write "{id_}_" or another name.')
    for n, form in enumerate(protocol.forms):
        if form.id in ACTIVITIES | MEASURES:
            what = f'A form is named "{form.id}", which is an act of its own.'
            yield Complaint("forms.toml", ("forms", n), "PROT-013", what, "Give the form another name.")
