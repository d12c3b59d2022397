"""Whether differences between reads may be settled, and when all reads become final."""

from __future__ import annotations

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.protocol.values import Charter
from firstbreath.reading import commands
from firstbreath.reading.asked import AskedOf, Found
from firstbreath.reading.order import seal_of
from firstbreath.reading.scoring import differing_of, reasons_against_segments, settle
from firstbreath.reading.state import Reading, Scan

Settling = kinds.ConsensusProposed | kinds.ScanAdjudicated


def _case(
    reading: Reading, charter: Charter, case: str, asked: AskedOf, *, third: bool
) -> tuple[Scan | None, list[Reason]]:
    """The scan of a case whose differences the one who asks may settle."""
    scan = reading.by_case(case)
    own = scan is not None and reading.may_settle(scan.body.scan, asked.actor, third=third)
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


def decide_proposal(reading: Reading, charter: Charter, command: commands.ProposeConsensus, asked: AskedOf) -> Found:
    """Whether a reader may propose how a case is settled."""
    return _settling(reading, charter, command, asked, kind=kinds.ConsensusProposed)


def _settling(
    reading: Reading, charter: Charter, command: commands.SettleCase, asked: AskedOf, *, kind: type[Settling]
) -> Found:
    """Whether these entries may settle the segments on which the reads differ."""
    scan, reasons = _case(reading, charter, command.case, asked, third=kind is kinds.ScanAdjudicated)
    if scan is None:
        return reasons, None
    open_ = differing_of(reading, charter, scan) or ()
    reasons = reasons_against_segments(charter, command.segments, open_, whole=True, why=True)
    return reasons, kind(scan.body.scan, command.segments, asked.name)


def decide_agreement(reading: Reading, charter: Charter, command: commands.AgreeConsensus, asked: AskedOf) -> Found:
    """Whether a reader may sign the other's latest proposal."""
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


def decide_adjudication(reading: Reading, charter: Charter, command: commands.AdjudicateScan, asked: AskedOf) -> Found:
    """Whether a third reader may settle a case."""
    return _settling(reading, charter, command, asked, kind=kinds.ScanAdjudicated)


def decide_opening(reading: Reading, charter: Charter, command: commands.UnblindReads, _asked: AskedOf) -> Found:
    """Whether the reads may be made final: all are settled, and the seeds are those that were sealed."""
    scans = [scan for scan in reading.all_scans() if not scan.rejected]
    left = [scan.body.scan for scan in scans if settle(reading, charter, scan) is None]
    reasons = []
    if left or not scans:
        text = f"{len(left)} of {len(scans)} scans are not read and settled yet." if scans else "No scan is filed."
        reasons.append(Reason("READ-050", text, "Reads are opened once all of them are final."))
    seals = [body.seal for _, body in reading.drawings()]
    if [seal_of(seed) for seed in command.seeds] != seals:
        text = "The seeds are not those that the orders were sealed with."
        reasons.append(Reason("READ-051", text, "Restore the kept files of the seeds from a backup."))
    return reasons, kinds.ReadsUnblinded(command.seeds)
