"""Enrolment, one subject at a time.

A subject enters the trial through a gate. The gate looks at eligibility, consent, the arm, and the
safety group's reviews of the subjects before.
"""

import pytest
from tests.support.small_trial import SmallTrial, codes, is_allowed

from firstbreath.events.decisions import Allowed, Refused, Unknown
from firstbreath.events.kinds import ActRefused, SubjectEnrolled
from firstbreath.subjects.commands import OpenScreening
from firstbreath.subjects.eligibility import assess_eligibility
from firstbreath.trial.commands import AmendProtocol
from firstbreath.trial.gates import enrolment_gate


class TestEligibility:
    """Each criterion is met, not met or unknown, and the value that decided it is shown."""

    def test_eligible_and_consenting_subject_is_enrolled(self):
        """A subject whose every criterion is known and lets them in is enrolled as the next number."""
        small = SmallTrial().ready()
        assert small.enrol() == Allowed((SubjectEnrolled("A", 1),))

    def test_failed_criterion_refuses_and_names_the_value(self):
        """A criterion that fails refuses enrolment, naming the criterion and the value against it."""
        small = SmallTrial()
        small.screen(age="76")
        small.consent()
        decision = small.enrol()
        assert isinstance(decision, Refused)
        assert decision.reasons[0].code == "ELIG-I1"
        assert "Age: 76 years" in decision.reasons[0].text

    def test_exclusion_that_applies_refuses(self):
        """An exclusion criterion whose statement is true refuses enrolment."""
        small = SmallTrial()
        small.screen(allergy="yes")
        small.consent()
        assert codes(small.enrol()) == ["ELIG-E1"]

    def test_missing_value_is_unknown_and_does_not_pass(self):
        """What is missing makes a criterion unknown, and unknown does not open the gate."""
        small = SmallTrial()
        small.act("open_screening")
        small.consent()
        decision = small.enrol()
        assert isinstance(decision, Unknown)
        assert codes(decision) == ["ELIG-I1", "ELIG-E1"]
        assert "Age" in decision.missing[0].text

    def test_attestation_stands_where_values_leave_it_open(self):
        """The investigator's attestation decides a judged criterion that has no values."""
        small = SmallTrial()
        small.act("open_screening")
        small.act("record_form", form="demographics", visit="screening", values={"age": "50"})
        small.consent()
        assert not is_allowed(small.enrol())
        small.act("attest_eligibility", criteria={"E1": False})
        assert is_allowed(small.enrol())

    def test_values_decide_before_judgement(self):
        """An attestation never overrules a recorded value."""
        small = SmallTrial()
        small.screen(allergy="yes")
        small.consent()
        small.act("attest_eligibility", criteria={"E1": False})
        assert codes(small.enrol()) == ["ELIG-E1"]

    def test_only_judged_criteria_can_be_attested(self):
        """A criterion that the protocol does not leave to judgement cannot be attested."""
        small = SmallTrial()
        small.act("open_screening")
        assert codes(small.act("attest_eligibility", criteria={"I1": True})) == ["ELIG-001"]

    def test_correction_changes_the_assessment(self):
        """A corrected value decides from then on; the first value stays in the log."""
        small = SmallTrial()
        small.screen(age="80")
        small.consent()
        assert codes(small.enrol()) == ["ELIG-I1"]
        wrong = {"form": "demographics", "visit": "screening", "values": {"age": "60"}}
        small.act("correct_form", reason="typed 80 for 60", **wrong)
        assert is_allowed(small.enrol())

    def test_what_is_recorded_outside_the_schedule_counts_before_enrolment(self):
        """An exclusion that is recorded unscheduled before enrolment decides, as one at screening does."""
        small = SmallTrial().ready()
        values = {"age": "50", "severe_allergy": "yes"}
        small.act("record_form", form="demographics", visit="unscheduled", values=values)
        assert codes(small.enrol()) == ["ELIG-E1"]

    def test_dose_day_values_do_not_decide_eligibility(self):
        """What is recorded at a dosing visit is no screening value."""
        small = SmallTrial()
        small.act("open_screening")
        small.act("record_form", form="demographics", visit="D1", values={"age": "50", "severe_allergy": "no"})
        small.consent()
        assert codes(small.enrol()) == ["ELIG-I1", "ELIG-E1"]

    def test_latest_attestation_stands(self):
        """A later attestation of a criterion replaces the earlier one."""
        small = SmallTrial()
        small.act("open_screening")
        small.act("record_form", form="demographics", visit="screening", values={"age": "50"})
        small.consent()
        small.act("attest_eligibility", criteria={"E1": False})
        small.act("attest_eligibility", criteria={"E1": True})
        assert codes(small.enrol()) == ["ELIG-E1"]

    def test_attestation_answers_the_words_it_was_asked(self):
        """When an amendment rewrites a criterion, an attestation of the old words no longer stands."""
        from tests.support.small_trial import FILES

        small = SmallTrial()
        small.act("open_screening")
        small.act("record_form", form="demographics", visit="screening", values={"age": "50"})
        small.consent()
        small.act("attest_eligibility", criteria={"E1": False})
        text = FILES["protocol.toml"].replace('text = "Severe allergy."', 'text = "Any cancer, ever."')
        small.ask(AmendProtocol(files=FILES | {"protocol.toml": text}), reason="another risk")
        assert codes(small.enrol()) == ["ELIG-E1"]

    def test_rule_of_an_enrolment_gate_holds(self):
        """A gate with a rule over the subject's values guards enrolment too."""
        from tests.support.small_trial import FILES

        text = FILES["protocol.toml"].replace('guards = "give_dose"', 'guards = "enrol_subject"')
        small = SmallTrial(files=FILES | {"protocol.toml": text}).ready()
        assert codes(small.enrol()) == ["GATE-G2"]
        small.skin_test()
        assert is_allowed(small.enrol())

    def test_nobody_is_enrolled_twice_or_after_leaving(self):
        """A subject who is enrolled, or has left the trial, is not enrolled again."""
        small = SmallTrial().ready()
        small.enrol()
        small.review()
        assert codes(small.enrol()) == ["GATE-004"]
        small.ready("S2").act("end_participation", "S2", how="screen_failure")
        assert codes(small.enrol("S2")) == ["SUBJ-001"]


