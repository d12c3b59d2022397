"""Kruskal-Wallis and Friedman: critical values and worked examples from the literature.

A critical value is reproduced by finding ranks that give exactly that statistic, and asking for their p.
"""

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.stats.rounding import prints_as
from firstbreath.stats.several_groups import friedman, kruskal_wallis

SEARCHED = 20_000


def find(target: Decimal, start, statistic, shuffle):
    """Ranks whose statistic prints as the target: a walk that takes every step towards it."""
    chance = random.Random(0)
    for _ in range(60):
        here, distance = start(chance), None
        for _ in range(SEARCHED // 60):
            there = shuffle(here, chance)
            value = statistic(there)
            if prints_as(value, target):
                return there
            off = abs(value - Fraction(target))
            if distance is None or off <= distance:
                here, distance = there, off
    raise AssertionError(f"no ranks found with {target}")


def ranks_in_groups(sizes, target):
    """Untied ranks dealt to groups of these sizes, with that H."""
    total = sum(sizes)

    def h(ranks):
        at, squares = 0, Fraction(0)
        for size in sizes:
            squares += Fraction(sum(ranks[at : at + size]) ** 2, size)
            at += size
        return Fraction(12, total * (total + 1)) * squares - 3 * (total + 1)

    def swap(ranks, chance):
        one, other = chance.sample(range(total), 2)
        moved = list(ranks)
        moved[one], moved[other] = moved[other], moved[one]
        return moved

    ranks = find(target, lambda chance: chance.sample(range(1, total + 1), total), h, swap)
    return [ranks[sum(sizes[:place]) : sum(sizes[: place + 1])] for place in range(len(sizes))]


def ranks_in_rows(subjects, times, target):
    """Untied ranks within rows, with that Q."""

    def q(rows):
        squares = sum(sum(column) ** 2 for column in zip(*rows, strict=True))
        return Fraction(12 * squares, subjects * times * (times + 1)) - 3 * subjects * (times + 1)

    def mix(rows, chance):
        place = chance.randrange(subjects)
        return [chance.sample(row, times) if at == place else row for at, row in enumerate(rows)]

    start = [list(range(1, times + 1))] * subjects
    return find(target, lambda chance: [chance.sample(row, times) for row in start], q, mix)


MEYER = "Meyer and Seaman, faculty.virginia.edu/kruskal-wallis"


@pytest.mark.parametrize(
    ("sizes", "h", "p"),
    [
        pytest.param((3, 3, 3), "7.200", "0.004", id=f"3,3,3 .004: {MEYER}"),
        pytest.param((3, 3, 3), "6.489", "0.011", id=f"3,3,3 .011: {MEYER}"),
        pytest.param((3, 3, 3), "5.689", "0.029", id=f"3,3,3 .029: {MEYER}"),
        pytest.param((3, 3, 3), "5.600", "0.050", id=f"3,3,3 .050: {MEYER}"),
        pytest.param((4, 2, 1), "4.8214", "0.057", id=f"4,2,1 .057: {MEYER}"),
        pytest.param((4, 4, 4), "7.654", "0.0076", id=f"4,4,4 .0076: {MEYER}"),
        pytest.param((4, 4, 4), "5.692", "0.0487", id=f"4,4,4 .0487: {MEYER}"),
        pytest.param((5, 4, 3), "7.445", "0.0097", id=f"5,4,3 .0097: {MEYER}"),
        pytest.param((5, 4, 3), "5.656", "0.0486", id=f"5,4,3 .0486: {MEYER}"),
        pytest.param((5, 5, 5), "8.000", "0.0095", id=f"5,5,5 .0095: {MEYER}"),
        pytest.param((5, 5, 5), "5.780", "0.0488", id=f"5,5,5 .0488: {MEYER}"),
    ],
)
def test_kruskal_wallis_critical_values(sizes, h, p):
    answer = kruskal_wallis(ranks_in_groups(sizes, Decimal(h)))
    assert prints_as(answer.statistic, Decimal(h))
    assert prints_as(answer.value, Decimal(p))


@pytest.mark.parametrize(
    ("subjects", "times", "q", "p"),
    [
        pytest.param(3, 3, "6.000", "0.028", id="k=3 n=3: Friedman 1937; Siegel and Castellan, table M"),
        pytest.param(4, 3, "6.500", "0.042", id="k=3 n=4 5%: Friedman 1937; Siegel and Castellan, table M"),
        pytest.param(4, 3, "8.000", "0.0046", id="k=3 n=4 1%: Friedman 1937; Siegel and Castellan, table M"),
        pytest.param(5, 3, "6.400", "0.039", id="k=3 n=5 5%: Friedman 1937"),
        pytest.param(5, 3, "8.400", "0.0085", id="k=3 n=5 1%: Friedman 1937"),
        pytest.param(7, 3, "7.143", "0.0272", id="k=3 n=7 5%: tables of Friedman's statistic"),
        pytest.param(7, 3, "8.857", "0.0084", id="k=3 n=7 1%: tables of Friedman's statistic"),
        pytest.param(7, 4, "7.80", "0.0413", id="k=4 n=7 5%: tables of Friedman's statistic"),
        pytest.param(7, 4, "10.54", "0.0091", id="k=4 n=7 1%: tables of Friedman's statistic"),
        pytest.param(2, 4, "6.000", "0.042", id="k=4 n=2: Friedman 1937; Siegel and Castellan, table M"),
    ],
)
def test_friedman_critical_values(subjects, times, q, p):
    answer = friedman(ranks_in_rows(subjects, times, Decimal(q)))
    assert prints_as(answer.statistic, Decimal(q))
    assert prints_as(answer.value, Decimal(p))


def test_half_time_of_mucociliary_clearance():
    """Hollander and Wolfe 1973, page 116, in R's documentation of kruskal.test: H = 0.77143."""
    groups = [[2.9, 3.0, 2.5, 2.6, 3.2], [3.8, 2.7, 4.0, 2.4], [2.8, 3.4, 3.7, 2.2, 2.0]]
    assert prints_as(kruskal_wallis(groups).statistic, Decimal("0.77143"))


ROUNDING_TIMES = """
5.40 5.50 5.55 5.85 5.70 5.75 5.20 5.60 5.50 5.55 5.50 5.40 5.90 5.85 5.70 5.45 5.55 5.60 5.40 5.40 5.35 5.45 5.50 5.35
5.25 5.15 5.00 5.85 5.80 5.70 5.25 5.20 5.10 5.65 5.55 5.45 5.60 5.35 5.45 5.05 5.00 4.95 5.50 5.50 5.40 5.45 5.55 5.50
5.55 5.55 5.35 5.45 5.50 5.55 5.50 5.45 5.25 5.65 5.60 5.40 5.70 5.65 5.55 6.30 6.30 6.25
"""


def test_rounding_first_base():
    """Hollander and Wolfe 1973, page 140, in R's documentation of friedman.test: Q = 11.143, ties and all."""
    times = [Decimal(time) for time in ROUNDING_TIMES.split()]
    answer = friedman([times[at : at + 3] for at in range(0, len(times), 3)])
    assert prints_as(answer.statistic, Decimal("11.143"))
    assert answer.value < Fraction(1, 200)
