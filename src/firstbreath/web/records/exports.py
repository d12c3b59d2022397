"""The view of exports: what can leave, and the file; that it leaves is an event."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from firstbreath.people.commands import MakeExport
from firstbreath.trial.export import (
    count_rows,
    export_tables,
    mark_export,
    render_log_csv,
    render_log_lines,
    render_tables_json,
    render_tables_zip,
)
from firstbreath.trial.log_filter import events_in_view
from firstbreath.web.act import new_request_id, perform
from firstbreath.web.errors import act_page
from firstbreath.web.frame import render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.records.reading import site_filter


class ExportFile(msgspec.Struct, frozen=True):
    """A file that can leave: its words, its ending and content type, and what it needs to be seen."""

    words: str
    about: str
    ending: str
    content_type: str
    sees: str


EXPORTS: Mapping[str, ExportFile] = {
    "data-csv": ExportFile(
        "Data as CSV", "A file for each form, for doses, inhalations, events, votes and signatures; zipped.", "zip",
        "application/zip", "see_subjects",
    ),
    "data-json": ExportFile(
        "Data as JSON", "The same tables as one document.", "json", "application/json", "see_subjects"
    ),
    "log-csv": ExportFile(
        "Log as CSV", "Every event with who, when, why, its hash and its whole body.", "csv",
        "text/csv; charset=utf-8", "see_log",
    ),
    "log-lines": ExportFile(
        "Log as JSON Lines", "Every record exactly as stored: the chain can be followed without this software.",
        "jsonl", "application/jsonl", "see_log",
    ),
}  # fmt: skip


@act_page("make_export")
def make_export(request: HttpRequest) -> HttpResponse:
    """What can be exported; sent, the file."""
    moment, what = read_moment(request), request.POST.get("what", "")
    if request.method != "POST" or what not in offered(request):
        return _show_exports(request, moment)
    content, records = _content_of(request, moment, what)
    digest = hashlib.sha256(content).hexdigest()
    name = f"{moment.protocol_label}-{what}-{moment.trial.seq}.{EXPORTS[what].ending}"
    command = MakeExport(what=f"{what}, {name}", digest=digest, records=records, site=_site_of(request))
    outcome = perform(request, command, form="exports page", step=new_request_id())
    if not outcome.done:
        return _show_exports(request, moment, reasons=outcome.reasons, status=outcome.status)
    response = HttpResponse(content, content_type=EXPORTS[what].content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def offered(request: HttpRequest) -> dict[str, ExportFile]:
    """The files that whoever asks may take."""
    identity = identity_of(request)
    return {what: file for what, file in EXPORTS.items() if identity and identity.sees(file.sees)}


def _show_exports(request: HttpRequest, moment: Moment, *, reasons: Any = (), status: int = 200) -> HttpResponse:
    made = moment.trial.people.exports[:-21:-1]
    return render_page(
        request, "records/exports", moment, files=offered(request).items(), made=made, reasons=reasons, status=status
    )  # fmt: skip


def _site_of(request: HttpRequest) -> str:
    """The site under which the export is asked for: empty for whoever works at all of them."""
    identity = identity_of(request)
    sites = identity.account.sites(identity.on) if identity else frozenset({""})
    return "" if "" in sites else min(sites, default="")


def _content_of(request: HttpRequest, moment: Moment, what: str) -> tuple[bytes, int]:
    """The bytes of a file, and how many records are in it."""
    identity, sees_site = identity_of(request), site_filter(request)
    marked = mark_export(moment.trial, moment.head.printed)
    if what.startswith("data"):
        sees: Callable[[str], bool] = identity.sees if identity else lambda _what: False
        tables = export_tables(moment.trial, sees_site=sees_site, sees=sees)
        render = render_tables_zip if what == "data-csv" else render_tables_json
        return render(tables, marked), count_rows(tables)
    events = events_in_view(moment.trial, moment.events, sees_site)
    write = partial(render_log_csv if what == "log-csv" else render_log_lines, events, source_of(request).hash_of)
    return write(marked), len(events)
