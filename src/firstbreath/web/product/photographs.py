"""Photographs of a shipment as it was opened: taken with the receipt, and shown to those who see the product."""

from django.http import HttpRequest, HttpResponse

from firstbreath.events import kinds
from firstbreath.web.errors import guard_site, page
from firstbreath.web.frame import Absent
from firstbreath.web.keeping import ENDINGS, IMAGES, Keeping, Kept, keep_files, type_of
from firstbreath.web.moment import read_moment, source_of
from firstbreath.web.product.temperature import KEPT_FOR

KEEPING = Keeping(
    key=KEPT_FOR,
    most=6,
    types=IMAGES,
    named="JPEG or PNG",
    instead="Take the photograph as JPEG or PNG.",
    fewer="Send fewer.",
    each_alone=True,
)


def keep_photographs(request: HttpRequest) -> Kept:
    """Store the photographs of a receipt; those of an earlier try are kept by their names."""
    return keep_files(request, KEEPING)


@page("see_product")
def show_photograph(request: HttpRequest, seq: int, number: int) -> HttpResponse:
    """A photograph of a receipt by the number of its event and its place in it, from 1."""
    moment = read_moment(request)
    received = [(shipment.received, shipment.body.to) for shipment in moment.trial.product.shipments.values()]
    event, site = next(((event, to) for event, to in received if event and event.seq == seq), (None, ""))
    if event is None or not isinstance(event.body, kinds.ShipmentReceived):
        raise Absent(moment, f"Event {str(seq)[:20]} is no receipt at this moment.")
    guard_site(request, site)
    blobs, names = source_of(request).blobs, event.body.photographs
    if blobs is None or not 1 <= number <= len(names):
        raise Absent(moment, "There is no such photograph of this receipt.")
    content = blobs.get(KEPT_FOR, names[number - 1])
    kind = type_of(content)
    shown = kind in IMAGES
    response = HttpResponse(content, content_type=kind if shown else "application/octet-stream")
    place, ending = ("inline", ENDINGS[kind]) if shown else ("attachment", "bin")
    response.headers["Content-Disposition"] = f'{place}; filename="receipt-{seq}-{number}.{ending}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
