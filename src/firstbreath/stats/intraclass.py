"""Intraclass correlations of a table of subjects by readers: six forms, exact, with intervals from F."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from msgspec import Struct

from firstbreath.stats.arrays import is_list, parse_array
from firstbreath.stats.counts import parse_level
from firstbreath.stats.kappa import DECIMALS
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import round_half_up
from firstbreath.stats.special import f_quantile

Rows: TypeAlias = tuple[tuple[Fraction, ...], ...]
Ends: TypeAlias = tuple[Fraction | None, Fraction | None] | None
MOST_RATINGS = 10_000
NO_SPREAD = "The ratings are all equal: there is no variance, and no correlation to estimate."
NO_ERROR = "The readers agree in every rating: the F ratio has no denominator, so no interval is given."
NO_RESIDUAL = "The readers differ by a constant alone: consistency is perfect and its F ratio has no denominator."
NO_BETWEEN = "The subjects have equal means: the F ratio is 0 and no interval is given."
NEGATIVE = "A negative correlation: the readers differ more within subjects than the subjects do. Read it as none."


class Coefficient(Struct, frozen=True):
    """One intraclass correlation with its limits.

    value : None where its denominator is not above zero. lower, upper : None where F gives no finite limit.
    """

    form: str
    value: Fraction | None
    lower: Decimal | None
    upper: Decimal | None


class MeanSquares(Struct, frozen=True):
    """The mean squares of subjects by readers: between subjects, within them, between readers, and residual."""

    between: Fraction
    within: Fraction
    readers: Fraction
    residual: Fraction


class Intraclass(Struct, frozen=True):
    """The six intraclass correlations of Shrout and Fleiss for one table, and its mean squares.

    icc_1_1, icc_1_k : each subject read by other readers. icc_2_1, icc_2_k : absolute agreement, the readers a
    sample of readers. icc_3_1, icc_3_k : consistency, these readers only. _1 : one reader; _k : the mean of all.
    """

    subjects: int
    readers: int
    squares: MeanSquares
    icc_1_1: Coefficient
    icc_2_1: Coefficient
    icc_3_1: Coefficient
    icc_1_k: Coefficient
    icc_2_k: Coefficient
    icc_3_k: Coefficient
    level: Decimal
    method: str = "F intervals of Shrout and Fleiss; McGraw and Wong's (approximate) for the two-way random forms"
    notes: tuple[str, ...] = ()


def intraclass(ratings: Iterable[Iterable[object]], *, level: Decimal = Decimal("0.95")) -> Intraclass:
    """The six intraclass correlations of a complete table of ratings.

    ratings : one row per subject, one column per reader, in any one unit; 2 of each or more, none missing.
    level : confidence, 0 to 1.
    No value where all ratings are equal. No interval where readers agree in every rating (the correlation is 1) or
    where the subjects have equal means: F is then infinite or 0.
    Raises NotComputable for fewer than 2 subjects or readers, rows of different lengths, or missing ratings;
    TooLarge beyond 10,000 ratings.
    Source: Shrout and Fleiss, Psychological Bulletin 1979;86:420; McGraw and Wong, Psychological Methods 1996;1:30.
    """
    rows, level = _parse_table(ratings), parse_level(level)
    tail = Fraction(1 - level) / 2
    n, k, squares = len(rows), len(rows[0]), compute_mean_squares(rows)
    one = _ends_of_ratio(squares.between, squares.within, dfs=(n - 1, n * (k - 1)), tail=tail, k=k)
    two = _ends_of_agreement(squares, n=n, k=k, tail=tail)
    three = _ends_of_ratio(squares.between, squares.residual, dfs=(n - 1, (n - 1) * (k - 1)), tail=tail, k=k)
    single, average = _estimate_single(squares, n, k), _estimate_average(squares, n)
    return Intraclass(
        *(n, k, squares),
        icc_1_1=_bound("ICC(1,1)", single[1], one),
        icc_2_1=_bound("ICC(2,1)", single[2], two),
        icc_3_1=_bound("ICC(3,1)", single[3], three),
        icc_1_k=_bound("ICC(1,k)", average[1], _step_up(one, k)),
        icc_2_k=_bound("ICC(2,k)", average[2], _step_up(two, k)),
        icc_3_k=_bound("ICC(3,k)", average[3], _step_up(three, k)),
        level=level,
        notes=_note(squares, single.values()),
    )


def compute_mean_squares(rows: Rows) -> MeanSquares:
    """The mean squares of the two-way table, exact.

    rows : one per subject, as many ratings in each; 2 or more of both.
    Source: Shrout and Fleiss 1979, table 3.
    """
    n, k = len(rows), len(rows[0])
    between = k * _compute_squares([Fraction(sum(row), k) for row in rows])
    readers = n * _compute_squares([Fraction(sum(column), n) for column in zip(*rows, strict=True)])
    within = _compute_squares([rating for row in rows for rating in row]) - between
    return MeanSquares(
        between / (n - 1), within / (n * (k - 1)), readers / (k - 1), (within - readers) / ((n - 1) * (k - 1))
    )


def _compute_squares(values: Sequence[Fraction]) -> Fraction:
    """The sum of squared deviations from the mean."""
    mean = sum(values, Fraction(0)) / len(values)
    return sum(((value - mean) ** 2 for value in values), Fraction(0))


def _parse_table(ratings: Iterable[Iterable[object]]) -> Rows:
    if not is_list(ratings):
        raise NotComputable(f"ratings is {ratings!r}: give a list of rows, one per subject")
    rows = tuple(parse_array(row, f"row {place} of ratings") for place, row in enumerate(ratings, 1))
    if len(rows) < 2:
        raise NotComputable(f"ratings has {len(rows) or 'no'} row{'s'[: len(rows) != 1]}: at least 2 subjects needed")
    for place, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise NotComputable(
                f"row {place} of ratings has {len(row)} values, row 1 {len(rows[0])}: complete the table"
            )
    if len(rows[0]) < 2:
        raise NotComputable("ratings has 1 column: at least 2 readers needed")
    if len(rows) * len(rows[0]) > MOST_RATINGS:
        raise TooLarge(f"{len(rows) * len(rows[0])} ratings are too many: at most {MOST_RATINGS}")
    return rows


def _divide(part: Fraction, whole: Fraction) -> Fraction | None:
    return part / whole if whole > 0 else None


def _estimate_single(squares: MeanSquares, n: int, k: int) -> dict[int, Fraction | None]:
    """Source: Shrout and Fleiss 1979, the formulas under ICC(1,1), ICC(2,1) and ICC(3,1)."""
    b, w, j, e = squares.between, squares.within, squares.readers, squares.residual
    return {
        1: _divide(b - w, b + (k - 1) * w),
        2: _divide(b - e, b + (k - 1) * e + k * (j - e) / n),
        3: _divide(b - e, b + (k - 1) * e),
    }


def _estimate_average(squares: MeanSquares, n: int) -> dict[int, Fraction | None]:
    """Source: Shrout and Fleiss 1979, the formulas under ICC(1,k), ICC(2,k) and ICC(3,k)."""
    b, w, j, e = squares.between, squares.within, squares.readers, squares.residual
    return {1: _divide(b - w, b), 2: _divide(b - e, b + (j - e) / n), 3: _divide(b - e, b)}


def _ends_of_ratio(above: Fraction, below: Fraction, *, dfs: tuple[int, int], tail: Fraction, k: int) -> Ends:
    """The limits of ICC(1,1) or ICC(3,1) from the F ratio of its two mean squares."""
    if not above or not below:
        return None
    low = above / below / _quantile(tail, *dfs)
    high = above / below * _quantile(tail, *reversed(dfs))
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _ends_of_agreement(squares: MeanSquares, *, n: int, k: int, tail: Fraction) -> Ends:
    """The limits of ICC(2,1), its degrees of freedom matched to a sum of two mean squares (Satterthwaite).

    Source: McGraw and Wong 1996, table 7, case 2A; the same as Shrout and Fleiss 1979 for ICC(2,1).
    """
    b, j, e = squares.between, squares.readers, squares.residual
    rho = _estimate_single(squares, n, k)[2]
    if not b or rho is None or rho == 1:
        return None
    of_readers = k * rho / (n * (1 - rho)) * j
    of_residual = (1 + k * rho * (n - 1) / (n * (1 - rho))) * e
    spread = of_readers**2 / (k - 1) + of_residual**2 / ((n - 1) * (k - 1))
    df = float((of_readers + of_residual) ** 2 / spread)
    error = k * j + (k * n - k - n) * e
    try:
        low, high = _quantile(tail, n - 1, df), _quantile(tail, df, n - 1)
    except NotComputable:
        return None
    return n * (b - low * e) / (low * error + n * b), n * (high * b - e) / (error + n * high * b)


def _quantile(tail: Fraction, df1: float, df2: float) -> Fraction:
    return Fraction(f_quantile(float(1 - tail), df1, df2))


def _step_up(ends: Ends, k: int) -> Ends:
    """The limits for the mean of k readers by Spearman and Brown's formula, which McGraw and Wong's equal.

    At -1 / (k - 1) the formula jumps from minus to plus infinity, so a limit from there down is no limit.
    """
    return ends and (_step_up_end(ends[0], k), _step_up_end(ends[1], k))


def _step_up_end(end: Fraction | None, k: int) -> Fraction | None:
    return None if end is None or 1 + (k - 1) * end <= 0 else end * k / (1 + (k - 1) * end)


def _bound(form: str, value: Fraction | None, ends: Ends) -> Coefficient:
    if value is None or ends is None:
        return Coefficient(form, value, None, None)
    return Coefficient(form, value, *(None if end is None else round_half_up(end, DECIMALS) for end in ends))


def _note(squares: MeanSquares, single: Iterable[Fraction | None]) -> tuple[str, ...]:
    if not squares.within:
        return (NO_ERROR if squares.between else NO_SPREAD,)
    return tuple(
        note
        for note, holds in (
            (NO_RESIDUAL, not squares.residual),
            (NO_BETWEEN, not squares.between),
            (NEGATIVE, any(value is not None and value < 0 for value in single)),
        )
        if holds
    )
