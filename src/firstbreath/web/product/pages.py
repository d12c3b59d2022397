"""The views of the product: what there is, a lot, a shipment, a vial with its whole way, doses from affected vials."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.product.state import Vial
from firstbreath.protocol.show_product import cold_chain_facts
from firstbreath.protocol.values import Protocol
from firstbreath.trial.accountability import accountability_table
from firstbreath.trial.tables_out import render_csv
from firstbreath.web.act import see_other
from firstbreath.web.errors import guard_site, page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.product.reading import (
    compute_lots,
    compute_stock,
    list_affected,
    list_destructions,
    list_to_do,
    vial_line,
)
from firstbreath.web.product.trace import trace_vial
from firstbreath.web.qr import draw_qr
from firstbreath.web.records.reading import site_filter
from firstbreath.web.safety.reading import time_shown


def protocol_of(moment: Moment) -> Protocol:
    """The protocol in force.

    Raises `Absent` before the trial begins.
    """
    if moment.trial.protocol is None:
        raise Absent(moment, "No protocol is in force at this moment.")
    return moment.trial.protocol


def day_of(request: HttpRequest, moment: Moment) -> date:
    """The date that the page shows."""
    return time_shown(request, moment).date()


@page("see_product")
def show_product(request: HttpRequest) -> HttpResponse:
    """What there is, what waits for somebody, and until when it lasts."""
    moment = read_moment(request)
    protocol, on, sees = protocol_of(moment), day_of(request, moment), site_filter(request)
    scanned = request.GET.get("scan", "").strip()
    if scanned in moment.trial.product.vials:
        return see_other(reverse("product-vial", args=[scanned]))
    lots = compute_lots(moment.trial, protocol, on, sees=sees)
    affected = list_affected(moment.trial, protocol, sees=sees)
    frame: dict[str, Any] = {
        "lots": lots,
        "to_do": list_to_do(moment.trial, protocol, lots, sees=sees),
        "stock": compute_stock(moment.trial, protocol, on, sees=sees),
        "shipments": [(code, each) for code, each in moment.trial.product.shipments.items() if sees(each.body.to)],
        "destroyed": list_destructions(moment.trial.product, sees=sees),
        "affected": affected,
        "unsettled": [each for each in affected if not each.settled],
        "chain": cold_chain_facts(protocol.design.cold_chain) if protocol.design.cold_chain else (),
        "scanned": scanned[:60],
    }
    return render_page(request, "product/product", moment, **frame)


@page("see_product")
def show_lot(request: HttpRequest, code: str) -> HttpResponse:
    """A lot: its certificate, its release, its balance, and every vial."""
    moment = read_moment(request)
    lots = compute_lots(moment.trial, protocol_of(moment), day_of(request, moment), sees=site_filter(request))
    line = next((each for each in lots if each.lot.body.lot == code), None)
    if line is None:
        raise Absent(moment, f"There is no lot {code[:40]} at this moment.")
    return render_page(request, "product/lot", moment, line=line)


@page("see_product")
def show_shipment(request: HttpRequest, code: str) -> HttpResponse:
    """A shipment: what was packed, how it came, and what its logger says."""
    moment = read_moment(request)
    protocol, shipment = protocol_of(moment), moment.trial.product.shipments.get(code)
    if shipment is None:
        raise Absent(moment, f"There is no shipment {code[:40]} at this moment.")
    guard_site(request, shipment.body.to)
    vials = [
        vial_line(moment.trial.product, moment.trial.product.vials[each], protocol) for each in shipment.body.vials
    ]
    records = {line.seq: line for each in vials for line in each.standing.records if line.where == code}
    frame: dict[str, Any] = {"shipment": shipment, "code": code, "vials": vials, "records": list(records.values())}
    frame["to_label"] = any(not line.gone for line in vials)
    return render_page(request, "product/shipment", moment, **frame)


def vial_of(request: HttpRequest, moment: Moment, code: str) -> Vial:
    """The vial of that label.

    Raises `Absent` when there is none, `PermissionDenied` when it is at another site.
    """
    vial = moment.trial.product.vials.get(code)
    if vial is None:
        raise Absent(moment, f"Vial {code[:40]} is not in the register at this moment.")
    if vial.site:
        guard_site(request, vial.site)
    return vial


@page("see_product")
def show_vial(request: HttpRequest, code: str) -> HttpResponse:
    """A vial: how it stands, and its way from the maker's release to the mouthpiece on one page."""
    moment = read_moment(request)
    protocol, vial = protocol_of(moment), vial_of(request, moment, code)
    product = moment.trial.product
    frame: dict[str, Any] = {
        "line": vial_line(product, vial, protocol),
        "lot": product.lots[vial.lot],
        "steps": trace_vial(product, vial),
        "label": draw_qr(vial.code),
        "destroyed": next((event for event in vial.history if event.kind == "vials_destroyed"), None),
    }
    return render_page(request, "product/vial", moment, **frame)


@page("see_product")
def show_affected(request: HttpRequest) -> HttpResponse:
    """Whether any dose was given from an affected vial: one answer, for now or as of then."""
    moment = read_moment(request)
    found = list_affected(moment.trial, protocol_of(moment), sees=site_filter(request))
    unsettled = [each for each in found if not each.settled]
    return render_page(request, "product/affected", moment, affected=found, unsettled=unsettled)


@page("see_product")
def send_accountability(request: HttpRequest) -> HttpResponse:
    """The accountability log as CSV: one line for each vial, from receipt to use, return or destruction."""
    moment = read_moment(request)
    table = accountability_table(moment.trial, protocol_of(moment), sees=site_filter(request))
    rows = [(*row, moment.trial.stamp) for row in table.rows]
    response = HttpResponse(render_csv((*table.columns, "stamp"), rows), content_type="text/csv; charset=utf-8")
    name = f"{moment.protocol_label}-accountability-{moment.trial.seq}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
