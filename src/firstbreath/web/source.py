"""The port through which the site sees a study."""

from typing import Protocol

from firstbreath.events.blobs import FileBlobs
from firstbreath.paper.claims import Verdict
from firstbreath.paper.document import Paper
from firstbreath.trial.door import Door
from firstbreath.trial.history import History
from firstbreath.trial.state import Trial

SOURCE = "firstbreath.source"
"""Where a request carries its study, among the variables of its WSGI environment."""


class SiteSource(Protocol):
    """A study as the site sees it. Several threads ask at once; any method may raise `Unavailable`.

    `door` lets people act, and asks them to sign in; without one the site is open, and only reads.
    """

    @property
    def door(self) -> Door | None:
        """The one door to the log, or None where nothing may be written."""
        ...

    @property
    def blobs(self) -> FileBlobs | None:
        """Where files of subjects are kept, or None where there are none."""
        ...

    def history(self) -> History:
        """Every event of the log as it is now; others may have appended since the last call."""
        ...

    def hash_of(self, seq: int) -> bytes:
        """The stored hash of an event that `history` has shown; 32 zero bytes for 0."""
        ...

    def record_of(self, seq: int) -> bytes:
        """The exact bytes of an event's record, as stored."""
        ...

    def compose(self, trial: Trial) -> Paper:
        """The paper of a trial as it stood at one point of this log."""
        ...

    def verdicts(self) -> tuple[Verdict, ...]:
        """The claims of the published paper with their verdicts; empty when there are none."""
        ...


class Unavailable(Exception):
    """The study cannot be read just now: what is wrong, and what an administrator can do."""

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(f"{what} {fix}".strip())
        self.what = what
        self.fix = fix
