"""`stats endpoint` and `agreement`: one call, the whole block."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.files import write_files
from firstbreath.cli.say import json_option, progress
from firstbreath.cli.stats import draws_option, file_argument, seed_option, separator_option
from firstbreath.cli.stats_rates import level_option, parse_decimal
from firstbreath.cli.stats_say import computing, encode_answer, plain
from firstbreath.cli.stats_tables import Measurement, parse_column, parse_subjects, parse_words, read_table
from firstbreath.stats.agreement import agreement, render_agreement
from firstbreath.stats.answers import MonteCarlo
from firstbreath.stats.endpoint_words import render_endpoint
from firstbreath.stats.endpoints import Endpoint, endpoint
from firstbreath.trial.tables import CsvTable

FIGURES = (".svg", ".pdf", ".png")
FIGURE_HELP = "Draw to .svg, .pdf or .png: first each patient, second the changes."


class Times(Struct, frozen=True):
    """The measurements before and after."""

    before: Sequence[Measurement]
    after: Sequence[Measurement]


@click.command("endpoint")
@file_argument
@click.option("--before", required=True, help="The column of values before; with --time, its word for before.")
@click.option("--after", required=True, help="The column of values after; with --time, its word for after.")
@click.option("--id", "subject", required=True, help="The column of patients: paired or not follows from it.")
@click.option("--value", default="", help="The column of values, where each time has rows of its own.")
@click.option("--time", default="", help="The column that says which time a row is of, with --value.")
@click.option("--better", type=click.Choice(["lower", "higher"]), default=None, help="Which change is the better one.")
@click.option("--unit", default="", help="The unit of the values.")
@click.option("--lowest", default="", help="The lowest value there can be, for missing ones.")
@click.option("--highest", default="", help="The highest value there can be.")
@click.option("--step", default="", help="The step of the scale: 1 for a score.")
@click.option("--tests", "tests_done", type=int, default=1, help="How many tests were done in all.")
@click.option(
    "--figure",
    "figures",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Draw to .svg, .pdf or .png: first each patient, second the changes.",
)
@level_option
@separator_option
@json_option
def endpoint_command(file: Path, *, figures: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """The whole block of a before-and-after endpoint: change, interval, exact p, missing values, and what it shows."""
    refuse_figures(figures)
    refuse_same(options["before"], options["after"])
    table = read_table(file, options["separator"])
    times = by_time(table, options) if options["time"] else by_row(table, options)
    lowest, highest, step = (limit(options[name], f"--{name}") for name in ("lowest", "highest", "step"))
    with computing(), progress("Counting the arrangements"):
        answer = endpoint(
            [number.value for number in times.before],
            [number.value for number in times.after],
            [number.subject for number in times.before],
            [number.subject for number in times.after],
            better=options["better"],
            unit=options["unit"],
            level=parse_decimal(options["level"], "--level"),
            tests_done=options["tests_done"],
            lowest=lowest,
            highest=highest,
            step=step,
        )
    click.echo(encode_answer(answer).decode() if as_json else plain(render_endpoint(answer)))
    for path in draw(answer, figures, title=file.stem):
        click.echo(path, err=as_json)


def by_row(table: CsvTable, options: dict[str, Any]) -> Times:
    """The values of a file with a row a patient."""
    before, after = (parse_column(table, options[name], subject=options["subject"]) for name in ("before", "after"))
    return Times(before, after)


def by_time(table: CsvTable, options: dict[str, Any]) -> Times:
    """The values of a file with a row a patient and time; rows of other times are left out."""
    if not options["value"]:
        raise Stop(Exit.USAGE, "--time needs --value: the column of the values.")
    words = parse_words(table, options["time"])
    for name in ("before", "after"):
        if options[name] not in words:
            known = ", ".join(dict.fromkeys(words))
            raise Stop(
                Exit.USAGE, f'No row of {table.file} has {options["time"]} "{options[name]}": there are {known}.'
            )
    numbers = parse_column(table, options["value"], subject=options["subject"])
    rows = list(zip(numbers, words, strict=True))
    return Times(*([n for n, word in rows if word == options[name]] for name in ("before", "after")))


def limit(text: str, option: str) -> Decimal | None:
    """A number typed, or None where none was."""
    return parse_decimal(text, option) if text else None


def refuse_same(first: str, second: str) -> None:
    """Nothing, or a stop when a column is compared with itself."""
    if first == second:
        raise Stop(Exit.USAGE, f'"{first}" is named twice: a column cannot be compared with itself.')


def refuse_figures(figures: Sequence[Path]) -> None:
    """Nothing, or a stop before anything is computed that cannot be drawn."""
    if len(figures) > 2:
        raise Stop(Exit.USAGE, f"{len(figures)} figures are asked for; there are two: each patient, and the changes.")
    for path in figures:
        if path.suffix not in FIGURES:
            raise Stop(Exit.USAGE, f'"{path}" is no figure. Give a name that ends in .svg, .pdf or .png.')
        if not path.parent.is_dir():
            raise Stop(Exit.USAGE, f"{path.parent} is no folder. Make it, or choose another.")


def draw(answer: Endpoint, figures: Sequence[Path], *, title: str) -> list[Path]:
    """The figures of an endpoint: the first is the patients' lines, the second their differences, in turns."""
    if not figures:
        return []
    from firstbreath.paper.drawing import render_figure
    from firstbreath.paper.plots import plots_of_endpoint

    plots = plots_of_endpoint(answer, id="endpoint", title=title)
    written: list[Path] = []
    for place, path in enumerate(figures):
        content = render_figure(plots[place % len(plots)], path.suffix)
        written += write_files(path.parent, {path.name: content})
    return written


@click.command("agreement")
@file_argument
@click.option("--first", required=True, help="The column of the first reader.")
@click.option("--second", required=True, help="The column of the second reader.")
@click.option("--id", "subject", required=True, help="The column of patients: their ratings belong together.")
@click.option("--scale", default="0,1,2,3,4", show_default=True, help="Every point of the scale, lowest first.")
@level_option
@draws_option
@seed_option
@separator_option
@json_option
def agreement_command(file: Path, first: str, second: str, *, as_json: bool, **options: Any) -> None:
    """How far two readers agree: weighted kappa, totals, limits of agreement; intervals by drawing patients."""
    refuse_same(first, second)
    table = read_table(file, options["separator"])
    scale = tuple(parse_decimal(point.strip(), "--scale") for point in options["scale"].split(","))
    reads = [[number.value for number in parse_column(table, column)] for column in (first, second)]
    subjects = parse_subjects(table, options["subject"])
    monte_carlo = MonteCarlo(options["draws"], options["seed"]) if options["draws"] else None
    with computing(), progress("Drawing patients"):
        level = parse_decimal(options["level"], "--level")
        answer = agreement(reads[0], reads[1], subjects, scale=scale, level=level, monte_carlo=monte_carlo)
    click.echo(encode_answer(answer).decode() if as_json else plain(render_agreement(answer)))


COMMANDS = (
    endpoint_command,
    agreement_command,
)
