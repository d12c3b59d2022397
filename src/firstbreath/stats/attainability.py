"""The answer of an attainability check, and its working in words a reader of the paper can follow."""

from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from math import comb

from msgspec import Struct

from firstbreath.stats.arrangements import Groups
from firstbreath.stats.examples import Example
from firstbreath.stats.printed_p import Relation, render_printed_p
from firstbreath.stats.rounding import decimals_of, render_number
from firstbreath.stats.tie_patterns import Attained, Witness

SIDES = {1: "one-sided", 2: "two-sided"}
TITLES = {
    "signed-rank": "signed-rank",
    "sign": "sign-test",
    "permutation-paired": "paired permutation",
    "rank-sum": "rank-sum (Mann-Whitney)",
    "mcnemar": "McNemar",
    "fisher": "Fisher",
    "friedman": "Friedman",
    "kruskal-wallis": "Kruskal-Wallis",
}
ROUNDING = "Compared half up at the decimals printed; an exact half may print either way."
LONGEST_DENOMINATOR = 10**9
"""A longer fraction is left out of the words; it is still among the fractions."""


class Attainability(Struct, frozen=True):
    """Whether an exact test can print a p, and what proves it.

    attainable : False is a proof. True has its proof in `fractions`; when that is empty the p is only not
    excluded, n being too large to try every pattern. with_ties : True when it needs ties or zeros, False
    when it does not, None when not attainable or the test ranks nothing. nearest : the attainable p-values
    at or below and at or above the printed one, over all ties at small n, over those examined beyond; the
    same one twice when there is none on one side; for a bound, the smallest and the largest p there are.
    fractions : unreduced, such as 192/3432. relation : "=" for a p, else how a bound was printed.
    smallest : the natural fraction of the smallest p the test can give at these sizes.
    example : data that give the first fraction, where the list is short: differences, two samples, or the rows
    of a table.
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
    relation: Relation = "="
    smallest: tuple[int, int] = (1, 1)
    example: Example = ()


def render_working(answer: Attainability, proof: Attained, beside: tuple[Fraction, Fraction]) -> str:
    """The text of a check: what every p of the test looks like, the verdict with its proof, the rounding.

    proof : the attainable fractions that print so, simplest first.
    beside : the attainable p-values on either side; without ties, when the proof needs ties.
    """
    decimals = decimals_of(answer.printed)
    values = " and ".join(render_number(value, decimals + 2) for value in sorted(set(beside)))
    sentences = (
        render_lattice(answer),
        _render_verdict(answer, proof),
        f"The nearest {'without ties or zeros' if answer.with_ties else 'found'}: {values}.",
        ROUNDING,
    )
    return " ".join(sentences)


def render_bound(answer: Attainability) -> str:
    """The text of a check of a bound: what every p looks like, and which one meets the bound, or why none does."""
    bound = render_printed_p(answer.relation, answer.printed)
    met = f"meets {bound}" if answer.attainable else f"does not meet {bound}, so no data can"
    if answer.relation in (">", ">="):
        return f"{render_lattice(answer)} The largest, 1, of data without any difference, {met}."
    return f"{render_lattice(answer)} The smallest, {render_smallest(answer)}, {met}."


def render_smallest(answer: Attainability) -> str:
    """The text of the smallest p: the fraction and its decimals, "2/128 = 0.0156"."""
    value = Fraction(*answer.smallest)
    decimals = decimals_of(answer.printed) + 2
    if round(value, decimals) == 0:
        return render_fraction(*answer.smallest)
    return f"{render_fraction(*answer.smallest)} = {render_number(value, max(4, decimals))}"


def render_other(other: Attainability) -> str:
    """The text of a test that could print the p: its sides, sizes, whether it needs ties, and the fraction."""
    sizes = {1: f"{other.sizes[0]} pairs"}.get(len(other.sizes), f"{' v '.join(map(str, other.sizes))} unpaired")
    if other.test == "friedman":
        sizes = f"{other.sizes[0]} subjects at {other.sizes[1]} times"
    ties = {True: ", with ties or zeros only", False: "", None: ""}[other.with_ties]
    fraction = f" {render_fraction(*other.fractions[0])}" if other.fractions else " not excluded"
    return f"{_render_sides(other)}{other.test}, {sizes}{ties}:{fraction}"


def render_ties(groups: Groups) -> str:
    """The text of a tie pattern by ranks, "ties at ranks 12-13", or "no ties"."""
    edges = pairwise(accumulate(groups, initial=0))
    tied = [f"{below + 1}-{top}" for below, top in edges if top - below > 1]
    return f"ties at ranks {', '.join(tied)}" if tied else "no ties"


def render_fraction(numerator: int, denominator: int) -> str:
    """The text of a natural fraction, a long power of two as a power: "2/128"."""
    if denominator < LONGEST_DENOMINATOR or denominator & (denominator - 1):
        return f"{numerator}/{denominator}"
    return f"{numerator}/2^{denominator.bit_length() - 1}"


def render_lattice(answer: Attainability) -> str:
    """The sentence on what every p of the test looks like at these sizes."""
    every = f"Every {_render_sides(answer)}exact {TITLES[answer.test]} p"
    step = render_fraction(*answer.smallest)
    if answer.test == "mcnemar":
        return f"{every} on {answer.sizes[0]} pairs is a multiple of {step}, however many of them are discordant."
    if len(answer.sizes) == 1:
        return f"{every} on {answer.sizes[0]} pairs is a multiple of {step}, with or without ties and zeros."
    if answer.test == "friedman":
        subjects, times = answer.sizes
        return f"{every} of {subjects} subjects at {times} times is a multiple of {step}, with or without ties."
    if answer.test == "kruskal-wallis":
        return f"{every} on {_render_sizes(answer.sizes)} is a multiple of {step}, with or without ties."
    first, second = answer.sizes
    even = ", k even" if answer.sided == 2 and first == second else ""
    total = comb(first + second, first)
    shape = f" = k/{total}" if total < LONGEST_DENOMINATOR else ""
    return f"{every} on {first} and {second} is k/C({first + second},{first}){shape}{even}."


def _render_sides(answer: Attainability) -> str:
    return "" if answer.test in ("friedman", "kruskal-wallis") else f"{SIDES[answer.sided]} "


def _render_sizes(sizes: tuple[int, ...]) -> str:
    return f"{', '.join(map(str, sizes[:-1]))} and {sizes[-1]}"


def _render_verdict(answer: Attainability, proof: Attained) -> str:
    digits = render_printed_p("=", answer.printed)
    if not answer.attainable:
        return f"No data can print {digits}."
    if not proof:
        return f"{digits} is not excluded: there are too many patterns of ties to try all of them."
    (numerator, denominator), witness = next(iter(proof.items()))
    value = render_number(Fraction(numerator, denominator), decimals_of(answer.printed) + 2)
    fraction = f"{render_fraction(numerator, denominator)} = " if denominator < LONGEST_DENOMINATOR else ""
    rule = f" by {witness.rule}" if witness.rule else ""
    return f"{fraction}{value}{rule} prints {digits}: {_render_witness(answer, witness)}."


def _render_witness(answer: Attainability, witness: Witness) -> str:
    whole = int(witness.statistic)
    if answer.test == "permutation-paired":
        return f"the sum of the differences is number {whole} in order of extremeness"
    if answer.test in ("sign", "mcnemar"):
        moved = "changes are positive" if answer.test == "sign" else "discordant pairs changed one way"
        return f"{whole} of {sum(witness.groups)} {moved}"
    if answer.test == "fisher":
        few, many = sorted(answer.sizes)
        return f"{whole} of {few} against {witness.groups[1] - whole} of {many} with the event"
    return f"{_render_pattern(witness)}, {_render_statistic(answer, witness.statistic)}"


def _render_pattern(witness: Witness) -> str:
    return _render_rows(witness) if witness.rows else render_ties(witness.groups) + _render_zeros(witness)


def _render_statistic(answer: Attainability, value: Fraction) -> str:
    """The statistic with its name; a rank sum is whole or ends in a half."""
    if answer.test in ("friedman", "kruskal-wallis"):
        return f"{'Q' if answer.test == 'friedman' else 'H'} = {render_number(value, 4)}"
    u = "U" if len(set(answer.sizes)) == 1 else "U of the smaller group"
    name = u if answer.test == "rank-sum" else "sum of positive ranks"
    return f"{name} = {render_number(value, value.denominator - 1)}"


def _render_rows(witness: Witness) -> str:
    tied = sum(len(groups) < sum(groups) for groups in witness.rows)
    if not tied:
        return "no ties"
    return f"ties within the row{'s'[: tied != 1]} of {tied} subject{'s'[: tied != 1]}"


def _render_zeros(witness: Witness) -> str:
    if not witness.zeros:
        return ""
    noun = "zero" if witness.zeros == 1 else "zeros"
    return f", {witness.zeros} {noun} {'ranked (Pratt)' if witness.ranked else 'dropped'}"
