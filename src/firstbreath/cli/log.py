"""`verify`, `log` and `state`: what was written, whether it still is, and what it amounts to."""

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from firstbreath.cli.exits import Exit, Stop, render_reason
from firstbreath.cli.proof import render_line
from firstbreath.cli.say import (
    as_of_option,
    console,
    folder_argument,
    json_option,
    print_json,
    progress,
    trial_at,
)
from firstbreath.cli.study import Study, explained_store
from firstbreath.cli.verify import Report, verify_study
from firstbreath.events.chain import Head
from firstbreath.events.kinds import KIND_NAMES, ActRefused
from firstbreath.events.record import Event
from firstbreath.protocol.findings import suggest
from firstbreath.trial.overview import Overview, compute_overview

WIDE_COLUMNS = 110
"""From this width of the terminal on, the log's sources have a column of their own."""
WHAT_COLUMNS = len("refused: set_reference_range")


@click.command()
@folder_argument
@click.option("--head", "heads", multiple=True, metavar="SEQ:HASH", help="A head from a printout; may be repeated.")
@json_option
def verify(folder: Path, heads: tuple[str, ...], *, as_json: bool) -> None:
    """Verify the log of FOLDER: every record, every file, every signed head. Ends with 1 and names what is broken."""
    with progress("Verifying every record"):
        report = verify_study(Study(folder, read_only=True), tuple(parse_head(text) for text in heads))
    if as_json:
        print_json(report)
    else:
        print_report(report)
    raise SystemExit(Exit.DONE if report.holds else Exit.LOG_BROKEN)


def parse_head(text: str) -> Head:
    """The head a printout names as `seq:hash`."""
    seq, _, hashed = text.partition(":")
    try:
        head = Head(int(seq), bytes.fromhex(hashed))
    except ValueError:
        head = Head()
    if len(head.hash) != len(Head().hash) or head.seq < 1:
        raise Stop(Exit.USAGE, f"{text!r} is no head. Copy it from the printout: number, colon, 64 hexadecimal digits.")
    return head


def print_report(report: Report) -> None:
    """The report in words."""
    if report.holds:
        counts = [count(report.records, "record"), count(report.heads, "signed head"), count(report.files, "file")]
        counts += [count(report.signatures, "signature")] if report.signatures else []
        click.echo(f"The log holds: {', '.join(counts)}.")
        click.echo(f"Head {report.head}")
    for line in report.broken:
        click.echo(f"BROKEN {line}", err=True)
    if report.broken:
        click.echo("Keep this folder as it is; compare it with printouts (--head) and copies.", err=True)
    for line in report.remarks:
        click.echo(f"Note: {line}")


def count(number: int, noun: str) -> str:
    """`1 record`, `2 records`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@click.command()
@folder_argument
@click.option("--subject", default="", help="Only this subject's events.")
@click.option("--kind", default="", help="Only events of this kind, such as dose_given.")
@click.option("--lines", "as_lines", is_flag=True, help="Print each record as written, for other programs.")
@json_option
def log(folder: Path, subject: str, kind: str, *, as_lines: bool, as_json: bool) -> None:
    """Print the log of FOLDER."""
    if as_lines:
        print_lines(Study(folder, read_only=True))
        return
    if kind and kind not in KIND_NAMES:
        raise Stop(Exit.USAGE, f"There is no kind {kind!r}. {suggest(kind, KIND_NAMES)}")
    chosen = [
        (event, hashed)
        for event, hashed in Study(folder, read_only=True).events()
        if subject in ("", event.subject) and kind in ("", event.kind)
    ]
    if as_json:
        print_json([{"hash": hashed.hex(), "kind": event.kind, "event": event} for event, hashed in chosen])
        return
    print_events(chosen, console())


def print_events(chosen: list[tuple[Event, bytes]], terminal: Console) -> None:
    """Events in columns; where the terminal is narrow the source of each stands below what happened."""
    wide = terminal.width >= WIDE_COLUMNS
    names = ("No.", "Written (UTC)", "Subject", "What", "Who", *(("Source",) if wide else ()), "Hash")
    table = Table(*names, box=None, pad_edge=False, padding=(0, 2 if wide else 1, 0, 0))
    for column in table.columns:
        column.no_wrap, column.overflow = column.header not in ("Who", "Source"), "fold"
    if not wide:
        table.columns[3].no_wrap, table.columns[3].width = False, WHAT_COLUMNS
    for event, hashed in chosen:
        what = summary_of(event) if wide or not event.source else f"{summary_of(event)}\n{event.source}"
        cells = (str(event.seq), f"{event.at:%Y-%m-%d %H:%M}", event.subject, what, event.actor)
        rest = (event.source, hashed.hex()[:8]) if wide else (hashed.hex()[:8],)
        table.add_row(*(escape(cell) for cell in (*cells, *rest)))
    terminal.print(table)


def print_lines(study: Study) -> None:
    """Every record with its hash, one JSON object a line, as docs/validation/verify_log.py reads it."""
    with explained_store():
        for row in study.store.rows():
            click.echo(render_line(*row), nl=False)


@click.command()
@folder_argument
@as_of_option
@json_option
def state(folder: Path, as_of: str, *, as_json: bool) -> None:
    """Show where the trial of FOLDER stands, now or as of an earlier event or time."""
    with progress("Folding the log"):
        trial = trial_at(Study(folder, read_only=True).door().history, as_of)
    overview = compute_overview(trial)
    if as_json:
        print_json(overview)
    else:
        print_overview(overview)


def summary_of(event: Event) -> str:
    """The kind of an event, and for a refusal which act was refused."""
    return f"{event.body.outcome}: {event.body.act}" if isinstance(event.body, ActRefused) else event.kind


def print_overview(overview: Overview) -> None:
    """The overview in words: stamp, gate with reasons, one line per subject."""
    terminal = console()
    if overview.stamp:
        terminal.print(f"[bold reverse] {escape(overview.stamp)} [/]")
    if not overview.seq:
        terminal.print("Nothing was written yet at that moment: the times of --as-of are those of writing.")
        return
    terminal.print(f"[bold]{escape(overview.trial)}[/] after event {overview.seq}, written {overview.at}")
    terminal.print(f"Enrolment is [bold]{overview.enrolment.word}[/].")
    for reason in overview.enrolment.reasons:
        terminal.print(f"  {escape(render_reason(reason))}")
    table = Table("Subject", "Standing", "Arm", "Consent", "Eligibility", "Doses", "Review", box=None, pad_edge=False)
    for line in overview.subjects:
        cells = (line.code, line.standing, line.arm, line.consent, line.eligibility, line.doses, line.review)
        table.add_row(*(escape(cell) for cell in cells))
    if overview.subjects:
        terminal.print(table)
    terminal.print(f"{count(overview.deviations, 'deviation')}, {count(overview.refusals, 'refused act')}.")
