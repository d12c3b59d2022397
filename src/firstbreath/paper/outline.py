"""What every rendering of a paper shares: its sections in order, with their words.

Names to know: `sections_of`, `facts_of`. Never here: a format, or a number that is not of the paper.
"""

import msgspec

from firstbreath.paper.claims import VerdictWord
from firstbreath.paper.document import Evidence, Paper
from firstbreath.paper.plain import render_short


class Section(msgspec.Struct, frozen=True):
    """A section: its id, its title, and the sentence that says how to read it."""

    id: str
    title: str
    lead: str


FLOW = Section("flow", "Participants", "How many people were at each step of the trial.")
LEAVING = ("FLOW.in_screening", "FLOW.not_enrolled")
"""Steps drawn beside the flow: these people go no further, or not yet."""
NUMBERS = Section("numbers", "Numbers of the text", "Each number is computed from the recorded events alone.")
TABLES = Section("tables", "Tables", "Each entry stands as it was recorded; N/A: not recorded, or absent.")
TIMELINES = Section(
    "timelines",
    "Timeline",
    "A bar that ends in a point: no later oxygen is recorded, so it ends with the day after the last dose.",
)
ENDPOINTS = Section(
    "endpoints",
    "Before and after",
    "Each subject's own change, with the exact numbers that so few subjects allow.",
)
RATES = Section("rates", "Event rates", "Each rate with its exact limits: how much so few subjects leave open.")
BACKGROUND = Section(
    "background",
    "What was known before",
    "Earlier trials with their doses. A total is given where the source states enough to count it.",
)
CLAIMS = Section(
    "claims",
    "What the published paper states, checked",
    "Each statement beside what the printed numbers give. A verdict is on a statement, never on a person.",
)
SILENCES = Section(
    "silences",
    "What the source of the protocol leaves open",
    "Where the source is silent or contradicts itself, the protocol says so and invents nothing.",
)
EVIDENCE = Section(
    "evidence",
    "Evidence",
    "Each number of this paper is a row; each row names the events it was computed from; each event has its place in "
    "a chain of hashes that ends in the head printed above.",
)
ROWS = Section("rows", "Rows", "Printed text, exact value and method of each number.")
EVENTS = Section("events", "Events", "Who recorded what, when, and where it was first written.")

HEAD_SENTENCE = (
    "The record behind this paper ends at the event and hash named here, signed with the key beside them: whoever "
    "keeps a copy of this page can find out a record that was later rewritten or cut short."
)
PUBLIC_KEY_SENTENCE = (
    "The key of this demonstration is public, so that anyone's copy is the same to the last byte: its signature does "
    "not say who signed."
)


def head_sentence(paper: Paper) -> str:
    """What the head and its signature tell the reader of this paper."""
    return f"{HEAD_SENTENCE} {PUBLIC_KEY_SENTENCE}" if paper.public_key else HEAD_SENTENCE


VERDICT_WORDS: dict[VerdictWord, str] = {
    "contradicted": "The printed numbers say otherwise.",
    "not attainable": "No data could give this by the method named.",
    "inconsistent": "Another statement says otherwise.",
    "not checkable": "Something needed for the check is not printed.",
    "reproduced": "The printed numbers give it again.",
}
"""The verdicts in the order of reading, each with what it means."""


def sections_of(paper: Paper) -> tuple[Section, ...]:
    """The sections that have content, in the order of the paper."""
    held = {
        FLOW: paper.flow,
        NUMBERS: paper.statements,
        TABLES: paper.tables,
        TIMELINES: paper.timelines,
        ENDPOINTS: paper.endpoints,
        RATES: paper.rates,
        BACKGROUND: (*paper.background, *paper.context),
        CLAIMS: paper.verdicts,
        SILENCES: paper.silences,
        EVIDENCE: paper.results,
    }
    return tuple(section for section, content in held.items() if content)


def facts_of(paper: Paper) -> tuple[tuple[str, str], ...]:
    """The lines of the title block: what the paper is of, and what it is signed with."""
    return (
        ("Trial", paper.trial),
        ("Registration", paper.registration or "not stated"),
        ("Protocol, SHA-256", paper.protocol_digest),
        ("Head of the record", head_of(paper)),
        ("Key, Ed25519", paper.head.key),
        ("Signature", paper.head.signature),
        ("Written by", f"firstbreath {paper.version.removeprefix('firstbreath ')}"),
    )


STAMP_LENGTH = 90


def stamp_of(paper: Paper) -> str:
    """The stamp on one line, as it stands on every page."""
    return render_short(paper.stamp, STAMP_LENGTH)


def head_of(paper: Paper) -> str:
    """The head as it stands on printouts: number and hash of the last event."""
    return f"{paper.head.seq}:{paper.head.hash}"


def render_body(event: Evidence) -> str:
    """What an event recorded, on one line where it is JSON."""
    try:
        return msgspec.json.format(event.body, indent=0)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return event.body


def render_written(event: Evidence) -> str:
    """When the event was written, to the second, in its own zone."""
    return event.at.isoformat(timespec="seconds").replace("+00:00", "Z")
