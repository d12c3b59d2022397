"""Reading of scans: two blinded readers, an order that can be shown, one score that can be traced.

A reader knows a code and the images; nobody knows a score before all reads are final.
"""

import pytest
from tests.support.read_trial import CHARTER, SEED, ReadTrial, seen
from tests.support.small_trial import codes, is_allowed

from firstbreath.reading.order import draw_order, seal_of
from firstbreath.reading.scoring import differing_of, settle
from firstbreath.trial.draws import strange_draws


@pytest.fixture
def drawn() -> ReadTrial:
    trial = ReadTrial().passed("S1", "S2")
    trial.draw()
    return trial


def settle_all(trial: ReadTrial, scan: str, **points: int | None) -> None:
    entries = {name: each | {"why": "seen together"} for name, each in seen(**points).items()}
    trial.by("rosa", {"act": "propose_consensus", "case": trial.case_of(scan), "segments": entries})
    agreed = {"act": "agree_consensus", "case": trial.case_of(scan), "proposal": trial.trial.seq}
    assert is_allowed(trial.by("remy", agreed, role="radiologist"))


class TestScans:
    """A scan is filed under a subject and a visit, looked at by a person, and only then read."""

    def test_scan_that_nobody_looked_at_is_not_read(self):
        """No order is drawn while a scan is neither passed nor rejected."""
        trial = ReadTrial().passed("S1", "S2")
        trial.screen("S3")
        trial.file("S3")
        assert codes(trial.draw()) == ["READ-023"]
        trial.by("dana", {"act": "reject_scan", "scan": "S3.screening.1"}, reason="a name is burned in")
        assert is_allowed(trial.draw())

    def test_one_scan_of_a_visit_counts(self):
        """A second scan of a visit is refused until the first is rejected, with a reason."""
        trial = ReadTrial().passed("S1")
        assert codes(trial.file("S1")) == ["SCAN-052"]


