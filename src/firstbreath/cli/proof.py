"""The proof that a copy is the study: its head, and the digest of everything that leaves it, computed on both sides."""

import hashlib
from collections.abc import Sequence

import msgspec

from firstbreath.cli.study import Study
from firstbreath.events.chain import Head
from firstbreath.events.record import decode_event
from firstbreath.paper.document import render_csv, render_json
from firstbreath.trial.history import History
from firstbreath.trial.overview import compute_overview

Row = tuple[int, bytes, bytes]


def render_lines(rows: Sequence[Row]) -> bytes:
    """Records as they were written, one JSON object a line, for readers that know nothing of this system."""
    return b"".join(render_line(*row) for row in rows)


def render_line(seq: int, record: bytes, hashed: bytes) -> bytes:
    """One record as a line."""
    return msgspec.json.encode({"seq": seq, "hash": hashed.hex(), "record": record.decode()}) + b"\n"


def parse_line(line: bytes) -> Row:
    """The record of a line.

    Raises `ValueError` when it states none.
    """
    found = msgspec.json.decode(line, type=dict[str, int | str])
    return int(found["seq"]), str(found["record"]).encode(), bytes.fromhex(str(found["hash"]))


def compute_proof(study: Study, rows: Sequence[Row]) -> dict[str, str]:
    """The SHA-256 of each export of a study whose log has these rows, by name."""
    events = [(decode_event(record), hashed) for _, record, hashed in rows]
    history = History(event for event, _ in events)
    log = [{"hash": hashed.hex(), "kind": event.kind, "event": event} for event, hashed in events]
    exports = {
        "log.jsonl": render_lines(rows),
        "log.json": msgspec.json.encode(log),
        "state.json": msgspec.json.encode(compute_overview(history.now)),
    }
    if history.now.protocol is not None:
        results = study.compose(history.now, events=events, keep=False).results
        exports |= {"results.json": render_json(results).encode(), "results.csv": render_csv(results).encode()}
    return {name: hashlib.sha256(content).hexdigest() for name, content in exports.items()}


def head_of(rows: Sequence[Row]) -> Head:
    """The end of these rows."""
    return Head(rows[-1][0], rows[-1][2]) if rows else Head()
