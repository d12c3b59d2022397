"""The page Today."""

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse

from firstbreath.web.clock import now_of
from firstbreath.web.errors import page
from firstbreath.web.frame import render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import read_moment
from firstbreath.web.pages.alerts import compute_alerts
from firstbreath.web.pages.cohort import compute_cohort
from firstbreath.web.pages.today import compute_today
from firstbreath.web.ways import find_saved, first_address


class Linked(msgspec.Struct, frozen=True):
    """Something that waits, with the address at which it is done."""

    what: Any
    href: str


@page("")
def show_today(request: HttpRequest) -> HttpResponse:
    """Who is due what today, for whoever looks."""
    moment, identity = read_moment(request), identity_of(request)
    if identity is None:
        raise Http404
    now = moment.trial.at if moment.asked and moment.trial.at else now_of(request)
    sees = identity.sees_site
    day = compute_today(moment.trial, now, may=identity.may, sees=sees) if identity.sees("see_subjects") else None
    alerts = compute_alerts(moment.trial, now, account=identity.account.id, may=identity.may, sees=sees)
    return render_page(
        request,
        "today/today",
        moment,
        day=day,
        alerts=[Linked(alert, first_address(alert.pages)) for alert in alerts],
        cohort=compute_cohort(moment.trial, sees=sees) if identity.sees("see_subjects") else None,
        saved=find_saved(request, moment),
        may_screen=identity.may("open_screening"),
    )
