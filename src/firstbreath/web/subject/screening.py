"""Screening: opening it under the next free code, and the log of all who were screened."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events.decisions import Reason
from firstbreath.subjects.codes import suggest_code
from firstbreath.subjects.commands import OpenScreening
from firstbreath.web.act import attempt
from firstbreath.web.clock import now_of
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.pages.schedule import compute_schedule
from firstbreath.web.pages.screening import compute_screening
from firstbreath.web.subject.case import find_case


@act_page("open_screening")
def open_screening(request: HttpRequest) -> HttpResponse:
    """Open screening: the code is suggested, the site is one at which the person works."""
    moment = read_moment(request)

    def show(*, reasons: tuple[Reason, ...] = (), status: int = 200) -> HttpResponse:
        code = request.POST.get("subject", "") or suggest_code([each.code for each in moment.trial.subjects.all()])
        sites, site = sites_of(request, moment), request.POST.get("site", "")
        context = {"code": code[:40], "sites": sites, "site": site, "reasons": reasons}
        return render_page(request, "subject/open", moment, status=status, **context)  # type: ignore[arg-type]

    if request.method != "POST" or moment.asked:
        return show()
    code = request.POST.get("subject", "").strip()
    command = OpenScreening(subject=code, site=request.POST.get("site", "").strip()[:2000])
    return attempt(request, command, to=f"{reverse('today')}?opened={code[:20]}", again=show, form="open screening")


def sites_of(request: HttpRequest, moment: Moment) -> tuple[str, ...]:
    """The sites of the trial at which whoever looks may open screening."""
    identity, protocol = identity_of(request), moment.trial.protocol
    sites = protocol.design.trial.sites if protocol else ()
    return tuple(site for site in sites if identity and identity.may("open_screening", site))


@page("see_subjects")
def show_schedule(request: HttpRequest, code: str) -> HttpResponse:
    """The schedule of a subject, with the way to each form."""
    moment = read_moment(request)
    case = find_case(request, moment, code)
    now = moment.trial.at if moment.asked and moment.trial.at else now_of(request)
    schedule = compute_schedule(moment.trial, case.protocol, case.subject, now)
    may_record = case.identity.may("record_form", case.subject.site) and not moment.asked and not case.subject.frozen
    return render_page(request, "subject/schedule", moment, case=case, schedule=schedule, may_record=may_record)


@page("see_subjects")
def show_screening(request: HttpRequest) -> HttpResponse:
    """Everybody who was screened, and what came of it."""
    moment, identity = read_moment(request), identity_of(request)
    lines = compute_screening(moment.trial, sees=identity.sees_site if identity else lambda _site: True)
    return render_page(
        request, "subject/screening", moment, lines=lines, may_screen=bool(identity and identity.may("open_screening"))
    )
