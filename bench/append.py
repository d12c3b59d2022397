"""How fast forms are saved, one transaction each, beside a bare SQLite insert and beside django-simple-history.

Each way saves the same form of 42 columns with the same settings of SQLite: write-ahead log, and either every
commit flushed to the disk (FULL) or not (NORMAL).
"""

import json
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.measure import Measured, Ratio, Result, Timing, measure_flush, time_runs

from firstbreath.events import Event, Head, encode_event, kinds
from firstbreath.events.sqlite import SqliteStore

COLUMNS = 42
LEVELS = {"FULL": "with fsync", "NORMAL": "without fsync"}
VALUES = {f"column_{number:02d}": f"{number * 1.7:.1f}" for number in range(COLUMNS)}


ROUNDS = 3


def run(folder: Path, forms: int) -> Measured:
    results, ratios = [measure_flush(folder)], []
    for level, words in LEVELS.items():
        ours, bare, peer = measure_beside_each_other(folder, level, forms)
        results += [
            Result(f"append, {words}", "forms", forms, ours),
            Result(f"bare insert, {words}", "forms", forms, bare),
            Result(f"django-simple-history, {words}", "forms", forms, peer),
        ]
        ratios += compare(ours=results[-3], bare=results[-2], peer=results[-1], words=words)
    flush, durable = results[0], results[1]
    reached = durable.per_second / flush.per_second
    ratios.append(Ratio("append with fsync over the disk's own flushes", reached, "1: the disk is the limit"))
    return Measured(tuple(results), tuple(ratios))


def measure_beside_each_other(folder: Path, level: str, forms: int) -> list[tuple[Timing, ...]]:
    """The timings of append, bare insert and the peer, in turns, so that a busy moment does not hit one of them."""
    rounds = []
    for number in range(ROUNDS):
        place = folder / f"{level}-{number}"
        place.mkdir()
        rounds.append(
            (
                *time_runs(partial(save_as_events, place / "trial.db", level, forms), times=1),
                *time_runs(partial(save_bare, place / "bare.db", level, forms), times=1),
                time_peer(place / "peer.db", level, forms),
            )
        )
        shutil.rmtree(place)
    return list(zip(*rounds, strict=True))


def time_peer(path: Path, level: str, forms: int) -> Timing:
    """Django in a process of its own: its settings hold for a whole process."""
    command = [sys.executable, "-m", "bench.peer", path, level, str(forms)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Timing(**json.loads(done.stdout))


def compare(*, ours: Result, bare: Result, peer: Result, words: str) -> list[Ratio]:
    faster, dearer = "above 1: append is faster", "above 1: it needs more than append"
    return [
        Ratio(f"append over bare insert, {words}", ours.per_second / bare.per_second, faster),
        Ratio(f"append over simple-history, {words}", ours.per_second / peer.per_second, faster),
        Ratio(f"CPU: simple-history over append, {words}", peer.cpu_us / ours.cpu_us, dearer),
    ]


def record_of(seq: int) -> bytes:
    """One form as an event, made anew for each as it is in use."""
    body = kinds.FormRecorded("laboratory", "D1", VALUES, repeat=seq)
    return encode_event(Event(seq, datetime.now(UTC), "nurse.a", "nurse", body, subject="MX-001", source="form"))


def save_as_events(path: Path, level: str, forms: int) -> None:
    store, head = SqliteStore(path, synchronous=level), Head()
    for seq in range(1, forms + 1):
        head = store.append([record_of(seq)], expected=head)
    store.close()


def save_bare(path: Path, level: str, forms: int) -> None:
    """The same bytes in a table without triggers, chain, expected head or explicit transaction."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {level}")
    connection.execute("CREATE TABLE forms (id INTEGER PRIMARY KEY, record BLOB)")
    for seq in range(1, forms + 1):
        connection.execute("INSERT INTO forms (record) VALUES (?)", (record_of(seq),))
    connection.close()
