"""The server's own log: one line of JSON for each request, with nothing in it of a patient or of what was entered.

A request is told by its method and the name of its route, never by its address: a code of a subject is in addresses.
Who asked is told by the short name of the session, which joins the line to a sign-in in the trial's own log.
"""

import json
import logging
import secrets
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from firstbreath.web.identity import identity_of

Answer = Callable[[HttpRequest], HttpResponse]
REQUESTS = logging.getLogger("firstbreath.requests")
HEADER = "X-Request-ID"
FRAMES = 6


def note_requests(answer: Answer) -> Answer:
    """Middleware: a number for each request, told to the browser and written down with what came of it."""

    def noted(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        number = secrets.token_hex(8)
        response = answer(request)
        response.headers[HEADER] = number

        def note() -> None:
            ms = round((time.perf_counter() - began) * 1000, 1)
            REQUESTS.info("request", extra={"told": describe_request(request, response, number=number) | {"ms": ms}})

        if not REQUESTS.isEnabledFor(logging.INFO):
            return response
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = _then(response.streaming_content, note)
        else:
            note()
        return response

    return noted


def _then(lines: Iterable[bytes], note: Callable[[], None]) -> Iterator[bytes]:
    """An answer line by line, noted when it ended: only then is known what came of it."""
    try:
        yield from lines
    finally:
        note()


def describe_request(request: HttpRequest, response: HttpResponse, *, number: str) -> dict[str, object]:
    """What is told of a request."""
    match, identity = request.resolver_match, identity_of(request)
    return {
        "id": number,
        "method": request.method if request.method in ("GET", "HEAD", "POST") else "other",
        "route": (match.url_name if match else "") or "none",
        "status": response.status_code,
        "session": identity.session if identity else "",
    }


class JsonLines(logging.Formatter):
    """A record as one line of JSON. A fault is told by its type and where it arose, never by its words or values."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        line |= getattr(record, "told", None) or {"about": record.name}
        if record.exc_info and record.exc_info[1]:
            line |= describe_fault(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def describe_fault(fault: BaseException) -> dict[str, object]:
    """The type of a fault and the places that led to it, the innermost last."""
    frames = traceback.extract_tb(fault.__traceback__)[-FRAMES:]
    places = [f"{frame.filename.rpartition('firstbreath/')[2][-60:]}:{frame.lineno} {frame.name}" for frame in frames]
    return {"fault": type(fault).__name__, "at": places}
