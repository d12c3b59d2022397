"""Signing, verifying, striking out, freezing and locking in the browser, and where each is shown."""

import pytest
from tests.support.checked_trial import CheckedTrial
from tests.support.staffed_trial import PASSWORD
from tests.web.sources import told
from tests.web.working import WorkingSite


@pytest.fixture
def checked(site):
    """A site whose subject S1 has a laboratory record."""
    trial = CheckedTrial()
    trial.screen()
    trial.record("laboratory", "screening", wbc="6.1", lymphocytes="1.2")
    return WorkingSite(trial, site.source.blobs)


def last(checked: WorkingSite) -> str:
    return checked.trial.door.history.events[-1].kind


def sign(checked: WorkingSite, *, password: str = PASSWORD, **sent: object):
    asked = {"meaning": "approval", "sign-account": "ines", "sign-password": password, **sent}
    return checked.browser("ines").post("/sign/S1", asked)


def newest(checked: WorkingSite) -> int:
    """The number of the laboratory record's last version."""
    subject = checked.trial.trial.subjects.by_code["S1"]
    return subject.forms["laboratory", "screening", 1][-1].seq


@pytest.mark.part11(14, 15)
def test_signature_is_shown_with_name_time_zone_and_meaning_wherever_the_record_is(checked):
    assert sign(checked, record=newest(checked)).status_code == 303
    at = checked.trial.door.history.events[-1].at
    shown = f"Signed by Ines Vega, {at:%Y-%m-%d %H:%M:%S} UTC, meaning: approval"
    place = "/values?subject=S1&form=laboratory&visit=screening&field=wbc"
    for address in ("/subjects/S1", "/sign/S1", place):
        assert shown in told(checked.browser("ines").get(address)), address


def test_wrong_password_signs_nothing_and_is_written_down(checked):
    answer = sign(checked, password="not mine", record=newest(checked))
    assert answer.status_code == 409
    assert "AUTH-011" in told(answer)
    assert last(checked) == "sign_in_refused"
    assert " checked>" in answer.content.decode(), "what was ticked is still ticked"


def test_signer_and_monitor_can_read_what_each_record_says_where_they_vouch_for_it(checked):
    checked.trial.correct("laboratory", "screening", wbc="6.2")
    for who, address in (("ines", "/sign/S1"), ("mona", "/verification/of/S1")):
        page = told(checked.browser(who).get(address))
        assert "What it says" in page, address
        assert "6.2" in page, address
        assert "6.1" not in page, "only what stands"


def test_whole_casebook_is_signed_at_once(checked):
    shown = [record.seq for record in checked.trial.trial.subjects.by_code["S1"].events().values()]
    assert sign(checked, whole="yes", all=shown).status_code == 303
    assert {*checked.trial.door.history.events[-1].body.seqs} == {*shown}


def test_record_that_changed_meanwhile_is_not_signed(checked):
    seen = newest(checked)
    checked.trial.correct("laboratory", "screening", wbc="6.2")
    checked.trial.by("nora", {"act": "strike_entry", "subject": "S1", "corrects": seen}, reason="wrong patient")
    answer = sign(checked, record=seen)
    assert answer.status_code == 409
    assert "SIGN-001" in told(answer)


@pytest.mark.part11(16)
def test_signature_page_computes_the_digest_again_and_shows_what_came_later(checked):
    sign(checked, record=newest(checked))
    seq = checked.trial.door.history.events[-1].seq
    ines = checked.browser("ines")
    assert "the digest is that of the records below" in told(ines.get(f"/signatures/{seq}"))
    checked.trial.correct("laboratory", "screening", wbc="6.2")
    assert "Superseded: what was signed has changed since." in told(ines.get(f"/signatures/{seq}"))
    assert "superseded: changed since" in told(ines.get("/subjects/S1"))


