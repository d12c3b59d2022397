"""What commands print: JSON for machines, plain tables for people."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from rich.console import Console

from firstbreath.cli.exits import Exit, Stop
from firstbreath.trial.history import History
from firstbreath.trial.moment import parse_moment
from firstbreath.trial.state import Trial

Command = TypeVar("Command", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
folder_argument = click.argument("folder", type=click.Path(path_type=Path))
as_of_option = click.option(
    "--as-of", "as_of", default="", help="An event number, or a time such as 2022-05-26T00:01Z."
)


def print_json(value: object) -> None:
    """A value as indented JSON on standard output."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def console(*, error: bool = False) -> Console:
    """The terminal; plain text when it is none."""
    return Console(stderr=error, highlight=False, soft_wrap=False)


@contextmanager
def progress(words: str) -> Iterator[None]:
    """A moving sign on standard error while something takes more than a moment; silent when nobody watches."""
    terminal = console(error=True)
    if not terminal.is_terminal:
        yield
        return
    with terminal.status(words):
        yield


def trial_at(history: History, text: str) -> Trial:
    """The trial as of the moment a text names, or now for an empty one."""
    try:
        moment = parse_moment(text)
        return history.now if moment is None else history.as_of(moment)
    except ValueError as wrong:
        raise Stop(Exit.USAGE, f"{str(wrong).rstrip('.')}.") from None
