"""What every store promises, whichever keeps the log."""

import threading
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice

import pytest
from tests.contract.store_places import Place

from firstbreath.events import GENESIS, Head, HeadMoved, Record, Store, chain_hash, verify_chain

AWKWARD = (
    b"",
    b"\x00\x00",
    bytes(range(256)),
    "respiração, 吸入, \N{LUNGS}".encode(),
    b"\xff\xfe not UTF-8",
    b"'; DROP TABLE log; --",
    b"x" * 2**20,
)

FORBIDDEN = [
    ("sqlite", "UPDATE log SET record = x'00' WHERE seq = 2"),
    ("sqlite", "UPDATE OR IGNORE log SET seq = 9 WHERE seq = 2"),
    ("sqlite", "DELETE FROM log WHERE seq = 3"),
    ("sqlite", "DELETE FROM log"),
    ("sqlite", "INSERT OR REPLACE INTO log VALUES (2, x'00', x'00')"),
    ("sqlite", "INSERT OR IGNORE INTO log VALUES (2, x'00', x'00')"),
    ("sqlite", "INSERT INTO log VALUES (2, x'00', x'00') ON CONFLICT DO UPDATE SET record = x'00'"),
    ("sqlite", "INSERT INTO log VALUES (5, x'00', x'00')"),
    ("sqlite", "INSERT INTO log VALUES (0, x'00', x'00')"),
    ("sqlite", "INSERT INTO log VALUES (NULL, x'00', x'00')"),
    ("postgres", "UPDATE firstbreath_log SET record = '' WHERE study = $study AND seq = 2"),
    ("postgres", "DELETE FROM firstbreath_log WHERE study = $study"),
    ("postgres", "TRUNCATE firstbreath_log"),
    (
        "postgres",
        "INSERT INTO firstbreath_log VALUES ($study, 2, '', '') ON CONFLICT (study, seq) DO UPDATE SET record = ''",
    ),
    ("postgres", "INSERT INTO firstbreath_log VALUES ($study, 2, '', '') ON CONFLICT DO NOTHING"),
    ("postgres", "INSERT INTO firstbreath_log VALUES ($study, 5, '', '')"),
    ("postgres", "INSERT INTO firstbreath_log VALUES ($study, 0, '', '')"),
    ("postgres", "INSERT INTO firstbreath_log VALUES ($study, 4, '', ''), ($study, 4, '', '')"),
    ("postgres", "INSERT INTO firstbreath_log VALUES ($study, NULL, '', '')"),
]

REFUSING = [
    (
        "sqlite",
        "CREATE TRIGGER no_second BEFORE INSERT ON log WHEN NEW.seq = 2 BEGIN SELECT RAISE(ABORT, 'no'); END",
    ),
    ("postgres", "ALTER TABLE firstbreath_log ADD CONSTRAINT no_second CHECK (study <> $study OR seq <> 2)"),
]


