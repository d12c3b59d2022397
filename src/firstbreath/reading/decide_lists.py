"""Whether lists may be drawn: the order of every reader, or the list of whoever follows one."""

from __future__ import annotations

from collections.abc import Sequence

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.protocol.values import Charter
from firstbreath.reading import commands
from firstbreath.reading.asked import AskedOf, Found
from firstbreath.reading.order import draw_list, draw_order, seal_of
from firstbreath.reading.state import Reading

SEED_LENGTH = 32


def decide_draw(reading: Reading, charter: Charter, command: commands.DrawReadingOrder, asked: AskedOf) -> Found:
    """Whether the order may be drawn for the scans that wait."""
    reasons, readers = [], _in_places(reading, command.readers)
    if len({*command.readers}) != charter.readers or len(command.readers) != charter.readers:
        text = f"The charter asks for {charter.readers} different readers; {len({*command.readers})} are named."
        reasons.append(Reason("READ-020", text, "Choose as many."))
    reasons += _against_lists(readers, command.seed, asked)
    reasons += _against_readers(reading, readers)
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
            readers,
            command.seed,
            repeats_percent=charter.repeats_percent,
            apart=charter.apart,
            given=reading.codes(),
        )
    except ValueError as wrong:
        return [Reason("READ-025", f"No order can be drawn: {wrong}.", "Wait for scans of more patients.")], None
    return [], kinds.ReadingOrderDrawn(tasks, cases, seal_of(command.seed), command.seed_file)


def _in_places(reading: Reading, readers: Sequence[str]) -> tuple[str, ...]:
    """The readers in the places that they hold already, whatever order they are named in."""
    holders = reading.holders()
    return tuple(holders) if {*holders} == {*readers} and len(holders) == len(readers) else tuple(readers)


def _against_lists(readers: Sequence[str], seed: str, asked: AskedOf) -> list[Reason]:
    """What stands against lists for these readers from this seed."""
    reasons, others = [], [reader for reader in readers if reader not in asked.readers]
    if others:
        named = ", ".join(name[:40] for name in others[:5])
        text = f"{named} does not read, or has another role beside it and so is not blind."
        reasons.append(Reason("READ-021", text, "Choose readers who have no other role."))
    if len(seed) < SEED_LENGTH:
        reasons.append(Reason("READ-022", "The seed is too short to be a secret.", "Let the site draw it."))
    return reasons


def _against_readers(reading: Reading, readers: Sequence[str]) -> list[Reason]:
    """The same read every scan, in the same order of names: their totals stand side by side."""
    before = reading.holders()
    if not before or before == [*readers]:
        return []
    text = f"Scans drawn before are read by {', '.join(before)}."
    return [Reason("READ-028", text, "Let the same read these; when one of them cannot, replace that reader first.")]


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


def decide_replace(reading: Reading, charter: Charter, command: commands.ReplaceReader, asked: AskedOf) -> Found:
    """Whether another may take a reader's place, and the list drawn for them."""
    reasons = []
    if command.reader not in reading.holders():
        text = f"{command.reader[:40]!r} is no reader of these scans."
        reasons.append(Reason("READ-038", text, f"Choose one of: {', '.join(reading.holders()) or 'nobody yet'}."))
    if command.by in reading.placed():
        text = f"{command.by[:40]!r} has or had a place already."
        reasons.append(Reason("READ-039", text, "Choose somebody who has read none of these scans."))
    reasons += _against_lists((command.by,), command.seed, asked)
    if reasons:
        return reasons, None
    left = {scan.body.scan: scan.subject for scan in reading.being_read()}
    rule = {"repeats_percent": charter.repeats_percent, "apart": charter.apart}
    tasks = draw_list(left, command.by, command.seed, given=reading.codes(), **rule)
    return [], kinds.ReaderReplaced(command.reader, command.by, tasks, seal_of(command.seed), command.seed_file)
