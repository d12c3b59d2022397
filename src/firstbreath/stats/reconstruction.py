"""What a printed median, its quartiles and range reveal of the values behind them, and what they leave open."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import ceil, floor

from msgspec.structs import replace

from firstbreath.stats.order_counts import Solution, solve
from firstbreath.stats.order_statistics import Span, Statement
from firstbreath.stats.printed_numbers import Printed, compute_room, parse_printed, parse_whole
from firstbreath.stats.quantiles import HALF, QUARTER, THREE_QUARTERS, compute_position
from firstbreath.stats.reconstructed import Reconstruction, Room, render_reason, render_reconstruction, render_working
from firstbreath.stats.refusals import NotComputable, TooLarge

__all__ = ["Reconstruction", "reconstruct", "render_reconstruction"]

MOST_SUBJECTS = 200
MOST_DECIMALS = 12


def reconstruct(  # noqa: PLR0913  # every number a paper prints has its own name
    n: int,
    *,
    median: Printed,
    first: Printed | None = None,
    third: Printed | None = None,
    definition: int = 6,
    decimals: int = 0,
    lowest: Printed | None = None,
    highest: Printed | None = None,
    minimum: Printed | None = None,
    maximum: Printed | None = None,
) -> Reconstruction:
    """What the printed numbers say of the n values: those revealed, the room of each and of the mean, the samples.

    n : subjects, 1 to 200. median, first, third : the median and quartiles as printed; minimum, maximum : the
    printed range. Text or Decimal, trailing zeros kept; a number exactly half-way may print either way.
    definition : the Hyndman-Fan type of the quantiles, 1 to 9. decimals : of each recorded value, 0 to 12.
    lowest, highest : the ends of the scale, included, such as 0 and 72; without them, or a printed range, the
    outermost values are unbounded and the samples are not counted.
    A sample is its values in order. Each quantile binds one or two adjacent values, so a recursion along them
    is exact: "possible" False is a proof.
    Raises NotComputable for a float or other text, lowest above highest, or an unknown definition; TooLarge for
    more subjects or decimals, or more than 200,000 possibilities in all for the values between the quantiles.
    Source: firstbreath; quantiles as Hyndman and Fan, The American Statistician 1996;50:361.
    """
    size = parse_whole(n, "n", least=1, most=MOST_SUBJECTS)
    places = parse_whole(decimals, "decimals", least=0, most=MOST_DECIMALS)
    quantiles = {
        "first quartile": (first, QUARTER),
        "median": (median, HALF),
        "third quartile": (third, THREE_QUARTERS),
    }
    ends = {"minimum": (minimum, 1), "maximum": (maximum, size)}
    statements = [
        _state(name, parse_printed(printed, name), compute_position(size, part, definition), places)
        for name, (printed, part) in quantiles.items()
        if printed is not None or name == "median"
    ] + [
        _state(name, parse_printed(printed, name), (place, place, Fraction(0)), places)
        for name, (printed, place) in ends.items()
        if printed is not None
    ]
    scale = _parse_scale(lowest, highest, places)
    solution = solve(size, statements, scale)
    answer = Reconstruction(size, definition, places, solution is not None, "", (), (), (None, None), None)
    if solution is None:
        reason = _find_reason(size, statements, scale, decimals=places)
        answer = replace(answer, reason=reason, count=0)
    else:
        answer = _fill(answer, solution)
    return replace(answer, working=render_working(answer, statements))


def _state(name: str, printed: Decimal, position: tuple[int, int, Fraction], decimals: int) -> Statement:
    """A printed quantile as a bound on one value, or on the weighted mean of two neighbours, in grid units."""
    lower, upper, weight = position
    low, high = (end * 10**decimals for end in compute_room(printed))
    if lower == upper or weight in (0, 1):
        return Statement(upper if weight == 1 else lower, Fraction(0), low, high, name, format(printed, "f"))
    return Statement(lower, weight, low, high, name, format(printed, "f"))


def _parse_scale(lowest: Printed | None, highest: Printed | None, decimals: int) -> Span:
    """The ends of the scale in grid units: the outermost values that can be recorded on it."""
    low = None if lowest is None else Fraction(parse_printed(lowest, "lowest")) * 10**decimals
    high = None if highest is None else Fraction(parse_printed(highest, "highest")) * 10**decimals
    if low is not None and high is not None and ceil(low) > floor(high):
        raise NotComputable(f"no value can be recorded from {lowest} to {highest}: give the lowest, then the highest")
    return None if low is None else ceil(low), None if high is None else floor(high)


def _fill(answer: Reconstruction, solution: Solution) -> Reconstruction:
    """The answer with everything the solution says, in the unit of the values."""
    unit = Decimal(1).scaleb(-answer.decimals)
    ranges: tuple[Room, ...] = tuple(
        (None if low is None else low * unit, None if high is None else high * unit) for low, high in solution.spans
    )
    sums = (solution.least_sum, solution.greatest_sum)
    low, high = (None if total is None else Fraction(total, answer.n * 10**answer.decimals) for total in sums)
    return replace(
        answer,
        revealed=tuple((place, low) for place, (low, high) in enumerate(ranges, 1) if low is not None and low == high),
        ranges=ranges,
        mean=(low, high),
        count=solution.count,
    )


def _find_reason(n: int, statements: Sequence[Statement], scale: Span, *, decimals: int) -> str:
    """The fewest printed numbers that exclude each other, with the scale only where it is needed."""
    some = (few for several in range(len(statements)) for few in combinations(statements, several + 1))
    few, ends = next((few, ends) for few in some for ends in ((None, None), scale) if _excludes(n, few, ends))
    return render_reason(n, decimals, few, scale=_render_scale(ends, decimals))


def _excludes(n: int, statements: Sequence[Statement], scale: Span) -> bool:
    """True when no values obey these statements; False also where that is too much to look at."""
    try:
        return solve(n, statements, scale) is None
    except TooLarge:
        return False


def _render_scale(scale: Span, decimals: int) -> str:
    low, high = (None if end is None else format(Decimal(end).scaleb(-decimals), "f") for end in scale)
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f" of at least {low}"
    return "" if high is None else f" of at most {high}"
