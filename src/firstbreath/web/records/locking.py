"""The views of freezing, locking, striking out, and of the deviations."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.subjects.commands import FreezeSubject, StrikeEntry, UnfreezeSubject
from firstbreath.trial.commands import AnyCommand, LockTrial, UnlockTrial
from firstbreath.web.act import attempt
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import render_page
from firstbreath.web.moment import read_moment
from firstbreath.web.pages.log import describe
from firstbreath.web.records.deviation_list import compute_deviations
from firstbreath.web.records.lock_page import compute_lock_page
from firstbreath.web.records.reading import site_filter, subject_of
from firstbreath.web.views import find_event


@page("see_subjects")
def show_locks(request: HttpRequest) -> HttpResponse:
    """Which subjects are frozen, and whether the database is locked."""
    return _show_locks(request)


def _show_locks(request: HttpRequest, *, reasons: Any = (), status: int = 200) -> HttpResponse:
    moment = read_moment(request)
    shown = compute_lock_page(moment.trial, sees_site=site_filter(request))
    sent = request.POST.get("reason", "")
    return render_page(request, "records/locks", moment, shown=shown, reasons=reasons, sent=sent, status=status)


@act_page("freeze_subject")
def freeze_subject(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze a subject."""
    return _of_locks(request, FreezeSubject(subject=code), code)


@act_page("unfreeze_subject")
def unfreeze_subject(request: HttpRequest, code: str) -> HttpResponse:
    """Lift the freezing of a subject."""
    return _of_locks(request, UnfreezeSubject(subject=code), code)


@act_page("lock_trial")
def lock_trial(request: HttpRequest) -> HttpResponse:
    """Lock the database."""
    return _of_locks(request, LockTrial())


@act_page("unlock_trial")
def unlock_trial(request: HttpRequest) -> HttpResponse:
    """Lift the lock of the database."""
    return _of_locks(request, UnlockTrial())


def _of_locks(request: HttpRequest, command: AnyCommand, code: str = "") -> HttpResponse:
    if code:
        subject_of(request, read_moment(request), code)
    if request.method != "POST":
        return _show_locks(request)
    reason = request.POST.get("reason", "")
    again = partial(_show_locks, request)
    return attempt(request, command, to=reverse("locks"), again=again, reason=reason, form="locks page")


@act_page("strike_entry")
def strike_entry(request: HttpRequest, seq: int) -> HttpResponse:
    """Strike out what was entered in error."""
    event = find_event(request, read_moment(request), seq)
    subject_of(request, read_moment(request), event.subject)
    if request.method != "POST":
        return _show_strike(request, seq)
    command = StrikeEntry(subject=event.subject, corrects=seq)
    again, reason = partial(_show_strike, request, seq), request.POST.get("reason", "")
    to = reverse("subject", args=(event.subject,))
    return attempt(request, command, to=to, again=again, reason=reason, form="striking page")


def _show_strike(request: HttpRequest, seq: int, *, reasons: Any = (), status: int = 200) -> HttpResponse:
    moment = read_moment(request)
    event = find_event(request, moment, seq)
    words, sent = describe(event, moment.trial.protocol), request.POST.get("reason", "")
    shown: dict[str, Any] = {"event": event, "words": words, "sent": sent}
    return render_page(request, "records/strike", moment, reasons=reasons, status=status, **shown)


@page("see_subjects")
def show_deviations(request: HttpRequest) -> HttpResponse:
    """Every departure from the protocol."""
    moment = read_moment(request)
    asked = {name: request.GET.get(name, "") for name in ("category", "subject")}
    found = compute_deviations(moment.trial, moment.events, sees_site=site_filter(request), **asked)
    return render_page(request, "records/deviations", moment, found=found, asked=asked, kept=asked)
