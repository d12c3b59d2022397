"""Verify a log with nothing of firstbreath: `python verify_log.py log.sqlite` or `python verify_log.py log.jsonl`.

A record's hash is the SHA-256 of the hash before it and the record's bytes; before the first stand 32 zero bytes.
Python's standard library is enough. Prints the head, to be compared with a printout; ends with 1 when a record was
changed, is missing or is out of order, and names it; ends with 2 when the file is no log.
"""

import hashlib
import json
import sqlite3
import sys
from pathlib import Path


def read_rows(path):
    """The records of a file in order: number, bytes as written, hash as stored."""
    with path.open("rb") as file:
        is_sqlite = file.read(16) == b"SQLite format 3\0"
    if is_sqlite:
        with sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True) as log:
            for seq, record, stored in log.execute("SELECT seq, record, hash FROM log ORDER BY seq"):
                yield seq, bytes(record), bytes(stored)
        return
    with path.open("rb") as file:
        for line in file:
            found = json.loads(line)
            yield found["seq"], found["record"].encode(), bytes.fromhex(found["hash"])


def verify(rows):
    """The head as `seq:hash`, and what is wrong with the first record that does not fit, if one does not."""
    last, previous = 0, bytes(32)
    for seq, record, stored in rows:
        if seq != last + 1:
            return f"{last}:{previous.hex()}", f"record {seq} follows record {last}"
        if hashlib.sha256(previous + record).digest() != stored:
            return f"{last}:{previous.hex()}", f"record {seq} does not match its hash"
        last, previous = seq, stored
    return f"{last}:{previous.hex()}", ""


def main(arguments):
    """What was found, and how the program ends."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    try:
        head, wrong = verify(read_rows(Path(arguments[0])))
    except (OSError, sqlite3.Error, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"This is no log: {error}")
        return 2
    print(f"BROKEN {wrong}; it holds up to {head}" if wrong else f"The log holds. Head {head}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
