"""Signing in: who may, what is written down, and how a session ends."""

from tests.web.sources import told


def kinds_of(site):
    return [event.kind for event in site.trial.door.history.events]


def test_page_asks_whoever_has_not_signed_in_and_leads_back(site):
    answer = site.anybody().get("/subjects/S1?as_of=3")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=%2Fsubjects%2FS1%3Fas_of%3D3"


def test_sign_in_is_an_event_and_shows_who_it_is(site):
    page = told(site.browser("nora").get("/"))
    assert "Nora Quist Coordinator or nurse" in page
    assert kinds_of(site)[-1] == "signed_in"


def test_wrong_password_is_refused_and_written_down(site):
    answer = site.anybody().post("/sign-in", {"account": "nora", "password": "wrong"})
    assert answer.status_code == 403
    assert kinds_of(site)[-1] == "sign_in_refused"


def test_closed_account_ends_its_session_at_the_next_request(site):
    nora = site.browser("nora")
    site.trial.by("ada", {"act": "close_account", "account": "nora"}, reason="left the hospital")
    assert nora.get("/").status_code == 303
    assert kinds_of(site)[-1] == "signed_out"
