"""The views of an inhalation."""

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from firstbreath.events.decisions import Reason
from firstbreath.protocol.show_inhalation import limit_words
from firstbreath.protocol.values import Limit
from firstbreath.subjects.state import Subject
from firstbreath.web.act import REFUSED, Outcome, perform, see_other
from firstbreath.web.clock import now_of
from firstbreath.web.entry import FieldInput, compute_inputs
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import render_page
from firstbreath.web.headers import policy
from firstbreath.web.identity import identity_of
from firstbreath.web.inhaling.page import Inhaling, compute_inhalation
from firstbreath.web.inhaling.steps import STEPS, Sent, parse_occurred, parse_reason, when_inhaled
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.records.reading import subject_of, time_of

POLICY = policy(connect_src="'self'")
"""The page's module sends entries to this site, and to nowhere else."""


@page("see_subjects")
def show_inhalation(request: HttpRequest, code: str, day: int) -> HttpResponse:
    """The inhalation of a day, with everything that can be entered now."""
    moment = read_moment(request)
    return _show(request, moment, subject_of(request, moment, code), day)


def _show(
    request: HttpRequest, moment: Moment, subject: Subject, day: int, *, step: str = "", **told: Any
) -> HttpResponse:
    protocol = moment.trial.protocol
    assert protocol is not None  # noqa: S101 -- there is a subject, so a protocol
    now = time_of(moment) if moment.asked or source_of(request).door is None else now_of(request)
    shown = compute_inhalation(moment.trial, subject, day, now)
    if shown is None:
        raise Http404(f"Day {day} is no dose day of this subject.")
    form = protocol.form(shown.form) if shown.form else None
    inputs = compute_inputs(form, sent=request.POST if step == "signs" else None) if form else ()
    identity = identity_of(request)
    context = {
        "now": shown,
        "signs": [SignInput(input_, shown.limits.get(input_.field.id)) for input_ in inputs],
        "filled": _filled(request, shown, step),
        "account": identity.account.id if identity else "",
        "acts": identity is not None and identity.may("start_inhalation", subject.site) and not moment.asked,
        "reasons": (),
        **told,
    }
    response = render_page(request, "inhaling/inhalation", moment, **context)
    response.headers["Content-Security-Policy"] = POLICY
    return response


class SignInput(msgspec.Struct, frozen=True):
    """One vital sign as it is entered, with its limits where it has any."""

    input: FieldInput
    limit: Limit | None

    @property
    def words(self) -> str:
        """The limits in words."""
        return limit_words(self.limit, "") if self.limit else ""


def _filled(request: HttpRequest, shown: Inhaling, step: str) -> dict[str, str]:
    """What the forms of start and dose hold: what was sent and refused just now, else what is suggested."""
    names = ("vial", "volume_ml", "device", "interface", "oxygen_l_min", "residual_ml", "outcome", "reason_text")
    sent = {name: str(request.POST.get(name, "")) for name in names}
    return sent if step else dict.fromkeys(names, "") | shown.suggested


@act_page("start_inhalation")
def do_step(request: HttpRequest, code: str, day: int, step: str) -> HttpResponse:
    """One entry of an inhalation: from a form of the page, or as JSON from its module."""
    moment = read_moment(request)
    subject, protocol = subject_of(request, moment, code), moment.trial.protocol
    if step not in STEPS or protocol is None:
        raise Http404(f"An inhalation has no step {step[:20]}.")
    if request.method != "POST":
        return see_other(reverse("inhalation", args=(code, day)))
    outcome = _do(request, step, Sent(subject, day, protocol, request.POST))
    if request.headers.get("Accept", "").startswith("application/json"):
        return _say(request, outcome)
    if outcome.done:
        return see_other(f"{reverse('inhalation', args=(code, day))}#now")
    about: dict[str, Any] = {"reasons": outcome.reasons, "status": outcome.status}
    return _show(request, moment, subject, day, step=step, **about)


def _do(request: HttpRequest, step: str, sent: Sent) -> Outcome:
    """What came of an entry. One kept under another account is not done under this one."""
    identity, account = identity_of(request), sent.text("account")
    if identity and account and account != identity.account.id:
        other = Reason("AUTH-011", "This was entered under another account.", "It waits for that account to sign in.")
        return Outcome(reasons=(other,), status=REFUSED)
    command = STEPS[step](sent)
    try:
        occurred = when_inhaled(sent) if step == "dose" else parse_occurred(sent)
    except ValueError as wrong:
        return Outcome(reasons=(Reason("TIME-001", str(wrong), "Correct it."),), status=REFUSED)
    if isinstance(command, tuple):
        return Outcome(reasons=command, status=REFUSED)
    return perform(request, command, occurred=occurred, reason=parse_reason(sent), form="inhalation")


def _say(request: HttpRequest, outcome: Outcome) -> JsonResponse:
    identity = identity_of(request)
    told = {
        "account": identity.account.id if identity else "",
        "done": outcome.done,
        "again": outcome.again,
        "reasons": msgspec.to_builtins(outcome.reasons),
    }
    return JsonResponse(told, status=outcome.status)
