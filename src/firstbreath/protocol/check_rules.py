"""What must hold of the rules: names are declared, types agree, constants are possible, nothing goes in circles."""

import ast
from collections.abc import Iterator, Mapping

from firstbreath.protocol.complaints import Complaint
from firstbreath.protocol.findings import show, suggest
from firstbreath.protocol.lines import Place
from firstbreath.protocol.rule_types import check_types
from firstbreath.protocol.rules import MAX_DERIVED, RuleError, parse_rule
from firstbreath.protocol.values import Field, Protocol


def check_derived(protocol: Protocol) -> Iterator[Complaint]:
    """No derived name needs itself, stands behind too many others, or shadows a field."""
    rules = {derived.id: _names(derived.rule) for derived in protocol.design.derived}
    levels = _levels(rules)
    for n, derived in enumerate(protocol.design.derived):
        place = ("derived", n, "rule")
        level = levels.get(derived.id)
        if level is None and (circle := _circle(derived.id, rules)):
            what = f'"{derived.id}" needs itself: {" -> ".join(circle)}.'
            yield Complaint("protocol.toml", place, "PROT-025", what, "Break the circle.")
        elif level is not None and level > MAX_DERIVED:
            what = f'"{derived.id}" stands on {level} levels of derived names, the limit is {MAX_DERIVED}.'
            yield Complaint("protocol.toml", place, "PROT-028", what, "Write some of them out.")
        if protocol.field(derived.id):
            what = f'"{derived.id}" is both a derived name and a field.'
            yield Complaint("protocol.toml", ("derived", n), "PROT-026", what, "Give one of them another name.")


def _names(text: str) -> tuple[str, ...]:
    try:
        return parse_rule(text).names
    except RuleError:
        return ()


def _levels(rules: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """How many derived names stand behind each, itself included; nothing for those on or before a circle."""
    levels: dict[str, int] = {}
    waiting = dict(rules)
    while ready := [name for name, needs in waiting.items() if all(need in levels for need in needs if need in rules)]:
        for name in ready:
            levels[name] = 1 + max((levels[need] for need in rules[name] if need in rules), default=0)
            del waiting[name]
    return levels


def _circle(start: str, rules: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The way from a derived name back to itself, or nothing."""
    paths: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while paths:
        path = paths.pop()
        for name in rules.get(path[-1], ()):
            if name == start:
                return (*path, start)
            if name not in seen and name in rules:
                seen.add(name)
                paths.append((*path, name))
    return ()


def check_rules(protocol: Protocol) -> Iterator[Complaint]:
    """Every rule can be read, and compares what can be compared."""
    fields = {field.id: field for form in protocol.forms for field in form.fields}
    derived = {entry.id for entry in protocol.design.derived}
    for file, place, text in _rules(protocol):
        try:
            tree = parse_rule(text).tree
        except RuleError as wrong:
            fix = "Use names, numbers, texts, lists, comparisons, and, or, not, in."
            yield Complaint(file, place, "PROT-020", f"Rule `{show(text)}`: {wrong}.", fix)
            continue
        for code, what, fix in _wrong_in(tree, text, fields, derived=derived):
            yield Complaint(file, place, code, f"Rule `{show(text)}`: {what}", fix)


def _wrong_in(
    tree: ast.expr, text: str, fields: Mapping[str, Field], *, derived: set[str]
) -> Iterator[tuple[str, str, str]]:
    unknown = [name for name in parse_rule(text).names if name not in fields and name not in derived]
    for name in unknown:
        yield "PROT-021", f'no form declares "{name}".', suggest(name, fields.keys() | derived)
    if not unknown:
        yield from check_types(tree, fields, derived)


def _rules(protocol: Protocol) -> Iterator[tuple[str, Place, str]]:
    """Every rule of the folder with its place."""
    for group in ("derived", "criteria", "gates"):
        for n, entry in enumerate(getattr(protocol.design, group)):
            if entry.rule:
                yield "protocol.toml", (group, n, "rule"), entry.rule
    for n, check in enumerate(protocol.checks):
        yield "forms.toml", ("checks", n, "rule"), check.rule
    for n, summary in enumerate(protocol.analysis.summaries):
        if summary.where:
            yield "analysis.toml", ("analysis", "summaries", n, "where"), summary.where
    for n, endpoint in enumerate(protocol.analysis.endpoints):
        for side, measured in (("before", endpoint.before), ("after", endpoint.after)):
            if measured.where:
                yield "analysis.toml", ("analysis", "endpoints", n, side, "where"), measured.where
