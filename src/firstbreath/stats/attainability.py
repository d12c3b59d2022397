"""The answer of an attainability check, and its working in words a reader of the paper can follow."""

from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from math import comb

from msgspec import Struct

from firstbreath.stats.arrangements import Groups
from firstbreath.stats.rounding import decimals_of, render_number
from firstbreath.stats.tie_patterns import Attained, Witness

SIDES = {1: "one-sided", 2: "two-sided"}
TITLES = {
    "signed-rank": "signed-rank",
    "sign": "sign-test",
    "permutation-paired": "paired permutation",
    "rank-sum": "rank-sum (Mann-Whitney)",
}
LONGEST_DENOMINATOR = 10**9
"""A longer fraction is left out of the words; it is still among the fractions."""


class Attainability(Struct, frozen=True):
    """Whether an exact test can print a p, and what proves it.

    attainable : False is a proof. True has its proof in `fractions`; when that is empty the p is only not
    excluded, n being too large to try every pattern. with_ties : True when it needs ties or zeros, False
    when it does not, None when not attainable or the test ranks nothing. nearest : the attainable p-values
    at or below and at or above the printed one, over all ties at small n, over those examined beyond; the
    same one twice when there is none on one side. fractions : unreduced, such as 192/3432.
    """

    test: str
    sizes: tuple[int, ...]
    printed: Decimal
    sided: int
    attainable: bool
    with_ties: bool | None
    nearest: tuple[Fraction, Fraction]
    fractions: tuple[tuple[int, int], ...]
    working: str


def render_working(answer: Attainability, proof: Attained, beside: tuple[Fraction, Fraction]) -> str:
    """The text of a check: what every p of the test looks like, the verdict with its proof, the rounding.

    proof : the attainable fractions that print so, simplest first.
    beside : the attainable p-values on either side; without ties, when the proof needs ties.
    """
    decimals = decimals_of(answer.printed)
    values = " and ".join(render_number(value, decimals + 2) for value in sorted(set(beside)))
    sentences = (
        f"Every {SIDES[answer.sided]} exact {TITLES[answer.test]} p {_render_lattice(answer)}.",
        _render_verdict(answer, proof),
        f"The nearest {'without ties or zeros' if answer.with_ties else 'found'}: {values}.",
        "Compared half up at the decimals printed; an exact half may print either way.",
    )
    return " ".join(sentences)


def render_ties(groups: Groups) -> str:
    """The text of a tie pattern by ranks, "ties at ranks 12-13", or "no ties"."""
    edges = pairwise(accumulate(groups, initial=0))
    tied = [f"{below + 1}-{top}" for below, top in edges if top - below > 1]
    return f"ties at ranks {', '.join(tied)}" if tied else "no ties"


def _render_lattice(answer: Attainability) -> str:
    if answer.test != "rank-sum":
        step = _render_fraction(answer.sided, 2 ** answer.sizes[0])
        return f"on {answer.sizes[0]} pairs is a multiple of {step}, with or without ties and zeros"
    first, second = answer.sizes
    even = ", k even" if answer.sided == 2 and first == second else ""
    total = comb(first + second, first)
    shape = f" = k/{total}" if total < LONGEST_DENOMINATOR else ""
    return f"on {first} and {second} is k/C({first + second},{first}){shape}{even}"


def _render_verdict(answer: Attainability, proof: Attained) -> str:
    if not answer.attainable:
        return f"No data can print {answer.printed}."
    if not proof:
        return f"{answer.printed} is not excluded: there are too many patterns of ties to try all of them."
    (numerator, denominator), witness = next(iter(proof.items()))
    value = render_number(Fraction(numerator, denominator), decimals_of(answer.printed) + 2)
    fraction = f"{_render_fraction(numerator, denominator)} = " if denominator < LONGEST_DENOMINATOR else ""
    return f"{fraction}{value} prints {answer.printed}: {_render_witness(answer, witness)}."


def _render_fraction(numerator: int, denominator: int) -> str:
    if denominator < LONGEST_DENOMINATOR:
        return f"{numerator}/{denominator}"
    return f"{numerator}/2^{denominator.bit_length() - 1}"


def _render_witness(answer: Attainability, witness: Witness) -> str:
    if answer.test == "permutation-paired":
        return f"the sum of the differences is number {witness.statistic} in order of extremeness"
    if answer.test == "sign":
        return f"{witness.statistic} of {sum(witness.groups)} changes are positive"
    u = "U" if len(set(answer.sizes)) == 1 else "U of the smaller group"
    name = u if answer.test == "rank-sum" else "sum of positive ranks"
    ties = render_ties(witness.groups) + _render_zeros(witness)
    return f"{ties}, {name} = {render_number(witness.statistic, witness.statistic.denominator - 1)}"


def _render_zeros(witness: Witness) -> str:
    if not witness.zeros:
        return ""
    noun = "zero" if witness.zeros == 1 else "zeros"
    return f", {witness.zeros} {noun} {'ranked (Pratt)' if witness.ranked else 'dropped'}"
