"""The published trial, replayed: what the paper prints goes through the same door as a live trial."""

import json
import sqlite3

import pytest

from firstbreath.cli.demo import replay_study
from firstbreath.cli.files import new_folder
from firstbreath.cli.study import Study
from firstbreath.events.kinds import ActRefused, FormRecorded
from firstbreath.paper.results import compute_results
from firstbreath.trial.fold import fold
from firstbreath.trial.gates import enrolment_gate


@pytest.fixture(scope="module")
def events(replayed):
    return [event for event, _ in Study(replayed, read_only=True).events()]


@pytest.fixture(scope="module")
def results(events):
    return {row.id: row for row in compute_results(fold(events))}


class TestFacts:
    """Only what the paper prints is there, each fact with its place."""

    def test_seven_patients_with_thirty_five_doses(self, events):
        """Seven subjects are enrolled and each is given five doses; nothing is refused."""
        trial = fold(events)
        assert trial.subjects.enrolled == ("P1", "P2", "P3", "P4", "P5", "P6", "P7")
        assert sum(len(subject.doses) for subject in trial.subjects.all()) == 35
        assert not any(isinstance(event.body, ActRefused) for event in events)

    def test_every_event_names_its_place(self, events):
        """Every event after the first has its place in the paper as source."""
        assert [event.seq for event in events if not event.source] == []

    def test_unprinted_values_are_absent(self, events):
        """The text prints no laboratory values or vital signs per patient at the doses: no such form is recorded."""
        forms = {event.body.form for event in events if isinstance(event.body, FormRecorded)}
        assert forms.isdisjoint({"laboratory", "vital_signs"})

    def test_uncounted_people_are_absent_not_zero(self, results):
        """The paper does not print how many were screened: the flow says so instead of saying seven and none."""
        steps = ("screened", "not_enrolled", "enrolled", "ended")
        assert [results[f"FLOW.{step}"].printed for step in steps] == ["N/A", "N/A", "7", "N/A"]

    def test_stamp_is_on_the_trial(self, events):
        """The replay is stamped as one."""
        assert fold(events).stamp == "REPLAY OF PUBLISHED FACTS"


class TestNumbers:
    """The numbers of the text come out of the tables again."""

    @pytest.mark.parametrize(
        ("variable", "printed"),
        [("age", ("57", "43", "70")), ("admission", ("30", "15", "40")), ("nebulisation", ("54", "34", "69"))],
    )
    def test_medians_and_quartiles(self, results, variable, printed):
        """Median and quartiles by Hyndman-Fan type 6 are the printed ones."""
        parts = ("median", "first_quartile", "third_quartile")
        assert tuple(results[f"S.{variable}.{part}"].printed for part in parts) == printed

    @pytest.mark.parametrize(
        ("variable", "count"),
        [("male", "4"), ("female", "3"), ("cough", "5"), ("corticosteroids", "3"), ("plasma", "4")],
    )
    def test_counts(self, results, variable, count):
        """Counts of patients are the printed ones."""
        assert (results[f"S.{variable}.k"].printed, results[f"S.{variable}.n"].printed) == (count, "7")

    def test_total_dose_is_five_times_the_daily_one(self, results):
        """Each patient's total is 1.0e9 vesicles, which is not the 2.0e9 of the abstract."""
        assert {results[f"EX.P{n}.total"].value for n in range(1, 8)} == {"1000000000"}

    def test_every_number_has_sources(self, results):
        """A number that says something names the events it came from."""
        silent = [row.id for row in results.values() if not row.sources and row.printed not in ("N/A", "0")]
        assert silent == []


class TestReplayIsReproducible:
    """Anyone's replay is the same to the last byte."""

    def test_two_replays_have_the_same_head(self, replayed, tmp_path):
        """A second replay, elsewhere, ends at the same hash."""
        with new_folder(tmp_path / "again") as made:
            replay_study("mexcovid", made)
        heads = [Study(folder, read_only=True).store.head() for folder in (replayed, tmp_path / "again")]
        assert heads[0] == heads[1]

    def test_paper_is_byte_identical(self, cli, study, tmp_path):
        """Writing the paper twice gives the same bytes, in every format."""
        assert cli("paper", study, "--out", tmp_path / "a").code == 0
        assert cli("paper", study, "--out", tmp_path / "b").code == 0
        first = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
        second = {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}
        assert first == second
        assert {"paper.html", "paper.pdf", "paper.docx", "results.json", "results.csv"} <= first.keys()

    def test_rows_of_every_format_agree(self, cli, study, tmp_path):
        """The JSON rows are the numbers of the HTML: each row's printed text stands in the page."""
        cli("paper", study, "--out", tmp_path)
        page = (tmp_path / "paper.html").read_text()
        rows = json.loads((tmp_path / "results.json").read_text())
        assert len(rows) > 300
        assert [row["id"] for row in rows if f'id="r-{row["id"]}"' not in page] == []


