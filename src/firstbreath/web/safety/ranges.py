"""The views of reference ranges."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.safety.commands import SetReferenceRange
from firstbreath.web.act import UNAVAILABLE, Outcome, parse_command, perform, see_other
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import render_page
from firstbreath.web.moment import read_moment
from firstbreath.web.records.reading import site_filter
from firstbreath.web.safety.range_list import compute_ranges
from firstbreath.web.safety.reading import time_shown

FIELDS = ("site", "field", "low", "high", "begins", "unit", "sex")


@page("see_safety")
def show_ranges(request: HttpRequest) -> HttpResponse:
    """The reference ranges, and what was in force before each."""
    moment = read_moment(request)
    on = time_shown(request, moment).date()
    return render_page(
        request, "safety/ranges", moment, sites=compute_ranges(moment.trial, on, sees=site_filter(request))
    )


@act_page("set_reference_range")
def set_range(request: HttpRequest) -> HttpResponse:
    """Set the range of a laboratory field at a site from a date on."""
    moment = read_moment(request)
    on = time_shown(request, moment).date()
    if moment.asked:
        return see_other(f"{reverse('ranges')}?as_of={moment.asked}")
    asked = request.POST if request.method == "POST" else request.GET
    sent, outcome = {name: asked.get(name, "").strip()[:200] for name in FIELDS}, Outcome()
    if request.method == "POST":
        command = parse_command(SetReferenceRange, **sent)
        outcome = (
            Outcome(reasons=command, status=400)
            if isinstance(command, tuple)
            else perform(request, command, reason=request.POST.get("why", ""), form="reference ranges")
        )
        if outcome.done:
            return see_other(reverse("ranges"))
    sent["begins"] = sent["begins"] or date.isoformat(on)
    sent_id = request.POST.get("request_id", "")[:64] if outcome.status == UNAVAILABLE else ""
    sites = compute_ranges(moment.trial, on, sees=site_filter(request))
    frame: dict[str, Any] = {"sent": sent, "sites": sites, "reasons": outcome.reasons, "sent_id": sent_id}
    return render_page(request, "safety/set_range", moment, **frame, status=outcome.status)
