"""The view of the archive copy of a scan: the only way in which images leave; that they do is in the log before."""

import hashlib
import re

from django.http import HttpRequest, HttpResponse

from firstbreath.people.commands import MakeExport
from firstbreath.web.act import new_request_id, perform
from firstbreath.web.errors import guarded
from firstbreath.web.frame import Absent
from firstbreath.web.moment import read_moment
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
    site = getattr(moment.trial.subjects.get(scan.subject), "site", "")
    digest = hashlib.sha256(content).hexdigest()
    command = MakeExport(what=f"archive copy of {name}", digest=digest, records=scan.body.slices, site=site)
    outcome = perform(request, command, form="scan", step=new_request_id())
    if not outcome.done:
        return show_scan_page(request, moment, scan, outcome)
    response = HttpResponse(content, content_type="application/zip")
    called = re.sub(r"[^A-Za-z0-9._-]", "-", f"{moment.protocol_label}-{name}")
    response.headers["Content-Disposition"] = f'attachment; filename="{called}.zip"'
    return response
