"""Data management: checks, queries, verification, signatures, locks, and what is kept of all of it.

What is asked of records once they are written, and by whom.
"""

import pytest
from msgspec.structs import replace
from tests.support.checked_trial import CheckedTrial
from tests.support.small_trial import codes, is_allowed
from tests.support.staffed_trial import StaffedTrial

from firstbreath.cli.study import Study
from firstbreath.events import kinds
from firstbreath.subjects.checks import check_records
from firstbreath.trial.export import export_tables
from firstbreath.trial.fold import fold
from firstbreath.trial.records import Record, list_records, reason_against_digest, superseded_by, vouches_of

IN_OTHER_COLUMNS = (kinds.ScreeningOpened, kinds.SubjectEnrolled, kinds.ParticipationEnded, kinds.FormRecorded)
"""What the table of subjects holds as times, and a record that was corrected: its row names the latest version."""


def outcomes(checked: CheckedTrial) -> list[tuple[str, str]]:
    subject = checked.trial.subjects.by_code["S1"]
    return [(found.check.id, found.outcome) for found in check_records(subject, checked.trial.protocol)]


class TestChecks:
    """A check of a record holds, does not hold, or cannot be told; the last is never silence."""

    @pytest.mark.parametrize(
        ("values", "outcome"),
        [
            ({"wbc": "6.1", "lymphocytes": "1.2"}, "pass"),
            ({"wbc": "1.2", "lymphocytes": "6.1"}, "fail"),
            ({"wbc": "6.1"}, "cannot tell"),
        ],
    )
    def test_check_has_three_outcomes(self, values, outcome):
        """A missing value gives "cannot tell", and not "pass"."""
        checked = CheckedTrial()
        checked.screen()
        checked.record("laboratory", "screening", **values)
        assert outcomes(checked) == [("lymphocytes_within", outcome)]

    def test_check_asks_the_values_of_its_own_record(self):
        """A value of another record of the same form does not stand in for one that is missing."""
        checked = CheckedTrial()
        checked.screen()
        checked.record("laboratory", "screening", wbc="6.1", lymphocytes="1.2")
        checked.record("laboratory", "D1", lymphocytes="1.3")
        assert [outcome for _, outcome in outcomes(checked)] == ["pass", "cannot tell"]

    def test_check_asks_other_forms_of_the_subject(self):
        """A rule may name fields of other forms: the subject's latest values count."""
        checked = CheckedTrial()
        checked.screen(age="74")
        checked.record("vital_signs", "D1", spo2="88")
        assert outcomes(checked) == [("saturation_of_the_old", "fail")]

    def test_correction_settles_a_check(self):
        """A check is worked out from the record as it stands."""
        checked = CheckedTrial()
        checked.screen()
        checked.record("laboratory", "screening", wbc="1.2", lymphocytes="6.1")
        checked.correct("laboratory", "screening", wbc="6.1", lymphocytes="1.2")
        assert outcomes(checked) == [("lymphocytes_within", "pass")]


class TestQueries:
    """A query is asked, answered, closed, and asked again; every step is an event."""

    def test_query_of_a_check_says_so(self):
        """A query says from whom it comes: a check, data management, the monitor or the safety group."""
        checked = CheckedTrial()
        checked.screen()
        checked.record("laboratory", "screening", wbc="1.2", lymphocytes="6.1")
        for account, check in (("dana", "lymphocytes_within"), ("dana", ""), ("mona", ""), ("sven", "")):
            about = {"subject": "S1", "form": "laboratory", "visit": "screening", "field": "wbc", "text": "Why?"}
            checked.by(account, {"act": "open_query", **about, "check": check})
        queries = checked.trial.subjects.by_code["S1"].queries
        origins = [queries[number][0].body.origin for number in sorted(queries)]
        assert origins == ["edit check", "data management", "monitor", "safety"]

    def test_missing_value_can_be_asked_about(self):
        """A query can be put to a field that nobody has recorded."""
        checked = CheckedTrial()
        checked.screen()
        assert checked.ask_about("wbc", "laboratory", "D2") == 1

    def test_query_of_no_check_is_refused(self):
        """A check that the protocol does not have raises nothing."""
        checked = CheckedTrial()
        checked.screen()
        about = {"subject": "S1", "form": "laboratory", "visit": "D1", "field": "wbc", "text": "Why?", "check": "x"}
        assert codes(checked.by("dana", {"act": "open_query", **about})) == ["QUERY-004"]

    def test_the_site_answers_and_data_management_closes(self):
        """Who asks may not answer, and who answers may not close."""
        checked = CheckedTrial()
        checked.screen()
        query = {"subject": "S1", "query": checked.ask_about("age", "demographics", "screening"), "text": "Confirmed."}
        assert codes(checked.by("dana", {"act": "answer_query", **query})) == ["AUTH-002"]
        assert is_allowed(checked.by("nora", {"act": "answer_query", **query}))
        assert codes(checked.by("nora", {"act": "close_query", **query})) == ["AUTH-002"]
        assert is_allowed(checked.by("dana", {"act": "close_query", **query}))


