"""The views of a read as a report in DICOM: taken as a file, or stored in the archive, which is an export."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events.chain import Head
from firstbreath.events.kinds import MeasuredLine
from firstbreath.reading.keeping import read_headers
from firstbreath.reading.placing import place_line
from firstbreath.reading.report import Line, UnfitReport
from firstbreath.reading.state import Scan
from firstbreath.reading.structured_report import render_report
from firstbreath.trial.reports import list_reports, report_of
from firstbreath.web.act import REFUSED, see_other
from firstbreath.web.errors import guarded
from firstbreath.web.frame import Absent
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.reading.archive_refusals import ArchiveRefused
from firstbreath.web.reading.leaving import note_leaving, send_file
from firstbreath.web.reading.looking import blobs_of, find_scan, stored_of
from firstbreath.web.reading.results import name_report, show_results
from firstbreath.web.source import Unavailable


@guarded(("POST",), sees="see_results", act="make_export")
def send_report(request: HttpRequest, name: str, which: str) -> HttpResponse:
    """A read as a file in DICOM SR, once the reads are final.

    Raises `Absent` before, and when there is no such read.
    """
    moment = read_moment(request)
    scan = find_scan(request, moment, name)
    content = _report(request, moment, scan, which=which)
    outcome = note_leaving(request, moment, scan, what=f"report {which} of {name} as a file", content=content)
    if not outcome.done:
        return show_results(request, read_moment(request), reasons=outcome.reasons, status=outcome.status)
    return send_file(moment, content, f"{name}-{which}.dcm", "application/dicom")


@guarded(("POST",), sees="see_results", act="make_export")
def store_report(request: HttpRequest, name: str, which: str) -> HttpResponse:
    """Store a read in the archive. That it leaves is in the log before it does."""
    moment, archive = read_moment(request), source_of(request).archive
    scan = find_scan(request, moment, name)
    content = _report(request, moment, scan, which=which)
    if archive is None:
        raise Unavailable("No archive is configured on this server.", "Take the report as a file.")
    what = f"{name_report(scan, which)}{archive.host}"
    outcome = note_leaving(request, moment, scan, what=what, content=content)
    if not outcome.done:
        return show_results(request, read_moment(request), reasons=outcome.reasons, status=outcome.status)
    try:
        archive.store_report(content)
    except ArchiveRefused as refused:
        return show_results(request, read_moment(request), reasons=(refused.reason,), status=REFUSED)
    return see_other(f"{reverse('reads')}#reports")


def _report(request: HttpRequest, moment: Moment, scan: Scan, *, which: str) -> bytes:
    """The file of a report.

    Raises `Absent` when there is none.
    """
    final = moment.trial.reading.unblinded
    if final is None:
        raise Absent(moment, "The reads are sealed: there are reports once all of them are final.")
    if which not in list_reports(moment.trial, scan):
        raise Absent(moment, f"There is no report {which[:20]} of this scan.")
    headers = read_headers(blobs_of(request).get(scan.subject, scan.body.archive))
    geometry = stored_of(request, scan).geometry

    def placed(line: MeasuredLine) -> Line:
        return place_line(line, geometry, headers)

    head = Head(final.seq, source_of(request).hash_of(final.seq)).printed
    report = report_of(moment.trial, scan, which, place_line=placed, head=head)
    try:
        return render_report(report, headers) if report else b""
    except UnfitReport as unfit:
        raise Absent(moment, f"No report can be made of this read. {unfit}") from None
