"""The log: what was written stays, and the trial is computed from it, now or as of any moment."""

from datetime import timedelta

import pytest
from tests.support.small_trial import FILES, START, Clock, SmallTrial, codes, is_allowed

from firstbreath.events.kinds import ProtocolAmended
from firstbreath.events.store import MemoryStore
from firstbreath.trial.commands import AdoptProtocol, AmendProtocol
from firstbreath.trial.door import Door
from firstbreath.trial.fold import UnfoldableLog, fold, read_events
from firstbreath.trial.gates import enrolment_gate


class TestFold:
    """The same events always give the same trial."""

    def test_fold_of_the_log_is_the_trial(self):
        """Folding the stored records from the beginning gives the trial that the door has."""
        store = MemoryStore()
        small = SmallTrial(store).enrolled()
        small.dose(1)
        refolded = fold(read_events(store))
        assert refolded.seq == small.trial.seq
        assert dict(refolded.subjects.by_code) == dict(small.trial.subjects.by_code)

    def test_gap_is_refused(self):
        """Events that do not follow one another make no trial."""
        store = MemoryStore()
        SmallTrial(store).ready()
        events = list(read_events(store))
        with pytest.raises(UnfoldableLog, match="event 3 follows event 1"):
            fold([events[0], *events[2:]])

    def test_protocol_must_be_the_one_its_digest_names(self):
        """A protocol event whose files do not match its digest makes no trial."""
        store = MemoryStore()
        SmallTrial(store)
        event = next(read_events(store))
        changed = event.body.files | {"forms.toml": FILES["forms.toml"].replace("max = 120", "max = 200")}
        import msgspec

        body = msgspec.structs.replace(event.body, files=changed)
        with pytest.raises(UnfoldableLog, match="digest"):
            fold([msgspec.structs.replace(event, body=body)])


class TestTimeTravel:
    """Everything can be seen as it stood after any event, or at any time."""

    def test_gate_before_the_first_review(self):
        """As of the moment before the first review, enrolment is closed, with the reason."""
        small = SmallTrial().enrolled("S1")
        before = small.trial.seq
        small.review("S1")
        gate = enrolment_gate(small.door.history.as_of(before))
        assert (gate.word, gate.reasons[0].code) == ("closed", "GATE-G1")
        assert enrolment_gate(small.door.history.as_of(before + 1)).word == "open"

    def test_every_earlier_state_equals_its_own_fold(self):
        """The trial as of an event is the fold of the events up to it."""
        small = SmallTrial().enrolled("S1")
        history = small.door.history
        for seq in range(history.now.seq + 1):
            assert history.as_of(seq).subjects.enrolled == fold(history.events[:seq]).subjects.enrolled
            assert history.as_of(seq).seq == seq

    def test_a_time_means_the_events_written_up_to_it(self):
        """As of a time, the trial has the events written not later than it."""
        small = SmallTrial().ready()
        history = small.door.history
        assert history.as_of(START).seq == 0
        assert history.as_of(START + timedelta(minutes=2)).seq == 2
        assert history.as_of(START + timedelta(days=1)).seq == history.now.seq

    def test_moment_outside_the_log_is_told(self):
        """A number beyond the log is an error that says how long the log is."""
        with pytest.raises(ValueError, match="which has 1"):
            SmallTrial().door.history.as_of(99)


class TestProtocolInForce:
    """The first event carries the protocol; an amendment is an event that carries the next."""

    def test_nothing_before_the_protocol(self):
        """No act is possible before a protocol is adopted; the refusal is recorded."""
        door = Door(MemoryStore(), Clock())
        small = SmallTrial.__new__(SmallTrial)
        small.door = door
        assert codes(small.act("open_screening")) == ["TRIAL-001"]

    def test_protocol_is_adopted_once(self):
        """A second adoption is refused."""
        assert codes(SmallTrial().ask(AdoptProtocol(files=FILES))) == ["TRIAL-002"]

    def test_protocol_with_findings_is_not_adopted(self):
        """A folder with findings begins no trial; every finding is a reason."""
        broken = FILES | {"forms.toml": FILES["forms.toml"].replace('type = "integer"', 'type = "intger"')}
        small = SmallTrial(files=broken)
        assert small.trial.protocol is None

    def test_amendment_is_in_force_from_its_event_on(self):
        """After an amendment the new folder decides; before it, the old one still does."""
        small = SmallTrial()
        small.screen(age="80")
        small.consent()
        amended = FILES | {"protocol.toml": FILES["protocol.toml"].replace("age <= 75", "age <= 80")}
        assert codes(small.enrol()) == ["ELIG-I1"]
        before = small.trial.seq
        assert codes(small.ask(AmendProtocol(files=amended))) == ["TRIAL-005"]
        decision = small.ask(AmendProtocol(files=amended), reason="older patients")
        assert isinstance(decision.events[0], ProtocolAmended)
        assert is_allowed(small.enrol())
        history = small.door.history
        assert history.as_of(before).protocol.digest != history.now.protocol.digest

    def test_new_consent_version_asks_for_consent_again(self):
        """When an amendment changes the consent text, consent on the old version no longer holds."""
        small = SmallTrial().enrolled()
        amended = FILES | {"protocol.toml": FILES["protocol.toml"].replace('version = "1.0"', 'version = "2.0"')}
        small.ask(AmendProtocol(files=amended), reason="new risk known")
        assert codes(small.dose(1)) == ["CONS-006"]
        small.consent(version="2.0")
        assert is_allowed(small.dose(1))

    def test_amendment_of_another_trial_is_refused(self):
        """A folder of another trial, or the folder in force, amends nothing."""
        other = FILES | {"protocol.toml": FILES["protocol.toml"].replace('"SMALL"', '"OTHER"')}
        small = SmallTrial()
        assert codes(small.ask(AmendProtocol(files=other), reason="x")) == ["TRIAL-004"]
        assert codes(small.ask(AmendProtocol(files=FILES), reason="x")) == ["TRIAL-003"]


class TestTwoAtOnce:
    """Of two people acting at once, one wins and the other is decided again on the new state."""

    def test_loser_is_decided_again(self):
        """Two doors ask for the same enrolment place: the second is decided on what the first made of it."""
        store = MemoryStore()
        first = SmallTrial(store).ready("S1").ready("S2")
        second = SmallTrial(store)
        assert is_allowed(first.enrol("S1"))
        assert codes(second.enrol("S2")) == ["GATE-G1"]
        assert [record.seq for record in store.records()] == list(range(1, store.head().seq + 1))
