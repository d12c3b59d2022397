"""The page of an inhalation: what it shows and takes, by plain forms and as JSON, once and under the right account."""

import pytest
from tests.support.inhaled_trial import READY, WATCHED, Bedside, at
from tests.support.staffed_trial import StaffedTrial
from tests.web.sources import SCRIPT, told
from tests.web.working import WorkingSite, value_of

from firstbreath.events import kinds
from firstbreath.subjects.session import session_state

PAGE = "/subjects/S1/inhalation/1"
JSON = {"accept": "application/json"}


@pytest.fixture
def bedside(site) -> Bedside:
    """The site's trial is replaced by one whose inhalations are watched; S1 is ready for the first."""
    return Bedside.staffed()


@pytest.fixture
def ward(bedside, site) -> WorkingSite:
    return WorkingSite(bedside.small, site.source.blobs)


def send(browser, step, **entries):
    entries.setdefault("request_id", f"{step}-{len(entries)}")
    return browser.post(f"{PAGE}/{step}", entries)


def state_of(ward):
    return session_state(ward.trial.trial.subjects.get("S1"), 1)


def last(ward):
    return ward.trial.door.history.events[-1]


def test_whole_inhalation_by_plain_forms(ward):
    nora = ward.browser("nora")
    page = told(nora.get(PAGE))
    assert "Day 1 · dose 1 of 3" in page
    assert "Consent: yes" in page
    assert send(nora, "signs", **{"field-vs_when": "Before", "field-spo2": "95"}).status_code == 303
    assert send(nora, "start", **READY).status_code == 303
    assert send(nora, "pause", reason="Cough").status_code == 303
    assert "Paused" in told(nora.get(PAGE))
    assert send(nora, "resume").status_code == 303
    assert send(nora, "event", event="fever").status_code == 303
    assert send(nora, "stop").status_code == 303
    dose = {"amount": "2.0e8", "residual_ml": "0.6", "outcome": "given"}
    assert send(nora, "dose", **dose).status_code == 303
    page = told(nora.get(PAGE))
    assert "5.4 ml of 6 ml" in page
    assert "1.8 × 10" in page
    assert state_of(ward) == "ended"


def test_start_is_not_offered_before_the_skin_test(site):
    trial = StaffedTrial(files=WATCHED)
    trial.ready().enrol()
    nora = WorkingSite(trial, site.source.blobs).browser("nora")
    page = nora.get(PAGE).content.decode()
    assert "not known" in page
    assert " disabled aria-describedby" in page
    answer = send(nora, "start", **READY)
    assert answer.status_code == 409
    assert "GATE-G2" in told(answer)


def test_refused_entry_keeps_what_was_entered(ward):
    nora = ward.browser("nora")
    answer = send(nora, "start", **READY | {"vial": "LOT-7", "oxygen_l_min": "99"})
    assert (answer.status_code, value_of(answer, "vial"), value_of(answer, "oxygen_l_min")) == (409, "LOT-7", "99")
    assert "INH-010" in told(answer)
    answer = send(nora, "signs", **{"field-vs_when": "Before", "field-spo2": "950"})
    assert (answer.status_code, value_of(answer, "field-spo2")) == (409, "950")


def test_interrupted_dose_says_what_left_the_cup(ward):
    nora = ward.browser("nora")
    send(nora, "start", **READY)
    send(nora, "stop")
    dose = {"amount": "2.0e8", "residual_ml": "4.5", "outcome": "interrupted", "request_id": "a"}
    assert "DOSE-005" in told(send(nora, "dose", **dose))
    assert send(nora, "dose", **dose | {"reason_text": "short of breath", "request_id": "b"}).status_code == 303
    body = last(ward).body
    assert isinstance(body, kinds.DoseInterrupted)
    assert body.given_ml == "1.5"


