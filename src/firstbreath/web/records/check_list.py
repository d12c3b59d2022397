"""The page of the edit checks: what fails, what cannot be told, and how many hold."""

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from firstbreath.protocol.naming import name_words, pair_words
from firstbreath.subjects.checks import Checked, Outcome, check_records, query_on
from firstbreath.subjects.records import query_state
from firstbreath.subjects.state import Subject
from firstbreath.trial.state import Trial
from firstbreath.web.records.labels import label_record

SIGNS: dict[Outcome, str] = {"pass": "pass", "fail": "stop", "cannot tell": "unknown"}
WAITING: tuple[Outcome, ...] = ("fail", "cannot tell")
"""What data management is to look at."""


class CheckLine(msgspec.Struct, frozen=True):
    """One check of one record."""

    found: Checked
    sign: str
    record: str
    decided: tuple[str, ...]
    missing: tuple[str, ...]
    text: str
    query: int
    query_state: str


class Tally(msgspec.Struct, frozen=True):
    """How many records have an outcome."""

    outcome: str
    sign: str
    number: int
    chosen: bool


class CheckList(msgspec.Struct, frozen=True):
    """The lines asked for, and how many of each outcome there are."""

    lines: tuple[CheckLine, ...]
    tallies: tuple[Tally, ...]
    declared: int
    chosen: str


def compute_check_list(trial: Trial, *, sees_site: Callable[[str], bool], outcome: str = "") -> CheckList:
    """The checks of every subject in view.

    outcome  the one to show; empty shows what data management is to look at
    """
    protocol = trial.protocol
    subjects = [subject for subject in trial.subjects.all() if sees_site(subject.site)]
    found = [(each, checked) for each in subjects if protocol for checked in check_records(each, protocol)]
    numbers = Counter(checked.outcome for _, checked in found)
    wanted: Sequence[str] = (outcome,) if outcome in SIGNS else WAITING
    return CheckList(
        lines=tuple(_line(trial, subject, checked) for subject, checked in found if checked.outcome in wanted),
        tallies=tuple(Tally(each, sign, numbers[each], each == outcome) for each, sign in SIGNS.items()),
        declared=len(protocol.checks) if protocol else 0,
        chosen=outcome if outcome in SIGNS else "",
    )


def _line(trial: Trial, subject: Subject, checked: Checked) -> CheckLine:
    protocol = trial.protocol
    assert protocol is not None  # noqa: S101 -- a check comes from a protocol
    query = query_on(subject, checked)
    missing = tuple(name_words(protocol, name) for name in checked.missing)
    return CheckLine(
        found=checked,
        sign=SIGNS[checked.outcome],
        record=label_record(protocol, checked.key),
        decided=pair_words(protocol, checked.decided_by),
        missing=missing,
        text=_question(checked, pair_words(protocol, checked.decided_by), missing),
        query=query,
        query_state=query_state(subject, query) or "",
    )


def _question(checked: Checked, decided: Sequence[str], missing: Sequence[str]) -> str:
    """What a query about it says."""
    if checked.outcome == "cannot tell":
        lacking = ", ".join(missing) or "a value"
        return f"This cannot be checked without {lacking}: {checked.check.text} Please add what is missing, or say why."
    return f"{checked.check.text} ({'; '.join(decided)}) Please correct it, or confirm it."
