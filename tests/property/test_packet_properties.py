"""A frozen packet never changes; votes never come to less caution than any of them; the gate waits for the review."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.laboratory_trial import LABORATORY
from tests.support.staffed_trial import StaffedTrial

from firstbreath.safety.packets import CAUTION
from firstbreath.trial.gates import enrolment_gate
from firstbreath.trial.packet import compute_packet

SAYS = st.sampled_from(["", *CAUTION])
LATER = st.lists(
    st.sampled_from(
        [
            ("nora", {"act": "report_adverse_event", "subject": "S1", "term": "Cough"}),
            ("nora", {"act": "record_form", "subject": "S1", "form": "lab", "visit": "D2", "values": {"alt": "99"}}),
            ("dana", {"act": "set_reference_range", "site": "", "field": "alt", "low": "1", "high": "2",
                      "begins": "2020-01-01"}),
            ("nora", {"act": "correct_form", "subject": "S1", "form": "lab", "visit": "D1", "values": {"alt": "7"}}),
            ("nora", {"act": "give_dose", "subject": "S1", "day": 2, "amount": "2.0e8"}),
            ("sven", {"act": "cast_vote", "packet": 1, "recommendation": "hold", "conflict": "none", "comment": "x"}),
            ("ada", {"act": "withdraw_role", "account": "sara", "role": "safety_group"}),
        ]
    ),
    max_size=6,
)  # fmt: skip


def begun():
    trial = StaffedTrial(files=LABORATORY).enrolled("S1")
    values = {"alt": "60"}
    trial.by("nora", {"act": "record_form", "subject": "S1", "form": "lab", "visit": "D1", "values": values})
    trial.dose(1)
    trial.by("sven", {"act": "freeze_packet", "subjects": ["S1"]})
    return trial


def frozen(trial):
    history, packet = trial.door.history, trial.trial.safety.packets[1]
    up_to = packet.body.up_to
    content = compute_packet(history.as_of(up_to), history.events[:up_to], packet, last=None)
    return msgspec.json.encode([
        content.number, content.hash, content.news, str(content.cut_off),
        [(s.exposure, s.adverse, s.vital_signs, s.laboratory, s.deviations, s.queries) for s in content.subjects],
    ])  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(later=LATER)
def test_frozen_packet_is_the_same_whatever_is_written_later(later):
    trial = begun()
    before = frozen(trial)
    for who, act in later:
        trial.by(who, act, reason="because")
    assert frozen(trial) == before


@settings(max_examples=40, deadline=None)
@given(first=SAYS, second=SAYS)
def test_review_is_as_cautious_as_the_most_cautious_vote_and_the_gate_waits_for_it(first, second):
    trial = begun()
    for member, says in (("sven", first), ("sara", second)):
        assert enrolment_gate(trial.trial).open is False
        vote = {"act": "cast_vote", "packet": 1, "recommendation": says, "conflict": "none", "comment": "said"}
        trial.by(member, vote)
    said = [CAUTION[word] for word in (first, second) if word]
    standing = trial.trial.safety.standing
    assert CAUTION[standing] == max(said, default=CAUTION["hold"])
    assert (enrolment_gate(trial.trial).open is True) == (standing == "continue")


def test_two_members_who_vote_at_once_bring_one_review():
    import threading

    trial = begun()

    def vote(member):
        asked = {"act": "cast_vote", "packet": 1, "recommendation": "continue", "conflict": "none"}
        trial.by(member, asked)

    threads = [threading.Thread(target=vote, args=(member,)) for member in ("sven", "sara")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = [event.kind for event in trial.door.history.events]
    assert (kinds.count("vote_cast"), kinds.count("review_recorded")) == (2, 1)
    assert enrolment_gate(trial.trial).open is True
