"""The view of an import: the file, what its columns are, what would be written, and the writing of it."""

import base64
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.events.record import Event
from firstbreath.subjects.commands import CorrectForm, RecordForm
from firstbreath.trial.commands import ImportFile
from firstbreath.trial.importing import (
    DELIMITERS,
    ENCODINGS,
    ColumnUse,
    FileError,
    Mapped,
    Plan,
    RowPlan,
    SheetRead,
    parse_file,
    plan_import,
    suggest_fields,
)
from firstbreath.web.act import Outcome, perform, see_other
from firstbreath.web.errors import act_page
from firstbreath.web.frame import render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.records.reading import site_filter

MAX_BYTES = 1_000_000
WRITTEN = ("new", "adds")
REFUSED = 409


@act_page("import_file")
def import_file(request: HttpRequest) -> HttpResponse:
    """Read a file into records, in three steps: the file, its columns, the plan."""
    moment = read_moment(request)
    if request.method != "POST":
        return _show(request, moment)
    try:
        content = _content_of(request)
        asked = {name: request.POST.get(name, "") for name in ("encoding", "delimiter")}
        sheet = parse_file(content, **asked)
    except FileError as wrong:
        return _show(request, moment, reasons=(Reason("IMPORT-001", str(wrong), ""),), status=REFUSED)
    step = {"plan": _plan, "write": _write}.get(request.POST.get("step", ""), _show_columns)
    return step(request, moment, sheet, content)


def _content_of(request: HttpRequest) -> bytes:
    """The bytes of the file: just sent, or carried along from the step before."""
    sent = request.FILES.get("file")
    if sent is not None:
        if (sent.size or 0) > MAX_BYTES:
            msg = f"The file has {sent.size} bytes, the limit is {MAX_BYTES}. Split it."
            raise FileError(msg)
        return bytes(sent.read())
    try:
        content = base64.b64decode(request.POST.get("content", ""), validate=True)
    except ValueError:
        content = b""
    if not content or len(content) > MAX_BYTES:
        raise FileError("No file was sent.")
    return content


def _name_of(request: HttpRequest) -> str:
    sent = request.FILES.get("file")
    name = sent.name if sent is not None else request.POST.get("name", "")
    return "".join(letter for letter in (name or "") if letter.isprintable())[:100] or "file"


def _show(request: HttpRequest, moment: Moment, **said: Any) -> HttpResponse:
    """The page as it stands at a step; `said` adds to what every step shows."""
    protocol = moment.trial.protocol
    shown: dict[str, Any] = {
        "name": _name_of(request),
        "forms": protocol.forms if protocol else (),
        "encodings": ENCODINGS,
        "delimiters": tuple(DELIMITERS),
        "asked": {name: request.POST.get(name, "") for name in ("encoding", "delimiter", "form", "decimal")},
        "reasons": (),
        "status": 200,
    }
    return render_page(request, "records/import", moment, **(shown | said))


def _show_columns(
    request: HttpRequest, moment: Moment, sheet: SheetRead, content: bytes, *, reasons: Any = (), status: int = 200
) -> HttpResponse:
    protocol = moment.trial.protocol
    form = protocol.form(request.POST.get("form", "")) if protocol else None
    if form is None:
        what = Reason("IMPORT-002", "No form was named.", "Name one.")
        return _show(request, moment, reasons=(what,), status=REFUSED)
    suggested = suggest_fields(sheet.columns, form, remembered_mapping(moment.events))
    columns = [
        {
            "name": column,
            "number": number,
            "use": request.POST.get(f"use-{number}") or suggested.get(column, "") or _own_use(column),
            "unit": request.POST.get(f"unit-{number}", ""),
            "sample": [row[number] for row in sheet.rows[:3] if number < len(row)],
        }
        for number, column in enumerate(sheet.columns)
    ]
    carried = base64.b64encode(content).decode()
    return _show(
        request, moment, sheet=sheet, form=form, columns=columns, content=carried, reasons=reasons, status=status
    )  # fmt: skip


def _own_use(column: str) -> str:
    """Columns that are no values, by their usual names."""
    plain = column.casefold()
    return plain if plain in ("subject", "visit", "date") else ""


def remembered_mapping(events: Sequence[Event]) -> dict[str, str]:
    """The field that each column filled when a file was last imported."""
    found = [event.body.mapping for event in events if isinstance(event.body, kinds.FileImported)]
    return {column: field for mapping in found for column, field in mapping.items()}


