"""Safety: adverse events, the clocks of serious ones, and the review that opens the gate"""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.small_trial import codes, is_allowed
from tests.support.staffed_trial import StaffedTrial

from firstbreath.safety.clocks import compute_clocks, facts_of
from firstbreath.trial.gates import enrolment_gate
from firstbreath.trial.packet import compute_packet

SERIOUS = {
    "act": "report_adverse_event",
    "subject": "S1",
    "term": "Wheeze",
    "onset": "2026-01-01T08:00+00:00",
    "aware": "2026-01-01T08:10+00:00",
    "serious": ["hospitalisation"],
}


@pytest.fixture
def trial() -> StaffedTrial:
    return StaffedTrial().enrolled("S1")


def clocks(trial, number=1):
    versions = trial.trial.safety.adverse[("S1", number)]
    forwarded = trial.trial.safety.forwarded.get(("S1", number), ())
    return compute_clocks(versions, forwarded, zone=UTC)


def vote(trial, who, says="continue", packet=1, conflict="none", comment="read"):
    asked = {"act": "cast_vote", "packet": packet, "recommendation": says, "conflict": conflict, "comment": comment}
    return trial.by(who, asked)


def freeze(trial, *subjects):
    return trial.by("sven", {"act": "freeze_packet", "subjects": list(subjects or ("S1",))})


def test_nurse_reports_and_only_the_investigator_revises(trial):
    assert is_allowed(trial.by("nora", SERIOUS))
    revised = SERIOUS | {"act": "revise_adverse_event", "number": 1, "grade": 2}
    assert codes(trial.by("nora", revised, reason="worse")) == ["AUTH-002"]
    assert is_allowed(trial.by("ines", revised, reason="worse"))


def test_clock_is_told_in_utc_whatever_zone_the_site_wrote_in(trial):
    from firstbreath.web.pages.words import render_time

    trial.by("nora", SERIOUS | {"aware": "2026-01-01T16:10+08:00"})
    (clock,) = (one for one in clocks(trial) if one.to == "sponsor")
    assert render_time(clock.due) == "2026-01-02 08:10:00 UTC"


def test_relation_and_expectedness_are_the_investigators_judgement(trial):
    judged = SERIOUS | {"related_product": "possible"}
    assert codes(trial.by("nora", judged)) == ["AE-014"]
    assert codes(trial.by("nora", SERIOUS | {"expected": False})) == ["AE-014"]
    assert is_allowed(trial.by("ines", judged))


def test_event_cannot_end_before_it_began_nor_lie_in_the_future(trial):
    assert codes(trial.by("nora", SERIOUS | {"ended": "2026-01-01T07:00+00:00"})) == ["AE-011"]
    assert codes(trial.by("nora", SERIOUS | {"onset": "2031-01-01"})) == ["AE-012"]


def test_serious_event_is_due_at_the_sponsor_24_hours_after_the_site_became_aware(trial):
    trial.by("ines", SERIOUS | {"expected": True})
    (clock,) = clocks(trial)
    assert (clock.to, clock.due) == ("sponsor", datetime(2026, 1, 2, 8, 10, tzinfo=UTC))
    assert clock.words(datetime(2026, 1, 2, 5, 0, tzinfo=UTC)) == "3 h 10 min left"
    assert clock.state(datetime(2026, 1, 2, 8, 11, tzinfo=UTC)) == "overdue"
    assert clock.words(datetime(2026, 1, 4, 9, 10, tzinfo=UTC)) == "2 d 1 h overdue"


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ({"serious": ["hospitalisation"], "related_product": "possible", "expected": False}, [15]),
        ({"serious": ["life-threatening"], "related_product": "possible", "expected": False}, [7, 15]),
        ({"serious": ["death"], "grade": 5, "outcome": "fatal", "expected": False,
          "related_nebulisation": "definite"}, [7, 15]),
        ({"related_product": "possible", "expected": True}, []),
        ({"related_product": "unlikely", "related_nebulisation": "not related", "expected": False}, []),
        ({"expected": False}, [15]),
        ({"related_product": "possible"}, [15]),
    ],
)  # fmt: skip
def test_suspected_and_unexpected_ones_are_due_at_the_authority_in_7_or_15_days(trial, facts, days):
    """What is not judged yet counts to the worse side."""
    trial.by("ines", SERIOUS | facts)
    aware = datetime(2026, 1, 1, 8, 10, tzinfo=UTC)
    due = [clock.due for clock in clocks(trial) if clock.to == "authority"]
    assert due == [aware + timedelta(days=n) for n in days]


def test_sending_it_on_stops_the_clock_of_that_recipient_only(trial):
    trial.by("nora", SERIOUS)
    trial.by("ines", {"act": "forward_serious_event", "subject": "S1", "number": 1, "to": "sponsor"})
    now = datetime(2026, 2, 1, tzinfo=UTC)
    assert [(clock.to, clock.state(now)) for clock in clocks(trial)] == [("sponsor", "sent"), ("authority", "overdue")]


