"""Whatever scans there are: every reader reads each once, repeats are as many as asked, and none lies too near."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from firstbreath.reading.order import draw_order

PATIENTS = st.integers(4, 30)


@settings(deadline=None)
@given(PATIENTS, st.integers(1, 3), st.integers(0, 40), st.text(min_size=32, max_size=40))
def test_order_keeps_scans_apart(patients, visits, repeats, seed):
    scans = {f"P{n}.V{visit}": f"P{n}" for n in range(patients) for visit in range(visits)}
    tasks, cases = draw_order(scans, ("one", "two"), seed, repeats_percent=repeats, apart=1)
    assert set(cases) == set(scans)
    assert len({task.task for task in tasks} | {*cases.values()}) == len(tasks) + len(cases)
    for reader in ("one", "two"):
        order = [task for task in tasks if task.reader == reader]
        assert [task.position for task in order] == list(range(1, len(order) + 1))
        assert {task.scan for task in order if not task.again} == set(scans)
        assert sum(task.again for task in order) == -(-len(scans) * repeats // 100)
        subjects = [scans[task.scan] for task in order]
        assert all(one != other for one, other in pairwise(subjects))


@settings(deadline=None)
@given(st.text(min_size=32, max_size=40))
def test_same_seed_gives_the_same_order_and_another_seed_another(seed):
    scans = {f"P{n}.V{visit}": f"P{n}" for n in range(7) for visit in range(2)}
    first = draw_order(scans, ("one", "two"), seed, repeats_percent=20, apart=1)
    assert first == draw_order(dict(reversed(scans.items())), ("one", "two"), seed, repeats_percent=20, apart=1)
    assert first != draw_order(scans, ("one", "two"), seed + "x", repeats_percent=20, apart=1)
    assert [t.scan for t in first[0] if t.reader == "one"] != [t.scan for t in first[0] if t.reader == "two"]
