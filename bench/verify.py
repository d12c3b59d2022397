"""How fast the chain of a log in SQLite is verified."""

from pathlib import Path

from bench.logs import write_log
from bench.measure import Measured, Ratio, Result, time_runs

from firstbreath.events import verify_chain
from firstbreath.events.sqlite import SqliteStore

TARGET = 300_000


def run(folder: Path, sizes: tuple[int, ...]) -> Measured:
    results = tuple(measure(folder / f"verify-{size}.db", size) for size in sizes)
    small, large = results[0], results[-1]
    meaning = "1 is linear: time for each event, longest log over shortest"
    return Measured(results, (Ratio("verify: linear", small.per_second / large.per_second, meaning),))


def measure(path: Path, size: int) -> Result:
    head = write_log(path, size)

    def verify() -> None:
        store = SqliteStore(path, read_only=True)
        found = verify_chain(store.rows(), [head])
        store.close()
        if found.broken is not None or found.head != head:
            raise AssertionError(found)

    return Result(f"verify {size:,} events from SQLite", "events", size, time_runs(verify), TARGET)
