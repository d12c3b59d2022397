"""`stats binomial`, `fisher`, `paired` and `adjust`: counts and p-values typed on the command line."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import click

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.say import json_option, progress
from firstbreath.cli.stats import chance, draws_option, print_test, seed_option
from firstbreath.cli.stats_say import computing, print_answer, render_share
from firstbreath.stats.fisher import fisher_exact
from firstbreath.stats.multiplicity import hochberg, holm
from firstbreath.stats.posteriors import posterior_above
from firstbreath.stats.proportions import Proportion, binomial_interval
from firstbreath.stats.rounding import render_number

level_option = click.option("--level", default="0.95", help="The confidence, such as 0.95.")


@click.command("binomial")
@click.argument("k", type=int)
@click.argument("n", type=int)
@click.option("--method", type=click.Choice(["clopper-pearson", "wilson", "jeffreys"]), default="clopper-pearson")
@click.option("--above", default="", help="A rate, such as 0.1: how likely is a higher one?")
@click.option("--prior", type=click.Choice(["uniform", "jeffreys"]), default="uniform")
@level_option
@json_option
def binomial_command(k: int, n: int, *, method: Any, above: str, prior: Any, level: str, as_json: bool) -> None:
    """The rate of K events in N subjects with its exact interval, two-sided and one-sided."""
    confidence = parse_decimal(level, "--level")
    with computing():
        both, one = (binomial_interval(k, n, method=method, level=confidence, sides=sides) for sides in (2, 1))
        belief = posterior_above(k, n, Fraction(parse_decimal(above, "--above")), prior=prior) if above else None
    lines = [
        ("rate", f"{k} of {n}, {render_share(Fraction(k, n))}"),
        (f"{percent(level)} interval", f"{render_share(both.lower)} to {render_share(both.upper)}, two-sided"),
    ]
    lines += [("at most", f"{render_share(one.upper)}, one-sided {percent(level)} bound")] if k < n else []
    lines += [("at least", f"{render_share(one.lower)}, one-sided {percent(level)} bound")] if k else []
    lines += [("belief", belief.text)] if belief else []
    answer = {"two_sided": both, "one_sided": one, "posterior": belief}
    print_answer(answer, lines, title=f"{k} of {n}: {named(both)}", as_json=as_json)


@click.command("fisher")
@click.argument("table")
@click.option("--alternative", type=click.Choice(["two-sided", "greater", "less"]), default="two-sided")
@draws_option
@seed_option
@json_option
def fisher_command(table: str, *, alternative: Any, as_json: bool, **options: Any) -> None:
    """Fisher's exact test of TABLE, rows with ; between and counts with , between: "3,1;1,3"."""
    rows = [[parse_whole(cell, "the table") for cell in row.split(",")] for row in table.split(";")]
    with computing(), progress("Counting the tables"):
        p = fisher_exact(rows, alternative=alternative, monte_carlo=chance(options))
    print_test({"test": p}, p, None, as_json=as_json)


@click.command("adjust")
@click.argument("p", nargs=-1, required=True)
@json_option
def adjust_command(p: tuple[str, ...], *, as_json: bool) -> None:
    """Adjust several P for having done several tests: Holm's way, and Hochberg's."""
    printed = [parse_decimal(text, "p") for text in p]
    with computing():
        one, other = holm(printed), hochberg(printed)
    lines = [
        (text, f"Holm {render_number(by_holm, 4)}, Hochberg {render_number(by_hochberg, 4)}")
        for text, by_holm, by_hochberg in zip(p, one, other, strict=True)
    ]
    note = "Hochberg's holds for independent or positively dependent tests; Holm's always."
    answer = {"p": printed, "holm": one, "hochberg": other}
    print_answer(answer, lines, title=f"{len(p)} p-values, adjusted", notes=(note,), as_json=as_json)


def parse_decimal(text: str, where: str) -> Decimal:
    """The number typed.

    Raises `Stop` when it is none.
    """
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Stop(Exit.USAGE, f'"{text[:40]}" in {where} is not a number such as 0.05.') from None


def parse_whole(text: str, where: str) -> int:
    """The count typed.

    Raises `Stop` when it is none.
    """
    if not text.strip().isdecimal() or len(text) > 12:
        raise Stop(Exit.USAGE, f'"{text[:40]}" in {where} is not a count such as 3. Write "3,1;1,3".')
    return int(text)


def percent(level: str) -> str:
    """A level as people say it: "95 %"."""
    return f"{render_number(Decimal(level) * 100, 1).removesuffix('.0')} %"


def named(interval: Proportion) -> str:
    """The method of an interval, in words."""
    return f"{interval.method} interval"


COMMANDS = (
    binomial_command,
    fisher_command,
    adjust_command,
)
