"""People: accounts, delegation with dates, and what somebody needs before they act.

Who may do what is asked at the moment of the act, never at sign-in.
"""

import pytest
from tests.support.small_trial import codes, is_allowed
from tests.support.staffed_trial import StaffedTrial

OPEN = {"act": "open_account", "account": "newt", "name": "Newt Ames"}
SCREEN = {"act": "open_screening", "subject": "S1"}


def grant(trial, **given):
    return trial.by("ada", {"act": "grant_role", "account": "newt", "role": "nurse", **given})


class TestAccounts:
    """An account is one person's for good; what was done under it stays under it."""

    def test_id_of_a_closed_account_is_never_given_again(self):
        """A second person never stands behind the name of a first."""
        trial = StaffedTrial()
        assert is_allowed(trial.by("ada", {"act": "close_account", "account": "nora"}, reason="left"))
        again = trial.by("ada", {"act": "open_account", "account": "nora", "name": "Nora Other"})
        assert codes(again) == ["ACCT-002"]
        assert trial.trial.people.by_id["nora"].name == "Nora Quist"

    def test_account_is_closed_with_a_reason(self):
        """Whoever reads the log later finds why a person could no longer act."""
        assert codes(StaffedTrial().by("ada", {"act": "close_account", "account": "nora"})) == ["ACCT-005"]

    @pytest.mark.parametrize(
        "act",
        [
            {"act": "grant_role", "role": "nurse"},
            {"act": "withdraw_role", "role": "nurse"},
            {"act": "close_account"},
            {"act": "record_training", "topic": "the protocol"},
            {"act": "verify_identity", "how": "passport"},
            {"act": "reset_credential", "what": "password"},
        ],
        ids=lambda act: act["act"],
    )
    @pytest.mark.parametrize("account", ["", "nobody"])
    def test_nothing_is_done_to_an_account_that_is_not_there(self, act, account):
        """An empty id is nobody's, like any other that was never opened."""
        assert codes(StaffedTrial().by("ada", act | {"account": account}, reason="tried")) == ["ACCT-001"]

    @pytest.mark.part11(18)
    def test_nobody_verifies_their_own_identity(self):
        """Another person looks at the document."""
        own = {"act": "verify_identity", "account": "ada", "how": "passport"}
        assert codes(StaffedTrial().by("ada", own)) == ["ACCT-006"]


class TestDelegation:
    """A role is held at a site, from a day to a day, and is handed over by somebody else."""

    def test_delegation_that_has_ended_lets_nobody_act(self):
        """The refusal names the day on which it was asked."""
        trial = StaffedTrial()
        trial.by("ada", OPEN)
        assert is_allowed(grant(trial, begins="2001-01-01", ends="2001-12-31"))
        assert codes(trial.by("newt", SCREEN)) == ["AUTH-004"]

    def test_delegation_does_not_end_before_it_begins(self):
        """Dates in the wrong order are refused."""
        trial = StaffedTrial()
        trial.by("ada", OPEN)
        assert codes(grant(trial, begins="2026-12-31", ends="2026-01-01")) == ["ROLE-007"]

    def test_administrator_does_not_act_on_subjects(self):
        """Whoever keeps the accounts enters nothing of a patient."""
        assert codes(StaffedTrial().by("ada", SCREEN)) == ["AUTH-002"]

    def test_role_withdrawn_counts_at_the_next_act(self):
        """No session outlives a delegation."""
        trial = StaffedTrial()
        trial.by("ada", {"act": "withdraw_role", "account": "nora", "role": "nurse"}, reason="moved")
        assert codes(trial.by("nora", SCREEN)) == ["AUTH-003"]


class TestStanding:
    """A role alone is not enough."""

    def test_person_accepts_accountability_and_is_trained_first(self):
        """Both are missing of somebody whose account was just opened."""
        trial = StaffedTrial()
        trial.by("ada", OPEN)
        grant(trial)
        assert codes(trial.by("newt", SCREEN)) == ["AUTH-007", "AUTH-008"]
