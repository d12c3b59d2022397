"""Fisher's exact test of a table of counts, of any size: the Fisher-Freeman-Halton test."""

from collections.abc import Iterable
from fractions import Fraction
from math import comb, factorial, prod

from msgspec.structs import replace

from firstbreath.stats.answers import MonteCarlo, PValue
from firstbreath.stats.arrangements import Alternative
from firstbreath.stats.arrays import is_list, refuse_word
from firstbreath.stats.counts import parse_count
from firstbreath.stats.monte_carlo import parse_chance
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.table_draws import Table, draw_tables
from firstbreath.stats.table_network import build_network, compute_bounds, count_dealings, sum_weights

MOST_SUBJECTS = 1000
MOST_DRAWN = 10_000
NAME = "P(table)"


def fisher_exact(
    table: Iterable[Iterable[object]],
    *,
    alternative: Alternative = "two-sided",
    monte_carlo: MonteCarlo | None = None,
) -> PValue:
    """The exact p of Fisher's test; its statistic is the probability of the table, given its margins.

    table : counts of subjects, one row per group and one column per outcome; each subject in one cell.
    alternative : two-sided sums the tables no more probable than this one, compared as integers, as R and
    StatXact do; for a table of two by two "greater" sums those with as many or more in the first cell.
    The fraction counts the ways to deal the subjects into the rows: 34/70 for the lady tasting tea.
    monte_carlo : leave to draw tables where the exact count is too large, as `monte_carlo.find_drawn_p`.
    Rows and columns without a subject are left out, with a note; when one row or column is left, p is 1.
    Raises NotComputable for a ragged or empty table, fewer than two rows or columns, and what is not a count;
    TooLarge for more than 1,000 subjects, or too many tables (about five by five), unless drawing is allowed;
    for more than 10,000 subjects always.
    Source: Fisher, Statistical Methods for Research Workers, 5th edition 1934, section 21.02; Freeman and
    Halton, Biometrika 1951;38:141; Mehta and Patel, JASA 1983;78:427.
    """
    refuse_word(alternative, Alternative, "alternative")
    whole = _parse_table(table)
    if alternative != "two-sided" and (len(whole), len(whole[0])) != (2, 2):
        raise NotComputable(f"{alternative!r} needs a table of two by two, this one has {_size(whole)}: use two-sided")
    kept, notes = _leave_out_empty(whole)
    if monte_carlo is not None:
        parse_chance(monte_carlo, keys=1)
    try:
        return _find_exact(kept, alternative, notes)
    except TooLarge:
        if monte_carlo is None or sum(map(sum, kept)) > MOST_DRAWN:
            raise
        return _find_drawn(kept, alternative, notes, chance=monte_carlo)


def _find_exact(table: Table, alternative: Alternative, notes: tuple[str, ...]) -> PValue:
    """The p of a table without empty rows and columns."""
    rows, columns = _margins(table)
    subjects = sum(rows)
    if subjects > MOST_SUBJECTS:
        raise TooLarge(
            f"{subjects} subjects are too many: the exact test takes at most {MOST_SUBJECTS:,}, and with "
            f"monte_carlo=MonteCarlo(draws=10_000, seed=1) {MOST_DRAWN:,}"
        )
    total, weight = count_dealings(rows), _weigh(table)
    if min(len(rows), len(columns)) == 1:
        extreme = least = total
    elif alternative == "two-sided":
        extreme, least = _sum_both(table)
    else:
        extreme, least = _sum_one(table, alternative)
    return PValue(
        Fraction(extreme, total),
        Fraction(weight, total),
        _method(table, alternative),
        Fraction(least, total),
        extreme,
        total,
        NAME,
        notes=notes,
    )


