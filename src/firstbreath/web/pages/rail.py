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
    subjects = (now.subjects.get(code) for code in now.subjects.enrolled)
    events = [("adopted", adoption.event.seq) for adoption in now.adoptions]
    events += [("enrolled", subject.enrolled.seq) for subject in subjects if subject and subject.enrolled]
    events += [("reviewed", review.seq) for review in now.safety.reviews]
    marks = tuple(dict.fromkeys(Mark(_place(seq, now.seq), kind) for kind, seq in events))
    return Rail(trial.seq, now.seq, _place(trial.seq, now.seq), marks)


def _place(seq: int, last: int) -> int:
    return seq * WIDTH // max(last, 1)
