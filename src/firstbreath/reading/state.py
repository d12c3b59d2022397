"""This slice of the state: scans, the tasks of each reader, their reads, and what settled the differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec
from msgspec.structs import replace
from rpds import HashTrieMap

from firstbreath.events import kinds
from firstbreath.events.record import Event

NOTHING: HashTrieMap[Any, Any] = HashTrieMap()
TaskState = Literal["open", "begun", "signed"]


class Scan(msgspec.Struct, frozen=True, gc=False):
    """A scan from its arrival to its settled score.

    case       the code under which readers settle their differences
    proposals  the consensus proposed, oldest first; `agreed` is the other reader's signature under the last
    masks      every judgement of a lung mask
    """

    filed: Event
    passed: Event | None = None
    rejected: Event | None = None
    drawn: Event | None = None
    case: str = ""
    proposals: tuple[Event, ...] = ()
    agreed: Event | None = None
    adjudicated: Event | None = None
    masks: tuple[Event, ...] = ()

    @property
    def body(self) -> kinds.ScanFiled:
        """What was taken in."""
        body = self.filed.body
        assert isinstance(body, kinds.ScanFiled)  # noqa: S101 -- only this slice makes scans
        return body

    @property
    def subject(self) -> str:
        """Whose scan it is."""
        return self.filed.subject

    @property
    def settled_by(self) -> Event | None:
        """The event that settled the differences: a proposal both signed, or an adjudication."""
        return self.adjudicated or (self.proposals[-1] if self.agreed else None)


class Task(msgspec.Struct, frozen=True, gc=False):
    """A scan in a reader's list: the last draft, the signed read that counts, and reads that were voided."""

    drawn: kinds.TaskDrawn
    draft: Event | None = None
    signed: Event | None = None
    voided: tuple[Event, ...] = ()

    @property
    def read(self) -> kinds.ReadSigned | None:
        """What was signed, if it counts."""
        body = self.signed.body if self.signed else None
        return body if isinstance(body, kinds.ReadSigned) else None

    @property
    def entered(self) -> kinds.ReadDrafted | kinds.ReadSigned | None:
        """What is entered so far."""
        body = self.draft.body if self.draft else None
        return self.read or (body if isinstance(body, kinds.ReadDrafted) else None)

    @property
    def state(self) -> TaskState:
        """How far it is."""
        return "signed" if self.signed else "begun" if self.draft else "open"


class Reading(msgspec.Struct, frozen=True, gc=False):
    """All scans by their names, tasks by their codes, the draws in order, and the event that opened the reads."""

    scans: HashTrieMap[str, Scan] = NOTHING
    tasks: HashTrieMap[str, Task] = NOTHING
    draws: tuple[Event, ...] = ()
    unblinded: Event | None = None

    def all_scans(self) -> list[Scan]:
        """Every scan in the order of arrival."""
        return sorted(self.scans.values(), key=lambda scan: scan.filed.seq)

    def of_subject(self, subject: str, visit: str) -> list[Scan]:
        """The scans of a subject's visit that were not rejected."""
        return [
            scan
            for scan in self.all_scans()
            if scan.subject == subject and scan.body.visit == visit and scan.rejected is None
        ]

    def waiting(self) -> list[Scan]:
        """The scans that passed and are in no list yet."""
        return [scan for scan in self.all_scans() if scan.passed and not scan.rejected and scan.drawn is None]

    def tasks_of(self, reader: str) -> list[Task]:
        """The list of a reader: draw after draw, each in its order; rejected scans are left out."""
        begun = {draw.seq: n for n, draw in enumerate(self.draws)}
        found = [
            task
            for task in self.tasks.values()
            if task.drawn.reader == reader and self.scans[task.drawn.scan].rejected is None
        ]
        return sorted(found, key=lambda task: (begun[self._draw_of(task).seq], task.drawn.position))

    def readings_of(self, scan: str) -> list[Task]:
        """The first readings of a scan, by reader in the order drawn; hidden repeats are not among them."""
        tasks = [task for task in self.tasks.values() if task.drawn.scan == scan and not task.drawn.again]
        readers = self.readers_of(scan)
        return sorted(tasks, key=lambda task: readers.index(task.drawn.reader))

    def readers_of(self, scan: str) -> list[str]:
        """The readers of a scan, in the order they were named."""
        drawn = self.scans[scan].drawn
        body = drawn.body if drawn else None
        tasks = body.tasks if isinstance(body, kinds.ReadingOrderDrawn) else ()
        return list(dict.fromkeys(task.reader for task in tasks))

    def _draw_of(self, task: Task) -> Event:
        drawn = self.scans[task.drawn.scan].drawn
        assert drawn is not None  # noqa: S101 -- a task comes from a draw
        return drawn

    def is_read(self, draw: Event) -> bool:
        """Whether every reader has signed every task of a draw."""
        body = draw.body
        tasks = body.tasks if isinstance(body, kinds.ReadingOrderDrawn) else ()
        left = (self.tasks[task.task] for task in tasks if self.scans[task.scan].rejected is None)
        return all(task.signed is not None for task in left)

    def codes(self) -> frozenset[str]:
        """Every code of a task or a case that was given."""
        return frozenset(self.tasks) | {scan.case for scan in self.scans.values() if scan.case}

    def by_case(self, case: str) -> Scan | None:
        """The scan of a case."""
        return next((scan for scan in self.scans.values() if case and scan.case == case), None)


