"""Cohen's kappa, plain and weighted, in fractions, with its large-sample standard errors."""

from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import TypeAlias

from msgspec import Struct

from firstbreath.stats.counts import parse_level
from firstbreath.stats.ratings import (
    Labels,
    Matrix,
    Weights,
    compute_agreed,
    find_places,
    find_scale,
    parse_labels,
    parse_square,
)
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import render_number, round_half_up
from firstbreath.stats.special import normal_quantile

Table: TypeAlias = tuple[tuple[int, ...], ...]
Shares: TypeAlias = tuple[list[Fraction], list[Fraction]]
MOST_PAIRS = 100_000
DECIMALS = 6
ROOT_SCALE = 10**30
ONE_SIDED = Fraction(4, 5)
"""House convention: from this share of all ratings in one category the reader is warned of prevalence."""
UNLIKE = Fraction(1, 5)
"""House convention: from this gap between the readers' shares of one category the reader is warned of bias."""
LARGE_SAMPLE = (
    "The interval is the large-sample one: do not trust it below about 20 subjects, nor where one patient gives "
    "several ratings; resample whole patients there (cluster_bootstrap)."
)
UNSEEN = "The categories are those seen: give the whole scale, so that a score nobody gave still counts as a step."


class Kappa(Struct, frozen=True):
    """Agreement beyond chance between two readers; every ratio exact, errors and limits at six decimals.

    value : None where both readers used one and the same category throughout: agreement expected is then 1.
    observed, expected : agreement, weighted where `weights` says so. table : rows are the first reader's ratings.
    standard_error : for the interval. null_standard_error : under no agreement beyond chance, for a test.
    lower, upper : None where there is no value, or where the large-sample error is zero.
    """

    value: Fraction | None
    observed: Fraction
    expected: Fraction
    table: Table
    categories: tuple[object, ...]
    weights: str
    n: int
    level: Decimal
    standard_error: Decimal | None = None
    null_standard_error: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    notes: tuple[str, ...] = ()


def kappa(
    first: Iterable[Hashable],
    second: Iterable[Hashable],
    *,
    weights: Weights = None,
    categories: Iterable[Hashable] | None = None,
    level: Decimal = Decimal("0.95"),
) -> Kappa:
    """Cohen's kappa of two readers who rated the same subjects.

    first, second : one rating per subject, in the same order; numbers, words or any other labels.
    weights : None counts only equal ratings; "linear" and "quadratic" give credit that falls with the distance
    between categories, spaced equally by their place in the order; or a square table of agreement weights.
    categories : the whole scale in order. Without it the categories are those seen, and weighted kappa needs
    numbers: a score nobody gave is then no step, so give the whole scale. level : confidence, 0 to 1.
    Raises NotComputable for fewer than 2 pairs, different lengths, missing ratings, a rating outside the
    categories, or words without an order for weights; TooLarge beyond 50 categories or 100,000 pairs.
    Source: Cohen, Educational and Psychological Measurement 1960;20:37; Cohen, Psychological Bulletin 1968;70:213.
    """
    rows, columns = parse_labels(first, "first"), parse_labels(second, "second")
    if len(rows) != len(columns):
        raise NotComputable(f"{len(rows)} ratings in first and {len(columns)} in second: give one of each per subject")
    scale = find_scale(rows + columns, ordered=weights is not None, categories=categories)
    places = {label: place for place, label in enumerate(scale)}
    counts = [[0] * len(scale) for _ in scale]
    for row, column in zip(find_places(rows, places, "first"), find_places(columns, places, "second"), strict=True):
        counts[row][column] += 1
    notes = (UNSEEN,) if weights is not None and categories is None else ()
    return _estimate(tuple(map(tuple, counts)), scale, weights=weights, level=level, notes=notes)


def kappa_of_table(
    table: Iterable[Iterable[object]],
    *,
    weights: Weights = None,
    categories: Iterable[Hashable] | None = None,
    level: Decimal = Decimal("0.95"),
) -> Kappa:
    """Cohen's kappa of a square table of counts: rows the first reader's ratings, columns the second's.

    table : counts, the categories in the same order both ways. weights, level : as `kappa`.
    categories : their names in order; 0, 1, 2 and so on without it.
    Raises NotComputable for a table that is not square, not of whole counts, or of fewer than 2 pairs.
    Source: Cohen 1960 and 1968.
    """
    rows = parse_square(table, "table")
    for place, row in enumerate(rows, 1):
        for cell in row:
            if cell < 0 or cell.denominator != 1:
                raise NotComputable(f"row {place} of table has {cell}: give whole counts of 0 or more, not shares")
    scale = parse_labels(range(len(rows)) if categories is None else categories, "categories")
    if len(set(scale)) != len(rows) or len(scale) != len(rows):
        raise NotComputable(f"{len(scale)} names for {len(rows)} rows, or one twice: name each row once")
    return _estimate(tuple(tuple(map(int, row)) for row in rows), scale, weights=weights, level=level)


