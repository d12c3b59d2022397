"""`stats attainable`: what a printed p-value can and cannot be."""

from typing import Any, get_args

import click

from firstbreath.cli.say import json_option, progress
from firstbreath.cli.stats_rates import parse_whole
from firstbreath.cli.stats_say import computing, encode_answer
from firstbreath.stats.attaining import Test, attainable, render_attainable


@click.command("attainable")
@click.option("--test", required=True, type=click.Choice(get_args(Test)), help="The test named.")
@click.option("--n", "sizes", required=True, help="The pairs, or the sizes of both groups: 7 or 7,7.")
@click.option("--p", required=True, help='The p-value as printed: 0.0559, or "<0.05".')
@click.option("--sides", type=click.IntRange(1, 2), default=None, help="1 or 2; both are tried when left out.")
@json_option
def attainable_command(test: Any, sizes: str, p: str, *, sides: int | None, as_json: bool) -> None:
    """Whether a printed P can come from the exact TEST on N subjects, why, and which tests could give it."""
    n = tuple(parse_whole(size, "--n") for size in sizes.split(","))
    with computing(), progress("Trying every pattern of ties"):
        answer = attainable(test, n if len(n) > 1 else n[0], p, sides=sides)
    click.echo(encode_answer(answer).decode() if as_json else render_attainable(answer))


COMMANDS = (attainable_command,)
