"""Values out: a p-value, an interval, and how chance was used where the exact answer is out of reach."""

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from firstbreath.stats.rounding import render_number


class MonteCarlo(Struct, frozen=True):
    """Leave to draw at random where the recursion is too large: how many draws, from which seed."""

    draws: int
    seed: int


class PValue(Struct, frozen=True):
    """A p-value, its natural fraction (2/128, not 1/64) and the smallest p these values could give.

    statistic : the test's, exact, called `name`. method : the test in words, zeros and ties included.
    error : None when exact; else the 99 % Clopper-Pearson interval of the p that was drawn for.
    notes : what a reader must be told beside the number.
    """

    value: Fraction
    statistic: Fraction
    method: str
    smallest: Fraction
    numerator: int
    denominator: int
    name: str = ""
    error: tuple[Decimal, Decimal] | None = None
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


class Interval(Struct, frozen=True):
    """An estimate with its confidence interval and the level it attains, which is not the level asked for.

    lower, upper : None where no value bounds that side at the level asked. level : attained.
    definition : how estimate and limits are defined, ties included. note : why a side has no bound, or "".
    """

    estimate: Fraction
    lower: Fraction | None
    upper: Fraction | None
    asked: Decimal
    level: Fraction
    definition: str
    note: str = ""


def render_p(p: PValue, decimals: int = 4) -> str:
    """The text of a p-value, decimal and fraction: "0.0156 (2/128)"; a drawn one with its error.

    p : an answer of a test. decimals : digits after the point.
    """
    if p.error is None:
        least = Fraction(1, 10**decimals)
        shown = f"< {render_number(least, decimals)}" if p.value < least / 2 else render_number(p.value, decimals)
        return f"{shown} ({p})"
    low, high = (render_number(limit, decimals) for limit in p.error)
    return f"{render_number(p.value, decimals)} (drawn, 99 % between {low} and {high})"
