"""The overview: the gate, and where each patient stands."""

import pytest
from tests.support.small_trial import SmallTrial
from tests.web.sources import small_client, told


@pytest.fixture
def small() -> SmallTrial:
    return SmallTrial()


def test_it_names_the_trial_and_its_registration(published):
    page = told(published.get("/"))
    assert "NCT04276987" in page
    assert "MEXCOVID Nebulised vesicles" in page


def test_it_shows_every_patient_with_doses_oxygen_and_review(published):
    page = told(published.get("/"))
    for code in ("P1", "P2", "P3", "P4", "P5", "P6", "P7"):
        attested = 19 if code in ("P2", "P5", "P7") else 18  # sex decides the criterion on pregnancy for the men
        assert f"{code} Enrolled Eligibility all 21 pass, {attested} by attestation Consent in force" in page
    assert page.count("5 of 5 given") == 7
    assert "Oxygen Nasal cannula, from day 3" in page
    assert "enrolled of 30 planned 7" in page


def test_each_dose_is_a_shape_of_its_own(small):
    small.enrolled().dose(1)
    small.act("interrupt_dose", day=2, amount="2.0e8", reason="cough")
    page = small_client(small).get("/").content.decode()
    dots = page.partition('class="dots"')[2].partition("</span>")[0]
    assert [part.partition('"')[0] for part in dots.split('href="#sign-')[1:]] == ["full", "half", "empty"]
    assert "1 of 3 given, day 2 interrupted" in told(small_client(small).get("/"))


def test_the_gate_is_closed_until_the_review(small):
    small.enrolled()
    site = small_client(small)
    assert "Enrolment is closed" in told(site.get("/"))
    assert "number 2: waits at the gate" in told(site.get("/"))
    small.review()
    assert "Enrolment is open" in told(site.get("/"))
    assert "number 2: may be enrolled" in told(site.get("/"))


def test_a_hold_closes_the_gate_and_says_so(small):
    small.enrolled()
    small.review(says="hold")
    page = told(small_client(small).get("/"))
    assert 'says "hold"' in page
    assert "Enrolment is closed" in page


def test_those_screened_and_not_enrolled_stand_apart(small):
    small.screen("S1", age="80")
    small.screen("S2")
    page = told(small_client(small).get("/"))
    assert "Screened and not enrolled S1 Screening Eligibility 1 of 2 fail" in page
    assert "S2 Screening Eligibility all 2 pass Consent not signed Enrolment not enrolled" in page


def test_what_is_unknown_is_never_shown_as_passed(small):
    small.act("open_screening", "S1")
    page = small_client(small).get("/").content.decode()
    assert "2 of 2 unknown" in page
    assert 'href="#sign-unknown"/></svg>Eligibility' in page


def test_refusals_are_counted(small):
    small.enrolled()
    small.ready("S2").enrol("S2")
    page = told(small_client(small).get("/"))
    assert "acts refused 1" in page
