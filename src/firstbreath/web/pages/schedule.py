"""The schedule of one subject as the protocol draws it: each activity at each visit, and how it stands."""

from datetime import datetime

import msgspec

from firstbreath.protocol.values import Form, Protocol
from firstbreath.subjects.forms import UNSCHEDULED
from firstbreath.subjects.state import Subject
from firstbreath.trial.due import Due, compute_due
from firstbreath.trial.state import Trial

WORDS = {"late": "late", "due": "due", "optional": "may be", "ahead": "ahead", "done": "done", "missed": "missed"}
SIGNS = {"late": "stop", "due": "half", "optional": "void", "ahead": "empty", "done": "full", "missed": "crossed"}


class GridCell(msgspec.Struct, frozen=True):
    """One activity at one visit; `state` is empty where the schedule draws nothing."""

    visit: str
    state: str = ""
    word: str = ""
    sign: str = ""
    seq: int = 0


class GridRow(msgspec.Struct, frozen=True):
    """An activity: its title, whether it is a form, and its cells in the order of the visits."""

    activity: str
    title: str
    is_form: bool
    cells: tuple[GridCell, ...]


class SubjectSchedule(msgspec.Struct, frozen=True):
    """The drawn grid, and every form with the number its next record outside the schedule would have."""

    visits: tuple[tuple[str, str], ...]
    rows: tuple[GridRow, ...]
    outside: tuple[tuple[Form, int], ...]


def compute_schedule(trial: Trial, protocol: Protocol, subject: Subject, now: datetime) -> SubjectSchedule:
    """The schedule of a subject on the day of `now` at the site."""
    visits = protocol.design.visits
    found = {(due.activity, due.visit): due for due in compute_due(trial, subject, now)}
    activities = dict.fromkeys(cell.activity for cell in protocol.due if (cell.activity, cell.visit) in found)
    rows = []
    for activity in activities:
        form = protocol.form(activity)
        cells = tuple(_cell(visit.id, found.get((activity, visit.id))) for visit in visits)
        rows.append(GridRow(activity, form.title if form else activity.capitalize(), form is not None, cells))
    outside = tuple((form, _next(subject, form)) for form in protocol.forms)
    return SubjectSchedule(tuple((visit.id, visit.label) for visit in visits), tuple(rows), outside)


def _cell(visit: str, due: Due | None) -> GridCell:
    if due is None:
        return GridCell(visit)
    return GridCell(visit, due.state, WORDS[due.state], SIGNS[due.state], due.seq)


def _next(subject: Subject, form: Form) -> int:
    """The number of the next record outside the schedule; the only one of a form that does not repeat."""
    taken = [key[2] for key in subject.forms if key[:2] == (form.id, UNSCHEDULED)]
    return 1 + max(taken, default=0) if form.repeats else 1
