"""Whoever has no account cannot fill the log or the database of accounts, whichever door they knock at."""

import json

import pytest

from firstbreath.events import kinds
from firstbreath.web.accounts import attempts


@pytest.fixture(autouse=True)
def _nobody_came_before(monkeypatch):
    monkeypatch.setattr(attempts, "_STRANGERS", attempts.Limiter(20, 3600))


def refusals(site):
    return [event for event in site.trial.door.history.events if isinstance(event.body, kinds.SignInRefused)]


@pytest.mark.part11(16)
def test_strangers_asking_for_tokens_are_written_down_up_to_a_number(site):
    for number in range(60):
        asked = {"account": f"stranger{number}", "password": "guess", "name": "laptop"}
        answer = site.anybody().post("/api/tokens", json.dumps(asked), content_type="application/json")
        assert answer.status_code == 403
    assert len(refusals(site)) <= 20


def test_wrong_password_for_a_token_is_written_down_once(site):
    asked = {"account": "nora", "password": "guess", "name": "laptop"}
    site.anybody().post("/api/tokens", json.dumps(asked), content_type="application/json")
    assert [event.body.account for event in refusals(site)] == ["nora"]


@pytest.mark.parametrize("account", ["x" * 1_000_000, "\0", "a\u202eb", "", "nora'--"])
def test_what_can_be_no_account_is_asked_of_no_database(site, account):
    from axes.models import AccessAttempt

    asked = {"account": account, "password": "guess", "name": "laptop"}
    answer = site.anybody().post("/api/tokens", json.dumps(asked), content_type="application/json")
    assert answer.status_code == 403
    assert not AccessAttempt.objects.exclude(username="-").exists()
