"""The values the exact tests are given: whole numbers from one seed, with ties and zeros, or with neither."""

from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from msgspec import Struct

Columns = tuple[tuple[int, ...], ...]
SIZES = (7, 12, 20, 50, 200)
TIED, UNTIED = "tied", "untied"
"""Pairs, or subjects in each sample. The tests of several groups end where a call of ours takes half a minute."""
SHAPES = ((2, 2, 7), (2, 3, 7), (3, 3, 7), (3, 4, 10), (3, 3, 20), (4, 4, 10))
"""Rows, columns and subjects in each row of a table of counts."""


class Case(Struct, frozen=True):
    """What one test is given. columns : differences; samples; groups; times of the same subjects; rows of a table."""

    test: str
    n: int
    data: str
    columns: Columns

    @property
    def name(self) -> str:
        return f"{self.test}, n = {self.n}, {self.data}"


def make_cases(*, quick: bool = False) -> list[Case]:
    """Every case, test by test, small before large; quick keeps the two smallest sizes of each."""
    most = 2 if quick else 99
    cases = []
    for test, (sizes, make) in TESTS.items():
        if test in UNEQUAL:
            cases.append(Case(test, 7, "7 v 4", make_unequal(Random(test))))
        for n in sizes[:most]:
            cases += [Case(test, n, data, make(n, Random(f"{test} {n} {data}"), tied=data == TIED)) for data in KINDS]
    return cases + [make_table(*shape) for shape in SHAPES[: 2 * most]]


def make_differences(n: int, random: Random, *, tied: bool) -> Columns:
    if tied:
        return (tuple(random.randint(-4, 6) for _ in range(n)),)
    return (tuple(random.choice((-1, 1, 1)) * size for size in random.sample(range(1, 1001), n)),)


def make_samples(n: int, random: Random, *, tied: bool, groups: int = 2) -> Columns:
    """Groups of n whose values rise a little from one group to the next."""
    if tied:
        return tuple(tuple(random.randint(0, 9) + group for _ in range(n)) for group in range(groups))
    drawn = [random.sample(range(1, 301), n) for _ in range(groups)]
    return tuple(tuple(groups * (value + 40 * group) + group for value in values) for group, values in enumerate(drawn))


def make_unequal(random: Random) -> Columns:
    x, y = make_samples(7, random, tied=True)
    return x, y[:4]


def make_table(rows: int, columns: int, subjects: int) -> Case:
    random = Random(f"table {rows} {columns} {subjects}")
    drawn = [[random.randrange(row + columns) % columns for _ in range(subjects)] for row in range(rows)]
    counts = tuple(tuple(row.count(column) for column in range(columns)) for row in drawn)
    return Case("Fisher", rows * subjects, f"{rows} x {columns}", counts)


KINDS = (TIED, UNTIED)
UNEQUAL = ("rank sum", "permutation, unpaired")
TESTS: dict[str, tuple[tuple[int, ...], Callable[..., Columns]]] = {
    "signed rank": (SIZES, make_differences),
    "signed rank, Pratt": (SIZES, make_differences),
    "permutation, paired": (SIZES, make_differences),
    "sign test": (SIZES, make_differences),
    "rank sum": ((7, 12, 20, 50, 100, 200), make_samples),
    "permutation, unpaired": (SIZES, make_samples),
    "Kruskal-Wallis, 3 groups": ((3, 4, 7, 12), partial(make_samples, groups=3)),
    "Friedman, 3 times": ((4, 7, 12, 20, 50), partial(make_samples, groups=3)),
    "Friedman, 4 times": ((4, 7, 12, 20), partial(make_samples, groups=4)),
}


def write_cases(cases: list[Case]) -> Iterator[str]:
    """The cases as lines that R reads: place, test, n, data, columns; parted by tabs, bars and spaces."""
    for place, case in enumerate(cases):
        columns = "|".join(" ".join(map(str, column)) for column in case.columns)
        yield f"{place}\t{case.test}\t{case.n}\t{case.data}\t{columns}\n"
