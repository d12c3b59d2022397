"""The order in which each reader reads: drawn from a seed, stored, and the same again for whoever has the seed."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress

from firstbreath.events.kinds import TaskDrawn

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowel, so that a code is no word."""
CODE_LENGTH = 5
LEAST_TO_HIDE = 4
"""In a shorter list a repeat would follow its first reading."""
MAX_SWAPS = 5_000


class Draws:
    """Whole numbers below a bound, one after the other, from SHA-256 of a seed and a counter."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._count = 0

    def below(self, bound: int) -> int:
        """The next number from 0 to bound - 1, each as likely."""
        limit = (1 << 64) - (1 << 64) % bound
        while True:
            digest = hashlib.sha256(self._seed + self._count.to_bytes(8, "big")).digest()
            self._count += 1
            number = int.from_bytes(digest[:8], "big")
            if number < limit:
                return number % bound

    def shuffled(self, things: Sequence[str]) -> list[str]:
        """The things in an order drawn at random (Fisher and Yates)."""
        order = list(things)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def code(self, taken: set[str]) -> str:
        """A code that was not given before."""
        while True:
            code = "".join(LETTERS[self.below(len(LETTERS))] for _ in range(CODE_LENGTH))
            if code not in taken:
                taken.add(code)
                return code


def seal_of(seed: str) -> str:
    """The SHA-256 of a seed: it can be published before the seed is."""
    return hashlib.sha256(seed.encode()).hexdigest()


def draw_order(
    scans: Mapping[str, str],
    readers: Sequence[str],
    seed: str,
    *,
    repeats_percent: int,
    apart: int,
    given: Collection[str] = (),
) -> tuple[tuple[TaskDrawn, ...], dict[str, str]]:
    """The tasks of every reader, and for each scan the code of its case.

    scans            the subject of each
    repeats_percent  the share of scans that a reader is given twice, rounded up; none of a list too short to hide one
    given            codes of earlier draws, which are not given again
    apart            how many others lie at least between two scans of one subject; a repeat lies a third of the list
                     from its first reading

    Raises `ValueError` when no order keeps the scans apart.
    """
    draws, taken = Draws(seed), {*given}
    cases = {scan: draws.code(taken) for scan in draws.shuffled(sorted(scans))}
    lists = (_list(draws, taken, scans, reader, rule=(repeats_percent, apart)) for reader in readers)
    return tuple(task for tasks in lists for task in tasks), cases


def draw_list(
    scans: Mapping[str, str], reader: str, seed: str, *, repeats_percent: int, apart: int, given: Collection[str]
) -> tuple[TaskDrawn, ...]:
    """The tasks of a reader who takes another's place; see `draw_order`.

    Where the scans that are left are too few to be kept so far apart, they are as far apart as they can be: somebody
    has to read them.
    """
    for nearer in range(apart, 0, -1):
        with suppress(ValueError):
            return tuple(_list(Draws(seed), {*given}, scans, reader, rule=(repeats_percent, nearer)))
    return tuple(_list(Draws(seed), {*given}, scans, reader, rule=(0, 0)))


def _list(
    draws: Draws, taken: set[str], scans: Mapping[str, str], reader: str, *, rule: tuple[int, int]
) -> Iterator[TaskDrawn]:
    """The list of one reader; the rule is the share of repeats and how far scans of a subject are apart."""
    (repeats_percent, apart), named = rule, sorted(scans)
    repeats = -(-len(named) * repeats_percent // 100) if len(named) >= LEAST_TO_HIDE else 0
    again = draws.shuffled(named)[:repeats]
    met: set[str] = set()
    for position, scan in enumerate(_spread(draws, [*named, *again], scans, apart), 1):
        yield TaskDrawn(draws.code(taken), reader, scan, position, again=scan in met)
        met.add(scan)


def _spread(draws: Draws, scans: Sequence[str], subjects: Mapping[str, str], apart: int) -> list[str]:
    """A drawn order; whatever lies too near is exchanged with a place drawn anew until nothing does."""
    order, far = draws.shuffled(scans), len(scans) // 3

    def near(place: int) -> int:
        reach = max(apart, far)
        window = range(max(0, place - reach), min(len(order), place + reach + 1))
        return sum(
            1
            for other in window
            if other != place
            and subjects[order[other]] == subjects[order[place]]
            and abs(other - place) <= (far if order[other] == order[place] else apart)
        )

    for _ in range(MAX_SWAPS):
        wrong = [place for place in range(len(order)) if near(place)]
        if not wrong:
            return order
        here, there = wrong[draws.below(len(wrong))], draws.below(len(order))
        before = near(here) + near(there)
        order[here], order[there] = order[there], order[here]
        if near(here) + near(there) > before:
            order[here], order[there] = order[there], order[here]
    msg = f"{len(scans)} readings of {len({*subjects.values()})} patients cannot be kept {apart} apart"
    raise ValueError(msg)