def records(checked: CheckedTrial) -> list[Record]:
    return list(list_records(event for event in checked.door.history.events if event.subject == "S1"))


def record_at(checked: CheckedTrial, *place: object) -> Record:
    return next(record for record in records(checked) if record.place == place)


def vouched(checked: CheckedTrial, kind: str, *place: object) -> list[bool]:
    said = [event for event in checked.door.history.events if event.kind == kind]
    return [vouch.holds for vouch in vouches_of(record_at(checked, *place), said)]


LABORATORY = ("form", "laboratory", "screening", 1)


class TestSourceVerification:
    """The monitor compares versions of records with their source; what changes afterwards is stale."""

    def test_verification_is_of_a_version(self):
        """A record that is corrected after it was verified is shown as stale, and the verification stays."""
        checked = CheckedTrial()
        checked.screen()
        first = checked.record("laboratory", "screening", wbc="6.1")
        checked.by("mona", {"act": "verify_source", "subject": "S1", "seqs": [first]})
        assert vouched(checked, "source_verified", *LABORATORY) == [True]
        checked.correct("laboratory", "screening", wbc="6.2")
        assert vouched(checked, "source_verified", *LABORATORY) == [False]

    def test_adverse_event_is_verified_like_a_form(self):
        """What can be verified or signed is everything recorded of a subject, adverse events among it."""
        checked = CheckedTrial()
        checked.enrolled()
        checked.by("nora", {"act": "report_adverse_event", "subject": "S1", "term": "Cough", "onset": "2026-01-01"})
        seq = checked.last.events[0].seq
        assert is_allowed(checked.by("mona", {"act": "verify_source", "subject": "S1", "seqs": [seq]}))
        signing = {"act": "sign_records", "subject": "S1", "seqs": [seq], "meaning": "review"}
        assert is_allowed(checked.by("ines", signing))


class TestSignatures:
    """A signature names its signer, its time and its meaning, and vouches for exactly what was signed."""

    @pytest.mark.part11(16)
    def test_change_supersedes_a_signature_and_never_removes_it(self):
        """After a correction the signature is still there, and no longer holds."""
        checked = CheckedTrial()
        checked.screen()
        first = checked.record("laboratory", "screening", wbc="6.1")
        signature = checked.sign(first)
        assert vouched(checked, "records_signed", *LABORATORY) == [True]
        second = checked.correct("laboratory", "screening", wbc="6.2")
        assert vouched(checked, "records_signed", *LABORATORY) == [False]
        events = checked.door.history.events
        assert [event.seq for event in superseded_by(events[signature - 1], records(checked))] == [second]

    @pytest.mark.part11(16)
    def test_copied_signature_does_not_hold(self):
        """A signature copied to another record, or to another subject's, is found out: its digest is of the first."""
        checked = CheckedTrial()
        for code in ("S1", "S2"):
            checked.screen(code)
        own, other = (checked.record("laboratory", "screening", code, wbc="6.1") for code in ("S1", "S2"))
        number = checked.sign(own)
        events, hashes = checked.door.history.events, checked.door.hashes
        signature = events[number - 1]
        assert reason_against_digest(signature, events, hashes.__getitem__) == ""
        moved = replace(signature, body=replace(signature.body, seqs=(own - 3,)))
        assert "digest" in reason_against_digest(moved, events, hashes.__getitem__)
        stolen = replace(signature, body=replace(signature.body, seqs=(other,)))
        assert "another subject" in reason_against_digest(stolen, events, hashes.__getitem__)

    @pytest.mark.part11(9)
    def test_nobody_approves_a_record_with_an_open_question(self):
        """Approval of a record waits for its queries; review does not."""
        checked = CheckedTrial()
        checked.screen()
        seq = checked.record("laboratory", "screening", wbc="6.1")
        checked.ask_about("wbc", "laboratory", "screening")
        signing = {"act": "sign_records", "subject": "S1", "seqs": [seq]}
        assert codes(checked.by("ines", {**signing, "meaning": "approval"})) == ["SIGN-002"]
        assert checked.door.history.events[-1].kind == "act_refused"
        assert is_allowed(checked.by("ines", {**signing, "meaning": "review"}))

    def test_struck_record_is_not_signed(self):
        """What was struck out counts no more, and a signature on it is superseded."""
        checked = CheckedTrial()
        checked.screen()
        seq = checked.record("laboratory", "screening", wbc="6.1")
        checked.sign(seq)
        checked.by("nora", {"act": "strike_entry", "subject": "S1", "corrects": seq}, reason="wrong patient")
        assert record_at(checked, *LABORATORY).struck
        assert vouched(checked, "records_signed", *LABORATORY) == [False]


