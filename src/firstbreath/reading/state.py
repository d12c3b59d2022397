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
Drawing = kinds.ReadingOrderDrawn | kinds.ReaderReplaced
"""What draws lists: for all readers, or for whoever follows one."""


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
    """A scan in a reader's list: the last draft, the signed read that counts, and reads that were voided.

    given      the event that drew it
    withdrawn  the event by which another took this reader's place: nothing of it counts any more
    """

    drawn: kinds.TaskDrawn
    given: int = 0
    draft: Event | None = None
    signed: Event | None = None
    voided: tuple[Event, ...] = ()
    withdrawn: Event | None = None

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
    """All scans by their names, tasks by their codes, and the event that opened the reads.

    draws  the events that drew a list, in order: for all readers, or for one who took another's place
    """

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

    def counts(self, task: Task) -> bool:
        """Whether a task is to be read: its scan is, and its reader was not replaced."""
        return task.withdrawn is None and self.scans[task.drawn.scan].rejected is None

    def tasks_of(self, reader: str) -> list[Task]:
        """The list of a reader: draw after draw, each in its order; what is not read any more is left out."""
        found = [task for task in self.tasks.values() if task.drawn.reader == reader and self.counts(task)]
        return sorted(found, key=lambda task: (task.given, task.drawn.position))

    def readings_of(self, scan: str) -> list[Task]:
        """The first readings of a scan that were not withdrawn, place by place; hidden repeats are not among them."""
        places = {reader: place for place, reader in enumerate(self.readers_of(scan))}
        tasks = (each for each in self.tasks.values() if each.drawn.scan == scan and not each.drawn.again)
        return sorted((each for each in tasks if not each.withdrawn), key=lambda task: places[task.drawn.reader])

    def readers_of(self, scan: str) -> list[str]:
        """Whose reads of a scan count, place by place in the order in which readers were named."""
        return self._holders(scan, lambda taken: any(task.scan == scan for task in taken.tasks))

    def settlers_of(self, scan: str) -> list[str]:
        """Who hold the readers' places of a scan now: they settle differences, also of reads that others left."""
        return self._holders(scan, lambda _: True)

    def _holders(self, scan: str, follows: Callable[[kinds.ReaderReplaced], bool]) -> list[str]:
        drawn = self.scans[scan].drawn
        if drawn is None:
            return []
        holders = list[str]()
        for seq, body in self.drawings():
            if seq == drawn.seq:
                holders = list(dict.fromkeys(task.reader for task in body.tasks))
            elif seq > drawn.seq and isinstance(body, kinds.ReaderReplaced) and follows(body):
                holders = [body.by if each == body.reader else each for each in holders]
        return holders

    def holders(self) -> list[str]:
        """Who hold the readers' places now; nobody before an order was drawn."""
        drawn = [scan.body.scan for scan in self.scans.values() if scan.drawn and not scan.rejected]
        return self.settlers_of(drawn[0]) if drawn else []

    def placed(self) -> frozenset[str]:
        """Whoever holds a reader's place, or held one."""
        taken = [body for _, body in self.drawings() if isinstance(body, kinds.ReaderReplaced)]
        named = {each for body in taken for each in (body.reader, body.by)}
        return frozenset(named | {task.drawn.reader for task in self.tasks.values()})

    def may_settle(self, scan: str, reader: str, *, third: bool) -> bool:
        """Whether somebody may settle a scan: one of its readers, or as a third somebody who never had it to read."""
        if not third:
            return reader in self.settlers_of(scan)
        given = any(task.drawn.scan == scan and task.drawn.reader == reader for task in self.tasks.values())
        return not given and reader not in self.settlers_of(scan)

    def is_read(self, scan: Scan) -> bool:
        """Whether every reader has signed every task of the draw that a scan is in: reads are compared from then on."""
        draw = scan.drawn
        return draw is not None and all(
            task.signed is not None
            for task in self.tasks.values()
            if (drawn := self.scans[task.drawn.scan].drawn) and drawn.seq == draw.seq and self.counts(task)
        )

    def being_read(self) -> list[Scan]:
        """The scans that are in lists which not all have signed."""
        return [scan for scan in self.all_scans() if scan.drawn and not scan.rejected and not self.is_read(scan)]

    def may_void(self, task: Task) -> bool:
        """Whether a signed read may still be voided: once reads are compared, a new one would not be independent."""
        counts = task.signed is not None and task.withdrawn is None
        return counts and not self.is_read(self.scans[task.drawn.scan])

    def drawings(self) -> list[tuple[int, Drawing]]:
        """What every draw wrote down, with its event, in order."""
        return [(event.seq, event.body) for event in self.draws if isinstance(event.body, Drawing)]

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
        tasks = tasks.insert(task.task, Task(task, event.seq))
    return replace(state, scans=scans, tasks=tasks, draws=(*state.draws, event))


def _replace_reader(state: Reading, event: Event, body: kinds.ReaderReplaced) -> Reading:
    tasks, again = state.tasks, {task.scan for task in body.tasks}
    for code, task in state.tasks.items():
        if task.drawn.reader == body.reader and task.drawn.scan in again and task.withdrawn is None:
            tasks = tasks.insert(code, replace(task, withdrawn=event))
    for drawn in body.tasks:
        tasks = tasks.insert(drawn.task, Task(drawn, event.seq))
    scans = state.scans
    for name, scan in scans.items():
        if scan.proposals and scan.settled_by is None and scan.proposals[-1].actor == body.reader:
            scans = scans.insert(name, replace(scan, proposals=()))
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
    kinds.ReaderReplaced: _replace_reader,
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
    kinds.ReadingOrderDrawn, kinds.ReaderReplaced, kinds.ReadDrafted, kinds.ReadSigned, kinds.ReadVoided,
    kinds.ConsensusProposed, kinds.ConsensusAgreed, kinds.ScanAdjudicated,
)  # fmt: skip
"""What nobody is shown before the reads are final: who knew it might tell a reader."""
