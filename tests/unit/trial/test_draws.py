"""An order of reading is checked against its seed once that is open."""

import msgspec
import pytest
from tests.support.read_trial import SEED, ReadTrial

from firstbreath.trial.draws import strange_draws
from firstbreath.trial.fold import fold

OTHER = "another seed that is long enough too"


@pytest.fixture(scope="module")
def read():
    trial = ReadTrial().passed("S1", "S2")
    trial.draw()
    trial.replace("rosa", "rani", seed=OTHER)
    trial.read_all("rani")
    trial.read_all("remy")
    return trial


def test_nothing_is_said_while_the_seed_is_sealed(read):
    assert strange_draws(fold(read.door.history.events)) == []


@pytest.mark.parametrize("kind", ["reading_order_drawn", "reader_replaced"])
def test_order_that_follows_from_its_seed_passes_and_another_is_found(read, kind):
    if read.reading.unblinded is None:
        read.by("dana", {"act": "unblind_reads", "seeds": [SEED, OTHER]})
    events = list(read.door.history.events)
    assert strange_draws(fold(events)) == []
    seq, event = next((n, each) for n, each in enumerate(events) if each.kind == kind)
    tasks = list(event.body.tasks)
    tasks[0], tasks[1] = (
        msgspec.structs.replace(tasks[0], scan=tasks[1].scan),
        msgspec.structs.replace(tasks[1], scan=tasks[0].scan),
    )
    changed = msgspec.structs.replace(event.body, tasks=tuple(tasks))
    events[seq] = msgspec.structs.replace(event, body=changed)
    assert strange_draws(fold(events)) == [
        f"record {event.seq}: the order of reading is not the one that its seed gives"
    ]
