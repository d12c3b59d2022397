"""A request that is sent twice is done once; a clock set back is written down; authority is asked at the door."""

from datetime import timedelta

import msgspec
import pytest
from tests.support.small_trial import SmallTrial, codes, is_allowed
from tests.support.staffed_trial import StaffedTrial

from firstbreath.events import kinds
from firstbreath.trial.commands import AnyCommand
from firstbreath.trial.door import Door, Request


def request(command: dict[str, object], **about: str) -> Request:
    return Request(command=msgspec.convert(command, AnyCommand), **({"actor": "A. Nurse", "role": "nurse"} | about))


SCREEN = {"act": "open_screening", "subject": "S1"}


def test_request_sent_twice_is_done_once_and_answered_alike():
    small = SmallTrial()
    first, second = (small.door.act(request(SCREEN, id="tab-1")) for _ in range(2))
    assert (first.again, second.again) == (False, True)
    assert second.events == first.events
    assert is_allowed(second.decision)
    assert small.trial.seq == first.trial.seq


def test_refusal_sent_twice_is_written_once():
    small = SmallTrial()
    small.act("open_screening")
    first, second = (small.door.act(request(SCREEN, id="tab-1")) for _ in range(2))
    assert codes(second.decision) == codes(first.decision) == ["SUBJ-003"]
    assert second.again
    assert small.trial.refusals == 1


def test_id_of_another_actor_is_another_request():
    small = SmallTrial()
    small.door.act(request(SCREEN, id="tab-1"))
    other = small.door.act(request(SCREEN, id="tab-1", actor="B. Nurse"))
    assert (other.again, codes(other.decision)) == (False, ["SUBJ-003"])


def test_repeat_is_known_after_a_restart():
    small = SmallTrial()
    first = small.door.act(request(SCREEN, id="tab-1"))
    restarted = Door(small.door.store, small.door.clock)
    again = restarted.act(request(SCREEN, id="tab-1"))
    assert (again.again, again.events) == (True, first.events)


@pytest.mark.part11(7)
def test_clock_set_back_is_written_down_and_events_keep_their_order():
    staffed = StaffedTrial()
    before = staffed.trial.at
    staffed.door.clock.now -= timedelta(hours=1)
    staffed.act("open_screening")
    opened, noted = staffed.last.events
    assert opened.at == noted.at == before
    assert isinstance(noted.body, kinds.ClockSetBack)
    assert noted.body.seconds > 3500
    assert staffed.trial.people.alerts[-1] == noted


@pytest.mark.part11(10)
def test_role_withdrawn_between_two_acts_stops_the_second():
    staffed = StaffedTrial()
    assert is_allowed(staffed.by("nora", SCREEN))
    staffed.by("ada", {"act": "withdraw_role", "account": "nora", "role": "nurse"}, reason="on leave")
    assert codes(staffed.by("nora", SCREEN | {"subject": "S2"})) == ["AUTH-003"]
    assert isinstance(staffed.last.events[0].body, kinds.ActRefused)


def test_whoever_may_not_ask_learns_nothing_of_the_trial():
    staffed = StaffedTrial()
    assert codes(staffed.by("paul", {"act": "enrol_subject", "subject": "S1", "arm": "A"})) == ["AUTH-002"]
    assert codes(staffed.by("nobody", SCREEN, role="nurse")) == ["AUTH-001"]
    assert codes(staffed.by("nora", {"act": "note_lock_out", "account": "ines", "attempts": 5})) == ["AUTH-005"]
    assert codes(staffed.by("nora", SCREEN, role="system")) == ["AUTH-005"]
