"""Photographs of signed paper: what may be uploaded, how it is kept, who may look at it."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from firstbreath.events import kinds
from firstbreath.events.blobs import FileBlobs
from firstbreath.events.decisions import Reason
from firstbreath.events.store import StoreError
from firstbreath.web.errors import page
from firstbreath.web.frame import Absent
from firstbreath.web.moment import read_moment, source_of
from firstbreath.web.subject.case import Case, find_case

MAX_PAPERS = 10
MAX_BYTES = 10_000_000
MAGIC: Mapping[bytes, str] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}
"""What a file begins with, and the type it has then; its name and what the browser says of it count for nothing."""
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


class Papers(msgspec.Struct, frozen=True):
    """The photographs of a page: names of those that are kept, and why others were not."""

    names: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()


def type_of(content: bytes) -> str:
    """The type of a file by what it begins with, or empty when it is none that may be kept."""
    return next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), "")


def keep_papers(case: Case) -> Papers:
    """Store what was uploaded under the subject's key; what an earlier try stored is kept by its name.

    Nothing is stored unless all of it may be.
    """
    blobs = source_of(case.request).blobs
    before = tuple(name for name in case.request.POST.getlist("kept") if _is_ours(blobs, case.code, name))
    files = case.request.FILES.getlist("photographs")
    if not files:
        return Papers(before)
    reasons = tuple(reason for file in files if (reason := _against(file)))
    if len(files) + len(before) > MAX_PAPERS:
        text = f"{len(files) + len(before)} photographs were given, the limit is {MAX_PAPERS}."
        reasons = (*reasons, Reason("FILE-003", text, "Send fewer, or one PDF."))
    if blobs is None:
        reasons = (Reason("FILE-004", "This site keeps no files.", "Ask whoever runs it."),)
    if reasons or blobs is None:
        return Papers(before, reasons)
    try:
        return Papers((*before, *(blobs.put(case.code, file.read()) for file in files)))
    except StoreError as broken:
        return Papers(before, (Reason("SAVE-003", broken.what, broken.fix),))


def _is_ours(blobs: FileBlobs | None, code: str, name: str) -> bool:
    try:
        return blobs is not None and bool(blobs.get(code, name))
    except StoreError:
        return False


def _against(file: Any) -> Reason | None:
    size, shown = file.size or 0, str(file.name)[:80]
    if size > MAX_BYTES:
        text = f"“{shown}” has {size / 1e6:.1f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB."
        return Reason("FILE-002", text, "Take the photograph at a lower resolution.")
    kind = type_of(file.read(16))
    file.seek(0)
    if not kind:
        return Reason("FILE-001", f"“{shown}” is no JPEG, PNG or PDF.", "Photograph the paper, or scan it to PDF.")
    return None


@page("see_consent_papers")
def show_paper(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """A photograph of a subject's consent, for those who check it; it bears the patient's name."""
    moment = read_moment(request)
    case = find_case(request, moment, code)
    signed = [event.body for event in case.subject.consents if isinstance(event.body, kinds.ConsentSigned)]
    blobs = source_of(request).blobs
    if blobs is None or name not in {paper for body in signed for paper in body.photographs}:
        raise Absent(moment, "There is no such photograph of this subject.")
    content = blobs.get(code, name)
    kind = type_of(content)
    response = HttpResponse(content, content_type=kind or "application/octet-stream")
    place = "inline" if kind.startswith("image/") else "attachment"
    ending = ENDINGS.get(kind, "bin")
    response.headers["Content-Disposition"] = f'{place}; filename="consent-{name[:12]}.{ending}"'
    return response
