"""What k of n makes of a belief about a rate, and how many subjects it takes to see an event at all."""

from fractions import Fraction
from math import comb

from msgspec import Struct

from firstbreath.stats.arrays import parse_array, parse_number
from firstbreath.stats.proportions import parse_events
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.rounding import render_number, round_half_up
from firstbreath.stats.special import beta_above

PRIORS = {"uniform": (Fraction(1), Fraction(1)), "jeffreys": (Fraction(1, 2), Fraction(1, 2))}
NAMES = {"uniform": "a uniform prior", "jeffreys": "a Jeffreys prior"}
DECIMALS = 6
MOST_EXACT = 2000
"""Subjects and prior parameters together: beyond this the sum of binomials is no longer cheap."""
MOST_SUBJECTS = 10_000
"""Beyond this the trial is no longer small."""


class Posterior(Struct, frozen=True):
    """The probability that a rate is above a threshold once k of n were seen, under the prior named.

    probability : exact, or when `exact` is False a multiple of 0.000001. prior : with its parameters, in words.
    text : the sentence to print.
    """

    k: int
    n: int
    threshold: Fraction
    probability: Fraction
    prior: str
    exact: bool
    text: str


def posterior_above(
    k: object, n: object, threshold: object, *, prior: str | tuple[object, object] = "uniform"
) -> Posterior:
    """The probability that the rate is above the threshold, given k of n and a beta prior.

    k : subjects with the event, 0 to n. n : subjects, 1 to 10,000. threshold : a rate, 0 to 1.
    prior : "uniform", Beta(1, 1); "jeffreys", Beta(1/2, 1/2); or its two parameters, each above 0 and at
    most 10,000. With whole parameters and n + a + b at most 2,000 the answer is an exact sum of binomials,
    otherwise half up to six decimals.
    Raises NotComputable when one of them is outside its range; TooLarge for a larger n.
    Source: the beta-binomial conjugate pair; Gelman et al, Bayesian Data Analysis, 3rd edition, section 2.4.
    """
    events, subjects = parse_events(k, n)
    _refuse_size(subjects, "n")
    rate = _parse_share(threshold, "threshold")
    a, b, name = _parse_prior(prior)
    exact = a.denominator == b.denominator == 1 and a + b + subjects <= MOST_EXACT
    shapes = (a + events, b + subjects - events)
    above = _sum_binomials(int(shapes[0]), int(shapes[1]), rate) if exact else _round_tail(*shapes, rate)
    text = f"P(rate > {_render_percent(rate)}) {_render_chance(above)} under {name}"
    return Posterior(events, subjects, rate, above, name, exact, text)


def chance_of_seeing(rate: object, n: object) -> Fraction:
    """The probability of at least one event among n subjects, exactly.

    rate : the probability of the event in one subject, 0 to 1. n : subjects, 1 to 10,000.
    Raises NotComputable when one of them is outside its range; TooLarge for a larger n.
    Source: 1 - (1 - rate)^n; Hanley and Lippman-Hand, JAMA 1983;249:1743.
    """
    share, subjects = _parse_share(rate, "rate"), parse_events(0, n)[1]
    _refuse_size(subjects, "n")
    return 1 - (1 - share) ** subjects


def subjects_to_see(rate: object, chance: object) -> int:
    """The smallest number of subjects among whom at least one event is seen with the chance asked.

    rate : the probability of the event in one subject, above 0, at most 1.
    chance : between 0 and 1, such as 0.95.
    Raises NotComputable when one of them is outside its range; TooLarge when it takes more than 10,000.
    Source: as `chance_of_seeing`.
    """
    share, asked = _parse_share(rate, "rate"), _parse_share(chance, "chance")
    if share == 0:
        raise NotComputable("rate is 0: an event that never happens is not seen among any number of subjects")
    if not 0 < asked < 1:
        raise NotComputable(f"chance is {chance}: give a probability between 0 and 1, such as 0.95")
    if _is_missed(share, MOST_SUBJECTS, asked):
        raise TooLarge(
            f"rate is {rate}: it takes more than {MOST_SUBJECTS:,} subjects to see one; this is no small trial"
        )
    too_few, enough = 0, MOST_SUBJECTS
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (middle, enough) if _is_missed(share, middle, asked) else (too_few, middle)
    return enough


def _is_missed(rate: Fraction, n: int, chance: Fraction) -> bool:
    """True when n subjects show an event with less than the chance asked, compared as integers."""
    whole: int = rate.denominator**n
    none: int = (rate.denominator - rate.numerator) ** n
    return (whole - none) * chance.denominator < chance.numerator * whole


def _sum_binomials(a: int, b: int, threshold: Fraction) -> Fraction:
    """P(Beta(a, b) > threshold) as P(fewer than a of a + b - 1), over one denominator."""
    trials = a + b - 1
    point, other = threshold.numerator, threshold.denominator - threshold.numerator
    below, power = 0, 1
    for events in range(a):
        below = below * other + comb(trials, events) * power
        power *= point
    reached: int = below * other ** (trials + 1 - a)
    return Fraction(reached, threshold.denominator**trials)


def _round_tail(a: Fraction, b: Fraction, threshold: Fraction) -> Fraction:
    return Fraction(round_half_up(Fraction(beta_above(float(threshold), float(a), float(b))), DECIMALS))


def _parse_prior(prior: str | tuple[object, object]) -> tuple[Fraction, Fraction, str]:
    """The two parameters and the prior in words."""
    if isinstance(prior, str):
        if prior not in PRIORS:
            raise NotComputable(
                f'prior is {prior!r}: choose "uniform", "jeffreys" or two parameters such as (0.6, 2.4)'
            )
        a, b = PRIORS[prior]
        return a, b, f"{NAMES[prior]} {_render_beta(a, b)}"
    shapes = parse_array(prior, "prior", least=2)
    if len(shapes) != 2 or not all(0 < shape <= MOST_SUBJECTS for shape in shapes):
        raise NotComputable(f"prior is {prior}: give two parameters above 0 and at most {MOST_SUBJECTS:,}")
    return shapes[0], shapes[1], f"a prior {_render_beta(*shapes)}"


def _parse_share(value: object, where: str) -> Fraction:
    share = parse_number(value, where)
    if not 0 <= share <= 1:
        raise NotComputable(f"{where} is {value}: give a share from 0 to 1, such as 0.1 for 10 %")
    return share


def _refuse_size(n: int, where: str) -> None:
    if n > MOST_SUBJECTS:
        raise TooLarge(f"{where} is {n}: the exact answer takes at most {MOST_SUBJECTS:,} subjects")


def _render_beta(a: Fraction, b: Fraction) -> str:
    return f"Beta({float(a):g}, {float(b):g})"


def _render_percent(rate: Fraction) -> str:
    return f"{float(100 * rate):g} %"


def _render_chance(chance: Fraction) -> str:
    """The probability with two decimals, or three near 0 and 1, where two would say never or surely."""
    if chance < Fraction(1, 1000):
        return "< 0.001"
    if chance > Fraction(999, 1000):
        return "> 0.999"
    return f"= {render_number(chance, 2 if Fraction(1, 10) <= chance <= Fraction(9, 10) else 3)}"
