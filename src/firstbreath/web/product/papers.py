"""The views of the papers of the product: accountability log, certificate of destruction, labels."""

from collections.abc import Iterable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from firstbreath.paper.accountability_log import compose_accountability
from firstbreath.paper.destruction import compose_destruction
from firstbreath.paper.labels import LAYOUTS, Layout, compose_labels
from firstbreath.paper.product_papers_pdf import Papers, render_product_pdf
from firstbreath.product.state import FINAL
from firstbreath.web.errors import guard_site, page
from firstbreath.web.frame import Absent
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.product.pages import protocol_of
from firstbreath.web.qr import draw_qr
from firstbreath.web.records.reading import site_filter

MAX_LABELS = 1_000


@page("see_product")
def send_accountability_log(request: HttpRequest) -> HttpResponse:
    """The accountability log of each site in view, in the form that a monitor signs."""
    moment = read_moment(request)
    protocol = protocol_of(moment)
    log = compose_accountability(moment.trial, protocol, head=moment.head.printed, sees=site_filter(request))
    return _send(moment, log, "accountability")


@page("see_product")
def send_destruction(request: HttpRequest, seq: int) -> HttpResponse:
    """The certificate of a destruction."""
    moment = read_moment(request)
    protocol, event = protocol_of(moment), moment.trial.product.destroyed.get(seq)
    if event is None:
        raise Absent(moment, f"Event {str(seq)[:20]} is no destruction at this moment.")
    for code in getattr(event.body, "vials", ()):
        guard_site(request, moment.trial.product.vials[code].site)
    hash_of, head = source_of(request).hash_of, moment.head.printed
    return _send(
        moment, compose_destruction(moment.trial, protocol, seq, head=head, hash_of=hash_of), f"destruction-{seq}"
    )


@page("see_product")
def send_lot_labels(request: HttpRequest, code: str) -> HttpResponse:
    """Labels of the vials of a lot that are still somewhere, or of the one that `vial` names."""
    moment = read_moment(request)
    protocol_of(moment)
    if code not in moment.trial.product.lots:
        raise Absent(moment, f"There is no lot {code[:40]} at this moment.")
    return _send_labels(request, moment, (vial.code for vial in moment.trial.product.of_lot(code)))


@page("see_product")
def send_shipment_labels(request: HttpRequest, code: str) -> HttpResponse:
    """Labels of the vials of a shipment that are still somewhere, or of the one that `vial` names."""
    moment = read_moment(request)
    protocol_of(moment)
    shipment = moment.trial.product.shipments.get(code)
    if shipment is None:
        raise Absent(moment, f"There is no shipment {code[:40]} at this moment.")
    guard_site(request, shipment.body.to)
    return _send_labels(request, moment, shipment.body.vials)


def _send_labels(request: HttpRequest, moment: Moment, codes: Iterable[str]) -> HttpResponse:
    layout, only, sees = layout_of(request), request.GET.get("vial", ""), site_filter(request)
    found = [moment.trial.product.vials[code] for code in codes if not only or code == only]
    vials = [vial for vial in found if vial.place not in FINAL and (not vial.site or sees(vial.site))]
    if not vials:
        raise Absent(moment, "No vial is left to be labelled at this moment.")
    if len(vials) > MAX_LABELS:
        msg = f"{len(vials)} labels were asked for, the limit is {MAX_LABELS}. Print them by shipment."
        raise BadRequest(msg)
    labels = compose_labels(
        moment.trial, protocol_of(moment), vials, layout=layout, head=moment.head.printed, draw=draw_qr
    )
    return _send(moment, labels, f"labels-{layout}")


def layout_of(request: HttpRequest) -> Layout:
    """The layout that the address names; a sheet when it names none.

    Raises `BadRequest` when there is no such layout.
    """
    asked = request.GET.get("layout", "") or LAYOUTS[0]
    for layout in LAYOUTS:
        if layout == asked:
            return layout
    msg = f"There is no layout “{asked[:40]}”. Choose one of: {', '.join(LAYOUTS)}."
    raise BadRequest(msg)


def _send(moment: Moment, paper: Papers, name: str) -> HttpResponse:
    response = HttpResponse(render_product_pdf(paper), content_type="application/pdf")
    full = f"{moment.protocol_label}-{name}-{moment.trial.seq}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{full}"'
    return response
