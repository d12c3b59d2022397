"""Three-valued rules: short expressions over declared names, parsed against a whitelist.

`18 <= age <= 75 and not pregnant` is a rule. Names, numbers, texts, lists, comparisons with chaining,
`and or not in` are all there is: no calls, no attributes, no arithmetic. A missing value gives unknown
(Kleene's strong logic), and unknown never opens a gate.
"""

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import msgspec

MAX_RULE_CHARACTERS = 500

Value = str | Decimal | bool | date | datetime | time | tuple[str, ...]
"""What a name can stand for: text or choice, number, yes or no, date, several choices."""


class RuleError(ValueError):
    """The text is not a rule; the message says which part and why."""


class Rule(msgspec.Struct, frozen=True):
    """A parsed rule: its text, its tree and the names it uses, in order of appearance."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]


class Outcome(msgspec.Struct, frozen=True):
    """What a rule says: true, false or unknown (None), the values that decided it, the names missing."""

    truth: bool | None
    decided_by: tuple[tuple[str, Value], ...] = ()
    missing: tuple[str, ...] = ()


def parse_rule(text: str) -> Rule:
    """The rule a text states.

    Raises `RuleError` when the text is too long, is not an expression, or uses anything beyond names,
    literals, comparisons and `and or not in`.
    """
    if len(text) > MAX_RULE_CHARACTERS:
        msg = f"the rule has {len(text)} characters, the limit is {MAX_RULE_CHARACTERS}"
        raise RuleError(msg)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as broken:
        msg = f"`{text}` is not an expression ({type(broken).__name__})"
        raise RuleError(msg) from None
    _check_node(tree)
    names = tuple(dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)))
    return Rule(text.strip(), tree, names)


_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: lambda left, right: left < right,
    ast.LtE: lambda left, right: left <= right,
    ast.Gt: lambda left, right: left > right,
    ast.GtE: lambda left, right: left >= right,
    ast.Eq: lambda left, right: left == right,
    ast.NotEq: lambda left, right: left != right,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_NAMES_OF_PARTS = {
    ast.Call: "a call",
    ast.Attribute: "an attribute",
    ast.Subscript: "an index",
    ast.BinOp: "arithmetic",
    ast.Lambda: "a function",
    ast.IfExp: "a conditional",
    ast.NamedExpr: "an assignment",
}


def _check_node(node: ast.expr) -> None:
    """Raise `RuleError` unless every part of the tree is on the whitelist."""
    match node:
        case ast.BoolOp(values=values):
            parts: Sequence[ast.expr] = values
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            parts = [operand]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) if type(value) in (int, float):
            parts = [node.operand]
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _COMPARE for op in ops):
            parts = [left, *others]
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            parts = elements
        case ast.Name():
            parts = []
        case ast.Constant(value=float() as number) if not math.isfinite(number):
            msg = "a number in the rule is too large"
            raise RuleError(msg)
        case ast.Constant(value=bool() | int() | float() | str()):
            parts = []
        case _:
            kind = _NAMES_OF_PARTS.get(type(node), f"`{ast.unparse(node)}`")
            msg = f"{kind} is not allowed in a rule"
            raise RuleError(msg)
    for part in parts:
        _check_node(part)


def evaluate_rule(rule: Rule, values: Mapping[str, Value], derived: Mapping[str, Rule] | None = None) -> Outcome:
    """True, false or unknown, with the values that decided it.

    values   what is known, by name; a name that is not there is missing
    derived  rules that stand for a name; a derived name inside a cycle is unknown
    """
    return _Evaluation(values, derived or {}).outcome(rule.tree, ())


class _Evaluation:
    """One walk over a tree; holds the values and nothing that changes."""

    def __init__(self, values: Mapping[str, Value], derived: Mapping[str, Rule]) -> None:
        self.values = values
        self.derived = derived

    def outcome(self, node: ast.expr, inside: tuple[str, ...]) -> Outcome:
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return _join([self.outcome(part, inside) for part in parts], decisive=False)
            case ast.BoolOp(values=parts):
                return _join([self.outcome(part, inside) for part in parts], decisive=True)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.outcome(operand, inside)
                return msgspec.structs.replace(inner, truth=None if inner.truth is None else not inner.truth)
            case ast.Compare():
                return self._compare(node)
            case ast.Name(id=name) if name in self.derived:
                if name in inside:
                    return Outcome(None, (), (name,))
                return self.outcome(self.derived[name].tree, (*inside, name))
            case _:
                return self._truth_of_value(node)

    def _truth_of_value(self, node: ast.expr) -> Outcome:
        value, names, missing = self._value(node)
        truth = value if isinstance(value, bool) and not missing else None
        return Outcome(truth, self._known(names), missing or (names if truth is None else ()))

    def _compare(self, node: ast.Compare) -> Outcome:
        operands = [self._value(part) for part in (node.left, *node.comparators)]
        names = tuple(dict.fromkeys(name for _, used, _ in operands for name in used))
        missing = tuple(dict.fromkeys(name for _, _, absent in operands for name in absent))
        pairs = zip(operands, node.ops, operands[1:], strict=False)
        links = [_compare_pair(left, op, right) for left, op, right in pairs]
        truth = False if False in links else None if None in links else True
        return Outcome(truth, self._known(names), () if truth is not None else missing or names)

    def _value(self, node: ast.expr) -> tuple[Any, tuple[str, ...], tuple[str, ...]]:
        """The value of an operand, the names it used and the names it lacks."""
        match node:
            case ast.Name(id=name) if name in self.values:
                return self.values[name], (name,), ()
            case ast.Name(id=name):
                return None, (), (name,)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                inner = [self._value(element) for element in elements]
                lacking = tuple(name for _, _, absent in inner for name in absent)
                return (
                    [value for value, _, _ in inner],
                    tuple(n for _, used, _ in inner for n in used),
                    lacking,
                )
            case ast.UnaryOp(operand=ast.Constant(value=int() | float() as number)):
                return -Decimal(str(number)), (), ()
            case ast.Constant(value=bool() | str() as literal):
                return literal, (), ()
            case ast.Constant(value=int() | float() as number):
                return Decimal(str(number)), (), ()
        return None, (), (ast.unparse(node),)

    def _known(self, names: tuple[str, ...]) -> tuple[tuple[str, Value], ...]:
        return tuple((name, self.values[name]) for name in names)


def _compare_pair(left: tuple[Any, Any, Any], op: ast.cmpop, right: tuple[Any, Any, Any]) -> bool | None:
    if left[2] or right[2]:
        return None
    if isinstance(op, ast.In | ast.NotIn):
        return _COMPARE[type(op)](left[0], right[0]) if isinstance(right[0], list | tuple) else None
    if type(left[0]) is not type(right[0]):
        return None
    return bool(_COMPARE[type(op)](left[0], right[0]))


def _join(parts: list[Outcome], *, decisive: bool) -> Outcome:
    """`or` when `decisive` is true, `and` when it is false: one decisive part settles the whole."""
    settled = [part for part in parts if part.truth is decisive]
    if settled:
        return settled[0]
    unknown = [part for part in parts if part.truth is None]
    decided = tuple(dict.fromkeys(pair for part in parts for pair in part.decided_by))
    if unknown:
        missing = tuple(dict.fromkeys(name for part in unknown for name in part.missing))
        return Outcome(None, decided, missing)
    return Outcome(not decisive, decided)
