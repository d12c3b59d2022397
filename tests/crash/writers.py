"""A harness of one process that lets writers append to a new log, kills them with SIGKILL, and looks at what is left.

Run as `python writers.py FOLDER FIRST LAST`: one JSON line for each run. The harness forks its writers, so that a
run costs milliseconds, and so it must itself have no threads.
"""

import json
import os
import select
import signal
import struct
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from firstbreath.events import HeadMoved, verify_chain
from firstbreath.events.sqlite import SqliteStore

WRITERS = 3
PATIENCE_S = 60
# An acknowledgement: writer, its batch's number, place of the batch's last record, hash there, records in it.
ACKNOWLEDGEMENT = struct.Struct("=BIQ32sB")


@dataclass(frozen=True)
class Outcome:
    """What one run came to; `lost`, `torn` and `broken` must stay empty."""

    run: int
    acknowledged: int
    writers_heard: int
    records: int
    after_a_kill: int | None
    lost: list[int]
    torn: list[str]
    broken: str


def write(path: Path, writer: int, *, acknowledge: int, seed: int) -> None:
    """Append small batches until killed, each acknowledged only after `append` has returned."""
    random, store, batch = Random(seed), SqliteStore(path), 0
    while True:
        size = random.choice([1, 2, 4, 40])  # the largest fills many pages, to be caught between them
        records = [f"{writer}/{batch}/{part + 1}of{size} ".encode() * random.randint(1, 80) for part in range(size)]
        try:
            head = store.append(records, expected=store.head())
        except HeadMoved:
            continue
        os.write(acknowledge, ACKNOWLEDGEMENT.pack(writer, batch, head.seq, head.hash, size))
        batch += 1
        time.sleep(random.uniform(0, 0.001))  # else the one that holds the lock takes it again and again


def fork_writer(path: Path, writer: int, *, acknowledge: int, seed: int) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            write(path, writer, acknowledge=acknowledge, seed=seed)
        finally:
            os._exit(1)  # a writer ends by being killed; ending by itself is a failure
    return pid


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status):
        msg = f"a writer ended by itself with status {status}"
        raise RuntimeError(msg)


class Ear:
    """The acknowledgements that came through the pipe."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._bytes = b""

    def heard(self) -> list[tuple[int, int, int, bytes, int]]:
        whole = len(self._bytes) - len(self._bytes) % ACKNOWLEDGEMENT.size
        return list(ACKNOWLEDGEMENT.iter_unpack(self._bytes[:whole]))

    def listen(self, *, until: int, writers: int) -> None:
        """Wait for so many acknowledgements in all, from so many writers."""
        limit = time.monotonic() + PATIENCE_S
        while len(self.heard()) < until or len({writer for writer, *_ in self.heard()}) < writers:
            ready, _, _ = select.select([self._pipe], [], [], max(0.0, limit - time.monotonic()))
            more = os.read(self._pipe, 65536) if ready else b""
            if not more:
                what = "the writers ended by themselves" if ready else f"nothing more in {PATIENCE_S} s"
                msg = f"{len(self.heard())} of {until} acknowledgements, and {what}"
                raise RuntimeError(msg)
            self._bytes += more

    def listen_to_the_end(self) -> None:
        """Everything that was still in the pipe when the last writer was dead."""
        while more := os.read(self._pipe, 65536):
            self._bytes += more


def carry_out(path: Path, run: int) -> Outcome:
    """One run: writers begin, some time passes, they are killed, and the log is opened again."""
    pipe, acknowledge = os.pipe()
    pids = [fork_writer(path, n, acknowledge=acknowledge, seed=run * WRITERS + n) for n in range(WRITERS)]
    os.close(acknowledge)
    ear = Ear(pipe)
    try:
        before = disturb(pids, ear, run)
    finally:
        for pid in pids:
            kill(pid)
        ear.listen_to_the_end()
        os.close(pipe)
    return look(path, run, heard=ear.heard(), before=before)


def disturb(pids: list[int], ear: Ear, run: int) -> int | None:
    """Let the writers write for a while; in every second run kill one of them and let the others go on.

    The number of acknowledgements heard when one was killed, or None.
    """
    random = Random(run)
    # From a kill while the file is still being made (no acknowledgement yet) to one amid many commits.
    until = random.choice([0, 1, 5, 20, 40])
    ear.listen(until=until, writers=min(2, until))
    time.sleep(random.uniform(0, 0.008))
    if run % 2 == 0:
        return None
    kill(pids.pop())
    before = len(ear.heard())
    ear.listen(until=before + 5, writers=1)  # past whatever the dead one left locked or half-written
    return before


def look(path: Path, run: int, *, heard: list[tuple[int, int, int, bytes, int]], before: int | None) -> Outcome:
    store = SqliteStore(path)
    rows = list(store.rows())
    found = verify_chain(rows)
    hashes = {seq: hash_ for seq, _, hash_ in rows}
    texts = {seq: record.partition(b" ")[0].decode() for seq, record, _ in rows}
    lost = [
        seq
        for writer, batch, seq, hash_, size in heard
        if hashes.get(seq) != hash_
        or any(texts.get(seq - size + part) != f"{writer}/{batch}/{part}of{size}" for part in range(1, size + 1))
    ]
    store.append([b"the next act"], expected=store.head())
    store.close()
    return Outcome(
        run=run,
        acknowledged=len(heard),
        writers_heard=len({writer for writer, *_ in heard}),
        records=len(rows),
        after_a_kill=None if before is None else len(heard) - before,
        lost=lost,
        torn=torn_batches(list(texts.values())),
        broken=found.broken.what if found.broken else "",
    )


def torn_batches(texts: list[str]) -> list[str]:
    """The batches of which only a part is in the log, or whose parts do not follow each other."""
    torn, place = [], 0
    while place < len(texts):
        name, _, part = texts[place].rpartition("/")
        size = int(part.partition("of")[2])
        whole = [f"{name}/{n}of{size}" for n in range(1, size + 1)]
        if texts[place : place + size] != whole:
            torn.append(texts[place])
        place += size
    return torn


def main(folder: Path, runs: range) -> None:
    for run in runs:
        path = folder / f"run-{run}.db"
        print(json.dumps(asdict(carry_out(path, run))), flush=True)
        for file in folder.glob(f"{path.name}*"):
            file.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), range(int(sys.argv[2]), int(sys.argv[3])))