class TestOrder:
    """Each reader has an order of their own, drawn from a seed that is sealed until the reads are final."""

    def test_seal_is_in_the_log_and_the_seed_is_not(self, drawn):
        """What is written down is the SHA-256 of the seed."""
        assert drawn.drawn().seal == seal_of(SEED)
        assert SEED.encode() not in b"".join(record.data for record in drawn.door.store.records())

    def test_two_scans_of_a_patient_are_never_neighbours(self):
        """Nor is a repeat near its first reading; where that cannot be, no order is drawn."""
        scans = {f"P{n}.{visit}": f"P{n}" for n in range(7) for visit in ("before", "after")}
        tasks, _ = draw_order(scans, ("one",), SEED, repeats_percent=20, apart=1)
        subjects = [scans[task.scan] for task in tasks]
        assert all(subjects[n] != subjects[n + 1] for n in range(len(subjects) - 1))
        places: dict[str, list[int]] = {}
        for task in tasks:
            places.setdefault(task.scan, []).append(task.position)
        assert sorted(len(each) for each in places.values())[-3:] == [2, 2, 2]
        assert all(each[1] - each[0] > len(tasks) // 3 for each in places.values() if len(each) > 1)
        assert codes(ReadTrial().passed("S1").draw()) == ["READ-025"]

    def test_whoever_has_another_role_does_not_read(self, drawn):
        """A reader who is given another role is not blind any more, and is refused."""
        drawn.by("ada", {"act": "grant_role", "account": "rosa", "role": "monitor"})
        assert codes(drawn.sign("rosa")) == ["READ-026"]


class TestReads:
    """A read is complete, signed in the order drawn, and never changed."""

    def test_nothing_is_signed_before_every_segment_is_scored(self, drawn):
        """A segment is scored, or said to be not evaluable, which is not 0: then there is no total."""
        assert codes(drawn.sign("rosa", seen(R1=0, R2=0))) == ["READ-010"]
        assert is_allowed(drawn.sign("rosa", seen(R1=0, R2=0, L3=None)))
        assert drawn.reading.tasks_of("rosa")[0].read.total is None

    def test_signed_read_is_not_changed(self, drawn):
        """It can be voided, with a reason; it stays, and the scan is read again."""
        task = drawn.next_task("rosa").drawn.task
        drawn.sign("rosa", seen(R1=2, R2=0, L3=0))
        assert codes(drawn.sign("rosa", seen(R1=0, R2=0, L3=0), task=task)) == ["READ-032"]
        assert is_allowed(drawn.by("rosa", {"act": "void_read", "task": task}, reason="sides exchanged"))
        assert drawn.next_task("rosa").drawn.task == task
        assert drawn.reading.tasks[task].voided[0].body.segments["R1"].points == 2

    def test_order_is_kept(self, drawn):
        """The next scan is opened when the one before is signed."""
        second = drawn.reading.tasks_of("rosa")[1].drawn.task
        assert codes(drawn.sign("rosa", task=second)) == ["READ-033"]


class TestDifferences:
    """Where reads differ by the charter's rule, a third record settles it; both originals stay."""

    def test_reads_are_compared_only_when_all_are_signed(self, drawn):
        """A comparison before that would tell which scans come twice."""
        drawn.read_all("rosa", {"S1.D3.1": seen(R1=2, R2=0, L3=0)})
        scan = drawn.reading.scans["S1.D3.1"]
        assert differing_of(drawn.reading, drawn.charter, scan) is None
        drawn.read_all("remy")
        assert differing_of(drawn.reading, drawn.charter, scan) == ("R1",)

    def test_consensus_takes_two_signatures_and_a_reason_for_each_segment(self, drawn):
        """The score that counts then names both, and the reads it rests on."""
        drawn.read_all("rosa", {"S1.D3.1": seen(R1=2, R2=0, L3=0)})
        drawn.read_all("remy")
        bare = {"act": "propose_consensus", "case": drawn.case_of("S1.D3.1"), "segments": seen(R1=1)}
        assert codes(drawn.by("rosa", bare)) == ["READ-012"]
        settle_all(drawn, "S1.D3.1", R1=1)
        settled = settle(drawn.reading, drawn.charter, drawn.reading.scans["S1.D3.1"])
        assert (settled.total, settled.how, len(settled.sources)) == (1, "consensus", 4)

    def test_adjudicator_has_read_neither(self):
        """Where the charter names an adjudicator, a third reader settles alone."""
        trial = ReadTrial(charter=CHARTER.replace('"consensus"', '"adjudicator"')).passed("S1", "S2")
        trial.draw()
        trial.read_all("rosa", {"S1.D3.1": seen(R1=2, R2=0, L3=0)})
        trial.read_all("remy")
        entries = {"R1": seen(R1=1)["R1"] | {"why": "8 mm"}}
        asked = {"act": "adjudicate_scan", "case": trial.case_of("S1.D3.1"), "segments": entries}
        assert codes(trial.by("remy", asked, role="radiologist")) == ["READ-040"]
        assert is_allowed(trial.by("rani", asked, role="radiologist"))


class TestReaderWhoLeaves:
    """A reader falls ill, or learns too much: another takes the place, and nothing that was signed is lost."""

    def test_who_follows_reads_anew_what_not_all_had_signed(self, drawn):
        """In an order of their own; what the other had signed stays on record and does not count."""
        drawn.sign("rosa", seen(R1=2, R2=0, L3=0))
        left = {task.drawn.scan for task in drawn.reading.tasks_of("rosa")}
        signed = drawn.reading.tasks_of("rosa")[0]
        assert is_allowed(drawn.replace("rosa", "rani"))
        assert drawn.reading.tasks_of("rosa") == []
        assert {task.drawn.scan for task in drawn.reading.tasks_of("rani")} == left
        assert drawn.reading.tasks[signed.drawn.task].read == signed.read
        assert codes(drawn.sign("rosa", task=signed.drawn.task)) == ["READ-031"]

    def test_scans_that_every_reader_signed_keep_their_reads(self, drawn):
        """Whoever follows settles their differences, and reads the scans of later draws."""
        drawn.read_all("rosa", {"S1.D3.1": seen(R1=2, R2=0, L3=0)})
        drawn.read_all("remy")
        assert is_allowed(drawn.replace("rosa", "rani"))
        assert drawn.reading.tasks_of("rani") == []
        entries = {"R1": seen(R1=1)["R1"] | {"why": "8 mm"}}
        proposed = {"act": "propose_consensus", "case": drawn.case_of("S1.D3.1"), "segments": entries}
        assert codes(drawn.by("rosa", proposed, role="radiologist")) == ["READ-040"]
        assert is_allowed(drawn.by("rani", proposed, role="radiologist"))
        drawn.passed("S3", "S4")
        assert codes(drawn.draw("rosa", "remy")) == ["READ-028"]
        assert is_allowed(drawn.draw("rani", "remy", seed=SEED + " again"))

    def test_a_proposal_goes_with_who_made_it(self, drawn):
        """Nobody signs, in the place of a reader who left, what that reader proposed: it takes both places."""
        drawn.read_all("rosa", {"S1.D3.1": seen(R1=2, R2=0, L3=0)})
        drawn.read_all("remy")
        entries = {"R1": seen(R1=1)["R1"] | {"why": "8 mm"}}
        case = {"act": "propose_consensus", "case": drawn.case_of("S1.D3.1"), "segments": entries}
        assert is_allowed(drawn.by("rosa", case, role="radiologist"))
        agree = {"act": "agree_consensus", "case": drawn.case_of("S1.D3.1"), "proposal": drawn.trial.seq}
        assert is_allowed(drawn.replace("rosa", "rani"))
        assert codes(drawn.by("rani", agree, role="radiologist")) == ["READ-045"]
        assert codes(drawn.by("remy", agree, role="radiologist")) == ["READ-045"]

    def test_scans_that_are_left_are_read_however_few(self, drawn):
        """Where they are too few to be kept apart, they are as far apart as they can be."""
        for visit in ("screening", "D3"):
            drawn.by("dana", {"act": "reject_scan", "scan": f"S2.{visit}.1"}, reason="another patient's")
        assert is_allowed(drawn.replace("rosa", "rani"))
        assert len(drawn.reading.tasks_of("rani")) == 2

    def test_who_follows_has_read_none_of_the_scans(self, drawn):
        """Nobody takes a second place, and no place is given up without a reason."""
        assert codes(drawn.replace("rosa", "remy")) == ["READ-039"]
        assert codes(drawn.replace("rani", "remy")) == ["READ-038", "READ-039"]
        assert codes(drawn.replace("rosa", "dana")) == ["READ-021"]
        assert codes(drawn.replace("rosa", "rani", reason="")) == ["READ-001"]
        drawn.read_all("rosa")
        drawn.read_all("remy")
        assert is_allowed(drawn.replace("rosa", "rani"))
        assert codes(drawn.replace("remy", "rani")) == ["READ-039"]

    def test_order_of_who_follows_can_be_shown_too(self, drawn):
        """It was drawn from a seed of its own, which is opened with the others."""
        other = SEED + " of hers"
        drawn.replace("rosa", "rani", seed=other)
        drawn.read_all("rani")
        drawn.read_all("remy")
        unblind = {"act": "unblind_reads", "seeds": [SEED]}
        assert codes(drawn.by("dana", unblind)) == ["READ-051"]
        assert is_allowed(drawn.by("dana", unblind | {"seeds": [SEED, other]}))
        assert strange_draws(drawn.trial) == []


class TestOpening:
    """Scores are known to nobody until all reads are final; from then on they are known to all and never change."""

    def test_reads_become_final_when_all_are_settled_and_with_the_seeds(self, drawn):
        """The seeds are opened with them, so that anyone can draw the orders again."""
        unblind = {"act": "unblind_reads", "seeds": [SEED]}
        assert codes(drawn.by("dana", unblind)) == ["READ-050"]
        drawn.read_all("rosa")
        drawn.read_all("remy")
        assert codes(drawn.by("dana", unblind | {"seeds": ["another"]})) == ["READ-051"]
        assert is_allowed(drawn.by("dana", unblind))
        assert codes(drawn.draw()) == ["READ-002"]
