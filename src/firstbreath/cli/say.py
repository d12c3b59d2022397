"""What commands print: JSON for machines, plain tables for people."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from rich.console import Console

from firstbreath.cli.exits import Exit, Stop

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


def parse_moment(text: str) -> int | datetime | None:
    """An event number or a time with a zone (UTC when none is given); None for an empty text."""
    if not text:
        return None
    if text.isdigit():
        return int(text[:18])
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Stop(Exit.USAGE, f"{text!r} is neither an event number nor a time such as 2022-05-26T00:01Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
