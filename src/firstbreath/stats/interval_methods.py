"""Which method gives a printed interval of k of n."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from msgspec import Struct

from firstbreath.stats.counts import parse_level
from firstbreath.stats.printed_numbers import Printed, compute_room, parse_printed
from firstbreath.stats.proportions import NAMES, IntervalMethod, binomial_interval, parse_events
from firstbreath.stats.refusals import NotComputable
from firstbreath.stats.rounding import render_number
from firstbreath.stats.special import normal_quantile

WALD = "Wald (normal approximation)"
SIX = Fraction(1, 2 * 10**6)
"""The limits are known to six decimals."""


class IntervalMethods(Struct, frozen=True):
    """The methods that give the limits printed, by name; none of those known is no proof against the limits.

    limits : of every method tried, as shares, with its name.
    """

    methods: tuple[str, ...]
    limits: tuple[tuple[str, Decimal, Decimal], ...]
    working: str


def find_interval_methods(
    k: object,
    n: object,
    *,
    lower: Printed | None = None,
    upper: Printed | None = None,
    level: object = Decimal("0.95"),
    percent: bool = False,
) -> IntervalMethods:
    """The methods, of Clopper-Pearson, Wilson, Jeffreys and Wald, whose limits for k of n print like these.

    k, n : counts, k at most n. lower, upper : the limits as printed, one or both; when only one is, one-sided
    bounds are tried as well. level : of the interval, between 0 and 1. percent : True when printed in percent.
    Raises NotComputable for no limit, or what is not a count or printed text.
    Source: Brown, Cai and DasGupta, Statistical Science 2001;16:101, who name the four.
    """
    events, subjects = parse_events(k, n)
    confidence = parse_level(level)
    if lower is None and upper is None:
        raise NotComputable("no limit: give the lower limit, the upper limit or both, as printed")
    scale = 100 if percent else 1
    ends = [_parse_end(end, name, scale) for name, end in (("lower", lower), ("upper", upper))]
    limits = tuple(_list_limits(events, subjects, confidence, one_sided=None in ends))
    fitting = tuple(name for name, *both in limits if all(map(_prints, both, ends)))
    return IntervalMethods(fitting, limits, _render(events, subjects, limits, fitting=fitting))


def _parse_end(end: Printed | None, name: str, scale: int) -> tuple[Fraction, Fraction] | None:
    """What a printed limit could be, as a share; None where none is printed."""
    if end is None:
        return None
    low, high = compute_room(parse_printed(end, f"the {name} limit"))
    return low / scale - SIX, high / scale + SIX


def _prints(limit: Decimal, room: tuple[Fraction, Fraction] | None) -> bool:
    return room is None or room[0] <= limit <= room[1]


def _list_limits(k: int, n: int, level: Decimal, *, one_sided: bool) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Each method's name and limits."""
    for sides, suffix in ((2, ""), (1, ", one-sided")):
        if sides == 2 or one_sided:
            for method in get_args(IntervalMethod):
                found = binomial_interval(k, n, method=method, level=level, sides=sides)
                yield NAMES[method] + suffix, found.lower, found.upper
            yield WALD + suffix, *_wald(k, n, (1 - Fraction(level)) / sides)


def _wald(k: int, n: int, tail: Fraction) -> tuple[Decimal, Decimal]:
    """The share plus and minus its estimated standard error, which ends up beyond 0 and 1 with few subjects."""
    share = k / n
    reach = normal_quantile(1 - float(tail)) * (share * (1 - share) / n) ** 0.5
    return Decimal(f"{share - reach:.6f}"), Decimal(f"{share + reach:.6f}")


def _render(k: int, n: int, limits: tuple[tuple[str, Decimal, Decimal], ...], *, fitting: tuple[str, ...]) -> str:
    shown = "; ".join(
        f"{name} {render_number(100 * low, 1)} to {render_number(100 * high, 1)} %" for name, low, high in limits
    )
    verdict = f"The limits printed are those of {' and '.join(fitting)}." if fitting else "None prints these limits."
    return f"{k} of {n}: {shown}. {verdict}"
