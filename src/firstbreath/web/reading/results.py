"""The view of the final reads: scores, agreement, the change by each reader, the map of change, and every report."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.paper.reading_block import compose_reading
from firstbreath.paper.reading_rows import compute_reading_results
from firstbreath.reading.lung_mask import FAILURE
from firstbreath.reading.state import Scan
from firstbreath.trial.reports import FINAL, list_reports
from firstbreath.trial.state import Trial
from firstbreath.web.errors import page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.product.pages import protocol_of
from firstbreath.web.reading.looking import charter_of
from firstbreath.web.reading.lung_shapes import compute_maps
from firstbreath.web.reading.lungs import compare_masks
from firstbreath.web.records.reading import site_filter


class Offered(msgspec.Struct, frozen=True):
    """A report that there is: the reader's letter or `final`, and the events of its exports to an archive."""

    which: str
    is_final: bool
    exports: tuple[int, ...]


@page("see_results")
def show_reads(request: HttpRequest) -> HttpResponse:
    """Scores and agreement, once the reads are final.

    Raises `Absent` before.
    """
    return show_results(request, read_moment(request))


def show_results(
    request: HttpRequest, moment: Moment, *, reasons: tuple[Reason, ...] = (), status: int = 200
) -> HttpResponse:
    """The page of the final reads, with why a report was not stored.

    Raises `Absent` before they are final.
    """
    protocol, reading, sees = protocol_of(moment), moment.trial.reading, site_filter(request)
    if reading.unblinded is None:
        raise Absent(moment, "The reads are sealed: scores are shown once all of them are final.")
    rows = {row.id: row for row in compute_reading_results(moment.trial, protocol)}
    charter = charter_of(moment)
    scored = [each for each in protocol.analysis.endpoints if each.before.charter and each.after.charter]
    told = [(scan, offered_of(request, moment.trial, scan)) for scan in reading.all_scans()]
    subjects = moment.trial.subjects
    frame: dict[str, Any] = {
        "blocks": compose_reading(protocol, rows),
        "rows": rows,
        "final": reading.unblinded,
        "reports": [(scan, offered) for scan, offered in told if offered and sees(subjects.by_code[scan.subject].site)],
        "archive": source_of(request).archive,
        "maps": [(each.id, each.label, compute_maps(charter, each.id, rows)) for each in scored],
        "compared": compare_masks(reading, charter.visits),
        "failure": FAILURE,
        "reasons": reasons,
    }
    return render_page(request, "reading/reads", moment, **frame, status=status)


def offered_of(request: HttpRequest, trial: Trial, scan: Scan) -> tuple[Offered, ...]:
    """The reports of a scan that whoever asks may take."""
    identity = identity_of(request)
    if identity and not identity.sees("see_results"):
        return ()
    return tuple(
        Offered(which, which == FINAL, _exports_of(trial, name_report(scan, which)))
        for which in list_reports(trial, scan)
    )


def name_report(scan: Scan, which: str) -> str:
    """A report as the event of its export to an archive begins to name it."""
    return f"report {which} of {scan.body.scan} to the archive "


def _exports_of(trial: Trial, named: str) -> tuple[int, ...]:
    made = ((event.seq, event.body) for event in trial.people.exports)
    return tuple(seq for seq, body in made if isinstance(body, kinds.ExportMade) and body.what.startswith(named))
