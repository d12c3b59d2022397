"""Whether printed numbers agree with each other: an interval, its estimate and its p, counts and percentages.

Every number is read as printed: a disagreement that rounding could explain is none.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from firstbreath.stats.arrays import is_list
from firstbreath.stats.counts import parse_count, parse_level
from firstbreath.stats.printed_numbers import Printed, compute_room, parse_printed
from firstbreath.stats.printed_p import parse_printed_p, render_printed_p
from firstbreath.stats.refusals import NotComputable
from firstbreath.stats.rounding import render_number


class Coherence(Struct, frozen=True):
    """Whether printed numbers agree: True, False when rounding cannot explain it, None when it cannot be said."""

    verdict: bool | None
    working: str


def check_interval(
    estimate: Printed | None,
    lower: Printed,
    upper: Printed,
    *,
    lowest: Printed | None = None,
    highest: Printed | None = None,
) -> Coherence:
    """Whether an estimate lies within its interval, and the interval within what there can be.

    estimate : as printed, or None when only the limits are. lower, upper : the limits as printed.
    lowest, highest : the ends of what there can be, such as 0 and 1 for a share, 0 for a ratio.
    An interval that leaves out its own estimate, which only a few methods can give, counts as False.
    Raises NotComputable for what is not printed text or a Decimal; TooLarge beyond 1e20 or 20 decimals.
    Source: firstbreath.
    """
    low, high = parse_printed(lower, "the lower limit"), parse_printed(upper, "the upper limit")
    faults: list[str] = []
    if _is_above(low, high):
        faults.append(f"the lower limit {low} is above the upper limit {high}")
    if estimate is not None:
        middle = parse_printed(estimate, "the estimate")
        faults += [f"the estimate {middle} is below the lower limit {low}"] * _is_above(low, middle)
        faults += [f"the estimate {middle} is above the upper limit {high}"] * _is_above(middle, high)
    if lowest is not None and compute_room(low)[1] < parse_printed(lowest, "lowest"):
        faults.append(f"the lower limit {low} is below {lowest}, the least there can be")
    if highest is not None and compute_room(high)[0] > parse_printed(highest, "highest"):
        faults.append(f"the upper limit {high} is above {highest}, the most there can be")
    if faults:
        return Coherence(verdict=False, working=f"{_join(faults)}, and rounding does not explain it.")
    what = f"{low} to {high}" if estimate is None else f"{estimate} within {low} to {high}"
    return Coherence(verdict=True, working=f"{what}: in order.")


def check_p_interval(
    p: str | Decimal, lower: Printed, upper: Printed, *, null: Printed = 0, level: object = Decimal("0.95")
) -> Coherence:
    """Whether a p-value and an interval say the same of the null value: p < 0.05 when a 95 % interval leaves it out.

    p : as printed, also a bound. lower, upper : the limits as printed. null : the value tested, 0 for a
    difference, 1 for a ratio. level : of the interval, between 0 and 1.
    True and False hold for an interval and a test of one method; None when a limit prints as the null value,
    or p as the significance level. Where the methods differ, so may the two, and False only asks for them.
    Raises NotComputable for what is not printed text or a Decimal, or limits in the wrong order.
    Source: firstbreath; a confidence interval holds the values its own test would not reject.
    """
    low, high = parse_printed(lower, "the lower limit"), parse_printed(upper, "the upper limit")
    if low > high:
        raise NotComputable(f"the limits are {low} and {high}: give the lower one first")
    value, alpha = parse_printed(null, "null"), 1 - Fraction(parse_level(level))
    apart, significant = _leaves_out(value, low, high), _is_significant(p, alpha)
    share = f"{render_number(100 * (1 - alpha), 0)} % interval {low} to {high}"
    interval = {True: f"leaves out {value}", False: f"holds {value}", None: f"ends at {value} as printed"}[apart]
    test = {True: "significant", False: "not significant", None: "perhaps significant"}[significant]
    level_words = _trim(render_number(alpha, 6))
    words = f"The {share} {interval}; p {_render_p(p)} is {test} at {level_words}."
    if apart is None or significant is None:
        return Coherence(verdict=None, working=f"{words} Rounding leaves it open whether they agree.")
    if apart == significant:
        return Coherence(verdict=True, working=f"{words} They agree.")
    return Coherence(
        verdict=False, working=f"{words} They do not agree, unless interval and test are of different methods."
    )


def check_counts(
    parts: Mapping[str, object] | Iterable[object], total: object, *, exhaustive: bool = True
) -> Coherence:
    """Whether counts of subjects, each in one part only, add up to their total.

    parts : the counts, by name when there are names. total : the count printed. exhaustive : False when other
    parts may be left out, so that the sum may only not exceed the total.
    Raises NotComputable for no parts, or what is not a count.
    Source: firstbreath.
    """
    if not is_list(parts):
        raise NotComputable(f"parts is {parts!r}: give the counts that should add up")
    named = dict(parts) if isinstance(parts, Mapping) else {str(place): part for place, part in enumerate(parts, 1)}
    if not named:
        raise NotComputable("no parts: give the counts that should add up")
    counts = {name: parse_count(part, f"part {name}") for name, part in named.items()}
    whole, found = parse_count(total, "total"), sum(counts.values())
    names = [f"{count} {name}" if isinstance(parts, Mapping) else str(count) for name, count in counts.items()]
    agrees = found == whole if exhaustive else found <= whole
    return Coherence(agrees, f"{' + '.join(names)} = {found}; the total printed is {whole}.")


def check_count_percentage(k: object, n: object, percent: Printed) -> Coherence:
    """Whether k of n prints as the percentage.

    k, n : counts, k at most n, n at least 1. percent : as printed, without the sign.
    Raises NotComputable for what is not a count or printed text.
    Source: firstbreath; GRIM (Brown and Heathers 2017) for counts.
    """
    events, subjects = parse_count(k, "k"), parse_count(n, "n", least=1)
    if events > subjects:
        return Coherence(verdict=False, working=f"{events} of {subjects}: a count cannot exceed its total.")
    printed = parse_printed(percent, "the percentage")
    low, high = compute_room(printed)
    exact = Fraction(100 * events, subjects)
    text = f"{events} of {subjects} is {_trim(render_number(exact, 2))} %; printed: {printed} %."
    if low <= exact <= high:
        return Coherence(verdict=True, working=text)
    fits = _render_fits(events, subjects, printed)
    return Coherence(verdict=False, working=text + (fits or f" No count out of {subjects} prints so."))


def _render_fits(events: int, subjects: int, printed: Decimal) -> str:
    """Of how many subjects so many events, and how many events of so many subjects, would print so."""
    low, high = compute_room(printed)
    text = ""
    if events and low > 0:
        sizes = range(max(events, ceil(100 * events / high)), floor(100 * events / low) + 1)
        text += f" {events} would be {printed} % of {_render_some(sizes)}." if sizes else ""
    counts = range(max(0, ceil(low * subjects / 100)), min(subjects, floor(high * subjects / 100)) + 1)
    return text + (f" {printed} % of {subjects} would be {_render_some(counts)}." if counts else "")


def _render_some(numbers: range) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def _is_above(one: Decimal, other: Decimal) -> bool:
    """True when the first is above the second however both were rounded, halves by one rule."""
    return compute_room(one)[0] >= compute_room(other)[1]


def _leaves_out(value: Decimal, low: Decimal, high: Decimal) -> bool | None:
    """Whether an interval leaves a value out; None when a limit may be it."""
    (lowest, low_end), (high_end, highest) = compute_room(low), compute_room(high)
    if value < lowest or value > highest:
        return True
    return False if low_end < value < high_end else None


def _is_significant(p: str | Decimal, alpha: Fraction) -> bool | None:
    """Whether a printed p, or a bound on one, is below the level; None when it may be on either side."""
    relation, number = parse_printed_p(p)
    if relation in ("<", "<="):
        return True if number <= alpha else None
    if relation in (">", ">="):
        return False if number >= alpha else None
    low, high = compute_room(number)
    return None if low <= alpha <= high else number < alpha


def _render_p(p: str | Decimal) -> str:
    relation, number = parse_printed_p(p)
    return f"= {number}" if relation == "=" else render_printed_p(relation, number)


def _join(faults: list[str]) -> str:
    text = " and ".join(faults)
    return text[:1].upper() + text[1:]


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
