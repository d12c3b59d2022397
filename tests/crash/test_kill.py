"""Writers killed in the midst of their work: what was acknowledged is in the log, whole and chained."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RUNS = 200
HARNESSES = 2

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the harness forks its writers")


def test_two_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    outcomes = run_harnesses(tmp_path)
    assert sorted(outcome["run"] for outcome in outcomes) == list(range(RUNS))
    assert faults(outcomes, "lost") == {}, "acknowledged records that are not in the log"
    assert faults(outcomes, "torn") == {}, "batches of which only a part is in the log"
    assert faults(outcomes, "broken") == {}, "chains that do not hold"
    survived = [outcome["after_a_kill"] for outcome in outcomes if outcome["after_a_kill"] is not None]
    assert len(survived) == RUNS / 2
    assert min(survived) >= 5, "the others must go on when one writer is killed"
    check_that_it_was_hard(outcomes)


def check_that_it_was_hard(outcomes: list[dict[str, Any]]) -> None:
    """The kills came at many moments, and amid the work of several writers."""
    assert len({outcome["acknowledged"] for outcome in outcomes}) > 5
    assert sum(outcome["acknowledged"] for outcome in outcomes) > 10 * RUNS
    assert sum(outcome["writers_heard"] > 1 for outcome in outcomes) >= RUNS / 2


def faults(outcomes: list[dict[str, Any]], kind: str) -> dict[int, Any]:
    return {outcome["run"]: outcome[kind] for outcome in outcomes if outcome[kind]}


def run_harnesses(folder: Path) -> list[dict[str, Any]]:
    """The outcomes of all runs, shared by two harness processes."""
    share = RUNS // HARNESSES
    harnesses = [start_harness(folder / str(n), range(n * share, (n + 1) * share)) for n in range(HARNESSES)]
    try:
        printed = [harness.communicate(timeout=300) for harness in harnesses]
    finally:
        for harness in harnesses:
            harness.kill()
    assert [harness.returncode for harness in harnesses] == [0] * HARNESSES, printed
    return [json.loads(line) for out, _ in printed for line in out.splitlines()]


def start_harness(folder: Path, runs: range) -> subprocess.Popen[str]:
    folder.mkdir()
    command = [sys.executable, Path(__file__).with_name("writers.py"), folder, str(runs.start), str(runs.stop)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
