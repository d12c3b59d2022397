"""The audit trail in the browser: filters, who sees what, exports as events, and the way back from a number."""

import csv
import hashlib
import io
import json
import zipfile

import pytest
from tests.support.checked_trial import CheckedTrial
from tests.web.sources import told
from tests.web.test_log_pages import seqs
from tests.web.working import WorkingSite

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def checked(site):
    """Two subjects of two sites; the investigator and the nurse work at the first."""
    trial = CheckedTrial(site="Wuhan")
    trial.act("open_screening", "S1", site="Wuhan")
    trial.record("demographics", "screening", age="50", severe_allergy="no")
    trial.record("laboratory", "screening", wbc="6.1")
    trial.correct("laboratory", "screening", reason=FORMULA, wbc="6.2")
    trial.by("ada", {"act": "grant_role", "account": "rosa", "role": "nurse", "site": "Other"})
    trial.by("rosa", {"act": "open_screening", "subject": "X1", "site": "Other"}, role="nurse")
    return WorkingSite(trial, site.source.blobs)


def shown(checked: WorkingSite, account: str = "dana", **asked: str) -> set[str]:
    page = checked.browser(account).get("/log", asked).content
    events = checked.trial.door.history.events
    return {events[seq - 1].kind for seq in seqs(page)}


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ({"only": "changes"}, {"form_corrected"}),
        ({"only": "sign-ins"}, {"signed_in"}),
        ({"field": "wbc"}, {"form_recorded", "form_corrected"}),
        ({"person": "rosa", "subject": "X1"}, {"screening_opened"}),
        ({"role": "administrator", "kind": "role_granted"}, {"role_granted"}),
        ({"since": "2030-01-01"}, set()),
    ],
)
def test_log_is_filtered(checked, asked, kinds):
    assert shown(checked, **asked) == kinds


def test_person_of_one_site_sees_the_events_of_its_subjects_only(checked):
    assert "X1" in told(checked.browser("dana").get("/log?kind=screening_opened"))
    assert "X1" not in told(checked.browser("ines").get("/log?kind=screening_opened"))
    events = checked.trial.door.history.events
    other = next(event.seq for event in events if event.subject == "X1")
    assert checked.browser("ines").get(f"/log/{other}").status_code == 403
    assert checked.browser("ines").get(f"/log/{other}/record").status_code == 403


@pytest.mark.parametrize("what", ["data-csv", "data-json", "log-csv", "log-lines"])
def test_export_is_an_event_with_its_digest(checked, what):
    answer = checked.browser("dana").post("/exports", {"what": what})
    event = checked.trial.door.history.events[-1]
    assert event.kind == "export_made"
    assert event.body.digest == hashlib.sha256(answer.content).hexdigest()
    assert event.body.records > 0
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.part11(8)
@pytest.mark.part11(3)
def test_whole_log_is_exported_with_reasons_and_can_be_followed_without_this_software(checked):
    content = checked.browser("dana").post("/exports", {"what": "log-lines"}).content
    lines = content.splitlines()[1:]
    previous = bytes(32)
    for line in lines:
        record = line[line.index(b'"record":') + 9 : -1]
        previous = hashlib.sha256(previous + record).digest()
        assert json.loads(line)["hash"] == previous.hex()
    assert json.loads(lines[-1])["record"]["seq"] == len(lines)


def test_spreadsheet_gets_no_formula(checked):
    content = checked.browser("dana").post("/exports", {"what": "log-csv"}).content.decode()
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["reason"] for row in rows if row["kind"] == "form_corrected"] == [f"'{FORMULA}"]


def test_same_log_gives_the_same_bytes(checked):
    from firstbreath.trial.export import export_tables, mark_export, render_tables_zip

    trial = checked.trial.trial

    def made() -> bytes:
        tables = export_tables(trial, sees_site=lambda _site: True, sees=lambda _what: True)
        return render_tables_zip(tables, mark_export(trial, "1:00"))

    assert made() == made()


def test_data_of_one_site_stay_at_that_site(checked):
    content = checked.browser("ines").post("/exports", {"what": "data-csv"}).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        subjects = archive.read("subjects.csv").decode()
        laboratory = archive.read("laboratory.csv").decode()
    assert "S1" in subjects
    assert "X1" not in subjects
    assert "6.2" in laboratory
    assert checked.trial.door.history.events[-1].body.site == "Wuhan"


def test_nurse_exports_nothing(checked):
    assert checked.browser("nora").post("/exports", {"what": "data-csv"}).status_code == 403


def test_review_of_the_trail_shows_changes_after_a_signature_and_late_entries(checked):
    trial = checked.trial
    first = trial.trial.subjects.by_code["S1"].forms["laboratory", "screening", 1][-1].seq
    trial.sign(first)
    trial.correct("laboratory", "screening", reason="the sheet was read again", wbc="6.3")
    values = {
        "act": "record_form",
        "subject": "S1",
        "form": "skin_test",
        "visit": "D1",
        "values": {"skin_test_done": "yes"},
    }
    trial.by("nora", values, occurred="2025-12-20")
    page = told(checked.browser("dana").get("/audit"))
    assert "the sheet was read again" in page
    assert "Written a day or more after it happened: 1" in page
    assert "11 days" in page


def test_event_leads_back_to_the_numbers_of_the_paper(published):
    event = next(row.sources[0] for row in published_rows(published) if row.sources)
    assert "Number of the paper" in told(published.get(f"/log/{event}"))
    value = "/values?subject=P1&form=demographics&visit=screening&field=age"
    assert "Number of the paper" in told(published.get(value))


def published_rows(published):
    from firstbreath.paper.results import compute_results
    from firstbreath.web.source import SOURCE

    return compute_results(published.defaults[SOURCE].history().now)
