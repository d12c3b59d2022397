"""What an amendment changes, by id and in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from firstbreath.protocol.values import Cell, Protocol, WordsFile
from firstbreath.protocol.words import render_name, render_rule, render_value

RULES = ("rule", "where")

NAMES: Mapping[str, str] = {
    "trial": "Trial",
    "product": "Product",
    "cold_chain": "Cold chain",
    "device": "Device",
    "consent": "Consent",
    "doses": "Dose",
    "arms": "Arm",
    "criteria": "Criterion",
    "derived": "Definition",
    "gates": "Gate",
    "inhalation": "Inhalation",
    "time_points": "Time point",
    "limits": "Limit",
    "stopping_rules": "Stopping rule",
    "inhalation_events": "Inhalation event",
    "outcomes": "Outcome",
    "visits": "Visit",
    "forms": "Form",
    "fields": "Field",
    "checks": "Check",
    "charter": "Charter",
    "segments": "Segment",
    "scores": "Points",
    "analysis": "Analysis",
    "summaries": "Summary",
    "tables": "Table",
    "columns": "Column",
    "swimmers": "Figure",
    "endpoints": "Endpoint",
    "forests": "Figure",
    "schedule": "Schedule",
}
"""What people call each part, by its name in the files."""


class Change(msgspec.Struct, frozen=True):
    """One difference between two protocols.

    `part` names what changes (`Criterion I2`), `field` which of its statements (empty when the whole part
    is added, removed or moved), `old` and `new` are as printed, and `text` says it in one sentence.
    """

    kind: Literal["added", "removed", "changed", "moved"]
    part: str
    field: str
    old: str
    new: str
    text: str


def compute_changes(old: Protocol, new: Protocol) -> tuple[Change, ...]:
    """Every difference in what two protocols state, in the order of the files; layout and comments do not count."""
    changes = list(_struct_changes("", old.design, new.design, skip=("firstbreath", "schedule")))
    changes += _schedule_changes(old, new)
    changes += _list_changes("forms", old.forms, new.forms)
    changes += _list_changes("checks", old.checks, new.checks)
    for language in sorted(old.words.keys() | new.words.keys()):
        before, after = (words.get(language, WordsFile()) for words in (old.words, new.words))
        changes += _struct_changes(f"Words ({language})", before, after)
    changes += _part_changes("charter", old.charter, new.charter)
    changes += _struct_changes(NAMES["analysis"], old.analysis, new.analysis)
    return tuple(changes)


def render_changes(changes: Sequence[Change]) -> str:
    """The changes as people read them, one a line; a sentence when there is none."""
    if not changes:
        return "The two protocols state the same."
    return "\n".join(change.text for change in changes)


def _struct_changes(part: str, old: Any, new: Any, *, skip: Sequence[str] = ()) -> Iterator[Change]:
    """The differences between two values of one struct; `part` is what people call it, or empty for a whole file."""
    for field in msgspec.structs.fields(old):
        if field.name in skip:
            continue
        was, becomes = getattr(old, field.name), getattr(new, field.name)
        if was == becomes:
            continue
        if _is_list_of_parts(was) or _is_list_of_parts(becomes):
            yield from _list_changes(field.name, was, becomes, within=part)
        elif isinstance(was, msgspec.Struct) or isinstance(becomes, msgspec.Struct):
            yield from _part_changes(field.name, was, becomes, within=part)
        else:
            show = render_rule if field.name in RULES else render_value
            yield _changed(part, render_name(field.name), show(was), show(becomes))


def _is_list_of_parts(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], msgspec.Struct)


def _part_changes(name: str, old: Any, new: Any, *, within: str = "") -> Iterator[Change]:
    """The differences of a part that there is at most one of."""
    called = (f"{within}, " if within else "") + NAMES.get(name, name)
    if old is None and new is not None:
        yield _whole("added", called, new)
    elif new is None and old is not None:
        yield _whole("removed", called, old)
    elif old is not None:
        yield from _struct_changes(called, old, new)


def _list_changes(name: str, old: Sequence[Any], new: Sequence[Any], *, within: str = "") -> Iterator[Change]:
    """The differences of a list, matched by id: changed, removed, added, and whether the order differs."""
    before, after = {_key(entry): entry for entry in old}, {_key(entry): entry for entry in new}
    called = (f"{within}, " if within else "") + NAMES.get(name, name)
    for key, entry in before.items():
        if key not in after:
            yield _whole("removed", f"{called} {key}", entry)
        elif entry != after[key]:
            yield from _struct_changes(f"{called} {key}", entry, after[key])
    for key, entry in after.items():
        if key not in before:
            yield _whole("added", f"{called} {key}", entry)
    kept_before = [key for key in before if key in after]
    kept_after = [key for key in after if key in before]
    if kept_before != kept_after:
        was, becomes = ", ".join(kept_before), ", ".join(kept_after)
        text = f"{called}: the order {was} becomes {becomes}."
        yield Change("moved", called, "", was, becomes, text)


def _key(entry: Any) -> str:
    """What an entry of a list is known by."""
    return str(next(getattr(entry, name) for name in ("id", "points", "field") if hasattr(entry, name)))


def _changed(part: str, field: str, old: str, new: str) -> Change:
    if old and new:
        text = f"{part}: {field} {old} becomes {new}."
    elif new:
        text = f"{part}: {field} is now {new}."
    else:
        text = f"{part}: {field} {old} is no longer stated."
    return Change("changed", part, field, old, new, text)


def _whole(kind: Literal["added", "removed"], part: str, entry: Any) -> Change:
    """A part that comes or goes, with the words that tell which it is."""
    words = next((str(getattr(entry, name)) for name in _TELLING if getattr(entry, name, "")), "")
    what = f"{words} (rule `{entry.rule}`)" if getattr(entry, "rule", "") else words
    text = f"{part} is {kind}: {what}" if what else f"{part} is {kind}"
    old, new = ("", what) if kind == "added" else (what, "")
    return Change(kind, part, "", old, new, text.rstrip(".") + ".")


_TELLING = ("text", "title", "label", "term", "name", "unit", "modality")


def _schedule_changes(old: Protocol, new: Protocol) -> Iterator[Change]:
    """The schedule cell by cell; how the grid is drawn does not matter."""
    before, after = _cells(old.due), _cells(new.due)
    for cell in (*before, *(cell for cell in after if cell not in before)):
        was, becomes = before.get(cell, ""), after.get(cell, "")
        if was != becomes:
            activity, visit = cell
            words = f"now {becomes}" if becomes else "no longer due"
            yield Change("changed", "Schedule", activity, was, becomes, f"Schedule: {activity} is {words} at {visit}.")
    yield from _struct_changes(NAMES["schedule"], old.design.schedule, new.design.schedule, skip=("grid",))


def _cells(due: Sequence[Cell]) -> dict[tuple[str, str], str]:
    return {(cell.activity, cell.visit): "due" if cell.required else "optional" for cell in due}
