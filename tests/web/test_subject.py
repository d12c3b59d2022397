"""One subject: every criterion, value and correction, each with its event."""

import pytest
from tests.support.small_trial import SmallTrial
from tests.web.sources import small_client, told


@pytest.fixture
def small() -> SmallTrial:
    return SmallTrial()


def page_of(small: SmallTrial, code: str = "S1") -> str:
    return told(small_client(small).get(f"/subjects/{code}"))


def test_criterion_shows_the_value_that_decided_it_and_its_event(small):
    small.screen(age="76")
    page = page_of(small)
    assert "Aged 18 to 75 years. 18 <= age <= 75 not met fails Age: 76 years event 3" in page
    assert "Severe allergy. severe_allergy not met passes Severe allergy: no event 3" in page


def test_criterion_left_to_judgement_shows_the_attestation(published):
    page = told(published.get("/subjects/P1"))
    assert "Has had severe allergy severe_allergy not met passes attested event 5" in page


def test_unknown_criterion_names_what_is_missing(small):
    small.act("open_screening")
    assert "unknown unknown missing: Age" in page_of(small)


def test_gate_of_the_subject_gives_every_reason(small):
    small.screen(age="76")
    page = page_of(small)
    assert "Enrolment of this subject is closed" in page
    assert "ELIG-I1 Criterion I1 (inclusion) is not met: Age: 76 years. The subject cannot be enrolled." in page
    assert "CONS-005" in page


def test_dosing_gate_is_shown_once_enrolled(small):
    small.ready().enrol()
    assert "Dosing is unknown GATE-G2" in page_of(small)
    small.skin_test()
    assert "Dosing is open" in page_of(small)


def test_correction_keeps_the_old_value_in_view_with_who_and_why(small):
    small.screen(age="50")
    small.act(
        "correct_form", form="demographics", visit="screening", values={"age": "51"}, reason="misread the passport"
    )
    page = page_of(small)
    assert "Age 51 years event 4 corrected by A. Nurse, nurse: “misread the passport”" in page
    assert "It said before: 50 event 3 A. Nurse, nurse" in page
    assert "<del>50</del>" in small_client(small).get("/subjects/S1").content.decode()


def test_value_that_became_absent_keeps_its_history(small):
    small.screen(age="50", allergy="no")
    small.act(
        "correct_form",
        form="demographics",
        visit="screening",
        values={},
        absent={"severe_allergy": "UNK"},
        reason="nobody asked",
    )
    page = page_of(small)
    assert "Severe allergy absent: unknown (UNK) event 4" in page
    assert "It said before: no event 3" in page


def test_before_the_correction_the_old_value_stands_alone(small):
    small.screen(age="50")
    small.act("correct_form", form="demographics", visit="screening", values={"age": "51"}, reason="misread")
    page = told(small_client(small).get("/subjects/S1", {"as_of": "3"}))
    assert "Age 50 years" in page
    assert " 51 " not in page.partition("Forms")[2]


def test_consent_withdrawn_stays_in_view(small):
    small.ready()
    small.act("withdraw_consent", scope="treatment")
    page = page_of(small)
    assert "Signed by patient on version “1.0”; witnesses: W1, W2." in page
    assert "Withdrawn: treatment" in page


def test_dose_shows_amount_and_reason(small):
    small.enrolled().dose(1)
    small.act("miss_dose", day=2, reason="fever")
    page = page_of(small)
    assert "1 given 2.0 × 10⁸ vesicles" in page
    assert "2 missed fever" in page
    assert "3 planned" in page


def test_deviation_is_listed(small):
    small.enrolled().dose(1, amount="1.05e8")
    assert "dose Day 1: 1.05e8 vesicles were given, 2.0e8 were planned. event" in page_of(small)


def test_amount_is_never_rounded(small):
    small.enrolled().dose(1, amount="205000001")
    assert "2.05000001 × 10⁸ vesicles" in page_of(small)


def test_repeats_are_numbered(small):
    small.enrolled()
    for repeat, spo2 in enumerate(("95", "96"), 1):
        small.act("record_form", form="vital_signs", visit="D1", values={"spo2": spo2}, repeat=repeat)
    page = page_of(small)
    assert "Vital signs record 1" in page
    assert "Vital signs record 2" in page


def test_neighbours_are_linked(published):
    page = published.get("/subjects/P2").content.decode()
    assert 'href="/subjects/P1" rel="prev"' in page
    assert 'href="/subjects/P3" rel="next"' in page


@pytest.mark.parametrize("code", ["nobody", "p1", "P1/", "P1%00", "..", "P1 ", "%F0%9F%AB%81", "A" * 5000])
def test_unknown_subject_is_not_found(published, code):
    response = published.get(f"/subjects/{code}")
    assert response.status_code == 404
