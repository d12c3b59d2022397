"""The view of the archive copy of a scan: the only way in which images leave."""

from django.http import HttpRequest, HttpResponse

from firstbreath.web.errors import guarded
from firstbreath.web.frame import Absent
from firstbreath.web.moment import read_moment
from firstbreath.web.reading.leaving import note_leaving, send_file
from firstbreath.web.reading.looking import blobs_of, find_scan
from firstbreath.web.reading.scans import show_scan_page


@guarded(("POST",), sees="see_scans", act="make_export")
def send_archive_copy(request: HttpRequest, name: str) -> HttpResponse:
    """The DICOM files of a scan as they are archived, in a zip, by subject number and visit.

    Raises `Absent` unless somebody passed it: until then a name may be burned into the pixels.
    """
    moment = read_moment(request)
    scan = find_scan(request, moment, name)
    if scan.passed is None or scan.rejected:
        raise Absent(moment, "A scan leaves once somebody has looked at it and passed it.")
    content = blobs_of(request).get(scan.subject, scan.body.archive)
    what = f"archive copy of {name}"
    outcome = note_leaving(request, moment, scan, what=what, content=content, records=scan.body.slices)
    if not outcome.done:
        return show_scan_page(request, moment, scan, outcome)
    return send_file(moment, content, f"{name}.zip", "application/zip")
