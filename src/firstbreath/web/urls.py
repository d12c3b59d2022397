"""The addresses of the site."""

from django.urls import path, register_converter

from firstbreath.web import assets, errors, paper, views
from firstbreath.web.accounts import urls as accounts

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error


class SubjectCode:
    """Any text at all: a code comes from the log, and a page must not break on one that should never have got there."""

    regex = r"[\s\S]+"

    def to_python(self, text: str) -> str:
        """The code an address names."""
        return text

    def to_url(self, code: str) -> str:
        """The code as it stands in an address, before quoting."""
        return code


register_converter(SubjectCode, "code")

urlpatterns = [
    *accounts.urlpatterns,
    path("", views.show_overview, name="overview"),
    path("subjects/<code:code>", views.show_subject, name="subject"),
    path("protocol", views.show_protocol, name="protocol"),
    path("paper", paper.show_paper, name="paper"),
    path("paper/<str:name>", paper.send_paper, name="paper-file"),
    path("claims", views.show_claims, name="claims"),
    path("log", views.show_log, name="log"),
    path("log/<int:seq>", views.show_event, name="event"),
    path("log/<int:seq>/record", views.send_record, name="record"),
    path("health", views.report_health, name="health"),
    path("static/<str:digest>/<str:name>", assets.send_asset, name="asset"),
]
