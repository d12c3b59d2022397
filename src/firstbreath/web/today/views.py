"""The page Today."""

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from firstbreath.web.clock import now_of
from firstbreath.web.errors import page
from firstbreath.web.frame import render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.pages.alerts import compute_alerts
from firstbreath.web.pages.cohort import compute_cohort
from firstbreath.web.pages.log import describe
from firstbreath.web.pages.today import Task, compute_today


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
        cohort=compute_cohort(moment.trial) if identity.sees("see_subjects") else None,
        saved=find_saved(request, moment),
        may_screen=identity.may("open_screening"),
    )


def find_saved(request: HttpRequest, moment: Moment) -> str:
    """What the person who looks has just written, in words: the address names its event."""
    text, identity = request.GET.get("saved", ""), identity_of(request)
    seq = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    if not 0 < seq <= moment.trial.seq or identity is None:
        return ""
    event = moment.events[seq - 1]
    if event.actor != identity.account.id:
        return ""
    return " · ".join(part for part in (event.subject, describe(event, moment.trial.protocol)) if part)


def first_address(pages: tuple[str, ...], *place: Any) -> str:
    """The address of the first of these pages that this site has, or empty."""
    for name in pages:
        try:
            return reverse(name, args=place)
        except NoReverseMatch:
            continue
    return ""


def address_of(task: Task) -> str:
    """Where a task is done, and back to Today afterwards; the subject's page where this site has no page for it."""
    found = first_address((task.page,), *task.place)
    return f"{found}?back=today" if found else reverse("subject", args=[str(task.place[0])]) if task.place else ""
