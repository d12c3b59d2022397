"""The view of a structured report: a signed read as DICOM, for the archive that keeps the images."""

import io
import zipfile
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from firstbreath.reading.hush import hush
from firstbreath.reading.report import UnfitReport
from firstbreath.reading.state import Scan
from firstbreath.reading.structured_report import render_report
from firstbreath.trial.reports import compose_report, reports_of
from firstbreath.web.errors import page
from firstbreath.web.frame import Absent
from firstbreath.web.moment import read_moment
from firstbreath.web.product.pages import protocol_of
from firstbreath.web.reading.looking import blobs_of, find_scan
from firstbreath.web.source import Unavailable

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


@page("see_results")
def send_report(request: HttpRequest, name: str, which: str) -> HttpResponse:
    """A read as a structured report (TID 1500), once the reads are final.

    Raises `Absent` before, or when there is no such read.
    """
    moment = read_moment(request)
    scan = find_scan(request, moment, name)
    if which not in reports_of(moment.trial, scan):
        raise Absent(moment, "There is no such report: reads leave once all of them are final.")
    headers = headers_of(request, scan)
    images = [str(each.SOPInstanceUID) for each in headers]
    head = moment.head.hash.hex()
    report = compose_report(moment.trial, protocol_of(moment), scan, which, images=images, head=head)
    try:
        content = render_report(report, headers)
    except UnfitReport as unfit:
        raise Unavailable(f"The report cannot be made: {unfit}.", "Show this to whoever runs the site.") from unfit
    response = HttpResponse(content, content_type="application/dicom")
    response.headers["Content-Disposition"] = f'attachment; filename="{scan.subject}-{scan.body.visit}-{which}.dcm"'
    return response


def headers_of(request: HttpRequest, scan: Scan) -> "list[Dataset]":
    """The headers of a scan's slices from head to foot, as its archive copy has them.

    Raises `StoreError` when the copy is missing, changed, or its key was destroyed.
    """
    from pydicom import dcmread

    hush()
    content = blobs_of(request).get(scan.subject, scan.body.archive)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = [archive.read(name) for name in sorted(archive.namelist())]
    return [dcmread(io.BytesIO(each), stop_before_pixels=True) for each in files]
