"""Data management: checks, queries, verification, signatures, locks, and what is kept of all of it.

What is asked of records once they are written, and by whom.
"""

import pytest
from tests.support.checked_trial import CheckedTrial
from tests.support.small_trial import codes, is_allowed

from firstbreath.subjects.checks import check_records


def outcomes(checked: CheckedTrial) -> list[tuple[str, str]]:
    subject = checked.trial.subjects.by_code["S1"]
    return [(found.check.id, found.outcome) for found in check_records(subject, checked.trial.protocol)]


class TestChecks:
    """A check of a record holds, does not hold, or cannot be told; the last is never silence."""

    @pytest.mark.parametrize(
        ("values", "outcome"),
        [
            ({"wbc": "6.1", "lymphocytes": "1.2"}, "pass"),
            ({"wbc": "1.2", "lymphocytes": "6.1"}, "fail"),
            ({"wbc": "6.1"}, "cannot tell"),
        ],
    )
    def test_check_has_three_outcomes(self, values, outcome):
        """A missing value gives "cannot tell", and not "pass"."""
        checked = CheckedTrial()
        checked.screen()
        checked.record("laboratory", "screening", **values)
        assert outcomes(checked) == [("lymphocytes_within", outcome)]

    def test_check_asks_the_values_of_its_own_record(self):
        """A value of another record of the same form does not stand in for one that is missing."""
        checked = CheckedTrial()
        checked.screen()
        checked.record("laboratory", "screening", wbc="6.1", lymphocytes="1.2")
        checked.record("laboratory", "D1", lymphocytes="1.3")
        assert [outcome for _, outcome in outcomes(checked)] == ["pass", "cannot tell"]

    def test_check_asks_other_forms_of_the_subject(self):
        """A rule may name fields of other forms: the subject's latest values count."""
        checked = CheckedTrial()
        checked.screen(age="74")
        checked.record("vital_signs", "D1", spo2="88")
        assert outcomes(checked) == [("saturation_of_the_old", "fail")]

    def test_correction_settles_a_check(self):
        """A check is worked out from the record as it stands."""
        checked = CheckedTrial()
        checked.screen()
        checked.record("laboratory", "screening", wbc="1.2", lymphocytes="6.1")
        checked.correct("laboratory", "screening", wbc="6.1", lymphocytes="1.2")
        assert outcomes(checked) == [("lymphocytes_within", "pass")]


class TestQueries:
    """A query is asked, answered, closed, and asked again; every step is an event."""

    def test_query_of_a_check_says_so(self):
        """A query says from whom it comes: a check, data management, the monitor or the safety group."""
        checked = CheckedTrial()
        checked.screen()
        checked.record("laboratory", "screening", wbc="1.2", lymphocytes="6.1")
        for account, check in (("dana", "lymphocytes_within"), ("dana", ""), ("mona", ""), ("sven", "")):
            about = {"subject": "S1", "form": "laboratory", "visit": "screening", "field": "wbc", "text": "Why?"}
            checked.by(account, {"act": "open_query", **about, "check": check})
        queries = checked.trial.subjects.by_code["S1"].queries
        origins = [queries[number][0].body.origin for number in sorted(queries)]
        assert origins == ["edit check", "data management", "monitor", "safety"]

    def test_missing_value_can_be_asked_about(self):
        """A query can be put to a field that nobody has recorded."""
        checked = CheckedTrial()
        checked.screen()
        assert checked.ask_about("wbc", "laboratory", "D2") == 1

    def test_query_of_no_check_is_refused(self):
        """A check that the protocol does not have raises nothing."""
        checked = CheckedTrial()
        checked.screen()
        about = {"subject": "S1", "form": "laboratory", "visit": "D1", "field": "wbc", "text": "Why?", "check": "x"}
        assert codes(checked.by("dana", {"act": "open_query", **about})) == ["QUERY-004"]

    def test_the_site_answers_and_data_management_closes(self):
        """Who asks may not answer, and who answers may not close."""
        checked = CheckedTrial()
        checked.screen()
        query = {"subject": "S1", "query": checked.ask_about("age", "demographics", "screening"), "text": "Confirmed."}
        assert codes(checked.by("dana", {"act": "answer_query", **query})) == ["AUTH-002"]
        assert is_allowed(checked.by("nora", {"act": "answer_query", **query}))
        assert codes(checked.by("nora", {"act": "close_query", **query})) == ["AUTH-002"]
        assert is_allowed(checked.by("dana", {"act": "close_query", **query}))
