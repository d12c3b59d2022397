"""Whatever sequence of acts is tried, the log keeps its rules, and both ways of folding agree."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.small_trial import SmallTrial

from firstbreath.events import kinds
from firstbreath.events.chain import verify_chain
from firstbreath.events.store import MemoryStore
from firstbreath.trial.fold import fold, read_events
from firstbreath.trial.history import History

SUBJECTS = st.sampled_from(["S1", "S2", "S3"])
AGES = st.sampled_from(["50", "17", "75", "99", "x"])
ACTS = st.one_of(
    st.tuples(st.just("open_screening"), SUBJECTS, st.just({})),
    st.tuples(
        st.just("record_form"),
        SUBJECTS,
        st.builds(
            lambda age, allergy: {
                "form": "demographics",
                "visit": "screening",
                "values": {"age": age, "severe_allergy": allergy},
            },
            AGES,
            st.sampled_from(["yes", "no"]),
        ),
    ),
    st.tuples(
        st.just("correct_form"),
        SUBJECTS,
        st.builds(lambda age: {"form": "demographics", "visit": "screening", "values": {"age": age}}, AGES),
    ),
    st.tuples(
        st.just("record_form"),
        SUBJECTS,
        st.just({"form": "skin_test", "visit": "D1", "values": {"skin_test_done": "yes"}}),
    ),
    st.tuples(
        st.just("sign_consent"),
        SUBJECTS,
        st.just({"version": "1.0", "given_by": "patient", "witnesses": ("W1", "W2")}),
    ),
    st.tuples(st.just("withdraw_consent"), SUBJECTS, st.just({})),
    st.tuples(st.just("enrol_subject"), SUBJECTS, st.just({"arm": "A"})),
    st.tuples(st.just("give_dose"), SUBJECTS, st.builds(lambda day: {"day": day, "amount": "2e8"}, st.integers(0, 4))),
    st.tuples(st.just("miss_dose"), SUBJECTS, st.builds(lambda day: {"day": day}, st.integers(0, 4))),
    st.tuples(
        st.sampled_from(["start_inhalation", "pause_inhalation", "resume_inhalation"]),
        SUBJECTS,
        st.builds(lambda day: {"day": day}, st.integers(0, 4)),
    ),
    st.tuples(st.just("strike_entry"), SUBJECTS, st.builds(lambda seq: {"corrects": seq}, st.integers(1, 40))),
    st.tuples(st.sampled_from(["freeze_subject", "unfreeze_subject"]), SUBJECTS, st.just({})),
    st.tuples(st.just("end_participation"), SUBJECTS, st.just({"how": "discharged"})),
    st.tuples(
        st.just("record_review"),
        SUBJECTS,
        st.builds(lambda says: {"says": says}, st.sampled_from(["continue", "hold", "stop"])),
    ),
)


def play(acts, store):
    small = SmallTrial(store)
    for act, subject, arguments in acts:
        if act == "record_review":
            small.review(subject, **arguments)
        else:
            small.act(act, subject, reason="as tried", **arguments)
    return small


class Witness:
    """What the rules need to know of the events so far; each event is checked against it, then remembered."""

    def __init__(self):
        self.written, self.enrolled, self.reviewed, self.standing = [], [], {}, "continue"

    def own(self, event, *wanted):
        """What counts of the event's subject, of these kinds, oldest first."""
        return [
            left.body
            for left in standing_events(self.written)
            if left.subject == event.subject and isinstance(left.body, wanted)
        ]

    def holds(self, event, begins, ends):
        """Whether the last of two opposite kinds of event is the one that begins."""
        said = self.own(event, begins, ends)
        return bool(said) and isinstance(said[-1], begins)

    def check(self, event):
        if self.holds(event, kinds.SubjectFrozen, kinds.SubjectUnfrozen):
            assert isinstance(event.body, kinds.ActRefused | kinds.SubjectUnfrozen)
        match event.body:
            case kinds.ReviewRecorded(subjects=subjects, recommendation=word):
                assert set(subjects) <= set(self.enrolled)
                self.reviewed |= dict.fromkeys(subjects, word)
                self.standing = word
            case kinds.SubjectEnrolled(number=number):
                self.check_enrolment(event, number)
            case kinds.DoseGiven() | kinds.DoseMissed() | kinds.InhalationStarted():
                self.check_dose(event)
        self.written.append(event)

    def check_enrolment(self, event, number):
        assert self.holds(event, kinds.ConsentSigned, kinds.ConsentWithdrawn)
        assert event.subject not in self.enrolled
        assert not self.own(event, kinds.ParticipationEnded)
        assert all(self.reviewed.get(code) == "continue" for code in self.enrolled)
        assert self.standing == "continue"
        self.enrolled.append(event.subject)
        assert number == len(self.enrolled)

    def check_dose(self, event):
        assert event.subject in self.enrolled
        assert not self.own(event, kinds.ParticipationEnded)
        assert event.body.day == len(self.own(event, *DOSES)) + 1
        if not isinstance(event.body, kinds.DoseMissed):
            assert self.holds(event, kinds.ConsentSigned, kinds.ConsentWithdrawn)
            assert self.standing == "continue"


@settings(max_examples=150, deadline=None)
@given(st.lists(ACTS, max_size=40))
def test_no_history_breaks_the_rules(acts):
    """Nobody enters without consent and review of the one before; nobody is dosed before enrolment or twice a day."""
    store, witness = MemoryStore(), Witness()
    play(acts, store)
    for event in read_events(store):
        witness.check(event)