def apply_reading(state: Reading, events: Sequence[Event]) -> Reading:
    """The state after further events of this slice, in order."""
    for event in events:
        state = _CHANGES[type(event.body)](state, event, event.body)
    return state


def _with(state: Reading, scan: str, **changes: Any) -> Reading:
    return replace(state, scans=state.scans.insert(scan, replace(state.scans[scan], **changes)))


def _task(state: Reading, task: str, **changes: Any) -> Reading:
    return replace(state, tasks=state.tasks.insert(task, replace(state.tasks[task], **changes)))


def _file(state: Reading, event: Event, body: kinds.ScanFiled) -> Reading:
    return replace(state, scans=state.scans.insert(body.scan, Scan(event)))


def _draw(state: Reading, event: Event, body: kinds.ReadingOrderDrawn) -> Reading:
    scans, tasks = state.scans, state.tasks
    for scan, case in body.cases.items():
        scans = scans.insert(scan, replace(scans[scan], drawn=event, case=case))
    for task in body.tasks:
        tasks = tasks.insert(task.task, Task(task))
    return replace(state, scans=scans, tasks=tasks, draws=(*state.draws, event))


def _void(state: Reading, event: Event, body: kinds.ReadVoided) -> Reading:
    task = state.tasks[body.task]
    assert task.signed is not None  # noqa: S101 -- only a signed read is voided
    return _task(state, body.task, signed=None, draft=None, voided=(*task.voided, task.signed, event))


def _propose(state: Reading, event: Event, body: kinds.ConsensusProposed) -> Reading:
    return _with(state, body.scan, proposals=(*state.scans[body.scan].proposals, event), agreed=None)


def _judge(state: Reading, event: Event, body: kinds.MaskJudged) -> Reading:
    return _with(state, body.scan, masks=(*state.scans[body.scan].masks, event))


_CHANGES: Mapping[type[Any], Callable[[Reading, Event, Any], Reading]] = {
    kinds.ScanFiled: _file,
    kinds.ScanPassed: lambda state, event, body: _with(state, body.scan, passed=event),
    kinds.ScanRejected: lambda state, event, body: _with(state, body.scan, rejected=event),
    kinds.ReadingOrderDrawn: _draw,
    kinds.ReadDrafted: lambda state, event, body: _task(state, body.task, draft=event),
    kinds.ReadSigned: lambda state, event, body: _task(state, body.task, signed=event),
    kinds.ReadVoided: _void,
    kinds.ConsensusProposed: _propose,
    kinds.ConsensusAgreed: lambda state, event, body: _with(state, body.scan, agreed=event),
    kinds.ScanAdjudicated: lambda state, event, body: _with(state, body.scan, adjudicated=event),
    kinds.MaskJudged: _judge,
    kinds.ReadsUnblinded: lambda state, event, _: replace(state, unblinded=event),
}
READING_KINDS = frozenset(_CHANGES)
"""The kinds of events that change this slice."""
READER_ACTS = frozenset(
    {"draft_read", "sign_read", "void_read", "propose_consensus", "agree_consensus", "adjudicate_scan"}
)
"""What readers ask for: a refusal of it may tell of a score."""
SEALED_KINDS = (
    kinds.ReadingOrderDrawn, kinds.ReadDrafted, kinds.ReadSigned, kinds.ReadVoided,
    kinds.ConsensusProposed, kinds.ConsensusAgreed, kinds.ScanAdjudicated,
)  # fmt: skip
"""What nobody is shown before the reads are final: who knew it might tell a reader."""
