"""A temperature record says the same however it is cut into files."""

from decimal import Decimal
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from firstbreath.product.temperature import Levels, join_summaries, judge_summary, summarise_readings
from firstbreath.protocol.values import ColdChain

CHAIN = ColdChain(
    transport_max_c=Decimal(-10), storage_max_c=Decimal(-5), storage_min_c=Decimal(-25), spike_minutes=6, gap_minutes=9
)
celsius = st.sampled_from([-30.0, -25.0, -12.0, -10.0, -4.0, -2.0, 0.0, 3.0])
records = st.lists(st.tuples(st.integers(1, 12), celsius), min_size=1, max_size=60)


@given(record=records, cuts=st.sets(st.integers(1, 59), max_size=5), place=st.sampled_from(["transport", "storage"]))
def test_any_split_gives_the_same_verdict(record, cuts, place):
    times = [minutes * 60.0 for minutes in accumulate(step for step, _ in record)]
    warm = [each for _, each in record]
    levels = Levels.of(CHAIN, place)
    whole = summarise_readings(times, warm, levels)
    edges = [0, *sorted(cut for cut in cuts if cut < len(times)), len(times)]
    first, *others = [summarise_readings(times[a:b], warm[a:b], levels) for a, b in pairwise(edges)]
    joined = first
    for part in others:
        joined = join_summaries(joined, part, levels)
    assert joined == whole
    assert judge_summary(joined, CHAIN, place) == judge_summary(whole, CHAIN, place)


@given(record=records, n=st.integers(0, 59))
def test_warmer_is_never_judged_better(record, n):
    """Raising one reading above a limit cannot turn an excursion into a record that is in label."""
    times = [minutes * 60.0 for minutes in accumulate(step for step, _ in record)]
    warm = [each for _, each in record]
    levels, grave = Levels.of(CHAIN, "transport"), ["in label", "needs a decision", "unusable"]

    def verdict(values):
        return grave.index(judge_summary(summarise_readings(times, values, levels), CHAIN, "transport").verdict)

    hotter = [max(each, 5.0) if place == n else each for place, each in enumerate(warm)]
    assert verdict(hotter) >= verdict(warm)
