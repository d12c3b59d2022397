"""How a command ends: exit codes sorted by who must act next."""

from collections.abc import Iterable
from enum import IntEnum

from firstbreath.events.kinds import Reason
from firstbreath.protocol.findings import Finding, render_finding


class Exit(IntEnum):
    """The exit codes, and who must act."""

    DONE = 0
    LOG_BROKEN = 1  # the data manager: the log does not verify
    USAGE = 2  # whoever typed the command
    PROTOCOL = 3  # the study's author: the protocol folder has findings
    NOT_ALLOWED = 4  # the site: an act was refused or could not be judged
    INPUT = 5  # the data manager: a table, a plan or a claims file cannot be used
    STORAGE = 6  # the administrator: disk, permissions, a damaged file
    TRY_AGAIN = 7  # nobody: someone else acted first
    BUG = 70  # us


class Stop(Exception):
    """A command cannot go on; the lines say what, where and what to do next."""

    def __init__(self, code: Exit, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.code = code
        self.lines = lines


def stop_for_findings(code: Exit, findings: Iterable[Finding]) -> Stop:
    """The stop that shows every finding."""
    return Stop(code, *(render_finding(finding) for finding in findings))


def render_reason(reason: Reason) -> str:
    """One line: code, what, and what to do next."""
    return f"{reason.code} {reason.text} {reason.fix}".strip()
