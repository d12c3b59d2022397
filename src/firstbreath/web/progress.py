"""What takes more than a second is told while it is done, in lines of JSON, to a page that asks for lines.

The lines come first, then the answer that everybody else waits for: the page, or where to go on. The view works in a
thread of its own, the only one that touches the request meanwhile; it begins when the first line is asked for. What was
begun is finished whether or not anybody still listens, so that nothing is kept by half.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextvars import copy_context
from functools import partial, wraps
from threading import Thread
from typing import Any, cast

import msgspec
from django.core.handlers.exception import convert_exception_to_response
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import translation

from firstbreath.web.errors import View, explained

LINES = "application/x-ndjson"
TOLD = "firstbreath.told"
EVERY_S, QUIET = 0.1, 50
"""How long a line waits for the next one, and after how many such times without news the last one is said again."""
Tell = Callable[[str, int, int], None]
"""Takes the name of a step, how much of it is done, and of how much (0: not known)."""


class Step(msgspec.Struct, frozen=True):
    """How far the work is."""

    step: str = ""
    done: int = 0
    of: int = 0


class End(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of it: the status of the answer, and where to go on or the page to show."""

    status: int
    go: str = ""
    html: str = ""


def in_steps(view: View) -> View:
    """A view that tells how far it is, by `tell_of`, to whoever sends `Accept: application/x-ndjson`.

    Guards stand outside of it: whoever may not be here is refused without a line.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **place: Any) -> HttpResponse:
        answer = partial(view, request, *args, **place)
        return _stream(request, answer) if request.headers.get("Accept") == LINES else answer()

    return answered


def tell_of(request: HttpRequest) -> Tell:
    """Where a view tells how far it is; only the newest is kept for the next line, so telling costs nothing."""
    tell: Tell = request.META.get(TOLD, _unheard)
    return tell


def _unheard(_step: str, _done: int, _of: int) -> None:
    """Nobody asked."""


def _stream(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    newest = deque([Step()], maxlen=1)
    request.META[TOLD] = lambda step, done, of: newest.append(Step(step, done, of))
    response = StreamingHttpResponse(content_type=LINES)
    response.streaming_content = _lines(_prepare(request, answer), newest, response)
    response.headers["X-Accel-Buffering"] = "no"  # a proxy must not gather them
    return cast("HttpResponse", response)


def _prepare(request: HttpRequest, answer: Callable[[], HttpResponse]) -> Callable[[], HttpResponse]:
    """The work as another thread does it: in this language and context, and whatever goes wrong becomes a page."""
    context, language = copy_context(), translation.get_language()
    safely = convert_exception_to_response(lambda asked: explained(asked, answer))

    def work() -> HttpResponse:
        try:
            with translation.override(language):  # within the context, which does not carry it from thread to thread
                return cast("HttpResponse", safely(request))
        finally:
            connections.close_all()

    return partial(context.run, work)


def _lines(work: Callable[[], HttpResponse], newest: deque[Step], response: StreamingHttpResponse) -> Iterator[bytes]:
    """News as there is some, then the end; whoever goes away waits for it too."""
    future: Future[HttpResponse] = Future()
    Thread(target=_do, args=(work, future), daemon=True).start()
    try:
        yield from _news(future, newest)
    finally:
        end = _end_of(future.result())  # waits for it
        response.status_code = end.status  # as the server's own log tells it
    yield _line(end)


def _news(future: Future[HttpResponse], newest: deque[Step]) -> Iterator[bytes]:
    said, quiet = None, 0
    while not future.done():
        step = newest[0]
        quiet = quiet + 1 if step == said else 0
        if quiet % QUIET == 0:
            yield _line(step)
        said = step
        wait([future], EVERY_S)


def _do(work: Callable[[], HttpResponse], future: Future[HttpResponse]) -> None:
    try:
        future.set_result(work())
    except BaseException as broken:  # whoever waits for the end is told of it
        future.set_exception(broken)


def _end_of(answer: HttpResponse) -> End:
    go = answer.headers.get("Location", "")
    return End(answer.status_code, go=go) if go else End(answer.status_code, html=answer.content.decode())


def _line(value: Step | End) -> bytes:
    return msgspec.json.encode(value) + b"\n"
