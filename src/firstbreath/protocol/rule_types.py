"""Whether a rule compares like with like, and with constants that its fields can hold."""

import ast
from collections.abc import Iterator, Mapping
from decimal import Decimal

from firstbreath.protocol.findings import suggest
from firstbreath.protocol.rule_words import number_of
from firstbreath.protocol.values import Field

KINDS = {
    "integer": "number",
    "decimal": "number",
    "text": "text",
    "choice": "text",
    "choices": "list",
    "yesno": "yes or no",
    "date": "date",
}
ORDERED = ("number", "date")
Wrong = tuple[str, str, str]
"""Code, what, fix."""


def check_types(tree: ast.expr, fields: Mapping[str, Field], derived: set[str]) -> Iterator[Wrong]:
    """What is wrong with a rule whose names are all declared."""
    for node in _truths(tree):
        if isinstance(node, ast.Compare):
            yield from _check_compare(node, fields, derived)
        elif (kind := _kind(node, fields, derived)) != "yes or no":
            yield "PROT-027", f"`{ast.unparse(node)}` is a {kind}, not a yes or no.", "Compare it with something."


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


def _check_compare(node: ast.Compare, fields: Mapping[str, Field], derived: set[str]) -> Iterator[Wrong]:
    operands = [node.left, *node.comparators]
    for left, op, right in zip(operands, node.ops, operands[1:], strict=False):
        kinds = _kind(left, fields, derived), _kind(right, fields, derived)
        if isinstance(op, ast.In | ast.NotIn):
            yield from _check_membership(left, right, kinds, elements=_elements(right, fields, derived))
        elif kinds[0] != kinds[1]:
            what = f"{kinds[0]} `{ast.unparse(left)}` is compared with {kinds[1]} `{ast.unparse(right)}`."
            yield "PROT-022", what, "Compare like with like."
        elif kinds[0] == "list" or (kinds[0] not in ORDERED and not isinstance(op, ast.Eq | ast.NotEq)):
            what = f"`{ast.unparse(left)}` and `{ast.unparse(right)}` are each a {kinds[0]}, which has no such order."
            yield "PROT-029", what, "Use == or != for texts and answers, and `in` for lists."
        yield from _check_constants(left, right, fields)
        yield from _check_constants(right, left, fields)


def _check_membership(
    left: ast.expr, right: ast.expr, kinds: tuple[str, str], *, elements: set[str]
) -> Iterator[Wrong]:
    if kinds[1] != "list":
        yield "PROT-022", f"`{ast.unparse(right)}` is a {kinds[1]}, not a list.", "Write a list after `in`."
    elif elements - {kinds[0]}:
        what = f"{kinds[0]} `{ast.unparse(left)}` is looked for among {', '.join(sorted(elements))}."
        yield "PROT-022", what, "Compare like with like."


def _elements(node: ast.expr, fields: Mapping[str, Field], derived: set[str]) -> set[str]:
    """The kinds of the elements of a list: written out, or the choices of a field."""
    if isinstance(node, ast.List | ast.Tuple):
        return {_kind(element, fields, derived) for element in node.elts}
    return {"text"}


def _check_constants(named: ast.expr, other: ast.expr, fields: Mapping[str, Field]) -> Iterator[Wrong]:
    """A constant compared with a field is one of its choices, or within what is possible."""
    field = fields.get(named.id) if isinstance(named, ast.Name) else None
    if field is None:
        return
    for node in other.elts if isinstance(other, ast.List | ast.Tuple) else [other]:
        value = _constant(node)
        if field.choices and isinstance(value, str) and value not in field.choices:
            yield "PROT-023", f'"{value}" is no choice of `{field.id}`.', suggest(value, field.choices)
        elif isinstance(value, Decimal) and not _possible(value, field):
            low, high = ("none" if limit is None else limit for limit in (field.min, field.max))
            what = f"{value} is outside what `{field.id}` can be (lowest {low}, highest {high})."
            yield "PROT-024", what, "Correct the rule or the range of the field."


def _constant(node: ast.expr) -> str | Decimal | None:
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=str() as text):
            return text
        case ast.Constant(value=int() | float() as number):
            return number_of(number)
        case ast.UnaryOp(operand=ast.Constant(value=int() | float() as number)):
            return -number_of(number)
    return None


def _possible(value: Decimal, field: Field) -> bool:
    return not (field.min is not None and value < field.min) and not (field.max is not None and value > field.max)


def _kind(node: ast.expr, fields: Mapping[str, Field], derived: set[str]) -> str:
    match node:
        case ast.Name(id=name) if name in derived:
            return "yes or no"
        case ast.Name(id=name):
            return KINDS[fields[name].type]
        case ast.List() | ast.Tuple():
            return "list"
        case ast.Constant(value=bool()):
            return "yes or no"
        case ast.Constant(value=str()):
            return "text"
    return "number"