DOSES = (kinds.DoseGiven, kinds.DoseInterrupted, kinds.DoseMissed)
FORMS = (kinds.FormRecorded, kinds.FormCorrected)
SESSION = (kinds.InhalationStarted, kinds.InhalationPaused, kinds.InhalationResumed)


def standing_events(events):
    """The events less those struck out so far: a form goes with its corrections, a dose with its inhalation."""
    left = []
    for event in events:
        if isinstance(event.body, kinds.EntryStruck):
            wrong = events[event.body.corrects - 1].body
            left = [one for one in left if one.subject != event.subject or not goes(one, wrong, event.body.corrects)]
        left.append(event)
    return left


def goes(one, wrong, seq):
    if isinstance(wrong, FORMS):
        return isinstance(one.body, FORMS) and form_of(one.body) == form_of(wrong)
    if isinstance(wrong, kinds.DoseGiven | kinds.DoseInterrupted) and isinstance(one.body, SESSION):
        return one.body.day == wrong.day
    return one.seq == seq


def form_of(body):
    return body.form, body.visit, body.repeat


def plain(trial):
    """A trial as nested plain values, so that two of them can be compared part by part."""
    return {
        "seq": trial.seq,
        "refusals": trial.refusals,
        "enrolled": trial.subjects.enrolled,
        "reviews": [event.seq for event in trial.safety.reviews],
        "latest": {code: event.seq for code, event in trial.safety.latest.items()},
        "subjects": {
            subject.code: {
                "forms": {key: [event.seq for event in versions] for key, versions in subject.forms.items()},
                "doses": {day: event.seq for day, event in subject.doses.items()},
                "inhalations": {
                    day: [event.seq for event in session] for day, session in subject.inhalations.items() if session
                },
                "struck": [wrong.seq for wrong, _ in subject.struck],
                "frozen": subject.frozen is not None,
                "consents": [event.seq for event in subject.consents],
                "attested": [event.seq for event in subject.attested],
                "deviations": [event.seq for event in subject.deviations],
                "enrolled": subject.enrolled.seq if subject.enrolled else None,
                "ended": subject.ended.seq if subject.ended else None,
            }
            for subject in trial.subjects.all()
        },
    }


def naive(events):
    """The same, computed again by the plainest loop that can be written: no shared state, no dispatch."""
    everything = list(events)
    events = standing_events(everything)

    def of(subject, *wanted):
        return [event for event in events if event.subject == subject and isinstance(event.body, wanted)]

    def subject_of(code):
        forms = {}
        for event in of(code, kinds.FormRecorded, kinds.FormCorrected):
            forms.setdefault((event.body.form, event.body.visit, event.body.repeat), []).append(event.seq)
        doses, session = of(code, *DOSES), of(code, *SESSION)
        struck = [event.body.corrects for event in of(code, kinds.EntryStruck)]
        frozen = of(code, kinds.SubjectFrozen, kinds.SubjectUnfrozen)
        last = lambda found: found[-1].seq if found else None  # noqa: E731
        return {
            "forms": forms,
            "doses": {event.body.day: event.seq for event in doses},
            "inhalations": {
                day: [event.seq for event in session if event.body.day == day]
                for day in {event.body.day for event in session}
            },
            "struck": struck,
            "frozen": bool(frozen) and isinstance(frozen[-1].body, kinds.SubjectFrozen),
            "consents": [event.seq for event in of(code, kinds.ConsentSigned, kinds.ConsentWithdrawn)],
            "attested": [event.seq for event in of(code, kinds.EligibilityAttested)],
            "deviations": [event.seq for event in of(code, kinds.DeviationRecorded)],
            "enrolled": last(of(code, kinds.SubjectEnrolled)),
            "ended": last(of(code, kinds.ParticipationEnded)),
        }

    reviews = [event for event in events if isinstance(event.body, kinds.ReviewRecorded)]
    screened = [event.subject for event in events if isinstance(event.body, kinds.ScreeningOpened)]
    return {
        "seq": len(everything),
        "refusals": sum(isinstance(event.body, kinds.ActRefused) for event in events),
        "enrolled": tuple(event.subject for event in events if isinstance(event.body, kinds.SubjectEnrolled)),
        "reviews": [event.seq for event in reviews],
        "latest": {code: event.seq for event in reviews for code in event.body.subjects},
        "subjects": {code: subject_of(code) for code in screened},
    }


@settings(max_examples=100, deadline=None)
@given(st.lists(ACTS, max_size=30), st.data())
def test_incremental_fold_equals_the_naive_one(acts, data):
    """The state kept up to date, the state folded anew, the state as of any event: all equal the naive loop."""
    store = MemoryStore()
    small = play(acts, store)
    events = list(read_events(store))
    assert plain(small.trial) == plain(fold(events)) == naive(events)
    cut = data.draw(st.integers(0, len(events)))
    assert plain(History(events).as_of(cut)) == naive(events[:cut])
    assert plain(fold(events[cut:], fold(events[:cut]))) == naive(events)
    assert verify_chain(store.records()).broken is None


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTS, max_size=25), st.lists(ACTS, max_size=10))
def test_what_was_seen_before_never_changes(acts, more):
    """Later acts never change how the trial stood: as of an event it is the same before and after them."""
    store = MemoryStore()
    small = play(acts, store)
    seen, at = plain(small.trial), small.trial.seq
    small = play(more, store)
    assert plain(small.door.history.as_of(at)) == seen
