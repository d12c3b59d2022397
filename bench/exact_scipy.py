"""The exact tests of scipy, which enumerates every arrangement; none is tried that would take too long."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from math import factorial, lcm, prod
from typing import Any

import numpy as np
from bench.exact_answers import ENUMERATES, EXACT, Answer, render_count
from bench.exact_cases import UNTIED, Case
from bench.measure import time_calls
from msgspec import Struct
from scipy import stats

ALL: dict[str, Any] = {"n_resamples": np.inf, "batch": 10_000}
AN_ARRANGEMENT = 1e-5
"""Seconds for each at first; what was measured before replaces it."""
AN_HOUR = 3600


class Peer(Struct, frozen=True):
    """A function of scipy: its call in words, the call, how many arrangements it enumerates, on which values."""

    who: str
    words: str
    call: Callable[..., Any]
    count: Callable[[Case], int] = lambda _case: 0
    fits: Callable[[Case], bool] = lambda _case: True


def is_untied(case: Case) -> bool:
    return case.data == UNTIED


def is_two_by_two(case: Case) -> bool:
    return case.data == "2 x 2"


def count_flips(case: Case) -> int:
    return 2 ** len(case.columns[0])


def count_deals(case: Case) -> int:
    sizes = [len(column) for column in case.columns]
    return factorial(sum(sizes)) // prod(map(factorial, sizes))


def count_orders(case: Case) -> int:
    return factorial(len(case.columns)) ** len(case.columns[0])


def count_pairings(case: Case) -> int:
    return factorial(case.n)


def permute(columns: Sequence[Any], statistic: Callable[..., Any], kind: str, *, alternative: str = "two-sided") -> Any:
    return stats.permutation_test(
        columns, statistic, permutation_type=kind, alternative=alternative, vectorized=True, **ALL
    )


def compare_means(x: Any, y: Any, *, axis: int) -> Any:
    return np.mean(x, axis=axis) - np.mean(y, axis=axis)


def rank_and_permute(*groups: Sequence[int]) -> Any:
    """Kruskal-Wallis: ranks are dealt again, and H grows with the sum of squared rank sums over sizes."""
    sizes = [len(group) for group in groups]
    ranks = np.split(2 * stats.rankdata(np.concatenate(groups)), np.cumsum(sizes)[:-1])
    weights = [lcm(*sizes) // size for size in sizes]

    def spread(*dealt: Any, axis: int) -> Any:
        return sum(np.sum(group, axis=axis) ** 2 * weight for group, weight in zip(dealt, weights, strict=True))

    return permute(ranks, spread, "independent", alternative="greater")


def rank_rows_and_permute(*times: Sequence[int]) -> Any:
    """Friedman: the ranks of each subject change places, and Q grows with the sum of squared rank sums."""
    ranks = 2 * stats.rankdata(np.array(times), axis=0)

    def spread(*columns: Any, axis: int) -> Any:
        return sum(np.sum(column, axis=axis) ** 2 for column in columns)

    return permute(list(ranks), spread, "samples", alternative="greater")


def count_signs(d: Sequence[int]) -> Any:
    positive, negative = sum(value > 0 for value in d), sum(value < 0 for value in d)
    return stats.binomtest(positive, positive + negative)


ENUMERATED = "method=PermutationMethod(n_resamples=inf)"
FRIEDMAN = Peer(ENUMERATES, 'permutation_test(ranks, permutation_type="samples")', rank_rows_and_permute, count_orders)
PEERS: dict[str, tuple[Peer, ...]] = {
    "signed rank": (
        Peer(
            ENUMERATES,
            f"wilcoxon({ENUMERATED})",
            lambda d: stats.wilcoxon(d, method=stats.PermutationMethod(**ALL)),
            count_flips,
        ),
        Peer(EXACT, 'wilcoxon(method="exact")', lambda d: stats.wilcoxon(d, method="exact"), fits=is_untied),
    ),
    "signed rank, Pratt": (
        Peer(
            ENUMERATES,
            f'wilcoxon(zero_method="pratt", {ENUMERATED})',
            lambda d: stats.wilcoxon(d, zero_method="pratt", method=stats.PermutationMethod(**ALL)),
            count_flips,
        ),
    ),
    "permutation, paired": (
        Peer(
            ENUMERATES,
            'permutation_test(permutation_type="samples")',
            lambda d: permute((d,), np.mean, "samples"),
            count_flips,
        ),
    ),
    "sign test": (Peer(EXACT, "binomtest(positive, moved)", count_signs),),
    "rank sum": (
        Peer(
            ENUMERATES,
            f"mannwhitneyu({ENUMERATED})",
            lambda x, y: stats.mannwhitneyu(x, y, method=stats.PermutationMethod(**ALL)),
            count_deals,
        ),
        Peer(
            EXACT,
            'mannwhitneyu(method="exact")',
            lambda x, y: stats.mannwhitneyu(x, y, method="exact"),
            fits=is_untied,
        ),
    ),
    "permutation, unpaired": (
        Peer(
            ENUMERATES,
            "permutation_test(difference of means)",
            lambda x, y: permute((x, y), compare_means, "independent"),
            count_deals,
        ),
    ),
    "Kruskal-Wallis, 3 groups": (Peer(ENUMERATES, "permutation_test(ranks, H)", rank_and_permute, count_deals),),
    "Friedman, 3 times": (FRIEDMAN,),
    "Friedman, 4 times": (FRIEDMAN,),
    "Fisher": (
        Peer(EXACT, "fisher_exact, 2 x 2 alone", lambda *rows: stats.fisher_exact(rows), fits=is_two_by_two),
        Peer(
            ENUMERATES,
            f"fisher_exact({ENUMERATED})",
            lambda *rows: stats.fisher_exact(rows, method=stats.PermutationMethod(**ALL)),
            count_pairings,
            lambda case: not is_two_by_two(case),
        ),
    ),
}


def answer_with_scipy(cases: Sequence[Case], limit: float) -> Iterator[Answer]:
    """The answers of scipy, none of which takes longer than the limit in seconds, going by the size before it.

    One that takes a fourth of the limit is not run again for other values of the same number.
    """
    rates: dict[tuple[str, str], float] = {}
    tried: set[tuple[str, str, int]] = set()
    asked = [(case, peer) for case in cases for peer in PEERS[case.test] if peer.fits(case)]
    for case, peer in asked:
        arrangements = peer.count(case)
        foreseen = arrangements * rates.get((case.test, peer.who), AN_ARRANGEMENT)
        if foreseen > (limit / 4 if (case.test, peer.who, arrangements) in tried else limit):
            yield leave_out(case, peer, foreseen)
            continue
        found, calls, runs = time_calls(partial(peer.call, *case.columns))
        answer = Answer(case, peer.who, Fraction(float(found.pvalue)), calls, runs)
        rates[case.test, peer.who] = answer.seconds / max(arrangements, 1)
        tried.add((case.test, peer.who, arrangements))
        yield answer


def leave_out(case: Case, peer: Peer, foreseen: float) -> Answer:
    arrangements = render_count(peer.count(case))
    if foreseen > AN_HOUR:
        said = f"not feasible: would enumerate {arrangements} arrangements"
        return Answer(case, peer.who, word=f"N = {arrangements}", said=said)
    said = f"left out: {foreseen:,.0f} s foreseen for {arrangements} arrangements"
    return Answer(case, peer.who, word=f"({foreseen:,.0f} s)", said=said)
