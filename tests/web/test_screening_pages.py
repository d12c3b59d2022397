"""Opening screening and the screening log."""

import pytest
from tests.support.small_trial import FILES
from tests.support.staffed_trial import StaffedTrial
from tests.web.sources import SCRIPT, told
from tests.web.working import WorkingSite, value_of

from firstbreath.subjects.codes import suggest_code

SITES = FILES | {
    "protocol.toml": FILES["protocol.toml"].replace("subjects_planned", 'sites = ["North", "South"]\nsubjects_planned')
}


@pytest.mark.parametrize(
    ("taken", "next_code"),
    [([], "S1"), (["P1", "P2"], "P3"), (["007"], "008"), (["A", "B-09"], "B-10"), (["S2", "S1"], "S3"), (["X"], "S1")],
)
def test_next_free_code_is_suggested(taken, next_code):
    assert suggest_code(taken) == next_code


def test_nurse_opens_screening_under_the_suggested_code(site):
    nora = site.browser("nora")
    code = value_of(nora.get("/screening/open"), "subject")
    answer = nora.post("/screening/open", {"subject": code, "request_id": "a"})
    assert (code, answer.status_code) == ("S1", 303)
    assert site.trial.door.refresh().subjects.get("S1")


def test_code_taken_meanwhile_is_told(site):
    site.trial.act("open_screening", "S1")
    answer = site.browser("nora").post("/screening/open", {"subject": "S1"})
    assert answer.status_code == 409
    assert "SUBJ-003" in told(answer)
    assert value_of(answer, "subject") == "S1"


@pytest.mark.parametrize("text", [SCRIPT, "Zhang Wei", "1950-01-01 ", "x" * 5000, "\x00", ""])
def test_what_is_no_code_is_refused_and_never_kept(site, text):
    answer = site.browser("nora").post("/screening/open", {"subject": text or " "})
    assert answer.status_code in (303, 409)
    assert "Zhang" not in str(site.trial.door.history.events[-1])


def test_person_opens_screening_at_their_own_site_alone(site):
    north = WorkingSite(StaffedTrial(files=SITES, site="North"), site.source.blobs)
    nora = north.browser("nora")
    page = nora.get("/screening/open")
    assert value_of(page, "site") == "North"
    assert "South" not in told(page)
    assert nora.post("/screening/open", {"subject": "S1", "site": "South"}).status_code == 409
    assert nora.post("/screening/open", {"subject": "S1", "site": "West"}).status_code == 409
    assert nora.post("/screening/open", {"subject": "S1", "site": "North"}).status_code == 303


def test_log_names_everybody_with_what_came_of_it_and_why(site):
    site.trial.screen("S1", age="80")
    site.trial.by("ines", {"act": "end_participation", "subject": "S1", "how": "screen_failure"}, reason="Too old")
    site.trial.ready("S2").enrol("S2")
    text = told(site.browser("mona").get("/screening"))
    assert (
        "S1 2026-01-01 – Screen failure 2026-01-01 Criterion I1 (inclusion) is not met: Age: 80 years. Too old" in text
    )
    assert "S2 2026-01-01 2026-01-01 Enrolled" in text
