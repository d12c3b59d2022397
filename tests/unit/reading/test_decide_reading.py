"""What is possible with scans and reads, and what is refused."""

import pytest
from tests.support.read_trial import CHARTER, SEED, ReadTrial, seen
from tests.support.small_trial import is_allowed

from firstbreath.events.decisions import Refused
from firstbreath.reading.order import seal_of
from firstbreath.reading.scoring import differing_of, settle

LINE = {"slice": 2, "start": (1, 2), "end": (5, 2), "mm": 4.0, "segment": "R1"}


@pytest.fixture
def drawn():
    trial = ReadTrial().passed("S1", "S2")
    assert is_allowed(trial.draw())
    return trial


def codes(decision):
    return {reason.code for reason in decision.reasons} if isinstance(decision, Refused) else set()


class TestFiling:
    def test_a_scan_of_a_known_subject_at_a_visit_that_is_read(self):
        trial = ReadTrial()
        assert codes(trial.file()) == {"SUBJ-001"}
        trial.screen()
        assert codes(trial.file(visit="D1")) == {"SCAN-051"}
        assert is_allowed(trial.file())
        assert codes(trial.file()) == {"SCAN-052"}

    def test_a_rejected_scan_makes_room_for_another(self):
        trial = ReadTrial()
        trial.screen()
        trial.file()
        named = {"act": "reject_scan", "scan": "S1.screening.1"}
        assert codes(trial.by("dana", named)) == {"READ-001"}
        assert is_allowed(trial.by("dana", named, reason="another patient's"))
        assert codes(trial.by("dana", {"act": "pass_scan", "scan": "S1.screening.1"})) == {"SCAN-054"}
        assert is_allowed(trial.file())
        assert "S1.screening.2" in trial.reading.scans

    def test_without_a_charter_nothing_is_read(self):
        from tests.support.staffed_trial import StaffedTrial

        trial = StaffedTrial()
        trial.screen()
        facts = {"archive": "", "slices_file": "", "digest": "", "slices": 1, "rows": 1, "columns": 1}
        filed = {"act": "file_scan", "subject": "S1", "visit": "screening", "spacing_mm": (1, 1, 1), **facts}
        assert codes(trial.by("dana", filed)) == {"SCAN-050"}


class TestDrawing:
    @pytest.mark.parametrize(
        ("readers", "seed", "code"),
        [
            (("rosa",), SEED, "READ-020"),
            (("rosa", "rosa"), SEED, "READ-020"),
            (("rosa", "nora"), SEED, "READ-021"),
            (("rosa", "remy"), "short", "READ-022"),
        ],
    )
    def test_refused(self, readers, seed, code):
        trial = ReadTrial().passed("S1", "S2")
        assert codes(trial.draw(*readers, seed=seed)) == {code}

    def test_waits_for_scans_that_were_looked_at_and_can_be_kept_apart(self):
        trial = ReadTrial()
        assert codes(trial.draw()) == {"READ-024"}
        trial.screen()
        trial.file()
        assert codes(trial.draw()) == {"READ-023", "READ-024"}
        assert codes(ReadTrial().passed("S1").draw()) == {"READ-025"}

    def test_the_order_is_another_for_each_reader_and_follows_from_the_seed(self, drawn):
        body = drawn.drawn()
        assert body.seal == seal_of(SEED)
        again = ReadTrial().passed("S1", "S2")
        again.draw()
        assert again.drawn() == body
        assert len(drawn.reading.tasks_of("rosa")) == 5  # four scans and a hidden repeat
        assert sum(task.drawn.again for task in drawn.reading.tasks_of("rosa")) == 1
        assert len({task.task for task in body.tasks} | {*body.cases.values()}) == len(body.tasks) + 4


