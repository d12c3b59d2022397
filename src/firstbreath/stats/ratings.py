"""What two readers gave: labels, the scale they stand on, and the credit a near miss earns."""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from typing import Literal, TypeAlias

from firstbreath.stats.arrays import is_list, parse_array, parse_number
from firstbreath.stats.refusals import NotComputable, TooLarge

Weights: TypeAlias = Literal["linear", "quadratic"] | Iterable[Iterable[object]] | None
Labels: TypeAlias = tuple[Hashable, ...]
Matrix: TypeAlias = tuple[tuple[Fraction, ...], ...]
MOST_CATEGORIES = 50


def parse_labels(ratings: Iterable[Hashable], name: str) -> Labels:
    """The labels in the order given, numbers among them exactly: 1, 1.0 and Decimal 1 are one category.

    ratings : numbers, words or other labels. name : the argument, for the message.
    Raises NotComputable for none, a missing or unhashable rating, NaN, or numbers mixed with true and false.
    """
    if not is_list(ratings):
        raise NotComputable(f"{name} is {ratings!r}: give a list of ratings")
    labels = tuple(_parse_label(label, f"rating {place} of {name}") for place, label in enumerate(ratings, 1))
    if not labels:
        raise NotComputable(f"{name} has no ratings: at least 2 needed")
    if len({isinstance(label, bool) for label in labels if isinstance(label, bool | Fraction)}) > 1:
        raise NotComputable(f"{name} mixes numbers with true or false, which count as 1 and 0: use one kind")
    return labels


def _parse_label(label: Hashable, where: str) -> Hashable:
    if label is None:
        raise NotComputable(f"{where} is missing: leave the pair out and report how many were left out")
    if isinstance(label, Decimal | Real) and not isinstance(label, bool):
        return parse_number(label, where)
    try:
        hash(label)
    except TypeError:
        raise NotComputable(f"{where} is {label!r}: give a number or a word, not a list") from None
    return label


def find_scale(seen: Labels, *, ordered: bool, categories: Iterable[Hashable] | None = None) -> Labels:
    """The categories in order: those named; else the numbers seen, sorted; else the labels as first seen.

    seen : the labels of both readers. ordered : True where weights need an order. categories : the whole scale.
    Raises NotComputable for a category named twice, or words that need an order; TooLarge for more than 50.
    """
    if categories is not None:
        scale = parse_labels(categories, "categories")
        if len(set(scale)) != len(scale):
            raise NotComputable("a category is named twice: name each once, in order")
    elif all(isinstance(label, Fraction) for label in seen):
        scale = tuple(sorted({label for label in seen if isinstance(label, Fraction)}))
    elif ordered:
        raise NotComputable("weighted kappa of words needs their order: give categories, lowest first")
    else:
        scale = tuple(dict.fromkeys(seen))
    refuse_many(len(scale))
    return scale


def refuse_many(categories: int) -> None:
    """Nothing, or a refusal of more than 50 categories."""
    if categories > MOST_CATEGORIES:
        raise TooLarge(f"{categories} categories are too many: kappa takes at most {MOST_CATEGORIES}")


def find_places(labels: Labels, places: Mapping[Hashable, int], name: str) -> list[int]:
    """The place of each label on the scale.

    places : of every category. name : the argument, for the message.
    Raises NotComputable for a label that is not on the scale.
    """
    for place, label in enumerate(labels, 1):
        if label not in places:
            raise NotComputable(
                f"rating {place} of {name} is {label}: the categories are {', '.join(map(str, places))}"
            )
    return [places[label] for label in labels]


def parse_square(table: Iterable[Iterable[object]], name: str) -> Matrix:
    """The rows of a square table of numbers, exactly.

    table : as many rows as cells in each. name : the argument, for the message.
    Raises NotComputable for another shape, and as `parse_array`; TooLarge for more than 50 rows.
    """
    if not is_list(table):
        raise NotComputable(f"{name} is {table!r}: give a square table, a list of rows")
    rows = tuple(parse_array(row, f"row {place} of {name}") for place, row in enumerate(table, 1))
    if not rows or any(len(row) != len(rows) for row in rows):
        widths = ", ".join(str(len(row)) for row in rows) or "no"
        raise NotComputable(f"{name} has {len(rows)} rows, of {widths} cells: give a square table")
    refuse_many(len(rows))
    return rows


def compute_distances(size: int, weights: str | None) -> tuple[int, ...]:
    """The disagreement of each cell of a square table, row after row: 0 or 1, steps apart, or steps squared.

    size : number of categories. weights : None, "linear" or "quadratic".
    """
    power = {None: 0, "linear": 1, "quadratic": 2}[weights]
    return tuple((row != column) * abs(row - column) ** power for row in range(size) for column in range(size))


def compute_agreed(size: int, weights: Weights) -> Matrix:
    """The agreement weight of each cell, 1 where the ratings are equal.

    size : number of categories. weights : None, "linear", "quadratic", or a square table of weights, 1 on the
    diagonal and from 0 to below 1 elsewhere.
    Raises NotComputable for another word or another table.
    Source: Cohen, Psychological Bulletin 1968;70:213; Fleiss and Cohen, Educ Psychol Meas 1973;33:613 (quadratic).
    """
    if not isinstance(weights, str | None):
        return _parse_weights(weights, size)
    if weights not in {None, "linear", "quadratic"}:
        raise NotComputable(f"weights is {weights!r}: choose None, linear or quadratic, or give a square table")
    distances = compute_distances(size, weights)
    farthest = max(*distances, 1)
    return tuple(
        tuple(1 - Fraction(distance, farthest) for distance in distances[start : start + size])
        for start in range(0, size * size, size)
    )


def _parse_weights(weights: Iterable[Iterable[object]], size: int) -> Matrix:
    rows = parse_square(weights, "weights")
    if len(rows) != size:
        raise NotComputable(f"weights has {len(rows)} rows for {size} categories: give one weight per cell")
    for i, row in enumerate(rows):
        for j, weight in enumerate(row):
            if not (weight == 1 if i == j else 0 <= weight < 1):
                raise NotComputable(
                    f"the weight in row {i + 1}, column {j + 1} is {weight}: agreement weights are 1 on the diagonal "
                    "and from 0 to below 1 elsewhere"
                )
    return rows
