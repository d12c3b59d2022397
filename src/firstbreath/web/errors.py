"""When there is no page to show: what happened, and what to do next, in plain words."""

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from firstbreath.events.record import UnreadableRecord
from firstbreath.events.store import StoreError
from firstbreath.people.rights import ROLES
from firstbreath.trial.fold import UnfoldableLog
from firstbreath.web.api.problems import is_for_program, render_problem
from firstbreath.web.frame import Absent, frame_of
from firstbreath.web.identity import IDENTITY, MUST, identity_of
from firstbreath.web.moment import source_of
from firstbreath.web.source import Unavailable

View = Callable[..., HttpResponse]
READ = ("GET", "HEAD")


def page(sees: str = "see_trial", *, public: bool = False) -> Callable[[View], View]:
    """A page that is only read: any other method is refused, and a study that cannot be read is said to be so.

    sees    the group of pages it belongs to, by the rights of the roles; empty: whoever has signed in
    public  shown to everybody
    """
    return guarded(READ, sees=sees, public=public)


def act_page(act: str = "", *, public: bool = False) -> Callable[[View], View]:
    """A page on which an act is done: shown by GET and sent by POST, to those whose role may do the act.

    act  the act by its name; empty: whoever has signed in
    """
    return guarded((*READ, "POST"), act=act, public=public)


def guarded(methods: tuple[str, ...], *, sees: str = "", act: str = "", public: bool = False) -> Callable[[View], View]:
    """An address that knows these methods, for those who may see a group of pages or do an act."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **place: Any) -> HttpResponse:
            if request.method not in methods:
                return refuse_method(request, methods)

            def answer() -> HttpResponse:
                return refuse_reader(request, sees=sees, act=act, public=public) or view(request, *args, **place)

            return explained(request, answer)

        checked.sees, checked.act, checked.public = sees, act, public  # type: ignore[attr-defined]
        return checked

    return decorate


def explained(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """An answer; a study that cannot be read is said to be so."""
    try:
        return answer()
    except (StoreError, Unavailable) as broken:
        return render_error(request, 503, what=broken.what, fix=broken.fix)
    except (UnreadableRecord, UnfoldableLog) as broken:
        return render_error(request, 503, what=f"The log cannot be read: {broken}.", fix=VERIFY)


def refuse_reader(request: HttpRequest, *, sees: str, act: str, public: bool) -> HttpResponse | None:
    """The answer to somebody who may not be here, or None: where nothing can be written, everything may be read."""
    identity = identity_of(request)
    if public or (source_of(request).door is None and not act):
        return None
    if source_of(request).door is None:
        return render_error(request, 404, what="This site only reads.", fix="Start from the overview.")
    if identity is None:
        return ask_to_sign_in(request)
    if not identity.token and (first := still_to_do(request)):
        return first
    if (act and not identity.may(act)) or not identity.sees(sees):
        words = ", ".join(ROLES[role] for role in identity.roles if role in ROLES) or "no role today"
        what = f"This page is not for your role ({words})."
        return render_error(request, 403, what=what, fix="The page “Who may do what” says for whom it is.")
    return None


def still_to_do(request: HttpRequest) -> HttpResponse | None:
    """The way to what a person must do before anything else: set a password of their own, accept accountability."""
    must = request.session.get(MUST, "")
    allowed = {"password": ("own-password", "sign-out"), "terms": ("terms", "sign-out")}
    here = request.resolver_match.url_name if request.resolver_match else ""
    if not must or here in allowed[must]:
        return None
    response = HttpResponseRedirect(reverse(allowed[must][0]))
    response.status_code = 303
    return response


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page, and back afterwards where the page can be read again."""
    back = request.get_full_path() if request.method in READ else ""
    if is_for_program(request):
        fix = "Send a token (Authorization: Bearer ...), or sign in."
        return render_problem(401, title="Nobody has signed in", what="This needs somebody who asks for it.", fix=fix)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"what": "Nobody has signed in."}, status=401)
    response = HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': back})}" if back else reverse("sign-in"))
    response.status_code = 303
    return response


