"""Records as they are signed or verified: which wait, which are stale, and which versions a tick stands for."""

from collections.abc import Callable, Sequence

import msgspec

from firstbreath.events.record import Event
from firstbreath.protocol.values import Protocol
from firstbreath.subjects.state import Subject
from firstbreath.trial.records import Record
from firstbreath.trial.state import Trial
from firstbreath.web.pages.event import body_lines
from firstbreath.web.pages.forms import render_record
from firstbreath.web.pages.marks import Marks, events_of, marks_of
from firstbreath.web.records.labels import title_of


class SaidValue(msgspec.Struct, frozen=True):
    """A value of a record as it stands: what it is, what it says, and its unit."""

    label: str
    text: str
    unit: str = ""


class RecordLine(msgspec.Struct, frozen=True):
    """A record that counts now: its words, the version that counts, how it stands with the monitor, what it says."""

    title: str
    seq: int
    versions: int
    marks: Marks
    word: str
    sign: str
    values: tuple[SaidValue, ...] = ()


class Worklist(msgspec.Struct, frozen=True):
    """The records of one subject, and how many of them wait, are stale, and are verified."""

    code: str
    site: str
    lines: tuple[RecordLine, ...]
    waiting: int
    stale: int
    verified: int

    @property
    def total(self) -> int:
        """How many records count now."""
        return len(self.lines)


def list_lines(
    trial: Trial, subject: Subject, events: Sequence[Event], *, in_full: bool = False
) -> tuple[RecordLine, ...]:
    """Every record of a subject that counts now. `events` are those of the log.

    in_full  with the values of each record, for whoever is to vouch for them
    """
    protocol = trial.protocol
    if protocol is None:
        return ()
    counting = [mark for mark in marks_of(subject, events_of(events, subject.code)) if not mark.struck]
    return tuple(
        _line(mark, title_of(mark.record, protocol), list_values(mark.record, protocol) if in_full else ())
        for mark in counting
    )


def list_values(record: Record, protocol: Protocol) -> tuple[SaidValue, ...]:
    """What a record says now: the fields of a form in its order, else all that its last version states."""
    if record.place[0] == "form":
        form = render_record((record.place[1], record.place[2], record.place[3]), record.versions, protocol)
        return tuple(
            SaidValue(line.label, line.now.text, "" if line.now.absent else line.unit)
            for line in form.fields
            if line.now is not None
        )
    return tuple(SaidValue(f"{line.field} {line.name}".strip(), line.text) for line in body_lines(record.latest))


def _line(marks: Marks, title: str, values: tuple[SaidValue, ...]) -> RecordLine:
    if any(verified.holds for verified in marks.verified):
        word, sign = "verified", "pass"
    else:
        word, sign = ("stale", "differs") if marks.verified else ("waiting", "empty")
    return RecordLine(title, marks.seq, len(marks.record.versions), marks, word, sign, values)


def compute_worklist(trial: Trial, subject: Subject, events: Sequence[Event], *, in_full: bool = False) -> Worklist:
    """What the monitor has to do for a subject; in full with the values of each record."""
    lines = list_lines(trial, subject, events, in_full=in_full)
    words = [line.word for line in lines]
    numbers = (words.count("waiting"), words.count("stale"), words.count("verified"))
    return Worklist(subject.code, subject.site, lines, *numbers)


def compute_worklists(
    trial: Trial, events: Sequence[Event], *, sees_site: Callable[[str], bool]
) -> tuple[Worklist, ...]:
    """The worklists of every subject in view."""
    return tuple(compute_worklist(trial, each, events) for each in trial.subjects.all() if sees_site(each.site))


def seqs_of(records: Sequence[Record], chosen: Sequence[int]) -> tuple[int, ...]:
    """The versions that ticks stand for: all of a record, as a value may rest on an earlier one.

    A tick whose version no longer counts is kept as it is, so that the door refuses it and says so.
    """
    by_latest = {record.latest.seq: record.seqs for record in records if not record.struck}
    found = [seq for tick in chosen for seq in by_latest.get(tick, (tick,))]
    return tuple(sorted({*found}))
