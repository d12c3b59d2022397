"""Adjusting several p-values for having done several tests, exactly."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate

from firstbreath.stats.answers import PValue
from firstbreath.stats.arrays import is_list, parse_array
from firstbreath.stats.refusals import NotComputable


def holm(p_values: Iterable[object]) -> tuple[Fraction, ...]:
    """The p-values adjusted by Holm's step-down method, in the order given; valid whatever ties the tests together.

    p_values : one per test done, reported or not: PValue, Fraction, Decimal or float, each 0 to 1.
    The smallest of m is multiplied by m, the next by m - 1, and so on; none falls below the one before, nor
    exceeds 1. A test is significant at a level when its adjusted p is at most that level.
    Raises NotComputable for none, NaN, text, and what is not from 0 to 1.
    Source: Holm, Scandinavian Journal of Statistics 1979;6:65; Wright, Biometrics 1992;48:1005.
    """
    exact, order = _parse_p_values(p_values)
    scaled = (exact[test] * (len(exact) - place) for place, test in enumerate(order))
    return _restore((min(p, Fraction(1)) for p in accumulate(scaled, max)), order)


def hochberg(p_values: Iterable[object]) -> tuple[Fraction, ...]:
    """The p-values adjusted by Hochberg's step-up method, in the order given.

    Valid for independent or positively dependent tests only; where that is not known, use `holm`.

    p_values : as `holm`. The largest is kept, the next is multiplied by 2, and so on; none exceeds the one above.
    Raises NotComputable as `holm`.
    Source: Hochberg, Biometrika 1988;75:800; Sarkar, Annals of Statistics 1998;26:494; Wright 1992.
    """
    exact, order = _parse_p_values(p_values)
    falling = order[::-1]
    scaled = (exact[test] * place for place, test in enumerate(falling, 1))
    return _restore(accumulate(scaled, min), falling)


def _restore(adjusted: Iterable[Fraction], order: Sequence[int]) -> tuple[Fraction, ...]:
    """The adjusted p-values back in the order of the tests."""
    by_test = dict(zip(order, adjusted, strict=True))
    return tuple(by_test[test] for test in range(len(by_test)))


def _parse_p_values(p_values: Iterable[object]) -> tuple[tuple[Fraction, ...], list[int]]:
    """The p-values exactly, and their places from the smallest to the largest."""
    given = p_values
    if is_list(p_values):
        given = [p.value if isinstance(p, PValue) else p for p in p_values]
    exact = parse_array(given, "p_values")
    for place, p in enumerate(exact, 1):
        if not 0 <= p <= 1:
            raise NotComputable(f"p-value {place} is {str(p)[:40]}: a probability is from 0 to 1")
    return exact, sorted(range(len(exact)), key=lambda place: exact[place])
