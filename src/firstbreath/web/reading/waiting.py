"""What the reading room waits for: the cases of a reader, and what whoever manages the scans has to do next."""

from collections.abc import Callable, Iterator
from datetime import date

import msgspec

from firstbreath.reading.scoring import differing_of, settle
from firstbreath.trial.decide_reading import unable_readers
from firstbreath.trial.state import Trial


class Case(msgspec.Struct, frozen=True):
    """A scan whose reads differ, as a reader finds it: its code, in how many segments, and what it waits for."""

    code: str
    open: int
    state: str
    mine: bool


def cases_of(trial: Trial, reader: str) -> list[Case]:
    """The cases that this reader can settle, by code: their order says nothing."""
    reading, charter = trial.reading, trial.protocol.charter if trial.protocol else None
    found: list[Case] = []
    if charter is None:
        return found
    for scan in reading.all_scans():
        open_ = differing_of(reading, charter, scan) if not scan.rejected else None
        third = charter.agreement == "adjudicator"
        if open_ and charter.agreement != "mean" and reading.may_settle(scan.body.scan, reader, third=third):
            last = scan.proposals[-1] if scan.proposals else None
            settled = scan.agreed or scan.adjudicated
            state = "settled" if settled else "proposed" if last else "open"
            mine = not settled and (last is None or last.actor != reader)
            found.append(Case(scan.case, len(open_), state, mine))
    return sorted(found, key=lambda case: case.code)


class Waiting(msgspec.Struct, frozen=True):
    """Something that waits: in words, how gravely, and on which page."""

    words: str
    sign: str
    page: str


def waiting_of(trial: Trial, reader: str, on: date, *, may: Callable[[str], bool]) -> Iterator[Waiting]:
    """What waits for an account in the reading room. To a reader no more is told than how many."""
    reading, charter = trial.reading, trial.protocol.charter if trial.protocol else None
    if charter is None or reading.unblinded:
        return
    if may("sign_read"):
        left = sum(task.signed is None for task in reading.tasks_of(reader))
        mine = sum(case.mine for case in cases_of(trial, reader))
        if left:
            yield Waiting(f"{left} {'read' if left == 1 else 'reads'} to sign", "empty", "reading")
        if mine:
            yield Waiting(f"{mine} {'case' if mine == 1 else 'cases'} to settle", "differs", "reading")
    if may("pass_scan"):
        unseen = sum(not (scan.passed or scan.rejected) for scan in reading.all_scans())
        if unseen:
            yield Waiting(f"{unseen} {'scan' if unseen == 1 else 'scans'} to be looked at", "unknown", "scans")
    for each in unable_readers(trial, on) if may("replace_reader") else ():
        yield Waiting(f"{trial.people.name_of(each)} cannot read any more: replace the reader", "pause", "scans")
    if may("unblind_reads") and reading.draws:
        scans = [scan for scan in reading.all_scans() if not scan.rejected]
        if all(settle(reading, charter, scan) for scan in scans):
            yield Waiting("Every scan is read and settled: the reads can be made final", "pause", "scans")
