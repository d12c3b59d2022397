"""A request's id may carry a digest of what is asked: under one name only that can be asked for."""

from tests.support.small_trial import SmallTrial, codes, is_allowed

from firstbreath.subjects.commands import OpenScreening


def test_same_name_and_digest_is_answered_again():
    small = SmallTrial()
    small.ask(OpenScreening(subject="S1"), id="k#1")
    before = small.trial.seq
    assert is_allowed(small.ask(OpenScreening(subject="S1"), id="k#1"))
    assert small.last.again
    assert small.trial.seq == before


def test_same_name_with_another_digest_writes_nothing():
    small = SmallTrial()
    small.ask(OpenScreening(subject="S1"), id="k#1")
    before = small.trial.seq
    assert codes(small.ask(OpenScreening(subject="S2"), id="k#2")) == ["SAVE-004"]
    assert small.trial.seq == before


def test_names_are_known_again_after_the_log_is_read_anew():
    small = SmallTrial()
    small.ask(OpenScreening(subject="S1"), id="k#1")
    again = SmallTrial(small.door.store)
    assert codes(again.ask(OpenScreening(subject="S2"), id="k#2")) == ["SAVE-004"]
