"""The port through which the site sees a study."""

from typing import Protocol

from firstbreath.events.blobs import FileBlobs
from firstbreath.events.heads import SignedHead
from firstbreath.paper.claims import Verdict
from firstbreath.paper.document import Paper
from firstbreath.trial.door import Door
from firstbreath.trial.history import History
from firstbreath.trial.state import Trial
from firstbreath.web.reading.dicomweb import Archive

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

    @property
    def archive(self) -> Archive | None:
        """The archive of images that this server may ask, or None where none is configured."""
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

    def sign(self, seq: int, *, keep: bool = False) -> SignedHead | None:
        """The signed head of the log at an event, or None where no key signs; kept beside the log only if asked."""
        ...

    def verdicts(self) -> tuple[Verdict, ...]:
        """The claims of the published paper with their verdicts; empty when there are none."""
        ...


class ReadOnce:
    """A study as one request sees it: the store is asked once whether others have written, not at every turn."""

    def __init__(self, source: SiteSource) -> None:
        self.source = source
        self._history: History | None = None
        self.blobs, self.hash_of, self.record_of = source.blobs, source.hash_of, source.record_of
        self.archive = source.archive
        self.compose, self.verdicts, self.sign = source.compose, source.verdicts, source.sign

    @property
    def door(self) -> Door | None:
        """See `SiteSource.door`."""
        return self.source.door

    def history(self) -> History:
        """See `SiteSource.history`; what is acted within the request is in it."""
        if self._history is None:
            self._history = self.source.history()
        return self._history


class Unavailable(Exception):
    """The study cannot be read just now: what is wrong, and what an administrator can do."""

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(f"{what} {fix}".strip())
        self.what = what
        self.fix = fix
