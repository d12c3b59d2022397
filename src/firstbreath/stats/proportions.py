"""Intervals for k of n: Clopper-Pearson by integer arithmetic, Wilson's score and Jeffreys'."""

from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from math import comb
from typing import Literal

from msgspec import Struct

from firstbreath.stats.arrays import refuse_word
from firstbreath.stats.counts import parse_count, parse_level
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import round_half_up
from firstbreath.stats.special import beta_quantile, normal_quantile

IntervalMethod = Literal["clopper-pearson", "wilson", "jeffreys"]
NAMES = {"clopper-pearson": "Clopper-Pearson", "wilson": "Wilson score", "jeffreys": "Jeffreys"}
DECIMALS = 6
GRID = 2 * 10**DECIMALS
"""Twice as fine as what is printed: the odd points are where half-up rounding changes."""
MOST_EXACT = 1000
"""Up to here Clopper-Pearson is a comparison of integers; beyond, the same limits are beta quantiles."""
MOST_TRIALS = 10**6
DIGITS = 40


class Proportion(Struct, frozen=True):
    """k of n with its confidence limits, to six decimals, and the method's name."""

    k: int
    n: int
    lower: Decimal
    upper: Decimal
    level: Decimal
    sides: int
    method: str = "Clopper-Pearson"


class RateBounds(Struct, frozen=True):
    """What a rate could be were no outcome missing: without and with an event in every missing subject.

    best, worst : the two rates, exact. lower, upper : from the best case's lower confidence limit to the
    worst case's upper one. The words are those of a harm: for a benefit, read them the other way round.
    """

    best: Fraction
    worst: Fraction
    lower: Decimal
    upper: Decimal
    level: Decimal
    missing: int
    method: str


def binomial_interval(
    k: object,
    n: object,
    *,
    method: IntervalMethod = "clopper-pearson",
    level: object = Decimal("0.95"),
    sides: int = 2,
) -> Proportion:
    """The confidence interval of a proportion, half up to six decimals.

    k : subjects with the event, 0 to n. n : subjects, 1 to 1,000,000. level : confidence, between 0 and 1.
    method : "clopper-pearson" holds its level whatever the rate; "wilson" is the score interval without
    continuity correction; "jeffreys" is the Beta(k + 1/2, n - k + 1/2) interval, from 0 when k is 0 and up
    to 1 when k is n. The last two hold their level on average only.
    sides : 2 for an interval; with 1 each limit is a one-sided bound at the level, to be quoted alone.
    Raises NotComputable when k, n, level, sides or method is outside its range; TooLarge for a larger n.
    Source: Clopper and Pearson, Biometrika 1934;26:404; Wilson, JASA 1927;22:209; Brown, Cai and DasGupta,
    Statistical Science 2001;16:101.
    """
    refuse_word(method, IntervalMethod, "method")
    events, subjects = parse_events(k, n)
    confidence = parse_level(level)
    if isinstance(sides, bool) or sides not in (1, 2):
        raise NotComputable(f"sides is {sides}: choose 1 or 2")
    tail = (1 - Fraction(confidence)) / sides
    lower = 1 - UPPER_LIMITS[method](subjects - events, subjects, tail)
    upper = UPPER_LIMITS[method](events, subjects, tail)
    return Proportion(events, subjects, lower, upper, confidence, int(sides), NAMES[method])


def rate_bounds(
    k: object,
    n: object,
    missing: object,
    *,
    method: IntervalMethod = "clopper-pearson",
    level: object = Decimal("0.95"),
) -> RateBounds:
    """The rates that missing outcomes leave possible, and the interval that covers both extremes.

    k : subjects seen with the event. n : subjects whose outcome was seen, 0 or more. missing : the others.
    method, level : as `binomial_interval`, two-sided.
    Raises NotComputable for nobody at all, and as `binomial_interval`.
    Source: Horowitz and Manski, JASA 2000;95:77 (bounds without assumptions on what is missing).
    """
    unseen = parse_count(missing, "missing")
    everyone = parse_count(n, "n") + unseen
    if parse_count(k, "k") > everyone - unseen:
        raise NotComputable(f"k is {k} of {n}: it must be 0 to {n}; subjects with a missing outcome are not in n")
    best = binomial_interval(k, everyone, method=method, level=level)
    worst = binomial_interval(best.k + unseen, everyone, method=method, level=level)
    lowest, highest = Fraction(best.k, everyone), Fraction(worst.k, everyone)
    return RateBounds(lowest, highest, best.lower, worst.upper, best.level, unseen, best.method)


def parse_events(k: object, n: object) -> tuple[int, int]:
    """Events and subjects, whole, with at least one subject and no more events than subjects.

    Raises NotComputable when they are not; TooLarge for more than 1,000,000 subjects.
    """
    subjects, events = parse_count(n, "n", least=1), parse_count(k, "k")
    if subjects > MOST_TRIALS:
        raise TooLarge(f"n is {subjects}: the interval takes at most {MOST_TRIALS:,} subjects; use a normal one")
    if events > subjects:
        raise NotComputable(f"k is {events} of {subjects}: it must be 0 to {subjects}")
    return events, subjects


def compute_wilson_upper(k: int, n: int, tail: Fraction) -> Decimal:
    """The upper Wilson limit, unrounded; the lower one of k is 1 minus the upper one of n - k.

    k : events, 0 to n. n : subjects, 1 or more. tail : the probability left above, between 0 and 1.
    Source: Wilson 1927; Newcombe, Statistics in Medicine 1998;17:857, method 3.
    """
    z = -Decimal(normal_quantile(float(tail)))
    with localcontext() as context:
        context.prec = DIGITS
        spread = (z * z + 4 * k * Decimal(n - k) / n).sqrt()
        return (2 * k + z * z + z * spread) / (2 * (n + z * z))


def _wilson_upper(k: int, n: int, tail: Fraction) -> Decimal:
    return round_half_up(compute_wilson_upper(k, n, tail), DECIMALS)


def _jeffreys_upper(k: int, n: int, tail: Fraction) -> Decimal:
    mirrored = 0.0 if k == n else beta_quantile(float(tail), n - k + 0.5, k + 0.5)
    return round_half_up(1 - Fraction(mirrored), DECIMALS)


def _exact_upper(k: int, n: int, tail: Fraction) -> Decimal:
    """The proportion at which k events or fewer have probability `tail`, half up to six decimals."""
    if k == n:
        return round_half_up(1, DECIMALS)
    if n > MOST_EXACT:
        return round_half_up(1 - Fraction(beta_quantile(float(tail), n - k, k + 1)), DECIMALS)
    low, high = 0, GRID
    choices = tuple(comb(n, events) for events in range(k + 1))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_likelier(choices, n, point=middle, tail=tail) else (low, middle)
    return round_half_up(Fraction(low, GRID), DECIMALS)


def _is_likelier(choices: tuple[int, ...], n: int, *, point: int, tail: Fraction) -> bool:
    """True when P(X <= k) at proportion point/GRID is at least the tail, compared as integers.

    choices : the ways to choose 0, 1, ... k of the n.
    """
    other = GRID - point
    below, power = 0, 1
    for ways in choices:
        below = below * other + ways * power
        power *= point
    whole: int = GRID**n
    reached: int = below * other ** (n + 1 - len(choices))
    return reached * tail.denominator >= tail.numerator * whole


UPPER_LIMITS: dict[str, Callable[[int, int, Fraction], Decimal]] = {
    "clopper-pearson": _exact_upper,
    "wilson": _wilson_upper,
    "jeffreys": _jeffreys_upper,
}
