"""The view of the final reads: scores, agreement, the change by each reader, and the map of change by segment."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from firstbreath.paper.reading_block import compose_reading
from firstbreath.paper.reading_rows import compute_reading_results
from firstbreath.reading.lung_mask import FAILURE
from firstbreath.web.errors import page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.moment import read_moment
from firstbreath.web.product.pages import protocol_of
from firstbreath.web.reading.looking import charter_of
from firstbreath.web.reading.lung_shapes import compute_maps
from firstbreath.web.reading.lungs import compare_masks


@page("see_results")
def show_reads(request: HttpRequest) -> HttpResponse:
    """Scores and agreement, once the reads are final.

    Raises `Absent` before.
    """
    moment = read_moment(request)
    protocol, final = protocol_of(moment), moment.trial.reading.unblinded
    if final is None:
        raise Absent(moment, "The reads are sealed: scores are shown once all of them are final.")
    rows = {row.id: row for row in compute_reading_results(moment.trial, protocol)}
    frame: dict[str, Any] = {"blocks": compose_reading(protocol, rows), "rows": rows, "final": final}
    charter = charter_of(moment)
    scored = [each for each in protocol.analysis.endpoints if each.before.charter and each.after.charter]
    frame["maps"] = [(each.id, each.label, compute_maps(charter, each.id, rows)) for each in scored]
    frame |= {"compared": compare_masks(moment.trial.reading, charter.visits), "failure": FAILURE}
    return render_page(request, "reading/reads", moment, **frame)
