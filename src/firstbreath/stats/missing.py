"""What missing values could do: the range of the answers over every way of completing them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache

from msgspec import Struct

from firstbreath.stats.answers import PValue
from firstbreath.stats.arrangements import Alternative, compute_doubled_ranks, compute_sign_flip_counts, compute_tail
from firstbreath.stats.pairs import (
    Pair,
    Scale,
    compute_known_differences,
    find_origin,
    parse_pairs,
    parse_scale,
    refuse_off_scale,
)
from firstbreath.stats.placements import Placed, Placement, Range, assign_differences, find_placements
from firstbreath.stats.ranks import Zeros, signed_rank
from firstbreath.stats.refusals import TooLarge
from firstbreath.stats.shifts import compute_walsh_averages

MOST_SUBJECTS = 50


class Completion(Struct, frozen=True):
    """One way of completing the missing values: every subject's difference, in order, and the p it gives."""

    p: PValue
    differences: tuple[Fraction, ...]


class MissingBounds(Struct, frozen=True):
    """The range of each answer over every way of completing the missing values.

    missing : subjects without a difference, of n. best, worst : a completion with the smallest and one with the
    largest p. shift : least and greatest Hodges-Lehmann estimate, None where it has no bound.
    rose, fell : fewest and most subjects with a positive and with a negative difference.
    placements : the distinct placements that were compared. scale : on which the missing values were taken to lie.
    """

    missing: int
    n: int
    best: Completion
    worst: Completion
    shift: Range
    rose: tuple[int, int]
    fell: tuple[int, int]
    placements: int
    scale: Scale


def missing_bounds(
    before: Iterable[object],
    after: Iterable[object],
    *,
    lowest: object = None,
    highest: object = None,
    step: object = None,
    zeros: Zeros = "wilcoxon",
    alternative: Alternative = "two-sided",
) -> MissingBounds:
    """The range of the exact signed-rank p, of the Hodges-Lehmann shift, and of the counts that rose and fell.

    With nothing missing both ends are the answer itself. Without `step` the scale is taken as continuous, with it
    only its own values occur. The shift rises with every difference, so its range is that of the least and the
    greatest completion; it may have a bound even where the scale has none.

    before, after : one value per subject in the same order and unit, None where missing, also on both sides.
    lowest, highest : ends of the scale, None where it has none. step : between two values of it, 1 for a score.
    zeros, alternative : as `signed_rank`.
    Raises NotComputable as `signed_rank`, `parse_pairs`, `parse_scale` and for values off the scale; TooLarge for
    more than 50 subjects with some missing, or placements as `find_placements`.
    Source: bounds over all completions as Horowitz and Manski, JASA 2000;95:77, here without a model or a draw.
    """
    pairs, scale = parse_pairs(before, after), parse_scale(lowest, highest, step)
    for side, name in enumerate(("before", "after")):
        origin = find_origin(scale, (value for pair in pairs for value in pair))
        refuse_off_scale((pair[side] for pair in pairs), scale, name=name, origin=origin)
    known = compute_known_differences(pairs)
    ranges = [_bound(pair, scale) for pair in pairs if None in pair]
    if ranges and len(pairs) > MOST_SUBJECTS:
        raise TooLarge(f"{len(ranges)} of {len(pairs)} subjects missing: bounds are given for up to {MOST_SUBJECTS}")
    best, worst, placements = _find_extremes(pairs, ranges, step=scale.step, zeros=zeros, alternative=alternative)
    return MissingBounds(
        missing=len(ranges),
        n=len(pairs),
        best=Completion(signed_rank(best, zeros=zeros, alternative=alternative), best),
        worst=Completion(signed_rank(worst, zeros=zeros, alternative=alternative), worst),
        shift=(_bound_shift(known, ranges, -1), _bound_shift(known, ranges, 1)),
        rose=_bound_count(known, ranges),
        fell=_bound_count([-difference for difference in known], [_mirror(one) for one in ranges]),
        placements=placements,
        scale=scale,
    )


def _find_extremes(
    pairs: Sequence[Pair], ranges: Sequence[Range], *, step: Fraction | None, zeros: Zeros, alternative: Alternative
) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...], int]:
    """All differences completed for the smallest p and for the largest, and how many placements were compared."""
    ranked = zeros != "wilcoxon"
    found = find_placements(compute_known_differences(pairs), ranges, step=step, zeros_ranked=ranked)

    @cache
    def distribute(groups: tuple[int, ...], under: int) -> tuple[tuple[int, ...], int]:
        ranks = compute_doubled_ranks(groups, under)
        return compute_sign_flip_counts(groups, under), sum(map(int.__mul__, groups, ranks))

    def weigh(placement: Placement) -> Fraction:
        groups = placement.groups
        counts, mirror = distribute(groups, placement.zeros if ranked else 0)
        extreme = compute_tail(counts, placement.positive, mirror=mirror, alternative=alternative)
        return Fraction(extreme, 2 ** sum(groups))

    weights = {placement: weigh(placement) for placement in found}
    least, most = (end(weights, key=weights.__getitem__) for end in (min, max))
    return _complete(pairs, ranges, found[least]), _complete(pairs, ranges, found[most]), len(found)


def _complete(pairs: Sequence[Pair], ranges: Sequence[Range], placed: Placed) -> tuple[Fraction, ...]:
    """Every subject's difference, the missing ones as placed."""
    filled = iter(assign_differences(placed, ranges))
    return tuple(next(filled) if early is None or late is None else late - early for early, late in pairs)


def _bound(pair: Pair, scale: Scale) -> Range:
    """The least and greatest difference a subject with a missing value could have."""
    early, late = pair
    least_late, most_late = (scale.lowest, scale.highest) if late is None else (late, late)
    least_early, most_early = (scale.lowest, scale.highest) if early is None else (early, early)
    return (
        None if least_late is None or most_early is None else least_late - most_early,
        None if most_late is None or least_early is None else most_late - least_early,
    )


def _mirror(one: Range) -> Range:
    low, high = one
    return None if high is None else -high, None if low is None else -low


def _bound_shift(known: Sequence[Fraction], ranges: Sequence[Range], side: int) -> Fraction | None:
    """The greatest Hodges-Lehmann shift, or with side -1 the least; None when it has no bound on that side."""
    if side < 0:
        mirrored = _bound_shift([-difference for difference in known], [_mirror(one) for one in ranges], 1)
        return None if mirrored is None else -mirrored
    finite = compute_walsh_averages([*known, *(high for _, high in ranges if high is not None)])
    n = len(known) + len(ranges)
    places = n * (n + 1) // 2
    return None if places // 2 >= len(finite) else (finite[(places - 1) // 2] + finite[places // 2]) / 2


def _bound_count(known: Sequence[Fraction], ranges: Sequence[Range]) -> tuple[int, int]:
    """The fewest and the most positive differences."""
    seen = sum(difference > 0 for difference in known)
    surely = sum(low is not None and low > 0 for low, _ in ranges)
    possibly = sum(high is None or high > 0 for _, high in ranges)
    return seen + surely, seen + possibly
