"""What is due of a subject, on days and in windows; the clock is an argument."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.small_trial import FILES, PROTOCOL, SmallTrial, codes, is_allowed
from tests.support.staffed_trial import StaffedTrial

from firstbreath.subjects.commands import GiveDose
from firstbreath.trial.commands import AmendProtocol
from firstbreath.trial.due import compute_calendar, compute_due, today_of
from firstbreath.trial.gates import dosing_gate

LATER = """
[[visits]]
id = "after"
label = "After"
day = 5
window = [0, 2]
[[visits]]
id = "late"
label = "Later"
[schedule]
grid = '''
             | screening  D1  D2  D3  after  late
demographics |     X      .   .   .     .     .
inhalation   |     .      X   X   X     .     .
vital_signs  |     .      X   X   X     X     O
review       |     .      .   .   .     X     .
consent      |     X      .   .   .     .     .
'''
"""
LONGER = FILES | {"protocol.toml": PROTOCOL.partition("[schedule]")[0] + LATER}
IN_SHANGHAI = LONGER | {
    "protocol.toml": LONGER["protocol.toml"].replace(
        "subjects_planned", 'time_zones = ["Asia/Shanghai"]\nsubjects_planned'
    )
}


def at(day, hour=12):
    """Noon of a day of January 2026, UTC; the small trial begins on the first."""
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def due(small, now, *states, subject="S1"):
    """The activities and visits that stand in one of these states."""
    found = compute_due(small.trial, small.trial.subjects.get(subject), now)
    return [f"{each.activity} {each.visit}" for each in found if each.state in (states or ("late", "due"))]


def one(small, activity, visit, now=None):
    found = compute_due(small.trial, small.trial.subjects.get("S1"), now or at(1))
    return next(each for each in found if (each.activity, each.visit) == (activity, visit))


@pytest.fixture
def small():
    return SmallTrial(files=LONGER)


def test_screening_asks_for_consent_its_forms_and_eligibility(small):
    small.act("open_screening")
    assert due(small, at(1)) == ["consent screening", "eligibility screening", "demographics screening"]


def test_screening_has_no_end_before_enrolment(small):
    small.act("open_screening")
    assert one(small, "demographics", "screening", at(31)).state == "due"


def test_failed_criterion_asks_for_nothing_but_closing(small):
    small.screen(age="80")
    small.consent()
    assert due(small, at(1)) == ["screen_failure screening"]


def test_whoever_is_ready_is_due_for_enrolment_with_the_reasons_that_stand_against_it(small):
    small.enrolled("S1")
    small.ready("S2")
    found = compute_due(small.trial, small.trial.subjects.get("S2"), at(1))
    enrolment = next(each for each in found if each.activity == "enrolment")
    assert (enrolment.state, [reason.code for reason in enrolment.against]) == ("due", ["GATE-G1"])


def test_day_1_is_planned_for_the_day_after_enrolment(small):
    small.enrolled()
    assert due(small, at(1)) == []
    assert due(small, at(2)) == ["inhalation D1", "vital_signs D1"]


def test_day_1_that_passes_without_an_inhalation_is_late_and_moves_nothing(small):
    small.enrolled()
    assert due(small, at(4), "late") == ["inhalation D1", "vital_signs D1"]
    assert due(small, at(4), "due") == []


def test_day_1_is_the_date_of_the_first_inhalation_whenever_enrolment_was(small):
    small.enrolled()
    small.dose(1)
    assert due(small, at(1)) == ["vital_signs D1"]
    assert due(small, at(2), "due") == ["inhalation D2", "vital_signs D2"]


def test_inhalation_that_has_started_sets_day_1(small):
    small.enrolled()
    small.act("start_inhalation", day=1)
    assert compute_calendar(small.trial.subjects.get("S1"), small.trial.protocol).begun


def test_inhalation_recorded_late_counts_from_when_it_happened(small):
    small.enrolled()
    give = GiveDose(subject="S1", day=1, amount="2.0e8")
    small.ask(give, occurred="2025-12-30T23:30:00+00:00")
    calendar = compute_calendar(small.trial.subjects.get("S1"), small.trial.protocol)
    assert calendar.trial_day(at(1).date()) == 3


def test_missed_dose_is_missed_and_the_next_one_is_due(small):
    small.enrolled()
    small.dose(1)
    small.act("miss_dose", day=2, reason="fever")
    assert due(small, at(2), "missed") == ["inhalation D2"]
    assert "inhalation D3" in due(small, at(3), "due")


def test_dose_after_an_open_one_says_which_comes_first(small):
    small.enrolled()
    small.dose(1)
    assert [reason.code for reason in one(small, "inhalation", "D3", at(3)).against] == ["DOSE-004"]


@pytest.mark.parametrize(("day", "state"), [(4, "ahead"), (5, "due"), (7, "due"), (8, "late")])
def test_window_opens_and_closes_by_its_days(small, day, state):
    small.enrolled()
    small.dose(1)
    assert one(small, "vital_signs", "after", at(day)).state == state


def test_visit_without_a_day_is_never_due(small):
    small.enrolled()
    small.dose(1)
    assert one(small, "vital_signs", "late", at(31)).state == "ahead"


def test_consent_drawn_in_the_grid_is_asked_for_once(small):
    small.act("open_screening")
    assert due(small, at(1)).count("consent screening") == 1


def test_dose_that_a_gate_closes_carries_the_reasons(small):
    small.ready().enrol()
    assert [reason.code for reason in one(small, "inhalation", "D1", at(2)).against] == ["GATE-G2"]


def test_open_dosing_gate_gives_no_reason(small):
    small.enrolled()
    gate = dosing_gate(small.trial, small.trial.subjects.get("S1"))
    assert (gate.open, gate.reasons) == (True, ())


def test_nothing_is_due_after_the_end(small):
    small.enrolled()
    small.act("end_participation", how="discharged")
    assert compute_due(small.trial, small.trial.subjects.get("S1"), at(9)) == ()


def test_withdrawal_from_treatment_leaves_the_forms_and_takes_the_inhalations(small):
    small.enrolled()
    small.dose(1)
    small.act("withdraw_consent", scope="treatment")
    assert due(small, at(2)) == ["vital_signs D1", "vital_signs D2"]


def test_withdrawal_from_all_of_it_leaves_nothing(small):
    small.enrolled()
    small.act("withdraw_consent", scope="data")
    assert compute_due(small.trial, small.trial.subjects.get("S1"), at(2)) == ()


def test_amended_consent_is_late_for_whoever_is_enrolled(small):
    small.enrolled()
    amended = LONGER["protocol.toml"].replace('version = "1.0"', 'version = "2.0"')
    small.ask(AmendProtocol(files=LONGER | {"protocol.toml": amended}), reason="new risk")
    consent = one(small, "consent", "screening")
    assert (consent.state, consent.title) == ("late", "Consent again, on version 2.0")
    assert "CONS-006" in [reason.code for reason in one(small, "inhalation", "D1", at(2)).against]


def test_day_begins_at_midnight_of_the_site():
    small = SmallTrial(files=IN_SHANGHAI)
    assert str(today_of(small.trial.protocol, "", at(1, hour=15))) == "2026-01-01"
    assert str(today_of(small.trial.protocol, "", at(1, hour=16))) == "2026-01-02"
    small.enrolled()
    assert due(small, at(1, hour=15)) == []
    assert due(small, at(1, hour=16)) == ["inhalation D1", "vital_signs D1"]


def test_locked_or_frozen_records_are_due_of_nobody(small):
    small.enrolled()
    small.act("freeze_subject")
    assert due(small, at(2)) == []


def test_no_inhalation_starts_before_its_day_has_come_at_the_site():
    staffed = StaffedTrial().enrolled()
    staffed.dose(1)
    assert codes(staffed.act("start_inhalation", day=2)) == ["DOSE-009"]
    staffed.door.clock.now += timedelta(days=1)
    assert is_allowed(staffed.act("start_inhalation", day=2))
