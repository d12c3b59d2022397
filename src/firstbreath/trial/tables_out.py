"""Rows as CSV that no spreadsheet takes for a program, and that are the same bytes for the same rows."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from firstbreath.events.record import Event

Row = tuple[str, ...]
FORMULA = ("=", "+", "@", "\t", "\r", "-")
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold: the same for every file, so that the bytes depend on the content alone."""


class DataTable(msgspec.Struct, frozen=True):
    """One table: its name, its columns, its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def render_cell(value: object) -> str:
    """A value as a cell: several parted by semicolons, yes and no in words, nothing empty."""
    if isinstance(value, tuple):
        return "; ".join(str(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def recorded_at(event: Event) -> str:
    """When an event was written, in UTC."""
    return event.at.isoformat().replace("+00:00", "Z")


def harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula; a number stays one."""
    if not text.startswith(FORMULA) or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    digits = text[1:].replace(".", "", 1)
    return text[0] in "+-" and digits.isascii() and digits.isdecimal()


def render_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV (RFC 4180) in UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(column) for column in columns])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def render_zip(files: Mapping[str, bytes]) -> bytes:
    """The files as one archive, in the order of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()
