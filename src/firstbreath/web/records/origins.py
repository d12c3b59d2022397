"""The way back from an event: the numbers of the paper that rest on it, and the signatures that cover it."""

from collections.abc import Sequence

import msgspec

from firstbreath.events.record import Event
from firstbreath.paper.results import Result, compute_results
from firstbreath.trial.state import Trial
from firstbreath.web.pages.marks import Marks, events_of, marks_of

MAX_ROWS = 60


class Origins(msgspec.Struct, frozen=True):
    """The rows of the paper that use some events, how many more there are, and what is said of their records."""

    rows: tuple[Result, ...]
    more: int
    marks: tuple[Marks, ...]


def compute_origins(trial: Trial, events: Sequence[Event], seqs: Sequence[int], *, sees_results: bool) -> Origins:
    """What rests on the events of these numbers.

    events  those of the log up to the trial's moment
    """
    asked = {*seqs}
    used = [row for row in compute_results(trial) if asked & {*row.sources}] if sees_results else []
    codes = {events[seq - 1].subject for seq in asked} - {""}
    subjects = [subject for code in sorted(codes) if (subject := trial.subjects.get(code))]
    marks = [
        mark
        for subject in subjects
        for mark in marks_of(subject, events_of(events, subject.code))
        if asked & {*mark.record.seqs}
    ]
    return Origins(tuple(used[:MAX_ROWS]), max(len(used) - MAX_ROWS, 0), tuple(marks))
