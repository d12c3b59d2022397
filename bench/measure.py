"""How a thing is timed, on which machine, and how the figures are said."""

import gc
import os
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec


class Timing(msgspec.Struct, frozen=True):
    """Seconds of one run by the clock and of this process's CPU."""

    wall_s: float
    cpu_s: float


class Result(msgspec.Struct, frozen=True):
    """What was measured: `count` of `unit` in each run; the middle run's rate; what it should at least be."""

    name: str
    unit: str
    count: int
    runs: tuple[Timing, ...]
    target: float | None = None

    @property
    def wall_s(self) -> float:
        return statistics.median(run.wall_s for run in self.runs)

    @property
    def per_second(self) -> float:
        return self.count / self.wall_s

    @property
    def cpu_us(self) -> float:
        """CPU microseconds for each, which other people's load disturbs less than the clock."""
        return statistics.median(run.cpu_s for run in self.runs) / self.count * 1e6


class Ratio(msgspec.Struct, frozen=True):
    """One figure over another, with what it means."""

    name: str
    value: float
    meaning: str = ""
    target: str = ""


class Measured(msgspec.Struct, frozen=True):
    """What one bench found. lines : printed in place of one line for each result. wrong : what must not be."""

    results: tuple[Result, ...]
    ratios: tuple[Ratio, ...] = ()
    lines: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    answers: tuple[dict[str, object], ...] = ()


def time_runs(run: Callable[[], object], *, times: int = 3) -> tuple[Timing, ...]:
    """The timings of several runs.

    Each begins without the last one's garbage. What a run returns is thrown away after its time is taken.
    """
    timings = []
    for _ in range(times):
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        result = run()
        timings.append(Timing(time.perf_counter() - wall, time.process_time() - cpu))
        del result
    return tuple(timings)


def time_calls(
    call: Callable[[], Any], *, least: float = 0.02, long: float = 0.3
) -> tuple[Any, int, tuple[Timing, ...]]:
    """What a call answers, how many calls a run is made of, and the timings of three runs; or of one call that is long.

    least : seconds a run should last, for the clock's sake. long : seconds from which one call is enough.
    """
    answers: list[Any] = []
    (once,) = time_runs(lambda: answers.append(call()), times=1)
    if once.wall_s > long:
        return answers[0], 1, (once,)
    (once,) = time_runs(call, times=1)
    calls = max(1, round(least / max(once.wall_s, 1e-7)))
    return answers[0], calls, time_runs(lambda: [call() for _ in range(calls)])


def measure_flush(folder: Path, *, times: int = 500) -> Result:
    """How often 4 KB can be put on this disk in a second: the ceiling of whatever is flushed at each commit."""
    with (folder / "flush").open("wb", buffering=0) as file:

        def flush() -> None:
            for _ in range(times):
                file.write(bytes(4096))
                os.fsync(file.fileno())

        return Result("write and flush 4 KB (the disk itself)", "flushes", times, time_runs(flush))


def describe_machine() -> dict[str, object]:
    return {
        "cpu": read_cpu(),
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": f"{platform.python_implementation()} {sys.version.split()[0]}",
        "sqlite": sqlite3.sqlite_version,
    }


def read_cpu() -> str:
    """The processor's name as the system gives it."""
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        names = [line for line in facts.read_text().splitlines() if line.startswith("model name")]
        if names:
            return names[0].partition(":")[2].strip()
    return platform.processor() or platform.machine()


def read_load() -> float | None:
    """Processes that wanted a core in the last minute, or None where the system does not say."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
