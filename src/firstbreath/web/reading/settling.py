"""The view of a case: what the reads differ in, side by side, and how it is settled and by whom."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.protocol.values import Charter, Segment
from firstbreath.reading.commands import AdjudicateScan, AgreeConsensus, ProposeConsensus
from firstbreath.reading.scoring import differing_of
from firstbreath.reading.state import Scan
from firstbreath.web.accounts.reauth import check_reauthentication
from firstbreath.web.act import REFUSED, Outcome, perform, see_other
from firstbreath.web.errors import act_page
from firstbreath.web.frame import render_page
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.reading.entries import SegmentRow, parse_segments, rows_of
from firstbreath.web.reading.images import asked_first, scan_of_case
from firstbreath.web.reading.looking import POLICY, charter_of, reader_of
from firstbreath.web.records.reading import number_of


class Difference(msgspec.Struct, frozen=True):
    """A segment on which the reads differ: each read of it by who read it, and how it was proposed to be settled."""

    segment: Segment
    reads: tuple[tuple[str, kinds.SegmentRead], ...]
    row: SegmentRow


@act_page("propose_consensus")
def show_case(request: HttpRequest, code: str) -> HttpResponse:
    """A case: propose how its differences are settled, or sign what the other reader proposed."""
    moment = read_moment(request)
    scan = scan_of_case(request, moment, code)
    if request.method != "POST":
        return _show(request, moment, scan)
    outcome = _settle(request, moment, scan)
    return see_other(reverse("reading")) if outcome.done else _show(request, moment, scan, outcome)


def _settle(request: HttpRequest, moment: Moment, scan: Scan) -> Outcome:
    wrong = check_reauthentication(request)
    if wrong:
        return Outcome(reasons=wrong, status=409)
    if request.POST.get("step") == "agree":
        proposal = number_of(request.POST.get("proposal", ""))
        latest = bool(scan.proposals) and scan.proposals[-1].seq == proposal
        changed = _changed(charter_of(moment), scan, request)
        if latest and changed:
            text = f"{', '.join(changed[:5])}: what is entered here is not what was proposed."
            return Outcome(reasons=(Reason("READ-047", text, "Propose it, or open the case again."),), status=REFUSED)
        return perform(request, AgreeConsensus(case=scan.case, proposal=proposal), form="consensus", step="agree")
    charter = charter_of(moment)
    open_ = differing_of(moment.now.reading, charter, scan) or ()
    segments = parse_segments(charter, request.POST, open_)
    act = AdjudicateScan if charter.agreement == "adjudicator" else ProposeConsensus
    return perform(request, act(case=scan.case, segments=segments), form="consensus", step="propose")


def _changed(charter: Charter, scan: Scan, request: HttpRequest) -> list[str]:
    """The segments in which a form states something else than the last proposal: that would be signed unseen."""
    body = scan.proposals[-1].body if scan.proposals else None
    if not isinstance(body, kinds.ConsensusProposed) or not any(name.startswith("score-") for name in request.POST):
        return []
    sent = parse_segments(charter, request.POST, tuple(body.segments))
    return [name for name, proposed in body.segments.items() if _meant(sent.get(name)) != _meant(proposed)]


def _meant(entry: kinds.SegmentRead | None) -> object:
    return entry and (entry.points, {*entry.forms}, {*entry.shapes}, entry.why.strip(), entry.open)


def _show(request: HttpRequest, moment: Moment, scan: Scan, outcome: Outcome | None = None) -> HttpResponse:
    outcome, charter, reader = outcome or Outcome(), charter_of(moment), reader_of(request)
    last = scan.settled_by or (scan.proposals[-1] if scan.proposals else None)
    body = last.body if last else None
    proposed = body.segments if isinstance(body, kinds.ConsensusProposed | kinds.ScanAdjudicated) else {}
    entered = proposed
    if request.method == "POST":
        open_ = differing_of(moment.now.reading, charter, scan) or ()
        entered = parse_segments(charter, request.POST, open_)
    frame: dict[str, Any] = {
        "case": scan.case,
        "charter": charter,
        "differences": _differences(moment, scan, reader, entered),
        "last": last,
        "mine": last is not None and last.actor == reader,
        "settled": scan.agreed or scan.adjudicated,
        "reasons": outcome.reasons,
        **asked_first("case", scan.case, scan),
    }
    response = render_page(request, "reading/case", moment, **frame, status=outcome.status)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _differences(
    moment: Moment, scan: Scan, reader: str, entered: dict[str, kinds.SegmentRead]
) -> tuple[Difference, ...]:
    reading, charter = moment.now.reading, charter_of(moment)
    tasks = reading.readings_of(scan.body.scan)
    rows = {row.segment.id: row for row in rows_of(charter, entered)}
    found = []
    for segment in charter.segments:
        if segment.id in (differing_of(reading, charter, scan) or ()):
            reads = tuple(
                (_whose(task.drawn.reader, reader, n), task.read.segments[segment.id])
                for n, task in enumerate(tasks)
                if task.read
            )
            found.append(Difference(segment, reads, rows[segment.id]))
    return tuple(found)


def _whose(reader: str, me: str, place: int) -> str:
    """`you` and `the other reader`; to an adjudicator, who is neither, A and B."""
    return "you" if reader == me else f"reader {'ABCDEFGHIJ'[place]}"