class TestEveryStore:
    def test_an_empty_log_has_the_empty_head(self, place: Place) -> None:
        store = place.open()
        assert store.head() == Head(0, GENESIS)
        assert list(store.records()) == []

    def test_append_returns_the_head_that_the_next_append_expects(self, place: Place) -> None:
        store = place.open()
        first = store.append([b"one"], expected=Head())
        assert first == store.head() == Head(1, chain_hash(GENESIS, b"one"))
        second = store.append([b"two"], expected=first)
        assert second == store.head() == Head(2, chain_hash(first.hash, b"two"))

    def test_records_come_back_in_order_and_chained(self, place: Place) -> None:
        store = place.open()
        head = fill(store, 1500)
        records = list(store.records())
        assert [record.seq for record in records] == list(range(1, 1501))
        assert [record.data for record in records] == [b"record %d" % n for n in range(1, 1501)]
        assert verify_chain(records).head == head
        assert verify_chain(records).broken is None

    @pytest.mark.parametrize("after", [0, 1, 127, 128, 129, 1499, 1500, 9999])
    def test_reading_begins_after_a_place(self, place: Place, after: int) -> None:
        store = place.open()
        fill(store, 1500)
        assert [record.seq for record in store.records(after)] == list(range(after + 1, 1501))

    def test_bytes_come_back_as_they_were_written(self, place: Place) -> None:
        store = place.open()
        store.append(AWKWARD, expected=Head())
        records = list(store.records())
        assert tuple(record.data for record in records) == AWKWARD
        assert all(type(part) is bytes for record in records for part in (record.data, record.hash))

    def test_an_empty_batch_changes_nothing_but_still_asks_for_the_head(self, place: Place) -> None:
        store = place.open()
        head = fill(store, 3)
        assert store.append([], expected=head) == head
        with pytest.raises(HeadMoved):
            store.append([], expected=Head())
        assert store.head() == head

    def test_a_record_that_is_not_bytes_leaves_nothing_of_its_batch(self, place: Place) -> None:
        store = place.open()
        head = fill(store, 3)
        batch: Sequence[bytes] = [b"four", None, b"six"]  # type: ignore[list-item]
        with pytest.raises(TypeError):
            store.append(batch, expected=head)
        assert store.head() == head
        assert store.append([b"four"], expected=head).seq == 4

    @pytest.mark.parametrize(("place", "refusing"), REFUSING, indirect=["place"])
    def test_a_batch_refused_in_its_middle_leaves_nothing(self, place: Place, refusing: str) -> None:
        store = place.open()
        place.change(refusing)
        with pytest.raises(Exception, match=r"trial|study"):
            store.append([b"one", b"two", b"three"], expected=Head())
        assert store.head() == Head()
        assert store.append([b"one"], expected=Head()).seq == 1

    @pytest.mark.parametrize(
        "expected",
        [Head(), Head(2, b"\x01" * 32), Head(3, b"\x01" * 32), Head(4, b"\x01" * 32)],
        ids=["empty", "earlier", "same place, other hash", "later"],
    )
    def test_a_head_that_is_not_the_logs_is_refused_and_nothing_written(self, place: Place, expected: Head) -> None:
        store = place.open()
        head = fill(store, 3)
        before = list(store.records())
        with pytest.raises(HeadMoved):
            store.append([b"stale"], expected=expected)
        assert store.head() == head
        assert list(store.records()) == before

    def test_of_two_people_acting_on_one_head_exactly_one_wins(self, place: Place) -> None:
        store = place.open()
        for _ in range(20):
            head = store.head()
            outcomes = at_once([partial(race, place, head, who) for who in (b"anna", b"ben")])
            assert sorted(outcomes) == ["moved", "won"]
            assert store.head().seq == head.seq + 1
        assert verify_chain(store.records()).broken is None

    def test_people_who_decide_again_all_get_their_turn(self, place: Place) -> None:
        store = place.open()
        at_once([partial(persist, place, b"%d" % who, times=10) for who in range(4)])
        written = sorted(record.data for record in store.records())
        assert written == sorted([b"0", b"1", b"2", b"3"] * 10)
        assert verify_chain(store.records()).broken is None

    def test_an_abandoned_reader_holds_nobody_up(self, place: Place) -> None:
        store = place.open()
        head = fill(store, 1500)
        reader = store.records()
        assert next(reader).seq == 1
        assert at_once([partial(race, place, head, b"someone else")]) == ["won"]
        assert store.head().seq == 1501
        assert store.append([b"myself"], expected=store.head()).seq == 1502
        assert next(reader).seq == 2

    def test_appending_while_reading_is_kept(self, place: Place) -> None:
        store = place.open()
        fill(store, 1500)
        for record in islice(store.records(), 3):
            store.append([b"about %d" % record.seq], expected=store.head())
        assert [record.data for record in place.open().records(1500)] == [b"about 1", b"about 2", b"about 3"]

    def test_reading_takes_little_memory_however_long_the_log(self, place: Place) -> None:
        store = place.open()
        store.append([b"%04d" % n * 1000 for n in range(4000)], expected=Head())
        size = sum(len(record.data) for record in store.records())
        tracemalloc.start()
        try:
            count = sum(1 for _ in store.records())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert count == 4000
        assert peak < size / 5

    def test_a_log_opened_again_is_the_same(self, place: Place) -> None:
        first = place.open()
        head = fill(first, 600)
        before = list(first.records())
        again = place.open()
        assert again.head() == head
        assert list(again.records()) == before
        assert again.append([b"more"], expected=head).seq == 601
        assert first.head().seq == 601

    @pytest.mark.parametrize(("place", "statement"), FORBIDDEN, indirect=["place"])
    def test_the_table_refuses_every_change_but_growth(self, place: Place, statement: str) -> None:
        store = place.open()
        fill(store, 3)
        before: list[Record] = list(store.records())
        with pytest.raises(Exception, match=r"append-only|only grows at its end"):
            place.change(statement)
        assert list(store.records()) == before


def fill(store: Store, count: int) -> Head:
    return store.append([b"record %d" % n for n in range(1, count + 1)], expected=store.head())


def race(place: Place, head: Head, who: bytes) -> str:
    """What becomes of one append at a head that others may be after too, in this thread."""
    try:
        place.open().append([who], expected=head)
    except HeadMoved:
        return "moved"
    return "won"


def persist(place: Place, who: bytes, *, times: int) -> str:
    store = place.open()
    for _ in range(times):
        while True:
            try:
                store.append([who], expected=store.head())
                break
            except HeadMoved:
                continue
    return "done"


def at_once(acts: Sequence[Callable[[], str]]) -> list[str]:
    """The outcomes of acts begun together, each in a thread of its own."""
    begin = threading.Barrier(len(acts))
    outcomes: list[str] = []

    def run(act: Callable[[], str]) -> None:
        begin.wait(10)
        try:
            outcomes.append(act())
        except Exception as broken:
            outcomes.append(repr(broken))

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes
