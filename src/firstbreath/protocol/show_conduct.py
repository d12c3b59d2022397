"""Who may join, what opens each gate, what is measured and when, as people read it."""

from collections.abc import Iterator

from firstbreath.protocol.layout import render_columns
from firstbreath.protocol.schedule import parse_grid
from firstbreath.protocol.values import Criterion, Protocol, Visit
from firstbreath.protocol.words import render_rule, with_source


def render_criteria(protocol: Protocol) -> str:
    """Who may join: each criterion with its number, how it is decided, and its source."""
    blocks = []
    for kind, title in (("inclusion", "Included is who"), ("exclusion", "Excluded is who")):
        rows = [
            row
            for criterion in protocol.design.criteria
            if criterion.kind == kind
            for row in _criterion_rows(criterion)
        ]
        blocks += [f"{title}\n{render_columns(rows, indent='  ')}"] if rows else []
    return "\n\n".join(blocks)


def _criterion_rows(criterion: Criterion) -> Iterator[tuple[str, str, str]]:
    """The criterion; under it how it is decided, and where it comes from."""
    yield criterion.id, f"{criterion.number}.", criterion.text
    judged = "the investigator's signed judgement" if criterion.judged else ""
    ways = [f"rule {render_rule(criterion.rule)}" if criterion.rule else "", judged]
    yield "", "", "decided by " + ", else ".join(way for way in ways if way)
    if criterion.source:
        yield "", "", f"[{criterion.source}]"


def render_definitions(protocol: Protocol) -> str:
    """The names that stand for a rule."""
    rows = []
    for derived in protocol.design.derived:
        rows += [(derived.id, with_source(derived.text, derived)), ("", render_rule(derived.rule))]
    return render_columns(rows)


def render_gates(protocol: Protocol) -> str:
    """What opens each gate."""
    rows = []
    for gate in protocol.design.gates:
        sizes = (
            f"groups of {', '.join(str(size) for size in gate.groups)}; the last size repeats" if gate.groups else ""
        )
        asks = "; ".join(part for part in (sizes, render_rule(gate.rule)) if part)
        rows += [(gate.id, f"before {gate.guards}", with_source(gate.text, gate)), ("", "", asks)]
    return render_columns(rows)


def render_events(protocol: Protocol) -> str:
    """What to look for at each inhalation."""
    return render_columns([(event.id, with_source(event.term, event)) for event in protocol.design.inhalation_events])


def render_outcomes(protocol: Protocol) -> str:
    """What is measured, and by what."""
    return render_columns(
        [
            (outcome.kind, outcome.id, outcome.measured_by or "-", with_source(outcome.text, outcome))
            for outcome in protocol.design.outcomes
        ]
    )


def render_schedule(protocol: Protocol) -> str:
    """The grid with its columns aligned, then each visit with its day."""
    visits, cells, _ = parse_grid(protocol.design.schedule.grid)
    marks = {(cell.activity, cell.visit): "X" if cell.required else "O" for cell in cells}
    rows: list[tuple[str, ...]] = [("", *visits)]
    rows += [
        (activity, *(marks.get((activity, visit), ".") for visit in visits))
        for activity in dict.fromkeys(cell.activity for cell in cells)
    ]
    days = [(visit.id, _day(visit), with_source(visit.label, visit)) for visit in protocol.design.visits]
    return render_columns(rows) + "\n\nX due, O if needed. Trial day 1 is the first dose.\n\n" + render_columns(days)


def _day(visit: Visit) -> str:
    if visit.day is None:
        return "no fixed day"
    early, late = visit.window
    window = f" ({visit.day + early} to {visit.day + late})" if (early, late) != (0, 0) else ""
    return f"day {visit.day}{window}"
