"""The id of a page does one thing once: nothing else slips through under it, and nothing happens beside the log."""

import pytest
from tests.support.staffed_trial import PASSWORD
from tests.web.sources import told

from firstbreath.events import kinds

PLACE = "/subjects/S1/deviation"
NEW = "another long enough phrase"


@pytest.fixture
def nora(site):
    site.trial.enrolled()
    return site.browser("nora")


def made(site, kind):
    return [event for event in site.trial.door.history.events if isinstance(event.body, kind)]


def test_page_gone_back_to_and_changed_is_not_taken_for_done(site, nora):
    sent = {"category": "other", "text": "One.", "request_id": "page"}
    assert nora.post(PLACE, sent).status_code == 303
    answer = nora.post(PLACE, sent | {"text": "Two."})
    assert answer.status_code == 409
    assert "SAVE-004" in told(answer)
    assert "Two." in answer.content.decode()
    assert [event.body.text for event in made(site, kinds.DeviationRecorded)] == ["One."]


def test_id_of_an_earlier_act_does_not_do_another(site, nora):
    nora.post(PLACE, {"category": "other", "text": "One.", "request_id": "page"})
    answer = nora.post("/subjects/S1/consent/withdrawal", {"scope": "treatment", "request_id": "page"})
    assert answer.status_code == 409
    assert site.trial.trial.subjects.by_code["S1"].consent


@pytest.mark.part11(5)
def test_no_credential_is_reset_without_an_event(site):
    ada = site.browser("ada")
    for _ in range(2):
        sent = {"what": "password", "reason": "forgotten", "request_id": "page"}
        assert ada.post("/people/nora/reset-credential", sent).status_code == 200
    assert len(made(site, kinds.CredentialChanged)) == 2


@pytest.mark.part11(5)
def test_no_file_leaves_without_an_event(site):
    dana = site.browser("dana")
    for _ in range(3):
        assert dana.post("/exports", {"what": "log-csv", "request_id": "page"}).status_code == 200
    assert len(made(site, kinds.ExportMade)) == 3


@pytest.mark.part11(12)
def test_present_password_cannot_be_guessed_in_an_open_session(site):
    nora = site.browser("nora")
    for number in range(8):
        nora.post("/me/password", {"present": f"guess {number}", "new": NEW, "again": NEW})
    assert len(made(site, kinds.AccountLockedOut)) == 1
    nora.post("/me/password", {"present": PASSWORD, "new": NEW, "again": NEW})
    assert made(site, kinds.CredentialChanged) == []
