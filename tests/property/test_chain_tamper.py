"""No change to a log goes unnoticed: the chain names the record, and known heads find what the chain cannot."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstbreath.events import Event, Head, StoreError, encode_event, verify_chain
from firstbreath.events.heads import SignedHead, check_signature, sign_head
from firstbreath.events.kinds import DoseGiven, FormRecorded
from firstbreath.events.sqlite import SqliteStore
from firstbreath.events.store import Record, extend_chain

RECORDS = 200
CHANGES_BEHIND_THE_TRIGGERS = 1000
CHANGES_IN_THE_FILE = 1000
SEED = bytes(range(32))


def records_of_a_trial() -> list[bytes]:
    """Forms and doses as they are recorded; each with its number in it, so that no two are alike."""
    begin = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    bodies = (
        FormRecorded("vitals", "D1", {"heart_rate": "88", "spo2": "93", "note": "dispneia ao esforço"}),
        DoseGiven(1, 1, "2e9", "particles", "5.0", "14"),
    )
    return [
        encode_event(Event(n, begin + timedelta(minutes=n), "nurse.a", "nurse", bodies[n % 2], f"MX-{n % 7:02d}"))
        for n in range(1, RECORDS + 1)
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of 200 records, closed."""
    file = tmp_path / "trial.db"
    store = SqliteStore(file)
    store.append(records_of_a_trial(), expected=Head())
    store.close()
    return file


@contextmanager
def behind_the_triggers(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    triggers = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    for name in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    try:
        yield connection
    finally:
        connection.close()


def with_another_byte(content: bytes, random: Random) -> bytes:
    place = random.randrange(len(content))
    return content[:place] + bytes([content[place] ^ random.randrange(1, 256)]) + content[place + 1 :]


@pytest.mark.part11(1)
def test_each_of_a_thousand_changed_bytes_is_traced_to_its_record(path: Path) -> None:
    random, reader = Random(2022), SqliteStore(path, read_only=True)
    clean = verify_chain(reader.rows())
    assert clean.broken is None
    with behind_the_triggers(path) as outsider:
        for number in range(CHANGES_BEHIND_THE_TRIGGERS):
            seq, column = random.randint(1, RECORDS), ("record", "hash")[number % 2]
            (honest,) = outsider.execute(f"SELECT {column} FROM log WHERE seq = ?", (seq,)).fetchone()
            change = f"UPDATE log SET {column} = ? WHERE seq = ?"
            outsider.execute(change, (with_another_byte(honest, random), seq))
            found = verify_chain(reader.rows())
            assert found.broken is not None
            assert (found.broken.seq, found.broken.what) == (seq, "does not match its hash")
            assert found.head.seq == seq - 1
            outsider.execute(change, (honest, seq))
    assert verify_chain(reader.rows()) == clean
    reader.close()


def test_a_changed_byte_of_a_number_is_traced_to_the_place_that_is_empty_now(path: Path) -> None:
    reader = SqliteStore(path, read_only=True)
    moves = [(seq, seq ^ (flip << shift)) for seq in range(1, RECORDS + 1, 3) for flip in (1, 255) for shift in (8, 56)]
    with behind_the_triggers(path) as outsider:
        for seq, wide in moves:
            moved = wide - 2**64 if wide >= 2**63 else wide
            outsider.execute("UPDATE log SET seq = ? WHERE seq = ?", (moved, seq))
            found = verify_chain(reader.rows()).broken
            assert found is not None
            assert found.seq == (seq if moved > 0 else moved)
            assert found.what.startswith("is missing" if moved > 0 else "is displaced")
            outsider.execute("UPDATE log SET seq = ? WHERE seq = ?", (seq, moved))
    assert verify_chain(reader.rows()).broken is None
    reader.close()


def test_a_changed_byte_of_a_record_in_the_file_is_traced_to_its_record(path: Path, tmp_path: Path) -> None:
    random, whole, copy = Random(7), path.read_bytes(), tmp_path / "copy.db"
    for seq, record in enumerate(records_of_a_trial(), 1):
        begin = whole.index(record)
        copy.write_bytes(whole[:begin] + with_another_byte(record, random) + whole[begin + len(record) :])
        reader = SqliteStore(copy, read_only=True)
        found = verify_chain(reader.rows()).broken
        reader.close()
        assert found is not None
        assert (found.seq, found.what) == (seq, "does not match its hash")


def test_a_changed_byte_anywhere_in_the_file_is_found_or_changes_nothing(path: Path, tmp_path: Path) -> None:
    random, whole, copy = Random(41), path.read_bytes(), tmp_path / "copy.db"
    honest = rows_of(path)
    outcomes = {"refused": 0, "found": 0, "harmless": 0}
    for _ in range(CHANGES_IN_THE_FILE):
        copy.write_bytes(with_another_byte(whole, random))
        try:
            rows = rows_of(copy)
        except StoreError:
            outcomes["refused"] += 1
            continue
        if verify_chain(rows).broken is None:
            assert rows == honest
        outcomes["harmless" if rows == honest else "found"] += 1
    assert outcomes["found"] > CHANGES_IN_THE_FILE / 2


def rows_of(path: Path) -> list[tuple[int, bytes, bytes]]:
    reader = SqliteStore(path, read_only=True)
    try:
        return list(reader.rows())
    finally:
        reader.close()


logs = st.lists(st.binary(max_size=60), min_size=1, max_size=25).map(lambda records: extend_chain(Head(), records))


def place_in(rows: Sequence[Record]) -> st.SearchStrategy[int]:
    """The index of a row."""
    return st.integers(0, len(rows) - 1)


def head_at(rows: Sequence[Record], seq: int) -> Head:
    return Head(seq, rows[seq - 1].hash) if seq else Head()


def rewritten(rows: Sequence[Record], index: int, record: bytes) -> list[Record]:
    """The log as someone would have it who changes a record and computes every later hash again."""
    later = [record, *(row.data for row in rows[index + 1 :])]
    return [*rows[:index], *extend_chain(head_at(rows, index), later)]


@settings(deadline=None)
@given(logs)
@pytest.mark.part11(1)
def test_a_clean_log_raises_no_alarm(rows: list[Record]) -> None:
    heads = [head_at(rows, seq) for seq in range(len(rows) + 1)]
    assert verify_chain(rows, heads).broken is None
    assert verify_chain(rows, heads).head == heads[-1]


@settings(deadline=None)
@given(st.data())
def test_a_changed_record_or_hash_is_named(data: st.DataObject) -> None:
    rows = data.draw(logs)
    index = data.draw(place_in(rows))
    row = rows[index]
    changed = row._replace(data=data.draw(st.binary(max_size=60).filter(lambda record: record != row.data)))
    if data.draw(st.booleans()):
        changed = row._replace(
            hash=data.draw(st.binary(min_size=0, max_size=40).filter(lambda hash_: hash_ != row.hash))
        )
    found = verify_chain([*rows[:index], changed, *rows[index + 1 :]])
    assert found.broken is not None
    assert found.broken.seq == row.seq
    assert found.head == head_at(rows, index)


@settings(deadline=None)
@given(st.data())
def test_a_record_taken_out_is_missed_at_its_place(data: st.DataObject) -> None:
    rows = data.draw(logs.filter(lambda rows: len(rows) > 1))
    index = data.draw(st.integers(0, len(rows) - 2))
    found = verify_chain([*rows[:index], *rows[index + 1 :]]).broken
    assert found is not None
    assert found.seq == index + 1
    assert "is missing" in found.what


@settings(deadline=None)
@given(st.data())
def test_records_that_changed_places_are_named_from_the_first(data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.binary(max_size=60), min_size=2, max_size=25, unique=True))
    chain = extend_chain(Head(), rows)
    first = data.draw(st.integers(0, len(chain) - 2))
    second = data.draw(st.integers(first + 1, len(chain) - 1))
    swapped = list(chain)
    swapped[first], swapped[second] = (
        chain[second]._replace(seq=chain[first].seq),
        chain[first]._replace(seq=chain[second].seq),
    )
    found = verify_chain(swapped).broken
    assert found is not None
    assert found.seq == first + 1


