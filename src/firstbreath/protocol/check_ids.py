"""No id stands twice in its list, and every id can be used in a rule."""

import keyword
from collections.abc import Iterable, Iterator

from firstbreath.protocol.complaints import Complaint
from firstbreath.protocol.lines import Place
from firstbreath.protocol.values import Protocol

LISTS = ("doses", "arms", "criteria", "derived", "gates", "inhalation_events", "outcomes", "visits")

ACTIVITIES = frozenset({"eligibility", "consent", "inhalation", "imaging", "review"})
"""Activities of the grid that are acts of their own; every other row names a form."""

MEASURES = frozenset({"charter", "adverse_events"})
"""What an outcome can be measured by beside a form."""


def check_ids(protocol: Protocol) -> Iterator[Complaint]:
    """Ids are unique in their list, field ids across forms, numbers of criteria within their kind."""
    design = protocol.design
    for group in LISTS:
        ids = [entry.id for entry in getattr(design, group)]
        yield from _twice("protocol.toml", group, ((entry, (group, n)) for n, entry in enumerate(ids)))
    for kind in ("inclusion", "exclusion"):
        numbers = (
            (str(criterion.number), ("criteria", n, "number"))
            for n, criterion in enumerate(design.criteria)
            if criterion.kind == kind
        )
        yield from _twice("protocol.toml", f"the {kind} numbers", numbers)
    yield from _twice("forms.toml", "forms", ((form.id, ("forms", n)) for n, form in enumerate(protocol.forms)))
    yield from _twice("forms.toml", "the fields of all forms", _field_ids(protocol))
    yield from _twice("charter.toml", "segments", _charter_ids(protocol, "segments"))
    yield from _twice("charter.toml", "the points of the scores", _charter_ids(protocol, "scores"))
    yield from _check_analysis_ids(protocol)


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
    places = ((id_, ("analysis", group, n)) for group, n, id_ in printed)
    yield from _twice("analysis.toml", "tables and swimmers", places)
    for n, table in enumerate(analysis.tables):
        columns = ((column.field, ("analysis", "tables", n, "columns", m)) for m, column in enumerate(table.columns))
        yield from _twice("analysis.toml", f"the columns of {table.id}", columns)


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
