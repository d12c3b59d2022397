"""Where a subject's values before and after are found: by field, visit, rule and record."""

import msgspec
import pytest
from tests.support.scored_trial import enrol, files_with, scan
from tests.support.small_trial import SmallTrial

from firstbreath.paper.measuring import SAME_RECORD, measure_sides
from firstbreath.protocol.values import Endpoint, Measured


def endpoint(before: dict[str, object], after: dict[str, object]) -> Endpoint:
    sides = {"before": msgspec.convert(before, Measured), "after": msgspec.convert(after, Measured)}
    return Endpoint(id="e", label="E", better="lower", **sides)


VISITS = endpoint({"field": "score", "visit": "screening"}, {"field": "score", "visit": "D3"})
FIRST_LAST = endpoint({"field": "score", "record": "first"}, {"field": "score"})
TIMES = endpoint(
    {"field": "score", "visit": "D3", "where": 'time == "Before"'},
    {"field": "score", "visit": "D3", "where": 'time == "After"'},
)
TWO_FIELDS = endpoint({"field": "metres_before"}, {"field": "metres_after"})


@pytest.fixture
def small() -> SmallTrial:
    drawn = 'before = { field = "metres_before" }\nafter = { field = "metres_after" }'
    tables = f'[[analysis.endpoints]]\nid = "e"\nlabel = "E"\nbetter = "higher"\n{drawn}\n'
    trial = SmallTrial(files=files_with(tables))
    enrol(trial, "S1")
    return trial


def found(small: SmallTrial, endpoint: Endpoint) -> tuple[tuple[str, str], ...]:
    """The value, or why there is none, on both sides."""
    sides = measure_sides(small.trial.subjects.get("S1"), endpoint, small.trial.protocol)
    return tuple((str(side.value), side.why) for side in sides)


def test_one_field_at_two_visits(small):
    scan(small, "S1", "screening", "39")
    scan(small, "S1", "D3", "21.5")
    assert found(small, VISITS) == (("39", ""), ("21.5", ""))


def test_nothing_recorded(small):
    assert found(small, VISITS) == (("None", "not recorded"), ("None", "not recorded"))


def test_last_of_several_records_counts_and_the_first_on_request(small):
    for repeat, score in enumerate(("50", "40", "30"), 1):
        scan(small, "S1", "D3", score, repeat=repeat)
    assert found(small, VISITS)[1] == ("30", "")
    assert found(small, FIRST_LAST) == (("50", ""), ("30", ""))


def test_one_record_is_not_compared_with_itself(small):
    scan(small, "S1", "D3", "50")
    assert found(small, FIRST_LAST) == (("50", ""), ("None", SAME_RECORD))


def test_rule_tells_two_records_of_a_visit_apart(small):
    scan(small, "S1", "D3", "50", repeat=1, time="After")
    scan(small, "S1", "D3", "60", repeat=2, time="Before")
    scan(small, "S1", "D3", "70", repeat=3)
    assert found(small, TIMES) == (("60", ""), ("50", ""))


def test_value_entered_as_absent_is_missing_whatever_came_before(small):
    scan(small, "S1", "D3", "50")
    small.act(
        "correct_form",
        form="scan",
        visit="D3",
        values={},
        absent={"score": "NASK"},
        reason="the scan of another subject",
    )
    assert found(small, VISITS)[1] == ("None", "absent: not asked")


def test_correction_is_the_value_and_its_source(small):
    scan(small, "S1", "D3", "50")
    small.act("correct_form", form="scan", visit="D3", values={"score": "51"}, reason="read again")
    _, after = measure_sides(small.trial.subjects.get("S1"), VISITS, small.trial.protocol)
    assert (str(after.value), [event.seq for event in after.sources]) == ("51", [small.trial.seq])


def test_two_fields_come_from_one_record(small):
    for repeat, values in enumerate(({"metres_before": "300", "metres_after": "320"}, {"metres_before": "310"}), 1):
        small.act("record_form", form="walk", visit="D1", values=values, repeat=repeat)
    assert found(small, TWO_FIELDS) == (("310", ""), ("None", "not recorded"))


def test_two_fields_of_one_record_are_compared(small):
    small.act("record_form", form="walk", visit="D1", values={"metres_before": "300", "metres_after": "320"})
    assert found(small, TWO_FIELDS) == (("300", ""), ("320", ""))


def test_score_of_a_charter_has_no_reading_yet(small):
    charter = endpoint({"charter": True, "visit": "screening"}, {"charter": True, "visit": "D3"})
    assert {why for _, why in found(small, charter)} == {"no reading of images is recorded"}
