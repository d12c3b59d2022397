"""Whether a printed p can come from the exact test it names, at the sample size it names."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product

from msgspec.structs import replace

from firstbreath.stats.attainability import Attainability, render_working
from firstbreath.stats.candidates import PAIRED, Test, compute_candidates, is_on_lattice
from firstbreath.stats.ranks import MOST_VALUES
from firstbreath.stats.refusals import NotComputable
from firstbreath.stats.rounding import compute_fraction, could_print_as
from firstbreath.stats.tie_patterns import Attained

__all__ = ["Attainability", "Test", "check_attainable", "find_attaining"]

MISSING_AT_MOST = 3
"""A group that lost more measurements than this is no longer the group the paper describes."""


def check_attainable(test: Test, sizes: tuple[int, ...], printed: Decimal, *, sides: int = 2) -> Attainability:
    """Whether a printed p can come from that exact test, whatever the data, ties and zeros.

    test : "signed-rank", "sign" and "permutation-paired" take one size, the pairs; "rank-sum" takes two.
    printed : p as it stands in the text, trailing zeros kept, compared half up at its decimals; a p exactly
    half-way may print either way, as software differs. sides : 2 is "as far from the mean or further".
    Raises NotComputable for a p outside 0 to 1, sides other than 1 or 2, sizes that do not fit the test, or
    more than 200 values.
    Source: firstbreath; every sign-flip p is k/2^m, every rank-sum p k/C(N, n). Two sides as in StatXact.
    """
    _refuse(test, sizes, printed, sides=sides)
    found, complete = compute_candidates(test, sizes, printed, sides=sides)
    proof = _keep_printing(found, printed)
    answer = Attainability(
        test=test,
        sizes=sizes,
        printed=printed,
        sided=sides,
        attainable=bool(proof) or not complete,
        with_ties=_needs_ties(test, proof),
        nearest=_nearest(found, printed),
        fractions=tuple(proof),
        working="",
    )
    untied = {pair: witness for pair, witness in found.items() if witness.burden == 0}
    beside = _nearest(untied, printed) if answer.with_ties else answer.nearest
    return replace(answer, working=render_working(answer, proof, beside))


def find_attaining(printed: Decimal, *, sizes_up_to: int = 14, near: tuple[int, ...]) -> tuple[Attainability, ...]:
    """The tests and sample sizes that could print this p, those nearest to the stated sizes first.

    printed : p as it stands in the text. sizes_up_to : most pairs tried for the paired tests.
    near : the stated size, or both; for rank-sum each group may also lack up to three measurements.
    Raises NotComputable as `check_attainable`, or when near is not one or two sizes.
    Source: firstbreath.
    """
    if len(near) not in {1, 2} or min(near) < 1:
        raise NotComputable(f"near is {near}: give the one or two sample sizes stated, each at least 1")
    tried = sorted(
        (distance, sides == 1, test, sizes)
        for distance, test, sizes in _alternatives(sizes_up_to, (near[0], near[-1]))
        for sides in (1, 2)
        if is_on_lattice(test, sizes, printed, sides=sides)
    )
    checked = (check_attainable(test, sizes, printed, sides=1 if one else 2) for _, one, test, sizes in tried)
    return tuple(answer for answer in checked if answer.attainable)


def _alternatives(sizes_up_to: int, near: tuple[int, int]) -> Iterator[tuple[int, Test, tuple[int, ...]]]:
    """Each test and sizes to try, with how far the sizes are from those stated."""
    for test, pairs in product(PAIRED, range(1, sizes_up_to + 1)):
        yield abs(pairs - max(near)), test, (pairs,)
    ranges = (range(max(1, stated - MISSING_AT_MOST), stated + 1) for stated in near)
    for first, second in product(*ranges):
        if near[0] != near[1] or first >= second:
            yield sum(near) - first - second, "rank-sum", (first, second)


def _keep_printing(found: Attained, printed: Decimal) -> Attained:
    """Those that print as asked, the ones without ties or zeros first."""
    fitting = [pair for pair in found if could_print_as(Fraction(*pair), printed)]
    return {pair: found[pair] for pair in sorted(fitting, key=lambda pair: (found[pair].burden, pair))}


def _needs_ties(test: Test, proof: Attained) -> bool | None:
    if not proof or test in {"sign", "permutation-paired"}:
        return None
    return min(witness.burden for witness in proof.values()) > 0


def _nearest(found: Attained, printed: Decimal) -> tuple[Fraction, Fraction]:
    centre = compute_fraction(printed)
    values = {Fraction(*pair) for pair in found}
    below = max((value for value in values if value <= centre), default=min(values))
    return below, min((value for value in values if value >= centre), default=below)


def _refuse(test: Test, sizes: tuple[int, ...], printed: Decimal, *, sides: int) -> None:
    if test not in {*PAIRED, "rank-sum"}:
        raise NotComputable(f"test {test!r} is not known: choose one of {', '.join(PAIRED)}, rank-sum")
    needed = 2 if test == "rank-sum" else 1
    if len(sizes) != needed or min(sizes) < 1:
        raise NotComputable(f"sizes {sizes} do not fit {test}: give {needed}, each at least 1")
    if sum(sizes) > MOST_VALUES:
        raise NotComputable(f"sizes {sizes} are too large: the exact check takes at most {MOST_VALUES} values")
    if not 0 <= compute_fraction(printed) <= 1:
        raise NotComputable(f"p is {printed}: a p-value is between 0 and 1")
    if sides not in {1, 2}:
        raise NotComputable(f"sides is {sides}: choose 1 or 2")
