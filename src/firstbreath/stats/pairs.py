"""Values before and after of the same subjects, some missing, and the scale they are read on."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct

from firstbreath.stats.arrays import LONG, NEAR, is_list, parse_number
from firstbreath.stats.refusals import NotComputable

Value: TypeAlias = Fraction | None
Pair: TypeAlias = tuple[Value, Value]


class Scale(Struct, frozen=True):
    """The least and greatest value an endpoint can have, and the step between values; None where there is none."""

    lowest: Value = None
    highest: Value = None
    step: Value = None


def parse_pairs(before: Iterable[object], after: Iterable[object]) -> tuple[Pair, ...]:
    """Each subject's value before and after, exactly, None where missing.

    before, after : one value per subject, in the same order and unit.
    Raises NotComputable as `parse_number`, for none or different lengths, and where floats computed elsewhere
    would lose a tie among the differences.
    """
    typed = keep_array(before, "before"), keep_array(after, "after")
    early, late = parse_gapped(typed[0], "before"), parse_gapped(typed[1], "after")
    if len(early) != len(late):
        raise NotComputable(
            f"{len(early)} values before and {len(late)} after: give one of each for every subject, None where missing"
        )
    if not early:
        raise NotComputable("before and after have no values: at least 1 subject needed")
    pairs = tuple(zip(early, late, strict=True))
    if any(map(_is_long, (*typed[0], *typed[1]))):
        _refuse_lost_ties(compute_known_differences(pairs))
    return pairs


def parse_gapped(values: Iterable[object], name: str) -> tuple[Value, ...]:
    """The numbers of an array, exactly, in the order given, None kept where a value is missing.

    values : numbers and None. name : the argument, for the message.
    Raises NotComputable as `parse_number`; for one number or text in place of an array.
    """
    return tuple(
        None if value is None else parse_number(value, f"value {place} of {name}")
        for place, value in enumerate(keep_array(values, name), 1)
    )


def keep_array(values: Iterable[object], name: str, *, kind: str = "numbers, None where missing") -> tuple[object, ...]:
    """The values as they were typed, kept for more than one look.

    values : of any kind. name, kind : the argument and what it lists, for the message.
    Raises NotComputable for one number or text in place of an array.
    """
    if not is_list(values):
        raise NotComputable(f"{name} is {values!r}: give a list of {kind}")
    return tuple(values)


def compute_known_differences(pairs: Iterable[Pair]) -> tuple[Fraction, ...]:
    """After minus before of the subjects with both values, in their order."""
    return tuple(late - early for early, late in pairs if early is not None and late is not None)


def _is_long(value: object) -> bool:
    """True for a float with more digits than anyone types: it was computed, not recorded."""
    return isinstance(value, float) and len(Decimal(repr(float(value))).as_tuple().digits) >= LONG


def _refuse_lost_ties(differences: Sequence[Fraction]) -> None:
    magnitudes = sorted({Fraction(0), *map(abs, differences)})
    for low, high in pairwise(magnitudes):
        if high - low < NEAR * magnitudes[-1]:
            raise NotComputable(
                "two differences, or one and zero, differ by the rounding of binary floats alone, so a tie would be "
                "lost: give the values before and after as they were recorded"
            )


def parse_scale(lowest: object, highest: object, step: object) -> Scale:
    """The scale of an endpoint, exactly.

    lowest, highest : its ends, in the unit of the values. step : between two of its values; None where unlimited.
    Raises NotComputable for a highest value not above the lowest, a step of 0 or less, or one that misses an end.
    """
    low, high, apart = (
        None if value is None else parse_number(value, name)
        for value, name in ((lowest, "lowest"), (highest, "highest"), (step, "step"))
    )
    if apart is not None and apart <= 0:
        raise NotComputable(f"step is {step}: give the distance between two values of the scale, above 0")
    if low is None or high is None:
        return Scale(low, high, apart)
    if high <= low:
        raise NotComputable(f"lowest is {lowest} and highest {highest}: the highest must be above")
    if apart is not None and (high - low) % apart:
        raise NotComputable(f"steps of {step} from {lowest} do not reach {highest}: correct lowest, highest or step")
    return Scale(low, high, apart)


def refuse_off_scale(values: Iterable[Value], scale: Scale, *, name: str, origin: Value) -> None:
    """Nothing, or a refusal naming the first value that the scale does not have.

    values : None where missing. scale : as `parse_scale`. name : of the array, for the message.
    origin : a value of the scale, from which steps are counted.
    Raises NotComputable for a value below the lowest, above the highest, or between two steps.
    """
    for place, value in enumerate(values, 1):
        if value is None:
            continue
        where = f"value {place} of {name} is {value}"
        if scale.lowest is not None and value < scale.lowest:
            raise NotComputable(f"{where}, below the lowest of the scale, {scale.lowest}: correct one of the two")
        if scale.highest is not None and value > scale.highest:
            raise NotComputable(f"{where}, above the highest of the scale, {scale.highest}: correct one of the two")
        if scale.step is not None and origin is not None and (value - origin) % scale.step:
            raise NotComputable(f"{where}, between two steps of {scale.step} from {origin}: correct it or the step")


def find_origin(scale: Scale, values: Iterable[Value]) -> Value:
    """A value that certainly is on the scale: an end of it, or else the first value known."""
    return next((value for value in (scale.lowest, scale.highest, *values) if value is not None), None)
