"""How a claim points at what is printed: a value, rows, or numbers in a column."""

from typing import Annotated

from msgspec import Meta, Struct


class Printed(Struct, frozen=True, kw_only=True):
    """A printed value: written here with its `place`, or a cell of a table.

    A cell is named by `file`, by its row (`row`, looked up in the table's key column, or a `where` rule
    that one row meets) and by `column` (left out: the table's value column).
    """

    value: str = ""
    place: str = ""
    file: str = ""
    row: str = ""
    where: str = ""
    column: str = ""


class Number(Printed, frozen=True, kw_only=True):
    """A printed value that must be a number, digits as printed."""


class PText(Printed, frozen=True, kw_only=True):
    """A printed p-value: digits as printed, or a bound such as < 0.05."""


class Day(Printed, frozen=True, kw_only=True):
    """A printed value that must be a date (2020-03-16) or a whole number of days; `plus` days are added."""

    plus: Annotated[int, Meta(ge=-100_000, le=100_000)] = 0


class Rows(Struct, frozen=True, kw_only=True):
    """The rows of a table that meet the rule `where`, all when it is left out.

    `among` is a rule for the rows spoken of at all, the denominator. With `distinct`, the different values
    of that column are counted instead of the rows.
    """

    file: str
    where: str = ""
    among: str = ""
    distinct: str = ""


class Numbers(Struct, frozen=True, kw_only=True):
    """The numbers of one column, in the rows that meet `where`."""

    file: str
    column: str
    where: str = ""


class Shares(Numbers, frozen=True, kw_only=True):
    """The numbers of one column, each divided by the column `per` of its row when that is given."""

    per: str = ""


class Cells(Struct, frozen=True, kw_only=True):
    """The texts of one column, in the rows that meet `where`."""

    file: str
    column: str
    where: str = ""


class Columns(Struct, frozen=True, kw_only=True):
    """Several columns of numbers, compared along each row that meets `where`."""

    file: str
    columns: Annotated[tuple[str, ...], Meta(min_length=2, max_length=20)]
    where: str = ""
