"""The addresses for programs."""

from django.urls import path

from firstbreath.web import converters  # noqa: F401 -- before the addresses
from firstbreath.web.api import acts, document
from firstbreath.web.api.operations import OPERATIONS

urlpatterns = [
    path("api/", document.show_index, name="api"),
    path("api/openapi.json", document.send_document, name="api-document"),
    *(path(operation.address, operation.view, name=operation.name) for operation in OPERATIONS),
    path("api/acts/<str:act>", acts.do_act, name="api-act"),
]
