"""A file of laboratory values: read without guessing, planned row by row, and nothing dropped without a word.

Names to know: `parse_file`, `plan_import`. A plan writes nothing: it says what each row would do, or why it
does nothing.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from firstbreath.protocol.entries import EntryError, parse_entry, parse_number
from firstbreath.protocol.units import UnitError, convert_number, factor_between
from firstbreath.protocol.values import Field, Form, Protocol
from firstbreath.subjects.codes import is_code
from firstbreath.subjects.forms import UNSCHEDULED, entered_fields
from firstbreath.subjects.state import Subject
from firstbreath.trial.moment import complain_of_occurred
from firstbreath.trial.state import Trial

MAX_ROWS = 5_000
ENCODINGS = ("utf-8", "utf-16", "windows-1252", "gb18030")
DELIMITERS: Mapping[str, str] = {"comma": ",", "semicolon": ";", "tab": "\t"}
_COMMA_NUMBER = re.compile(r"[+-]?[0-9]+,[0-9]+")

Fate = Literal["new", "adds", "unchanged", "conflict", "left out"]


class FileError(ValueError):
    """The file cannot be read as it is; the message says what to say or to do."""


class SheetRead(msgspec.Struct, frozen=True):
    """A file as read: its digest, its columns, its rows, and how it was read."""

    digest: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    delimiter: str


class ColumnUse(msgspec.Struct, frozen=True):
    """What a column is: the field it fills, and the unit its numbers are in (empty: the field's)."""

    field: str
    unit: str = ""


class Mapped(msgspec.Struct, frozen=True):
    """How a file is understood: the form, the columns of subject, visit and date, the fields of other columns."""

    form: str
    subject: str
    visit: str
    date: str
    fields: Mapping[str, ColumnUse]
    decimal: str = ""


class RowPlan(msgspec.Struct, frozen=True):
    """What one row would do: its line in the file, its fate and why, and the values that would be written."""

    line: int
    subject: str
    visit: str
    occurred: str
    fate: Fate
    why: str
    values: dict[str, str]
    words: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """The fate of every row, and how many have each."""

    rows: tuple[RowPlan, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each fate."""
        return dict(Counter(row.fate for row in self.rows))

    @property
    def left_out(self) -> dict[str, int]:
        """Why rows are not written, each with how many."""
        return dict(Counter(row.why for row in self.rows if row.fate in ("conflict", "left out")))


def parse_file(content: bytes, *, encoding: str = "", delimiter: str = "") -> SheetRead:
    """The sheet that a file holds.

    encoding, delimiter  as said by whoever imports; empty where the file tells by itself
    Raises `FileError` when it does not, or is no table.
    """
    text, used = _decode(content, encoding)
    lines = text.splitlines()
    mark = DELIMITERS.get(delimiter) or _find_delimiter(lines[0] if lines else "")
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True) if any(row)]
    except csv.Error as wrong:
        msg = f"The file is no table: {wrong}."
        raise FileError(msg) from None
    if len(rows) < 2:
        raise FileError("The file has no rows under its first line.")
    if len(rows) > MAX_ROWS:
        msg = f"The file has {len(rows) - 1} rows, the limit is {MAX_ROWS}. Split it."
        raise FileError(msg)
    columns = tuple(cell.strip() for cell in rows[0])
    if len({*columns}) != len(columns) or not all(columns):
        raise FileError("The first line does not name each column once.")
    word = next(name for name, sign in DELIMITERS.items() if sign == mark)
    cells = tuple(tuple(cell.strip() for cell in row) for row in rows[1:])
    return SheetRead(hashlib.sha256(content).hexdigest(), columns, cells, used, word)


def _decode(content: bytes, encoding: str) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        if encoding in ENCODINGS:
            return content.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding
        text, used = content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        said = encoding or "UTF-8, and it has no mark that says what it is"
        msg = f"The file is not in {said}. Say in which encoding it was written."
        raise FileError(msg) from None
    if "\0" in text:
        raise FileError("The file holds zero bytes: it is no text in UTF-8. Say in which encoding it was written.")
    return text, used


def _find_delimiter(first: str) -> str:
    """The one sign that parts the first line; when several could, or none does, it is asked."""
    found = [sign for sign in DELIMITERS.values() if sign in first]
    if len(found) != 1:
        raise FileError("It does not show what parts the columns. Say whether it is a comma, a semicolon or a tab.")
    return found[0]


def suggest_fields(columns: Sequence[str], form: Form, remembered: Mapping[str, str]) -> dict[str, str]:
    """The field that each column probably fills: as last time, else by its name; only a suggestion."""
    by_name = {_plain(name): field.id for field in form.fields for name in (field.id, field.label)}
    known = {field.id for field in form.fields}
    found = {}
    for column in columns:
        field = remembered.get(column, "") if remembered.get(column) in known else by_name.get(_plain(column), "")
        if field:
            found[column] = field
    return found


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", re.sub(r"[\[(].*", "", name).casefold())


def plan_import(
    trial: Trial, sheet: SheetRead, mapped: Mapped, *, sees_site: Callable[[str], bool] = lambda _site: True
) -> Plan:
    """The fate of every row of a file.

    Raises `FileError` when the mapping itself cannot be followed: an unknown form, field or unit, or a decimal comma
    that nobody has confirmed.
    """
    protocol = trial.protocol
    form = protocol.form(mapped.form) if protocol else None
    if protocol is None or form is None:
        raise FileError("Name the form that the file fills.")
    fields = _check_mapping(form, sheet, mapped)
    seen: dict[tuple[str, str, str], int] = {}
    rows = []
    for line, cells in enumerate(sheet.rows, 2):
        named = dict(zip(sheet.columns, cells, strict=False))
        subject = trial.subjects.get(named.get(mapped.subject, ""))
        subject = subject if subject and sees_site(subject.site) else None
        row = _plan_row(trial, protocol, named, mapped=mapped, fields=fields, subject=subject)
        twice = seen.setdefault((row.subject, row.visit, row.occurred if form.repeats else ""), line)
        if twice != line and row.fate in ("new", "adds"):
            why = f"another row is for the same record (line {twice})"
            row = msgspec.structs.replace(row, fate="left out", why=why, values={})
        if len(cells) != len(sheet.columns):
            row = msgspec.structs.replace(row, fate="left out", why="the row has another number of columns", values={})
        rows.append(msgspec.structs.replace(row, line=line))
    return Plan(tuple(rows))


def _check_mapping(form: Form, sheet: SheetRead, mapped: Mapped) -> dict[str, Field]:
    """The field of each mapped column."""
    fields = {field.id: field for field in form.fields}
    used = {column: fields[use.field] for column, use in mapped.fields.items() if use.field in fields}
    if not used or len({field.id for field in used.values()}) != len(used):
        raise FileError("Name for at least one column the field it fills, and no field twice.")
    for needed, column in (("subject", mapped.subject), ("visit", mapped.visit)):
        if column not in sheet.columns:
            msg = f"Name the column that holds the {needed}."
            raise FileError(msg)
    for column, field in used.items():
        place = sheet.columns.index(column)
        cells = [row[place] for row in sheet.rows if place < len(row)]
        commas = field.type in ("integer", "decimal") and any(_COMMA_NUMBER.fullmatch(cell) for cell in cells)
        if commas and mapped.decimal not in ("comma", "point"):
            msg = f"Column {column} has numbers with a comma. Say whether it is a decimal comma."
            raise FileError(msg)
        if mapped.fields[column].unit:
            try:
                factor_between(mapped.fields[column].unit, field.unit, field.id)
            except UnitError as wrong:
                msg = f"Column {column}: {wrong}. Leave the column out, or convert it where it comes from."
                raise FileError(msg) from None
    return used


def _plan_row(
    trial: Trial,
    protocol: Protocol,
    row: Mapping[str, str],
    *,
    mapped: Mapped,
    fields: Mapping[str, Field],
    subject: Subject | None,
) -> RowPlan:
    code, visit = row.get(mapped.subject, ""), _visit_of(protocol, row.get(mapped.visit, ""))
    occurred = row.get(mapped.date, "") if mapped.date else ""
    shown = code if is_code(code) else "(not a code)"
    values, words, wrong = _values_of(row, mapped, fields)
    why = _reason_against(trial, subject, visit, occurred=occurred) or wrong
    if not why and not values:
        why = "the row has no value"
    fate: Fate = "left out"
    if subject is not None and not why:
        fate, why, values = _fate_of(subject, protocol, (mapped.form, visit), values=values)
    return RowPlan(0, shown, visit, occurred, fate, why, values if fate in ("new", "adds") else {}, words)


def _visit_of(protocol: Protocol, text: str) -> str:
    """A visit by its id or label."""
    named = {name.casefold(): visit.id for visit in protocol.design.visits for name in (visit.id, visit.label)}
    return named.get(text.casefold(), UNSCHEDULED if text.casefold() == UNSCHEDULED else "")


def _reason_against(trial: Trial, subject: Subject | None, visit: str, *, occurred: str) -> str:
    if subject is None:
        return "no such subject"
    if not visit:
        return "no such visit"
    if subject.frozen or trial.locked:
        return "the subject is frozen or the database locked"
    complaint = complain_of_occurred(occurred, trial.at) if occurred and trial.at else ""
    return "the date cannot be read" if complaint else ""


def _values_of(
    row: Mapping[str, str], mapped: Mapped, fields: Mapping[str, Field]
) -> tuple[dict[str, str], tuple[str, ...], str]:
    """The values of a row in the units of their fields, how each was converted, and what is wrong with one."""
    values, words = {}, list[str]()
    for column, field in fields.items():
        cell = row.get(column, "")
        if not cell:
            continue
        try:
            values[field.id] = text = _convert(cell, field, mapped.fields[column].unit, decimal=mapped.decimal)
            parse_entry(field, text)
        except (EntryError, ValueError) as wrong:
            return {}, tuple(words), f"{column}: {wrong}"
        changed = "" if text == cell else f" (from {cell} {mapped.fields[column].unit})".rstrip()
        words.append(f"{field.label} {text} {field.unit}{changed}".strip())
    return values, tuple(words), ""


def _convert(cell: str, field: Field, unit: str, *, decimal: str) -> str:
    if field.type not in ("integer", "decimal"):
        return cell
    text = cell.replace(",", ".") if decimal == "comma" else cell.replace(",", "") if decimal == "point" else cell
    if not unit or unit == field.unit:
        return text
    number: Decimal = convert_number(parse_number(text), factor_between(unit, field.unit, field.id))
    return f"{number:f}"


def _fate_of(
    subject: Subject, protocol: Protocol, place: tuple[str, str], *, values: dict[str, str]
) -> tuple[Fate, str, dict[str, str]]:
    """What becomes of values: written, added to a record, there already, or in conflict with what is there."""
    form = protocol.form(place[0])
    keys = sorted(key for key in subject.forms if key[:2] == place)
    stands = [{name: each.entry for name, each in entered_fields(key, subject.forms[key]).items()} for key in keys]
    if any(values.items() <= found.items() for found in stands):
        return "unchanged", "it is recorded already", {}
    if not stands or (form and form.repeats):
        return "new", "", values
    differ = [name for name, text in values.items() if stands[0].get(name, "") not in ("", text)]
    if differ:
        return "conflict", "a recorded value differs; correct it by hand", {}
    return "adds", "", {name: text for name, text in values.items() if not stands[0].get(name)}
