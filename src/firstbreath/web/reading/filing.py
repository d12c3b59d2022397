"""The view that takes in a scan: names are removed before anything is kept, what is unclear is asked, else refused."""

import io
import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events.store import StoreError
from firstbreath.reading.refused import refuse
from firstbreath.reading.series import find_series
from firstbreath.reading.upload import Readable, digest_of, read_upload
from firstbreath.web.act import UNAVAILABLE, see_other
from firstbreath.web.errors import act_page
from firstbreath.web.frame import render_page
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.progress import in_steps, tell_of
from firstbreath.web.reading.looking import POLICY, blobs_of, charter_of
from firstbreath.web.reading.taking import Place, Sent, Taken, take_in
from firstbreath.web.records.reading import site_filter
from firstbreath.web.settings import MAX_SCAN_BYTES

HEX = re.compile("[0-9a-f]{64}")


@act_page("file_scan")
@in_steps
def file_scan(request: HttpRequest) -> HttpResponse:
    """Take in a scan of a subject at a visit."""
    moment = read_moment(request)
    if request.method != "POST":
        return show_filing(request, moment)
    place = Place.of(request)
    taken = take_in(request, moment, place, read=partial(_sent, request, place.subject))
    return see_other(reverse("scan", args=[taken.scan])) if taken.scan else show_filing(request, moment, taken)


def _sent(request: HttpRequest, subject: str) -> Sent:
    """What was sent now; or the archive copy that was kept when the series was asked for."""
    kept, digest = request.POST.get("kept", ""), request.POST.get("digest", "")
    if kept:
        try:
            content = blobs_of(request).get(subject, kept)
        except StoreError as lost:
            raise refuse("SCAN-041", "The series that was chosen is not kept any more.", "Send it again.") from lost
        again = _opened(request, [("kept", io.BytesIO(content))])
        return Sent(again.series, {}, digest if HEX.fullmatch(digest) else "")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not request.FILES and str(length).isdecimal() and int(length) > MAX_SCAN_BYTES:
        text = f"More than {MAX_SCAN_BYTES // 1_000_000:,} MB were sent at once; nothing was kept."
        raise refuse("SCAN-002", text, "Send one series, zipped.")
    return _opened(request, [(str(file.name), file) for file in request.FILES.getlist("files")])


def _opened(request: HttpRequest, files: Sequence[tuple[str, Readable]]) -> Sent:
    tell = tell_of(request)
    upload = read_upload(files, partial(tell, "open"))
    return Sent(find_series(upload.files, partial(tell, "sort")), upload.left_out, digest_of(upload.files))


def show_filing(request: HttpRequest, moment: Moment, taken: Taken | None = None) -> HttpResponse:
    """The page on which a scan is filed, or one of several series is chosen."""
    taken = taken or Taken()
    frame = place_frame(request, moment) | {
        "series": [(choice.name, choice.words) for choice in taken.choices],
        "digest": taken.digest,
        "reasons": taken.reasons,
        "sent_id": request.POST.get("request_id", "")[:64] if taken.status == UNAVAILABLE else "",
    }
    response = render_page(request, "reading/file", moment, **frame, status=taken.status)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def place_frame(request: HttpRequest, moment: Moment) -> dict[str, Any]:
    """What the choice of a subject and a visit shows."""
    sees, asked = site_filter(request), request.POST or request.GET
    return {
        "charter": charter_of(moment),
        "subjects": [each.code for each in moment.now.subjects.all() if sees(each.site)],
        "subject": asked.get("subject", ""),
        "visit": asked.get("visit", ""),
    }
