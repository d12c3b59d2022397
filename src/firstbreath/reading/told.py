"""How far something long is, told while it is done: who listens, and when, is no matter of this room."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Told = Callable[[int, int], None]
"""Takes how many are done, and of how many; it raises nothing and takes no time."""
T = TypeVar("T")


def untold(done: int, of: int) -> None:
    """Nobody listens."""


def counted(each: Sequence[T], told: Told) -> Iterator[T]:
    """One after the other, each told of once it is done."""
    for number, one in enumerate(each, 1):
        yield one
        told(number, len(each))
