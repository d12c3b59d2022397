"""The views: read the moment, ask `pages/` for a value, hand it to a template."""

from itertools import islice

from django.http import HttpRequest, HttpResponse

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.trial.log_filter import is_sealed
from firstbreath.web.errors import guard_site, page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.pages.acts import list_acts
from firstbreath.web.pages.claims import compute_claims_page
from firstbreath.web.pages.cohort import compute_cohort
from firstbreath.web.pages.log import describe
from firstbreath.web.pages.protocol import compute_protocol_page
from firstbreath.web.pages.subject import compute_subject
from firstbreath.web.pages.words import render_place
from firstbreath.web.records.reading import site_filter
from firstbreath.web.ways import find_saved

LATELY = 6
COMING_AND_GOING = (kinds.SignedIn, kinds.SignedOut, kinds.SignInRefused)
"""What people do at the door of the site: it is in the log, and says nothing of the trial."""

SEALED = {
    True: "a vote on a packet is read once every member has voted.",
    False: "reads of scans are open once all of them are final.",
}


@page()
def show_overview(request: HttpRequest) -> HttpResponse:
    """Where the trial stands."""
    moment = read_moment(request)
    sees, subjects = site_filter(request), moment.now.subjects
    hidden = {subject.code for subject in subjects.all() if not sees(subject.site)}
    told = (
        event for event in reversed(moment.events) if event.subject not in hidden and not is_sealed(moment.now, event)
    )
    happened = (event for event in told if type(event.body) not in COMING_AND_GOING)
    lately = [(event, describe(event, moment.trial.protocol)) for event in islice(happened, LATELY)]
    return render_page(request, "overview", moment, cohort=compute_cohort(moment.trial, sees=sees), lately=lately)


@page("see_subjects")
def show_subject(request: HttpRequest, code: str) -> HttpResponse:
    """Everything recorded about a subject."""
    moment = read_moment(request)
    subject = compute_subject(moment.trial, code, moment.events, sees=site_filter(request))
    if subject is None:
        raise Absent(moment, f"There is no subject {code[:40]} after {render_place(moment.trial.seq)}.")
    found, identity = moment.trial.subjects.by_code[code], identity_of(request)
    guard_site(request, found.site)
    acts = list_acts(found, moment.trial.protocol, may=identity.may) if identity and moment.trial.protocol else ()
    mine = {
        "acts": acts,
        "saved": find_saved(request, moment),
        "sees_papers": identity is not None and identity.may("see_consent_papers", found.site),
        "corrects": identity is not None and identity.may("correct_form", found.site) and not moment.asked,
    }
    return render_page(request, "subject", moment, subject=subject, **mine)  # type: ignore[arg-type]


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
def send_record(request: HttpRequest, seq: int) -> HttpResponse:
    """The exact bytes of an event's record."""
    find_event(request, read_moment(request), seq)
    response = HttpResponse(source_of(request).record_of(seq), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="event-{seq}.json"'
    return response


def find_event(request: HttpRequest, moment: Moment, seq: int) -> Event:
    """The event of that number, of a site in view.

    Raises `Absent` when the log had none at this moment or it is still sealed, `PermissionDenied` when
    it is of a subject of another site.
    """
    if 1 <= seq <= moment.trial.seq:
        event = moment.events[seq - 1]
        if is_sealed(moment.now, event):
            raise Absent(moment, f"Event {seq} is sealed: {SEALED[type(event.body) is kinds.VoteCast]}")
        subject = moment.trial.subjects.get(event.subject)
        if subject:
            guard_site(request, subject.site)
        return event
    raise Absent(moment, f"There is no event {seq} after {render_place(moment.trial.seq)}.")
