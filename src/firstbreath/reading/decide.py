"""Whether something may be done with scans and reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.protocol.values import Charter
from firstbreath.reading import commands
from firstbreath.reading.measured import reasons_against_lines
from firstbreath.reading.order import draw_order, seal_of
from firstbreath.reading.scoring import differing_of, reasons_against_segments, settle, total_of
from firstbreath.reading.state import Reading, Scan, Task

SEED_LENGTH = 32
WITH_REASON = (commands.RejectScan, commands.VoidRead)
AFTER = (commands.JudgeMask,)
"""What is done once the reads are final; nothing else is."""
Found = tuple[list[Reason], kinds.Kind | None]


class AskedOf(msgspec.Struct, frozen=True):
    """Who asks, in which role, under what name and why; and the names of those who may read."""

    actor: str
    role: str
    name: str
    reason: str
    readers: frozenset[str] = frozenset()


def decide_reading(
    reading: Reading, charter: Charter | None, command: commands.ReadingCommand, asked: AskedOf
) -> Decision:
    """Allowed with an event, or refused with every reason."""
    if charter is None:
        return Refused((Reason("SCAN-050", "The protocol has no charter of image reading.", "Add charter.toml."),))
    if isinstance(command, WITH_REASON) and not asked.reason.strip():
        return Refused((Reason("READ-001", "This needs a reason.", "Say why."),))
    if reading.unblinded and not isinstance(command, AFTER):
        text = f"The reads are final (event {reading.unblinded.seq})."
        return Refused((Reason("READ-002", text, "Nothing of them changes any more."),))
    reasons, event = _DECIDE[type(command)](reading, charter, command, asked)
    return Refused(tuple(dict.fromkeys(reasons))) if reasons or event is None else Allowed((event,))


def _file(reading: Reading, charter: Charter, command: commands.FileScan, _asked: AskedOf) -> Found:
    reasons = []
    if command.visit not in charter.visits:
        text = f"{command.visit[:40]!r} is no visit whose scans are read."
        reasons.append(Reason("SCAN-051", text, f"Choose one of: {', '.join(charter.visits)}."))
    before = reading.of_subject(command.subject, command.visit)
    if before:
        text = f"The scan of {command.subject} at {command.visit} was filed already (event {before[-1].filed.seq})."
        reasons.append(Reason("SCAN-052", text, "Reject that one first, and say why."))
    known = sum(scan.subject == command.subject and scan.body.visit == command.visit for scan in reading.all_scans())
    scan = f"{command.subject}.{command.visit}.{known + 1}"
    facts = msgspec.structs.asdict(command)
    facts.pop("subject")
    return reasons, kinds.ScanFiled(scan=scan, **facts)


def _known(reading: Reading, name: str) -> tuple[Scan | None, list[Reason]]:
    scan = reading.scans.get(name)
    if scan is None:
        return None, [Reason("SCAN-053", f"There is no scan {name[:60]!r}.", "Choose one from the list.")]
    if scan.rejected:
        return scan, [Reason("SCAN-054", f"The scan was rejected (event {scan.rejected.seq}).", "File another one.")]
    return scan, []


def _pass(reading: Reading, _charter: Charter, command: commands.PassScan, _asked: AskedOf) -> Found:
    scan, reasons = _known(reading, command.scan)
    if scan and scan.passed:
        reasons.append(
            Reason("SCAN-055", f"The scan passed already (event {scan.passed.seq}).", "Nothing is to be done.")
        )
    return reasons, kinds.ScanPassed(command.scan)


def _reject(reading: Reading, _charter: Charter, command: commands.RejectScan, _asked: AskedOf) -> Found:
    scan, reasons = _known(reading, command.scan)
    if scan and scan.drawn and reading.is_read(scan.drawn):
        text = "Every reader has signed: a scan that is taken out now might be taken out for its score."
        reasons.append(Reason("READ-036", text, "Let the readers settle its segments as not evaluable, and say why."))
    return reasons, kinds.ScanRejected(command.scan)


def _draw(reading: Reading, charter: Charter, command: commands.DrawReadingOrder, asked: AskedOf) -> Found:
    reasons = []
    if len({*command.readers}) != charter.readers or len(command.readers) != charter.readers:
        text = f"The charter asks for {charter.readers} different readers; {len({*command.readers})} are named."
        reasons.append(Reason("READ-020", text, "Choose as many."))
    others = [reader for reader in command.readers if reader not in asked.readers]
    if others:
        named = ", ".join(name[:40] for name in others[:5])
        text = f"{named} does not read, or has another role beside it and so is not blind."
        reasons.append(Reason("READ-021", text, "Choose readers who have no other role."))
    if len(command.seed) < SEED_LENGTH:
        reasons.append(Reason("READ-022", "The seed is too short to be a secret.", "Let the site draw it."))
    reasons += _against_readers(reading, command.readers)
    reasons += _against_lone(reading, charter, asked.reason)
    waiting = {scan.body.scan: scan.subject for scan in reading.waiting()}
    unseen = [scan.body.scan for scan in reading.all_scans() if not (scan.passed or scan.rejected)]
    if unseen:
        text = f"Not looked at yet: {', '.join(unseen[:5])}."
        reasons.append(Reason("READ-023", text, "Pass or reject each before an order is drawn."))
    if not waiting:
        reasons.append(Reason("READ-024", "No scan waits to be read.", "File and pass scans first."))
    if reasons:
        return reasons, None
    try:
        tasks, cases = draw_order(
            waiting,
            command.readers,
            command.seed,
            repeats_percent=charter.repeats_percent,
            apart=charter.apart,
            given=reading.codes(),
        )
    except ValueError as wrong:
        return [Reason("READ-025", f"No order can be drawn: {wrong}.", "Wait for scans of more patients.")], None
    return [], kinds.ReadingOrderDrawn(tasks, cases, seal_of(command.seed), command.seed_file)


def _against_readers(reading: Reading, readers: Sequence[str]) -> list[Reason]:
    """The same read every scan, in the same order of names: their totals stand side by side."""
    before = {
        tuple(reading.readers_of(scan.body.scan)) for scan in reading.all_scans() if scan.drawn and not scan.rejected
    }
    if not before or tuple(readers) in before:
        return []
    text = f"Scans drawn before are read by {', '.join(next(iter(before)))}."
    return [Reason("READ-028", text, "Let the same read these; or reject the others, and file them again for all.")]


def _against_lone(reading: Reading, charter: Charter, reason: str) -> list[Reason]:
    """A scan that is drawn without the patient's other ones would be known by its place in the list."""
    waiting = reading.waiting()
    visits = {(scan.subject, scan.body.visit) for scan in waiting}
    lone = [
        f"{subject} at {visit}"
        for subject in dict.fromkeys(scan.subject for scan in waiting)
        for visit in charter.visits
        if (subject, visit) not in visits
    ]
    if not lone or reason.strip():
        return []
    text = f"Scans would be drawn without those of {', '.join(lone[:5])}{' ...' if len(lone) > 5 else ''}."
    return [Reason("READ-027", text, "Wait for them, or say why not: later ones are known by their place.")]