def _sum_both(table: Table) -> tuple[int, int]:
    """The dealings that give a table no more probable than this one, and than the least probable one."""
    rows, columns = _margins(table)
    nodes, stages = sorted((rows, columns), key=len)
    network = build_network(nodes, tuple(sorted(stages, reverse=True)))
    bounds = compute_bounds(network)
    ((least, _),) = bounds[0].values()
    observed = _weigh(table) * count_dealings(nodes) // count_dealings(rows)
    extreme, fewest = (sum_weights(network, bounds, most) for most in (observed, least))
    scale = Fraction(count_dealings(rows), count_dealings(nodes))
    return int(extreme * scale), int(fewest * scale)


def _sum_one(table: Table, alternative: Alternative) -> tuple[int, int]:
    """The dealings with as many or more (or fewer) in the first cell, and with the most (or fewest) possible."""
    (first, _), (one, other) = _margins(table)
    here = table[0][0]
    smallest, largest = max(0, first - other), min(first, one)
    counts = [comb(one, cell) * comb(other, first - cell) for cell in range(smallest, largest + 1)]
    at = here - smallest
    return (sum(counts[at:]), counts[-1]) if alternative == "greater" else (sum(counts[: at + 1]), counts[0])


def _find_drawn(table: Table, alternative: Alternative, notes: tuple[str, ...], *, chance: MonteCarlo) -> PValue:
    statistic = Fraction(_weigh(table), count_dealings(_margins(table)[0]))
    method = _method(table, alternative)
    drawn = draw_tables(table, alternative=alternative, chance=chance, statistic=statistic, method=method)
    return replace(drawn, notes=notes)


def _weigh(table: Table) -> int:
    """The number of ways to deal the subjects into the rows that give this table."""
    columns = _margins(table)[1]
    return prod(map(factorial, columns)) // prod(factorial(cell) for row in table for cell in row)


def _margins(table: Table) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(map(sum, table)), tuple(map(sum, zip(*table, strict=True)))


def _parse_table(table: Iterable[Iterable[object]]) -> Table:
    """The counts, whole, in rows of one length, at least two by two."""
    if not is_list(table):
        raise NotComputable(f"table is {table!r}: give a list of rows of counts, such as [[3, 1], [1, 3]]")
    rows = tuple(_parse_row(row, place) for place, row in enumerate(table, 1))
    lengths = sorted({len(row) for row in rows})
    if len(lengths) > 1:
        raise NotComputable(f"the rows of the table have {lengths[0]} to {lengths[-1]} counts: give each as many")
    if len(rows) < 2 or lengths[0] < 2:
        raise NotComputable(f"the table has {_size(rows)}: give at least two rows and two columns")
    if not any(map(any, rows)):
        raise NotComputable("every count of the table is 0: there is no subject to compare")
    return rows


def _parse_row(row: object, place: int) -> tuple[int, ...]:
    if not is_list(row):
        raise NotComputable(f"row {place} of the table is {row!r}: give a list of counts")
    return tuple(parse_count(cell, f"count {column} of row {place}") for column, cell in enumerate(row, 1))


def _leave_out_empty(table: Table) -> tuple[Table, tuple[str, ...]]:
    """The table without empty rows and columns, and what a reader must be told of it."""
    rows = tuple(row for row in table if any(row))
    columns = tuple(column for column in zip(*rows, strict=True) if any(column))
    gone = [(len(table) - len(rows), "row"), (len(table[0]) - len(columns), "column")]
    notes = tuple(f"{count} empty {what}{'s'[: count != 1]} left out" for count, what in gone if count)
    if min(len(rows), len(columns)) == 1:
        notes += ("only one table has these margins, so p is 1 whatever the groups",)
    return tuple(zip(*columns, strict=True)), notes


def _method(table: Table, alternative: Alternative) -> str:
    name = "exact Fisher test" if (len(table), len(table[0])) == (2, 2) else "exact Fisher-Freeman-Halton test"
    return name if alternative == "two-sided" else f"{name}, {alternative}"


def _size(table: Table) -> str:
    columns = len(table[0]) if table else 0
    return f"{len(table)} row{'s'[: len(table) != 1]} and {columns} column{'s'[: columns != 1]}"
