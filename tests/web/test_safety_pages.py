"""Safety on the site: adverse events reported and revised, clocks, ranges, hostile text."""

import html

import pytest
from tests.web.sources import SCRIPT, told

from firstbreath.safety.clocks import facts_of

SENT = {"term": "Cough", "grade": "1", "onset": "2026-01-01T08:30", "aware": "2026-01-01T08:31"}


def report(site, account="nora", **changes):
    return site.browser(account).post("/subjects/S1/adverse-events/report", SENT | changes)


def latest(site, number=1):
    return facts_of(site.trial.trial.safety.adverse[("S1", number)][-1])


@pytest.fixture
def ward(site):
    site.trial.enrolled("S1")
    return site


def test_nurse_reports_an_event_and_lands_on_its_page(ward):
    answer = report(ward)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/subjects/S1/adverse-events/1"
    assert latest(ward).onset == "2026-01-01T08:30+00:00"
    page = told(ward.browser("nora").get("/subjects/S1/adverse-events/1"))
    assert "Cough" in page
    assert "CTCAE grade 1, mild" in page


def test_nurse_is_not_asked_for_the_investigators_judgement(ward):
    assert "judgement" not in told(ward.browser("nora").get("/subjects/S1/adverse-events/report"))
    assert "judgement" in told(ward.browser("ines").get("/subjects/S1/adverse-events/report"))


def test_inhalation_fills_in_the_event_that_was_seen(site):
    from tests.support.small_trial import FILES
    from tests.support.staffed_trial import StaffedTrial
    from tests.web.working import WorkingSite

    text = FILES["protocol.toml"].replace(
        "[[visits]]", '[[inhalation_events]]\nid = "wheeze"\nterm = "Wheeze"\n[[visits]]', 1
    )
    trial = StaffedTrial(files=FILES | {"protocol.toml": text})
    trial.enrolled("S1")
    page = WorkingSite(trial).browser("nora").get("/subjects/S1/adverse-events/report?prespecified=wheeze&day=2")
    text = page.content.decode()
    assert 'name="term" type="text" maxlength="200" value="Wheeze"' in text
    assert 'name="prespecified" value="wheeze" checked' in text
    assert 'inputmode="numeric" value="2"' in text


def test_refused_report_keeps_everything_that_was_entered(ward):
    answer = report(ward, ended="2026-01-01T07:00", narrative="long told")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "AE-011" in page
    assert "long told" in page
    assert 'value="2026-01-01T07:00"' in page


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"onset": "yesterday"}, "TIME-001"),
        ({"onset": "2030-01-01T00:00"}, "AE-012"),
        ({"grade": "9"}, "AE-002"),
        ({"grade": "x"}, "FORM-014"),
        ({"term": "x" * 201}, "AE-001"),
        ({"serious": "boredom"}, "AE-003"),
        ({"serious": "death"}, "AE-004"),
        ({"serious": "hospitalisation", "aware": ""}, "AE-005"),
        ({"day": "10" * 400}, "AE-013"),
    ],
)
def test_wrong_entries_are_refused_with_a_code_and_nothing_is_written(ward, wrong, code):
    answer = report(ward, **wrong)
    assert answer.status_code in (400, 409)
    assert code in answer.content.decode()
    assert not ward.trial.trial.safety.adverse


def test_revision_needs_a_reason_and_shows_what_changed(ward):
    report(ward)
    ines = ward.browser("ines")
    seen = ward.trial.trial.safety.adverse[("S1", 1)][-1].seq
    sent = SENT | {"grade": "2", "seen": str(seen), "related_product": "possible", "expected": "no"}
    assert ines.post("/subjects/S1/adverse-events/1/revise", sent).status_code == 409
    assert ines.post("/subjects/S1/adverse-events/1/revise", sent | {"why": "worse"}).status_code == 303
    page = told(ines.get("/subjects/S1/adverse-events/1"))
    assert "grade 1 2" in page
    assert "related product not stated possible" in page
    assert "worse" in page


