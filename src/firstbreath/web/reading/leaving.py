"""What of a scan leaves the site: that it does is in the log, with its SHA-256, before it does."""

import hashlib
import re

from django.http import HttpRequest, HttpResponse

from firstbreath.people.commands import MakeExport
from firstbreath.reading.state import Scan
from firstbreath.web.act import Outcome, new_request_id, perform
from firstbreath.web.moment import Moment


def note_leaving(
    request: HttpRequest, moment: Moment, scan: Scan, *, what: str, content: bytes, records: int = 1
) -> Outcome:
    """What came of writing down that a file of a scan leaves."""
    site = getattr(moment.trial.subjects.get(scan.subject), "site", "")
    digest = hashlib.sha256(content).hexdigest()
    command = MakeExport(what=what, digest=digest, records=records, site=site)
    return perform(request, command, form="scan", step=new_request_id())


def send_file(moment: Moment, content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to be kept, under a name that any computer takes."""
    response = HttpResponse(content, content_type=content_type)
    called = re.sub(r"[^A-Za-z0-9._-]", "-", f"{moment.protocol_label}-{name}")
    response.headers["Content-Disposition"] = f'attachment; filename="{called}"'
    return response
