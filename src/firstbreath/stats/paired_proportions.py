"""A yes or no seen twice in the same subjects: McNemar's exact test, and the change with its intervals."""

from collections.abc import Iterable
from decimal import Decimal, localcontext
from fractions import Fraction
from math import comb
from numbers import Real

from msgspec import Struct

from firstbreath.stats.answers import PValue
from firstbreath.stats.arrays import is_list
from firstbreath.stats.counts import parse_count, parse_level
from firstbreath.stats.proportions import DECIMALS, DIGITS, compute_wilson_upper
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import round_half_up
from firstbreath.stats.special import beta_quantile

MOST_PAIRS = 5000
DIFFERENCE = "Newcombe's method 10 (score limits of both proportions, squared and added)"
ODDS = "conditional odds ratio, Clopper-Pearson limits of the share of the pairs that changed"


class PairedProportions(Struct, frozen=True):
    """Two proportions of the same subjects, their difference, and McNemar's exact test.

    first, second : the proportions with yes, before and after. difference : second minus first, with lower
    and upper to six decimals. odds_ratio : pairs that changed to yes for each that changed to no, with its
    exact limits; None where it, or a bound, is infinite or nothing changed.
    """

    both: int
    first_only: int
    second_only: int
    neither: int
    first: Fraction
    second: Fraction
    difference: Fraction
    lower: Decimal
    upper: Decimal
    p: PValue
    odds_ratio: Fraction | None
    odds_lower: Decimal | None
    odds_upper: Decimal | None
    level: Decimal
    method: str = DIFFERENCE
    odds_method: str = ODDS


def paired_proportions(
    *,
    both: object,
    first_only: object,
    second_only: object,
    neither: object,
    level: object = Decimal("0.95"),
) -> PairedProportions:
    """The change of a proportion in the same subjects, with McNemar's exact p.

    both, first_only, second_only, neither : subjects with yes at both times, at the first only, at the second
    only, at neither; at most 5,000 together. level : confidence of the intervals, between 0 and 1.
    p is exact: the pairs that changed are as likely to change either way, so it is the sign test of their counts;
    two-sided is twice the smaller tail. The interval of the difference is Newcombe's method 10, which holds its
    level on average; the limits of the odds ratio hold it always.
    Raises NotComputable for what is not a count, and no subject at all; TooLarge for more than 5,000.
    Source: McNemar, Psychometrika 1947;12:153; Newcombe, Statistics in Medicine 1998;17:2635; Breslow and Day,
    Statistical Methods in Cancer Research, volume 1, 1980, section 5.2.
    """
    counts = {"both": both, "first_only": first_only, "second_only": second_only, "neither": neither}
    a, b, c, d = (parse_count(value, name) for name, value in counts.items())
    n = a + b + c + d
    if n == 0:
        raise NotComputable("all four counts are 0: there is no subject to compare")
    if n > MOST_PAIRS:
        raise TooLarge(f"{n} subjects are too many: the exact test takes at most {MOST_PAIRS:,}")
    confidence = parse_level(level)
    tail = (1 - Fraction(confidence)) / 2
    lower, upper = compute_newcombe_limits((a, b, c, d), tail)
    odds = Fraction(c, b) if b else None
    limits = compute_odds_limits(c, b, tail)
    rates = Fraction(a + b, n), Fraction(a + c, n)
    p = _mcnemar(b, c)
    return PairedProportions(a, b, c, d, *rates, rates[1] - rates[0], lower, upper, p, odds, *limits, confidence)


def compare_paired(
    before: Iterable[object], after: Iterable[object], *, level: object = Decimal("0.95")
) -> PairedProportions:
    """The change of a proportion between two times, from one yes or no per subject and time.

    before, after : one value per subject in the same order; true and false, or 1 and 0. level : as
    `paired_proportions`.
    Raises NotComputable for any other value, missing ones too, different lengths, no subject; and TooLarge
    as `paired_proportions`.
    Source: as `paired_proportions`.
    """
    first, second = _parse_answers(before, "before"), _parse_answers(after, "after")
    if len(first) != len(second):
        raise NotComputable(f"{len(first)} values before and {len(second)} after: give one of each for every subject")
    pairs = list(zip(first, second, strict=True))
    return paired_proportions(
        both=pairs.count((1, 1)),
        first_only=pairs.count((1, 0)),
        second_only=pairs.count((0, 1)),
        neither=pairs.count((0, 0)),
        level=level,
    )


