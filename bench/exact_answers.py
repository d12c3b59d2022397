"""What each program answered in each case, how long a call took, and whether it is the same answer."""

import statistics
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from bench.exact_cases import Case
from bench.measure import Timing
from msgspec import Struct

from firstbreath.stats.answers import PValue
from firstbreath.stats.fisher import fisher_exact
from firstbreath.stats.permutation import permutation_mean
from firstbreath.stats.ranks import rank_sum, sign_test, signed_rank
from firstbreath.stats.several_groups import friedman, kruskal_wallis

OURS, ENUMERATES, EXACT, COIN, RANK_TESTS, STATS = WHO = (
    "firstbreath",
    "scipy, all",
    "scipy, exact",
    "coin",
    "exactRankTests",
    "R stats",
)
CLOSE, RELATIVE, NOISE = 1e-9, 1e-6, 1e-15


class Answer(Struct, frozen=True):
    """One program's p and the seconds of runs of so many calls; or, without a p, why not, in a word and in full."""

    case: Case
    who: str
    p: Fraction | None = None
    calls: int = 1
    runs: tuple[Timing, ...] = ()
    word: str = "-"
    said: str = ""
    fraction: str = ""

    @property
    def seconds(self) -> float:
        return statistics.median(run.wall_s for run in self.runs) / self.calls


OURSELVES: dict[str, Callable[..., PValue]] = {
    "signed rank": signed_rank,
    "signed rank, Pratt": lambda d, **words: signed_rank(d, zeros="pratt", **words),
    "permutation, paired": permutation_mean,
    "sign test": sign_test,
    "rank sum": rank_sum,
    "permutation, unpaired": permutation_mean,
    "Kruskal-Wallis, 3 groups": lambda *groups: kruskal_wallis(groups),
    "Friedman, 3 times": lambda *times: friedman(zip(*times, strict=True)),
    "Friedman, 4 times": lambda *times: friedman(zip(*times, strict=True)),
    "Fisher": lambda *rows: fisher_exact(rows),
}


def is_same(p: Fraction, other: Fraction) -> bool:
    """The same p but for the rounding of binary floats: at nine decimals, and six digits of a small one."""
    apart = abs(float(p - other))
    return apart <= CLOSE and apart <= RELATIVE * float(p) + NOISE


def compute_doubled(case: Case) -> Fraction:
    """The two-sided p of programs that double the smaller tail, where we take "as far from the middle".

    The two are one where the distribution is symmetric, as it is for samples of one size and for flipped signs.
    """
    ask = OURSELVES[case.test]
    tails = [ask(*case.columns, alternative=side).value for side in ("greater", "less")]
    return min(Fraction(1), 2 * min(tails))


DOUBLING = {("rank sum", ENUMERATES), ("permutation, unpaired", ENUMERATES)}


def judge_answer(answer: Answer, ours: Answer) -> str:
    """ "same", "doubled" for a definition known to differ, "WRONG", or nothing where one of the two has no p."""
    if answer.p is None or ours.p is None:
        return ""
    if is_same(ours.p, answer.p):
        return "same"
    if (answer.case.test, answer.who) in DOUBLING and is_same(compute_doubled(answer.case), answer.p):
        return "doubled"
    return "WRONG"


def render_count(count: int) -> str:
    """1.4e11"""
    return f"{Decimal(count):.1e}".replace("e+", "e")
