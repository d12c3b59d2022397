"""Who may send something to an address for programs: a token's bearer, or a session that shows the site's own mark."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

from firstbreath.web.errors import READ, View, guarded, render_error
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import source_of


def program(*methods: str, public: bool = False) -> Callable[[View], View]:
    """An address that takes what a program sends, by these methods.

    public  whoever sends it, has not to have signed in: the body says who it is
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **place: Any) -> HttpResponse:
            return _refuse(request) or view(request, *args, **place)

        return csrf_exempt(guarded(methods, public=public)(checked))

    return decorate


def _pass(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _refuse(request: HttpRequest) -> HttpResponse | None:
    """The answer where nothing can be done, or a browser was led here from elsewhere; else None."""
    if source_of(request).door is None:
        return render_error(request, 404, what="This site only reads.", fix="Start from /api/.")
    identity = identity_of(request)
    if identity is None or identity.token or request.method in READ:
        return None
    check = CsrfViewMiddleware(_pass)
    return check.process_view(request, _pass, (), {})
