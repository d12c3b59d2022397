"""The view of a logger's file: what it is, what it leaves open, what it says of each vial; and the writing of it."""

import hashlib
import math
from datetime import date
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events.decisions import Reason
from firstbreath.events.store import StoreError
from firstbreath.product.commands import ImportTemperature
from firstbreath.product.decide import DAY_S
from firstbreath.product.logger_files import LoggerAnswers, LoggerFile, read_logger_file
from firstbreath.product.recording import LoggerFacts, RecordPlan, Where, freezers_of, plan_record
from firstbreath.web.act import UNAVAILABLE, Outcome, perform, see_other
from firstbreath.web.errors import act_page
from firstbreath.web.frame import render_page
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.product.pages import protocol_of

KEPT_FOR = "+product"
"""The key that files of the product are encrypted with; no subject can have this code."""
MAX_SHOWN = 20


@act_page("import_temperature")
def import_temperature(request: HttpRequest) -> HttpResponse:
    """Read a logger's file: first shown, then written; what it leaves open is asked."""
    moment = read_moment(request)
    if moment.asked:
        return see_other(f"{reverse('product')}?as_of={moment.asked}")
    if request.method != "POST":
        return _show(request, moment)
    content, kept = _content_of(request)
    if not content:
        return _show(
            request, moment, reasons=(Reason("TEMP-004", "No file was sent.", "Choose the file."),), status=409
        )
    answers = _answers_of(request)
    read = read_logger_file(content, answers=answers)
    place, where, logger = _place_of(request, moment, read)
    if not where or not read.seconds:
        return _show(request, moment, read=read, stored=kept, answers=answers, logger=logger)
    chain = protocol_of(moment).design.cold_chain
    plan = plan_record(
        moment.now.product,
        chain,
        place,
        where,
        logger=logger,
        seconds=read.seconds,
        celsius=read.celsius,
        told=logger_of(request),
    )
    if request.POST.get("step") != "write":
        return _show(request, moment, read=read, stored=kept, answers=answers, plan=plan, logger=logger)
    command = _command_of(request, read, plan, place=place, where=where, logger=logger, kept=kept, content=content)
    outcome = perform(request, command, form="temperature record")
    if outcome.done:
        return see_other(reverse("product-shipment", args=[where]) if place == "transport" else reverse("product"))
    return _show(request, moment, read=read, stored=kept, answers=answers, plan=plan, logger=logger, outcome=outcome)


def _content_of(request: HttpRequest) -> tuple[bytes, str]:
    """The bytes of the file and the name it is kept under: just sent, or kept from the step before."""
    blobs, sent = source_of(request).blobs, request.FILES.get("file")
    if blobs is None:
        return b"", ""
    if sent is not None:
        content = bytes(sent.read())
        return content, blobs.put(KEPT_FOR, content) if content else ""
    name = request.POST.get("kept", "")[:64]
    try:
        return blobs.get(KEPT_FOR, name), name
    except StoreError:
        return b"", ""


def _answers_of(request: HttpRequest) -> LoggerAnswers:
    sent = request.POST
    day_first = {"day": True, "month": False}.get(sent.get("day_first", ""))
    unit = sent.get("unit", "")
    return LoggerAnswers(
        zone=sent.get("zone", "").strip()[:60],
        unit="C" if unit == "C" else "F" if unit == "F" else "",
        day_first=day_first,
        sensor=sent.get("sensor", "")[:100],
    )


def _place_of(request: HttpRequest, moment: Moment, read: LoggerFile) -> tuple[Where, str, str]:
    """The place that was chosen, and the logger: as the file says, else as it was packed, else as entered."""
    chosen = request.POST.get("where", "") or request.GET.get("where", "")
    shipment = moment.now.product.shipments.get(chosen)
    if shipment:
        return "transport", chosen, read.serial or shipment.body.logger
    where = chosen if chosen in freezers_of(moment.now.product) else ""
    return "storage", where, read.serial or request.POST.get("logger", "").strip()[:60] or where


def _command_of(
    request: HttpRequest, read: LoggerFile, plan: RecordPlan, *, kept: str, content: bytes, **at: Any
) -> ImportTemperature:
    name = request.POST.get("name", "")
    given = msgspec.structs.asdict(_answers_of(request))
    answers = {key: str(value) for key, value in given.items() if value not in ("", None)}
    return ImportTemperature(
        **at,
        name="".join(letter for letter in name if letter.isprintable())[:100] or "file",
        digest=hashlib.sha256(content).hexdigest(),
        readings=plan.readings,
        first=plan.first,
        last=plan.last,
        stays=tuple(each.stay for each in plan.stays),
        errors=len(read.errors),
        answers=answers,
        file=kept,
        left_out=plan.left_out,
        **msgspec.structs.asdict(logger_of(request)),
    )


def logger_of(request: HttpRequest) -> LoggerFacts:
    """What is entered of the logger itself: until when it is calibrated, and how far its clock was ahead, s."""
    ahead, until = request.POST.get("clock_min", "").strip(), request.POST.get("calibrated_to", "").strip()
    try:
        fast = float(ahead or 0) * 60
    except ValueError:
        fast = math.inf
    try:
        date.fromisoformat(until or "2026-01-01")
    except ValueError:
        until = ""
    return LoggerFacts(fast if math.isfinite(fast) else 2.0 * DAY_S, until)


def _show(request: HttpRequest, moment: Moment, *, outcome: Outcome | None = None, **said: Any) -> HttpResponse:
    sent, product = request.FILES.get("file"), moment.now.product
    chosen = request.POST.get("where", "") or request.GET.get("where", "")
    told = outcome or Outcome(reasons=said.pop("reasons", ()), status=said.pop("status", 200))
    read = said.get("read")
    packed = product.shipments.get(chosen)
    frame: dict[str, Any] = {
        "read": None,
        "plan": None,
        "stored": "",
        "logger": "",
        "answers": LoggerAnswers(),
        "name": sent.name if sent is not None else request.POST.get("name", ""),
        "where": chosen,
        "shipments": [(code, each.body.to) for code, each in product.shipments.items()],
        "freezers": freezers_of(product),
        "other_logger": bool(read and packed and read.serial and read.serial != packed.body.logger),
        "packed_logger": packed.body.logger if packed else "",
        "errors": read.errors[:MAX_SHOWN] if read else (),
        "calibrated_to": request.POST.get("calibrated_to", ""),
        "clock_min": request.POST.get("clock_min", ""),
        "marks": read.marks[:MAX_SHOWN] if read else (),
        "reasons": told.reasons,
        "sent_id": request.POST.get("request_id", "")[:64] if told.status == UNAVAILABLE else "",
    }
    return render_page(request, "product/temperature", moment, **(frame | said), status=told.status)
