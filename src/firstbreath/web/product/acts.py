"""The views of the acts on the product: one form each, filled by scanner or hand."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.web.accounts.reauth import check_reauthentication, has_second_factor, signs_first
from firstbreath.web.act import UNAVAILABLE, Outcome, parse_command, perform, see_other
from firstbreath.web.errors import act_page
from firstbreath.web.frame import render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.keeping import Kept
from firstbreath.web.moment import read_moment
from firstbreath.web.product.forms import FORMS, ActForm, arguments_of
from firstbreath.web.product.photographs import keep_photographs


def act_view(act: str) -> Callable[..., HttpResponse]:
    """The view of an act: its form, filled from the address; sent, the act."""
    form = FORMS[act]

    @act_page(act)
    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return _show(request, act, form, Outcome())
        kept = keep_photographs(request) if form.photographed else Kept()
        outcome = _ask(request, form, kept)
        return see_other(_next(request)) if outcome.done else _show(request, act, form, outcome, kept=kept.names)

    return view


def _ask(request: HttpRequest, form: ActForm, kept: Kept) -> Outcome:
    wrong = kept.reasons or (check_reauthentication(request) if form.signs else ())
    if wrong:
        return Outcome(reasons=wrong, status=409)
    command = parse_command(form.command, **arguments_of(form, request.POST, kept.names))
    if isinstance(command, tuple):
        return Outcome(reasons=command, status=400)
    return perform(request, command, reason=request.POST.get("why", ""), form=form.title.lower())


def _next(request: HttpRequest) -> str:
    """Where to go on: to the lot, the shipment or the dose that was worked on, else to the product."""
    sent = request.POST
    if sent.get("lot"):
        return reverse("product-lot", args=[sent["lot"].strip()])
    if sent.get("shipment"):
        return reverse("product-shipment", args=[sent["shipment"].strip()])
    back = sent.get("back", "")
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else reverse("product")


def _show(
    request: HttpRequest, act: str, form: ActForm, outcome: Outcome, *, kept: tuple[str, ...] = ()
) -> HttpResponse:
    moment, sent = read_moment(request), request.POST if request.method == "POST" else request.GET
    if moment.asked:
        return see_other(f"{reverse('product')}?as_of={moment.asked}")
    protocol, identity = moment.trial.protocol, identity_of(request)
    account = identity.account.id if identity else ""
    frame: dict[str, Any] = {
        "act": act,
        "form": form,
        "stored": kept,
        "inputs": [(field, sent.get(field.name, "")[:50_000]) for field in form.fields],
        "sites": protocol.design.trial.sites if protocol else (),
        "why": sent.get("why", ""),
        "back": sent.get("back", ""),
        "reasons": outcome.reasons,
        "signs_first": signs_first(request),
        "has_code": bool(account) and has_second_factor(account),
        "sent_id": request.POST.get("request_id", "")[:64] if outcome.status == UNAVAILABLE else "",
    }
    return render_page(request, "product/act", moment, **frame, status=outcome.status)
