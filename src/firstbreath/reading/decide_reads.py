"""Whether a reader may draft, sign or void a read: an own one, whole, in its turn."""

from __future__ import annotations

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.protocol.values import Charter
from firstbreath.reading import commands
from firstbreath.reading.asked import AskedOf, Found
from firstbreath.reading.measured import reasons_against_lines
from firstbreath.reading.scoring import reasons_against_segments, total_of
from firstbreath.reading.state import Reading, Task


def _own_task(reading: Reading, code: str, asked: AskedOf) -> tuple[Task | None, list[Reason]]:
    """The task of the reader who asks; of another's nothing is told, not even that there is one."""
    task = reading.tasks.get(code)
    if task is None or task.drawn.reader != asked.actor:
        return None, [Reason("READ-030", f"There is no task {code[:20]!r} in your list.", "Open one from your list.")]
    if not reading.counts(task):
        return None, [Reason("READ-031", "You do not read this any more.", "Go on with the next in your list.")]
    return task, []


def _against_turn(reading: Reading, task: Task) -> list[Reason]:
    if task.signed:
        text = f"This read was signed (event {task.signed.seq}): it cannot be changed."
        return [Reason("READ-032", text, "A signed read can only be voided, with a reason, and read again.")]
    first = next(each for each in reading.tasks_of(task.drawn.reader) if each.signed is None)
    if first.drawn.task != task.drawn.task:
        return [Reason("READ-033", f"{first.drawn.task} comes first in your list.", "Read in the order drawn.")]
    return []


def _entries(
    reading: Reading, charter: Charter, command: commands.ReadEntries, asked: AskedOf, *, whole: bool
) -> list[Reason]:
    """What stands against these entries in a read, complete or not."""
    task, reasons = _own_task(reading, command.task, asked)
    if task is None:
        return reasons
    wanted = [each.id for each in charter.segments]
    return [
        *_against_turn(reading, task),
        *reasons_against_segments(charter, command.segments, wanted, whole=whole),
        *reasons_against_lines(charter, reading.scans[task.drawn.scan], command.lines),
    ]


def decide_draft(reading: Reading, charter: Charter, command: commands.DraftRead, asked: AskedOf) -> Found:
    """Whether what is entered so far may be kept."""
    told = (command.task, command.segments, command.seen, command.remark, command.lines)
    return _entries(reading, charter, command, asked, whole=False), kinds.ReadDrafted(*told)


def decide_sign(reading: Reading, charter: Charter, command: commands.SignRead, asked: AskedOf) -> Found:
    """Whether a read may be signed: every segment has its score."""
    signed = kinds.ReadSigned(
        command.task,
        command.segments,
        total_of(charter, command.segments),
        asked.name,
        seen=command.seen,
        remark=command.remark,
        lines=command.lines,
    )
    return _entries(reading, charter, command, asked, whole=True), signed


def decide_void(reading: Reading, _charter: Charter, command: commands.VoidRead, asked: AskedOf) -> Found:
    """Whether a signed read may be voided: not once all are signed, and reads are open."""
    task = reading.tasks.get(command.task)
    if asked.role == "radiologist":
        task, reasons = _own_task(reading, command.task, asked)
        if task is None:
            return reasons, None
    if task is None or task.signed is None or task.withdrawn:
        return [Reason("READ-034", f"{command.task[:20]!r} has no signed read.", "Nothing is to be voided.")], None
    if not reading.may_void(task):
        text = "Every reader has signed, and the reads are open to both: a new one would not be independent."
        return [Reason("READ-035", text, "Settle the difference by consensus.")], None
    return [], kinds.ReadVoided(command.task, task.signed.seq)
