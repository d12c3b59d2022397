"""The exact tests beside those of scipy and R: the same p, and how long each takes to find it."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

from bench.exact_answers import (
    COIN,
    OURS,
    OURSELVES,
    RANK_TESTS,
    WHO,
    Answer,
    judge_answer,
)
from bench.exact_cases import Case, make_cases
from bench.exact_r import CALLS, FromR, answer_with_r
from bench.exact_scipy import PEERS, answer_with_scipy
from bench.measure import Measured, Ratio, Result, time_calls

from firstbreath.stats.answers import PValue, render_p
from firstbreath.stats.refusals import NotComputable

FASTER = "above 1: firstbreath is faster"
LEGEND = (
    '"scipy, all" enumerates every arrangement. "scipy, exact" and "R stats" rank exactly without ties only.',
    "Both keep counts of the rank sum between calls (R up to 50 v 50): the time is that of a call when they have them.",
    "A cell is the time of a call and how many times ours that is: 155x is 155 times as long as firstbreath takes.",
    "N = 1.4e11: not feasible, would enumerate 1.4e11 arrangements. (93 s): left out, that long was foreseen.",
    "refused: more values than the program takes. -: no exact answer for such values.",
    '* is p by another rule: twice the smaller tail, where we, coin and exactRankTests take "as far from the middle".',
    "It differs when the samples are not of one size, and is checked against our own tails.",
    f"{COIN} and {RANK_TESTS} have an exact distribution for two samples, none for three groups: only drawn or",
    "approximate p, which are not compared.",
)
Found = dict[tuple[Case, str], Answer]


def run(folder: Path, *, quick: bool) -> Measured:
    cases = make_cases(quick=quick)
    limit = 2 if quick else 20
    ours = [answer_ourselves(case) for case in cases]
    theirs = list(answer_with_scipy(cases, limit))
    from_r = answer_with_r(cases, folder, limit)
    found = {(answer.case, answer.who): answer for answer in (*ours, *theirs, *from_r.answers)}
    wrong = tuple(find_wrong(found))
    return Measured(
        results=tuple(render_result(answer) for answer in found.values() if answer.runs),
        ratios=tuple(compare(found)),
        lines=(*render_head(from_r), *render_tables(cases, found), *render_traps(), *render_verdict(found, wrong)),
        wrong=wrong,
        answers=tuple(describe(answer, found) for answer in found.values()),
    )


def answer_ourselves(case: Case) -> Answer:
    try:
        p, calls, runs = time_calls(lambda: OURSELVES[case.test](*case.columns))
    except NotComputable as refusal:
        return Answer(case, OURS, word="refused", said=f"refused: {refusal}")
    return Answer(case, OURS, p.value, calls, runs, fraction=str(p))


def find_wrong(found: Found) -> Iterator[str]:
    for answer in found.values():
        ours = found[answer.case, OURS]
        if judge_answer(answer, ours) == "WRONG":
            yield f"{answer.case.name}: {answer.who} {float(answer.p):.12g}, firstbreath {float(ours.p):.12g}"


def compare(found: Found) -> Iterator[Ratio]:
    for answer in found.values():
        ours = found[answer.case, OURS]
        if answer is not ours and answer.runs and ours.runs:
            yield Ratio(f"{answer.case.name}: {answer.who}", answer.seconds / ours.seconds, FASTER)


def render_result(answer: Answer) -> Result:
    return Result(f"{answer.case.name}: {answer.who}", "calls", answer.calls, answer.runs)


def describe(answer: Answer, found: Found) -> dict[str, object]:
    """What goes into the file."""
    return {
        "test": answer.case.test,
        "n": answer.case.n,
        "values": answer.case.data,
        "who": answer.who,
        "p": None if answer.p is None else float(answer.p),
        "fraction": answer.fraction,
        "judged": judge_answer(answer, found[answer.case, OURS]),
        "said": answer.said,
    }


def render_head(from_r: FromR) -> list[str]:
    programs = [f"{name} {version(name)}" for name in ("scipy", "numpy")]
    return [", ".join((*programs, *from_r.versions)), *from_r.skipped, "", *LEGEND]


def render_tables(cases: Sequence[Case], found: Found) -> Iterator[str]:
    for test, group in groupby(cases, key=lambda case: case.test):
        same_test = list(group)
        shown = [who for who in WHO if any((case, who) in found for case in same_test)]
        yield from ("", test, *render_calls(test, shown), "", render_row("time of a call", shown))
        for case in same_test:
            yield render_row(head_of(case), [render_time(case, who, found) for who in shown])
        yield from ("", render_row("p", shown, fraction="fraction"))
        for case in same_test:
            ours = found[case, OURS]
            fraction = ours.fraction if len(ours.fraction) <= WIDE - 2 else "long"
            yield render_row(head_of(case), [render_found(case, who, found) for who in shown], fraction=fraction)
        yield from sorted({f"  firstbreath {answer.said}" for case in same_test if (answer := found[case, OURS]).said})


HEAD, CELL, WIDE = 16, 17, 24


def render_row(head: str, cells: Sequence[str], *, fraction: str = "") -> str:
    wide = f"{fraction:>{WIDE}}" if fraction else ""
    return f"{head:<{HEAD}}{wide}" + "".join(f"{cell:>{CELL}}" for cell in cells)


def head_of(case: Case) -> str:
    return f"{case.n:>5}  {case.data}"


def render_calls(test: str, shown: Sequence[str]) -> list[str]:
    """Which function each program was asked."""
    words = {peer.who: peer.words for peer in PEERS[test]} | CALLS.get(test, {})
    return [f"  {who}: {words[who]}" for who in shown if who in words]


def render_time(case: Case, who: str, found: Found) -> str:
    answer, ours = found.get((case, who)), found[case, OURS]
    if answer is None or not answer.runs:
        return "-" if answer is None else answer.word
    if answer is ours or not ours.runs:
        return render_seconds(answer.seconds)
    return f"{render_seconds(answer.seconds)} {render_times(answer.seconds / ours.seconds)}"


MARKS = {"doubled": " *", "WRONG": " WRONG"}


def render_found(case: Case, who: str, found: Found) -> str:
    """The p at eight digits, marked when it is not the same as ours."""
    answer = found.get((case, who))
    if answer is None or answer.p is None:
        return "-" if answer is None else answer.word
    judged = judge_answer(answer, found[case, OURS])
    return f"{float(answer.p):.8g}{MARKS.get(judged, '')}"


def render_seconds(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} us"


def render_times(ratio: float) -> str:
    return f"{ratio:,.0f}x" if ratio >= 10 else f"{ratio:.2g}x"


BEFORE, AFTER = (39, 48, 50, 51, 61, 63, 79), (21, 29, 37, 40, 47, 49, 63)
CHANGES = (0, 1, 2, 2, 3, -1, 4)


def render_traps() -> Iterator[str]:
    """What scipy answers on tied values by default, or when asked for "exact": documented, but without a warning."""
    from scipy import stats

    yield from ("", "Traps: scipy on tied values")
    right = OURSELVES["rank sum"](BEFORE, AFTER)
    for method, verdict in (("exact", "wrong"), ("auto", "approximate")):
        p = stats.mannwhitneyu(BEFORE, AFTER, method=method).pvalue
        yield f'  mannwhitneyu(method="{method}"), 7 v 7: {say_trap(verdict, p, right)}'
    right = OURSELVES["signed rank, Pratt"](CHANGES)
    p = stats.wilcoxon(CHANGES, zero_method="pratt", method="exact").pvalue
    yield f'  wilcoxon(zero_method="pratt", method="exact"), 7 pairs: {say_trap("wrong", p, right)}'


def say_trap(verdict: str, p: float, right: PValue) -> str:
    return f"{verdict}: {p:.4f} for {render_p(right)}"


def render_verdict(found: Found, wrong: Sequence[str]) -> Iterator[str]:
    judged = [judge_answer(answer, found[answer.case, OURS]) for answer in found.values() if answer.who != OURS]
    yield ""
    yield (
        f"{judged.count('same')} answers of other programs are the same as ours, {judged.count('doubled')} differ by a "
        f"rule that is named, {len(wrong)} DISAGREE."
    )
    yield from (f"DISAGREES: {line}" for line in wrong)
