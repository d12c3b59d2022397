"""The view that imports a scan from an archive: search, choose a series, take it in; no search is kept.

Searches are sent and never stand in an address, which servers on the way write down.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.reading.series import find_series
from firstbreath.reading.upload import digest_of
from firstbreath.web.act import REFUSED, see_other
from firstbreath.web.errors import act_page
from firstbreath.web.frame import render_page
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.progress import Tell, in_steps, tell_of
from firstbreath.web.reading.archive_refusals import ArchiveRefused
from firstbreath.web.reading.archive_search import FoundSeries
from firstbreath.web.reading.dicomweb import Archive
from firstbreath.web.reading.filing import place_frame, show_filing
from firstbreath.web.reading.looking import POLICY
from firstbreath.web.reading.taking import Place, Sent, take_in

SEARCH = ("patient", "accession", "first", "last")
Step = Callable[[HttpRequest, Moment, Archive], HttpResponse]


@act_page("file_scan")
@in_steps
def import_scan(request: HttpRequest) -> HttpResponse:
    """Search the archive, and take in a series of it."""
    moment, archive = read_moment(request), source_of(request).archive
    step = STEPS.get(request.POST.get("step", ""))
    if archive is None or step is None:
        return _show(request, moment)
    try:
        return step(request, moment, archive)
    except ArchiveRefused as refused:
        return _show(request, moment, reasons=(refused.reason,), status=REFUSED)


def _search(request: HttpRequest, moment: Moment, archive: Archive) -> HttpResponse:
    """The studies that fit."""
    patient, accession, first, last = (request.POST.get(name, "").strip() for name in SEARCH)
    days = {"first": _day(first), "last": _day(last)}
    studies = archive.find_studies(patient=patient, accession=accession, **days)
    return _show(request, moment, studies=studies)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ArchiveRefused("DWEB-014", "A day of the search is no date.", "Write it as 2026-01-31.") from None


def _list_series(request: HttpRequest, moment: Moment, archive: Archive) -> HttpResponse:
    """The series of a study, to be chosen from."""
    return _show(request, moment, found=archive.find_series(request.POST.get("archive-study", "")))


def _import(request: HttpRequest, moment: Moment, archive: Archive) -> HttpResponse:
    """A series fetched and taken in as if it had been sent; or why not, with the choice as it was."""
    study, series = (request.POST.get(f"archive-{name}", "") for name in ("study", "series"))
    place = Place.of(request, form="archive")
    try:
        taken = take_in(request, moment, place, read=partial(_fetch, archive, study, series, tell=tell_of(request)))
    except ArchiveRefused as refused:
        reasons, found = (refused.reason,), _series_again(archive, study)
        return _show(request, moment, found=found, reasons=reasons, status=REFUSED)
    if taken.scan:
        return see_other(reverse("scan", args=[taken.scan]))
    if taken.choices:
        return show_filing(request, moment, taken)
    found = _series_again(archive, study)
    return _show(request, moment, found=found, reasons=taken.reasons, status=taken.status)


def _fetch(archive: Archive, study: str, series: str, *, tell: Tell) -> Sent:
    """A whole series; nothing of it is on a disk."""
    files: list[bytes] = []
    tell("fetch", 0, 0)
    for _, content in archive.fetch_series(study, series):
        files.append(content)
        tell("fetch", len(files), 0)  # how many there are the page knows, where the archive said so
    return Sent(find_series(files, partial(tell, "sort")), {}, digest_of(files))


def _series_again(archive: Archive, study: str) -> tuple[FoundSeries, ...]:
    try:
        return archive.find_series(study)
    except ArchiveRefused:
        return ()


STEPS: Mapping[str, Step] = {"search": _search, "series": _list_series, "import": _import}


def _show(request: HttpRequest, moment: Moment, *, status: int = 200, **said: Any) -> HttpResponse:
    frame: dict[str, Any] = place_frame(request, moment) | {
        "archive": source_of(request).archive,
        "searched": {name: request.POST.get(name, "")[:64] for name in SEARCH},
        "study": request.POST.get("archive-study", "")[:64],
        "chosen": request.POST.get("archive-series", "")[:64],
        "studies": None,
        "found": None,
        "reasons": (),
    }
    response = render_page(request, "reading/archive", moment, **(frame | said), status=status)
    response.headers["Content-Security-Policy"] = POLICY
    return response