def test_gate_stays_shut_until_every_member_has_voted_and_the_review_says_continue(trial):
    freeze(trial)
    assert enrolment_gate(trial.trial).open is False
    vote(trial, "sven")
    assert enrolment_gate(trial.trial).open is False
    vote(trial, "sara")
    assert enrolment_gate(trial.trial).open is True


def test_most_cautious_vote_is_the_groups(trial):
    freeze(trial)
    vote(trial, "sven", "continue")
    vote(trial, "sara", "hold")
    assert trial.trial.safety.standing == "hold"
    assert enrolment_gate(trial.trial).open is False


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"conflict": " "}, "VOTE-005"), ({"says": "hold", "comment": ""}, "VOTE-006"), ({"packet": 9}, "VOTE-001")],
)
def test_vote_states_conflict_and_reason(trial, changes, code):
    freeze(trial)
    assert codes(vote(trial, "sven", **changes)) == [code]


def test_vote_stands_and_is_cast_once(trial):
    freeze(trial)
    vote(trial, "sven")
    assert codes(vote(trial, "sven", "stop")) == ["VOTE-004"]


@pytest.mark.part11(9)
def test_only_a_member_votes(trial):
    freeze(trial)
    assert codes(vote(trial, "ines")) == ["AUTH-002"]


def test_member_whose_role_ended_is_no_longer_waited_for(trial):
    freeze(trial)
    trial.by("ada", {"act": "withdraw_role", "account": "sara", "role": "safety_group"}, reason="left")
    vote(trial, "sven")
    assert trial.trial.safety.standing == "continue"


def test_packet_that_waits_for_nobody_any_more_is_concluded(trial):
    freeze(trial)
    vote(trial, "sven")
    assert codes(trial.by("sven", {"act": "conclude_packet", "packet": 1})) == ["VOTE-008"]
    trial.by("ada", {"act": "withdraw_role", "account": "sara", "role": "safety_group"}, reason="left")
    assert enrolment_gate(trial.trial).open is False
    assert is_allowed(trial.by("sven", {"act": "conclude_packet", "packet": 1}))
    assert enrolment_gate(trial.trial).open is True


def test_packet_on_which_nobody_recommends_anything_holds(trial):
    freeze(trial)
    vote(trial, "sven", "", comment="I treat a patient", conflict="treats")
    vote(trial, "sara", "", comment="I hold shares", conflict="shares")
    assert trial.trial.safety.standing == "hold"


def test_packet_lists_what_came_in_late_after_the_one_before(trial):
    freeze(trial)
    vote(trial, "sven")
    vote(trial, "sara")
    values = {"spo2": "91"}
    trial.by("nora", {"act": "record_form", "subject": "S1", "form": "vital_signs", "visit": "D1", "values": values},
             occurred="2026-01-01T08:01+00:00")  # fmt: skip
    freeze(trial)
    packets, history = trial.trial.safety.packets, trial.door.history
    up_to = packets[2].body.up_to
    content = compute_packet(history.as_of(up_to), history.events[:up_to], packets[2], last=packets[1])
    assert [late.event.kind for late in content.late] == ["form_recorded"]
    assert ("form_recorded", 1) in content.news


def test_revision_names_only_what_changed_since_it_was_sent(trial):
    from firstbreath.safety.clocks import changes_since_sent

    trial.by("nora", SERIOUS)
    trial.by("ines", {"act": "forward_serious_event", "subject": "S1", "number": 1, "to": "sponsor"})
    revised = SERIOUS | {"act": "revise_adverse_event", "number": 1, "outcome": "recovered"}
    trial.by("ines", revised, reason="over")
    versions, sent = trial.trial.safety.adverse[("S1", 1)], trial.trial.safety.forwarded[("S1", 1)]
    assert [(c.fact, c.after) for c in changes_since_sent(versions, sent, to="sponsor")] == [("outcome", "recovered")]
    assert facts_of(versions[0]).outcome == ""


def test_packet_shows_what_happened_during_each_inhalation(trial):
    """What left the cup, why it was interrupted, and what was seen stand beside the dose."""
    trial.act("start_inhalation", day=1, volume_ml="6")
    trial.act("pause_inhalation", day=1, reason="cough")
    trial.by(
        "nora",
        {"act": "interrupt_dose", "subject": "S1", "day": 1, "amount": "2.0e8", "given_ml": "2"},
        reason="SpO2 87",
    )
    freeze(trial)
    packets, history = trial.trial.safety.packets, trial.door.history
    content = compute_packet(history.as_of(packets[1].body.up_to), history.events, packets[1], last=None)
    first = content.subjects[0].exposure[0]
    assert (first.dose.status, str(first.delivered.volume_ml)) == ("interrupted", "2")
    assert [pause.reason for pause in first.pauses] == ["cough"]
