"""The door under load: many hands on one log, each decided on the state that the others made."""

import threading

from tests.support.small_trial import SmallTrial

from firstbreath.events.chain import verify_chain
from firstbreath.events.kinds import ActRefused, SubjectEnrolled
from firstbreath.events.sqlite import SqliteStore
from firstbreath.trial.fold import read_events


def together(*tasks):
    """Run tasks at once, each in a thread; raise what any of them raised."""
    start, wrong = threading.Barrier(len(tasks)), []

    def run(task):
        start.wait()
        try:
            task()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_of_two_enrolments_at_once_one_wins(tmp_path):
    path = tmp_path / "log.sqlite"
    small = SmallTrial(SqliteStore(path))
    small.ready("S1").ready("S2")
    doors = [SmallTrial(SqliteStore(path)) for _ in range(2)]
    together(lambda: doors[0].enrol("S1"), lambda: doors[1].enrol("S2"))
    events = list(read_events(SqliteStore(path)))
    assert sum(isinstance(event.body, SubjectEnrolled) for event in events) == 1
    refusal = next(event.body for event in events if isinstance(event.body, ActRefused))
    assert [reason.code for reason in refusal.reasons] == ["GATE-G1"]


def test_nothing_is_lost_when_many_write(tmp_path):
    path = tmp_path / "log.sqlite"
    SmallTrial(SqliteStore(path))
    hands = [SmallTrial(SqliteStore(path, synchronous="NORMAL")) for _ in range(4)]

    def screen(n):
        for k in range(25):
            hands[n].act("open_screening", f"S{n}-{k}")

    together(*(lambda n=n: screen(n) for n in range(4)))
    store = SqliteStore(path)
    subjects = {event.subject for event in read_events(store) if event.subject}
    assert subjects == {f"S{n}-{k}" for n in range(4) for k in range(25)}
    assert verify_chain(store.rows()).broken is None
    assert all(len(hand.door.refresh().subjects.by_code) == 100 for hand in hands)
