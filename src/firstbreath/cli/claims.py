"""`claims`: what a paper prints, checked against its own tables."""

from collections import Counter

import click
from rich.markup import escape
from rich.table import Table

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.files import find_study
from firstbreath.cli.say import console, json_option, print_json, progress
from firstbreath.cli.study import check_folder
from firstbreath.paper.claims import Verdict

SIGNS = {
    "reproduced": ("✓", "green"),
    "contradicted": ("✗", "red"),
    "not attainable": ("∅", "magenta"),
    "inconsistent": ("≠", "yellow"),
    "not checkable": ("?", "blue"),
}


@click.command()
@click.argument("study")
@click.option("--strict", is_flag=True, help="End with 5 when a claim is contradicted, inconsistent or not attainable.")
@json_option
def claims(study: str, *, strict: bool, as_json: bool) -> None:
    """Check the claims of STUDY: a shipped study, or any folder with claims.toml and CSV tables."""
    folder = find_study(study)
    place = next((p for p in (folder / "published", folder) if (p / "claims.toml").is_file()), None)
    if place is None:
        raise Stop(Exit.USAGE, f"{study} has no claims.toml. See docs/claims.md for how to write one.")
    with progress("Checking the claims"):
        verdicts = check_folder(place)
    if as_json:
        print_json(verdicts)
    else:
        print_verdicts(verdicts)
    if strict and any(verdict.verdict not in ("reproduced", "not checkable") for verdict in verdicts):
        raise SystemExit(Exit.INPUT)


def print_verdicts(verdicts: tuple[Verdict, ...]) -> None:
    """The claims as a table, then how many of each verdict."""
    table = Table("", "Claim", "Verdict and working", show_lines=False, padding=(0, 1), expand=True)
    table.columns[1].ratio, table.columns[2].ratio = 2, 3
    for verdict in verdicts:
        sign, colour = SIGNS[verdict.verdict]
        said = f"[bold]{escape(verdict.claim)}[/]\n[dim]{escape(verdict.place)}[/]"
        working = f"[{colour}]{verdict.verdict}[/]. {escape(verdict.working)}"
        queries = "".join(f"\n→ {escape(query)}" for query in verdict.queries)
        table.add_row(f"[{colour}]{sign}[/]", said, working + queries)
    console().print(table)
    click.echo(count_line(verdicts))


def count_line(verdicts: tuple[Verdict, ...]) -> str:
    """`54 claims: 21 reproduced, 9 contradicted, ...`."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    return f"{len(verdicts)} claims: " + ", ".join(f"{counts[word]} {word}" for word in SIGNS if counts[word]) + "."
