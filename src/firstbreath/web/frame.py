"""The frame that every page shares: the stamp, the time rail, and where the reader is."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.encoding import escape_uri_path

from firstbreath.people.rights import ROLES
from firstbreath.web.act import new_request_id
from firstbreath.web.identity import HAS_CODE, SIGNED, Identity, identity_of
from firstbreath.web.moment import Moment
from firstbreath.web.pages.navigation import LINKS, Link
from firstbreath.web.pages.rail import compute_rail
from firstbreath.web.source import SOURCE, SiteSource


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
    request: HttpRequest,
    here: str,
    moment: Moment,
    *,
    kept: dict[str, str] | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page of the site at a moment: its own template and value, within the frame."""
    frame = frame_of(request, moment, **(kept or {}))
    return render(request, f"{here}.html", frame | {"here": here} | context, status=status)


def whoever_looks(request: HttpRequest) -> dict[str, Any]:
    """What every template knows: who has signed in, whether anybody can, and an id for the form on the page."""
    source: SiteSource | None = request.META.get(SOURCE)
    identity, working = identity_of(request), source is not None and source.door is not None
    return {
        "identity": identity,
        "working": working,
        "links": [link for link in LINKS if _is_offered(link, identity, working=working)],
        "request_id": new_request_id(),
        "signs_first": identity is not None and not request.session.get(SIGNED),
        "has_code": identity is not None and bool(request.session.get(HAS_CODE)),
        "sent_id": "",
        "roles": ROLES,
        "blinded": identity is not None and identity.sees("see_own_reads") and not identity.sees("see_trial"),
    }


def _is_offered(link: Link, identity: Identity | None, *, working: bool) -> bool:
    if not working:
        return not link.working
    return identity is not None and identity.sees(link.sees)
