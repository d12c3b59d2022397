"""The view of one value through time."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from firstbreath.web.errors import page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import read_moment
from firstbreath.web.records.origins import compute_origins
from firstbreath.web.records.reading import number_of, subject_of
from firstbreath.web.records.value_page import compute_value_page

PLACE = ("subject", "form", "visit", "repeat", "field")


@page("see_subjects")
def show_value(request: HttpRequest) -> HttpResponse:
    """Every version of one field of one record."""
    moment = read_moment(request)
    asked = {name: request.GET.get(name, "")[:200] for name in PLACE}
    subject = subject_of(request, moment, asked["subject"])
    key = (asked["form"], asked["visit"], number_of(asked["repeat"]) or 1)
    found = compute_value_page(moment.trial, subject, moment.events, key=key, field=asked["field"])
    if found is None:
        raise Absent(moment, "There is no such field on that form.")
    identity, seqs = identity_of(request), [version.event.seq for version in found.versions]
    sees_results = identity is None or identity.sees("see_results")
    origins = compute_origins(moment.trial, moment.events, seqs, sees_results=sees_results)
    ask = urlencode(asked)
    return render_page(request, "records/value", moment, value=found, ask=ask, origins=origins, kept=asked)