class TestReading:
    def test_in_the_order_drawn_and_only_ones_own(self, drawn):
        first, second = drawn.reading.tasks_of("rosa")[:2]
        assert codes(drawn.sign("rosa", task=second.drawn.task)) == {"READ-033"}
        assert codes(drawn.sign("remy", task=first.drawn.task)) == {"READ-030"}
        assert codes(drawn.sign("rosa", task="NOSUCH")) == {"READ-030"}
        assert is_allowed(drawn.sign("rosa"))

    def test_a_signed_read_is_not_changed(self, drawn):
        task = drawn.next_task("rosa").drawn.task
        drawn.sign("rosa")
        assert codes(drawn.sign("rosa", seen(R1=1, R2=0, L3=0), task=task)) == {"READ-032"}
        draft = {"act": "draft_read", "task": task, "segments": {}}
        assert codes(drawn.by("rosa", draft)) == {"READ-032"}

    @pytest.mark.parametrize(
        ("segments", "code"),
        [
            (seen(R1=0, R2=0), "READ-010"),
            (seen(R1=0, R2=0, L3=0, L4=0), "READ-011"),
            (seen(R1=3, R2=0, L3=0), "READ-013"),
            (seen(R1=0, R2=0, L3=0) | {"R1": {"points": 1, "forms": ["mist"]}}, "READ-014"),
            (seen(R1=0, R2=0, L3=0) | {"R1": {"points": 1, "forms": ["consolidation"], "mm": "12,5"}}, "READ-015"),
            (seen(R1=0, R2=0, L3=0) | {"R1": {"points": 1}}, "READ-016"),
            (seen(R1=0, R2=0, L3=0) | {"R1": {"points": 0, "mm": "4"}}, "READ-017"),
        ],
    )
    def test_what_a_signature_asks_for(self, drawn, segments, code):
        assert code in codes(drawn.sign("rosa", segments))
        assert drawn.next_task("rosa").signed is None

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"segment": "L4"}, "READ-018"),
            ({"segment": "r1"}, "READ-018"),
            ({"slice": 40}, "READ-019"),
            ({"slice": -1}, "READ-019"),
        ],
    )
    @pytest.mark.parametrize("act", ["draft_read", "sign_read"])
    def test_a_line_is_of_this_scan_and_of_a_segment_of_the_charter(self, drawn, act, changes, code):
        task = drawn.next_task("rosa").drawn.task
        asked = {"act": act, "task": task, "segments": seen(R1=0, R2=0, L3=0)}
        assert codes(drawn.by("rosa", asked | {"lines": [LINE | changes]})) == {code}
        whole = [LINE, LINE | {"segment": ""}, LINE | {"slice": 39}]
        assert is_allowed(drawn.by("rosa", asked | {"lines": whole}))
        assert [line.segment for line in drawn.reading.tasks[task].entered.lines] == ["R1", "", "R1"]

    def test_not_evaluable_is_not_zero(self, drawn):
        drawn.sign("rosa", seen(R1=None, R2=0, L3=0))
        read = drawn.reading.tasks_of("rosa")[0].read
        assert read
        assert read.total is None

    def test_a_draft_is_kept_and_may_be_incomplete(self, drawn):
        task = drawn.next_task("rosa").drawn.task
        assert is_allowed(drawn.by("rosa", {"act": "draft_read", "task": task, "segments": seen(R1=2), "seen": "1-9"}))
        assert drawn.next_task("rosa").entered.segments["R1"].points == 2

    def test_a_void_read_stays_and_is_read_again(self, drawn):
        task = drawn.next_task("rosa").drawn.task
        drawn.sign("rosa", seen(R1=2, R2=0, L3=0))
        void = {"act": "void_read", "task": task}
        assert codes(drawn.by("rosa", void)) == {"READ-001"}
        assert codes(drawn.by("remy", void, role="radiologist", reason="not mine")) == {"READ-030"}
        assert is_allowed(drawn.by("rosa", void, reason="wrong side"))
        assert drawn.next_task("rosa").drawn.task == task
        assert len(drawn.reading.tasks[task].voided) == 2
        assert is_allowed(drawn.sign("rosa"))


