"""What can happen to records once they are written: struck out, queried, verified, signed, frozen."""

from typing import Literal

from firstbreath.events.kinds_base import Body

Meaning = Literal["authorship", "review", "approval", "responsibility"]
"""What a signature means (21 CFR 11.50(a)(3))."""


class EntryStruck(Body, frozen=True, gc=False, tag="entry_struck"):
    """An earlier event of this subject was entered in error and counts no more; it stays readable for ever."""

    corrects: int


class RecordsSigned(Body, frozen=True, gc=False, tag="records_signed"):
    """The events of these numbers were signed.

    `digest` is the SHA-256 over their numbers and chain hashes, so it vouches for these versions and no others.
    `name` is the printed name of the signer.
    """

    seqs: tuple[int, ...]
    meaning: Meaning
    digest: str
    name: str


class QueryOpened(Body, frozen=True, gc=False, tag="query_opened"):
    """A question about a recorded (or missing) value was put to the site. `query` numbers it within the subject.

    `check` is the id of the edit check it was raised from, or empty.
    """

    query: int
    form: str
    visit: str
    field: str
    text: str
    repeat: int = 1
    origin: Literal["data management", "monitor", "edit check", "safety"] = "data management"
    check: str = ""


class QueryAnswered(Body, frozen=True, gc=False, tag="query_answered"):
    """The site answered the query."""

    query: int
    text: str


class QueryClosed(Body, frozen=True, gc=False, tag="query_closed"):
    """Whoever may ask is content with the answer."""

    query: int
    text: str = ""


class QueryReopened(Body, frozen=True, gc=False, tag="query_reopened"):
    """The answer did not settle it."""

    query: int
    text: str


class SourceVerified(Body, frozen=True, gc=False, tag="source_verified"):
    """The monitor compared these versions of records (by event number) with the source documents."""

    seqs: tuple[int, ...]


class SubjectFrozen(Body, frozen=True, gc=False, tag="subject_frozen"):
    """Records of the subject can no longer be entered or corrected."""


class SubjectUnfrozen(Body, frozen=True, gc=False, tag="subject_unfrozen"):
    """Records of the subject can be entered and corrected again, with a reason."""


class FileImported(Body, frozen=True, gc=False, tag="file_imported"):
    """A file was read into records: its SHA-256, how many rows it had, how many were used, and why others were not."""

    name: str
    digest: str
    rows: int
    used: int
    left_out: dict[str, int] = {}
    mapping: dict[str, str] = {}
