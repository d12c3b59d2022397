"""Importing laboratory values: the file is read, its columns are named, the plan is seen, and then it is written."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.checked_trial import CheckedTrial
from tests.web.sources import told
from tests.web.working import WorkingSite

SHEET = "Subject,Visit,Date,WBC,Creatinine\nS1,Day 1,2026-01-01,6.1,0.9\nS9,Day 1,2026-01-01,5.0,1\nS1,Day 2,,many,1\n"
USES = {"use-0": "subject", "use-1": "visit", "use-2": "date", "use-3": "wbc", "use-4": "creatinine", "unit-4": "mg/dL"}


@pytest.fixture
def checked(site):
    trial = CheckedTrial()
    trial.screen()
    return WorkingSite(trial, site.source.blobs)


def send(checked: WorkingSite, step: str, sheet: str = SHEET, **changes: str):
    content = base64.b64encode(sheet.encode()).decode()
    sent = {"content": content, "name": "lab.csv", "form": "laboratory", "step": step, **USES, **changes}
    return checked.browser("nora").post("/imports", sent)


def test_file_is_read_and_its_columns_are_suggested(checked):
    sent = {"file": SimpleUploadedFile("lab.csv", SHEET.encode()), "form": "laboratory"}
    page = checked.browser("nora").post("/imports", sent).content.decode()
    assert '<option value="wbc" selected>' in page
    assert '<option value="subject" selected>' in page


def test_plan_accounts_for_every_row_and_writes_nothing(checked):
    before = checked.trial.trial.seq
    page = told(send(checked, "plan"))
    assert "Creatinine 79.6 μmol/L (from 0.9 mg/dL)" in page
    assert "no such subject" in page
    assert "is not a number" in page
    assert "Write 1 record" in page
    assert checked.trial.trial.seq - before <= 1, "signing in is all that was written"


@pytest.mark.part11(11)
def test_record_names_the_file_its_digest_and_the_line(checked):
    answer = send(checked, "write")
    assert answer.status_code == 303
    recorded, imported = checked.trial.door.history.events[-2:]
    assert recorded.body.values == {"wbc": "6.1", "creatinine": "79.6"}
    assert recorded.occurred == "2026-01-01"
    assert recorded.source.startswith(f"lab.csv, SHA-256 {imported.body.digest}, line 2")
    assert (imported.body.rows, imported.body.used, sum(imported.body.left_out.values())) == (3, 1, 2)


def test_same_file_twice_is_nothing_new(checked):
    send(checked, "write")
    assert "recorded already" in told(send(checked, "plan"))
    answer = send(checked, "write")
    assert answer.status_code == 409
    assert "IMPORT-004" in told(answer)


def test_value_that_differs_is_a_conflict_and_is_not_written(checked):
    checked.trial.record("laboratory", "D1", wbc="5.0")
    assert "a recorded value differs" in told(send(checked, "plan"))


@pytest.mark.parametrize(
    ("sheet", "changes", "said"),
    [
        ("Subject;Visit;WBC\nS1;Day 1;6,1\n", {"use-2": "wbc"}, "Say whether it is a decimal comma"),
        ("Subject,Visit;WBC\nS1,Day 1;6\n", {}, "Say whether it is a comma, a semicolon or a tab"),
        ("Subject,Visit,Creatinine\nS1,Day 1,1\n", {"use-2": "creatinine", "unit-2": "drams"}, "no unit"),
        ("Subject,Visit\n", {}, "no rows"),
        ("Subject,Subject\n1,2\n", {}, "does not name each column once"),
    ],
)
def test_what_the_file_does_not_say_is_asked(checked, sheet, changes, said):
    answer = send(checked, "plan", sheet, **changes)
    assert answer.status_code == 409
    assert said in told(answer)


def test_decimal_comma_is_read_once_it_is_confirmed(checked):
    sheet = "Subject;Visit;WBC\nS1;Day 1;6,1\n"
    assert "White blood cells 6.1" in told(send(checked, "plan", sheet, **{"use-2": "wbc", "decimal": "comma"}))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_marks_of_encoding_are_understood(checked, encoding):
    sent = {"file": SimpleUploadedFile("lab.csv", SHEET.encode(encoding)), "form": "laboratory"}
    assert "3 rows" in told(checked.browser("nora").post("/imports", sent))


def test_bytes_that_are_no_text_are_asked_about(checked):
    sent = {"file": SimpleUploadedFile("lab.csv", b"Subject,\xff\xfa\n1,2\n"), "form": "laboratory"}
    assert "Say in which encoding" in told(checked.browser("nora").post("/imports", sent))