class TestSettling:
    def read(self, drawn):
        drawn.read_all("rosa", {"S1.D3.1": seen(R1=2, R2=1, L3=0)})
        assert differing_of(drawn.reading, drawn.charter, drawn.reading.scans["S1.D3.1"]) is None
        drawn.read_all("remy", {"S1.D3.1": seen(R1=1, R2=1, L3=None)})

    def propose(self, drawn, reader, **points):
        entries = {name: each | {"why": "seen together"} for name, each in seen(**points).items()}
        asked = {"act": "propose_consensus", "case": drawn.case_of("S1.D3.1"), "segments": entries}
        return drawn.by(reader, asked, role="radiologist")

    def agree(self, drawn, reader, seq):
        asked = {"act": "agree_consensus", "case": drawn.case_of("S1.D3.1"), "proposal": seq}
        return drawn.by(reader, asked, role="radiologist")

    def test_differences_are_settled_by_two_signatures_under_the_same(self, drawn):
        self.read(drawn)
        scan = drawn.reading.scans["S1.D3.1"]
        assert differing_of(drawn.reading, drawn.charter, scan) == ("R1", "L3")
        assert "READ-010" in codes(self.propose(drawn, "rosa", R1=2))
        assert is_allowed(self.propose(drawn, "rosa", R1=2, L3=1))
        first = drawn.trial.seq
        assert codes(self.agree(drawn, "rosa", first)) == {"READ-046"}
        assert is_allowed(self.propose(drawn, "remy", R1=2, L3=0))
        assert codes(self.agree(drawn, "remy", first)) == {"READ-045"}
        assert is_allowed(self.agree(drawn, "rosa", drawn.trial.seq - 1))
        settled = settle(drawn.reading, drawn.charter, drawn.reading.scans["S1.D3.1"])
        assert settled
        assert (settled.total, settled.how) == (3, "consensus")
        assert [each.kind for each in settled.sources][-2:] == ["consensus_proposed", "consensus_agreed"]
        assert codes(self.propose(drawn, "rosa", R1=1, L3=0)) == {"READ-044"}

    def test_why_is_asked_for_each(self, drawn):
        self.read(drawn)
        asked = {"act": "propose_consensus", "case": drawn.case_of("S1.D3.1"), "segments": seen(R1=2, L3=0)}
        assert codes(drawn.by("rosa", asked)) == {"READ-012"}

    def test_a_case_without_differences_is_settled_at_once(self, drawn):
        self.read(drawn)
        settled = settle(drawn.reading, drawn.charter, drawn.reading.scans["S2.D3.1"])
        assert settled
        assert (settled.total, settled.how) == (0, "agreed")
        asked = {"act": "propose_consensus", "case": drawn.case_of("S2.D3.1"), "segments": {}}
        assert codes(drawn.by("rosa", asked)) == {"READ-042"}

    @pytest.mark.parametrize("readers", [("rosa", "remy"), ("remy", "rosa")])
    @pytest.mark.parametrize(("rule", "total"), [("higher", 3), ("lower", 1)])
    def test_closer_scores_count_the_same_whoever_is_named_first(self, readers, rule, total):
        wide = CHARTER.replace("repeats_percent", f'differs_by = 2\nclose_scores = "{rule}"\nrepeats_percent')
        trial = ReadTrial(charter=wide).passed("S1", "S2")
        trial.draw(*readers)
        trial.read_all("rosa", {"S1.D3.1": seen(R1=2, R2=1, L3=0)})
        trial.read_all("remy", {"S1.D3.1": seen(R1=1, R2=0, L3=0)})
        settled = settle(trial.reading, trial.charter, trial.reading.scans["S1.D3.1"])
        assert settled
        assert (settled.total, settled.how) == (total, "agreed")

    def test_no_read_is_voided_once_both_are_open(self, drawn):
        self.read(drawn)
        void = {"act": "void_read", "task": drawn.reading.tasks_of("rosa")[0].drawn.task}
        assert codes(drawn.by("rosa", void, reason="second thoughts")) == {"READ-035"}

    def test_an_adjudicator_is_neither_reader(self):
        trial = ReadTrial(charter=CHARTER.replace('"consensus"', '"adjudicator"')).passed("S1", "S2")
        trial.draw()
        self.read(trial)
        entries = {name: each | {"why": "larger than 1 cm"} for name, each in seen(R1=2, L3=0).items()}
        asked = {"act": "adjudicate_scan", "case": trial.case_of("S1.D3.1"), "segments": entries}
        assert codes(trial.by("rosa", asked, role="radiologist")) == {"READ-040"}
        assert codes(self.propose(trial, "rosa", R1=2, L3=0)) == {"READ-043"}
        assert is_allowed(trial.by("rani", asked, role="radiologist"))
        settled = settle(trial.reading, trial.charter, trial.reading.scans["S1.D3.1"])
        assert settled
        assert (settled.total, settled.how) == (3, "adjudicator")

    def test_the_mean_needs_no_settling(self):
        trial = ReadTrial(charter=CHARTER.replace('"consensus"', '"mean"')).passed("S1", "S2")
        trial.draw()
        trial.read_all("rosa", {"S1.D3.1": seen(R1=2, R2=1, L3=0)})
        trial.read_all("remy", {"S1.D3.1": seen(R1=1, R2=1, L3=0)})
        settled = settle(trial.reading, trial.charter, trial.reading.scans["S1.D3.1"])
        assert settled
        assert settled.total * 2 == 5


