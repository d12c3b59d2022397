"""Doses: planned, given, missed, interrupted.

The protocol plans the dose days; the log says what became of each.
"""

from tests.support.small_trial import SmallTrial, codes, is_allowed

from firstbreath.events.decisions import Allowed
from firstbreath.events.kinds import DeviationRecorded, DoseGiven
from firstbreath.subjects.doses import doses_of


def statuses(small: SmallTrial) -> list[str]:
    subject = small.trial.subjects.get("S1")
    return [day.status for day in doses_of(subject, small.trial.protocol)]


class TestGiving:
    """A dose is given on its planned day, to an enrolled and consenting subject, behind the gates."""

    def test_every_planned_day_is_listed(self):
        """The planned days of an enrolled subject are known before any dose."""
        assert statuses(SmallTrial().enrolled()) == ["planned", "planned", "planned"]

    def test_given_dose_is_counted(self):
        """A dose is recorded with its number, trial day, amount and unit."""
        small = SmallTrial().enrolled()
        assert small.dose(1) == Allowed((DoseGiven(1, 1, "2.0e8", "vesicles"),))
        assert statuses(small) == ["given", "planned", "planned"]

    def test_skin_test_comes_first(self):
        """Without the skin test that the protocol asks for, it is unknown whether a dose may be given."""
        small = SmallTrial().ready()
        small.enrol()
        assert codes(small.dose(1)) == ["GATE-G2"]
        small.skin_test()
        assert is_allowed(small.dose(1))

    def test_nobody_is_dosed_before_enrolment(self):
        """A subject who is not enrolled has no dose to be given."""
        assert "DOSE-001" in codes(SmallTrial().ready().dose(1))

    def test_same_day_is_not_dosed_twice(self):
        """A second dose on one day is refused."""
        small = SmallTrial().enrolled()
        small.dose(1)
        assert codes(small.dose(1)) == ["DOSE-003"]

    def test_day_outside_the_plan_is_refused(self):
        """A day that is no dose day is refused, naming the dose days."""
        assert "DOSE-002" in codes(SmallTrial().enrolled().dose(4))

    def test_earlier_day_is_accounted_for_first(self):
        """What became of an earlier dose day is recorded before the next is given."""
        small = SmallTrial().enrolled()
        assert codes(small.dose(2)) == ["DOSE-004"]
        assert codes(small.act("miss_dose", day=1)) == ["DOSE-006"]
        small.act("miss_dose", day=1, reason="nebuliser blocked")
        assert is_allowed(small.dose(2))
        assert statuses(small) == ["missed", "given", "planned"]

    def test_interrupted_dose_needs_a_reason(self):
        """A dose that was begun and stopped is recorded as interrupted, with why."""
        small = SmallTrial().enrolled()
        assert codes(small.act("interrupt_dose", day=1, amount="2.0e8", given_ml="2.5")) == ["DOSE-005"]
        assert is_allowed(small.act("interrupt_dose", day=1, amount="2.0e8", given_ml="2.5", reason="cough"))
        assert statuses(small)[0] == "interrupted"

    def test_another_amount_is_recorded_as_a_deviation(self):
        """A dose that departs from the plan is not hidden: it is recorded together with a deviation."""
        small = SmallTrial().enrolled()
        decision = small.dose(1, amount="4.0e8")
        assert isinstance(decision, Allowed)
        assert isinstance(decision.events[1], DeviationRecorded)

    def test_another_volume_is_recorded_as_a_deviation(self):
        """A volume that departs from the plan is a deviation too; one that was not measured is none."""
        small = SmallTrial().enrolled()
        given = {"day": 1, "amount": "2.0e8", "volume_ml": "600"}
        decision = small.act("give_dose", **given)
        assert [event.text for event in decision.events[1:]] == ["Day 1: 600 ml were given, 6 were planned."]
        assert len(small.dose(2).events) == 1

    def test_same_amount_in_another_notation_is_no_deviation(self):
        """Amounts are compared as numbers, not as texts."""
        assert len(SmallTrial().enrolled().dose(1, amount="200000000").events) == 1

    def test_amounts_are_numbers(self):
        """Words, negative numbers and infinities are no amounts."""
        small = SmallTrial().enrolled()
        for wrong in ("", "much", "-1", "0", "Infinity", "NaN", "9e999999", "2_0e7", " 2e8", "٢", "1" * 40):
            assert codes(small.dose(1, amount=wrong)) == ["DOSE-007"]

    def test_who_has_left_is_not_dosed(self):
        """A subject who has left the trial is not dosed."""
        small = SmallTrial().enrolled()
        small.act("end_participation", how="withdrawn")
        assert codes(small.dose(1)) == ["SUBJ-002"]
