"""Forms: what is recorded, how it is corrected, and why a value is absent."""

import pytest
from tests.support.small_trial import SmallTrial, codes, is_allowed

from firstbreath.subjects.forms import entered_fields


def demographics(small: SmallTrial):
    versions = small.trial.subjects.get("S1").forms["demographics", "screening", 1]
    return entered_fields(("demographics", "screening", 1), versions)


class TestRecording:
    """A form is checked against the protocol before it is written, and every finding is shown at once."""

    def test_all_findings_at_once(self):
        """Unknown fields, impossible values and missing required ones are told together."""
        small = SmallTrial()
        small.act("open_screening")
        values = {"agee": "50", "severe_allergy": "maybe"}
        decision = small.act("record_form", form="demographics", visit="screening", values=values)
        assert codes(decision) == ["FORM-001", "FORM-002", "FORM-009"]
        assert 'Did you mean "age"?' in decision.reasons[0].fix

    @pytest.mark.parametrize("entry", ["121", "-1", "fifty", "50.5", "1e400", "NaN", "5" * 40])
    def test_impossible_values_are_refused(self, entry):
        """A value outside what is possible is refused, naming value and limit."""
        small = SmallTrial()
        small.act("open_screening")
        arguments = {"form": "demographics", "visit": "screening", "values": {"age": entry}}
        assert codes(small.act("record_form", **arguments)) == ["FORM-002"]

    def test_absent_value_says_why(self):
        """A required value may be absent for a stated reason (an HL7 null flavour), and stays unknown."""
        small = SmallTrial()
        small.act("open_screening")
        arguments = {"form": "demographics", "visit": "screening", "values": {}, "absent": {"age": "ASKU"}}
        assert is_allowed(small.act("record_form", **arguments))
        assert demographics(small)["age"].absent == "ASKU"
        small.consent()
        assert "ELIG-I1" in codes(small.enrol())

    def test_form_is_recorded_once(self):
        """A second record of a form that does not repeat is refused."""
        small = SmallTrial()
        small.screen()
        arguments = {"form": "demographics", "visit": "screening", "values": {"age": "51"}}
        assert codes(small.act("record_form", **arguments)) == ["FORM-007"]

    def test_repeating_form_has_many_records(self):
        """A repeating form is recorded again under the next number."""
        small = SmallTrial()
        small.act("open_screening")
        for repeat in (1, 2):
            arguments = {"form": "vital_signs", "visit": "D1", "values": {"spo2": "95"}, "repeat": repeat}
            assert is_allowed(small.act("record_form", **arguments))

    def test_unknown_subject_form_and_visit(self):
        """What the protocol or the log does not know is refused."""
        small = SmallTrial()
        assert codes(small.act("record_form", "S9", form="demographics", visit="screening", values={})) == ["SUBJ-001"]
        small.act("open_screening")
        assert codes(small.act("record_form", form="moods", visit="screening", values={})) == ["FORM-005"]
        arguments = {"form": "vital_signs", "visit": "D9", "values": {"spo2": "95"}}
        assert codes(small.act("record_form", **arguments)) == ["FORM-006"]

    @pytest.mark.parametrize("code", ["", "Jane Roe", "1" * 21, "S/1", "../S1", "<b>"])
    def test_subject_codes_are_codes(self, code):
        """A subject code is letters, digits and hyphens: never a name."""
        assert codes(SmallTrial().act("open_screening", code)) == ["SUBJ-004"]


class TestCorrecting:
    """Nothing is edited: a correction is a new event that names what it corrects, and why."""

    def test_correction_needs_a_reason(self):
        """A correction without a reason is refused."""
        small = SmallTrial()
        small.screen()
        arguments = {"form": "demographics", "visit": "screening", "values": {"age": "51"}}
        assert codes(small.act("correct_form", **arguments)) == ["FORM-011"]

    def test_old_value_stays_visible(self):
        """After a correction the new value stands, and the old one is still in the record."""
        small = SmallTrial()
        small.screen(age="80")
        first = small.trial.seq
        small.act("correct_form", form="demographics", visit="screening", values={"age": "60"}, reason="misread")
        versions = small.trial.subjects.get("S1").forms["demographics", "screening", 1]
        assert [event.body.values.get("age") for event in versions] == ["80", "60"]
        assert versions[1].body.corrects == first
        assert versions[1].reason == "misread"
        assert demographics(small)["age"].entry == "60"

    def test_uncorrected_fields_stay(self):
        """A correction changes only the fields it names."""
        small = SmallTrial()
        small.screen(age="80", allergy="no")
        small.act("correct_form", form="demographics", visit="screening", values={"age": "60"}, reason="misread")
        assert demographics(small)["severe_allergy"].entry == "no"

    def test_value_can_be_corrected_to_absent(self):
        """A value that should not be there is corrected to absent, with the reason for absence."""
        small = SmallTrial()
        small.screen()
        arguments = {"form": "demographics", "visit": "screening", "values": {}, "absent": {"age": "UNK"}}
        assert is_allowed(small.act("correct_form", reason="of another person", **arguments))
        assert demographics(small)["age"].absent == "UNK"
