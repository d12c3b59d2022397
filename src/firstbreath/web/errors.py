"""When there is no page to show: what happened, and what to do next, in plain words."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from firstbreath.events.record import UnreadableRecord
from firstbreath.events.store import StoreError
from firstbreath.trial.fold import UnfoldableLog
from firstbreath.web.frame import Absent, frame_of
from firstbreath.web.source import Unavailable

View = Callable[..., HttpResponse]
READ = ("GET", "HEAD")


def page(view: View) -> View:
    """A page that is only read: any other method is refused, and a study that cannot be read is said to be so."""

    @wraps(view)
    def read(request: HttpRequest, *args: Any, **place: Any) -> HttpResponse:
        if request.method not in READ:
            return refuse_method(request)
        try:
            return view(request, *args, **place)
        except (StoreError, Unavailable) as broken:
            return render_error(request, 503, what=broken.what, fix=broken.fix)
        except (UnreadableRecord, UnfoldableLog) as broken:
            return render_error(request, 503, what=f"The log cannot be read: {broken}.", fix=VERIFY)

    return read


VERIFY = "Run firstbreath verify on the study's folder: it names the record."
TITLES = {
    400: "This address cannot be understood",
    404: "This is not here",
    405: "This site is for reading",
    500: "The site made a mistake",
    503: "The study cannot be read just now",
}


def render_error(request: HttpRequest, status: int, *, what: str, fix: str, **frame: Any) -> HttpResponse:
    """The page for a failure: its title, what happened, what to do next; in a frame when there is a moment."""
    told = {"title": TITLES[status], "status": status, "what": what, "fix": fix}
    return render(request, "error.html", frame | told, status=status)


def refuse_method(request: HttpRequest) -> HttpResponse:
    """The answer to anything but reading."""
    what = "Only reading is possible here: nothing was changed."
    response = render_error(request, HttpResponseNotAllowed.status_code, what=what, fix="Follow a link instead.")
    response.headers["Allow"] = ", ".join(READ)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the message is shown when it was written for the reader."""
    what = str(exception) if isinstance(exception, BadRequest) else "Something in it is not allowed."
    return render_error(request, 400, what=what, fix="Correct the address, or start from the overview.")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the message is shown when it was written for the reader."""
    fix = "Check the address, or start from the overview."
    if isinstance(exception, Absent):
        frame = frame_of(request, exception.moment)
        return render_error(request, 404, what=str(exception), fix="Choose another moment, or another page.", **frame)
    return render_error(request, 404, what="Nothing has this address.", fix=fix)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the details are in the server's own log, never on the page."""
    what = "The page could not be made. Nothing was changed."
    return render_error(
        request, 500, what=what, fix="Try again; if it persists, show the server's log to whoever runs it."
    )
