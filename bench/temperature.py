"""A million readings of a logger, read and judged, beside pandas' `read_csv` with the same arithmetic.

Each runs in a process of its own, so that the memory told is its own.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.measure import Measured, Ratio, Result, Timing

EVERY_S = 60
OURS = """
import sys
from decimal import Decimal
from pathlib import Path
from bench.temperature import CHAIN, told
from firstbreath.product.logger_files import read_logger_file
from firstbreath.product.temperature import Levels, judge_summary, summarise_readings
read = read_logger_file(Path(sys.argv[1]).read_bytes())
assert not read.asked, read.asked
summary = summarise_readings(read.seconds, read.celsius, Levels.of(CHAIN, "transport"))
told(len(read.seconds), judge_summary(summary, CHAIN, "transport").verdict, sum(s.seconds for s in summary.above))
"""
PANDAS = """
import sys
import pandas
from bench.temperature import told
frame = pandas.read_csv(sys.argv[1], skiprows=1, names=["at", "celsius"], header=0, parse_dates=["at"])
at = frame["at"].astype("datetime64[s]").astype("int64")
warm = frame["celsius"] > -60
step = at.diff().fillna(0)
above = step[(warm | warm.shift(fill_value=False))].sum()
melts = ((frame["celsius"] >= 0) & (frame["celsius"].shift() <= -3)).sum()
gaps = (step > 1800).sum()
told(len(frame), "in label" if not above and not melts and not gaps else "needs a decision", float(above))
"""


def chain() -> object:
    """The limits both judge by."""
    from decimal import Decimal

    from firstbreath.protocol.values import ColdChain

    return ColdChain(transport_max_c=Decimal(-60), storage_max_c=Decimal(-15), spike_minutes=10, gap_minutes=30)


CHAIN = chain()


def told(rows: int, verdict: str, above_s: float) -> None:
    """What one program found, and what it took."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    found = {"rows": rows, "verdict": verdict, "above_s": above_s, "peak_mb": used.ru_maxrss / 1024}
    print(json.dumps(found | {"cpu_s": used.ru_utime + used.ru_stime}))


def write_file(path: Path, rows: int) -> None:
    """SYNTHETIC readings a minute apart: dry ice, with an hour in which it had run out in every hundred thousand."""
    at = datetime(2020, 1, 1, tzinfo=UTC)
    with path.open("w") as file:
        file.write("SYNTHETIC\nDate Time (UTC),Temperature (°C)\n")
        for n in range(rows):
            warm = n % 100_000 < 60
            file.write(f"{at:%Y-%m-%d %H:%M:%S},{-52.5 if warm else -78.0 - n % 9 / 10:.1f}\n")
            at += timedelta(seconds=EVERY_S)


def run(folder: Path, rows: int, times: int = 3) -> Measured:
    """Both programs on the same file; they must find the same rows, verdict and time above the limit."""
    path = folder / "logger.csv"
    write_file(path, rows)
    results, peaks, answers = [], {}, {}
    for name, program in (("firstbreath: read and judged", OURS), ("pandas: read_csv and the same sums", PANDAS)):
        runs, found = [], {}
        for _ in range(times):
            begun = datetime.now(UTC)
            ran = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
            found = json.loads(ran.stdout)
            runs.append(Timing((datetime.now(UTC) - begun).total_seconds(), found["cpu_s"]))
        results.append(Result(name, "readings", rows, tuple(runs)))
        peaks[name], answers[name] = found["peak_mb"], (found["rows"], found["verdict"], found["above_s"])
    ours, theirs = results
    ratios = [Ratio(f"peak memory MB, {name}", peak) for name, peak in peaks.items()]
    ratios.append(Ratio("readings a second over pandas", ours.per_second / theirs.per_second, "1 or more is faster"))
    wrong = () if len(set(answers.values())) == 1 else (f"they do not agree: {answers}",)
    return Measured(tuple(results), tuple(ratios), wrong=wrong)
