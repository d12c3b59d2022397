"""Review packets on the site: frozen by one tap, read as of the cut-off, voted on under one's password."""

import pytest
from tests.support.staffed_trial import PASSWORD
from tests.web.sources import SCRIPT, told

VOTE = {
    "recommendation": "continue", "conflict": "none", "comment": "", "sign-password": PASSWORD,
}  # fmt: skip


@pytest.fixture
def ward(site):
    site.trial.enrolled("S1")
    site.trial.dose(1)
    return site


def cast(site, member, **changes):
    return site.browser(member).post("/safety/packets/1/vote", VOTE | {"sign-account": member} | changes)


def freeze(site):
    return site.browser("sven").post("/safety/packets/freeze", {"subjects": "S1"})


def test_one_tap_freezes_a_packet_and_shows_it(ward):
    answer = freeze(ward)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/safety/packets/1")
    page = told(ward.browser("sara").get("/safety/packets/1"))
    assert "Still to vote: Sven Aas, Sara Bohm" in page
    assert "None filed." in page
    assert "This is the first packet." in page
    assert "Ed25519 key" in page


def test_head_that_a_packet_prints_is_kept_beside_the_log(ward):
    freeze(ward)
    frozen = ward.trial.trial.safety.packets[1].body
    assert [(kept.seq, kept.hash) for kept in ward.source.kept] == [(frozen.up_to, frozen.hash)]


def test_votes_open_the_gate_in_plain_view(ward):
    freeze(ward)
    assert cast(ward, "sven").status_code == 303
    page = told(ward.browser("sara").get("/safety/packets/1"))
    assert "Enrolment is closed" in page
    assert "Sealed until everybody has voted." in page
    assert "Conflict of interest: none" not in page
    assert cast(ward, "sara").status_code == 303
    page = told(ward.browser("sara").get("/safety/packets/1"))
    assert "Enrolment is open" in page
    assert "The review says continue" in page


@pytest.mark.part11(16)
@pytest.mark.parametrize("wrong", [{"sign-password": "wrong"}, {"sign-password": ""}, {"sign-account": "sara"}])
def test_vote_without_proof_of_who_signs_is_refused_and_keeps_what_was_entered(ward, wrong):
    freeze(ward)
    answer = cast(ward, "sven", recommendation="hold", comment="too soon", **wrong)
    assert answer.status_code == 409
    assert "too soon" in answer.content.decode()
    assert not ward.trial.trial.safety.packets[1].votes


def test_packet_shows_nothing_that_was_written_after_the_cut_off(ward):
    freeze(ward)
    before = told(ward.browser("ines").get("/safety/packets/1"))
    ward.trial.act("report_adverse_event", term="Later cough")
    after = told(ward.browser("ines").get("/safety/packets/1"))
    assert "Later cough" not in after
    assert "1 event of these subjects was written after the cut-off" in after
    assert before.split("Exposure")[1].split("Signed head")[0].split("1 event of these")[0] in after


def test_others_read_the_packet_and_cannot_vote(ward):
    freeze(ward)
    assert "Your vote" not in told(ward.browser("ines").get("/safety/packets/1"))
    assert cast(ward, "ines").status_code == 403


def test_no_packet_and_no_subject_are_said_plainly(ward):
    assert ward.browser("sven").get("/safety/packets/7").status_code == 404
    answer = ward.browser("sven").post("/safety/packets/freeze", {"subjects": SCRIPT})
    assert answer.status_code == 409
    assert "<script>hacked" not in answer.content.decode()


def test_hostile_vote_is_shown_as_text(ward):
    freeze(ward)
    cast(ward, "sven", conflict=SCRIPT, comment=SCRIPT, recommendation="hold")
    assert "<script>hacked" not in ward.browser("sara").get("/safety/packets/1").content.decode()


def test_packet_that_waits_for_nobody_is_concluded_on_its_page(ward):
    freeze(ward)
    cast(ward, "sven")
    ward.trial.by("ada", {"act": "withdraw_role", "account": "sara", "role": "safety_group"}, reason="left")
    page = told(ward.browser("sven").get("/safety/packets/1"))
    assert "Nobody is waited for" in page
    assert ward.browser("sven").post("/safety/packets/1/conclude").status_code == 303
    assert ward.trial.trial.safety.standing == "continue"
