"""Can this printed p come from that exact test at that n? One question, one answer, with the proof in words."""

from decimal import Decimal
from numbers import Integral

from msgspec import Struct

from firstbreath.stats.arrays import is_list
from firstbreath.stats.attainability import (
    ROUNDING,
    Attainability,
    render_fraction,
    render_other,
    render_smallest,
)
from firstbreath.stats.attaining_check import check_attainable
from firstbreath.stats.attaining_other import find_among, find_attaining, list_others
from firstbreath.stats.candidates import WITHOUT_SIDES, Test
from firstbreath.stats.printed_p import Relation, parse_printed_p, render_printed_p
from firstbreath.stats.refusals import NotComputable

__all__ = [
    "Attainability",
    "PrintedP",
    "Relation",
    "Test",
    "attainable",
    "check_attainable",
    "find_attaining",
    "render_attainable",
]

MOST_OTHERS_SHOWN = 8
OTHERWISE = "An approximate test, another test or a slip in typing could give any value."


class PrintedP(Struct, frozen=True):
    """Whether a printed p can come from the test named, on either side, and what else could give it.

    attainable : False is a proof that no data can. True is proved by `fractions`; when that is empty the p is
    only not excluded. with_ties : True when it needs ties or zeros, False when it does not, None when not
    attainable or the test ranks nothing. fractions : of the sides in `answers`, unreduced, such as 192/3432.
    answers : two-sided, then one-sided, as asked. others : tests and sizes proved able to give it, looked for
    only when the answer is no, among so many `tried`. working : the proof in words.
    """

    test: str
    sizes: tuple[int, ...]
    printed: str
    attainable: bool
    with_ties: bool | None
    fractions: tuple[tuple[int, int], ...]
    answers: tuple[Attainability, ...]
    others: tuple[Attainability, ...]
    tried: int
    working: str


def attainable(
    test: Test,
    n: int | tuple[int, ...],
    printed_p: str | Decimal,
    *,
    sides: int | None = None,
    alternatives: bool = True,
) -> PrintedP:
    """Whether a printed p can come from that exact test on that many subjects, whatever the data, and why.

    test : "signed-rank", "sign", "permutation-paired" or "mcnemar" with n pairs; "rank-sum" or "fisher" with
    the two group sizes; "kruskal-wallis" with all group sizes; "friedman" with the subjects and the times.
    printed_p : text, as printed: "0.0559", or a bound such as "< 0.05", met when the smallest p there is meets
    it. Compared half up at the decimals printed; a p exactly half-way may print either way.
    sides : 2 is "as far from the mean or further" (Fisher: the tables no likelier) or twice the smaller tail;
    1 is one tail; both are tried when left out. alternatives : False does not look for other tests.
    Every tie pattern is gone through up to 14 pairs, 16 values in two groups, 9 to 12 in several, and 12
    subjects at 3 times; beyond, a p is excluded by the lattice alone, or proved by data without ties.
    Raises NotComputable for an unknown test, sizes that do not fit it, a p outside 0 to 1, or no number;
    TooLarge for more than 200 values or 30 decimals.
    Source: firstbreath; a sign-flip p is k/2^m, a rank-sum p k/C(N, n): counting arrangements, as in StatXact.
    """
    relation, printed = parse_printed_p(printed_p)
    sizes = _parse_sizes(n)
    both = (2,) if test in WITHOUT_SIDES else (2, 1)
    answers = tuple(
        check_attainable(test, sizes, printed, sides=side, relation=relation)
        for side in (both if sides is None else (sides,))
    )
    found = [answer for answer in answers if answer.attainable]
    tried = list_others(test, sizes) if alternatives and not found else ()
    others = find_among(tried, printed, relation=relation)
    return PrintedP(
        test=test,
        sizes=sizes,
        printed=render_printed_p(relation, printed),
        attainable=bool(found),
        with_ties=found[0].with_ties if found else None,
        fractions=tuple(dict.fromkeys(fraction for answer in found for fraction in answer.fractions)),
        answers=answers,
        others=tuple(other for other in others if other.fractions),
        tried=len(tried),
        working=" ".join(answer.working.removesuffix(f" {ROUNDING}") for answer in answers) + f" {ROUNDING}",
    )


def render_attainable(answer: PrintedP) -> str:
    """The text of the answer, for a reader: the verdict in the first line, then why, then what could give the p.

    answer : what `attainable` gave.
    """
    why = [one.working.removesuffix(f" {ROUNDING}") for one in answer.answers]
    example = [_render_example(answer)] if answer.attainable and _proved(answer).example else []
    others = _render_others(answer) if answer.tried else []
    rounding = [ROUNDING] if _is_number(answer) else []
    if not answer.attainable:
        rounding.append(OTHERWISE)
    return "\n".join((_render_verdict(answer), *why, *example, *others, *rounding))


def _render_verdict(answer: PrintedP) -> str:
    if not answer.attainable:
        return "No, not from this exact test."
    proof = _proved(answer)
    if not proof.fractions:
        return "Not excluded: there are too many patterns of ties to try all of them."
    only = ", one-sided only" if len(answer.answers) > 1 and proof.sided == 1 else ""
    ties = ", with ties" if proof.with_ties else ""
    if proof.relation in (">", ">="):
        return f"Yes{only}: the largest is 1."
    if proof.relation != "=":
        return f"Yes{only}{ties}: the smallest is {render_smallest(proof)}."
    return f"Yes{only}{ties}: {render_fraction(*proof.fractions[0])}."


def _proved(answer: PrintedP) -> Attainability:
    """The first side on which the p is attainable, one with a proof before one that is only not excluded."""
    found = [one for one in answer.answers if one.attainable]
    return next((one for one in found if one.fractions), found[0])


def _is_number(answer: PrintedP) -> bool:
    return answer.answers[0].relation == "="


def _render_example(answer: PrintedP) -> str:
    """The data of the proof, for anyone to try."""
    lists = [", ".join(map(str, values)) for values in _proved(answer).example]
    if len(lists) == 1:
        return f"For example, differences of {lists[0]}."
    if answer.test == "fisher":
        return f"For example, with and without the event: {lists[0]} in one group; {lists[1]} in the other."
    return f"For example, {lists[0]} against {lists[1]}."


def _render_others(answer: PrintedP) -> list[str]:
    """What could give the p, or that nothing tried can."""
    verb = "print" if _is_number(answer) else "give"
    if not answer.others:
        return [f"None of {answer.tried} tests and sizes nearby could {verb} {answer.printed}."]
    shown = [f"  {render_other(other)}" for other in answer.others[:MOST_OTHERS_SHOWN]]
    left = len(answer.others) - len(shown)
    return [f"What could {verb} {answer.printed}:", *shown, *([f"  and {left} more"] if left else [])]


def _parse_sizes(n: object) -> tuple[int, ...]:
    """The sizes as whole numbers, each refusal saying what was given."""
    sizes = tuple(n) if is_list(n) else (n,)
    wrong = [size for size in sizes if isinstance(size, bool) or not isinstance(size, Integral)]
    if wrong or not sizes:
        raise NotComputable(f"n is {n!r}: give the number of pairs, or the group sizes such as (7, 7)")
    return tuple(int(size) for size in sizes if isinstance(size, Integral))
