"""Whether something may be done with scans and reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.protocol.values import Charter
from firstbreath.reading import commands
from firstbreath.reading.asked import AskedOf, Found
from firstbreath.reading.decide_lists import decide_draw, decide_replace
from firstbreath.reading.decide_reads import decide_draft, decide_sign, decide_void
from firstbreath.reading.decide_settling import decide_adjudication, decide_agreement, decide_opening, decide_proposal
from firstbreath.reading.state import Reading, Scan

WITH_REASON = (commands.RejectScan, commands.VoidRead, commands.ReplaceReader)
AFTER = (commands.JudgeMask,)
"""What is done once the reads are final; nothing else is."""


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
        reasons.append(Reason("SCAN-052", text, "Look at it under Scans; only if it is wrong, reject it, and say why."))
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
    if scan and reading.is_read(scan):
        text = "Every reader has signed: a scan that is taken out now might be taken out for its score."
        reasons.append(Reason("READ-036", text, "Let the readers settle its segments as not evaluable, and say why."))
    return reasons, kinds.ScanRejected(command.scan)


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
    commands.DrawReadingOrder: decide_draw,
    commands.ReplaceReader: decide_replace,
    commands.DraftRead: decide_draft,
    commands.SignRead: decide_sign,
    commands.VoidRead: decide_void,
    commands.ProposeConsensus: decide_proposal,
    commands.AgreeConsensus: decide_agreement,
    commands.AdjudicateScan: decide_adjudication,
    commands.UnblindReads: decide_opening,
    commands.JudgeMask: _mask,
}
