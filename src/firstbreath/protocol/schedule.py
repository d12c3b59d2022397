"""The schedule of activities, read from the grid it is drawn as."""

from collections import Counter
from collections.abc import Sequence

from firstbreath.protocol.values import Cell

MARKS = {"X": True, "x": True, "O": False, "o": False}
EMPTY = {".", "-"}
Wrong = tuple[int, str]
"""The line of the grid, from 0, and what is wrong there."""


def parse_grid(grid: str) -> tuple[tuple[str, ...], tuple[Cell, ...], tuple[Wrong, ...]]:
    """The visits of the header, the marked cells, and what is wrong as (line of the grid from 0, message).

    The first line that is not blank names the visits after a `|`; each further line names an activity and has one
    mark per visit: X due, O optional, . nothing.
    """
    rows = [(number, line) for number, line in enumerate(grid.split("\n")) if line.strip()]
    if not rows:
        return (), (), ((0, "the grid is empty."),)
    visits = tuple(_split_row(rows[0][1])[1])
    wrong = [(rows[0][0], message) for message in _check_header(rows[0][1], visits)]
    cells: list[Cell] = []
    drawn: set[str] = set()
    for number, line in rows[1:]:
        activity, marks = _split_row(line)
        wrong += [(number, message) for message in _check_row(activity, marks, visits)]
        wrong += [(number, f'"{activity}" has two rows.')] if activity in drawn else []
        drawn.add(activity)
        found = zip(visits, marks, strict=False)
        cells += [Cell(activity, visit, MARKS[mark]) for visit, mark in found if mark in MARKS]
    return visits, tuple(cells), tuple(wrong)


def _split_row(line: str) -> tuple[str, list[str]]:
    activity, _, marks = line.partition("|")
    return activity.strip(), marks.split()


def _check_header(line: str, visits: Sequence[str]) -> list[str]:
    twice = sorted(visit for visit, count in Counter(visits).items() if count > 1)
    wrong = [f'the visit "{visit}" has two columns.' for visit in twice]
    if not visits:
        wrong.append('the first line names no visits after a "|".')
    elif line.partition("|")[0].strip():
        wrong.append('the first line has words before its "|".')
    return wrong


def _check_row(activity: str, marks: Sequence[str], visits: Sequence[str]) -> list[str]:
    if not activity:
        return ["a row names no activity."]
    wrong = [f'"{activity}" has the mark "{mark}".' for mark in marks if mark not in MARKS and mark not in EMPTY]
    if len(marks) != len(visits):
        wrong.append(f'"{activity}" has {len(marks)} marks for {len(visits)} visits.')
    return wrong
