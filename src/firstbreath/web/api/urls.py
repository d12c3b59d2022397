"""The addresses for programs."""

from django.urls import path

from firstbreath.web import converters  # noqa: F401 -- before the addresses
from firstbreath.web.api import acts, document, token_views
from firstbreath.web.api.operations import OPERATIONS

urlpatterns = [
    path("api/", document.show_index, name="api"),
    path("api/openapi.json", document.send_document, name="api-document"),
    *(path(operation.address, operation.view, name=operation.name) for operation in OPERATIONS),
    path("api/tokens", token_views.ask_for_token, name="api-token"),
    path("api/me/tokens/<int:number>", token_views.end_my_token, name="api-my-token"),
    path("me/tokens", token_views.keep_tokens, name="tokens"),
    path("programs", document.show_guide, name="api-guide"),
    path("api/acts/<str:act>", acts.do_act, name="api-act"),
]
