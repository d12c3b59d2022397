"""The table below the timeline: the same days as words, each with its row."""

from firstbreath.paper.blocks import Cell
from firstbreath.paper.swimlane_looks import LEGEND
from firstbreath.paper.swimmer import Lane, Timeline

Pieces = tuple[Cell, ...]

OXYGEN = "Oxygen"


def timeline_columns(timeline: Timeline) -> tuple[str, ...]:
    """The columns: the subject, every kind of mark the lanes hold, oxygen."""
    return ("Subject", *(LEGEND.get(kind, kind) for kind in _kinds(timeline)), OXYGEN)


def timeline_lines(timeline: Timeline) -> tuple[tuple[Pieces, ...], ...]:
    """One line per lane; a cell holds one piece per day, with words between."""
    kinds = _kinds(timeline)
    return tuple(
        ((Cell(lane.subject),), *(_days(lane, kind) for kind in kinds), _oxygen(lane)) for lane in timeline.lanes
    )


def _kinds(timeline: Timeline) -> tuple[str, ...]:
    found = dict.fromkeys(mark.kind for lane in timeline.lanes for mark in lane.marks)
    known = [kind for kind in LEGEND if kind in found]
    return (*known, *(kind for kind in found if kind not in LEGEND))


def _days(lane: Lane, kind: str) -> Pieces:
    marks = [mark for mark in lane.marks if mark.kind == kind]
    return _listed([(Cell(str(mark.day), mark.result),) for mark in marks], ", ")


def _oxygen(lane: Lane) -> Pieces:
    return _listed(
        [
            (Cell(stretch.device, stretch.result), Cell(f" from day {stretch.begin}{_end(lane, n)}"))
            for n, stretch in enumerate(lane.stretches)
        ],
        "; ",
    )


def _end(lane: Lane, place: int) -> str:
    stretch = lane.stretches[place]
    return "" if stretch.open else f" to day {stretch.end}"


def _listed(parts: list[Pieces], between: str) -> Pieces:
    """The parts with words between them; a dash where there is none."""
    pieces: list[Cell] = []
    for part in parts:
        pieces += [Cell(between), *part] if pieces else part
    return tuple(pieces) or (Cell("–"),)
