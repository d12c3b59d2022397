"""Photographs of signed paper: what may be uploaded, how it is kept, who may look at it."""

from django.http import HttpRequest, HttpResponse

from firstbreath.events import kinds
from firstbreath.web.errors import page
from firstbreath.web.frame import Absent
from firstbreath.web.keeping import ENDINGS, Keeping, Kept, keep_files, type_of
from firstbreath.web.moment import read_moment, source_of
from firstbreath.web.subject.case import Case, find_case

MAX_PAPERS = 10


def keep_papers(case: Case) -> Kept:
    """Store what was uploaded under the subject's key; what an earlier try stored is kept by its name.

    Nothing is stored unless all of it may be.
    """
    keeping = Keeping(
        key=case.code,
        most=MAX_PAPERS,
        types=tuple(ENDINGS),
        named="JPEG, PNG or PDF",
        instead="Photograph the paper, or scan it to PDF.",
        fewer="Send fewer, or one PDF.",
    )
    return keep_files(case.request, keeping)


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
