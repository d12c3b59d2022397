"""The rows of the reading: totals, agreement of independent reads, hidden repeats, the change by each reader."""

import pytest
from tests.support.read_trial import CHARTER, READ_FILES, SEED, ReadTrial, seen
from tests.support.small_trial import is_allowed

from firstbreath.paper.reading_block import compose_reading
from firstbreath.paper.reading_rows import compute_reading_results
from firstbreath.paper.results import compute_results

ANALYSIS = """
[analysis]
[[analysis.endpoints]]
id = "ct"
label = "CT score"
unit = "points"
before = { charter = true, visit = "screening" }
after = { charter = true, visit = "D3" }
better = "lower"
"""
ROSA = {
    "S1.screening.1": seen(R1=2, R2=2, L3=1),
    "S1.D3.1": seen(R1=1, R2=1, L3=0),
    "S2.screening.1": seen(R1=2, R2=1, L3=1),
    "S2.D3.1": seen(R1=0, R2=1, L3=0),
    "S3.screening.1": seen(R1=1, R2=0, L3=2),
    "S3.D3.1": seen(R1=1, R2=0, L3=1),
}
REMY = ROSA | {"S1.screening.1": seen(R1=2, R2=1, L3=1), "S3.D3.1": seen(R1=1, R2=0, L3=None)}


@pytest.fixture(scope="module")
def read():
    READ_FILES["analysis.toml"] = ANALYSIS
    try:
        trial = ReadTrial(charter=CHARTER)
    finally:
        del READ_FILES["analysis.toml"]
    for subject in ("S1", "S2", "S3"):
        trial.enrolled(subject)
        trial.review(subject)
    assert trial.trial.subjects.enrolled == ("S1", "S2", "S3")
    trial.passed("S1", "S2", "S3")
    assert is_allowed(trial.draw())
    trial.read_all("rosa", ROSA)
    trial.read_all("remy", REMY)
    for scan, points in (("S1.screening.1", {"R2": 2}), ("S3.D3.1", {"L3": 1})):
        entries = {name: each | {"why": "seen together"} for name, each in seen(**points).items()}
        asked = {"act": "propose_consensus", "case": trial.case_of(scan), "segments": entries}
        trial.by("rosa", asked)
        agreed = {"act": "agree_consensus", "case": trial.case_of(scan), "proposal": trial.trial.seq}
        assert is_allowed(trial.by("remy", agreed, role="radiologist"))
    return trial


def test_two_people_in_one_place_are_one_column_and_said_to_be_two():
    trial = ReadTrial(charter=CHARTER).passed("S1", "S2")
    trial.draw()
    trial.read_all("rosa", ROSA)
    trial.read_all("remy", ROSA)
    trial.replace("remy", "rani")
    trial.passed("S3", "S4")
    assert is_allowed(trial.draw("rosa", "rani"))
    trial.read_all("rosa", ROSA)
    trial.read_all("rani", ROSA)
    assert is_allowed(trial.by("dana", {"act": "unblind_reads", "seeds": [SEED, SEED, SEED]}))
    rows = {row.id: row for row in compute_reading_results(trial.trial, trial.trial.protocol)}
    assert [rows[f"READ.{scan}.B"].value for scan in ("S1.screening.1", "S3.screening.1")] == ["5", "3"]
    assert "READ.S3.screening.1.C" not in rows
    assert (rows["READ.readers.B"].printed, "READ.readers.A" in rows) == ("2", False)
    assert rows["READ.repeats.B.scans"].value == "2"
    statements = compose_reading(trial.trial.protocol, rows)[0].statements
    said = "".join(cell.text for each in statements for cell in each.pieces)
    assert "Reader B: 2 people" in said


def rows_of(trial):
    return {row.id: row for row in compute_results(trial.trial)}


def test_nothing_leaves_before_the_reads_are_final(read):
    assert compute_reading_results(read.trial, read.trial.protocol) == []
    assert "sealed" in rows_of(read)["E.ct.typical.estimate"].method


