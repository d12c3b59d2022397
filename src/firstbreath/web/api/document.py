"""What programs find first: the index, and the OpenAPI document."""

from django.http import HttpRequest, HttpResponse

from firstbreath.web.api.asked import ASKED
from firstbreath.web.api.openapi import compute_document
from firstbreath.web.api.operations import OPERATIONS
from firstbreath.web.api.problems import JSON, answer_json
from firstbreath.web.errors import page


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