class TestAmendment:
    def amended(self, trial, old, new):
        from tests.support.read_trial import READ_FILES

        files = READ_FILES | {"charter.toml": CHARTER.replace(old, new, 1)}
        asked = {"act": "amend_protocol", "files": files}
        return codes(trial.by("spencer", asked, reason="the charter"))

    def test_what_a_read_means_does_not_change_once_scans_are_in_lists(self, drawn):
        assert self.amended(drawn, 'id = "L3"', 'id = "L4"') == {"TRIAL-008"}
        assert self.amended(drawn, "points = 2", "points = 3") == {"TRIAL-008"}
        assert self.amended(drawn, '"consensus"', '"mean"') == {"TRIAL-008"}

    def test_how_images_are_shown_may_change(self, drawn):
        windows = 'readers = 2\nwindows = [{ label = "Wide", centre = -500, width = 2000 }]'
        assert self.amended(drawn, "readers = 2", windows) == set()

    def test_before_an_order_is_drawn_everything_may(self):
        assert self.amended(ReadTrial().passed("S1", "S2"), 'id = "L3"', 'id = "L4"') == set()


class TestUnblinding:
    def test_only_when_all_is_settled_and_with_the_seeds(self, drawn):
        unblind = {"act": "unblind_reads", "seeds": [SEED]}
        assert codes(drawn.by("dana", unblind)) == {"READ-050"}
        drawn.read_all("rosa")
        drawn.read_all("remy")
        assert codes(drawn.by("dana", unblind | {"seeds": ["another"]})) == {"READ-051"}
        mask = {"act": "judge_mask", "scan": "S1.D3.1", "accepted": True, "method": "threshold", "mask_ml": 4000}
        assert codes(drawn.by("rosa", mask)) == {"READ-052"}
        assert is_allowed(drawn.by("dana", unblind))
        assert codes(drawn.file("S1", "screening")) == {"READ-002"}
        assert is_allowed(drawn.by("rosa", mask))

    def test_reads_are_sealed_until_then(self, drawn):
        from firstbreath.trial.log_filter import events_in_view

        drawn.read_all("rosa")
        drawn.read_all("remy")
        shown = {event.kind for event in events_in_view(drawn.trial, drawn.door.history.events, lambda _: True)}
        assert not shown & {"reading_order_drawn", "read_drafted", "read_signed"}
        drawn.by("dana", {"act": "unblind_reads", "seeds": [SEED]})
        shown = {event.kind for event in events_in_view(drawn.trial, drawn.door.history.events, lambda _: True)}
        assert {"reading_order_drawn", "read_signed"} <= shown
