"""How an inhalation is watched, as people read it."""

from collections.abc import Iterator
from decimal import Decimal

from firstbreath.protocol.layout import render_columns
from firstbreath.protocol.values import Inhalation, Limit, Protocol, TimePoint
from firstbreath.protocol.words import render_number, render_rule, with_source


def render_inhalation(protocol: Protocol) -> str:
    """Vital signs, limits, stopping rules and tolerances; empty where the protocol states none."""
    part = protocol.design.inhalation
    return render_columns(list(_rows(part, protocol))) if part else ""


def _rows(part: Inhalation, protocol: Protocol) -> Iterator[tuple[str, str]]:
    for point in part.time_points:
        yield f"Vital signs {point.id}", with_source(f"{point.label}: {window_words(point)}", point)
    for limit in part.limits:
        field = protocol.field(limit.field)
        yield f"Limit {limit.field}", with_source(limit_words(limit, field.unit if field else ""), limit)
    for rule in part.stopping_rules:
        yield f"Stop {rule.id}", with_source(f"{rule.text} {render_rule(rule.rule)}. {rule.do}", rule)
    yield from inhalation_facts(part)


def window_words(point: TimePoint) -> str:
    """`10 to 20 minutes after the start`, `from 20 minutes before the start to the start`."""
    first, last = point.first_minute, point.last_minute
    if last <= 0 and first < 0:
        end = f"{-last} minutes before" if last else ""
        return f"from {-first} minutes before the {point.after} to {f'{end} it' if end else f'the {point.after}'}"
    return f"{first} to {last} minutes after the {point.after}"


def limit_words(limit: Limit, unit: str) -> str:
    """`92 to 100 %`, `at least 92 %`, `at most 38 °C`."""
    low, high = limit.low, limit.high
    if low is not None and high is not None:
        words = f"{render_number(low)} to {render_number(high)}"
    else:
        words = f"at least {render_number(low)}" if low is not None else f"at most {render_number(high or Decimal(0))}"
    return f"{words} {unit}".strip()


def inhalation_facts(part: Inhalation) -> Iterator[tuple[str, str]]:
    """Interfaces, oxygen and tolerances, each with its name; what is not stated is left out."""
    low, high = part.oxygen_from_l_min, part.oxygen_to_l_min
    span = " to ".join(render_number(limit) for limit in (low, high) if limit is not None)
    if part.interfaces:
        yield "Interfaces", ", ".join(part.interfaces)
    if span:
        yield "Oxygen", f"{span} l/min"
    if part.volume_tolerance_ml is not None:
        yield "Volume", f"may differ from the plan by {render_number(part.volume_tolerance_ml)} ml"
    yield "Time", f"may differ from the plan by {part.minutes_tolerance} minutes"
    if part.max_residual_ml is not None:
        yield "Left in the cup", f"at most {render_number(part.max_residual_ml)} ml"