def _own_task(reading: Reading, code: str, asked: AskedOf) -> tuple[Task | None, list[Reason]]:
    """The task of the reader who asks; of another's nothing is told, not even that there is one."""
    task = reading.tasks.get(code)
    if task is None or task.drawn.reader != asked.actor:
        return None, [Reason("READ-030", f"There is no task {code[:20]!r} in your list.", "Open one from your list.")]
    if reading.scans[task.drawn.scan].rejected:
        return None, [Reason("READ-031", "This scan is not read any more.", "Go on with the next in your list.")]
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


def _draft(reading: Reading, charter: Charter, command: commands.DraftRead, asked: AskedOf) -> Found:
    told = (command.task, command.segments, command.seen, command.remark, command.lines)
    return _entries(reading, charter, command, asked, whole=False), kinds.ReadDrafted(*told)


def _sign(reading: Reading, charter: Charter, command: commands.SignRead, asked: AskedOf) -> Found:
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


def _void(reading: Reading, _charter: Charter, command: commands.VoidRead, asked: AskedOf) -> Found:
    task = reading.tasks.get(command.task)
    if asked.role == "radiologist":
        task, reasons = _own_task(reading, command.task, asked)
        if task is None:
            return reasons, None
    if task is None or task.signed is None:
        return [Reason("READ-034", f"{command.task[:20]!r} has no signed read.", "Nothing is to be voided.")], None
    draw = reading.scans[task.drawn.scan].drawn
    if draw and reading.is_read(draw):
        text = "Every reader has signed, and the reads are open to both: a new one would not be independent."
        return [Reason("READ-035", text, "Settle the difference by consensus.")], None
    return [], kinds.ReadVoided(command.task, task.signed.seq)


