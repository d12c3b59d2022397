"""Today: what each person sees in the morning, and where one tap leads."""

import pytest
from tests.support.small_trial import FILES
from tests.support.staffed_trial import StaffedTrial
from tests.web.sources import told
from tests.web.working import WorkingSite

from firstbreath.web.pages.alerts import compute_alerts


def page(site, account, query=""):
    answer = site.browser(account).get(f"/today{query}")
    assert answer.status_code == 200
    return answer


def test_signing_in_leads_to_today(site):
    answer = site.anybody().post("/sign-in", {"account": "nora", "password": "a long enough pass phrase"})
    assert answer.headers["Location"] == "/today"


def test_nurse_sees_who_is_due_what_and_goes_there_with_one_tap(site):
    site.trial.act("open_screening", "S1")
    answer = page(site, "nora")
    assert "Demographics" in told(answer)
    assert 'href="/subjects/S1/forms/demographics/screening/1?back=today"' in answer.content.decode()


def test_what_is_held_back_says_why(site):
    site.trial.ready().enrol()
    site.trial.door.clock.now = site.trial.door.clock.now.replace(day=2)
    assert "GATE-G2" in told(page(site, "nora"))
    assert "held back" in told(page(site, "nora"))


def test_late_forms_stand_together_by_visit_with_since_when(site):
    site.trial.enrolled()
    site.trial.dose(1)
    site.trial.door.clock.now = site.trial.door.clock.now.replace(day=3)
    text = told(page(site, "nora"))
    assert "Late Day 1 was due Thu 1 Jan Vital signs" in text


def test_what_others_do_is_named_and_not_offered(site):
    site.trial.screen()
    site.trial.consent()
    nurse, investigator = told(page(site, "nora")), told(page(site, "ines"))
    assert "Enrolment" in investigator
    assert "Waits for others Enrolment" in nurse or "Enrolment" in nurse


def test_what_was_saved_is_said_to_whoever_saved_it_alone(site):
    site.trial.by("nora", {"act": "open_screening", "subject": "S1"})
    seq = site.trial.trial.seq
    assert "Saved S1" in told(page(site, "nora", f"?saved={seq}"))
    assert "Saved" not in told(page(site, "ines", f"?saved={seq}"))


@pytest.mark.parametrize("junk", ["999999", "-1", "0", "x", "9" * 400, "%00", "١"])
def test_junk_in_the_address_says_nothing(site, junk):
    assert "Saved" not in told(page(site, "nora", f"?saved={junk}"))


def test_earlier_moment_is_shown_as_it_was_and_offers_nothing(site):
    site.trial.act("open_screening", "S1")
    seq = site.trial.trial.seq
    site.trial.screen("S2")
    text = told(page(site, "nora", f"?as_of={seq}"))
    assert "S1" in text
    assert "S2" not in text
    assert "Open screening" not in text


@pytest.mark.parametrize("account", ["rosa", "ada"])
def test_whoever_may_not_see_subjects_sees_none(site, account):
    site.trial.screen("S1")
    assert "S1" not in told(page(site, account))


def test_patients_of_another_site_are_nowhere_on_it(site):
    files = FILES | {
        "protocol.toml": FILES["protocol.toml"].replace("[product]", 'sites = ["North", "South"]\n[product]')
    }
    north = WorkingSite(StaffedTrial(files=files, site="North"), site.source.blobs)
    north.trial.by("ada", {"act": "grant_role", "account": "stig", "role": "nurse", "site": "South"})
    north.trial.by("stig", {"act": "open_screening", "subject": "S1", "site": "South"}, role="nurse")
    assert "/subjects/S1" in page(north, "mona").content.decode()
    assert "/subjects/S1" not in page(north, "nora").content.decode()


def test_nobody_else_gets_in(site):
    assert site.anybody().get("/today").status_code == 303


def test_site_that_is_only_read_has_no_today(published):
    assert published.get("/today").status_code == 404


def alerts(site, account):
    from datetime import date

    small = site.trial
    person = small.trial.people.get(account)
    may = _rights(person, date(2026, 1, 1))
    found = compute_alerts(small.trial, small.trial.at, account=account, may=may, sees=lambda _site: True)
    return [alert.words for alert in found]


def _rights(person, on):
    from firstbreath.people.rights import RIGHTS

    return lambda act: any(RIGHTS.may(role, act) for role in person.roles(on))


def test_open_query_waits_for_the_site_and_its_answer_for_data_management(site):
    site.trial.screen()
    ask = {"act": "open_query", "subject": "S1", "form": "demographics", "visit": "screening"}
    site.trial.by("dana", {**ask, "field": "age", "text": "Really?"})
    assert alerts(site, "nora") == ["1 query to answer"]
    assert alerts(site, "dana") == []
    site.trial.by("nora", {"act": "answer_query", "subject": "S1", "query": 1, "text": "Yes"})
    assert alerts(site, "nora") == []
    assert alerts(site, "dana") == ["1 query answered, to be closed"]


def test_packet_waits_for_the_members_who_have_not_voted(site):
    site.trial.enrolled()
    site.trial.by("sven", {"act": "freeze_packet", "subjects": ["S1"]})
    vote = {"act": "cast_vote", "packet": 1, "recommendation": "continue", "conflict": "none"}
    site.trial.by("sven", vote)
    assert alerts(site, "sven") == []
    assert alerts(site, "sara") == ["Packet 1 waits for your vote"]


def test_serious_event_waits_until_it_is_reported_on(site):
    site.trial.enrolled()
    report = {"act": "report_adverse_event", "subject": "S1", "term": "Collapse", "onset": "2026-01-01"}
    site.trial.by("nora", {**report, "serious": ["life-threatening"], "aware": "2026-01-01T09:00+00:00"})
    assert alerts(site, "ines") == ["Serious event of S1: Collapse"]
    site.trial.by("ines", {"act": "forward_serious_event", "subject": "S1", "number": 1, "to": "sponsor"})
    assert alerts(site, "ines") == []


def test_administrator_is_told_of_lock_outs(site):
    from firstbreath.people.commands import NoteLockOut
    from firstbreath.trial.door import Request

    command = NoteLockOut(account="nora", attempts=5)
    site.trial.door.act(Request(command=command, actor="firstbreath", role="system"))
    assert "1 lock-out" in alerts(site, "ada")
    assert "1 lock-out" not in alerts(site, "nora")
