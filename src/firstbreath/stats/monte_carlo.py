"""Drawing at random where the exact count is too large: only when asked, and with the error of the drawing."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from firstbreath.stats.answers import MonteCarlo, PValue
from firstbreath.stats.counts import parse_count
from firstbreath.stats.proportions import binomial_interval
from firstbreath.stats.refusals import NotComputable, TooLarge

LEAST_DRAWS, MOST_DRAWS = 1_000, 1_000_000
MOST_KEYS = 10**9
AT_ONCE = 10**6
"""Random keys held in memory at one time."""
LEVEL = Decimal("0.99")
MOST_SEED = 2**64 - 1
ASK = "pass monte_carlo=MonteCarlo(draws=100_000, seed=1) to draw at random"
Extreme = Callable[[Any], int]


def decide_drawing(monte_carlo: MonteCarlo | None, message: str, *, too_large: bool) -> MonteCarlo | None:
    """The leave to draw where it is needed, None where the answer is to be counted.

    monte_carlo : the leave given, if any. message : what is too large, against which limit. too_large : whether it is.
    Raises TooLarge when it is needed and was not given; the message offers it.
    """
    if too_large and monte_carlo is None:
        raise TooLarge(f"{message}; {ASK}")
    return monte_carlo if too_large else None


def find_drawn_p(
    length: int, extreme: Extreme, *, chance: MonteCarlo, statistic: Fraction, method: str, rows: int = 1
) -> PValue:
    """The p of a permutation test by drawing: (b + 1)/(m + 1) for b of m drawings as extreme as what was seen.

    length : the values put in random order. rows : how many such orders each drawing takes.
    extreme : takes orders, an array of drawings x rows x length, and gives how many drawings are as extreme.
    chance : 1,000 to 1,000,000 draws, and a seed; the same seed gives the same answer with any version of numpy,
    since only the raw Philox stream is used. `smallest` of the answer is the least that so many draws can give.
    Raises NotComputable for draws or a seed outside their range; TooLarge for more than 10**9 random keys.
    Source: Phipson and Smyth, Statistical Applications in Genetics and Molecular Biology 2010;9:39 (the added
    one); Salmon et al, SC11, 2011 (Philox).
    """
    draws, seed = parse_chance(chance, length * rows)
    found = sum(extreme(orders) for orders in draw_orders(length, draws, seed=seed, rows=rows))
    error = binomial_interval(found, draws, level=LEVEL)
    return PValue(
        value=Fraction(found + 1, draws + 1),
        statistic=statistic,
        method=f"{method.replace('exact ', '')}, Monte Carlo, {draws:,} draws, seed {seed}",
        smallest=Fraction(1, draws + 1),
        numerator=found + 1,
        denominator=draws + 1,
        error=(error.lower, error.upper),
    )


def parse_chance(chance: MonteCarlo, keys: int) -> tuple[int, int]:
    """The draws and the seed, within their limits.

    chance : as given. keys : random keys that each drawing takes.
    Raises as `find_drawn_p`.
    """
    if not isinstance(chance, MonteCarlo):
        raise NotComputable(f"monte_carlo is {chance!r}: give MonteCarlo(draws=100_000, seed=1)")
    draws, seed = parse_count(chance.draws, "draws", least=LEAST_DRAWS), parse_count(chance.seed, "seed")
    if seed > MOST_SEED:
        raise NotComputable(f"seed is {seed}: give a whole number below 2^64")
    if draws > MOST_DRAWS or draws * keys > MOST_KEYS:
        raise TooLarge(
            f"{draws:,} draws of {keys:,} values are too many: at most {MOST_DRAWS:,} draws, "
            f"and {MOST_KEYS:,} draws times values"
        )
    return draws, seed


def draw_orders(length: int, draws: int, *, seed: int, rows: int = 1) -> Iterator[Any]:
    """Random orders of 0 to length - 1 in arrays of at most a million keys, each drawings x rows x length."""
    import numpy as np

    stream = np.random.Philox(seed)
    at_once = max(1, AT_ONCE // (length * rows))
    for done in range(0, draws, at_once):
        share = min(at_once, draws - done)
        keys = stream.random_raw(share * rows * length).reshape(share, rows, length)
        yield np.argsort(keys, axis=2, kind="stable")
