"""Entering on the site.

From the opening of screening to the end of a participation, in a browser: what each page shows, what it asks, and what
it never does. Everything is decided at the one door; a page only asks.
"""

import pytest
from tests.support.staffed_trial import PASSWORD
from tests.web.sources import told
from tests.web.working import value_of

FORM = "/subjects/S1/forms/demographics/screening/1"


def kinds_of(site):
    return [event.kind for event in site.trial.door.history.events]


class TestTheWayIntoTheTrial:
    """A nurse and an investigator take a patient from the first page to enrolment."""

    def test_whole_way(self, site):
        """Screening, form, consent, attestation, enrolment: each act is one event, by the person who signed in."""
        nora, ines = site.browser("nora"), site.browser("ines")
        nora.post("/screening/open", {"subject": value_of(nora.get("/screening/open"), "subject")})
        nora.post(FORM, {"field-age": "50", "request_id": "form"})
        witnesses = {
            f"witness-{n}-{part}": text
            for n, who in ((1, "paul"), (2, "rosa"))
            for part, text in (("account", who), ("password", PASSWORD))
        }
        nora.post(
            "/subjects/S1/consent",
            witnesses | {"version": "1.0", "given_by": "patient", "sign-account": "nora", "sign-password": PASSWORD},
        )
        ines.post("/subjects/S1/eligibility", {"criterion-E1": "no", "sign-account": "ines", "sign-password": PASSWORD})
        ines.post("/subjects/S1/enrolment", {"arm": "A"})
        acts = [(event.kind, event.actor) for event in site.trial.door.history.events if event.subject == "S1"]
        assert acts == [
            ("screening_opened", "nora"),
            ("form_recorded", "nora"),
            ("consent_signed", "nora"),
            ("eligibility_attested", "ines"),
            ("subject_enrolled", "ines"),
        ]

    def test_today_leads_the_way(self, site):
        """At each step Today names what comes next, and to whom it falls."""
        site.trial.screen()
        assert "Consent" in told(site.browser("nora").get("/today"))
        site.trial.consent()
        assert "Enrolment" in told(site.browser("ines").get("/today"))


class TestNothingIsLost:
    """What was typed stays on the page until it is saved, and is saved once."""

    @pytest.fixture(autouse=True)
    def _screened(self, site):
        site.trial.act("open_screening", "S1")

    def test_refused_form_keeps_its_entries(self, site):
        """A form that is refused comes back with every entry, and says beside each field what is wrong with it."""
        answer = site.browser("nora").post(FORM, {"field-age": "200", "field-severe_allergy": "no"})
        assert value_of(answer, "field-age") == "200"
        assert "the highest is 120 years" in told(answer)

    def test_form_is_recorded_once(self, site):
        """A form sent twice, by a double tap or after a lost connection, is recorded once."""
        nora = site.browser("nora")
        for _ in range(2):
            assert nora.post(FORM, {"field-age": "50", "request_id": "same"}).status_code == 303
        assert kinds_of(site).count("form_recorded") == 1

    def test_reading_is_never_an_act(self, site):
        """Opening any page writes nothing but the sign-in."""
        nora = site.browser("nora")
        before = site.trial.door.refresh().seq
        for page in ("/today", "/screening", "/screening/open", FORM, "/subjects/S1", "/subjects/S1/consent"):
            assert nora.get(page).status_code == 200
        assert site.trial.door.refresh().seq == before


class TestWhoSigns:
    """A signature is given by the person, at the moment of signing."""

    @pytest.mark.part11(9)
    def test_one_missing_signature(self, site):
        """When one of the witnesses does not prove who they are, nobody has signed; the failure is written down."""
        site.trial.screen()
        witnesses = {"witness-1-account": "paul", "witness-1-password": PASSWORD}
        witnesses |= {"witness-2-account": "rosa", "witness-2-password": "guess"}
        sent = witnesses | {"version": "1.0", "given_by": "patient", "sign-account": "nora", "sign-password": PASSWORD}
        answer = site.browser("nora").post("/subjects/S1/consent", sent)
        assert answer.status_code == 409
        assert "consent_signed" not in kinds_of(site)
        assert kinds_of(site)[-1] == "sign_in_refused"

    @pytest.mark.part11(11)
    def test_source(self, site):
        """Each event says on which page it was entered and in which session."""
        site.trial.act("open_screening", "S1")
        site.browser("nora").post(FORM, {"field-age": "50"})
        assert site.trial.door.history.events[-1].source.startswith("form demographics, session ")