class TestFinal:
    @pytest.fixture(autouse=True)
    def final(self, read):
        if read.reading.unblinded is None:
            assert is_allowed(read.by("dana", {"act": "unblind_reads", "seeds": [SEED]}))

    def test_totals_by_reader_and_the_one_that_counts(self, read):
        rows = rows_of(read)
        assert [rows[f"READ.S1.screening.1.{name}"].value for name in ("A", "B", "final")] == ["5", "4", "5"]
        assert rows["READ.S1.screening.1.final"].method == "consensus"
        assert rows["READ.S2.D3.1.final"].method == "agreed"
        assert rows["READ.S3.D3.1.B"].printed == "N/A"
        assert rows["READ.S3.D3.1.final"].value == "2"

    def test_endpoint_comes_from_the_settled_score_with_its_events(self, read):
        rows = rows_of(read)
        assert (rows["E.ct.S1.before"].value, rows["E.ct.S1.after"].value) == ("5", "2")
        kinds = {read.door.history.events[seq - 1].kind for seq in rows["E.ct.S1.before"].sources}
        assert kinds == {"read_signed", "consensus_proposed", "consensus_agreed"}

    def test_agreement_is_of_the_independent_reads(self, read):
        rows = rows_of(read)
        assert rows["READ.pairs"].value == "17"
        assert rows["READ.left_out"].value == "1"
        assert rows["READ.same"].value == "16/17"
        assert rows["READ.repeats.A.scans"].value == "2"
        assert rows["READ.repeats.A.same"].value == "1"

    def test_change_by_each_reader(self, read):
        rows = rows_of(read)
        assert rows["READ.change.ct.final.typical"].group == "settled"
        # differences of A: -3, -3, -1; of B, who could not score one scan of S3: -2, -3
        assert [rows[f"READ.change.ct.{who}.typical"].value for who in ("final", "A", "B")] == ["-5/2"] * 3
        assert [rows[f"READ.change.ct.{who}.p"].value for who in ("final", "A", "B")] == ["1/4", "1/4", "1/2"]

    def test_segments_tell_where_it_changed(self, read):
        rows = rows_of(read)

        def told(segment):
            parts = ("n", "before", "after", "lower", "higher")
            return [rows[f"READ.segment.ct.{segment}.{part}"].printed for part in parts]

        # settled before: R1 2 2 1, R2 2 1 0, L3 1 1 2; after: R1 1 0 1, R2 1 1 0, L3 0 0 1
        assert told("R1") == ["3", "2", "1", "2", "0"]
        assert told("R2") == ["3", "1", "1", "1", "0"]
        assert told("L3") == ["3", "1", "0", "3", "0"]

    def test_every_cell_of_the_block_is_a_row(self, read):
        rows = rows_of(read)
        blocks = compose_reading(read.trial.protocol, rows)
        assert [block.id for block in blocks] == ["READ", "READ.ct", "READ.ct.map"]
        said = "".join(cell.text for statement in blocks[0].statements for cell in statement.pieces)
        assert "Equal scores: in 94 % of segments" in said
        assert all(cell.result in rows for block in blocks for line in block.table.rows for cell in line if cell.result)


@pytest.mark.parametrize(("readers", "agreement"), [(("rosa",), "mean"), (("rosa", "remy", "rani"), "mean")])
def test_other_numbers_of_readers_are_told_too(readers, agreement):
    charter = CHARTER.replace("readers = 2", f"readers = {len(readers)}").replace('"consensus"', f'"{agreement}"')
    trial = ReadTrial(charter=charter).passed("S1", "S2")
    assert is_allowed(trial.draw(*readers))
    for reader in readers:
        trial.read_all(reader, ROSA)
    assert is_allowed(trial.by("dana", {"act": "unblind_reads", "seeds": [SEED]}))
    rows = rows_of(trial)
    assert rows["READ.S1.screening.1.final"].value == "5"
    assert rows["READ.scans"].value == "4"
    assert ("READ.icc_2_1" in rows) is (len(readers) > 1)
