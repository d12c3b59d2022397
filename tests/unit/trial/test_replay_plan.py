"""A replay plan: what it names must be there, and nothing is added on the way."""

import pytest
from tests.support.small_trial import FILES

from firstbreath.protocol import parse_protocol
from firstbreath.trial.replay import check_plan, compute_requests, parse_plan
from firstbreath.trial.tables import parse_csv

PLAN = """
actor = "transcriber"
role = "data manager"
clock = 2022-05-26T00:00:00Z
stamp = "REPLAY"
subjects = { file = "t.csv", column = "subject" }
[[phases]]
id = "only"
[[phases.steps]]
act = "open_screening"
source = "the text"
[[phases.steps]]
act = "record_form"
rows = "t.csv"
form = "demographics"
visit = "screening"
values = { age = "{age}", severe_allergy = "{allergy}" }
absent = { "N/A" = "NI" }
[[phases]]
id = "later"
[[phases.steps]]
act = "record_review"
with = { recommendation = "continue", up_to = 1 }
source = "the text"
"""
TABLE = "subject,age,allergy,place\nS1,34,N/A,Table 1\nS2,51,no,Table 2\n"


def requests(plan_text=PLAN, table=TABLE):
    plan, findings = parse_plan(plan_text, "replay.toml")
    assert findings == ()
    tables = {"t.csv": parse_csv(table, "t.csv")[0]}
    assert check_plan(plan, tables) == ()
    protocol, _ = parse_protocol(FILES)
    return list(compute_requests(plan, tables, protocol=protocol, files=FILES))


def test_each_phase_goes_through_all_subjects():
    done = [(type(request.command).__name__, getattr(request.command, "subject", "")) for request in requests()]
    assert done == [
        ("AdoptProtocol", ""),
        ("OpenScreening", "S1"),
        ("RecordForm", "S1"),
        ("OpenScreening", "S2"),
        ("RecordForm", "S2"),
        ("RecordReview", ""),
        ("RecordReview", ""),
    ]


def test_printed_absence_becomes_a_null_flavour_and_place_the_source():
    form = requests()[2]
    assert form.command.values == {"age": "34"}
    assert form.command.absent == {"severe_allergy": "NI"}
    assert form.source == "Table 1"


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("{age}", "{aeg}", "aeg"),
        ('rows = "t.csv"', 'rows = "u.csv"', "subject"),
        ('column = "subject"', 'column = "id"', "id"),
    ],
)
def test_missing_files_and_columns_are_found(old, new, column):
    plan, _ = parse_plan(PLAN.replace(old, new), "replay.toml")
    found = check_plan(plan, {"t.csv": parse_csv(TABLE, "t.csv")[0]})
    assert f"no column '{column}'" in found[0].what


@pytest.mark.parametrize(
    "text", ["", "actor = ", PLAN.replace("stamp", "stmp"), PLAN.replace("[[phases]]", "[[phase]]")]
)
def test_broken_plan_is_told(text):
    plan, findings = parse_plan(text, "replay.toml")
    assert (plan, findings[0].code) == (None, "REPLAY-001")


def test_step_that_is_no_command_is_told():
    with pytest.raises(ValueError, match="fly_away"):
        requests(PLAN.replace("open_screening", "fly_away"))


def test_templates_reach_nothing_but_columns():
    text = PLAN.replace('source = "the text"', 'source = "{subject.__class__} {0} {age!r}"', 1)
    assert requests(text)[1].source == "{subject.__class__} {0} {age!r}"
