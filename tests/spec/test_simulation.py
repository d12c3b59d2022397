"""The simulated trial: invented patients and people, through the same door as a live trial.

`firstbreath simulate` fills a folder with a complete trial for trying the site and for tests. Nothing that a paper
prints is used; every page, file and figure made from it is stamped.
"""

import ast
import subprocess
import sys
from collections import Counter
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.support.style import SOURCE

from firstbreath.cli.simulate import simulate_study
from firstbreath.cli.study import Study
from firstbreath.designs.staff import ROLE_OF, STAFF
from firstbreath.events import kinds
from firstbreath.people.rights import HOLDER, ROLES, SYSTEM
from firstbreath.subjects.records import query_state
from firstbreath.subjects.state import Subject
from firstbreath.trial.fold import fold
from firstbreath.trial.gates import enrolment_gate

ENROLLED = ("SIM-01", "SIM-02", "SIM-04", "SIM-05", "SIM-07", "SIM-08", "SIM-10")
SEEDS, FIRST = (1, 20260101), date(2024, 9, 2)


@pytest.fixture(scope="module")
def events(simulated):
    return [event for event, _ in Study(simulated, read_only=True).events()]


@pytest.fixture(scope="module")
def trial(events):
    return fold(events)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of the trial of a seed, simulated when it is first asked for."""

    @cache
    def make(seed):
        folder = tmp_path_factory.mktemp(f"seed-{seed}")
        simulate_study("mexcovid", folder, seed=seed, first=FIRST)
        return folder

    return make


class Commanded(NamedTuple):
    folder: Path
    said: str


@pytest.fixture(scope="module")
def commanded(tmp_path_factory):
    """The trial of the first seed, made by `firstbreath simulate` in a process of its own, and what that said."""
    folder = tmp_path_factory.mktemp("commanded") / "trial"
    asked = [str(folder), "--seed", str(SEEDS[0]), "--first-day", FIRST.isoformat()]
    program = [sys.executable, "-m", "firstbreath", "simulate", *asked]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Commanded(folder, done.stdout)


def bodies(events, kind):
    return [event for event in events if isinstance(event.body, kind)]


def refusals(events):
    """The codes of every refused act, with who asked for what."""
    return {(event.actor, event.body.act): event.body.reasons[0].code for event in bodies(events, kinds.ActRefused)}


def outcomes(subject: Subject) -> list[str]:
    return [str(type(subject.doses[day].body).__name__) for day in sorted(subject.doses)]


class TestSameSeedSameTrial:
    """A simulation can be made again by anyone."""

    def test_the_head_hash_depends_on_seed_and_first_day_alone(self, commanded, made):
        """The same seed and first day give the same log to the last byte; another seed gives another one."""
        one, other = (Study(made(seed), read_only=True).store.head() for seed in SEEDS)
        assert Study(commanded.folder, read_only=True).store.head() == one
        assert one != other

    @pytest.mark.parametrize("seed", SEEDS)
    def test_any_seed_makes_a_whole_trial(self, made, seed):
        """Whatever chance draws, the seven are enrolled and every act is decided as foreseen."""
        events = [event for event, _ in Study(made(seed), read_only=True).events()]
        assert fold(events).subjects.enrolled == ENROLLED


class TestNeverMistaken:
    """Simulated patients and published facts never mix."""

    def test_the_trial_is_stamped(self, trial):
        """The log itself says that it is simulated, so everything made from it does."""
        assert trial.stamp == "SIMULATED"

    def test_nothing_published_is_read(self):
        """No module of the simulation names the published tables, and the folder it makes has none."""
        files = [*(SOURCE / "designs").rglob("*.py"), SOURCE / "cli" / "simulate.py"]
        texts = [node.value for file in files for node in ast.walk(ast.parse(file.read_text())) if _is_text(node)]
        assert [text for text in texts if "published" in text and len(text) < 60] == []

    def test_the_folder_holds_no_published_facts(self, simulated):
        assert not (simulated / "published").exists()

    def test_people_are_plainly_invented(self, trial):
        """Every printed name says that its person is simulated."""
        assert all(account.name.endswith("(simulated)") for account in trial.people.all())

    def test_no_password_is_in_the_log(self, simulated):
        """Passwords are set in the site's own database, and nothing of them is in the log."""
        from firstbreath.web.accounts.demonstration import PASSWORD

        assert PASSWORD.encode() not in (simulated / "log.sqlite").read_bytes()


