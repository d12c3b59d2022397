"""The table of what was known, ready to be set: each entry a text and a smaller one below it."""

import msgspec

from firstbreath.paper.background import COUNT_NOTE, BackgroundRow, NotComparable
from firstbreath.paper.document import Paper

BACKGROUND_COLUMNS = ("Trial", "Product and route", "Dose as stated", "Total per subject", "Subjects", "Outcome")
BACKGROUND_SHARES = (20, 15, 17, 17, 13, 22)
"""How wide each column is set, as shares."""

BACKGROUND_NOTES = (COUNT_NOTE,)


class Entry(msgspec.Struct, frozen=True):
    """A cell of the table of what was known: a text, and a smaller one below it."""

    text: str
    below: str = ""


def background_lines(paper: Paper) -> tuple[tuple[Entry, ...], ...]:
    """The table of what was known, in the columns of `BACKGROUND_COLUMNS`."""
    return tuple(_background_line(row) for row in paper.background)


def _background_line(row: BackgroundRow) -> tuple[Entry, ...]:
    return (
        Entry(_joined(" ", row.name, row.year) or row.id, row.source),
        Entry(row.product or "not stated", row.route),
        Entry(row.dose_text),
        _total(row),
        Entry(row.subjects or "number not stated", row.condition),
        Entry(row.outcome or "none stated", "recalled, to be read again" if row.recalled else ""),
    )


def _total(row: BackgroundRow) -> Entry:
    """The total, or why there is none; the stated dose stands in its own column and is not repeated."""
    if isinstance(row.total, NotComparable):
        return Entry("not comparable", row.total.reason.removesuffix(f" ({row.dose_text})").removesuffix(" (no dose)"))
    return Entry(row.total_text, row.ratio_text and f"{row.ratio_text} the total of this trial")


def _joined(between: str, *parts: str) -> str:
    return between.join(part for part in parts if part)