class TestFreezingAndLocking:
    """A frozen subject and a locked database take no entry; who lifts them says why."""

    def test_frozen_subject_takes_no_entry(self):
        """Freezing waits for queries, and refuses entries and corrections until it is lifted."""
        checked = CheckedTrial()
        checked.screen()
        number = checked.ask_about("age", "demographics", "screening")
        assert codes(checked.by("dana", {"act": "freeze_subject", "subject": "S1"})) == ["FREEZE-002"]
        checked.by("dana", {"act": "close_query", "subject": "S1", "query": number})
        assert is_allowed(checked.by("dana", {"act": "freeze_subject", "subject": "S1"}))
        refused = {"act": "record_form", "subject": "S1", "form": "laboratory", "visit": "D1", "values": {"wbc": "6"}}
        assert codes(checked.by("nora", refused)) == ["FREEZE-005"]

    def test_locked_database_takes_no_entry(self):
        """Only the sponsor lifts the lock, with a reason."""
        checked = CheckedTrial()
        checked.screen()
        assert is_allowed(checked.by("dana", {"act": "lock_trial"}))
        refused = {"act": "open_screening", "subject": "S2"}
        assert codes(checked.by("nora", refused)) == ["LOCK-001"]
        assert codes(checked.by("dana", {"act": "unlock_trial"}, reason="late value")) == ["AUTH-002"]
        assert is_allowed(checked.by("spencer", {"act": "unlock_trial"}, reason="late value"))


class TestExport:
    """The data as tables: one file for each form, and for everything else that was recorded."""

    def test_every_entry_that_counts_is_in_a_table(self, simulated):
        """Whatever can be signed or verified, and whoever signed, verified or voted, is in a table by its event."""
        trial = fold([event for event, _ in Study(simulated, read_only=True).events()])
        tables = export_tables(trial, sees_site=lambda _site: True, sees=lambda _what: True)
        found = {
            row[table.columns.index("event")] for table in tables if "event" in table.columns for row in table.rows
        }
        for subject in trial.subjects.all():
            latest = {versions[-1].seq for versions in subject.forms.values()}
            entries = {seq for seq, event in subject.events().items() if not isinstance(event.body, IN_OTHER_COLUMNS)}
            entries |= latest | {event.seq for event in (*subject.signed, *subject.verified)}
            assert {str(seq) for seq in entries} <= found
        votes = {str(vote.seq) for packet in trial.safety.packets.values() if packet.review for vote in packet.votes}
        assert votes
        assert votes <= found

    def test_votes_leave_when_the_packet_is_decided(self):
        """While others still vote, an export shows nobody how one member voted."""
        staffed = StaffedTrial().enrolled("S1")
        assert is_allowed(staffed.by("sven", {"act": "freeze_packet", "subjects": ["S1"]}))
        vote = {"act": "cast_vote", "packet": 1, "recommendation": "continue", "conflict": "none"}
        assert is_allowed(staffed.by("sara", vote))

        def votes() -> list[str]:
            tables = export_tables(staffed.trial, sees_site=lambda _site: True, sees=lambda _what: True)
            return [row[1] for table in tables if table.name == "votes" for row in table.rows]

        assert votes() == []
        assert is_allowed(staffed.by("sven", vote))
        assert votes() == ["sara", "sven"]