class TestGateInThePast:
    """The state can be asked as of any moment."""

    def test_closed_before_the_first_review(self, cli, replayed, events):
        """As of the event before the first review, enrolment is closed, and the reason names the patient."""
        first_review = next(event.seq for event in events if event.kind == "review_recorded")
        done = cli("state", replayed, "--as-of", first_review - 1, "--json")
        state = json.loads(done.out)
        assert state["enrolment"]["open"] is False
        assert "P1" in state["enrolment"]["reasons"][0]["text"]
        assert json.loads(cli("state", replayed, "--as-of", first_review, "--json").out)["enrolment"]["open"] is True

    def test_every_next_patient_waited(self, events):
        """Just before each enrolment the gate was open, and just after it closed."""
        for event in events:
            if event.kind == "subject_enrolled":
                assert enrolment_gate(fold(events[: event.seq - 1])).word == "open"
                assert enrolment_gate(fold(events[: event.seq])).word == "closed"


class TestTampering:
    """What was changed behind its back is named."""

    def test_changed_record_is_named(self, cli, study):
        """After a byte of a record is changed, verification ends with 1 and names that record."""
        assert cli("verify", study).code == 0
        tamper(study, "UPDATE log SET record = CAST(replace(CAST(record AS TEXT), 'Penicillin', 'Penicillim') AS BLOB)")
        done = cli("verify", study)
        assert done.code == 1
        assert "BROKEN record 95 does not match its hash" in done.err

    def test_rewritten_log_is_found_from_a_printout(self, cli, study):
        """A log that was rewritten whole, with new hashes, is found out by the head of an old printout."""
        head = json.loads(cli("verify", study, "--json").out)["head"]
        store = Study(study).store
        from firstbreath.events.chain import Head, chain_hash

        rows, previous = list(store.rows()), bytes(32)
        tamper(study, "DELETE FROM log")
        connection = sqlite3.connect(study / "log.sqlite")
        for seq, record, _ in rows:
            changed = record.replace(b"Penicillin", b"None......")
            previous = chain_hash(previous, changed)
            connection.execute("INSERT INTO log VALUES (?, ?, ?)", (seq, changed, previous))
        connection.commit()
        assert Head(*connection.execute("SELECT seq, hash FROM log ORDER BY seq DESC").fetchone()).printed != head
        assert cli("verify", study).code == 0
        done = cli("verify", study, "--head", head)
        assert (done.code, "a known head differs" in done.err) == (1, True)

    def test_forged_head_does_not_hide_a_true_one(self, cli, study):
        """Of two heads of one place, both must fit: a forged one beside the true one is found out."""
        head = json.loads(cli("verify", study, "--json").out)["head"]
        forged = head[:-2] + ("00" if head[-2:] != "00" else "11")
        for heads in ((head, forged), (forged, head)):
            assert cli("verify", study, "--head", heads[0], "--head", heads[1]).code == 1

    def test_truncated_log_is_found_by_its_signed_head(self, cli, study):
        """A log that lost its end after its head was signed is found out."""
        assert cli("paper", study).code == 0
        tamper(study, "DELETE FROM log WHERE seq > 120")
        done = cli("verify", study)
        assert (done.code, "record 121 is missing" in done.err) == (1, True)

    def test_forged_signature_is_named(self, cli, study):
        """A signed head whose signature does not fit is named."""
        cli("paper", study)
        heads = (study / "heads.jsonl").read_text()
        signature = json.loads(heads)["signature"]
        (study / "heads.jsonl").write_text(heads.replace(signature, signature[::-1]))
        assert "its signature does not fit" in cli("verify", study).err


def tamper(study, statement):
    """Change a log as someone would who has the file and can drop its triggers."""
    connection = sqlite3.connect(study / "log.sqlite")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    connection.commit()
    connection.close()