def guard_site(request: HttpRequest, site: str) -> None:
    """Refuse whoever works at another site than a subject's.

    Raises `PermissionDenied`.
    """
    identity = identity_of(request)
    if identity is not None and not identity.sees_site(site):
        msg = "This subject is of another site than yours."
        raise PermissionDenied(msg)


SEND_AGAIN = "Reload this page in a moment: what you entered is sent again, and done once."
VERIFY = "Run firstbreath verify on the study's folder: it names the record."
TITLES = {
    400: "This address cannot be understood",
    403: "This is not for you",
    404: "This is not here",
    405: "This cannot be done here",
    500: "The site made a mistake",
    503: "The study cannot be read just now",
}


def render_error(request: HttpRequest, status: int, *, what: str, fix: str, **frame: Any) -> HttpResponse:
    """The page for a failure: its title, what happened, what to do next; in a frame when there is a moment."""
    if is_for_program(request):
        return render_problem(status, title=TITLES[status], what=what, fix=fix)
    told = {"title": TITLES[status], "status": status, "what": what, "fix": fix}
    return render(request, "error.html", frame | told, status=status)


def refuse_method(request: HttpRequest, methods: Sequence[str] = READ) -> HttpResponse:
    """The answer to a method that an address does not know."""
    what = "Only reading is possible here: nothing was changed." if methods == READ else "Nothing was changed."
    response = render_error(request, HttpResponseNotAllowed.status_code, what=what, fix="Follow a link instead.")
    response.headers["Allow"] = ", ".join(methods)
    return response


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django gives its reason
    """403: a form that this site did not make for this session. Nothing was written."""
    what = "The form is too old, or did not come from this site. Nothing was saved."
    return render_error(request, 403, what=what, fix="Go back, reload the page, and send it again.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the message is shown when it was written for the reader."""
    what = str(exception) or "This page is not for you."
    return render_error(request, 403, what=what, fix="Start from the overview.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the message is shown when it was written for the reader."""
    fix = "Correct the address, or start from the overview."
    if isinstance(exception, RequestDataTooBig):
        what = (
            f"What was sent is larger than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000} MB. Nothing was saved."
        )
        fix = "Go back, shorten the text, and send it again."
    elif isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        what = f"More than {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} fields were sent at once. Nothing was saved."
        fix = "Send them in parts."
    else:
        what = str(exception) if isinstance(exception, BadRequest) else "Something in it is not allowed."
    return render_error(request, 400, what=what, fix=fix)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the message is shown when it was written for the reader."""
    fix = "Check the address, or start from the overview."
    if isinstance(exception, Absent):
        frame = frame_of(request, exception.moment)
        return render_error(request, 404, what=str(exception), fix="Choose another moment, or another page.", **frame)
    return render_error(request, 404, what="Nothing has this address.", fix=fix)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when something the site stands on is away; details are in the server's own log, never on the page."""
    broken = sys.exc_info()[1]
    request.META.pop(IDENTITY, None)  # who asked may be what cannot be read
    if isinstance(broken, StoreError | Unavailable):
        return render_error(request, 503, what=broken.what, fix=f"{broken.fix} {SEND_AGAIN}")
    if isinstance(broken, UnreadableRecord | UnfoldableLog):
        return render_error(request, 503, what=f"The log cannot be read: {broken}.", fix=VERIFY)
    if isinstance(broken, DatabaseError):
        what = "The database of passwords and sessions cannot be used just now."
        return render_error(request, 503, what=what, fix=f"Whoever runs the site should look at it. {SEND_AGAIN}")
    what = "The page could not be made. Nothing was changed."
    return render_error(
        request, 500, what=what, fix="Try again; if it persists, show the server's log to whoever runs it."
    )
