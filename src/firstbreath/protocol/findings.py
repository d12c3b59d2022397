"""Findings: what is wrong with an input, where, and what to do next."""

import difflib
from collections.abc import Iterable

import msgspec


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


def suggest(wrong: str, known: Iterable[str]) -> str:
    """The question "Did you mean ...?" for the nearest known name, or the list of known ones."""
    names = sorted(known)
    near = difflib.get_close_matches(wrong, names, n=1, cutoff=0.6)
    if near:
        return f'Did you mean "{near[0]}"?'
    if not names:
        return "Remove it: nothing is declared here."
    shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    return f"Use one of: {shown}."