def _case(
    reading: Reading, charter: Charter, case: str, asked: AskedOf, *, third: bool
) -> tuple[Scan | None, list[Reason]]:
    """The scan of a case whose differences the one who asks may settle."""
    scan = reading.by_case(case)
    own = scan is not None and (asked.actor in reading.readers_of(scan.body.scan)) is not third
    if scan is None or not own or scan.rejected:
        return None, [Reason("READ-040", f"There is no case {case[:20]!r} for you.", "Open one from your list.")]
    open_ = differing_of(reading, charter, scan)
    if open_ is None:
        text = "Not every read of this order is signed."
        return None, [Reason("READ-041", text, "Reads are compared once all of them are.")]
    if not open_:
        return None, [Reason("READ-042", "The reads of this case do not differ.", "Nothing is to be settled.")]
    wanted = "adjudicator" if third else "consensus"
    if charter.agreement != wanted:
        text = f"The charter settles differences by {charter.agreement}."
        return None, [Reason("READ-043", text, "Do as it says.")]
    by = scan.agreed or scan.adjudicated
    if by:
        return None, [Reason("READ-044", f"The case is settled (event {by.seq}).", "Nothing is to be done.")]
    return scan, []


def _propose(reading: Reading, charter: Charter, command: commands.ProposeConsensus, asked: AskedOf) -> Found:
    scan, reasons = _case(reading, charter, command.case, asked, third=False)
    if scan is None:
        return reasons, None
    return _settling(reading, charter, scan, command), kinds.ConsensusProposed(
        scan.body.scan, command.segments, asked.name
    )


def _settling(reading: Reading, charter: Charter, scan: Scan, command: commands.SettleCase) -> list[Reason]:
    """What stands against these entries for the segments on which the reads differ."""
    open_ = differing_of(reading, charter, scan) or ()
    return reasons_against_segments(charter, command.segments, open_, whole=True, why=True)


def _agree(reading: Reading, charter: Charter, command: commands.AgreeConsensus, asked: AskedOf) -> Found:
    scan, reasons = _case(reading, charter, command.case, asked, third=False)
    if scan is None:
        return reasons, None
    last = scan.proposals[-1] if scan.proposals else None
    if last is None or last.seq != command.proposal:
        text = "This is not the latest proposal." if last else "Nobody has proposed anything."
        return [Reason("READ-045", text, "Look at the case again.")], None
    if last.actor == asked.actor:
        return [Reason("READ-046", "You proposed this yourself.", "The other reader signs.")], None
    return [], kinds.ConsensusAgreed(scan.body.scan, command.proposal, asked.name)


def _adjudicate(reading: Reading, charter: Charter, command: commands.AdjudicateScan, asked: AskedOf) -> Found:
    scan, reasons = _case(reading, charter, command.case, asked, third=True)
    if scan is None:
        return reasons, None
    return _settling(reading, charter, scan, command), kinds.ScanAdjudicated(
        scan.body.scan, command.segments, asked.name
    )


def _unblind(reading: Reading, charter: Charter, command: commands.UnblindReads, _asked: AskedOf) -> Found:
    scans = [scan for scan in reading.all_scans() if not scan.rejected]
    left = [scan.body.scan for scan in scans if settle(reading, charter, scan) is None]
    reasons = []
    if left or not scans:
        text = f"{len(left)} of {len(scans)} scans are not read and settled yet." if scans else "No scan is filed."
        reasons.append(Reason("READ-050", text, "Reads are opened once all of them are final."))
    seals = [draw.body.seal for draw in reading.draws if isinstance(draw.body, kinds.ReadingOrderDrawn)]
    if [seal_of(seed) for seed in command.seeds] != seals:
        text = "The seeds are not those that the orders were sealed with."
        reasons.append(Reason("READ-051", text, "Restore the kept files of the seeds from a backup."))
    return reasons, kinds.ReadsUnblinded(command.seeds)


def _mask(reading: Reading, _charter: Charter, command: commands.JudgeMask, _asked: AskedOf) -> Found:
    _, reasons = _known(reading, command.scan)
    if reading.unblinded is None:
        text = "Volumes are looked at once the reads are final: before, they would tell a reader."
        reasons.append(Reason("READ-052", text, "Make the reads final first."))
    return reasons, kinds.MaskJudged(*msgspec.structs.astuple(command))


_DECIDE: Mapping[type[Any], Callable[[Reading, Charter, Any, AskedOf], Found]] = {
    commands.FileScan: _file,
    commands.PassScan: _pass,
    commands.RejectScan: _reject,
    commands.DrawReadingOrder: _draw,
    commands.DraftRead: _draft,
    commands.SignRead: _sign,
    commands.VoidRead: _void,
    commands.ProposeConsensus: _propose,
    commands.AgreeConsensus: _agree,
    commands.AdjudicateScan: _adjudicate,
    commands.UnblindReads: _unblind,
    commands.JudgeMask: _mask,
}
