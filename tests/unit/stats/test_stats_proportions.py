"""Exact intervals for k of n."""

from decimal import Decimal, localcontext

import pytest

from firstbreath.stats.proportions import Proportion, estimate_proportion
from firstbreath.stats.rounding import round_half_up


@pytest.mark.parametrize("n", [1, 3, 7, 24, 300])
@pytest.mark.parametrize(("sides", "tail"), [(1, Decimal("0.05")), (2, Decimal("0.025"))])
def test_none_and_all_agree_with_the_closed_form(n: int, sides: int, tail: Decimal) -> None:
    with localcontext() as context:
        context.prec = 60
        limit = round_half_up(1 - tail ** (Decimal(1) / n), 6)
    none, every = estimate_proportion(0, n, sides=sides), estimate_proportion(n, n, sides=sides)
    assert (none.lower, none.upper) == (0, limit)
    assert (every.lower, every.upper) == (1 - limit, 1)


def test_the_estimate_says_what_it_is() -> None:
    assert estimate_proportion(1, 7) == Proportion(
        1, 7, Decimal("0.003610"), Decimal("0.578723"), Decimal("0.95"), 2, "Clopper-Pearson"
    )


def test_a_higher_level_is_wider() -> None:
    narrow, wide = (estimate_proportion(2, 7, level=Decimal(level)) for level in ("0.9", "0.99"))
    assert wide.lower < narrow.lower < narrow.upper < wide.upper


@pytest.mark.parametrize(
    ("k", "n", "extra", "message"),
    [
        (0, 0, {}, "n is 0"),
        (1, 1001, {}, "n is 1001: the exact interval takes 1 to 1000 subjects"),
        (8, 7, {}, "k is 8 of 7"),
        (-1, 7, {}, "k is -1 of 7"),
        (1, 7, {"level": Decimal(95)}, "level is 95: give a confidence between 0 and 1"),
        (1, 7, {"sides": 3}, "sides is 3"),
    ],
)
def test_what_is_not_a_proportion_is_refused(k: int, n: int, extra: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        estimate_proportion(k, n, **extra)
