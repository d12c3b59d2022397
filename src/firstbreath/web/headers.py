"""What every answer tells the browser: load nothing from elsewhere, run nothing inline, keep nothing, frame nothing."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def policy(**changes: str) -> str:
    """The content security policy of a page, with directives changed by name (`_` for `-`)."""
    directives = {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{name} {value}" for name, value in directives.items())


STRICT: Mapping[str, str] = {
    "Content-Security-Policy": policy(),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none at all browsers send forms from "null", which looks forged
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def harden(answer: Answer) -> Answer:
    """Middleware: the strict headers on every answer; a view may have set its own first."""

    def hardened(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        for name, value in STRICT.items():
            response.headers.setdefault(name, value)
        return response

    return hardened
