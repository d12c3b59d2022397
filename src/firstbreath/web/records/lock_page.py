"""What is frozen and what is locked, by whom and since when, and what stands against it."""

from collections.abc import Callable

import msgspec

from firstbreath.events.record import Event
from firstbreath.subjects.records import open_queries
from firstbreath.trial.state import Trial


class FreezeLine(msgspec.Struct, frozen=True):
    """A subject: whether it is frozen, and the queries that stand against that."""

    code: str
    site: str
    frozen: Event | None
    waiting: tuple[int, ...]


class LockPage(msgspec.Struct, frozen=True):
    """The database and every subject in view."""

    locked: Event | None
    lines: tuple[FreezeLine, ...]
    waiting: int
    frozen: int


def compute_lock_page(trial: Trial, *, sees_site: Callable[[str], bool]) -> LockPage:
    """The page of locks."""
    lines = tuple(
        FreezeLine(subject.code, subject.site, subject.frozen, open_queries(subject))
        for subject in trial.subjects.all()
        if sees_site(subject.site)
    )
    waiting = sum(len(line.waiting) for line in lines)
    return LockPage(trial.locked, lines, waiting, sum(line.frozen is not None for line in lines))
