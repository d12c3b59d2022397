"""The exact tests of R, coin and exactRankTests, in one process of R that times each call itself."""

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from bench.exact_answers import COIN, RANK_TESTS, STATS, Answer
from bench.exact_cases import Case, write_cases
from bench.measure import Timing
from msgspec import Struct

SCRIPT = Path(__file__).with_name("exact_tests.R")
DEBIAN = {COIN: "r-cran-coin", RANK_TESTS: "r-cran-exactranktests"}
WITHOUT_R = (
    "R is not installed: coin and exactRankTests were skipped "
    f"(apt-get install r-base-core {' '.join(DEBIAN.values())})"
)
MOST_SECONDS = 240
CALLS = {
    "signed rank": {
        COIN: 'wilcoxsign_test(zero.method = "Wilcoxon")',
        RANK_TESTS: "wilcox.exact",
        STATS: "wilcox.test(exact = TRUE)",
    },
    "signed rank, Pratt": {COIN: 'wilcoxsign_test(zero.method = "Pratt")'},
    "permutation, paired": {COIN: "symmetry_test", RANK_TESTS: "perm.test"},
    "sign test": {COIN: "sign_test", STATS: "binom.test"},
    "rank sum": {COIN: "wilcox_test", RANK_TESTS: "wilcox.exact", STATS: "wilcox.test(exact = TRUE)"},
    "permutation, unpaired": {COIN: "oneway_test", RANK_TESTS: "perm.test"},
    "Fisher": {STATS: "fisher.test"},
}


class FromR(Struct, frozen=True):
    """What R answered, the versions of its programs, and what was skipped, in words."""

    answers: tuple[Answer, ...] = ()
    versions: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


def answer_with_r(cases: Sequence[Case], folder: Path, limit: float) -> FromR:
    """The answers of R, none of which should take longer than the limit in seconds."""
    program = shutil.which("Rscript")
    if program is None:
        return FromR(skipped=(WITHOUT_R,))
    asked, answered, problems = (folder / name for name in ("cases.tsv", "answers.tsv", "problems.txt"))
    asked.write_text("".join(write_cases(list(cases))))
    command = [program, "--vanilla", SCRIPT, asked, str(limit)]
    with answered.open("w") as out, problems.open("w") as trouble:
        try:
            subprocess.run(command, stdout=out, stderr=trouble, timeout=MOST_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            trouble.write(f"stopped after {MOST_SECONDS} s")
    return parse_answers(answered.read_text().splitlines(), cases, problems.read_text())


def parse_answers(lines: Iterable[str], cases: Sequence[Case], problems: str = "") -> FromR:
    answers, versions, skipped = [], [], []
    words = [line.split("\t") for line in lines]
    for kind, *rest in words:
        if kind == "program":
            name, version = rest
            versions += [f"{name} {version}"] if version != "missing" else []
            skipped += [say_missing(name)] if version == "missing" else []
        elif kind != "done":
            answers.append(parse_answer(kind, cases[int(rest[0])], rest[1:]))
    if ["done"] not in words:
        skipped.append(f"R stopped before its end, and what is missing below is its: {problems.strip()[-300:]}")
    return FromR(tuple(answers), tuple(versions), tuple(skipped))


def say_missing(name: str) -> str:
    return f"R has no {name}: its tests were skipped (apt-get install {DEBIAN[name]})"


def parse_answer(kind: str, case: Case, rest: Sequence[str]) -> Answer:
    who, found = rest[:2]
    if kind == "foreseen":
        return Answer(case, who, word=f"({found} s)", said=f"left out: {found} s foreseen")
    if kind == "refused":
        return Answer(case, who, word="refused", said=f"refused: {found}")
    calls, walls, cpus = rest[2:]
    pairs = zip(walls.split(), cpus.split(), strict=True)
    return Answer(case, who, Fraction(found), int(calls), tuple(Timing(float(wall), float(cpu)) for wall, cpu in pairs))
