"""Answers for programs: a value as JSON, or a problem in the form of RFC 9457."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from firstbreath.events.decisions import Reason

ROOT = "/api/"
PROBLEM = "application/problem+json"
JSON = "application/json"


class Problem(msgspec.Struct, frozen=True):
    """Why something was not done: the status, what happened, what to do next, and each reason with its code."""

    title: str
    status: int
    detail: str
    fix: str = ""
    reasons: tuple[Reason, ...] = ()


def is_for_program(request: HttpRequest) -> bool:
    """Whether an address answers programs, in JSON whatever happens."""
    return request.path_info.startswith(ROOT)


def answer_json(value: Any, status: int = 200, *, content_type: str = JSON) -> HttpResponse:
    """A value as JSON."""
    return HttpResponse(msgspec.json.encode(value), status=status, content_type=content_type)


def render_problem(
    status: int, *, title: str, what: str, fix: str = "", reasons: Sequence[Reason] = ()
) -> HttpResponse:
    """A problem as JSON."""
    problem = Problem(title, status, what, fix, tuple(reasons))
    response = answer_json(problem, status, content_type=PROBLEM)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="firstbreath"'
    return response
