"""`stats reconstruct`: the values that a printed summary hides."""

from typing import Any

import click

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.say import json_option
from firstbreath.cli.stats_rates import parse_decimal
from firstbreath.cli.stats_say import computing, encode_answer
from firstbreath.stats.reconstruction import reconstruct, render_reconstruction


@click.command("reconstruct")
@click.option("--n", "size", type=int, required=True, help="How many subjects.")
@click.option("--median", required=True, help="As printed.")
@click.option("--quartiles", default="", help="First and third, as printed: 43,70.")
@click.option("--range", "extremes", default="", help="Lowest and highest value, as printed: 34,75.")
@click.option("--scale", default="", help="The lowest and highest value there can be: 0,72.")
@click.option("--definition", type=click.IntRange(1, 9), default=6, help="Hyndman and Fan's, 1 to 9.")
@click.option("--decimals", type=int, default=0, help="Decimals of each recorded value.")
@json_option
def reconstruct_command(size: int, median: str, quartiles: str, *, as_json: bool, **options: Any) -> None:
    """The values that a printed median and its quartiles can hide: those they reveal, and the room of the others."""
    first, third = pair(quartiles, "--quartiles")
    minimum, maximum = pair(options["extremes"], "--range")
    lowest, highest = pair(options["scale"], "--scale")
    with computing():
        answer = reconstruct(
            size, median=median, first=first, third=third,
            minimum=minimum, maximum=maximum, lowest=lowest, highest=highest,
            definition=options["definition"], decimals=options["decimals"],
        )  # fmt: skip
    click.echo(encode_answer(answer).decode() if as_json else render_reconstruction(answer))


def pair(text: str, option: str) -> tuple[str | None, str | None]:
    """Two numbers as typed, or neither.

    Raises `Stop` for anything else.
    """
    if not text:
        return None, None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2:
        raise Stop(Exit.USAGE, f'{option} is "{text[:40]}". Give two numbers with a comma between: 43,70.')
    for part in parts:
        parse_decimal(part, option)
    return parts[0], parts[1]


COMMANDS = (reconstruct_command,)
