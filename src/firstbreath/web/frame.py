"""The frame that every page shares: the stamp, the time rail, and where the reader is."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.encoding import escape_uri_path

from firstbreath.web.moment import Moment
from firstbreath.web.pages.rail import compute_rail


class Absent(Http404):
    """What was asked for is not there at this moment, though it may be at another."""

    def __init__(self, moment: Moment, what: str) -> None:
        super().__init__(what)
        self.moment = moment


def frame_of(request: HttpRequest, moment: Moment, **kept: str) -> dict[str, Any]:
    """What the frame shows.

    kept  the parts of the query that another moment of the same page keeps
    """
    kept = {name: value for name, value in kept.items() if value}
    path = escape_uri_path(request.path)
    return {
        "moment": moment,
        "rail": compute_rail(moment.trial, moment.now),
        "kept": kept,
        "path": path,
        "path_now": f"{path}?{urlencode(kept)}" if kept else path,
    }


def render_page(
    request: HttpRequest, here: str, moment: Moment, *, kept: dict[str, str] | None = None, **context: Any
) -> HttpResponse:
    """A page of the site at a moment: its own template and value, within the frame."""
    frame = frame_of(request, moment, **(kept or {}))
    return render(request, f"{here}.html", frame | {"here": here} | context)
