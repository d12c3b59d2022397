"""The view that takes in a scan: names are removed before anything is kept, what is unclear is asked, else refused."""

import io
import re
from functools import partial
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events.decisions import Reason, Refused
from firstbreath.events.store import StoreError
from firstbreath.reading.burned_in import burned_in_risk
from firstbreath.reading.commands import FileScan
from firstbreath.reading.decode import build_volume
from firstbreath.reading.keeping import keep_stack, render_archive
from firstbreath.reading.refused import ScanRefused, refuse
from firstbreath.reading.scrub_pixels import ScrubRefused
from firstbreath.reading.series import Series, choose_series, find_series
from firstbreath.reading.upload import digest_of, read_upload
from firstbreath.trial.decide import Asked, decide
from firstbreath.web.act import UNAVAILABLE, Outcome, perform, see_other
from firstbreath.web.clock import now_of
from firstbreath.web.errors import act_page
from firstbreath.web.frame import render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.product.pages import protocol_of
from firstbreath.web.reading.looking import POLICY, blobs_of, charter_of
from firstbreath.web.reading.scans import SEEDS
from firstbreath.web.records.reading import site_filter
from firstbreath.web.settings import MAX_SCAN_BYTES

HEX = re.compile("[0-9a-f]{64}")


class Sent(msgspec.Struct, frozen=True, eq=False):
    """What was sent: its series, what was left out, and the SHA-256 of all of it."""

    series: tuple[Series, ...]
    left_out: dict[str, int]
    digest: str


class Choice(msgspec.Struct, frozen=True):
    """A series that could be read: the kept file of its archive copy, and what it is in words."""

    name: str
    words: str


@act_page("file_scan")
def file_scan(request: HttpRequest) -> HttpResponse:
    """Take in a scan of a subject at a visit."""
    moment = read_moment(request)
    if request.method != "POST":
        return _show(request, moment)
    sent = request.POST
    subject, visit = sent.get("subject", "").strip(), sent.get("visit", "").strip()
    wrong = _against(request, moment, subject, visit)
    if wrong:
        return _show(request, moment, reasons=wrong, status=409)
    try:
        found = _sent(request, subject)
        chosen = choose_series(found.series, charter_of(moment).kernels)
        if chosen is None:
            return _ask(request, moment, found, subject=subject, visit=visit)
        outcome, scan = _file(request, moment, found, chosen, subject=subject, visit=visit)
    except ScanRefused as refused:
        return _show(request, moment, reasons=refused.reasons, status=409)
    except ScrubRefused as refused:
        why = Reason("SCAN-040", f"What names the patient cannot be removed safely: {refused}", "Send the CT series.")
        return _show(request, moment, reasons=(why,), status=409)
    if outcome.done:
        return see_other(reverse("scan", args=[scan]))
    return _show(request, moment, reasons=outcome.reasons, status=outcome.status)


def _against(request: HttpRequest, moment: Moment, subject: str, visit: str) -> tuple[Reason, ...]:
    """Why a scan could not be filed here, asked before anything is read."""
    identity = identity_of(request)
    command = _command(subject, visit, archive="", slices_file="", digest="", slices=1, rows=1, columns=1)
    site = getattr(moment.now.subjects.get(subject), "site", "")
    role = identity.role_for("file_scan", site) if identity else ""
    asked = Asked(identity.account.id if identity else "", role, at=now_of(request))
    decision = decide(moment.now, command, asked)
    return decision.reasons if isinstance(decision, Refused) else ()


def _command(subject: str, visit: str, **facts: Any) -> FileScan:
    return FileScan(**({"subject": subject, "visit": visit, "spacing_mm": (1.0, 1.0, 1.0)} | facts))


def _sent(request: HttpRequest, subject: str) -> Sent:
    """What was sent now; or the archive copy that was kept when the series was asked for."""
    kept, digest = request.POST.get("kept", ""), request.POST.get("digest", "")
    if kept:
        try:
            content = blobs_of(request).get(subject, kept)
        except StoreError as lost:
            raise refuse("SCAN-041", "The series that was chosen is not kept any more.", "Send it again.") from lost
        files = read_upload([("kept", io.BytesIO(content))]).files
        return Sent(find_series(files), {}, digest if HEX.fullmatch(digest) else "")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not request.FILES and str(length).isdecimal() and int(length) > MAX_SCAN_BYTES:
        text = f"More than {MAX_SCAN_BYTES // 1_000_000:,} MB were sent at once; nothing was kept."
        raise refuse("SCAN-002", text, "Send one series, zipped.")
    upload = read_upload((str(file.name), file) for file in request.FILES.getlist("files"))
    return Sent(find_series(upload.files), upload.left_out, digest_of(upload.files))


def _file(
    request: HttpRequest, moment: Moment, sent: Sent, series: Series, *, subject: str, visit: str
) -> tuple[Outcome, str]:
    """Keep a scan and write it down; the outcome, and the name of the scan."""
    volume, blobs = build_volume(series), blobs_of(request)
    put = partial(blobs.put, subject)
    archive = _archive(request, moment, series, subject=subject, visit=visit)
    shape = volume.geometry
    command = _command(
        subject,
        visit,
        archive=put(archive),
        slices_file=keep_stack(volume, put),
        digest=sent.digest,
        slices=shape.slices,
        rows=shape.rows,
        columns=shape.columns,
        spacing_mm=shape.spacing_mm,
        kernel=series.kernel,
        flags=flags_of(series),
        left_out=sent.left_out | {f"another series: {each.words}": 1 for each in sent.series if each is not series},
    )
    outcome = perform(request, command, form="scan")
    return outcome, getattr(outcome.events[0].body, "scan", "") if outcome.events else ""


def flags_of(series: Series) -> tuple[str, ...]:
    """What a person has to look at: each once, however many slices show it."""
    risks = dict.fromkeys(risk for each in series.slices for risk in burned_in_risk(each.dataset))
    return (*series.notes, *risks)[:20]


def _archive(request: HttpRequest, moment: Moment, series: Series, *, subject: str, visit: str) -> bytes:
    hashed = blobs_of(request).keyed_hash(SEEDS)
    trial = protocol_of(moment).design.trial.id
    return render_archive(series, subject=subject, time_point=visit, trial=trial, hashed=hashed)


def _ask(request: HttpRequest, moment: Moment, sent: Sent, *, subject: str, visit: str) -> HttpResponse:
    """Several series could be read: each is kept without the patient, and somebody chooses."""
    blobs = blobs_of(request)
    choices = [
        Choice(blobs.put(subject, _archive(request, moment, series, subject=subject, visit=visit)), series.words)
        for series in sent.series
        if not series.against
    ]
    return _show(request, moment, series=[(choice.name, choice.words) for choice in choices], digest=sent.digest)


def _show(request: HttpRequest, moment: Moment, *, status: int = 200, **said: Any) -> HttpResponse:
    sees, asked = site_filter(request), request.POST or request.GET
    frame: dict[str, Any] = {
        "charter": charter_of(moment),
        "subjects": [each.code for each in moment.now.subjects.all() if sees(each.site) and not each.ended],
        "subject": asked.get("subject", ""),
        "visit": asked.get("visit", ""),
        "series": (),
        "digest": "",
        "left_out": (),
        "reasons": (),
        "sent_id": request.POST.get("request_id", "")[:64] if status == UNAVAILABLE else "",
    }
    response = render_page(request, "reading/file", moment, **(frame | said), status=status)
    response.headers["Content-Security-Policy"] = POLICY
    return response