def mapped_of(request: HttpRequest, sheet: SheetRead) -> Mapped:
    """How the columns are understood, as was sent."""
    uses = {column: request.POST.get(f"use-{number}", "") for number, column in enumerate(sheet.columns)}
    units = {column: request.POST.get(f"unit-{number}", "") for number, column in enumerate(sheet.columns)}
    places = {use: column for column, use in uses.items() if use in ("subject", "visit", "date")}
    others = {column: use for column, use in uses.items() if use and column not in places.values()}
    fields = {column: ColumnUse(use, units[column]) for column, use in others.items()}
    about = {name: places.get(name, "") for name in ("subject", "visit", "date")}
    return Mapped(form=request.POST.get("form", ""), fields=fields, decimal=request.POST.get("decimal", ""), **about)


def _plan(request: HttpRequest, moment: Moment, sheet: SheetRead, content: bytes) -> HttpResponse:
    again = partial(_show_columns, request, moment, sheet, content)
    try:
        plan = plan_import(moment.trial, sheet, mapped_of(request, sheet), sees_site=site_filter(request))
    except FileError as wrong:
        return again(reasons=(Reason("IMPORT-003", str(wrong), ""),), status=REFUSED)
    names = [f"{part}-{number}" for part in ("use", "unit") for number in range(len(sheet.columns))]
    uses = [(name, request.POST.get(name, "")) for name in names]
    writes = sum(plan.counts.get(fate, 0) for fate in WRITTEN)
    carried = base64.b64encode(content).decode()
    form = moment.trial.protocol.form(request.POST.get("form", "")) if moment.trial.protocol else None
    return _show(request, moment, sheet=sheet, form=form, plan=plan, uses=uses, writes=writes, content=carried)


def _write(request: HttpRequest, moment: Moment, sheet: SheetRead, content: bytes) -> HttpResponse:
    mapped = mapped_of(request, sheet)
    try:
        plan = plan_import(moment.trial, sheet, mapped, sees_site=site_filter(request))
    except FileError as wrong:
        reasons = (Reason("IMPORT-003", str(wrong), ""),)
        return _show_columns(request, moment, sheet, content, reasons=reasons, status=REFUSED)
    writing = [row for row in plan.rows if row.fate in WRITTEN]
    if not writing:
        text = "Everything in this file is recorded already, or left out."
        what = Reason("IMPORT-004", text, "There is nothing to do.")
        return _show(request, moment, reasons=(what,), status=REFUSED)
    source = f"{_name_of(request)}, SHA-256 {sheet.digest}"
    outcomes = [(row, _write_row(request, row, mapped, source)) for row in writing]
    refused = [outcome for _, outcome in outcomes if not outcome.done]
    done = _note_import(request, sheet, mapped, plan=plan, refused=refused)
    if not done.done:
        return _show(request, moment, reasons=done.reasons, status=done.status)
    return see_other(reverse("event", args=(done.events[0].seq,)) if done.events else reverse("import"))


def _write_row(request: HttpRequest, row: RowPlan, mapped: Mapped, source: str) -> Outcome:
    """Ask the door for what one row says; the row is named as the source."""
    subject = read_moment(request).trial.subjects.by_code[row.subject]
    taken = [key[2] for key in subject.forms if key[:2] == (mapped.form, row.visit)]
    place: dict[str, Any] = {"subject": row.subject, "form": mapped.form, "visit": row.visit, "values": row.values}
    about = {"occurred": row.occurred, "form": f"{source}, line {row.line}", "step": f"line {row.line}"}
    if row.fate == "adds":
        return perform(request, CorrectForm(**place, repeat=min(taken)), reason="Imported from a file.", **about)
    return perform(request, RecordForm(**place, repeat=max(taken, default=0) + 1), **about)


def _note_import(
    request: HttpRequest, sheet: SheetRead, mapped: Mapped, *, plan: Plan, refused: Sequence[Outcome]
) -> Outcome:
    left_out = dict(plan.left_out)
    for outcome in refused:
        why = f"refused: {outcome.reasons[0].code}"
        left_out[why] = left_out.get(why, 0) + 1
    written = sum(plan.counts.get(fate, 0) for fate in WRITTEN)
    identity = identity_of(request)
    sites = identity.account.sites(identity.on) if identity else frozenset[str]()
    command = ImportFile(
        name=_name_of(request),
        digest=sheet.digest,
        rows=len(sheet.rows),
        used=written - len(refused),
        left_out=left_out,
        mapping={column: use.field for column, use in mapped.fields.items()},
        site="" if "" in sites else min(sites, default=""),
    )
    return perform(request, command, form="import page", step="import")
