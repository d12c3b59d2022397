"""What must hold of the rules: names are declared, types agree, constants are possible, nothing goes in circles."""

import ast
from collections.abc import Iterator, Mapping
from decimal import Decimal

from firstbreath.protocol.findings import suggest
from firstbreath.protocol.rules import Rule, RuleError, parse_rule
from firstbreath.protocol.toml import Place
from firstbreath.protocol.values import Field, Protocol

Complaint = tuple[str, Place, str, str, str]

_KIND = {
    "integer": "number",
    "decimal": "number",
    "text": "text",
    "choice": "text",
    "choices": "list",
    "yesno": "yes or no",
    "date": "date",
}


def check_derived(protocol: Protocol) -> Iterator[Complaint]:
    """No derived name needs itself, and none shadows a field."""
    rules = {derived.id: _names(derived.rule) for derived in protocol.design.derived}
    for n, derived in enumerate(protocol.design.derived):
        circle = _circle(derived.id, rules)
        if circle:
            what = f'"{derived.id}" needs itself: {" -> ".join(circle)}.'
            yield "protocol.toml", ("derived", n, "rule"), "PROT-025", what, "Break the circle."
        if protocol.field(derived.id):
            what = f'"{derived.id}" is both a derived name and a field.'
            yield "protocol.toml", ("derived", n), "PROT-026", what, "Give one of them another name."


def check_rules(protocol: Protocol) -> Iterator[Complaint]:
    """Every rule can be read, and compares what can be compared."""
    fields = {field.id: field for form in protocol.forms for field in form.fields}
    derived = {entry.id for entry in protocol.design.derived}
    for file, place, text in _rules(protocol):
        try:
            rule = parse_rule(text)
        except RuleError as wrong:
            fix = "Use names, numbers, texts, lists, comparisons, and, or, not, in."
            yield file, place, "PROT-020", f"Rule `{text}`: {wrong}.", fix
            continue
        for code, what, fix in _check_tree(rule, fields, derived):
            yield file, place, code, f"Rule `{text}`: {what}", fix


def _rules(protocol: Protocol) -> Iterator[tuple[str, Place, str]]:
    """Every rule of the folder with its place."""
    for group in ("derived", "criteria", "gates"):
        for n, entry in enumerate(getattr(protocol.design, group)):
            if entry.rule:
                yield "protocol.toml", (group, n, "rule"), entry.rule
    for n, summary in enumerate(protocol.analysis.summaries):
        if summary.where:
            yield "analysis.toml", ("analysis", "summaries", n, "where"), summary.where


def _names(text: str) -> tuple[str, ...]:
    try:
        return parse_rule(text).names
    except RuleError:
        return ()


def _circle(start: str, rules: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The way from a derived name back to itself, or nothing."""
    paths: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while paths:
        path = paths.pop()
        for name in rules.get(path[-1], ()):
            if name == start:
                return (*path, start)
            if name not in seen:
                seen.add(name)
                paths.append((*path, name))
    return ()


def _check_tree(rule: Rule, fields: Mapping[str, Field], derived: set[str]) -> Iterator[tuple[str, str, str]]:
    unknown = [name for name in rule.names if name not in fields and name not in derived]
    for name in unknown:
        yield "PROT-021", f'no form declares "{name}".', suggest(name, fields.keys() | derived)
    if unknown:
        return
    for node in _truths(rule.tree):
        if isinstance(node, ast.Compare):
            yield from _check_compare(node, fields, derived)
        elif _kind(node, fields, derived) != "yes or no":
            yield "PROT-026", f"`{ast.unparse(node)}` is not a yes or no.", "Compare it with something."


def _truths(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of a tree that must be true or false."""
    match node:
        case ast.BoolOp(values=parts):
            for part in parts:
                yield from _truths(part)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _truths(operand)
        case _:
            yield node


def _check_compare(node: ast.Compare, fields: Mapping[str, Field], derived: set[str]) -> Iterator[tuple[str, str, str]]:
    operands = [node.left, *node.comparators]
    for left, op, right in zip(operands, node.ops, operands[1:], strict=False):
        wanted, found = _kind(left, fields, derived), _kind(right, fields, derived)
        if isinstance(op, ast.In | ast.NotIn):
            if found != "list":
                yield "PROT-022", f"`{ast.unparse(right)}` is not a list.", "Write a list after `in`."
        elif wanted != found:
            what = f"{wanted} `{ast.unparse(left)}` is compared with {found} `{ast.unparse(right)}`."
            yield "PROT-022", what, "Compare like with like."
        yield from _check_constants(left, right, fields)
        yield from _check_constants(right, left, fields)


def _check_constants(named: ast.expr, other: ast.expr, fields: Mapping[str, Field]) -> Iterator[tuple[str, str, str]]:
    """A constant compared with a field is one of its choices, or within what is possible."""
    field = fields.get(named.id) if isinstance(named, ast.Name) else None
    if field is None:
        return
    constants = other.elts if isinstance(other, ast.List | ast.Tuple) else [other]
    for constant in constants:
        if not isinstance(constant, ast.Constant):
            continue
        value = constant.value
        if field.choices and isinstance(value, str) and value not in field.choices:
            yield "PROT-023", f'"{value}" is no choice of `{field.id}`.', suggest(value, field.choices)
        elif (
            isinstance(value, int | float) and not isinstance(value, bool) and not _possible(Decimal(str(value)), field)
        ):
            what = f"{value} is outside what `{field.id}` can be ({field.min} to {field.max})."
            yield "PROT-024", what, "Correct the rule or the range of the field."


def _possible(value: Decimal, field: Field) -> bool:
    return not (field.min is not None and value < field.min) and not (field.max is not None and value > field.max)


def _kind(node: ast.expr, fields: Mapping[str, Field], derived: set[str]) -> str:
    match node:
        case ast.Name(id=name) if name in derived:
            return "yes or no"
        case ast.Name(id=name):
            return _KIND[fields[name].type]
        case ast.List() | ast.Tuple():
            return "list"
        case ast.Constant(value=bool()):
            return "yes or no"
        case ast.Constant(value=str()):
            return "text"
        case ast.Constant() | ast.UnaryOp(op=ast.USub()):
            return "number"
    return "yes or no"