class TestEverybodyActs:
    """Every act is asked for by a person whose role may do it, at the site."""

    def test_every_role_has_an_account(self, trial):
        """There is at least one person of each role, and three members of the safety group."""
        found = Counter(person.role for person in STAFF)
        assert found.keys() == ROLES.keys()
        assert (found["safety_group"], found["nurse"], found["investigator"], found["radiologist"]) == (3, 2, 2, 2)

    def test_acts_are_done_in_the_own_role(self, events):
        """Nobody acts in a role they do not hold."""
        wrong = [e.seq for e in events[1:] if e.role not in (HOLDER, SYSTEM, ROLE_OF.get(e.actor))]
        assert wrong == []

    def test_every_event_says_that_it_is_simulated(self, events):
        assert {event.source for event in events} == {"simulation, seed 20200316"}

    def test_time_never_runs_back(self, events):
        """Events stand in the order of their times, and the site's clock never had to be held."""
        assert [event.at for event in events] == sorted(event.at for event in events)
        assert bodies(events, kinds.ClockSetBack) == []


class TestSevenPatients:
    """From screening to discharge, with what goes wrong on the way."""

    def test_seven_are_enrolled_one_at_a_time(self, trial, events):
        """Each next patient is enrolled after a packet on the one before was voted on with `continue`."""
        assert trial.subjects.enrolled == ENROLLED
        for before, code in pairwise(ENROLLED):
            enrolled = trial.subjects.by_code[code].enrolled.seq
            reviews = [e for e in bodies(events, kinds.ReviewRecorded) if before in e.body.subjects]
            said = [review.body.recommendation for review in reviews if review.seq < enrolled]
            assert said[-1] == "continue"

    def test_three_fail_screening_each_with_a_reason(self, events):
        """Three people screened are not enrolled, and it is written down why."""
        ends = [e for e in bodies(events, kinds.ParticipationEnded) if e.body.how == "screen_failure"]
        assert [(event.subject, bool(event.reason)) for event in ends] == [
            ("SIM-03", True),
            ("SIM-06", True),
            ("SIM-09", True),
        ]

    def test_one_withdraws_consent_and_is_given_nothing_more(self, trial):
        """After the withdrawal no dose is given."""
        subject = trial.subjects.by_code["SIM-08"]
        assert subject.consent is None
        assert outcomes(subject) == ["DoseGiven", "DoseGiven"]

    def test_one_dose_is_interrupted_and_one_missed(self, trial):
        assert outcomes(trial.subjects.by_code["SIM-04"])[1] == "DoseInterrupted"
        assert outcomes(trial.subjects.by_code["SIM-05"])[3] == "DoseMissed"

    def test_consent_had_two_witnesses(self, events):
        assert {len(event.body.witnesses) for event in bodies(events, kinds.ConsentSigned)} == {2}

    def test_laboratory_values_are_inside_and_outside_of_the_ranges(self, trial, events):
        """Some values are abnormal by the site's reference ranges, some are not."""
        limits = {e.body.field: e.body for e in bodies(events, kinds.ReferenceRangeSet)}
        forms = [e.body for e in bodies(events, kinds.FormRecorded) if e.body.form == "laboratory"]
        high = [
            float(form.values[name]) > float(limits[name].high)
            for form in forms
            for name in limits
            if name in form.values and limits[name].high
        ]
        assert 0.1 < sum(high) / len(high) < 0.9

    def test_a_missed_window_is_a_deviation(self, trial):
        """Vital signs that nobody took are recorded as deviations."""
        found = [event.body.category for subject in trial.subjects.all() for event in subject.deviations]
        assert found.count("vital signs") == 2

    def test_somebody_waits_at_the_gate(self, trial):
        """When the simulation ends one vote is outstanding, and an eligible, consenting patient waits for it."""
        gate = enrolment_gate(trial)
        assert (gate.open, gate.reasons[0].code) == (False, "GATE-G1")
        waiting = trial.subjects.by_code["SIM-11"]
        assert waiting.consent
        assert not waiting.enrolled
        last = trial.safety.packets[max(trial.safety.packets)]
        assert (len(last.votes), len(last.body.members), last.review) == (2, 3, None)


class TestSafety:
    """Adverse events, the hold, and its lifting."""

    def test_a_serious_event_is_forwarded_and_revised(self, trial):
        """The serious event goes to sponsor, ethics board and authority, and is revised as more is known."""
        versions = trial.safety.adverse["SIM-05", 1]
        sent = trial.safety.forwarded["SIM-05", 1]
        assert versions[0].body.serious == ("hospitalisation",)
        assert len(versions) == 3
        assert {event.body.to for event in sent} == {"sponsor", "ethics", "authority"}
        assert (sent[0].at - versions[0].at).total_seconds() < 24 * 3600

    def test_a_hold_closes_the_gates_until_it_is_lifted(self, trial):
        """One member's hold is the group's; the dose of the next day is refused; the next packet lifts it."""
        says = [event.body.recommendation for event in trial.safety.reviews if "SIM-05" in event.body.subjects]
        assert says == ["hold", "continue"]

    def test_prespecified_events_are_seen(self, events):
        seen = {event.body.event for event in bodies(events, kinds.InhalationEventSeen)}
        assert seen == {"shortness_of_breath", "diarrhoea"}

    def test_one_member_abstains_for_a_conflict(self, events):
        votes = [event.body for event in bodies(events, kinds.VoteCast)]
        assert [vote.conflict != "none" for vote in votes if not vote.recommendation] == [True]


