"""The views: read the moment, ask `pages/` for a value, hand it to a template."""

from itertools import islice

from django.core.paginator import InvalidPage, Paginator
from django.http import HttpRequest, HttpResponse

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.web.errors import guard_site, page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.pages.claims import compute_claims_page
from firstbreath.web.pages.cohort import compute_cohort
from firstbreath.web.pages.event import compute_event_page
from firstbreath.web.pages.log import all_kinds, choose_events, describe
from firstbreath.web.pages.protocol import compute_protocol_page
from firstbreath.web.pages.subject import compute_subject
from firstbreath.web.pages.words import render_place

EVENTS_A_PAGE = 50
LATELY = 6
COMING_AND_GOING = (kinds.SignedIn, kinds.SignedOut, kinds.SignInRefused)
"""What people do at the door of the site: it is in the log, and says nothing of the trial."""


@page()
def show_overview(request: HttpRequest) -> HttpResponse:
    """Where the trial stands."""
    moment = read_moment(request)
    happened = (event for event in reversed(moment.events) if type(event.body) not in COMING_AND_GOING)
    lately = [(event, describe(event, moment.trial.protocol)) for event in islice(happened, LATELY)]
    return render_page(request, "overview", moment, cohort=compute_cohort(moment.trial), lately=lately)


@page("see_subjects")
def show_subject(request: HttpRequest, code: str) -> HttpResponse:
    """Everything recorded about a subject."""
    moment = read_moment(request)
    subject = compute_subject(moment.trial, code, moment.events)
    if subject is None:
        raise Absent(moment, f"There is no subject {code[:40]} after {render_place(moment.trial.seq)}.")
    guard_site(request, moment.trial.subjects.by_code[code].site)
    return render_page(request, "subject", moment, subject=subject)


@page()
def show_protocol(request: HttpRequest) -> HttpResponse:
    """The protocol in force."""
    moment = read_moment(request)
    return render_page(request, "protocol", moment, drawn=compute_protocol_page(moment.trial))


@page("see_results")
def show_claims(request: HttpRequest) -> HttpResponse:
    """The claims of the published paper with their verdicts."""
    moment = read_moment(request)
    claims = compute_claims_page(source_of(request).verdicts(), request.GET.get("verdict", ""))
    return render_page(request, "claims", moment, claims=claims, kept={"verdict": claims.chosen})


@page("see_log")
def show_log(request: HttpRequest) -> HttpResponse:
    """The events of the log, filtered, a page at a time."""
    moment = read_moment(request)
    asked = {name: request.GET.get(name, "") for name in ("subject", "kind")}
    pages = Paginator(choose_events(moment.events, **asked), EVENTS_A_PAGE)
    try:
        shown = pages.page(request.GET.get("page", 1))
    except InvalidPage:
        raise Absent(moment, f"The last page of this list is {pages.num_pages}.") from None
    lines = [
        (event, describe(event, moment.trial.protocol), source_of(request).hash_of(event.seq).hex()) for event in shown
    ]
    codes = [subject.code for subject in moment.trial.subjects.all()]
    return render_page(
        request, "log", moment, lines=lines, shown=shown, asked=asked, codes=codes, kinds=all_kinds(), kept=asked
    )


@page("see_log")
def show_event(request: HttpRequest, seq: int) -> HttpResponse:
    """One event in full, and how to check it by hand."""
    moment = read_moment(request)
    event, source = find_event(moment, seq), source_of(request)
    shown = compute_event_page(
        event,
        record=source.record_of(seq),
        previous=source.hash_of(seq - 1),
        hashed=source.hash_of(seq),
        last=moment.trial.seq,
    )
    return render_page(request, "event", moment, shown=shown, event=event, words=describe(event, moment.trial.protocol))


@page("see_log")
def send_record(request: HttpRequest, seq: int) -> HttpResponse:
    """The exact bytes of an event's record."""
    find_event(read_moment(request), seq)
    response = HttpResponse(source_of(request).record_of(seq), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="event-{seq}.json"'
    return response


def find_event(moment: Moment, seq: int) -> Event:
    """The event of that number.

    Raises `Absent` when the log had none at this moment.
    """
    if 1 <= seq <= moment.trial.seq:
        return moment.events[seq - 1]
    raise Absent(moment, f"There is no event {seq} after {render_place(moment.trial.seq)}.")
