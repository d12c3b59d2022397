"""Three-valued rules: short expressions over declared names.

`18 <= age <= 75 and not pregnant` is a rule. Names, numbers, texts, lists, comparisons with chaining,
`and or not in` are all there is: no calls, no attributes, no arithmetic. A missing value gives unknown
(Kleene's strong logic), and unknown never opens a gate.
"""

import ast
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import msgspec

from firstbreath.protocol.rule_text import Rule, RuleError, parse_rule
from firstbreath.protocol.rule_words import number_of

__all__ = ["Outcome", "Rule", "RuleError", "Value", "evaluate_rule", "parse_rule"]

Value = str | Decimal | bool | date | datetime | time | tuple[str, ...]
"""What a name can stand for: text or choice, number, yes or no, date, several choices."""

MAX_DERIVED = 20
"""How many derived names may stand behind one another; `check` finds more than that."""


class Outcome(msgspec.Struct, frozen=True):
    """What a rule says: true, false or unknown (None), the values that decided it, the names missing."""

    truth: bool | None
    decided_by: tuple[tuple[str, Value], ...] = ()
    missing: tuple[str, ...] = ()


class _Operand(msgspec.Struct, frozen=True):
    """One side of a comparison: its value, or why there is none."""

    value: Any
    decided_by: tuple[tuple[str, Value], ...] = ()
    missing: tuple[str, ...] = ()


def evaluate_rule(rule: Rule, values: Mapping[str, Value], derived: Mapping[str, Rule] | None = None) -> Outcome:
    """True, false or unknown, with the values that decided it.

    values   what is known, by name; a name that is not there is missing
    derived  rules that stand for a name; a derived name inside a cycle is unknown
    """
    return _Evaluation(values, derived or {}).outcome(rule.tree)


_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: lambda left, right: left < right,
    ast.LtE: lambda left, right: left <= right,
    ast.Gt: lambda left, right: left > right,
    ast.GtE: lambda left, right: left >= right,
    ast.Eq: lambda left, right: left == right,
    ast.NotEq: lambda left, right: left != right,
}


class _Evaluation:
    """One walk over a tree. Each derived name is worked out once, so shared names cost nothing twice."""

    def __init__(self, values: Mapping[str, Value], derived: Mapping[str, Rule]) -> None:
        self.values = values
        self.derived = derived
        self.known: dict[str, Outcome] = {}
        self.level = 0

    def outcome(self, node: ast.expr) -> Outcome:
        match node:
            case ast.BoolOp(op=op, values=parts):
                return _join([self.outcome(part) for part in parts], decisive=isinstance(op, ast.Or))
            case ast.UnaryOp(operand=operand):
                inner = self.outcome(operand)
                return Outcome(None if inner.truth is None else not inner.truth, inner.decided_by, inner.missing)
            case ast.Compare():
                return self.compare(node)
        found = self.operand(node)
        if isinstance(found.value, bool):
            return Outcome(found.value, found.decided_by)
        return Outcome(None, found.decided_by, found.missing or tuple(name for name, _ in found.decided_by))

    def compare(self, node: ast.Compare) -> Outcome:
        """A chain holds when each of its links does; one false link settles it."""
        operands = [self.operand(part) for part in (node.left, *node.comparators)]
        pairs = zip(operands, node.ops, operands[1:], strict=False)
        links = [_compare_pair(left, op, right) for left, op, right in pairs]
        truth = False if False in links else None if None in links else True
        decided = tuple(dict.fromkeys(pair for operand in operands for pair in operand.decided_by))
        if truth is not None:
            return Outcome(truth, decided)
        missing = tuple(dict.fromkeys(name for operand in operands for name in operand.missing))
        return Outcome(None, decided, missing or tuple(name for name, _ in decided))

    def operand(self, node: ast.expr) -> _Operand:
        match node:
            case ast.Name(id=name) if name in self.derived:
                found = self.stands_for(name)
                return _Operand(found.truth, found.decided_by, found.missing)
            case ast.Name(id=name) if name in self.values:
                return _Operand(self.values[name], ((name, self.values[name]),))
            case ast.Name(id=name):
                return _Operand(None, (), (name,))
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                inner = [self.operand(element) for element in elements]
                decided = tuple(pair for operand in inner for pair in operand.decided_by)
                missing = tuple(name for operand in inner for name in operand.missing)
                return _Operand(tuple(operand.value for operand in inner), decided, missing)
            case ast.UnaryOp(operand=ast.Constant(value=int() | float() as number)):
                return _Operand(-number_of(number))
            case ast.Constant(value=bool() | str() as literal):
                return _Operand(literal)
            case ast.Constant(value=int() | float() as number):
                return _Operand(number_of(number))
        return _Operand(None)

    def stands_for(self, name: str) -> Outcome:
        """What a derived name says; unknown while it is being worked out, and beyond the limit of levels."""
        if name in self.known:
            return self.known[name]
        unknown = Outcome(None, (), (name,))
        if self.level >= MAX_DERIVED:
            return unknown
        self.known[name] = unknown
        self.level += 1
        self.known[name] = self.outcome(self.derived[name].tree)
        self.level -= 1
        return self.known[name]


def _compare_pair(left: _Operand, op: ast.cmpop, right: _Operand) -> bool | None:
    """True or false; unknown when a side is missing or the two are not of one kind."""
    if left.missing or right.missing:
        return None
    if isinstance(op, ast.In | ast.NotIn):
        return _contains(left.value, right.value, wanted=isinstance(op, ast.In))
    if type(left.value) is not type(right.value):
        return None
    try:
        return bool(_COMPARE[type(op)](left.value, right.value))
    except (TypeError, ArithmeticError):  # times with and without a zone; a number that is none
        return None


def _contains(value: Any, elements: Any, *, wanted: bool) -> bool | None:
    if not isinstance(elements, list | tuple) or any(type(element) is not type(value) for element in elements):
        return None
    return (value in elements) is wanted


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
