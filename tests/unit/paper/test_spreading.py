"""Labels that do not lie on each other."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstbreath.paper.spreading import spread


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ([], []),
        ([5.0], [5.0]),
        ([5.0, 5.0], [4.5, 5.5]),
        ([1.0, 5.0, 9.0], [1.0, 5.0, 9.0]),
        ([9.0, 1.0], [9.0, 1.0]),
        ([0.0, 0.0, 0.0], [0.0, 1.0, 2.0]),
        ([10.0, 10.0], [9.0, 10.0]),
        ([4.0, 4.0, 5.0], [3.333, 4.333, 5.333]),
    ],
)
def test_labels_stay_as_near_as_can_be(wanted, places):
    assert spread(wanted, gap=1.0, low=0.0, high=10.0) == pytest.approx(places, abs=0.001)


def test_labels_without_room_go_on_above():
    assert spread([1.0] * 4, gap=1.0, low=0.0, high=2.0) == [0.0, 1.0, 2.0, 3.0]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(0, 100, allow_nan=False), max_size=30), st.floats(0.1, 3.0))
def test_no_two_labels_touch_and_their_order_is_kept(wanted, gap):
    places = spread(wanted, gap=gap, low=0.0, high=100.0)
    ordered = sorted(places)
    assert all(above - below >= gap - 1e-6 for below, above in pairwise(ordered))
    assert [place for _, place in sorted(zip(wanted, places, strict=True))] == pytest.approx(ordered)
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in places)