def test_stopping_rule_is_shown_with_what_to_do(ward, bedside):
    nora = ward.browser("nora")
    assert "Not known Oxygen saturation below" in told(nora.get(PAGE))
    bedside.signs("Before", -5, spo2="95")
    bedside.start()
    bedside.signs("During", 10, spo2="86")
    page = told(nora.get(PAGE))
    assert "STOP Oxygen saturation below" in page
    assert "Pause and call the investigator." in page
    assert "Oxygen saturation 86 % low" in page


def test_entry_is_answered_as_json_and_done_once(ward):
    nora = ward.browser("nora")
    entry = {**READY, "request_id": "r1", "account": "nora", "occurred": at(0)}
    first = nora.post(f"{PAGE}/start", entry, headers=JSON)
    assert (first.status_code, first.json()["done"], first.json()["again"]) == (200, True, False)
    seq = ward.trial.trial.seq
    again = nora.post(f"{PAGE}/start", entry, headers=JSON)
    assert (again.json()["done"], again.json()["again"], ward.trial.trial.seq) == (True, True, seq)
    assert last(ward).occurred == at(0)
    assert "written" in told(nora.get(PAGE)), "that it was written later than it happened is shown"


def test_refused_entry_is_answered_with_its_reasons(ward):
    answer = ward.browser("nora").post(f"{PAGE}/pause", {"request_id": "r1"}, headers=JSON)
    assert answer.status_code == 409
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["INH-003", "INH-004"]


def test_entry_kept_under_another_account_is_not_done(ward):
    seq = ward.trial.trial.seq
    ines = ward.browser("ines")
    answer = ines.post(f"{PAGE}/start", {**READY, "request_id": "r1", "account": "nora"}, headers=JSON)
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (409, "AUTH-011")
    assert not any(event.kind == "inhalation_started" for event in ward.trial.door.history.events[seq:])


def test_module_learns_that_nobody_has_signed_in(ward):
    answer = ward.anybody().post(f"{PAGE}/start", READY, headers=JSON)
    assert answer.status_code == 401


@pytest.mark.parametrize("account", ["dana", "mona", "sven", "ada"])
def test_others_enter_nothing(ward, account):
    browser = ward.browser(account)
    assert send(browser, "start", **READY).status_code == 403
    shown = browser.get(PAGE)
    assert shown.status_code == (403 if account == "ada" else 200)
    assert 'name="request_id"' not in shown.content.decode()


def test_time_entered_by_hand_is_kept(ward):
    nora = ward.browser("nora")
    assert "TIME-001" in told(send(nora, "start", **READY | {"at": "soon", "on": "2026-01-01", "request_id": "x"}))
    assert send(nora, "start", **READY | {"at": "07:10", "on": "2026-01-01"}).status_code == 303
    assert last(ward).occurred == "2026-01-01T07:10:00+00:00"


def test_wrong_entry_is_struck_out(ward, bedside):
    bedside.start()
    nora = ward.browser("nora")
    assert send(nora, "strike", corrects=str(last(ward).body and bedside.small.last.events[0].seq)).status_code == 409
    seq = bedside.small.last.events[0].seq
    assert send(nora, "strike", corrects=str(seq), reason_text="wrong subject", request_id="s").status_code == 303
    assert state_of(ward) == "not started"


@pytest.mark.parametrize("step", ["start", "signs", "event", "strike", "dose", "pause"])
@pytest.mark.parametrize("text", [SCRIPT, "\x00", "9" * 5000, "-1", "NaN"])
def test_hostile_entries_are_refused_in_words(ward, step, text):
    names = ("vial", "volume_ml", "device", "interface", "oxygen_l_min", "event", "corrects", "amount", "residual_ml")
    entries = dict.fromkeys((*names, "field-spo2", "field-vs_when", "at", "on", "occurred"), text)
    answer = send(ward.browser("nora"), step, outcome="interrupted", reason_text=text, **entries)
    assert answer.status_code in (400, 409)
    assert "<script>hacked" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/subjects/S1/inhalation/9", "/subjects/S9/inhalation/1", f"{PAGE}/fly"])
def test_what_is_not_there_is_said(ward, address):
    assert ward.browser("nora").get(address).status_code == 404
