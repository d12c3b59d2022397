"""How fast a log becomes the state of a trial, from the bytes of its records."""

from itertools import pairwise
from pathlib import Path

from bench.logs import generate_events
from bench.measure import Measured, Ratio, Result, time_runs

from firstbreath.events import decode_event, encode_event
from firstbreath.trial.fold import fold
from firstbreath.trial.state import Trial

TARGET = 200_000


def run(_folder: Path, sizes: tuple[int, ...]) -> Measured:
    results = tuple(measure(size) for size in sizes)
    meaning = "1 is linear: time for each event, longer log over shorter"
    steps = tuple(
        Ratio(f"fold: {longer.count:,} over {shorter.count:,}", shorter.per_second / longer.per_second, meaning)
        for shorter, longer in pairwise(results)
    )
    return Measured(results, steps)


def measure(size: int) -> Result:
    records = [encode_event(event) for event in generate_events(size)]

    def decode_and_fold() -> Trial:
        return fold(map(decode_event, records))

    if decode_and_fold().seq != size:
        raise AssertionError(size)
    return Result(f"fold {size:,} events from bytes", "events", size, time_runs(decode_and_fold), TARGET)
