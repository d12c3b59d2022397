"""The views of the log: filtered, one event in full, and the planned review of the audit trail."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.core.paginator import InvalidPage, Paginator
from django.http import HttpRequest, HttpResponse

from firstbreath.events.record import Event
from firstbreath.trial.log_filter import ONLY, LogFilter, choose_events, events_in_view
from firstbreath.trial.state import Trial
from firstbreath.web.errors import page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import read_moment, source_of
from firstbreath.web.pages.event import compute_event_page
from firstbreath.web.pages.log import all_kinds, describe
from firstbreath.web.records.audit_review import compute_review
from firstbreath.web.records.origins import compute_origins
from firstbreath.web.records.reading import site_filter
from firstbreath.web.views import find_event

EVENTS_A_PAGE = 50
PARTS = tuple(field.name for field in msgspec.structs.fields(LogFilter))


def filter_of(request: HttpRequest) -> LogFilter:
    """What the address asks for."""
    return LogFilter(**{name: request.GET.get(name, "")[:80] for name in PARTS})


@page("see_log")
def show_log(request: HttpRequest) -> HttpResponse:
    """The events of the log, filtered, a page at a time."""
    moment, asked = read_moment(request), filter_of(request)
    seen = events_in_view(moment.trial, moment.events, site_filter(request))
    pages = Paginator(choose_events(seen, asked), EVENTS_A_PAGE)
    try:
        shown = pages.page(request.GET.get("page", 1))
    except InvalidPage:
        raise Absent(moment, f"The last page of this list is {pages.num_pages}.") from None
    protocol, hash_of = moment.trial.protocol, source_of(request).hash_of
    lines = [(event, describe(event, protocol), hash_of(event.seq).hex()) for event in shown]
    shared: dict[str, Any] = {"lines": lines, "shown": shown, "asked": asked, "kinds": all_kinds(), "only": tuple(ONLY)}
    kept = msgspec.structs.asdict(asked)
    return render_page(request, "log", moment, kept=kept, **(shared | _choices(seen, moment.trial)))


def _choices(events: Sequence[Event], trial: Trial) -> dict[str, list[str]]:
    """What can be chosen: the subjects, people, roles and fields that the log names."""
    fields = [field.id for form in trial.protocol.forms for field in form.fields] if trial.protocol else []
    return {
        "codes": list(dict.fromkeys(event.subject for event in events if event.subject)),
        "actors": sorted({event.actor for event in events}),
        "acting": sorted({event.role for event in events}),
        "fields": fields,
    }


@page("see_log")
def show_event(request: HttpRequest, seq: int) -> HttpResponse:
    """One event in full: how to check it by hand, what vouches for it, and which numbers of the paper rest on it."""
    moment = read_moment(request)
    event, source, identity = find_event(request, moment, seq), source_of(request), identity_of(request)
    shown = compute_event_page(
        event,
        record=source.record_of(seq),
        previous=source.hash_of(seq - 1),
        hashed=source.hash_of(seq),
        last=moment.trial.seq,
    )
    sees_results = identity is None or identity.sees("see_results")
    origins = compute_origins(moment.trial, moment.events, (seq,), sees_results=sees_results)
    words = describe(event, moment.trial.protocol)
    return render_page(request, "event", moment, shown=shown, event=event, words=words, origins=origins)


@page("see_log")
def show_review(request: HttpRequest) -> HttpResponse:
    """What a planned review of the audit trail looks at."""
    moment = read_moment(request)
    seen = events_in_view(moment.trial, moment.events, site_filter(request))
    return render_page(request, "records/review", moment, review=compute_review(moment.trial, seen))
