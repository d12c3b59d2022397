"""`claims`: what a paper prints, checked against its own tables."""

import click
from rich.markup import escape
from rich.table import Table

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.files import find_study
from firstbreath.cli.say import console, json_option, progress
from firstbreath.cli.study import check_folder
from firstbreath.paper.claims import Verdict, encode_verdicts, render_verdict_counts

SIGNS = {
    "not attainable": ("∅", "magenta"),
    "contradicted": ("✗", "red"),
    "inconsistent": ("≠", "yellow"),
    "not checkable": ("?", "blue"),
    "reproduced": ("✓", "green"),
}
"""How each verdict is shown, in the order of showing: what a reader should look at first stands first."""

IN_FULL = ("not attainable", "contradicted", "inconsistent")


@click.command()
@click.argument("study")
@click.option("--all", "everything", is_flag=True, help="Show the working of every claim.")
@click.option("--strict", is_flag=True, help="End with 5 when a claim is contradicted, inconsistent or not attainable.")
@json_option
def claims(study: str, *, everything: bool, strict: bool, as_json: bool) -> None:
    """Check the claims of STUDY: a shipped study, or any folder with claims.toml and CSV tables."""
    folder = find_study(study)
    place = next((p for p in (folder / "published", folder) if (p / "claims.toml").is_file()), None)
    if place is None:
        raise Stop(Exit.USAGE, f"{study} has no claims.toml. See docs/claims.md for how to write one.")
    with progress("Checking the claims"):
        verdicts = check_folder(place)
    if as_json:
        click.echo(encode_verdicts(verdicts).decode())
    else:
        print_verdicts(verdicts, everything=everything)
    if strict and any(verdict.verdict in IN_FULL for verdict in verdicts):
        raise SystemExit(Exit.INPUT)


def print_verdicts(verdicts: tuple[Verdict, ...], *, everything: bool = False) -> None:
    """The claims by verdict: with their working where a reader should look, by a line each where all is well."""
    terminal = console()
    for word, (sign, colour) in SIGNS.items():
        chosen = [verdict for verdict in verdicts if verdict.verdict == word]
        if chosen:
            terminal.print(f"\n[bold {colour}]{sign} {word}[/] [dim]({len(chosen)})[/]")
            terminal.print(verdict_table(chosen, in_full=everything or word in IN_FULL))
    terminal.print(f"\n[bold]{escape(render_verdict_counts(verdicts))}[/]")


def verdict_table(verdicts: list[Verdict], *, in_full: bool) -> Table:
    """Claims of one verdict: the claim and its place, and beside them the working and queries."""
    table = Table(box=None, show_header=False, padding=(0, 1, int(in_full), 0), pad_edge=False, expand=in_full)
    table.add_column(width=2)
    table.add_column(ratio=2 if in_full else None, overflow="fold")
    table.add_column(ratio=3 if in_full else None, overflow="fold")
    for verdict in verdicts:
        sign, colour = SIGNS[verdict.verdict]
        place = f"\n[dim]{escape(verdict.place)}[/]" if in_full else ""
        queries = "".join(f"\n→ {escape(query)}" for query in verdict.queries)
        working = escape(verdict.working + queries) if in_full else ""
        table.add_row(f"[{colour}]{sign}[/]", escape(verdict.claim) + place, working)
    return table
