"""The paper as one value: tables, sentences, figures and evidence, ready to be rendered in any format."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from firstbreath.events.heads import SignedHead
from firstbreath.events.record import Event
from firstbreath.paper.background import BackgroundRow
from firstbreath.paper.blocks import Cell, PlotBlock, Statement, TableBlock
from firstbreath.paper.claims import Verdict
from firstbreath.paper.endpoint_block import compose_endpoint
from firstbreath.paper.rate_block import compose_rates
from firstbreath.paper.reading_block import compose_reading
from firstbreath.paper.results import compute_results
from firstbreath.paper.rows import Result
from firstbreath.paper.swimmer import Timeline, compute_timeline
from firstbreath.protocol.silences import compute_silences
from firstbreath.protocol.values import Protocol, Summary, Table
from firstbreath.trial.state import Trial

__all__ = [
    "Cell",
    "Evidence",
    "Paper",
    "PlotBlock",
    "Statement",
    "TableBlock",
    "compose_paper",
    "plain_table",
    "render_csv",
    "render_json",
]


class Evidence(msgspec.Struct, frozen=True):
    """An event a number came from, as a reader sees it; `hash` is the chain's, in hexadecimal."""

    seq: int
    at: datetime
    actor: str
    role: str
    kind: str
    subject: str
    occurred: str
    source: str
    reason: str
    hash: str
    body: str


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a rendering needs; it holds no number that is not a row of `results`."""

    title: str
    trial: str
    registration: str
    stamp: str
    protocol_digest: str
    head: SignedHead
    public_key: bool = False
    version: str
    flow: tuple[Statement, ...]
    statements: tuple[Statement, ...]
    tables: tuple[TableBlock, ...]
    timelines: tuple[Timeline, ...]
    endpoints: tuple[PlotBlock, ...] = ()
    rates: tuple[PlotBlock, ...] = ()
    silences: tuple[str, ...]
    background: tuple[BackgroundRow, ...]
    context: tuple[TableBlock, ...] = ()
    verdicts: tuple[Verdict, ...]
    results: tuple[Result, ...]
    evidence: tuple[Evidence, ...]


def compose_paper(
    trial: Trial,
    events: Sequence[tuple[Event, bytes]],
    *,
    head: SignedHead,
    version: str,
    public_key: bool = False,
    background: Sequence[BackgroundRow] = (),
    context: Sequence[TableBlock] = (),
    verdicts: Sequence[Verdict] = (),
) -> Paper:
    """The paper of a trial.

    events  every event up to the trial's, in order, with its hash
    Raises `ValueError` when no protocol is in force.
    """
    protocol = trial.protocol
    if protocol is None:
        msg = "no protocol is in force: there is no paper to write"
        raise ValueError(msg)
    timelines = tuple(compute_timeline(trial, protocol, swimmer) for swimmer in protocol.analysis.swimmers)
    results = (*compute_results(trial), *(row for timeline in timelines for row in timeline.results))
    by_id = {row.id: row for row in results}
    used = {seq for row in results for seq in row.sources}
    return Paper(
        title=protocol.design.trial.title,
        trial=protocol.design.trial.id,
        registration=protocol.design.trial.registration,
        stamp=trial.stamp,
        protocol_digest=protocol.digest,
        head=head,
        public_key=public_key,
        version=version,
        flow=_flow(by_id),
        statements=tuple(_statement(summary, by_id) for summary in protocol.analysis.summaries),
        tables=(
            *(_table(table, trial, by_id, protocol=protocol) for table in protocol.analysis.tables),
            _exposure_table(trial, by_id),
            _deviations_table(by_id),
        ),
        timelines=timelines,
        endpoints=(
            *(compose_endpoint(endpoint, by_id) for endpoint in protocol.analysis.endpoints),
            *compose_reading(protocol, by_id),
        ),
        rates=tuple(compose_rates(forest, protocol, by_id) for forest in protocol.analysis.forests),
        silences=tuple(f"{silence.part}: {silence.text}" for silence in compute_silences(protocol)),
        background=tuple(background),
        context=tuple(context),
        verdicts=tuple(verdicts),
        results=results,
        evidence=tuple(_evidence(event, hashed) for event, hashed in events if event.seq in used),
    )


def plain_table(table_id: str, title: str, *, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> TableBlock:
    """A table of words that are no results of this trial: what was known before it."""
    return TableBlock(table_id, title, tuple(columns), tuple(tuple(Cell(text) for text in row) for row in rows))


FLOW_WORDS: Mapping[str, str] = {
    "screened": "Screened",
    "in_screening": "In screening now",
    "not_enrolled": "Screened and not enrolled",
    "enrolled": "Enrolled",
    "dosed": "Given at least one dose",
    "all_doses": "Given every planned dose",
    "reviewed": "Reviewed by the safety group",
    "ended": "Ended participation",
}


def _flow(rows: Mapping[str, Result]) -> tuple[Statement, ...]:
    return tuple(
        Statement(f"FLOW.{name}", (Cell(f"{words}: "), Cell(rows[f"FLOW.{name}"].printed, f"FLOW.{name}")))
        for name, words in FLOW_WORDS.items()
        if f"FLOW.{name}" in rows and (name != "in_screening" or rows[f"FLOW.{name}"].printed not in ("0", "N/A"))
    )


def _statement(summary: Summary, rows: Mapping[str, Result]) -> Statement:
    """`Age: median 57 years (quartiles 43 to 70)`, or `Cough: 5 of 7`."""

    def cell(name: str) -> Cell:
        row = rows.get(f"S.{summary.id}.{name}")
        return Cell(row.printed if row else "N/A", row.id if row else "")

    if summary.statistic == "count":
        pieces: tuple[Cell, ...] = (Cell(f"{summary.label}: "), cell("k"), Cell(" of "), cell("n"))
    elif f"S.{summary.id}.first_quartile" not in rows:
        pieces = (Cell(f"{summary.label}: "), cell("median"))
    else:
        unit = f" {summary.unit}" if summary.unit else ""
        words = (Cell(f"{summary.label}: median "), cell("median"), Cell(f"{unit} (quartiles "))
        pieces = (*words, cell("first_quartile"), Cell(" to "), cell("third_quartile"), Cell(")"))
    return Statement(f"S.{summary.id}", pieces)


def _table(table: Table, trial: Trial, rows: Mapping[str, Result], *, protocol: Protocol) -> TableBlock:
    if table.kind == "criteria":
        return _criteria_table(table, protocol)
    fields = [column.field for column in table.columns]
    prefixes = sorted({_prefix(row_id) for row_id in rows if row_id.startswith(f"{table.id}.")}, key=_order(trial))
    lines = tuple(
        (Cell(prefix.split(".")[1]), *(_cell(rows, f"{prefix}.{field}") for field in fields)) for prefix in prefixes
    )
    columns = ("Subject", *(column.label for column in table.columns))
    notes = tuple(note for note in (table.note,) if note)
    return TableBlock(table.id, table.title, columns, lines, notes)


def _exposure_table(trial: Trial, rows: Mapping[str, Result]) -> TableBlock:
    """What each subject was given: how many doses, and how much in total."""
    codes = trial.subjects.enrolled
    unit = next((rows[f"EX.{code}.total"].variable.partition(", ")[2] for code in codes), "")
    lines = tuple((Cell(code), _cell(rows, f"EX.{code}.doses"), _cell(rows, f"EX.{code}.total")) for code in codes)
    return TableBlock("EX", "Doses given", ("Subject", "Doses", f"Total, {unit}" if unit else "Total"), lines)


def _deviations_table(rows: Mapping[str, Result]) -> TableBlock:
    """Every departure from the protocol that is recorded; an empty table says that none is."""
    found = [row for row_id, row in rows.items() if row_id.startswith("DEV.")]
    lines = tuple((Cell(row.group), Cell(row.variable), Cell(row.printed, row.id)) for row in found)
    notes = () if found else ("No deviation is recorded in this log.",)
    return TableBlock("DEV", "Deviations", ("Subject", "Category", "What happened"), lines, notes)


def _prefix(row_id: str) -> str:
    return row_id.rpartition(".")[0]


def _order(trial: Trial) -> Any:
    """Rows in the order of enrolment, then of their records."""
    place = {code: n for n, code in enumerate(trial.subjects.enrolled)}
    return lambda prefix: (place.get(prefix.split(".")[1], 0), [int(part) for part in prefix.split(".")[2:]])


def _cell(rows: Mapping[str, Result], row_id: str) -> Cell:
    return Cell(rows[row_id].printed, row_id) if row_id in rows else Cell("N/A")


def _criteria_table(table: Table, protocol: Protocol) -> TableBlock:
    lines = tuple(
        (Cell(criterion.kind.capitalize()), Cell(str(criterion.number)), Cell(criterion.text), Cell(criterion.rule))
        for criterion in protocol.design.criteria
    )
    return TableBlock(table.id, table.title, ("Kind", "Number", "Criterion", "Rule"), lines)


def _evidence(event: Event, hashed: bytes) -> Evidence:
    body = msgspec.json.format(msgspec.json.encode(event.body), indent=1).decode() if event.subject else ""
    return Evidence(
        event.seq,
        event.at,
        event.actor,
        event.role,
        event.kind,
        event.subject,
        event.occurred,
        event.source,
        event.reason,
        hashed.hex(),
        body,
    )


def render_csv(results: Sequence[Result]) -> str:
    """All rows as CSV, RFC 4180; a text a spreadsheet would take for a formula is quoted with an apostrophe."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out)
    fields = [field.name for field in msgspec.structs.fields(Result)]
    writer.writerow(fields)
    for row in results:
        writer.writerow([_csv_text(getattr(row, name)) for name in fields])
    return out.getvalue()


def _csv_text(value: object) -> str:
    text = " ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)
    formula = text[:1] in ("=", "+", "@", "\t", "\r") or (text[:1] == "-" and not text[1:].replace(".", "").isdigit())
    return f"'{text}" if formula and len(text) > 1 else text


def render_json(results: Sequence[Result]) -> str:
    """All rows as JSON."""
    return msgspec.json.format(msgspec.json.encode(results), indent=1).decode() + "\n"
