"""All data of a trial as tables, and the log as it is: what leaves the system, the same for the same log.

Names to know: `export_tables`, `render_tables_zip`, `render_log_csv`, `render_log_lines`.
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event, encode_event
from firstbreath.protocol.values import Form
from firstbreath.subjects.forms import entered_fields, records_of
from firstbreath.subjects.records import query_state
from firstbreath.subjects.state import Subject
from firstbreath.trial.accountability import accountability_table, temperature_table
from firstbreath.trial.audit import lag_of
from firstbreath.trial.export_conduct import (
    eligibility_table,
    forwarding_table,
    inhalation_table,
    range_table,
    review_tables,
    signature_table,
    struck_table,
)
from firstbreath.trial.export_reading import reading_tables
from firstbreath.trial.state import Trial
from firstbreath.trial.tables_out import DataTable, Row, recorded_at, render_cell, render_csv, render_zip


class Marked(msgspec.Struct, frozen=True):
    """What every export bears: the trial, its stamp (or empty), the protocol, the head of the log."""

    trial: str
    stamp: str
    protocol: str
    head: str


def mark_export(trial: Trial, head: str) -> Marked:
    """The marks of an export. `head` is the head of the log as printed."""
    protocol = trial.protocol
    name, digest = (protocol.design.trial.id, protocol.digest) if protocol else ("", "")
    return Marked(name, trial.stamp, digest, head)


def export_tables(
    trial: Trial, *, sees_site: Callable[[str], bool], sees: Callable[[str], bool]
) -> tuple[DataTable, ...]:
    """Every table of the subjects in view.

    sees  whether a group of pages is in view, by its name in the rights: what a page hides, an export hides
    """
    protocol = trial.protocol
    if protocol is None:
        return ()
    subjects = [subject for subject in trial.subjects.all() if sees_site(subject.site)]
    tables = [_subjects_table(subjects), *(_form_table(form, subjects) for form in protocol.forms)]
    tables += [_doses_table(subjects), inhalation_table(subjects), _consents_table(subjects)]
    tables += [eligibility_table(subjects), _deviations_table(subjects)]
    tables += [signature_table(subjects), struck_table(subjects)]
    if sees("see_product"):
        tables += [accountability_table(trial, protocol, sees=sees_site), temperature_table(trial, sees=sees_site)]
    if sees("see_safety"):
        tables += [_adverse_table(trial, subjects), forwarding_table(trial, subjects), range_table(trial)]
        tables += review_tables(trial, subjects)
    if sees("see_scans") and protocol.charter:
        tables += reading_tables(trial, protocol.charter, sees=sees_site)
    tables += [_queries_table(subjects)] if sees("see_queries") else []
    return tuple(tables)


def count_rows(tables: Sequence[DataTable]) -> int:
    """How many rows leave."""
    return sum(len(table.rows) for table in tables)


def render_tables_zip(tables: Sequence[DataTable], marked: Marked) -> bytes:
    """One CSV for each table, each row with the stamp, and a text that says what they are."""
    files = {
        f"{table.name}.csv": render_csv((*table.columns, "stamp"), [(*row, marked.stamp) for row in table.rows])
        for table in tables
    }
    about = [f"{marked.stamp}\n" if marked.stamp else "", f"Trial {marked.trial}\n", f"Protocol {marked.protocol}\n"]
    about += [f"Head of the log {marked.head}\n", *(f"{table.name}.csv: {len(table.rows)} rows\n" for table in tables)]
    about += ["A column NAME.absent holds why NAME has no value (HL7 null flavour).\n"]
    about += ["A text that a spreadsheet would take for a formula begins with an apostrophe.\n"]
    return render_zip(files | {"README.txt": "".join(about).encode()})


def render_tables_json(tables: Sequence[DataTable], marked: Marked) -> bytes:
    """All tables as one JSON document: rows as objects by column."""
    content = {table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in tables}
    whole = msgspec.structs.asdict(marked) | {"tables": content}
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def _subjects_table(subjects: Sequence[Subject]) -> DataTable:
    columns = ("subject", "site", "arm", "number", "screened", "enrolled", "ended", "how", "frozen")
    rows = [
        (
            subject.code,
            subject.site,
            subject.arm,
            str(getattr(subject.enrolled.body, "number", "")) if subject.enrolled else "",
            _when(subject.screened),
            _when(subject.enrolled),
            _when(subject.ended),
            getattr(subject.ended.body, "how", "") if subject.ended else "",
            "yes" if subject.frozen else "no",
        )
        for subject in subjects
    ]
    return DataTable("subjects", columns, tuple(rows))


def _form_table(form: Form, subjects: Sequence[Subject]) -> DataTable:
    """A row for each record as it stands, and after each field why it is absent where it is."""
    fields = [name for field in form.fields for name in (field.id, f"{field.id}.absent")]
    columns = ("subject", "visit", "repeat", "occurred", "recorded", "recorded_by", "versions", "event", *fields)
    rows = [row for subject in subjects for row in _form_rows(form, subject)]
    return DataTable(form.id, columns, tuple(rows))


def _form_rows(form: Form, subject: Subject) -> Iterator[Row]:
    for key, versions in records_of(subject, form.id):
        found = entered_fields(key, versions)
        first = versions[0]
        cells = []
        for field in form.fields:
            entered = found.get(field.id)
            entry = entered.entry if entered else ""
            cells += [entry if isinstance(entry, str) else "; ".join(entry), entered.absent if entered else ""]
        numbers = (str(len(versions)), str(versions[-1].seq))
        yield (subject.code, key[1], str(key[2]), first.occurred, recorded_at(first), first.actor, *numbers, *cells)


def _doses_table(subjects: Sequence[Subject]) -> DataTable:
    measured = ("amount", "unit", "volume_ml", "minutes", "residual_ml")
    columns = ("subject", "day", "what", *measured, "occurred", "reason", "event")
    rows = [
        (
            subject.code,
            str(day),
            event.kind,
            *(str(getattr(event.body, name, "")) for name in measured),
            event.occurred,
            event.reason,
            str(event.seq),
        )
        for subject in subjects
        for day, event in sorted(subject.doses.items())
    ]
    return DataTable("doses", columns, tuple(rows))


def _consents_table(subjects: Sequence[Subject]) -> DataTable:
    columns = ("subject", "what", "version", "given_by", "witnesses", "scope", "occurred", "event")
    rows = [
        (
            subject.code,
            event.kind,
            getattr(event.body, "version", ""),
            getattr(event.body, "given_by", ""),
            "; ".join(getattr(event.body, "witnesses", ())),
            getattr(event.body, "scope", ""),
            event.occurred,
            str(event.seq),
        )
        for subject in subjects
        for event in subject.consents
    ]
    return DataTable("consents", columns, tuple(rows))


def _deviations_table(subjects: Sequence[Subject]) -> DataTable:
    rows = [
        (subject.code, event.body.category, event.body.text, event.occurred, event.actor, str(event.seq))
        for subject in subjects
        for event in subject.deviations
        if isinstance(event.body, kinds.DeviationRecorded)
    ]
    return DataTable("deviations", ("subject", "category", "text", "occurred", "recorded_by", "event"), tuple(rows))


def _adverse_table(trial: Trial, subjects: Sequence[Subject]) -> DataTable:
    """Each adverse event as it stands."""
    facts = tuple(field.name for field in msgspec.structs.fields(kinds.AdverseEventFacts))
    latest = [versions[-1] for subject in subjects for versions in trial.safety.adverse_events(subject.code)]
    rows = [
        (event.subject, *(render_cell(getattr(event.body, name)) for name in facts), event.actor, str(event.seq))
        for event in latest
    ]
    return DataTable("adverse_events", ("subject", *facts, "recorded_by", "event"), tuple(rows))


def _queries_table(subjects: Sequence[Subject]) -> DataTable:
    columns = ("subject", "query", "state", "form", "visit", "repeat", "field", "origin", "text", "opened", "steps")
    rows = [
        (
            subject.code,
            str(number),
            query_state(subject, number) or "",
            body.form,
            body.visit,
            str(body.repeat),
            body.field,
            body.origin,
            body.text,
            recorded_at(said[0]),
            " | ".join(
                f"{recorded_at(event)} {event.actor} {event.kind}: {getattr(event.body, 'text', '')}" for event in said
            ),
        )
        for subject in subjects
        for number, said in sorted(subject.queries.items())
        if isinstance(body := said[0].body, kinds.QueryOpened)
    ]
    return DataTable("queries", columns, tuple(rows))


def _step(event: Event) -> str:
    return f"{recorded_at(event)} {event.actor} {event.kind}: {getattr(event.body, 'text', '')}"


def _when(event: Event | None) -> str:
    return (event.occurred or recorded_at(event)) if event else ""


LOG_COLUMNS = (
    *("seq", "at", "actor", "role", "kind", "subject", "occurred"),
    *("lag_seconds", "reason", "source", "request", "hash", "body"),
)


def render_log_csv(events: Sequence[Event], hash_of: Callable[[int], bytes], marked: Marked) -> bytes:
    """The events as CSV, each with its chain hash and its whole body as JSON: values, null flavours, reasons."""
    rows = [(*_log_row(event, hash_of(event.seq)), marked.stamp) for event in events]
    return render_csv((*LOG_COLUMNS, "stamp"), rows)


def _log_row(event: Event, hashed: bytes) -> Row:
    lag = lag_of(event)
    return (
        str(event.seq),
        recorded_at(event),
        event.actor,
        event.role,
        event.kind,
        event.subject,
        event.occurred,
        str(int(lag.total_seconds())) if lag is not None else "",
        event.reason,
        event.source,
        event.request,
        hashed.hex(),
        msgspec.json.encode(event.body).decode(),
    )


def render_log_lines(events: Sequence[Event], hash_of: Callable[[int], bytes], marked: Marked) -> bytes:
    """The log as JSON Lines: first what it is, then for each event its record exactly as stored, and its chain hash.

    Of the whole log, anyone can follow the chain: the hash of a line is the SHA-256 of the hash of the line before and
    the bytes of `record`.
    """
    lines = [
        b'{"hash":"' + hash_of(event.seq).hex().encode() + b'","record":' + encode_event(event) + b"}"
        for event in events
    ]
    return b"\n".join([msgspec.json.encode(marked), *lines]) + b"\n"
