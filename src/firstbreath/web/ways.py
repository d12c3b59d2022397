"""Ways from page to page: to the first page of several that this site has, and back with what was written."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment
from firstbreath.web.pages.log import describe
from firstbreath.web.pages.today import Task


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
