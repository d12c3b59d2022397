"""`stats`: exact statistics for tiny numbers, from a CSV file or from counts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.say import json_option, progress
from firstbreath.cli.stats_say import computing, lines_of_interval, lines_of_p, print_answer
from firstbreath.cli.stats_tables import (
    SEPARATORS,
    parse_column,
    parse_groups,
    parse_pair,
    parse_words,
    present,
    read_table,
    render_absent,
)
from firstbreath.protocol.findings import show
from firstbreath.stats.answers import Interval, MonteCarlo, PValue
from firstbreath.stats.arrays import compute_differences
from firstbreath.stats.permutation import permutation_mean
from firstbreath.stats.ranks import rank_sum, sign_test, signed_rank
from firstbreath.stats.refusals import TooLarge
from firstbreath.stats.several_groups import friedman, kruskal_wallis
from firstbreath.stats.shifts import hodges_lehmann, rank_biserial

Command = TypeVar("Command", bound=Callable[..., Any])

file_argument = click.argument("file", type=click.Path(path_type=Path))
before_option = click.option("--before", required=True, help="The column of values before.")
after_option = click.option("--after", required=True, help="The column of values after.")
value_option = click.option("--value", required=True, help="The column of values.")
group_option = click.option("--group", required=True, help="The column that says which group a row is of.")
separator_option = click.option(
    "--separator", type=click.Choice(list(SEPARATORS)), default="comma", help="What stands between the cells."
)
alternative_option = click.option(
    "--alternative", type=click.Choice(["two-sided", "greater", "less"]), default="two-sided",
    help="greater: after above before, or the first group above the second.",
)  # fmt: skip
draws_option = click.option("--draws", type=int, default=0, help="Draws at random where the exact answer is too large.")
seed_option = click.option("--seed", type=int, default=1, help="Where the draws begin; the same seed draws the same.")


@click.group()
def stats() -> None:
    """Exact tests, intervals and checks for tiny numbers."""


def of_a_test(command: Command) -> Command:
    """The options every test has."""
    for option in (json_option, seed_option, draws_option, separator_option, file_argument):
        command = option(command)
    return command


@stats.command("signed-rank")
@before_option
@after_option
@click.option("--zeros", type=click.Choice(["wilcoxon", "pratt", "zsplit"]), default="wilcoxon")
@alternative_option
@of_a_test
def signed_rank_command(file: Path, before: str, after: str, *, zeros: Any, alternative: Any, **options: Any) -> None:
    """Wilcoxon's signed-rank test of after minus before in FILE, one row a subject, ties and zeros exact."""
    early, late, left_out = parse_pair(read_table(file, options["separator"]), before, after)
    with computing(), progress("Counting the arrangements"):
        differences = compute_differences(early, late)
        p = signed_rank(differences, zeros=zeros, alternative=alternative, monte_carlo=chance(options))
        shift, effect = shift_of(differences), rank_biserial(differences)
    answer = {"test": p, "hodges_lehmann": shift, "rank_biserial": effect, "n": len(differences)}
    print_test(answer, p, shift, notes=left_out, as_json=options["as_json"])


@stats.command("sign")
@before_option
@after_option
@alternative_option
@of_a_test
def sign_command(file: Path, before: str, after: str, *, alternative: Any, **options: Any) -> None:
    """The sign test of after minus before in FILE, one row a subject."""
    early, late, left_out = parse_pair(read_table(file, options["separator"]), before, after)
    with computing():
        p = sign_test(compute_differences(early, late), alternative=alternative)
    print_test({"test": p, "n": len(early)}, p, None, notes=left_out, as_json=options["as_json"])


@stats.command("rank-sum")
@value_option
@group_option
@alternative_option
@of_a_test
def rank_sum_command(file: Path, value: str, group: str, *, alternative: Any, **options: Any) -> None:
    """The Mann-Whitney test of two groups of different subjects in FILE, one row a subject."""
    (first, x), (second, y), notes = two_groups(file, value, group, separator=options["separator"])
    with computing(), progress("Counting the arrangements"):
        p = rank_sum(x, y, alternative=alternative, monte_carlo=chance(options))
        shift, effect = shift_of(x, y), rank_biserial(x, y)
    answer = {"test": p, "hodges_lehmann": shift, "rank_biserial": effect, "groups": {first: len(x), second: len(y)}}
    print_test(
        answer,
        p,
        shift,
        notes=(f"{first} less {second}, in the order of the file. {STRANGERS}", *notes),
        as_json=options["as_json"],
    )


