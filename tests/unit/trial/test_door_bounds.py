"""Nobody, whatever their role, can fill the log with one request."""

import pytest
from tests.support.small_trial import FILES, SmallTrial, codes, is_allowed
from tests.support.staffed_trial import StaffedTrial

from firstbreath.events.record import encode_event
from firstbreath.trial.commands import AmendProtocol
from firstbreath.trial.door import MAX_RECORD

LONG = "x" * 1_000_000
FIELD = {"form": "demographics", "visit": "screening", "field": "age"}
ALLOWED = (
    ("nora", {"act": "record_deviation", "subject": "S1", "category": "other", "text": LONG}),
    ("nora", {"act": "open_screening", "subject": "S2", "site": LONG}),
    ("dana", {"act": "open_query", "subject": "S1", "text": LONG} | FIELD),
    ("ada", {"act": "record_training", "account": "nora", "topic": LONG}),
)
MANY = {f"field-{number}": "x" for number in range(50_000)}
REFUSED = (
    ("nora", {"act": "record_form", "subject": "S1", "form": LONG, "visit": LONG, "values": {}}),
    ("nora", {"act": "record_form", "subject": "S1", "form": "demographics", "visit": "D1", "values": MANY}),
    ("ines", {"act": "end_participation", "subject": "S1", "how": LONG}),
    ("nora", {"act": "sign_consent", "subject": "S1", "version": LONG, "given_by": LONG, "witnesses": [LONG]}),
)


def written(staffed: SmallTrial) -> int:
    return sum(len(encode_event(event)) for event in staffed.last.events)


@pytest.mark.parametrize(("account", "command"), ALLOWED, ids=lambda each: str(each)[:30])
def test_record_longer_than_anybody_needs_is_refused(account, command):
    staffed = StaffedTrial()
    staffed.enrolled()
    assert codes(staffed.by(account, command)) == ["SAVE-005"]
    assert written(staffed) < 1_000


@pytest.mark.parametrize(("account", "command"), REFUSED, ids=lambda each: str(each)[:30])
def test_refusal_keeps_no_more_of_what_was_sent_than_tells_it_apart(account, command):
    staffed = StaffedTrial()
    staffed.enrolled()
    assert codes(staffed.by(account, command))
    assert written(staffed) < MAX_RECORD


def test_protocol_may_be_as_long_as_it_is():
    small = SmallTrial()
    files = FILES | {"protocol.toml": FILES["protocol.toml"] + "\n# ".join(["", *["remark " * 10] * 5_000])}
    assert is_allowed(small.ask(AmendProtocol(files=files), reason="remarks"))
    assert written(small) > MAX_RECORD
