"""Dose steps: the second shipped trial, in healthy volunteers, runs through the same rooms with nothing hard-wired.

MEXVT (NCT04313647) gave single doses in five steps to groups of three and six volunteers.
"""

import pytest
from tests.support.small_trial import SmallTrial, codes, is_allowed

from firstbreath.cli.files import read_protocol_files, shipped_study

STEPS = [("X1", 3, "2e8"), ("X2", 3, "4e8"), ("X4", 6, "8e8"), ("X6", 6, "12e8"), ("X8", 6, "16e8")]


class Volunteers(SmallTrial):
    """MEXVT, begun."""

    def __init__(self):
        super().__init__(files=read_protocol_files(shipped_study("mexvt")))

    def ready(self, subject="V1", *, age="30"):
        self.act("open_screening", subject)
        body = {"age": age, "sex": "Male", "height": "180", "weight": "70", "weight_deviation": "0"}
        health = {"organ_tests_normal": "yes", "organ_disease": "no", "allergies": "0"}
        self.act("record_form", subject, form="demographics", visit="screening", values=body)
        self.act("record_form", subject, form="health", visit="screening", values=health)
        self.consent(subject, version="as approved", given_by="volunteer")
        return self

    def enrol(self, subject="V1", arm="X1"):
        return self.act("enrol_subject", subject, arm=arm)


class TestSteps:
    """Arms are filled in the order of the protocol; each group is reviewed before the next step begins."""

    def test_whole_trial_step_by_step(self):
        """Twenty-four volunteers enter, five steps, each after the review of the one before."""
        trial = Volunteers()
        number = 0
        for arm, size, amount in STEPS:
            group = [f"V{number + n}" for n in range(1, size + 1)]
            for code in group:
                trial.ready(code)
                assert is_allowed(trial.enrol(code, arm))
                assert is_allowed(trial.dose(1, code, amount=amount))
            number += size
            trial.ready("V99") if number < 24 and "V99" not in trial.trial.subjects.by_code else None
            if number < 24:
                assert "GATE-G1" in codes(trial.enrol("V99", arm))
            trial.review(*group)
        assert len(trial.trial.subjects.enrolled) == 24
        assert not any(subject.deviations for subject in trial.trial.subjects.all())

    def test_next_step_waits_for_the_arm_before(self):
        """Nobody enters a higher step while the one before is not full."""
        assert codes(Volunteers().ready("V1").enrol("V1", "X2")) == ["ARM-003"]

    def test_higher_dose_than_the_step_is_a_deviation(self):
        """A volunteer of the first step given the dose of the second is recorded with a deviation."""
        trial = Volunteers().ready("V1")
        trial.enrol("V1")
        assert len(trial.dose(1, "V1", amount="4e8").events) == 2

    @pytest.mark.parametrize("age", ["18", "46"])
    def test_age_limits_are_its_own(self, age):
        """The age limits are those of this trial, 19 to 45 years."""
        assert codes(Volunteers().ready("V1", age=age).enrol("V1")) == ["ELIG-I1"]
