"""The views of whoever manages the scans: what is there, what waits, how far the readers are. Never a score."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.reading.commands import PassScan, RejectScan
from firstbreath.reading.scoring import settle
from firstbreath.reading.state import Scan
from firstbreath.trial.decide_reading import unable_readers
from firstbreath.web.act import Outcome, perform, see_other
from firstbreath.web.clock import now_of
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import render_page
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.reading.images import asked_first
from firstbreath.web.reading.looking import POLICY, charter_of, find_scan
from firstbreath.web.reading.results import offered_of
from firstbreath.web.records.reading import site_filter

SEEDS = "+reading"
"""The key that seeds are encrypted with; no subject can have this code."""


class Cell(msgspec.Struct, frozen=True):
    """A visit of a subject: its scan, if any, and how that stands."""

    visit: str
    scan: Scan | None
    state: str
    sign: str


class Progress(msgspec.Struct, frozen=True):
    """How far a reader is."""

    name: str
    signed: int
    tasks: int


@page("see_scans")
def show_scans(request: HttpRequest) -> HttpResponse:
    """Every subject's scans, and how far reading is."""
    moment = read_moment(request)
    charter, reading, sees = charter_of(moment), moment.trial.reading, site_filter(request)
    subjects = [each for each in moment.trial.subjects.all() if sees(each.site)]
    used = [each for each in subjects if each.enrolled or any(reading.of_subject(each.code, v) for v in charter.visits)]
    frame: dict[str, Any] = {
        "charter": charter,
        "rows": [(each.code, [cell_of(moment, each.code, visit) for visit in charter.visits]) for each in used],
        "rejected": [scan for scan in reading.all_scans() if scan.rejected],
        "waiting": reading.waiting(),
        "unseen": [scan for scan in reading.all_scans() if not (scan.passed or scan.rejected)],
        "progress": progress_of(moment),
        "unsettled": [s for s in reading.all_scans() if not s.rejected and settle(reading, charter, s) is None],
        "unblinded": reading.unblinded,
        "unable": _unable(request, moment),
        "draws": reading.draws,
        "archive": source_of(request).archive,
    }
    return render_page(request, "reading/scans", moment, **frame)


def _unable(request: HttpRequest, moment: Moment) -> list[str]:
    """The names of readers whom somebody has to follow; none where nothing can be done."""
    if source_of(request).door is None:
        return []
    return [moment.trial.people.name_of(each) for each in unable_readers(moment.trial, now_of(request).date())]


def cell_of(moment: Moment, code: str, visit: str) -> Cell:
    """The last scan of a subject's visit with how it stands, in words."""
    reading, charter = moment.trial.reading, charter_of(moment)
    scans = reading.of_subject(code, visit)
    if not scans:
        return Cell(visit, None, "no scan", "empty")
    scan = scans[-1]
    if not scan.passed:
        return Cell(visit, scan, "to be looked at", "unknown")
    if scan.drawn is None:
        return Cell(visit, scan, "passed", "half")
    if reading.unblinded is None and not reading.is_read(scan):
        return Cell(visit, scan, "being read", "half")
    settled = settle(reading, charter, scan)
    return Cell(visit, scan, "read" if settled else "to be settled", "full" if settled else "differs")


def progress_of(moment: Moment) -> list[Progress]:
    """How many of their tasks the readers have signed."""
    reading, people = moment.trial.reading, moment.trial.people
    lists = {reader: reading.tasks_of(reader) for reader in sorted({t.drawn.reader for t in reading.tasks.values()})}
    return [
        Progress(people.name_of(reader), sum(task.signed is not None for task in tasks), len(tasks))
        for reader, tasks in lists.items()
        if tasks
    ]


@page("see_scans")
def show_scan(request: HttpRequest, name: str) -> HttpResponse:
    """A scan to be looked at: its facts, what the door flagged, and every slice."""
    moment = read_moment(request)
    return show_scan_page(request, moment, find_scan(request, moment, name))


def show_scan_page(request: HttpRequest, moment: Moment, scan: Scan, outcome: Outcome | None = None) -> HttpResponse:
    """The page of a scan, with what came of an act."""
    outcome = outcome or Outcome()
    frame: dict[str, Any] = {
        "scan": scan,
        "facts": scan.body,
        "spacing": " × ".join(f"{each:g}" for each in scan.body.spacing_mm),
        "reasons": outcome.reasons,
        "why": request.POST.get("why", ""),
        "judged": scan.rejected is None and not moment.trial.reading.is_read(scan),
        "reports": offered_of(request, moment.trial, scan),
        "archive": source_of(request).archive,
        **asked_first("scan", scan.body.scan, scan),
    }
    response = render_page(request, "reading/scan", moment, **frame, status=outcome.status)
    response.headers["Content-Security-Policy"] = POLICY
    return response


@act_page("pass_scan")
def judge_scan(request: HttpRequest, name: str) -> HttpResponse:
    """Pass a scan, or reject it and say why."""
    moment = read_moment(request)
    scan = find_scan(request, moment, name)
    if request.method != "POST":
        return see_other(reverse("scan", args=[name]))
    if request.POST.get("step") == "reject":
        outcome = perform(request, RejectScan(scan=name), reason=request.POST.get("why", ""), form="scan")
    else:
        outcome = perform(request, PassScan(scan=name), form="scan")
    return see_other(reverse("scans")) if outcome.done else show_scan_page(request, moment, scan, outcome)
