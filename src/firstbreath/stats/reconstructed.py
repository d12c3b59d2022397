"""The answer of a reconstruction, and its words: which values are revealed, and the room of the others."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TypeAlias

from msgspec import Struct

from firstbreath.stats.order_statistics import Statement
from firstbreath.stats.rounding import render_number

Room: TypeAlias = tuple[Decimal | None, Decimal | None]
"""The least and greatest a value can be; None where nothing printed bounds it."""
LONG_COUNT = 10**15
ROUNDING = "A printed half may have been rounded either way."


class Reconstruction(Struct, frozen=True):
    """What a printed median, quartiles and range say of the n values behind them, in ascending order.

    possible : False is a proof that no values print so, and `reason` says which printed numbers exclude each
    other; True is only not excluded. ranges : of each value, exact; None where nothing bounds it. revealed :
    the places (from 1) whose value is certain, with it. mean : the least and greatest mean, each attained.
    count : the samples that print so, None when nothing bounds the outermost values. decimals : of each
    recorded value. definition : the Hyndman-Fan type.
    """

    n: int
    definition: int
    decimals: int
    possible: bool
    reason: str
    revealed: tuple[tuple[int, Decimal], ...]
    ranges: tuple[Room, ...]
    mean: tuple[Fraction | None, Fraction | None]
    count: int | None
    working: str = ""


def render_working(answer: Reconstruction, statements: Sequence[Statement]) -> str:
    """The text of a reconstruction in sentences: where the quantiles stand, what is revealed, what is left open.

    statements : what was printed, in the order to be read.
    """
    stand = "; ".join(f"the {statement.name} is {render_place(statement)}" for statement in statements)
    placed = f"In {answer.n} values in order, by Hyndman and Fan's type {answer.definition}, {stand}."
    if not answer.possible:
        return f"{placed} {answer.reason} {ROUNDING}"
    sure = ", ".join(f"value {place} is {_render(value, answer.decimals)}" for place, value in answer.revealed)
    rest = "; ".join(f"{what} {room}" for what, room in _rooms(answer) if not room.startswith(("is ", "are ")))
    sentences = (
        placed,
        f"Revealed: {sure}." if sure else "No value is revealed exactly.",
        f"The room of the others: {rest}." if rest else "",
        _render_mean(answer),
        _render_count(answer),
        ROUNDING,
    )
    return " ".join(filter(None, sentences))


def render_reconstruction(answer: Reconstruction) -> str:
    """The text of a reconstruction, for a reader: the verdict in the first line, then a line for each value.

    answer : what `reconstruct` gave.
    """
    if not answer.possible:
        return f"Impossible: {answer.reason}\n{ROUNDING}"
    revealed = len(answer.revealed)
    verb = "is" if revealed == 1 else "are"
    head = f"{revealed or 'None'} of {answer.n} values {verb} revealed exactly."
    lines = [f"  {what} {room}" for what, room in _rooms(answer)]
    return "\n".join(filter(None, (head, *lines, _render_mean(answer), _render_count(answer), ROUNDING)))


def render_reason(n: int, decimals: int, statements: Sequence[Statement], *, scale: str) -> str:
    """The sentence on which printed numbers exclude each other, or the values there can be.

    statements : the fewest that cannot hold at once. scale : the bounds of the scale in words, or "".
    """
    grain = "whole values" if decimals == 0 else f"values recorded to {decimals} decimal{'s'[: decimals != 1]}"
    printed = " and ".join(f"a {statement.name} that prints {statement.printed}" for statement in statements)
    stand = ", ".join(f"the {statement.name} is {render_place(statement)}" for statement in statements)
    both = " at once" if len(statements) > 1 else ""
    return f"No {n} {grain}{scale} have {printed}{both}: {stand}."


def render_place(statement: Statement) -> str:
    """The text of where a quantile stands among the values in order."""
    if not statement.weight:
        return f"value {statement.place}"
    pair = f"values {statement.place} and {statement.place + 1}"
    if statement.weight == Fraction(1, 2):
        return f"the mean of {pair}"
    return f"{statement.weight} of the way between {pair}"


def _rooms(answer: Reconstruction) -> Iterator[tuple[str, str]]:
    """Each value, or run of values with the same room, and that room in words."""
    for room, run in groupby(enumerate(answer.ranges, 1), key=lambda place: place[1]):
        places = [place for place, _ in run]
        what = f"value {places[0]}" if len(places) == 1 else f"values {places[0]} to {places[-1]}"
        yield what, _render_room(room, answer.decimals, several=len(places) > 1)


def _render_room(room: Room, decimals: int, *, several: bool) -> str:
    low, high = room
    if low is not None and low == high:
        return f"{'are' if several else 'is'} {_render(low, decimals)}"
    if low is not None and high is not None:
        return f"from {_render(low, decimals)} to {_render(high, decimals)}"
    if low is not None:
        return f"at least {_render(low, decimals)}"
    return "anything" if high is None else f"at most {_render(high, decimals)}"


def _render(value: Decimal, decimals: int) -> str:
    return render_number(value, decimals)


def render_interval(what: str, ends: tuple[Fraction | None, Fraction | None], decimals: int) -> str:
    """The sentence that something lies between two ends, or on one side of one, or "" when nothing bounds it."""
    low, high = (None if end is None else render_number(end, decimals) for end in ends)
    if low is not None and high is not None:
        return f"{what} is {low}." if low == high else f"{what} is from {low} to {high}."
    if low is not None:
        return f"{what} is at least {low}."
    return "" if high is None else f"{what} is at most {high}."


def _render_mean(answer: Reconstruction) -> str:
    return render_interval("The mean", answer.mean, answer.decimals + 2)


def _render_count(answer: Reconstruction) -> str:
    if answer.count is None:
        return ""
    if answer.count >= LONG_COUNT:
        return f"More than 10^{len(str(answer.count)) - 1} samples print so."
    return "One sample prints so." if answer.count == 1 else f"{answer.count:,} samples print so."