class TestConsent:
    """Consent is on the version in force, by someone who may give it, before two witnesses."""

    def test_no_consent_no_enrolment(self):
        """A subject without consent is not enrolled."""
        small = SmallTrial()
        small.screen()
        assert codes(small.enrol()) == ["CONS-005"]

    def test_two_different_witnesses_sign(self):
        """The same person cannot witness twice."""
        small = SmallTrial()
        small.screen()
        assert codes(small.consent(witnesses=("W1", "W1 "))) == ["CONS-003"]

    def test_consent_on_another_version_is_refused(self):
        """Consent on a version that is not in force is refused."""
        small = SmallTrial()
        small.screen()
        assert codes(small.consent(version="0.9")) == ["CONS-001"]

    def test_someone_else_may_not_consent(self):
        """Only those whom the protocol names may give consent."""
        small = SmallTrial()
        small.screen()
        assert codes(small.consent(given_by="neighbour")) == ["CONS-002"]

    def test_withdrawn_consent_closes_the_gates(self):
        """After withdrawal the subject is neither enrolled nor dosed."""
        small = SmallTrial().enrolled()
        small.act("withdraw_consent")
        assert codes(small.dose(1)) == ["CONS-007"]
        small.ready("S2")
        small.act("withdraw_consent", "S2")
        small.review()
        assert codes(small.enrol("S2")) == ["CONS-007"]


class TestReviewGate:
    """The next subject waits until the safety group has reviewed the one before."""

    def test_second_subject_waits_for_the_review_of_the_first(self):
        """Enrolling a second subject before the review of the first is refused, and the refusal is an event."""
        small = SmallTrial().enrolled("S1").ready("S2")
        decision = small.enrol("S2")
        assert codes(decision) == ["GATE-G1"]
        assert "S1" in decision.reasons[0].text
        refusal = small.last.events[0]
        assert isinstance(refusal.body, ActRefused)
        assert refusal.body.act == "enrol_subject"
        assert small.trial.refusals == 1

    def test_review_that_says_continue_opens_the_gate(self):
        """A recorded review that recommends continuing opens the gate."""
        small = SmallTrial().enrolled("S1").ready("S2")
        small.review("S1")
        assert is_allowed(small.enrol("S2"))

    def test_hold_closes_enrolment_and_dosing(self):
        """A hold, stop or alteration stands for the whole trial until a later review says continue."""
        for word in ("hold", "stop", "alter"):
            small = SmallTrial().enrolled("S1").ready("S2")
            small.review("S1", says=word)
            assert "GATE-002" in codes(small.enrol("S2"))
            assert codes(small.dose(1)) == ["GATE-002", "GATE-006"]
            small.review("S1")
            assert is_allowed(small.enrol("S2"))
            assert is_allowed(small.dose(1))

    def test_stop_on_one_subject_is_not_lifted_by_another_review(self):
        """A stop on a subject stands for that subject until a later review of the same subject says continue."""
        small = SmallTrial(files=_files_with_groups("[2]")).enrolled("S1").enrolled("S2")
        small.review("S1", says="stop")
        small.review("S2")
        assert codes(small.dose(1, "S1")) == ["GATE-006"]
        assert is_allowed(small.dose(1, "S2"))
        small.review("S1")
        assert is_allowed(small.dose(1, "S1"))

    def test_review_names_enrolled_subjects_and_a_place_in_the_log(self):
        """A review is of enrolled subjects, up to an event that exists."""
        small = SmallTrial().ready("S1")
        assert codes(small.review("S1")) == ["REVIEW-001"]
        small.enrol("S1")
        review = {"subjects": ("S1",), "recommendation": "continue", "up_to": 999}
        assert codes(small.act("record_review", **review)) == ["REVIEW-003"]

    def test_groups_of_several_are_reviewed_together(self):
        """Where the protocol reviews groups, a whole group enrols before its review is waited for."""
        files = dict(_files_with_groups("[2, 1]"))
        small = SmallTrial(files=files)
        for code in ("S1", "S2"):
            small.ready(code)
            assert is_allowed(small.enrol(code))
        small.ready("S3")
        assert codes(small.enrol("S3")) == ["GATE-G1"]
        small.review("S1")
        assert codes(small.enrol("S3")) == ["GATE-G1"]
        small.review("S2")
        assert is_allowed(small.enrol("S3"))

    def test_trial_takes_no_more_than_planned(self):
        """Enrolment closes when the planned number is reached."""
        small = SmallTrial()
        for code in ("S1", "S2", "S3", "S4"):
            small.ready(code)
            assert is_allowed(small.enrol(code))
            small.review(code)
        small.ready("S5")
        assert codes(small.enrol("S5")) == ["GATE-003"]

    def test_gate_can_be_read_at_any_time(self):
        """The gate says open or closed with its reasons, without anybody trying it."""
        small = SmallTrial()
        assert enrolment_gate(small.trial).word == "open"
        small.enrolled("S1")
        gate = enrolment_gate(small.trial)
        assert (gate.word, [reason.code for reason in gate.reasons]) == ("closed", ["GATE-G1"])


