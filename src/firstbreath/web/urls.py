"""The addresses of the site."""

from django.urls import path

from firstbreath.web import assets, converters, errors, health, paper, views  # noqa: F401 -- converters before addresses
from firstbreath.web.accounts import urls as accounts
from firstbreath.web.api import urls as api
from firstbreath.web.inhaling import urls as inhaling
from firstbreath.web.language import choose_language
from firstbreath.web.product import urls as product
from firstbreath.web.reading import urls as reading
from firstbreath.web.records import urls as records
from firstbreath.web.safety import urls as safety
from firstbreath.web.subject import urls as subject
from firstbreath.web.today import urls as today

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error


urlpatterns = [
    *accounts.urlpatterns,
    *api.urlpatterns,
    *records.urlpatterns,
    *today.urlpatterns,
    *inhaling.urlpatterns,
    *safety.urlpatterns,
    *product.urlpatterns,
    *reading.urlpatterns,
    *subject.urlpatterns,
    path("", views.show_overview, name="overview"),
    path("subjects/<code:code>", views.show_subject, name="subject"),
    path("protocol", views.show_protocol, name="protocol"),
    path("paper", paper.show_paper, name="paper"),
    path("paper/<str:name>", paper.send_paper, name="paper-file"),
    path("claims", views.show_claims, name="claims"),
    path("log/<int:seq>/record", views.send_record, name="record"),
    path("health", health.report_health, name="health"),
    path("language", choose_language, name="language"),
    path("static/<str:digest>/<str:name>", assets.send_asset, name="asset"),
]