def compute_newcombe_limits(counts: tuple[int, int, int, int], tail: Fraction) -> tuple[Decimal, Decimal]:
    """The limits of the second proportion minus the first, half up to six decimals.

    counts : both, first only, second only, neither. tail : the probability left outside on each side.
    Source: Newcombe, Statistics in Medicine 1998;17:2635, method 10: the correlation of the two proportions is
    taken from ad - bc, towards 0 by n/2 where it is positive.
    """
    a, b, c, d = counts
    n = a + b + c + d
    with localcontext() as context:
        context.prec = DIGITS
        below1, above1 = _reach(a + b, n, tail)
        below2, above2 = _reach(a + c, n, tail)
        correlation = _correlate(a, b, c, d)
        difference = Decimal(c - b) / n
        lower = difference - _add_squares(below2, above1, correlation)
        upper = difference + _add_squares(above2, below1, correlation)
    return round_half_up(max(lower, Decimal(-1)), DECIMALS), round_half_up(min(upper, Decimal(1)), DECIMALS)


def compute_odds_limits(gained: int, lost: int, tail: Fraction) -> tuple[Decimal | None, Decimal | None]:
    """The exact limits of the conditional odds ratio gained/lost, half up to six decimals; None is no bound.

    gained, lost : pairs that changed to yes and to no. tail : the probability left outside on each side.
    Source: Breslow and Day 1980, section 5.2; Clopper and Pearson, Biometrika 1934;26:404.
    """
    if gained + lost == 0:
        return None, None
    lower = 1 / odds if (odds := _upper_odds(lost, gained, tail)) else Fraction(0)
    upper = _upper_odds(gained, lost, tail)
    return round_half_up(lower, DECIMALS), None if upper is None else round_half_up(upper, DECIMALS)


def _upper_odds(events: int, others: int, tail: Fraction) -> Fraction | None:
    """The odds of the upper Clopper-Pearson limit of events among both; None when nothing bounds them."""
    if others == 0:
        return None
    share = Fraction(beta_quantile(1 - float(tail), events + 1, others))
    return share / Fraction(beta_quantile(float(tail), others, events + 1))


def _mcnemar(lost: int, gained: int) -> PValue:
    """The exact p of the pairs that changed; its statistic is the number that gained."""
    changed = lost + gained
    whole = 2**changed
    tail = sum(comb(changed, count) for count in range(min(lost, gained) + 1))
    extreme = min(2 * tail, whole)
    notes = () if changed else ("no subject changed, so p is 1 whatever the rates",)
    return PValue(
        Fraction(extreme, whole),
        Fraction(gained),
        "exact McNemar test",
        Fraction(min(2, whole), whole),
        extreme,
        whole,
        "gained",
        notes=notes,
    )


def _reach(k: int, n: int, tail: Fraction) -> tuple[Decimal, Decimal]:
    """How far the score limits lie below and above k of n."""
    rate = Decimal(k) / n
    return rate - (1 - compute_wilson_upper(n - k, n, tail)), compute_wilson_upper(k, n, tail) - rate


def _correlate(a: int, b: int, c: int, d: int) -> Decimal:
    """Newcombe's correlation of the two proportions, corrected for continuity where it is positive."""
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if margins == 0:
        return Decimal(0)
    surplus = Decimal(a * d - b * c)
    if surplus > 0:
        surplus = max(surplus - Decimal(a + b + c + d) / 2, Decimal(0))
    return surplus / Decimal(margins).sqrt()


def _add_squares(one: Decimal, other: Decimal, correlation: Decimal) -> Decimal:
    return max(one * one - 2 * correlation * one * other + other * other, Decimal(0)).sqrt()


def _parse_answers(values: Iterable[object], name: str) -> tuple[int, ...]:
    """The answers as 1 and 0, in the order given."""
    if not is_list(values):
        raise NotComputable(f"{name} is {values!r}: give a list of true and false, or 1 and 0")
    return tuple(_parse_answer(value, f"value {place} of {name}") for place, value in enumerate(values, 1))


def _parse_answer(value: object, where: str) -> int:
    known = isinstance(value, Real | Decimal) or type(value).__name__ in {"bool", "bool_"}
    if not known or value not in (0, 1):
        raise NotComputable(f"{where} is {value!r}: give true or false, or 1 or 0; leave out subjects seen once only")
    return int(value == 1)
