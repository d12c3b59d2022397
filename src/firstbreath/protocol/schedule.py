"""The schedule of activities, read from the grid it is drawn as."""

from collections.abc import Sequence

from firstbreath.protocol.values import Cell

MARKS = {"X": True, "x": True, "O": False, "o": False}
EMPTY = {"", ".", "-"}


def parse_grid(grid: str) -> tuple[tuple[str, ...], tuple[Cell, ...], tuple[tuple[int, str], ...]]:
    """The visits of the header, the marked cells, and what is wrong as (line of the grid from 0, message).

    The first line that is not blank names the visits after a `|`; each further line names an activity and has one
    mark per visit: X due, O optional, . nothing.
    """
    rows = [(number, line) for number, line in enumerate(grid.split("\n")) if line.strip()]
    if not rows:
        return (), (), ((0, "The grid is empty."),)
    visits = tuple(rows[0][1].split("|")[-1].split())
    cells: list[Cell] = []
    wrong: list[tuple[int, str]] = []
    for number, line in rows[1:]:
        activity, marks = _split_row(line)
        wrong += [(number, message) for message in _check_row(activity, marks, visits)]
        cells += [
            Cell(activity, visit, MARKS[mark]) for visit, mark in zip(visits, marks, strict=False) if mark in MARKS
        ]
    return visits, tuple(cells), tuple(wrong)


def _split_row(line: str) -> tuple[str, list[str]]:
    activity, _, marks = line.partition("|")
    return activity.strip(), marks.split()


def _check_row(activity: str, marks: Sequence[str], visits: Sequence[str]) -> list[str]:
    wrong = [f'"{activity}" has the mark "{mark}".' for mark in marks if mark not in MARKS and mark not in EMPTY]
    if len(marks) != len(visits):
        wrong.append(f'"{activity}" has {len(marks)} marks for {len(visits)} visits.')
    return wrong