def compute_kappa(counts: Sequence[int], distances: Sequence[int]) -> Fraction | None:
    """Kappa as one minus disagreement over chance disagreement; None where chance disagreement is zero.

    counts : the table of pairs, row after row. distances : the disagreement of each cell, 0 where ratings are equal.
    Source: Cohen 1968, the form in disagreement weights.
    """
    size = isqrt(len(counts))
    rows = [sum(counts[start : start + size]) for start in range(0, len(counts), size)]
    columns = [sum(counts[start::size]) for start in range(size)]
    products = (row * column for row in rows for column in columns)
    chance = sum(distance * product for distance, product in zip(distances, products, strict=True))
    seen = sum(distance * count for distance, count in zip(distances, counts, strict=True))
    return 1 - Fraction(sum(rows) * seen, chance) if chance else None


def _estimate(table: Table, scale: Labels, *, weights: Weights, level: Decimal, notes: tuple[str, ...] = ()) -> Kappa:
    n, level = sum(map(sum, table)), parse_level(level)
    if n < 2:
        raise NotComputable(f"{n or 'no'} rated pair{'s'[: n != 1]}: agreement beyond chance needs at least 2")
    if n > MOST_PAIRS:
        raise TooLarge(f"{n} pairs are too many: kappa takes at most {MOST_PAIRS}")
    agreed, shares = compute_agreed(len(table), weights), _compute_shares(table)
    observed = sum(map(_dot, agreed, table), Fraction(0)) / n
    expected = _dot(shares[0], [_dot(row, shares[1]) for row in agreed])
    word = weights or "none" if isinstance(weights, str | None) else "given"
    if expected == 1:
        only = scale[shares[0].index(Fraction(1))]
        why = f"Both readers gave {only} throughout: agreement expected by chance is 1 and kappa has no value."
        return Kappa(None, observed, expected, table, scale, word, n, level, notes=(*notes, why))
    value = (observed - expected) / (1 - expected)
    spread, null = _compute_variances(table, agreed, observed=observed, expected=expected)
    margin = compute_root(spread) * Fraction(normal_quantile(float((1 + level) / 2)))
    return Kappa(
        *(value, observed, expected, table, scale, word, n, level),
        standard_error=round_half_up(compute_root(spread), DECIMALS),
        null_standard_error=round_half_up(compute_root(null), DECIMALS),
        lower=round_half_up(value - margin, DECIMALS) if spread else None,
        upper=round_half_up(value + margin, DECIMALS) if spread else None,
        notes=(*notes, *_note(scale, shares, certain=not spread)),
    )


def _dot(weights: Sequence[Fraction], counts: Sequence[int | Fraction]) -> Fraction:
    return sum((weight * count for weight, count in zip(weights, counts, strict=True)), Fraction(0))


def _compute_shares(table: Table) -> Shares:
    """The share of each category, the first reader's and the second's."""
    n = sum(map(sum, table))
    return [Fraction(sum(row), n) for row in table], [Fraction(sum(column), n) for column in zip(*table, strict=True)]


def _compute_variances(
    table: Table, agreed: Matrix, *, observed: Fraction, expected: Fraction
) -> tuple[Fraction, Fraction]:
    """The large-sample variance of kappa, and the one under no agreement beyond chance.

    Source: Fleiss, Cohen and Everitt, Psychological Bulletin 1969;72:323.
    """
    n, (rows, columns) = sum(map(sum, table)), _compute_shares(table)
    across = [_dot(weights, columns) for weights in agreed]
    down = [_dot(weights, rows) for weights in zip(*agreed, strict=True)]
    spread = null = Fraction(0)
    for i, weights in enumerate(agreed):
        for j, weight in enumerate(weights):
            mean = across[i] + down[j]
            spread += Fraction(table[i][j], n) * (weight * (1 - expected) - mean * (1 - observed)) ** 2
            null += rows[i] * columns[j] * (weight - mean) ** 2
    spread -= (observed * expected - 2 * expected + observed) ** 2
    return spread / (n * (1 - expected) ** 4), (null - expected**2) / (n * (1 - expected) ** 2)


def _note(scale: Labels, shares: Shares, *, certain: bool) -> tuple[str, ...]:
    interval = "The large-sample error is 0, which is not certainty: no interval is given." if certain else LARGE_SAMPLE
    return (interval, *_note_prevalence(scale, shares), *_note_bias(scale, shares))


def _note_prevalence(scale: Labels, shares: Shares) -> tuple[str, ...]:
    """Source: Feinstein and Cicchetti, J Clin Epidemiol 1990;43:543; Byrt, Bishop and Carlin, same 1993;46:423."""
    pooled = [(row + column) / 2 for row, column in zip(*shares, strict=True)]
    share = max(pooled)
    if share < ONE_SIDED:
        return ()
    percent = render_number(share * 100, 0)
    label = scale[pooled.index(share)]
    return (f"{percent} % of all ratings are {label}: kappa is low there even where readers mostly agree.",)


def _note_bias(scale: Labels, shares: Shares) -> tuple[str, ...]:
    gaps = [abs(row - column) for row, column in zip(*shares, strict=True)]
    if max(gaps) < UNLIKE:
        return ()
    place = gaps.index(max(gaps))
    percents = " and ".join(f"{render_number(100 * share[place], 0)} %" for share in shares)
    return (f"The readers gave {scale[place]} in {percents} of their ratings: they differ in how often they use it.",)


def compute_root(value: Fraction) -> Fraction:
    """The square root, cut at thirty decimals.

    value : 0 or more.
    """
    return Fraction(isqrt(value.numerator * ROOT_SCALE**2 // value.denominator), ROOT_SCALE)
