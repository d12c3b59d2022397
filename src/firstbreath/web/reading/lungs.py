"""The view of a lung mask, once the reads are final: seen on the slices, accepted or rejected by a radiologist."""

import io
from functools import lru_cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events import kinds
from firstbreath.events.blobs import FileBlobs
from firstbreath.reading.bands import BANDS, BandChange, compare_bands, compute_bands
from firstbreath.reading.commands import JudgeMask
from firstbreath.reading.lung_mask import FAILURE, Mask, threshold_mask
from firstbreath.reading.mask_import import read_mask
from firstbreath.reading.refused import ScanRefused, refuse
from firstbreath.reading.state import Reading, Scan
from firstbreath.reading.stored import decode_stored, load_volume
from firstbreath.reading.volume import Volume
from firstbreath.web.act import REFUSED, Outcome, perform, see_other
from firstbreath.web.errors import act_page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.reading.looking import blobs_of

SHOWN, ACROSS = 12, 4
"""How many slices the sheet shows, and how many stand in a row."""


class Seen(msgspec.Struct, frozen=True, eq=False):
    """A scan with its mask and the volumes of the bands inside."""

    volume: Volume
    mask: Mask
    bands: dict[str, float]


def scan_of(moment: Moment, name: str) -> Scan:
    """The scan, once the reads are final; before, a volume would tell a reader.

    Raises `Absent` before, or when there is none.
    """
    scan = moment.now.reading.scans.get(name)
    if moment.now.reading.unblinded is None or scan is None or scan.rejected:
        raise Absent(moment, "Volumes are shown once the reads are final.")
    return scan


@act_page("judge_mask")
def judge_mask(request: HttpRequest, name: str) -> HttpResponse:
    """A lung mask, by threshold or made elsewhere: accept or reject it; its volumes are exploratory either way."""
    moment = read_moment(request)
    scan = scan_of(moment, name)
    file = (request.POST.get("file", "") or request.GET.get("file", ""))[:64]
    try:
        if request.POST.get("step") == "load":
            return see_other(f"{reverse('judge-mask', args=[name])}?file={_keep(request, scan)}")
        seen = see_lung(blobs_of(request), scan.subject, scan.body.slices_file, file)
    except ScanRefused as refused:
        seen = see_lung(blobs_of(request), scan.subject, scan.body.slices_file)
        return _show(request, moment, scan, seen, outcome=Outcome(reasons=refused.reasons, status=REFUSED))
    if request.method != "POST":
        return _show(request, moment, scan, seen, file=file)
    outcome = perform(request, _judged(request, scan, seen, file), form="lung mask")
    return see_other(reverse("reading")) if outcome.done else _show(request, moment, scan, seen, outcome=outcome)


def _judged(request: HttpRequest, scan: Scan, seen: Seen, file: str) -> JudgeMask:
    return JudgeMask(
        scan=scan.body.scan,
        accepted=request.POST.get("step") == "accept",
        method=seen.mask.method,
        mask_ml=round(seen.mask.volume_ml, 1),
        bands_ml={band: round(ml, 1) for band, ml in seen.bands.items()},
        file=file,
    )


def _keep(request: HttpRequest, scan: Scan) -> str:
    """The name of the kept mask that was sent, once it lies on the scan.

    Raises `ScanRefused` when it does not.
    """
    sent = request.FILES.get("mask")
    if sent is None:
        raise refuse("MASK-006", "No file was sent, or it is too large.", "Choose a .nii or .nii.gz file.")
    content = bytes(sent.read())
    blobs = blobs_of(request)
    read_mask(content, decode_stored(blobs.get(scan.subject, scan.body.slices_file)).geometry)
    return blobs.put(scan.subject, content)


def _show(
    request: HttpRequest, moment: Moment, scan: Scan, seen: Seen, *, file: str = "", outcome: Outcome | None = None
) -> HttpResponse:
    outcome = outcome or Outcome()
    frame: dict[str, Any] = {
        "scan": scan,
        "mask": seen.mask,
        "file": file,
        "litres": f"{seen.mask.volume_ml / 1000:.2f}",
        "bands": [(band, f"{seen.bands[band.id]:.0f}", _share(seen, band.id)) for band in BANDS],
        "failure": FAILURE,
        "last": scan.masks[-1] if scan.masks else None,
        "reasons": outcome.reasons,
    }
    return render_page(request, "reading/lung", moment, **frame, status=outcome.status)


def _share(seen: Seen, band: str) -> str:
    return f"{100 * seen.bands[band] / seen.mask.volume_ml:.0f}" if seen.mask.volume_ml else ""


@act_page("judge_mask")
def send_sheet(request: HttpRequest, name: str) -> HttpResponse:
    """Slices with the edge of the mask drawn on them, as one picture."""
    scan = scan_of(read_moment(request), name)
    try:
        seen = see_lung(blobs_of(request), scan.subject, scan.body.slices_file, request.GET.get("file", "")[:64])
    except ScanRefused as refused:
        raise Absent(read_moment(request), refused.reasons[0].text) from refused
    return HttpResponse(draw_sheet(seen.volume, seen.mask), content_type="image/png")


@lru_cache(maxsize=4)
def see_lung(blobs: FileBlobs, subject: str, slices_file: str, file: str = "") -> Seen:
    """A scan with its mask, by threshold (some seconds the first time) or from a kept file.

    Raises `ScanRefused` when the file is no mask of the scan, and `StoreError` when a kept file is missing or changed.
    """
    stored = decode_stored(blobs.get(subject, slices_file))
    volume = load_volume(stored, lambda each: blobs.get(subject, each))
    mask = read_mask(blobs.get(subject, file), volume.geometry) if file else threshold_mask(volume)
    return Seen(volume, mask, compute_bands(volume, mask))


def draw_sheet(volume: Volume, mask: Mask) -> bytes:
    """Evenly spaced slices in the lung window, the mask's edge in yellow, as PNG."""
    import numpy as np
    from PIL import Image
    from scipy import ndimage

    count = volume.geometry.slices
    places = np.unique(np.linspace(0, count - 1, min(SHOWN, count)).round().astype(int))
    grey = np.clip((volume.hounsfield[places].astype(float) + 1350) / 1500 * 255, 0, 255).astype(np.uint8)
    picture = np.repeat(grey[..., None], 3, axis=3)
    inside = mask.inside[places]
    edge = inside & ~np.stack([ndimage.binary_erosion(each) for each in inside])
    picture[edge] = (255, 209, 102)
    blank = np.zeros_like(picture[:1])
    rows = [picture[n : n + ACROSS] for n in range(0, len(picture), ACROSS)]
    rows[-1] = np.concatenate([rows[-1], *[blank] * (ACROSS - len(rows[-1]))])
    sheet = np.concatenate([np.concatenate(list(row), axis=1) for row in rows], axis=0)
    out = io.BytesIO()
    Image.fromarray(sheet).save(out, "PNG")
    return out.getvalue()


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