class TestRefused:
    """What the door refuses is in the log, too."""

    @pytest.mark.parametrize(
        ("actor", "act", "code"),
        [
            ("nurse.chen", "enrol_subject", "AUTH-002"),
            ("pharmacist.gao", "record_form", "AUTH-002"),
            ("nurse.pei", "record_form", "AUTH-004"),
            ("doctor.lin", "enrol_subject", "GATE-G1"),
            ("nurse.wang", "give_dose", "DOSE-003"),
            ("nurse.wang", "record_form", "FORM-002"),
        ],
    )
    def test_act_in_the_wrong_hands_or_too_early(self, events, actor, act, code):
        """Acts by the wrong role, after a delegation ended, before the review, twice, or out of range are refused."""
        assert refusals(events)[actor, act] == code

    def test_a_dose_is_refused_before_the_skin_test_under_a_hold_without_consent_and_after_an_amendment(self, events):
        """Each gate of a dose refuses once: skin test, hold, withdrawn consent, consent on an older version."""
        refused = (event.body for event in bodies(events, kinds.ActRefused) if event.body.act == "start_inhalation")
        found = [{reason.code for reason in body.reasons} for body in refused]
        wanted = ("GATE-G2", "GATE-002", "CONS-006", "CONS-007")
        assert [code for code, codes in zip(wanted, found, strict=True) if code not in codes] == []

    def test_a_warm_shipment_is_put_in_quarantine_a_dose_refused_and_a_decision_taken(self, events, trial):
        """No vial of the warm box is taken before the sponsor decides; one is rejected and destroyed before two."""
        assert refusals(events)["nurse.wang", "withdraw_vials"] == "VIAL-003"
        decided = {event.body.decision: len(event.body.vials) for event in bodies(events, kinds.VialsJudged)}
        assert decided == {"use": 16, "reject": 1}
        assert trial.product.vials["SIM-R7"].place == "destroyed"
        given = sum(len(event.body.vials) for event in bodies(events, kinds.VialsUsed))
        assert given == sum(isinstance(e.body, kinds.DoseGiven | kinds.DoseInterrupted) for e in events)

    def test_some_cannot_sign_in(self, events):
        """Wrong passwords lead to a lock; an unknown account and a wrong second factor are noted."""
        why = Counter(event.body.why for event in bodies(events, kinds.SignInRefused))
        assert why == {"password": 5, "unknown": 1, "second_factor": 1}
        assert len(bodies(events, kinds.AccountLockedOut)) == 1


class TestRecords:
    """The keeping of the records."""

    def test_queries_are_in_every_state(self, trial):
        states = {query_state(s, number) for s in trial.subjects.all() for number in s.queries}
        assert states == {"open", "answered", "closed"}

    def test_corrections_strikes_signatures_verification_and_freezing(self, events):
        """Each way of handling a record occurs, with a reason where one is needed."""
        kinds_found = (
            kinds.FormCorrected,
            kinds.EntryStruck,
            kinds.RecordsSigned,
            kinds.SourceVerified,
            kinds.SubjectFrozen,
            kinds.QueryReopened,
        )
        assert all(bodies(events, kind) for kind in kinds_found)
        assert all(event.reason for event in bodies(events, kinds.FormCorrected | kinds.EntryStruck))

    def test_an_amendment_asks_for_consent_anew(self, trial, events):
        """The sponsor amends the consent text; the patient under treatment consents again before the next dose."""
        assert len(bodies(events, kinds.ProtocolAmended)) == 1
        versions = [event.body.version for event in trial.subjects.by_code["SIM-07"].consents]
        assert len(set(versions)) == 2


class TestCommand:
    """`firstbreath simulate`."""

    def test_it_says_what_it_made_and_who_can_sign_in(self, cli, commanded):
        """The command names the accounts and their one public password, and the log it made verifies."""
        assert "a simulated trial only" in commanded.said
        assert all(person.account in commanded.said for person in STAFF)
        assert cli("verify", commanded.folder).code == 0

    def test_it_leaves_a_folder_with_something_in_it_alone(self, cli, tmp_path):
        (tmp_path / "notes.txt").write_text("mine")
        done = cli("simulate", tmp_path)
        assert (done.code, [path.name for path in Path(tmp_path).iterdir()]) == (2, ["notes.txt"])

    def test_it_does_not_simulate_the_future(self, cli, tmp_path):
        done = cli("simulate", tmp_path / "trial", "--first-day", "2999-01-01")
        assert (done.code, (tmp_path / "trial").exists()) == (2, False)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