def test_second_of_two_revisers_is_told_that_somebody_was_first(ward):
    report(ward)
    ines = ward.browser("ines")
    seen = str(ward.trial.trial.safety.adverse[("S1", 1)][-1].seq)
    sent = SENT | {"seen": seen, "why": "more is known"}
    assert ines.post("/subjects/S1/adverse-events/1/revise", sent | {"grade": "2"}).status_code == 303
    second = ines.post("/subjects/S1/adverse-events/1/revise", sent | {"grade": "3"})
    assert second.status_code == 409
    assert "AE-007" in second.content.decode()
    assert latest(ward).grade == 2


def test_nurse_may_not_revise(ward):
    report(ward)
    assert ward.browser("nora").get("/subjects/S1/adverse-events/1/revise").status_code == 403


def test_serious_event_starts_the_clock_and_sending_it_stops_it(ward):
    report(ward, serious="hospitalisation")
    ines = ward.browser("ines")
    assert "left to the sponsor" in told(ines.get("/safety/clocks"))
    assert ines.post("/subjects/S1/adverse-events/1/forward", {"to": "sponsor"}).status_code == 303
    assert "sent in time" in told(ines.get("/safety/clocks"))


def test_follow_up_names_only_what_changed_since_it_was_sent(ward):
    report(ward, serious="hospitalisation")
    ines = ward.browser("ines")
    ines.post("/subjects/S1/adverse-events/1/forward", {"to": "sponsor"})
    sent = SENT | {"serious": "hospitalisation", "outcome": "recovered", "why": "over"}
    ines.post("/subjects/S1/adverse-events/1/revise", sent)
    page = told(ines.get("/safety/clocks"))
    assert "Changed since it was sent to the sponsor outcome not stated recovered" in page


def test_narrative_is_drafted_with_its_events_and_kept_when_saved(ward):
    ward.trial.dose(1)
    report(ward, day="1")
    ines = ward.browser("ines")
    page = told(ines.get("/subjects/S1/adverse-events/1/narrative"))
    assert "Subject S1, age not recorded, sex not recorded." in page
    assert "The dose of day 1 was given (2.0e8 vesicles)" in page
    assert "No other treatment is recorded." in page
    ines.post("/subjects/S1/adverse-events/1/narrative", {"narrative": "As it was.", "why": "written"})
    assert latest(ward).narrative == "As it was."
    assert latest(ward).term == "Cough"


def test_range_is_set_and_the_one_before_stays_in_view(site):
    from tests.support.laboratory_trial import LABORATORY
    from tests.support.staffed_trial import StaffedTrial
    from tests.web.working import WorkingSite

    working = WorkingSite(StaffedTrial(files=LABORATORY))
    dana = working.browser("dana")
    sent = {"site": "", "field": "alt", "low": "9", "high": "50", "begins": "2025-12-01"}
    assert dana.post("/safety/ranges/set", sent).status_code == 303
    assert dana.post("/safety/ranges/set", sent | {"high": "45", "begins": "2025-12-20"}).status_code == 303
    page = told(dana.get("/safety/ranges"))
    assert "9 to 45 U/L everybody, from 2025-12-20, in force" in page
    assert "9 to 50 U/L everybody, from 2025-12-01, before" in page
    refused = dana.post("/safety/ranges/set", sent | {"low": "60"})
    assert refused.status_code == 409
    assert 'value="60"' in refused.content.decode()


def test_hostile_text_is_shown_as_text_everywhere(ward):
    report(ward, term=SCRIPT[:200], narrative=SCRIPT)
    ines = ward.browser("ines")
    for address in ("", "/revise", "/narrative"):
        page = ines.get(f"/subjects/S1/adverse-events/1{address}").content.decode()
        assert "<script>hacked" not in page
        assert "hacked" in html.unescape(page)
    for address in (
        "/safety/adverse-events",
        f"/safety/adverse-events?subject={SCRIPT}",
        "/safety/clocks",
        "/safety/ranges",
    ):
        answer = ines.get(address)
        assert answer.status_code == 200
        assert "<script>hacked" not in answer.content.decode()
