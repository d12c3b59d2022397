"""What the views of this area ask first: the subject of an address, who sees which site, what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from django.http import HttpRequest

from firstbreath.subjects.codes import shown_code
from firstbreath.subjects.state import Subject
from firstbreath.web.errors import guard_site
from firstbreath.web.frame import Absent
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment
from firstbreath.web.pages.words import render_place


def site_filter(request: HttpRequest) -> Callable[[str], bool]:
    """Whether subjects of a site are in view of whoever asks."""
    identity = identity_of(request)
    return cache(identity.sees_site) if identity else lambda _site: True


def subject_of(request: HttpRequest, moment: Moment, code: str) -> Subject:
    """The subject of that code, of a site in view.

    Raises `Absent` when there is none, `PermissionDenied` when it is of another site.
    """
    subject = moment.trial.subjects.get(code)
    if subject is None or moment.trial.protocol is None:
        raise Absent(moment, f"There is no subject {shown_code(code)} after {render_place(moment.trial.seq)}.")
    guard_site(request, subject.site)
    return subject


def time_of(moment: Moment) -> datetime:
    """The time from which ages are counted: now, or the time of the moment that is shown."""
    return moment.trial.at or datetime.now(UTC) if moment.asked else datetime.now(UTC)


def number_of(text: str) -> int:
    """The whole number a text states; 0 when it states none that could be one here."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
