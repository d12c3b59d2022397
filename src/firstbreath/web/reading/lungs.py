"""The view of a lung mask, once the reads are final: seen on the slices, accepted or rejected by a radiologist."""

from functools import partial
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events import kinds
from firstbreath.reading.bands import BANDS, BandChange, compare_bands
from firstbreath.reading.commands import JudgeMask
from firstbreath.reading.lung_mask import FAILURE
from firstbreath.reading.mask_import import read_mask, render_mask
from firstbreath.reading.refused import ScanRefused, refuse
from firstbreath.reading.state import Reading, Scan
from firstbreath.reading.stored import decode_stored
from firstbreath.web.act import REFUSED, Outcome, perform, see_other
from firstbreath.web.errors import act_page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.progress import in_steps, tell_of
from firstbreath.web.reading.looking import POLICY, blobs_of
from firstbreath.web.reading.lung_seen import Lung, Seen, is_seen, see_lung

WAIT = "wait"
"""In the address of a page that is shown only when the mask is there."""


def scan_of(moment: Moment, name: str) -> Scan:
    """The scan, once the reads are final; before, a volume would tell a reader.

    Raises `Absent` before, or when there is none.
    """
    scan = moment.now.reading.scans.get(name)
    if moment.now.reading.unblinded is None or scan is None or scan.rejected:
        raise Absent(moment, "Volumes are shown once the reads are final.")
    return scan


@act_page("judge_mask")
@in_steps
def judge_mask(request: HttpRequest, name: str) -> HttpResponse:
    """A lung mask, by threshold or made elsewhere: accept or reject it; its volumes are exploratory either way."""
    moment = read_moment(request)
    scan = scan_of(moment, name)
    lung, tell, show = _lung(request, scan), tell_of(request), partial(_show, request, moment, scan)
    if request.method != "POST" and WAIT not in request.GET and not is_seen(lung):
        return show(lung=lung)
    try:
        if request.POST.get("step") == "load":
            return see_other(f"{reverse('judge-mask', args=[name])}?file={_keep(request, scan)}")
        seen = see_lung(lung, tell)
    except ScanRefused as refused:
        lung, outcome = msgspec.structs.replace(lung, file=""), Outcome(reasons=refused.reasons, status=REFUSED)
        return show(lung=lung, seen=see_lung(lung, tell), outcome=outcome)
    if request.method != "POST":
        return show(lung=lung, seen=seen)
    outcome = perform(request, _judged(request, scan, lung, seen), form="lung mask")
    return see_other(reverse("reading")) if outcome.done else show(lung=lung, seen=seen, outcome=outcome)


def _lung(request: HttpRequest, scan: Scan) -> Lung:
    """The mask that is meant: one that was kept when it was sent, else by threshold."""
    file = (request.POST.get("file", "") or request.GET.get("file", ""))[:64]
    return Lung(blobs_of(request), scan.subject, scan.body.slices_file, file)


def _judged(request: HttpRequest, scan: Scan, lung: Lung, seen: Seen) -> JudgeMask:
    return JudgeMask(
        scan=scan.body.scan,
        accepted=request.POST.get("step") == "accept",
        method=seen.method,
        mask_ml=round(seen.volume_ml, 1),
        bands_ml={band: round(ml, 1) for band, ml in seen.bands.items()},
        file=lung.file,
    )


def _keep(request: HttpRequest, scan: Scan) -> str:
    """The name of the kept mask that was sent, once it lies on the scan.

    Raises `ScanRefused` when it does not.
    """
    sent = request.FILES.get("mask")
    if sent is None:
        raise refuse("MASK-006", "No file was sent, or it is too large.", "Choose a .nii, .nii.gz or DICOM SEG file.")
    blobs = blobs_of(request)
    geometry = decode_stored(blobs.get(scan.subject, scan.body.slices_file)).geometry
    mask = read_mask(bytes(sent.read()), geometry)
    return blobs.put(scan.subject, render_mask(mask, geometry))


def _show(
    request: HttpRequest,
    moment: Moment,
    scan: Scan,
    *,
    lung: Lung,
    seen: Seen | None = None,
    outcome: Outcome | None = None,
) -> HttpResponse:
    """The page of a mask; before it was seen, the way to it."""
    outcome = outcome or Outcome()
    frame: dict[str, Any] = {
        "scan": scan,
        "seen": seen,
        "file": lung.file,
        "litres": f"{seen.volume_ml / 1000:.2f}" if seen else "",
        "bands": [(band, f"{seen.bands[band.id]:.0f}", _share(seen, band.id)) for band in BANDS] if seen else [],
        "failure": FAILURE,
        "last": scan.masks[-1] if scan.masks else None,
        "reasons": outcome.reasons,
    }
    response = render_page(request, "reading/lung", moment, **frame, status=outcome.status)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _share(seen: Seen, band: str) -> str:
    return f"{100 * seen.bands[band] / seen.volume_ml:.0f}" if seen.volume_ml else ""


@act_page("judge_mask")
def send_sheet(request: HttpRequest, name: str) -> HttpResponse:
    """Slices with the edge of the mask drawn on them, as one picture."""
    moment = read_moment(request)
    try:
        seen = see_lung(_lung(request, scan_of(moment, name)), tell_of(request))
    except ScanRefused as refused:
        raise Absent(moment, refused.reasons[0].text) from refused
    return HttpResponse(seen.sheet, content_type="image/png")


class Compared(msgspec.Struct, frozen=True):
    """A subject's accepted masks at two visits, and the bands."""

    subject: str
    masks_ml: tuple[float, float]
    changes: tuple[BandChange, ...]


def compare_masks(reading: Reading, visits: tuple[str, ...]) -> list[Compared]:
    """The bands of every subject whose masks were accepted at the first and the last visit that is read."""
    accepted: dict[tuple[str, str], kinds.MaskJudged] = {}
    for scan in reading.all_scans():
        body = scan.masks[-1].body if scan.masks and not scan.rejected else None
        if isinstance(body, kinds.MaskJudged) and body.accepted:
            accepted[scan.subject, scan.body.visit] = body
    found = []
    for subject in dict.fromkeys(subject for subject, _ in accepted):
        before, after = accepted.get((subject, visits[0])), accepted.get((subject, visits[-1]))
        if before and after and len(visits) > 1:
            masks = (before.mask_ml, after.mask_ml)
            found.append(Compared(subject, masks, compare_bands(before.bands_ml, after.bands_ml, masks_ml=masks)))
    return found
