"""Whether a printed p can come from one exact test at one sample size, on one or two sides."""

from bisect import bisect_left
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import get_args

from msgspec.structs import replace

from firstbreath.stats.arrays import refuse_word
from firstbreath.stats.attainability import Attainability, render_bound, render_working
from firstbreath.stats.candidates import (
    OF_PAIRS,
    OF_TWO_GROUPS,
    WITHOUT_SIDES,
    Test,
    compute_candidates,
    compute_smallest,
)
from firstbreath.stats.examples import build_example
from firstbreath.stats.printed_p import Relation, meets, refuse_p
from firstbreath.stats.ranks import MOST_VALUES
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import compute_fraction, compute_print_range
from firstbreath.stats.tie_patterns import Attained


def check_attainable(
    test: Test, sizes: tuple[int, ...], printed: Decimal, *, sides: int = 2, relation: Relation = "="
) -> Attainability:
    """Whether a printed p can come from that exact test, whatever the data, ties and zeros.

    test : "signed-rank", "sign", "permutation-paired" and "mcnemar" take one size, the pairs; "rank-sum" and
    "fisher" two group sizes; "kruskal-wallis" two or more; "friedman" the subjects and the times.
    printed : p as it stands in the text, trailing zeros kept, compared half up at its decimals; a p exactly
    half-way may print either way, as software differs. sides : 2 is "as far from the mean or further", or
    twice the smaller tail. relation : "=" for a p, "<", "<=", ">" or ">=" for a bound on one.
    Raises NotComputable for a p outside 0 to 1, sides other than 1 or 2, or sizes that do not fit the test;
    TooLarge for more than 200 values or 30 decimals.
    Source: firstbreath; every sign-flip p is k/2^m, every rank-sum p k/C(N, n). Two sides as in StatXact.
    """
    _refuse(test, sizes, printed, sides=sides)
    if relation != "=":
        return _check_bound(test, sizes, printed, sides=sides, relation=relation)
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
        smallest=compute_smallest(test, sizes, sides=sides),
        example=build_example(test, sizes, next(iter(proof.values()))) if proof else (),
    )
    untied = {pair: witness for pair, witness in found.items() if witness.burden == 0}
    beside = _nearest(untied, printed) if answer.with_ties and untied else answer.nearest
    return replace(answer, working=render_working(answer, proof, beside))


def _check_bound(
    test: Test, sizes: tuple[int, ...], printed: Decimal, *, sides: int, relation: Relation
) -> Attainability:
    """Whether some p of the test is so: the smallest for a bound from above, else 1, when nothing differs."""
    refuse_word(relation, Relation, "relation")
    smallest = compute_smallest(test, sizes, sides=sides)
    total = smallest[1]
    proof = smallest if relation in ("<", "<=") else (total, total)
    met = meets(Fraction(*proof), relation, printed)
    answer = Attainability(
        test=test,
        sizes=sizes,
        printed=printed,
        sided=sides,
        attainable=met,
        with_ties=None,
        nearest=(Fraction(*smallest), Fraction(1)),
        fractions=(proof,) if met else (),
        working="",
        relation=relation,
        smallest=smallest,
    )
    ties = _bound_needs_ties(answer) if met and proof == smallest else None
    return replace(answer, with_ties=ties, working=render_bound(answer))


def _bound_needs_ties(answer: Attainability) -> bool | None:
    """True when only groups that are each all alike reach below the bound; None where ties play no part."""
    if answer.test == "kruskal-wallis" and len(set(answer.sizes)) > 1:
        return None
    if answer.test in ("signed-rank", *WITHOUT_SIDES):
        return False
    if answer.test != "rank-sum":
        return None
    smallest, total = answer.smallest
    return smallest < answer.sided and not meets(Fraction(answer.sided, total), answer.relation, answer.printed)


def _keep_printing(found: Attained, printed: Decimal) -> Attained:
    """Those that print as asked, the ones without ties or zeros first."""
    low, high = compute_print_range(printed)
    scale = lcm(low.denominator, high.denominator)
    least, most = int(low * scale), int(high * scale)
    fitting = [pair for pair in found if least * pair[1] <= pair[0] * scale <= most * pair[1]]
    return {pair: found[pair] for pair in sorted(fitting, key=lambda pair: (found[pair].burden, pair))}


def _needs_ties(test: Test, proof: Attained) -> bool | None:
    if not proof or test not in ("signed-rank", "rank-sum", *WITHOUT_SIDES):
        return None
    return min(witness.burden for witness in proof.values()) > 0


def _nearest(found: Attained, printed: Decimal) -> tuple[Fraction, Fraction]:
    """The values at or below and at or above the printed one; the same one twice at an end."""
    centre = compute_fraction(printed)
    common = lcm(*{denominator for _, denominator in found})
    values = sorted({numerator * (common // denominator) for numerator, denominator in found})
    place = bisect_left(values, centre * common)
    above = values[min(place, len(values) - 1)]
    below = above if above <= centre * common else values[max(place - 1, 0)]
    return Fraction(below, common), Fraction(above, common)


def _refuse(test: Test, sizes: tuple[int, ...], printed: Decimal, *, sides: int) -> None:
    if test not in get_args(Test):
        raise NotComputable(f"test {test!r} is not known: choose one of {', '.join(get_args(Test))}")
    _refuse_sizes(test, sizes)
    refuse_p(printed)
    if isinstance(sides, bool) or not isinstance(sides, int) or sides not in (1, 2):
        raise NotComputable(f"sides is {sides}: choose 1 or 2")
    if test in WITHOUT_SIDES and sides == 1:
        raise NotComputable(f"sides is 1: {test} has no direction, leave sides out")


def _refuse_sizes(test: Test, sizes: tuple[int, ...]) -> None:
    needed = 1 if test in OF_PAIRS else 2
    fits = len(sizes) >= 2 if test == "kruskal-wallis" else len(sizes) == needed
    if not fits or min(sizes) < 1 or (test == "friedman" and sizes[1] < 2):
        wanted = {
            **dict.fromkeys(OF_PAIRS, "1, the pairs, at least 1"),
            **dict.fromkeys(OF_TWO_GROUPS, "2, each at least 1"),
            "kruskal-wallis": "2 or more, each at least 1",
            "friedman": "the subjects, at least 1, and the times, at least 2",
        }
        raise NotComputable(f"sizes {sizes} do not fit {test}: give {wanted[test]}")
    values = sizes[0] * sizes[1] if test == "friedman" else sum(sizes)
    if values > MOST_VALUES:
        raise TooLarge(f"sizes {sizes} are too large: the exact check takes at most {MOST_VALUES} values")
