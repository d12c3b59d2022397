"""The time rail: where in the log a page stands, with the enrolments and reviews marked along it."""

import msgspec

from firstbreath.trial.state import Trial

WIDTH = 1000


class Mark(msgspec.Struct, frozen=True):
    """Something that happened, at its place along the rail."""

    x: int
    kind: str


class Rail(msgspec.Struct, frozen=True):
    """The log from its first event to its last, and where the page stands on it."""

    seq: int
    last: int
    x: int
    marks: tuple[Mark, ...]


def compute_rail(trial: Trial, now: Trial) -> Rail:
    """The rail of a trial that is shown as of a moment of the log that has now come to `now`."""
    return Rail(trial.seq, now.seq, _place(trial.seq, now.seq), _marks_of(now))


_LATEST: list[tuple[Trial, tuple[Mark, ...]]] = []
"""The marks of the state that was asked for last: they go over all subjects, and stand on every page."""


def _marks_of(now: Trial) -> tuple[Mark, ...]:
    latest = _LATEST[:1]
    if latest and latest[0][0] is now:
        return latest[0][1]
    marks = _compute_marks(now)
    _LATEST[:] = [(now, marks)]
    return marks


def _compute_marks(now: Trial) -> tuple[Mark, ...]:
    subjects = (now.subjects.get(code) for code in now.subjects.enrolled)
    events = [("adopted", adoption.event.seq) for adoption in now.adoptions]
    events += [("enrolled", subject.enrolled.seq) for subject in subjects if subject and subject.enrolled]
    events += [("reviewed", review.seq) for review in now.safety.reviews]
    return tuple(dict.fromkeys(Mark(_place(seq, now.seq), kind) for kind, seq in events))


def _place(seq: int, last: int) -> int:
    return seq * WIDTH // max(last, 1)