@stats.command("permutation")
@click.option("--before", default="", help="The column of values before.")
@click.option("--after", default="", help="The column of values after.")
@click.option("--value", default="", help="The column of values, with --group.")
@click.option("--group", default="", help="The column that says which of two groups a row is of.")
@alternative_option
@of_a_test
def permutation_command(file: Path, *, before: str, after: str, value: str, group: str, **options: Any) -> None:
    """Fisher and Pitman's permutation test of means in FILE: --before and --after, or --value and --group."""
    if bool(before and after) == bool(value and group):
        raise Stop(Exit.USAGE, "Name --before and --after for paired values, or --value and --group for two groups.")
    notes: tuple[str, ...]
    if before:
        early, late, notes = parse_pair(read_table(file, options["separator"]), before, after)
    else:
        (first, x), (second, y), notes = two_groups(file, value, group, separator=options["separator"])
        notes = (f"{first} less {second}, in the order of the file. {STRANGERS}", *notes)
    with computing(), progress("Counting the arrangements"):
        sides = (compute_differences(early, late),) if before else (x, y)
        p = permutation_mean(*sides, alternative=options["alternative"], monte_carlo=chance(options))
    print_test({"test": p}, p, None, notes=notes, as_json=options["as_json"])


@stats.command("kruskal-wallis")
@value_option
@group_option
@click.option("--id", "subject", default="", help="The column of subjects: repeated ones are warned of.")
@of_a_test
def kruskal_wallis_command(file: Path, value: str, group: str, *, subject: str, **options: Any) -> None:
    """The exact Kruskal-Wallis test of several groups of different subjects in FILE."""
    table = read_table(file, options["separator"])
    words, numbers = parse_words(table, group), parse_column(table, value, subject=subject)
    names = tuple(dict.fromkeys(words))
    rows = [
        [n for n, word in zip(numbers, words, strict=True) if word == name and n.value is not None] for name in names
    ]
    with computing(), progress("Counting the arrangements"):
        groups = [[number.value for number in row] for row in rows]
        ids = [[number.subject for number in row] for row in rows] if subject else None
        p = kruskal_wallis(groups, ids=ids, monte_carlo=chance(options))
    answer = {"test": p, "groups": {name: len(row) for name, row in zip(names, rows, strict=True)}}
    taken = () if subject else (STRANGERS,)
    print_test(answer, p, None, notes=(*taken, *render_absent(numbers, value)), as_json=options["as_json"])


@stats.command("friedman")
@click.option("--columns", required=True, help="The columns of the times or treatments, with commas between.")
@of_a_test
def friedman_command(file: Path, columns: str, **options: Any) -> None:
    """Friedman's exact test of repeated measurements in FILE: a row a subject, a column a time."""
    table = read_table(file, options["separator"])
    by_time = [parse_column(table, column.strip()) for column in columns.split(",") if column.strip()]
    whole = [row for row in zip(*by_time, strict=True) if all(number.value is not None for number in row)]
    left_out = len(table.rows) - len(whole)
    notes = (f"{left_out} subjects without a value at every time are left out.",) if left_out else ()
    with computing(), progress("Counting the arrangements"):
        p = friedman([[number.value for number in row] for row in whole], monte_carlo=chance(options))
    print_test({"test": p, "n": len(whole)}, p, None, notes=notes, as_json=options["as_json"])


STRANGERS = "Every row is taken for another subject."


def shift_of(*samples: Any) -> Interval | None:
    """The Hodges-Lehmann estimate, or None where there are too many values for it; the test stands without."""
    try:
        return hodges_lehmann(*samples)
    except TooLarge:
        return None


def two_groups(file: Path, value: str, group: str, *, separator: str) -> tuple[Any, Any, tuple[str, ...]]:
    """The two groups of a file, each with its name, and what to say of rows without a value.

    Raises `Stop` when there are not two.
    """
    groups = parse_groups(read_table(file, separator), value, group)
    if len(groups) != 2:
        names = ", ".join(show(name) or "(empty)" for name in groups)
        raise Stop(Exit.INPUT, f"{file.name}: {group} names {len(groups)} groups ({names}). This test compares two.")
    everyone = [number for numbers in groups.values() for number in numbers]
    first, second = ((name, present(numbers)) for name, numbers in groups.items())
    return first, second, render_absent(everyone, value)


def chance(options: dict[str, Any]) -> MonteCarlo | None:
    """The leave to draw at random, where it was given."""
    return MonteCarlo(options["draws"], options["seed"]) if options["draws"] else None


def print_test(
    answer: object, p: PValue, shift: Interval | None, *, notes: tuple[str, ...] = (), as_json: bool
) -> None:
    """A test with the estimate that belongs to it."""
    estimate = lines_of_interval(shift, "Hodges-Lehmann") if shift else ()
    title = p.method[:1].upper() + p.method[1:]
    print_answer(answer, (*lines_of_p(p), *estimate), title=title, notes=(*p.notes, *notes), as_json=as_json)
