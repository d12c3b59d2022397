"""The subject an act is about, and the way back after it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events.decisions import Reason
from firstbreath.protocol.values import Protocol
from firstbreath.subjects.state import Subject
from firstbreath.trial.commands import AnyCommand
from firstbreath.web.act import MAX_REASON, UNAVAILABLE, Outcome, perform, see_other
from firstbreath.web.clock import local_text, now_of, parse_local, zone_words
from firstbreath.web.errors import act_page, guard_site
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.identity import Identity, identity_of
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.pages.words import render_place


class Case(msgspec.Struct, frozen=True):
    """A subject with the moment it is seen at, the protocol in force, and who looks."""

    request: HttpRequest
    moment: Moment
    subject: Subject
    protocol: Protocol
    identity: Identity

    @property
    def code(self) -> str:
        """The subject's code."""
        return self.subject.code


CaseView = Callable[..., HttpResponse]


def subject_page(act: str) -> Callable[[CaseView], Callable[..., HttpResponse]]:
    """A page on which an act on one subject is done, by those who may at the subject's site; now, never in the past."""

    def decorate(view: CaseView) -> Callable[..., HttpResponse]:
        @act_page(act)
        @wraps(view)
        def shown(request: HttpRequest, code: str, **place: Any) -> HttpResponse:
            moment = read_moment(request)
            case = find_case(request, moment, code)
            if not case.identity.may(act, case.subject.site):
                msg = "Your role does not do this at the site of this subject."
                raise PermissionDenied(msg)
            if moment.asked:
                return see_other(f"{reverse('subject', args=[code])}?as_of={moment.asked}")
            return view(case, **place)

        return shown

    return decorate


def find_case(request: HttpRequest, moment: Moment, code: str) -> Case:
    """The subject of that code, for somebody who works at its site.

    Raises `Absent` when there is none, `PermissionDenied` for another site.
    """
    subject, protocol, identity = moment.trial.subjects.get(code), moment.trial.protocol, identity_of(request)
    if subject is None or protocol is None or identity is None:
        raise Absent(moment, f"There is no subject {code[:40]} after {render_place(moment.trial.seq)}.")
    guard_site(request, subject.site)
    return Case(request, moment, subject, protocol, identity)


def render_case(case: Case, template: str, **context: Any) -> HttpResponse:
    """A page about a subject, with the fields that any act may ask for as they were sent."""
    sent = case.request.POST
    frame: dict[str, Any] = {
        "case": case,
        "reasons": (),
        "why": sent.get("why", "")[:MAX_REASON],
        "occurred": sent.get("occurred", "")[:40] if "occurred" in sent else default_time(case),
        "zone": zone_words(case.protocol, case.subject.site),
        # A refusal was the answer to that id; only what was not answered at all is sent again under it.
        "sent_id": sent.get("request_id", "")[:64] if context.get("status") == UNAVAILABLE else "",
        "back": read_back(case.request),
        "has_code": False,
    }
    return render_page(case.request, template, case.moment, **frame | context)


def default_time(case: Case) -> str:
    """Now, as the clocks of the site tell it."""
    from firstbreath.protocol.zones import zone_of

    return local_text(now_of(case.request), zone_of(case.protocol, case.subject.site))


def read_back(request: HttpRequest) -> str:
    """Where the reader came from: `today`, or empty for the subject's page."""
    return "today" if request.POST.get("back", request.GET.get("back", "")) == "today" else ""


def do_act(case: Case, command: AnyCommand | tuple[Reason, ...], *, form: str, step: str = "") -> Outcome:
    """Ask for an act with the time and reason the page was sent with."""
    if isinstance(command, tuple):
        return Outcome(reasons=command, status=400)
    sent = case.request.POST
    try:
        occurred = parse_local(sent.get("occurred", ""), case.protocol, case.subject.site)
    except ValueError as wrong:
        return Outcome(reasons=(Reason("TIME-001", str(wrong), "Correct it."),), status=400)
    return perform(case.request, command, occurred=occurred, reason=sent.get("why", ""), form=form, step=step)


def go_on(case: Case, outcome: Outcome) -> HttpResponse:
    """The page after an act: where the reader came from, which says what was written."""
    to = reverse("today") if read_back(case.request) == "today" else reverse("subject", args=[case.code])
    seq = outcome.events[0].seq if outcome.events else 0
    return see_other(f"{to}?saved={seq}")
