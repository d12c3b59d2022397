"""Tokens: made by their own person, shown once, known by their digest, and gone when anything they rest on is."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.support.staffed_trial import PASSWORD
from tests.web.programs import ask
from tests.web.sources import told

from firstbreath.web.source import SOURCE


def make(site, account="nora", **changes):
    asked = {"account": account, "password": PASSWORD, "name": "laptop"} | changes
    return site.anybody().post("/api/tokens", json.dumps(asked), content_type="application/json")


def program(site, token):
    """A program with a token, on a site that checks where forms come from."""
    headers = {"host": "localhost", "authorization": f"Bearer {token}"}
    return Client(enforce_csrf_checks=True, headers=headers, **{SOURCE: site.source})


def events(site):
    return site.trial.door.history.events


@pytest.fixture
def token(site):
    return make(site).json()["token"]


def test_program_acts_as_its_person_and_the_event_names_the_token(site, token):
    answer = ask(program(site, token), "open_screening", subject="S1")
    assert answer.status_code == 201
    assert (events(site)[-1].actor, events(site)[-1].source) == ("nora", "api, token laptop")


def test_making_one_is_an_event_that_does_not_hold_it(site, token):
    made = events(site)[-1]
    assert (made.kind, made.body.what, made.body.how, made.actor) == ("credential_changed", "token", "set", "nora")
    assert made.reason == "token laptop, for 30 days"
    log = b"".join(row.data for row in site.trial.door.store.records())
    assert token.encode() not in log


def test_it_is_kept_only_as_a_digest_and_never_listed(site, token):
    from firstbreath.web.api.models import Token

    kept = Token.objects.get()
    assert token not in vars(kept).values()
    listed = program(site, token).get("/api/me/tokens")
    assert token not in listed.content.decode()
    assert [each["name"] for each in listed.json()["tokens"]] == ["laptop"]


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"account": "nobody"}, {"account": "ines", "password": ""}])
def test_who_does_not_prove_who_it_is_gets_none_and_that_is_written_down(site, wrong):
    answer = make(site, **wrong)
    assert answer.status_code == 403
    assert events(site)[-1].kind == "sign_in_refused"


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 91}, {"name": ""}, {"name": "a\nb"}, {"name": "x" * 41}])
def test_name_and_days_have_limits(site, wrong):
    assert make(site, **wrong).status_code == 409


def test_two_of_one_name_cannot_be_told_apart_and_are_refused(site, token):
    assert make(site).status_code == 409
    assert make(site, "ines").status_code == 201


def test_it_ends_with_its_days(site, token):
    from firstbreath.web.api.models import Token

    Token.objects.update(expires=datetime.now(UTC) - timedelta(seconds=1))
    assert program(site, token).get("/api/me").status_code == 401


def test_it_ends_with_the_password_it_was_made_under(site, token):
    from firstbreath.web.accounts.passwords import set_password

    set_password("nora", "another long pass phrase")
    assert program(site, token).get("/api/me").status_code == 401


def test_it_ends_with_the_account(site, token):
    site.trial.by("ada", {"act": "close_account", "account": "nora"}, reason="left")
    assert program(site, token).get("/api/me").status_code == 401


def test_it_is_ended_by_its_person_and_by_nobody_else(site, token):
    number = program(site, token).get("/api/me/tokens").json()["tokens"][0]["id"]
    other = program(site, make(site, "ines").json()["token"])
    assert other.delete(f"/api/me/tokens/{number}").status_code == 404
    assert program(site, token).delete(f"/api/me/tokens/{number}").status_code == 204
    assert events(site)[-1].body.how == "removed"
    assert program(site, token).get("/api/me").status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer fb_", "Bearer fb_wrong", "Basic bm9yYTp4", "fb_x", "Bearer \ud800"]
)
def test_what_is_no_token_opens_nothing(site, token, header):
    client = Client(headers={"host": "localhost"}, **{SOURCE: site.source})
    assert client.get("/api/me", headers={"authorization": header}).status_code == 401


def test_wrong_token_is_not_made_good_by_a_session(site):
    assert site.browser("nora").get("/api/me", headers={"authorization": "Bearer fb_wrong"}).status_code == 401


def test_token_opens_no_page(site, token):
    assert program(site, token).get("/").status_code == 303


def test_second_factor_is_asked_for_where_there_is_one(site):
    from django.contrib.auth import get_user_model
    from django_otp.plugins.otp_static.models import StaticDevice

    device = StaticDevice.objects.create(user=get_user_model().objects.get(username="nora"), name="paper")
    device.token_set.create(token="123456")
    assert make(site).status_code == 403
    device.throttle_reset()  # a wrong code makes whoever sent it wait
    assert make(site, code="123456").status_code == 201


def test_page_makes_one_shows_it_once_and_ends_it(site):
    nora = site.browser("nora")
    made = nora.post("/me/tokens", {"name": "laboratory", "days": "7", "password": PASSWORD})
    token = "fb_" + made.content.decode().split('value="fb_')[1].split('"')[0]
    assert program(site, token).get("/api/me").json()["token"] == "laboratory"
    page = nora.get("/me/tokens")
    assert token not in page.content.decode()
    assert "laboratory" in told(page)
    number = page.content.decode().split('name="end" value="')[1].split('"')[0]
    assert nora.post("/me/tokens", {"end": number}).status_code == 303
    assert "You have none." in told(nora.get("/me/tokens"))


def test_page_keeps_what_was_entered_when_the_password_is_wrong(site):
    answer = site.browser("nora").post("/me/tokens", {"name": "laboratory", "days": "7", "password": "wrong"})
    assert answer.status_code == 409
    assert 'value="laboratory"' in answer.content.decode()
    assert "do not fit" in told(answer)


def test_page_for_programmers_lists_every_operation(site):
    page = told(site.browser("dana").get("/programs"))
    assert "GET /api/subjects/{code}" in page
    assert "POST /api/acts/give_dose" in page