def test_monitor_verifies_and_a_correction_makes_it_stale(checked):
    mona = checked.browser("mona")
    assert mona.post("/verification/of/S1", {"record": newest(checked)}).status_code == 303
    assert "1 of 3 verified" in told(mona.get("/verification/of/S1"))
    checked.trial.correct("laboratory", "screening", wbc="6.2")
    assert "1 stale" in told(mona.get("/verification/of/S1"))
    assert "stale: changed since" in told(mona.get("/subjects/S1"))


@pytest.mark.part11(8)
def test_old_value_stands_beside_the_new_one_on_the_same_page(checked):
    checked.trial.correct("laboratory", "screening", reason="read the wrong line", wbc="6.2")
    for address in ("/subjects/S1", "/values?subject=S1&form=laboratory&visit=screening&field=wbc"):
        page = told(checked.browser("dana").get(address))
        assert "6.2" in page
        assert "6.1" in page
        assert "read the wrong line" in page


def test_struck_entry_is_crossed_out_where_it_stood(checked):
    nora = checked.browser("nora")
    assert nora.post(f"/strike/{newest(checked)}", {"reason": "wrong patient"}).status_code == 303
    page = nora.get("/subjects/S1")
    assert "Struck out by nora" in told(page)
    assert "wrong patient" in told(page)
    assert 'class="form struck"' in page.content.decode()


def test_strike_without_a_reason_is_refused(checked):
    assert "STRIKE-003" in told(checked.browser("nora").post(f"/strike/{newest(checked)}", {"reason": " "}))


def test_freezing_and_locking_go_there_and_back(checked):
    dana, spencer = checked.browser("dana"), checked.browser("spencer")
    assert dana.post("/locks/freeze/S1").status_code == 303
    assert "frozen" in told(dana.get("/locks"))
    assert "FREEZE-004" in told(dana.post("/locks/unfreeze/S1", {"reason": ""}))
    assert dana.post("/locks/unfreeze/S1", {"reason": "late value"}).status_code == 303
    assert dana.post("/locks/lock").status_code == 303
    assert "The database is locked" in told(dana.get("/locks"))
    assert dana.post("/locks/unlock", {"reason": "late value"}).status_code == 403
    assert spencer.post("/locks/unlock", {"reason": "late value"}).status_code == 303


def test_deviation_that_was_struck_out_stands_crossed_out(checked):
    checked.trial.by("nora", {"act": "record_deviation", "subject": "S1", "category": "visit", "text": "Came late"})
    seq = checked.trial.last.events[0].seq
    dana = checked.browser("dana")
    assert "Came late" in told(dana.get("/deviations?category=visit"))
    checked.trial.by("nora", {"act": "strike_entry", "subject": "S1", "corrects": seq}, reason="it was on time")
    assert "<del>Came late</del>" in dana.get("/deviations").content.decode()


@pytest.mark.parametrize("address", ["/signatures/1", "/signatures/0", "/signatures/99999", "/strike/99999"])
def test_number_of_nothing_is_said_to_be_so(checked, address):
    assert checked.browser("ines").get(address).status_code == 404


@pytest.mark.part11(19)
def test_first_signature_of_a_session_asks_for_everything_and_later_ones_for_the_password(checked):
    ines = checked.browser("ines")
    asked = {"meaning": "review", "sign-password": PASSWORD, "record": newest(checked)}
    assert ines.post("/sign/S1", asked).status_code == 409, "no account id"
    assert ines.post("/sign/S1", asked | {"sign-account": "ines"}).status_code == 303
    assert ines.post("/sign/S1", asked).status_code == 303
    assert ines.post("/sign/S1", asked | {"sign-password": ""}).status_code == 409
    assert checked.browser("ines").post("/sign/S1", asked).status_code == 409, "a new session asks for everything again"


@pytest.mark.part11(20)
def test_nobody_signs_as_another(checked):
    asked = {"meaning": "review", "sign-account": "nora", "sign-password": PASSWORD, "record": newest(checked)}
    assert checked.browser("ines").post("/sign/S1", asked).status_code == 409
    assert last(checked) != "records_signed"
