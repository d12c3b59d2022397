"""What programs find first, the index and the OpenAPI document; and the same as a page for whoever writes them."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from firstbreath.web.api.asked import ASKED
from firstbreath.web.api.openapi import compute_document
from firstbreath.web.api.operations import OPERATIONS
from firstbreath.web.api.problems import JSON, answer_json
from firstbreath.web.errors import page
from firstbreath.web.frame import render_page
from firstbreath.web.moment import read_moment


class ActLine(msgspec.Struct, frozen=True):
    """An act as the page for programmers lists it."""

    path: str
    summary: str
    fields: tuple[msgspec.structs.FieldInfo, ...]


@page(public=True)
def show_index(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- the same for everybody
    """Where everything is."""
    read = {operation.path: operation.summary for operation in OPERATIONS}
    acts = [f"/api/acts/{act}" for act in ASKED]
    return answer_json({"document": "/api/openapi.json", "read": read, "acts": acts})


@page(public=True)
def send_document(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- the same for everybody
    """The OpenAPI document."""
    return HttpResponse(compute_document(), content_type=JSON)


@page("")
def show_guide(request: HttpRequest) -> HttpResponse:
    """Every operation, on a page."""
    acts = [_line(act, kind) for act, kind in ASKED.items()]
    return render_page(request, "api/operations", read_moment(request), operations=OPERATIONS, acts=acts)


def _line(act: str, kind: type[Any]) -> ActLine:
    summary = (kind.__doc__ or "").strip().splitlines()[0]
    return ActLine(f"/api/acts/{act}", summary, msgspec.structs.fields(kind))
