"""What the `stats` commands print: short labelled lines for people, exact fractions for machines."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from typing import Any

import click
import msgspec
from rich.markup import escape
from rich.table import Table

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.say import console
from firstbreath.stats.answers import Interval, PValue, render_p
from firstbreath.stats.refusals import NotComputable
from firstbreath.stats.rounding import render_number

Lines = Iterable[tuple[str, str]]
PERCENT = Decimal(100)


@contextmanager
def computing() -> Iterator[None]:
    """What the statistics cannot answer, as a stop that says what to give instead."""
    try:
        yield
    except NotComputable as refused:
        raise Stop(Exit.INPUT, f"{str(refused).rstrip('.')}.") from None


def print_answer(answer: object, lines: Lines, *, title: str, as_json: bool, notes: Iterable[str] = ()) -> None:
    """An answer as JSON, or its lines under a title with the notes a reader must not miss."""
    if as_json:
        click.echo(encode_answer(answer, tuple(notes)).decode())
        return
    terminal = console()
    terminal.print(f"[bold]{escape(title)}[/]")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2), pad_edge=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for label, text in lines:
        table.add_row(escape(plain(label)), escape(plain(text)))
    terminal.print(table)
    for note in notes:
        terminal.print(f"  [yellow]![/] {escape(plain(note))}")


def plain(text: str) -> str:
    """A text from a file as a terminal can bear it: what no letter stands for is written out, line breaks stay."""
    return "".join(letter if letter.isprintable() or letter == "\n" else f"\\x{ord(letter):02x}" for letter in text)


def encode_answer(answer: object, notes: tuple[str, ...] = ()) -> bytes:
    """An answer as indented JSON: a fraction is an object with its exact text and its decimal."""
    built: Any = msgspec.to_builtins(answer, enc_hook=_encode_fraction)
    if isinstance(built, dict) and notes:
        built["notes"] = [*built.get("notes", ()), *notes]
    return msgspec.json.format(msgspec.json.encode(built), indent=2)


def _encode_fraction(value: object) -> object:
    if isinstance(value, Fraction):
        return {"exact": str(value), "decimal": float(value)}
    raise TypeError(f"no JSON for {type(value).__name__}")


def lines_of_p(p: PValue) -> Lines:
    """The lines of a test: p with its fraction, the statistic, the smallest p there could be."""
    yield "p", render_p(p)
    yield p.name or "statistic", render_exact(p.statistic)
    least = p.smallest * p.denominator
    fraction = f" ({least}/{p.denominator})" if least.denominator == 1 else ""
    yield "smallest possible p", f"{render_small(p.smallest)}{fraction} with these sizes and ties"


def lines_of_interval(interval: Interval, label: str, unit: str = "") -> Lines:
    """The lines of an estimate: with its interval and the level that interval attains."""
    beside = f" {unit}" if unit else ""
    yield label, f"{render_exact(interval.estimate)}{beside}"
    if interval.lower is None or interval.upper is None:
        yield "interval", interval.note
    else:
        level = render_number(interval.level * 100, 2)
        limits = f"{render_exact(interval.lower)} to {render_exact(interval.upper)}{beside}"
        yield "interval", f"{limits}, attained level {level} %"
    yield "definition", interval.definition.partition(";")[0]


def render_small(p: Fraction) -> str:
    """The text of a p-value with four decimals, or that it is smaller than they show."""
    return render_number(p, 4) if p >= Fraction(1, 20_000) else "< 0.0001"


def render_exact(value: Fraction, most: int = 4) -> str:
    """The text of a fraction: as a decimal where one ends within four digits, else rounded half up."""
    for decimals in range(most + 1):
        if (value * 10**decimals).denominator == 1:
            return render_number(value, decimals)
    return render_number(value, most)


def render_share(value: Decimal | Fraction, decimals: int = 1) -> str:
    """The text of a share as a percentage: "14.3 %"."""
    return f"{render_number(Fraction(value) * 100, decimals)} %"
