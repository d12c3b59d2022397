"""Scans leave with the data; reads only once they are final, the voided and the repeated ones too."""

from tests.support.read_trial import CHARTER, SEED, ReadTrial, seen

from firstbreath.trial.export_reading import reading_tables


def tables_of(trial):
    return {table.name: table for table in reading_tables(trial.trial, trial.charter, sees=lambda _site: True)}


def test_a_mean_has_a_total_and_no_segments():
    trial = ReadTrial(charter=CHARTER.replace('"consensus"', '"mean"')).passed("S1", "S2")
    trial.draw()
    trial.read_all("rosa", {"S1.D3.1": seen(R1=2, R2=0, L3=0)})
    trial.read_all("remy")
    trial.by("dana", {"act": "unblind_reads", "seeds": [SEED]})
    scores = tables_of(trial)["scan_scores"]
    assert [row for row in scores.rows if row[2] == "S1.D3.1"] == [
        ("S1", "D3", "S1.D3.1", "mean", *("",) * 6, "1")
    ]  # fmt: skip


def test_reads_of_somebody_who_was_replaced_leave_too_and_do_not_count():
    trial = ReadTrial().passed("S1", "S2")
    trial.draw()
    task = trial.next_task("rosa").drawn.task
    trial.sign("rosa", seen(R1=2, R2=0, L3=0))
    trial.replace("rosa", "rani")
    trial.read_all("rani")
    trial.read_all("remy")
    assert trial.by("dana", {"act": "unblind_reads", "seeds": [SEED, SEED]}).events
    reads = tables_of(trial)["reads"]
    at = reads.columns.index
    without = {(row[at("reader")], row[at("task")]) for row in reads.rows if row[at("counts")] == "no"}
    assert without == {("rosa", task)}
    assert {row[at("reader")] for row in reads.rows if row[at("counts")] == "yes"} == {"rani", "remy"}


def test_what_was_said_of_a_lung_mask_leaves_band_by_band():
    trial = ReadTrial().passed("S1", "S2")
    trial.draw()
    trial.read_all("rosa")
    trial.read_all("remy")
    trial.by("dana", {"act": "unblind_reads", "seeds": [SEED]})
    told = {"act": "judge_mask", "scan": "S1.D3.1", "accepted": True, "method": "threshold", "mask_ml": 3100.5}
    trial.by("rosa", told | {"bands_ml": {"laa_950": 12.0, "normal": 2000.5}}, role="radiologist")
    masks = tables_of(trial)["lung_masks"]
    assert [row[:8] for row in masks.rows] == [
        ("S1", "D3", "S1.D3.1", "threshold", "yes", "3100.5", "laa_950", "12"),
        ("S1", "D3", "S1.D3.1", "threshold", "yes", "3100.5", "normal", "2000.5"),
    ]


def test_reads_leave_when_they_are_final():
    trial = ReadTrial().passed("S1", "S2")
    trial.draw()
    task = trial.next_task("rosa").drawn.task
    trial.sign("rosa", seen(R1=2, R2=0, L3=0))
    trial.by("rosa", {"act": "void_read", "task": task}, reason="wrong side")
    trial.read_all("rosa", {"S1.D3.1": seen(R1=None, R2=0, L3=0)})
    trial.read_all("remy", {"S1.D3.1": seen(R1=None, R2=0, L3=0)})
    assert set(tables_of(trial)) == {"scans"}  # neither reads nor the lines drawn in them
    trial.by("dana", {"act": "unblind_reads", "seeds": [SEED]})
    tables = tables_of(trial)
    reads, scores = tables["reads"], tables["scan_scores"]
    assert len(reads.rows) == (5 + 5 + 1) * 3
    at = reads.columns.index
    voided = [row for row in reads.rows if row[at("counts")] == "no"]
    assert {(row[at("task")], row[at("reader")]) for row in voided} == {(task, "rosa")}
    unclear = [row for row in scores.rows if row[2] == "S1.D3.1"]
    assert [row[scores.columns.index("points")] for row in unclear] == ["NE", "0", "0"]
    assert {row[-1] for row in unclear} == {""}
    hidden = reading_tables(trial.trial, trial.charter, sees=lambda _site: False)
    assert all(not table.rows for table in hidden)


def test_lines_leave_with_their_segments():
    trial = ReadTrial().passed("S1", "S2")
    trial.draw()
    task = trial.next_task("rosa").drawn
    lines = [{"slice": 2, "start": (1, 2), "end": (5.25, 2), "mm": 4.3, "segment": name} for name in ("R2", "")]
    trial.by("rosa", {"act": "sign_read", "task": task.task, "segments": seen(R1=0, R2=0, L3=0), "lines": lines})
    trial.read_all("rosa")
    trial.read_all("remy")
    assert "measured_lines" not in tables_of(trial)
    trial.by("dana", {"act": "unblind_reads", "seeds": [SEED]})
    table = tables_of(trial)["measured_lines"]
    about = (task.scan, task.task, "rosa", "no", "yes")
    assert [row[2:-2] for row in table.rows] == [
        (*about, "R2", "3", "1", "2", "5.25", "2", "4.3"),
        (*about, "", "3", "1", "2", "5.25", "2", "4.3"),
    ]
    assert {len(row) for row in table.rows} == {len(table.columns)}