def _files_with_groups(groups: str) -> dict[str, str]:
    from tests.support.small_trial import FILES

    return FILES | {"protocol.toml": FILES["protocol.toml"].replace("groups = [1]", f"groups = {groups}")}


class TestAfterEnrolment:
    """What was decided stays decided by the protocol it was decided under."""

    def test_amendment_does_not_judge_enrolled_subjects_again(self):
        """A subject enrolled under one protocol is not assessed by the next one's criteria."""
        from tests.support.small_trial import FILES

        small = SmallTrial().enrolled("S1")
        amended = FILES | {"protocol.toml": FILES["protocol.toml"].replace("18 <= age <= 75", "18 <= age <= 40")}
        small.ask(AmendProtocol(files=amended), reason="younger patients")
        subject = small.trial.subjects.get("S1")
        found = assess_eligibility(subject, small.trial.protocol_for(subject))
        assert [assessment.passes for assessment in found] == [True, True]

    def test_review_must_have_seen_the_enrolment(self):
        """A review of the log as it stood before a subject's enrolment says nothing of that subject."""
        small = SmallTrial().enrolled("S1")
        review = {"subjects": ("S1",), "recommendation": "continue", "up_to": 1}
        assert codes(small.act("record_review", **review)) == ["REVIEW-004"]
        assert enrolment_gate(small.trial).word == "closed"

    def test_correction_that_fails_a_criterion_is_a_deviation(self):
        """When a correction shows that an enrolled subject failed a criterion, that is recorded as a deviation."""
        small = SmallTrial().enrolled("S1")
        changed = {"form": "demographics", "visit": "screening", "values": {"age": "85"}}
        decision = small.act("correct_form", "S1", reason="misread", **changed)
        assert decision.events[1].category == "eligibility"
        assert "Age: 85 years" in decision.events[1].text
        again = small.act("correct_form", "S1", reason="still", **(changed | {"values": {"age": "86"}}))
        assert len(again.events) == 1

    def test_amendment_keeps_what_subjects_live_by(self):
        """An amendment neither drops an arm that has subjects nor changes the unit of recorded values."""
        from tests.support.small_trial import FILES

        small = SmallTrial().enrolled("S1")
        arm = FILES["protocol.toml"].replace('id = "A"', 'id = "B"')
        assert codes(small.ask(AmendProtocol(files=FILES | {"protocol.toml": arm}), reason="x")) == ["TRIAL-006"]
        unit = FILES["forms.toml"].replace('unit = "years"', 'unit = "months"')
        assert codes(small.ask(AmendProtocol(files=FILES | {"forms.toml": unit}), reason="x")) == ["TRIAL-007"]

    def test_consent_can_be_withdrawn_after_the_end(self):
        """Who has left the trial can still withdraw consent; an enrolled subject is no screen failure."""
        small = SmallTrial().enrolled("S1")
        assert codes(small.act("end_participation", how="screen_failure")) == ["SUBJ-006"]
        small.act("end_participation", how="completed")
        assert is_allowed(small.act("withdraw_consent", scope="data"))
        assert codes(small.act("withdraw_consent", scope="data")) == ["CONS-004"]


class TestPrivacy:
    """A name never enters the log by way of a refusal."""

    def test_text_that_is_no_code_is_not_kept(self):
        """What was given instead of a subject code is neither in the refusal nor beside it."""
        small = SmallTrial()
        for act in ("open_screening", "enrol_subject", "withdraw_consent"):
            arguments = {"arm": "A"} if act == "enrol_subject" else {}
            small.act(act, "John Smith", **arguments)
            assert "Smith" not in repr(small.last.events)
            assert small.last.events[0].subject == ""

    def test_somebody_must_be_named(self):
        """An act without an actor or a role is not taken at all."""
        small = SmallTrial()
        with pytest.raises(ValueError, match="somebody"):
            small.ask(OpenScreening(subject="S1"), actor=" ")
