"""What a check has against a protocol: a finding before its line is looked up."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from firstbreath.protocol.findings import Finding, suggest
from firstbreath.protocol.lines import Place
from firstbreath.protocol.toml import TomlText


class Complaint(msgspec.Struct, frozen=True):
    """A file, the place in it, and what is wrong there."""

    file: str
    place: Place
    code: str
    what: str
    fix: str


def to_finding(complaint: Complaint, text: TomlText | None) -> Finding:
    """The finding with its line; line 0 when the file itself is not there."""
    line = text.line_of(complaint.place) if text else 0
    return Finding(complaint.file, line, complaint.code, complaint.what, complaint.fix)


def undeclared(file: str, place: Place, name: str, declared: Collection[str]) -> Iterator[Complaint]:
    """A complaint when a name is declared nowhere."""
    if name not in declared:
        yield Complaint(file, place, "PROT-011", f'"{name}" is declared nowhere.', suggest(name, declared))


def enumerate_days(days: Iterable[int]) -> str:
    """Days as people write them: `1, 2, 3`, or `none`."""
    return ", ".join(str(day) for day in sorted(set(days))) or "none"
