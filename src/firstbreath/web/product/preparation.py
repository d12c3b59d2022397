"""The views of a dose on its way from the freezer to the cup: the worksheet, its steps, its check."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events import kinds
from firstbreath.product.commands import PrepareDose
from firstbreath.product.preparation import CannotPrepare, Worksheet, compute_worksheet
from firstbreath.product.standing import use_by
from firstbreath.product.state import Vial
from firstbreath.product.stock import usable_vials
from firstbreath.protocol.values import Dose, Protocol
from firstbreath.subjects.state import Subject
from firstbreath.web.act import UNAVAILABLE, Outcome, parse_command, perform, see_other
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.product.pages import day_of, protocol_of
from firstbreath.web.records.reading import subject_of
from firstbreath.web.safety.reading import time_shown

STEPS = ("withdrawn", "thawed", "prepared", "used")


@page("see_product")
def show_preparation(request: HttpRequest, code: str, day: int) -> HttpResponse:
    """The dose of a day: what to take, to draw and to add, and how far it is."""
    return _show(request, code, day, Outcome())


@act_page("prepare_dose")
def prepare_dose(request: HttpRequest, code: str, day: int) -> HttpResponse:
    """Record a dose as made up."""
    back = reverse("preparation", args=[code, day])
    if request.method != "POST":
        return see_other(back)
    sent = request.POST
    drawn = {name.removeprefix("drawn-"): sent.get(name, "").strip()[:20] for name in sent if name.startswith("drawn-")}
    about = {name: sent.get(name, "").strip()[:100] for name in ("volume_ml", "diluent", "diluent_lot")}
    command = parse_command(PrepareDose, subject=code, day=day, drawn_ml=drawn, **about)
    if isinstance(command, tuple):
        return _show(request, code, day, Outcome(reasons=command, status=400))
    outcome = perform(request, command, reason=sent.get("why", ""), form="preparation")
    return see_other(back) if outcome.done else _show(request, code, day, outcome)


def _show(request: HttpRequest, code: str, day: int, outcome: Outcome) -> HttpResponse:
    moment = read_moment(request)
    subject, protocol = subject_of(request, moment, code), protocol_of(moment)
    regimen = protocol.dose_of(subject.arm)
    if regimen is None or day not in regimen.days:
        raise Absent(moment, f"{subject.code} has no dose on day {day}.")
    own = [v for v in moment.trial.product.vials.values() if (v.subject, v.day) == (subject.code, day)]
    taken = [vial for vial in own if vial.place in STEPS]
    times = [until for vial in taken if (until := use_by(vial, protocol.design.cold_chain))]
    until = min(times, default=None)
    now = time_shown(request, moment)
    frame: dict[str, Any] = {
        "case": subject,
        "day": day,
        "regimen": regimen,
        "taken": taken,
        "at": taken[0].place if taken else "",
        "made": _made(taken),
        "checked": taken[0].checked if taken else None,
        "until": until,
        "left": int((until - now).total_seconds() // 60) if until else None,
        "reasons": outcome.reasons,
        "sent_id": request.POST.get("request_id", "")[:64] if outcome.status == UNAVAILABLE else "",
    }
    frame |= _plan(request, moment, protocol, subject, regimen=regimen, taken=taken)
    return render_page(request, "product/preparation", moment, **frame, status=outcome.status)


def _made(taken: list[Vial]) -> Any:
    event = taken[0].prepared if taken else None
    return event if event and isinstance(event.body, kinds.DosePrepared) else None


def _plan(
    request: HttpRequest, moment: Moment, protocol: Protocol, subject: Subject, *, regimen: Dose, taken: list[Vial]
) -> dict[str, Any]:
    """The worksheet: with the vials that were taken, else with those to take, the one that expires first first."""
    chain, product = protocol.design.cold_chain, moment.trial.product
    usable = taken or usable_vials(product, subject.site, chain, day_of(request, moment))
    if not usable:
        return {"sheet": None, "why_not": "", "pairs": (), "suggested": ""}
    try:
        sheet = compute_worksheet(
            regimen, product.lots[usable[0].lot].body, step_ml=chain.syringe_step_ml if chain else None
        )
    except CannotPrepare as why:
        return {"sheet": None, "why_not": str(why), "pairs": (), "suggested": ""}
    chosen = usable[: sheet.vials]
    return {
        "sheet": sheet,
        "why_not": "",
        "pairs": _pairs(chosen, sheet),
        "suggested": " ".join(v.code for v in chosen),
    }


def _pairs(vials: list[Vial], sheet: Worksheet) -> tuple[tuple[Vial, str], ...]:
    return tuple((vial, f"{drawn.normalize():f}") for vial, drawn in zip(vials, sheet.drawn, strict=False))
