"""Labels that do not lie on each other: where each stands when it may not stand where it belongs. Name: `spread`."""

from collections.abc import Sequence

import msgspec


class _Block(msgspec.Struct, frozen=True):
    """Labels that touch: the place of the first, and how many they are."""

    begin: float
    wanted: tuple[float, ...]

    def end(self, gap: float) -> float:
        return self.begin + gap * len(self.wanted)


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """A place for each label, in the order given: at least `gap` apart, within bounds, as near as can be as wanted.

    wanted     where each label belongs, in any unit; equal ones keep their order
    gap        the least distance of two labels, in that unit
    low, high  the bounds; when there is no room for all between them, the labels go on above `high`
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    blocks: list[_Block] = []
    for place in order:
        blocks.append(_settle((wanted[place],), gap=gap, low=low, high=high))
        while len(blocks) > 1 and blocks[-2].end(gap) > blocks[-1].begin:
            above, below = blocks.pop(), blocks.pop()
            blocks.append(_settle(below.wanted + above.wanted, gap=gap, low=low, high=high))
    places = [block.begin + gap * step for block in blocks for step in range(len(block.wanted))]
    found = dict(zip(order, places, strict=True))
    return [found[place] for place in range(len(wanted))]


def _settle(wanted: tuple[float, ...], *, gap: float, low: float, high: float) -> _Block:
    """Labels that touch, where the sum of their squared distances is least; moved inside the bounds."""
    begin = sum(place - gap * step for step, place in enumerate(wanted)) / len(wanted)
    return _Block(max(low, min(begin, high - gap * (len(wanted) - 1))), wanted)
