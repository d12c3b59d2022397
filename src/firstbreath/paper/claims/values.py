"""What a claims folder states, and what the checker answers, as frozen values."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

VerdictWord = Literal["reproduced", "contradicted", "not attainable", "inconsistent", "not checkable"]
VERDICTS: tuple[VerdictWord, ...] = (
    "reproduced",
    "contradicted",
    "not attainable",
    "inconsistent",
    "not checkable",
)

ClaimId = Annotated[
    str,
    Meta(
        pattern="^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60, description="words in small letters, such as age-median"
    ),
]
Text = Annotated[str, Meta(min_length=1, max_length=2000)]
Note = Annotated[str, Meta(max_length=2000)]


class Source(Struct, frozen=True):
    """One value a verdict rests on.

    `row` is the 1-based data row of `file`; 0 with an empty `column` means the value is written in the
    claim itself. `value` is the text as printed and `place` where the paper prints it.
    """

    file: str
    row: int
    column: str
    value: str
    place: str


class Verdict(Struct, frozen=True):
    """The answer to one claim: the word, the working that leads to it, and the values behind it.

    `queries` are questions to put to those who hold the records; they are not findings on anyone.
    """

    id: str
    kind: str
    place: str
    claim: str
    verdict: VerdictWord
    working: str
    sources: tuple[Source, ...] = ()
    queries: tuple[str, ...] = ()


class Claim(Struct, frozen=True, kw_only=True):
    """What every kind of claim says: its id, where the paper says it, and what it says in our own words.

    `note` is an assumption, an outside source or a second reading; it is printed after the working.
    """

    id: ClaimId
    place: Text
    claim: Text
    note: Note = ""


class PaperFacts(Struct, frozen=True, kw_only=True):
    """The paper: its title, how to cite it, what of it was read, and whether it is an invented example."""

    title: Text
    citation: Note = ""
    read: Note = ""
    invented: bool = False


class TableSpec(Struct, frozen=True, kw_only=True):
    """How one CSV file is to be read.

    `key` is the column that `row = "..."` looks in; `value` the column read when a reference names none.
    `subject` and `place` are the columns with the subject's code and the place in the paper. `lists` are
    columns whose cells hold several entries separated by `;`. `missing` are the cells that mean "not
    reported", `none` those that mean an empty list.
    """

    file: Text
    key: str = ""
    value: str = "value"
    subject: str = "subject"
    place: str = "place"
    lists: tuple[str, ...] = ()
    missing: tuple[str, ...] = ("", "N/A")
    none: tuple[str, ...] = ("None",)


class Table(Struct, frozen=True):
    """A CSV file as read: how to read it, its columns, and its rows of texts as printed."""

    spec: TableSpec
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class ClaimFolder(Struct, frozen=True):
    """A claims folder without findings: the paper, its tables by file name, and its claims in order."""

    paper: PaperFacts
    tables: dict[str, Table]
    claims: tuple[Claim, ...]


def kind_of(claim: Claim) -> str:
    """The kind of a claim, as written in `claims.toml`."""
    return str(claim.__struct_config__.tag)


def conclude(
    claim: Claim,
    verdict: VerdictWord,
    working: str,
    *,
    sources: tuple[Source, ...] = (),
    queries: tuple[str, ...] = (),
) -> Verdict:
    """The verdict on a claim: its own place is not repeated in the working, its note comes after it."""
    note = f" Note: {claim.note}" if claim.note else ""
    working = working.replace(f" ({claim.place})", "")
    return Verdict(
        id=claim.id,
        kind=kind_of(claim),
        place=claim.place,
        claim=claim.claim,
        verdict=verdict,
        working=working + note,
        sources=sources[:MOST_SOURCES],
        queries=queries,
    )


MOST_SOURCES = 500
"""Beyond this a list of sources is a copy of the table; the working still counts every row."""


def encode_verdicts(verdicts: tuple[Verdict, ...]) -> bytes:
    """The verdicts as a JSON list, one object a claim."""
    return msgspec.json.format(msgspec.json.encode(verdicts), indent=2)
