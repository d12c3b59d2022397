"""Eligibility attested, enrolment behind its gates, deviations and ends, in the browser."""

import pytest
from tests.support.staffed_trial import PASSWORD
from tests.web.sources import SCRIPT, told

from firstbreath.events.store import HeadMoved

ENROL = "/subjects/S1/enrolment"


@pytest.fixture
def ines(site):
    return site.browser("ines")


def subject(site, code="S1"):
    return site.trial.door.refresh().subjects.get(code)


class TestEligibility:
    PAGE = "/subjects/S1/eligibility"

    @pytest.fixture(autouse=True)
    def _screened(self, site):
        site.trial.act("open_screening", "S1")
        values = {"age": "50"}
        site.trial.act("record_form", "S1", form="demographics", visit="screening", values=values)

    def test_investigator_states_each_criterion_under_their_password(self, site, ines):
        assert "Severe allergy." in told(ines.get(self.PAGE))
        answer = ines.post(self.PAGE, {"criterion-E1": "no", "sign-account": "ines", "sign-password": PASSWORD})
        assert answer.status_code == 303
        assert subject(site).attested[-1].body.criteria == {"E1": False}

    def test_wrong_password_attests_nothing_and_keeps_the_choices(self, site, ines):
        answer = ines.post(self.PAGE, {"criterion-E1": "no", "sign-account": "ines", "sign-password": "wrong"})
        assert "AUTH-011" in told(answer)
        assert 'name="criterion-E1" value="no" checked' in answer.content.decode()
        assert subject(site).attested == ()

    def test_nothing_chosen_is_refused(self, ines):
        assert "ELIG-001" in told(
            ines.post(self.PAGE, {"sign-account": "ines", "sign-password": PASSWORD, "criterion-I1": "yes"})
        )

    def test_nurse_does_not_attest(self, site):
        assert site.browser("nora").get(self.PAGE).status_code == 403


class TestEnrolment:
    def test_page_shows_both_gates_with_every_reason_and_no_button(self, site, ines):
        site.trial.act("open_screening", "S1")
        text = told(ines.get(ENROL))
        assert "Enrolment of S1: closed CONS-005" in text
        assert "Enrol S1" not in text

    def test_investigator_enrols_once_the_gates_are_open(self, site, ines):
        site.trial.ready()
        assert "Enrol S1" in told(ines.get(ENROL))
        assert ines.post(ENROL, {"arm": "A"}).status_code == 303
        assert subject(site).arm == "A"

    @pytest.mark.part11(9)
    def test_next_patient_waits_for_the_review_and_the_refusal_is_written_down(self, site, ines):
        site.trial.enrolled("S1")
        site.trial.ready("S2")
        answer = ines.post("/subjects/S2/enrolment", {"arm": "A"})
        assert answer.status_code == 409
        assert "GATE-G1" in told(answer)
        assert site.trial.door.history.events[-1].kind == "act_refused"

    def test_second_of_two_investigators_is_refused(self, site, ines):
        site.trial.ready("S1")
        site.trial.ready("S2")
        other = site.browser("ines")
        assert "Enrol S2" in told(other.get("/subjects/S2/enrolment"))
        assert ines.post(ENROL, {"arm": "A", "request_id": "a"}).status_code == 303
        answer = other.post("/subjects/S2/enrolment", {"arm": "A", "request_id": "b"})
        assert answer.status_code == 409
        assert subject(site, "S2").enrolled is None

    def test_lost_race_at_the_store_asks_to_send_again(self, site, ines, monkeypatch):
        site.trial.ready("S1")

        def moved(*_args, **_about):
            raise HeadMoved

        monkeypatch.setattr(site.trial.door.store, "append", moved)
        answer = ines.post(ENROL, {"arm": "A", "request_id": "a"})
        assert answer.status_code == 503
        assert "SAVE-002" in told(answer)

    @pytest.mark.parametrize("account", ["nora", "sven", "dana", "spencer", "ada", "rosa"])
    def test_nobody_else_enrols(self, site, account):
        site.trial.ready("S1")
        assert site.browser(account).post(ENROL, {"arm": "A"}).status_code == 403
        assert subject(site).enrolled is None

    @pytest.mark.parametrize("arm", ["", "B", SCRIPT])
    def test_arm_that_there_is_none_of_is_refused(self, site, ines, arm):
        site.trial.ready("S1")
        answer = ines.post(ENROL, {"arm": arm})
        assert "ARM-001" in told(answer)
        assert "<script>hacked" not in answer.content.decode()


class TestDeviationsAndEnds:
    def test_deviation_is_recorded(self, site):
        site.trial.enrolled()
        sent = {"category": "visit", "text": f"Day 2 was moved. {SCRIPT}"}
        nora = site.browser("nora")
        assert nora.post("/subjects/S1/deviation", sent).status_code == 303
        page = nora.get("/subjects/S1")
        assert "Day 2 was moved." in told(page)
        assert "<script>hacked" not in page.content.decode()

    def test_deviation_without_words_is_refused(self, site):
        site.trial.enrolled()
        assert "DEV-001" in told(site.browser("nora").post("/subjects/S1/deviation", {"category": "visit"}))

    def test_screening_that_failed_is_closed_with_its_reason(self, site, ines):
        site.trial.screen("S1", age="80")
        assert "Close as a screen failure" in told(ines.get("/today"))
        assert ines.post("/subjects/S1/end", {"how": "screen_failure", "why": "Too old"}).status_code == 303
        assert (subject(site).ended.body.how, subject(site).ended.reason) == ("screen_failure", "Too old")

    @pytest.mark.parametrize("how", ["completed", "discharged", "withdrawn", "lost", "died"])
    def test_participation_ends(self, site, ines, how):
        site.trial.enrolled()
        assert ines.post("/subjects/S1/end", {"how": how, "why": "x"}).status_code == 303
        assert subject(site).ended.body.how == how

    @pytest.mark.parametrize("how", ["screen_failure", "", SCRIPT])
    def test_other_ends_are_refused(self, site, ines, how):
        site.trial.enrolled()
        assert ines.post("/subjects/S1/end", {"how": how, "why": "x"}).status_code == 409


class TestSubjectPage:
    def test_it_offers_what_the_person_may_do_now(self, site, ines):
        site.trial.enrolled()
        nurse, investigator = told(site.browser("nora").get("/subjects/S1")), told(ines.get("/subjects/S1"))
        assert "Fill a form" in nurse
        assert "End the participation" in investigator
        assert "End the participation" not in nurse
        assert "Fill a form" not in told(site.browser("mona").get("/subjects/S1"))

    def test_it_offers_nothing_at_an_earlier_moment(self, site, ines):
        site.trial.enrolled()
        page = ines.get(f"/subjects/S1?as_of={site.trial.trial.seq - 1}")
        assert "End the participation" not in told(page)
        assert "/correct" not in page.content.decode()

    def test_schedule_leads_to_every_form(self, site):
        site.trial.enrolled()
        page = site.browser("nora").get("/subjects/S1/schedule").content.decode()
        for place in ("demographics/screening/1", "vital_signs/D2/1", "skin_test/unscheduled/1"):
            assert f'href="/subjects/S1/forms/{place}"' in page
        assert "/forms/" not in site.browser("mona").get("/subjects/S1/schedule").content.decode()