@settings(deadline=None)
@given(st.data())
def test_a_log_rewritten_with_new_hashes_is_found_from_any_later_head_and_from_no_earlier_one(
    data: st.DataObject,
) -> None:
    rows = data.draw(logs)
    index, printed = data.draw(place_in(rows)), data.draw(place_in(rows)) + 1
    record = data.draw(st.binary(max_size=60).filter(lambda record: record != rows[index].data))
    forged = rewritten(rows, index, record)
    assert verify_chain(forged).broken is None
    found = verify_chain(forged, [head_at(rows, printed)]).broken
    if printed <= index:
        assert found is None
    else:
        assert found is not None
        assert found.seq == printed
        assert "rewritten" in found.what


@settings(deadline=None)
@given(st.data())
def test_a_truncated_log_is_found_from_any_head_beyond_its_end(data: st.DataObject) -> None:
    rows = data.draw(logs)
    kept, printed = data.draw(place_in(rows)), data.draw(place_in(rows)) + 1
    found = verify_chain(rows[:kept], [head_at(rows, printed)]).broken
    if printed <= kept:
        assert found is None
    else:
        assert found is not None
        assert found.seq == kept + 1
        assert f"a known head has {printed} records" in found.what


@settings(deadline=None)
@given(st.integers(0, 2**40), st.binary(min_size=32, max_size=32), st.data())
def test_a_signed_head_vouches_for_exactly_that_head(seq: int, digest: bytes, data: st.DataObject) -> None:
    signed = sign_head(SEED, Head(seq, digest))
    assert check_signature(signed)
    assert signed.head == Head(seq, digest)
    field = data.draw(st.sampled_from(["seq", "hash", "key", "signature"]))
    assert not check_signature(forge(signed, field, data))


def forge(signed: SignedHead, field: str, data: st.DataObject) -> SignedHead:
    """The signed head with one hexadecimal digit, or its number, changed."""
    parts = {name: getattr(signed, name) for name in ("seq", "hash", "key", "signature")}
    if field == "seq":
        parts["seq"] += data.draw(st.integers(1, 1000))
    else:
        place = data.draw(st.integers(0, len(parts[field]) - 1))
        other = data.draw(st.sampled_from("0123456789abcdef").filter(lambda digit: digit != parts[field][place]))
        parts[field] = parts[field][:place] + other + parts[field][place + 1 :]
    return SignedHead(**parts)
