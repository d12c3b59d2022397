"""The views that draw: the order of reading, the list of whoever follows a reader, and at the end the seeds opened."""

import secrets
from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.people.state import Account
from firstbreath.reading.commands import DrawReadingOrder, ReplaceReader, UnblindReads
from firstbreath.trial.decide_reading import able_readers
from firstbreath.web.act import Outcome, perform, see_other
from firstbreath.web.clock import now_of
from firstbreath.web.errors import act_page
from firstbreath.web.frame import render_page
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.reading.looking import blobs_of, charter_of
from firstbreath.web.reading.scans import SEEDS


@act_page("draw_reading_order")
def draw_order(request: HttpRequest) -> HttpResponse:
    """Draw the order for the scans that wait: choose the readers; the site draws the seed and seals it."""
    moment = read_moment(request)
    outcome = Outcome()
    if request.method == "POST":
        chosen = tuple(dict.fromkeys(request.POST.getlist("readers")))
        command = DrawReadingOrder(readers=chosen, **_sealed(request))
        outcome = perform(request, command, reason=request.POST.get("why", ""), form="reading order")
        if outcome.done:
            return see_other(reverse("scans"))
    frame: dict[str, Any] = {
        "charter": charter_of(moment),
        "waiting": moment.now.reading.waiting(),
        "readers": readers_of(request, moment),
        "chosen": request.POST.getlist("readers") or moment.now.reading.holders(),
        "why": request.POST.get("why", ""),
        "reasons": outcome.reasons,
    }
    return render_page(request, "reading/draw", moment, **frame, status=outcome.status)


@act_page("replace_reader")
def replace_reader(request: HttpRequest) -> HttpResponse:
    """Let another take the place of a reader: a list of their own is drawn for what not all have signed."""
    moment = read_moment(request)
    outcome, sent = Outcome(), request.POST
    if request.method == "POST":
        command = ReplaceReader(reader=sent.get("reader", ""), by=sent.get("by", ""), **_sealed(request))
        outcome = perform(request, command, reason=sent.get("why", ""), form="reader replaced")
        if outcome.done:
            return see_other(reverse("scans"))
    reading, people = moment.now.reading, moment.now.people
    frame: dict[str, Any] = {
        "holders": [(each, people.name_of(each)) for each in reading.holders()],
        "others": readers_of(request, moment, without=reading.placed()),
        "again": len(reading.being_read()),
        "sent": {name: sent.get(name, "") for name in ("reader", "by", "why")},
        "reasons": outcome.reasons,
    }
    return render_page(request, "reading/replace", moment, **frame, status=outcome.status)


def readers_of(request: HttpRequest, moment: Moment, without: Collection[str] = ()) -> list[Account]:
    """Who may read today, but for those who are not asked for."""
    able = able_readers(moment.now, now_of(request).date()) - {*without}
    return [account for account in moment.now.people.all() if account.id in able]


def _sealed(request: HttpRequest) -> dict[str, str]:
    """A seed drawn now, and the kept file that seals it."""
    seed = secrets.token_urlsafe(32)
    return {"seed": seed, "seed_file": blobs_of(request).put(SEEDS, seed.encode())}


@act_page("unblind_reads")
def unblind_reads(request: HttpRequest) -> HttpResponse:
    """Make the reads final and open to everybody; the seeds are opened with them."""
    moment = read_moment(request)
    outcome = Outcome()
    if request.method == "POST":
        seeds = tuple(_seed(request, body.seed_file) for _, body in moment.now.reading.drawings())
        outcome = perform(request, UnblindReads(seeds=seeds), form="unblinding")
        if outcome.done:
            return see_other(reverse("scans"))
    frame: dict[str, Any] = {"reasons": outcome.reasons, "scans": moment.now.reading.all_scans()}
    return render_page(request, "reading/unblind", moment, **frame, status=outcome.status)


def _seed(request: HttpRequest, name: str) -> str:
    """The seed that a draw was sealed with.

    Raises `StoreError` when its file is missing or changed.
    """
    return blobs_of(request).get(SEEDS, name).decode()
