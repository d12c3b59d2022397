"""A rule's text into its tree, by whitelist: what is not named here cannot be written in a rule."""

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from firstbreath.protocol.rule_words import find_refused_word

MAX_RULE_CHARACTERS = 500
MAX_LEVELS = 20


class RuleError(ValueError):
    """The text is not a rule; the message says which part and why."""


class Rule(msgspec.Struct, frozen=True):
    """A parsed rule: its text, its tree and the names it uses, in order of appearance."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]


@lru_cache(maxsize=1000)
def parse_rule(text: str) -> Rule:
    """The rule a text states.

    Raises `RuleError` when the text is too long, is not an expression, or uses anything beyond names,
    literals, comparisons and `and or not in`.
    """
    if len(text) > MAX_RULE_CHARACTERS:
        msg = f"it has {len(text)} characters, the limit is {MAX_RULE_CHARACTERS}"
        raise RuleError(msg)
    stripped = text.strip()
    wrong = find_refused_word(stripped)
    if wrong:
        msg = f"{wrong} is not allowed"
        raise RuleError(msg)
    try:
        tree = ast.parse(stripped.replace("\n", " "), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        msg = "it is not an expression" if stripped else "it is empty"
        raise RuleError(msg) from None
    _check_truth(tree, MAX_LEVELS)
    names = tuple(dict.fromkeys(_names(tree)))
    if not names:
        msg = "it names nothing that is recorded"
        raise RuleError(msg)
    return Rule(stripped, tree, names)


_REFUSED_PARTS: dict[type[ast.expr], str] = {
    ast.Call: "a call",
    ast.Subscript: "an index",
    ast.BinOp: "arithmetic",
    ast.UnaryOp: "arithmetic, or `not` inside a comparison,",
    ast.Lambda: "a function",
    ast.IfExp: "a conditional",
    ast.List: "a list that does not follow `in`",
    ast.Tuple: "a list that does not follow `in`",
    ast.ListComp: "a loop",
    ast.GeneratorExp: "a loop",
    ast.Compare: "a comparison inside a comparison",
    ast.BoolOp: "`and` or `or` inside a comparison",
    ast.Constant: "a value by itself, or None,",
}


def _refuse(node: ast.expr) -> RuleError:
    return RuleError(f"{_REFUSED_PARTS.get(type(node), 'this kind of expression')} is not allowed")


def _check_truth(node: ast.expr, levels: int) -> None:
    """Raise `RuleError` unless the part is true or false: a name, a comparison, or those joined."""
    if not levels:
        msg = f"it is nested deeper than {MAX_LEVELS} levels"
        raise RuleError(msg)
    match node:
        case ast.BoolOp(values=parts):
            for part in parts:
                _check_truth(part, levels - 1)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _check_truth(operand, levels - 1)
        case ast.Compare():
            _check_compare(node)
        case ast.Name():
            return
        case _:
            raise _refuse(node)


def _check_compare(node: ast.Compare) -> None:
    _check_value(node.left)
    for op, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, ast.Is | ast.IsNot):
            msg = "`is` is not allowed (write ==)"
            raise RuleError(msg)
        is_list = isinstance(op, ast.In | ast.NotIn) and isinstance(right, ast.List | ast.Tuple)
        elements: Sequence[ast.expr] = right.elts if is_list and isinstance(right, ast.List | ast.Tuple) else [right]
        for element in elements:
            _check_value(element)


def _check_value(node: ast.expr) -> None:
    """Raise `RuleError` unless the part is a name, a number, a text, True or False."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=number)) if type(number) in (int, float):
            return
        case ast.Name() | ast.Constant(value=bool() | int() | float() | str()):
            return
        case _:
            raise _refuse(node)


def _names(node: ast.AST) -> Iterator[str]:
    """The names of a tree as they are read, left to right."""
    if isinstance(node, ast.Name):
        yield node.id
    for child in ast.iter_child_nodes(node):
        yield from _names(child)
