"""Findings: what is wrong with an input, where, and what to do next."""

import difflib
from collections.abc import Iterable

import msgspec

MAX_SHOWN = 80
MAX_COMPARED = 1000


class Finding(msgspec.Struct, frozen=True, order=True):
    """One thing wrong with an input file.

    `code` is stable and documented; `file` and `line` (1-based, 0 when unknown) say where;
    `what` names the thing and its value against the limit; `fix` says what to do next.
    """

    file: str
    line: int
    code: str
    what: str
    fix: str

    @property
    def source(self) -> str:
        """The place as `file:line`, or the file alone."""
        return f"{self.file}:{self.line}" if self.line else self.file


def render_finding(finding: Finding) -> str:
    """One line of text: place, code, what, fix."""
    return f"{finding.source} {finding.code} {finding.what} {finding.fix}"


def show(value: object) -> str:
    """A value from an input as a message can hold it: on one line, of bounded length, nothing invisible."""
    text = value if isinstance(value, str) else str(value)
    if len(text) > MAX_SHOWN:
        text = text[: MAX_SHOWN - 3] + "..."
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text)


def suggest(wrong: str, known: Iterable[str]) -> str:
    """The question "Did you mean ...?" for the nearest known name, or the list of known ones."""
    names = sorted(known)
    likely = [name for name in names if 2 * len(name) >= len(wrong) and len(name) <= 2 * len(wrong)]
    near = difflib.get_close_matches(wrong, likely[:MAX_COMPARED], n=1, cutoff=0.6)
    if near:
        return f'Did you mean "{show(near[0])}"?'
    if not names:
        return "Remove it: nothing is declared here."
    shown = ", ".join(show(name) for name in names[:8]) + (", ..." if len(names) > 8 else "")
    return f"Use one of: {shown}."
