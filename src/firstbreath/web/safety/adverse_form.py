"""The form of an adverse event: its choices, what stands in them, and what was sent back into facts."""

from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from firstbreath.events import kinds
from firstbreath.events.kinds import Relation
from firstbreath.protocol.values import Protocol
from firstbreath.safety.adverse_events import ACTIONS, OUTCOMES, SERIOUS
from firstbreath.trial.laboratory import LaboratoryValue
from firstbreath.web.entry import Choice
from firstbreath.web.safety.adverse_list import GRADE_WORDS

EXPECTED = {"": None, "yes": True, "no": False}
JUDGEMENTS = ("serious", "related_product", "related_nebulisation", "expected")
"""What is the investigator's to judge."""


class AdverseForm(msgspec.Struct, frozen=True):
    """What stands in the form, and the choices it offers."""

    term: str
    onset: str
    ended: str
    aware: str
    narrative: str
    day: str
    grades: tuple[Choice, ...]
    serious: tuple[Choice, ...]
    related_product: tuple[Choice, ...]
    related_nebulisation: tuple[Choice, ...]
    actions: tuple[Choice, ...]
    outcomes: tuple[Choice, ...]
    expected: tuple[Choice, ...]
    prespecified: tuple[Choice, ...]
    graded_by: str = ""


def compute_form(protocol: Protocol, stands: Mapping[str, Any], *, graded_by: str = "") -> AdverseForm:
    """The form with what stands.

    stands     the facts by name, as texts; `serious` holds several
    graded_by  the laboratory value that the grade offered comes from, in words
    """
    relations = [(word, word or "not judged yet") for word in get_args(Relation)]
    named = [("", "none of them"), *((event.id, event.term) for event in protocol.design.inhalation_events)]

    def offer(name: str, options: list[tuple[str, str]]) -> tuple[Choice, ...]:
        chosen = stands.get(name, "")
        several = chosen if isinstance(chosen, list | tuple) else (str(chosen),)
        return tuple(Choice(value, words, value in several) for value, words in options)

    return AdverseForm(
        term=str(stands.get("term", "")),
        onset=str(stands.get("onset", "")),
        ended=str(stands.get("ended", "")),
        aware=str(stands.get("aware", "")),
        narrative=str(stands.get("narrative", "")),
        day=str(stands.get("day", "")),
        grades=offer("grade", [(str(n), f"{n} {words}" if n else words) for n, words in GRADE_WORDS.items()]),
        serious=offer("serious", [*SERIOUS.items()]),
        related_product=offer("related_product", relations),
        related_nebulisation=offer("related_nebulisation", relations),
        actions=offer("action", [("", "not recorded"), *((word, word) for word in ACTIONS)]),
        outcomes=offer("outcome", [("", "not known yet"), *((word, word) for word in OUTCOMES)]),
        expected=offer("expected", [("", "not judged yet"), ("yes", "expected"), ("no", "unexpected")]),
        prespecified=offer("prespecified", named),
        graded_by=graded_by,
    )


def stands_of(facts: kinds.AdverseEventFacts) -> dict[str, Any]:
    """The facts of an adverse event as the form holds them."""
    told = {name: getattr(facts, name) for name in facts.__struct_fields__ if name != "number"}
    expected = {None: "", True: "yes", False: "no"}[facts.expected]
    return told | {"grade": str(facts.grade), "day": str(facts.day or ""), "expected": expected}


def prefill(protocol: Protocol, asked: Mapping[str, str], value: LaboratoryValue | None, *, now: str) -> dict[str, Any]:
    """What the form begins with: the prespecified event and day of an inhalation, or a laboratory value's grade."""
    named = {event.id: event.term for event in protocol.design.inhalation_events}
    seen = asked.get("prespecified", "")
    found: dict[str, Any] = {"grade": "0", "onset": now, "aware": now}
    if seen in named:
        found |= {"prespecified": seen, "term": named[seen]}
    if asked.get("day", "").isdigit():
        found["day"] = asked["day"][:4]
    worst = value.worst if value else None
    if value and worst:
        found |= {"term": worst.term, "grade": str(worst.grade or 0), "onset": value.on.isoformat()}
    return found


def parse_facts(sent: Mapping[str, Any], *, serious: list[str]) -> dict[str, Any]:
    """The facts that the form was sent with, as texts; times are still as entered."""
    names = ("term", "grade", "related_product", "related_nebulisation", "action", "outcome", "prespecified")
    facts: dict[str, Any] = {name: str(sent.get(name, "")).strip() for name in names}
    facts["grade"] = facts["grade"] or "0"
    facts["day"] = str(sent.get("day", "")).strip() or "0"
    facts["expected"] = EXPECTED.get(str(sent.get("expected", "")))
    facts["narrative"] = str(sent.get("narrative", "")).replace("\r\n", "\n").strip()
    return facts | {"serious": tuple(serious)}
