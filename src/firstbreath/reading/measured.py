"""The lines of the caliper that were drawn in a read: what is wrong with them."""

from collections.abc import Sequence

from firstbreath.events.decisions import Reason
from firstbreath.events.kinds import MeasuredLine
from firstbreath.protocol.values import Charter
from firstbreath.reading.state import Scan

AGAIN = "Delete it, and draw it again."


def reasons_against_lines(charter: Charter, scan: Scan, lines: Sequence[MeasuredLine]) -> list[Reason]:
    """Why these lines are not those of a read of this scan; nothing when they can be."""
    known = {each.id for each in charter.segments}
    strange = [line.segment for line in lines if line.segment and line.segment not in known]
    reasons = []
    if strange:
        text = f"A line is drawn for {strange[0][:40]!r}, which is not in the charter."
        reasons.append(Reason("READ-018", text, AGAIN))
    if any(not 0 <= line.slice < scan.body.slices for line in lines):
        text = f"A line lies in no slice of this scan, which has {scan.body.slices}."
        reasons.append(Reason("READ-019", text, AGAIN))
    return reasons
