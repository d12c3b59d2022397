"""What no sequence of acts may lead to: each of these was possible once."""

from datetime import date, timedelta

import pytest
from tests.support.small_trial import codes, is_allowed
from tests.support.staffed_trial import StaffedTrial

from firstbreath.events import kinds
from firstbreath.subjects.commands import RecordDeviation
from firstbreath.subjects.inhalation import session_state, start_of


def enrolled() -> StaffedTrial:
    staffed = StaffedTrial()
    staffed.enrolled()
    return staffed


def test_striking_out_a_start_takes_the_whole_inhalation_with_it():
    staffed = enrolled()
    staffed.act("start_inhalation", day=1)
    started = staffed.trial.seq
    staffed.act("pause_inhalation", day=1, reason="coughing")
    staffed.act("resume_inhalation", day=1)
    staffed.act("strike_entry", corrects=started, reason="wrong patient")
    subject = staffed.trial.subjects.by_code["S1"]
    assert (session_state(subject, 1), start_of(subject, 1)) == ("not started", None)


def test_dose_whose_inhalation_was_started_is_not_missed():
    staffed = enrolled()
    staffed.act("start_inhalation", day=1)
    assert codes(staffed.act("miss_dose", day=1, reason="nausea")) == ["DOSE-010"]


def test_subject_whose_records_are_frozen_is_not_enrolled():
    staffed = StaffedTrial()
    staffed.ready().act("freeze_subject")
    assert codes(staffed.enrol()) == ["FREEZE-005"]


def test_attestation_after_enrolment_that_fails_a_criterion_is_a_deviation():
    staffed = enrolled()
    place = {"form": "demographics", "visit": "screening"}
    staffed.act("correct_form", **place, values={}, absent={"severe_allergy": "UNK"}, reason="it was never asked")
    staffed.act("attest_eligibility", criteria={"E1": True})
    assert [type(event.body) for event in staffed.last.events] == [kinds.EligibilityAttested, kinds.DeviationRecorded]


@pytest.mark.parametrize("day", ["20261231", "2026-W01-1"])
def test_delegation_is_dated_by_dates_that_compare_as_texts(day):
    staffed = StaffedTrial()
    grant = {"act": "grant_role", "account": "nora", "role": "nurse", "ends": day}
    assert codes(staffed.by("ada", grant)) == ["ROLE-006"]
    assert staffed.trial.people.by_id["nora"].roles(date(2027, 6, 1)) == ("nurse",)


DEVIATION = RecordDeviation(subject="S1", category="other", text="late")


def test_time_that_has_not_come_is_no_time_of_an_act():
    staffed = enrolled()
    later = staffed.door.clock.now + timedelta(hours=2)
    with pytest.raises(ValueError, match="lies in the future"):
        staffed.ask(DEVIATION, occurred=later.isoformat())


def test_clock_at_the_bedside_may_be_some_minutes_ahead():
    staffed = enrolled()
    ahead = staffed.door.clock.now + timedelta(minutes=5)
    assert is_allowed(staffed.ask(DEVIATION, occurred=ahead.isoformat()))
