"""The block for one endpoint: pairing by code, missing values, and the words a clinician reads."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from firstbreath.stats import placements
from firstbreath.stats.endpoint_answers import Patient
from firstbreath.stats.endpoint_words import render_endpoint
from firstbreath.stats.endpoints import endpoint
from firstbreath.stats.ranks import rank_sum, signed_rank
from firstbreath.stats.refusals import NotComputable
from firstbreath.stats.shifts import hodges_lehmann

BEFORE, AFTER = [39, 48, 50, 51, 61, 63, 79], [21, 29, 37, 40, 47, 49, 63]
CODES = ["01", "02", "03", "04", "05", "06", "07"]
OTHERS = ["11", "12", "13", "14", "15", "16", "17"]
UNCONTROLLED = (
    "Without a control group this change cannot be told from natural recovery, regression to the mean or other "
    "treatment given meanwhile."
)


def test_the_same_codes_are_paired() -> None:
    found = endpoint(BEFORE, AFTER, CODES, better="lower")
    differences = [late - early for early, late in zip(BEFORE, AFTER, strict=True)]
    assert (found.design, found.p, found.shift) == ("paired", signed_rank(differences), hodges_lehmann(differences))
    assert (found.before.median, found.after.median, found.rank_biserial) == (51, 40, -1)
    assert found.patients[0] == Patient("01", Fraction(39), Fraction(21), Fraction(-18))
    assert (found.signs.changed_so, found.signs.changed, found.signs.unchanged) == (7, 7, 0)
    assert (found.signs.share.lower, str(found.signs.p)) == (Decimal("0.590384"), "2/128")
    assert (found.missing, found.unbounded, found.least_p) == (None, "", (2, 128))


def test_no_code_in_common_is_not_paired() -> None:
    found = endpoint(BEFORE, AFTER, CODES, OTHERS)
    assert (found.design, found.p, found.shift) == (
        "unpaired",
        rank_sum(AFTER, BEFORE),
        hodges_lehmann(AFTER, BEFORE),
    )
    assert (str(found.p), found.rank_biserial, found.least_p) == ("192/3432", Fraction(-30, 49), (2, 3432))
    assert (found.signs, found.missing) == (None, None)
    assert {patient.time for patient in found.patients} == {"before", "after"}


def test_the_order_of_the_codes_does_not_matter() -> None:
    assert endpoint(BEFORE, AFTER[::-1], CODES, CODES[::-1]).p == endpoint(BEFORE, AFTER, CODES).p


def test_one_code_in_common_is_paired_on_that_patient_and_bounded() -> None:
    found = endpoint([5, 6], [3, 4], ["a", "b"], ["b", "c"])
    assert (found.design, found.before.n, found.shift.estimate) == ("paired", 1, -3)
    assert [(patient.id, patient.difference) for patient in found.patients] == [("a", None), ("b", -3), ("c", None)]
    assert (found.missing.missing, found.missing.n) == (2, 3)


def test_none_is_a_missing_value() -> None:
    found = endpoint([5, 6, None], [3, None, 2], ["a", "b", "c"], better="lower", lowest=0, highest=9, step=1)
    assert (found.before.n, found.missing.missing, found.missing.fell) == (1, 2, (1, 3))
    assert (str(found.missing.best.p), found.missing.shift) == ("2/8", (Fraction(-21, 4), Fraction(5, 4)))


def test_a_count_without_a_better_side_is_of_those_that_rose() -> None:
    changes = {
        better: endpoint([1, 2, 3, 4], [2, 3, 1, 4], range(4), better=better) for better in ("lower", "higher", None)
    }
    assert {better: found.signs.changed_so for better, found in changes.items()} == {"lower": 1, "higher": 2, None: 2}
    assert {found.signs.direction for found in changes.values()} == {"better", "rose"}
    assert {(found.signs.changed, found.signs.unchanged) for found in changes.values()} == {(3, 1)}


def test_tests_done_multiply_p_up_to_one() -> None:
    assert endpoint(BEFORE, AFTER, CODES, tests_done=3).bonferroni == Fraction(3, 64)
    assert endpoint(BEFORE, AFTER, CODES, tests_done=100).bonferroni == 1


def test_zeros_are_ranked_when_asked() -> None:
    before, after = [0] * 7, [0, 0, 0, 1, 1, -2, 2]
    dropped, ranked = (endpoint(before, after, CODES, zeros=zeros) for zeros in ("wilcoxon", "pratt"))
    assert str(dropped.p) != str(ranked.p)
    assert "zeros dropped" in dropped.sentences[3]
    assert "zeros ranked as Pratt" in ranked.sentences[3]


def test_one_patient_and_no_change_give_no_evidence() -> None:
    alone = endpoint([1.5], [2.5], ["x"])
    assert (alone.p.value, alone.shift.lower) == (1, None)
    assert alone.shift.note == "no interval: there is one value, which shows no spread"
    still = endpoint([3] * 7, [3] * 7, CODES)
    assert (str(still.p), still.shift.lower, still.rank_biserial, still.signs.p) == ("1/1", None, None, None)
    assert still.shift.note == "no interval: every value is 0, which shows no spread"
    tied = endpoint([3, 3], [3, 3], CODES[:2], OTHERS[:2])
    assert (tied.p.value, tied.rank_biserial) == (1, 0)


def test_too_many_missing_leave_the_answer_and_say_why_there_are_no_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placements, "MOST_STEPS", 10)
    found = endpoint([1, 2, 3], [2, 4, None], CODES[:3])
    assert (found.missing, str(found.p)) == (None, "2/4")
    assert found.sentences[6].startswith("Missing values are not bounded: 1 missing among 2 known differences fall")


def test_missing_values_without_pairs_are_counted() -> None:
    found = endpoint([1, None], [3, 4], CODES[:2], OTHERS[:2])
    assert (found.before.n, found.after.n, found.missing) == (1, 2, None)
    assert found.unbounded == "1 of the 4 values is missing and left out, since nothing is paired"


def test_arrays_and_codes_of_any_kind_are_read() -> None:
    found = endpoint(np.array(BEFORE), np.array(AFTER, dtype=float), np.array(CODES))
    assert found == endpoint(iter(BEFORE), tuple(AFTER), CODES)
    assert endpoint([1], [2], np.array([7])).patients[0].id == "7"
    assert endpoint([0.3, 0.4, 0.6], [0.2, 0.3, 0.5], CODES[:3]).p == endpoint([3, 4, 6], [2, 3, 5], CODES[:3]).p


PAIRED = """\
Each patient, before to after: 01: 39 to 21; 02: 48 to 29; 03: 50 to 37; 04: 51 to 40; 05: 61 to 47; 06: 63 to 49; \
07: 79 to 63.
Paired by patient: 7 patients measured both before and after.
Median (quartiles, type 6 of Hyndman and Fan): before 51 (48 to 63) points, after 40 (29 to 49) points.
Change, after minus before, by Hodges and Lehmann: -15 points; exact interval -18 to -12.5, which holds 95.31 % \
(95 % asked for).
Exact p = 0.0156 (2/128), two-sided Wilcoxon signed-rank test; smallest possible 2/128.
Better (lower): 7 of 7 that changed; 95 % Clopper-Pearson interval 59.0 to 100.0 %; exact sign test p = 0.0156 (2/128).
Matched-pairs rank-biserial correlation -1.00, from -1 (all fell) to 1 (all rose).
No value is missing.
Not adjusted for other tests done.
With the 7 patients compared, a two-sided p could not have been below 0.0156 (2/128), whatever the values.
Without a control group this change cannot be told from natural recovery, regression to the mean or other treatment \
given meanwhile."""

UNPAIRED = """\
Each patient, before 11: 5.1; 12: 6.0; after 21: 4.0; 22: 4.4; 23: 4.9.
Not paired, no patient was measured at both times: 2 values before, 3 after.
Median (quartiles, type 6 of Hyndman and Fan): before 5.55 (5.1 to 6.0), after 4.4 (4.0 to 4.9).
Difference of the groups, after minus before, by Hodges and Lehmann: -1.1; no interval at 95 %: \
the widest, -2 to -0.2, holds 80 %.
Exact p = 0.2000 (2/10), two-sided Mann-Whitney test; smallest possible 2/10.
Rank-biserial correlation -1.00, from -1 (every value after is below every one before) to 1.
No value is missing.
3 tests were done: Bonferroni p = 0.6000, 3 times p; Holm's p is at most that.
With the 5 patients compared, a two-sided p could not have been below 0.1000 (1/10), whatever the values, so this \
test could not have \
reached 0.05.
The patients after are not the patients before: a difference between the two groups would look the same.
Without a control group this change cannot be told from natural recovery, regression to the mean or other treatment \
given meanwhile."""

GAPPED = """\
Each patient, before to after: a: 3 to 5; b: 4 to 4; c: 2 to 6; d: 5 to missing.
Paired by patient: 3 patients measured both before and after.
Median (quartiles, type 6 of Hyndman and Fan): before 3 (2 to 4), after 5 (4 to 6).
Change, after minus before, by Hodges and Lehmann: 2; no interval at 90 %: the widest, 0 to 4, holds 75 %.
Exact p = 0.5000 (2/4), two-sided Wilcoxon signed-rank test, zeros dropped; smallest possible 2/4.
Better (higher): 2 of 2 that changed, 1 did not; 90 % Clopper-Pearson interval 22.4 to 100.0 %; exact sign test \
p = 0.5000 (2/4).
Matched-pairs rank-biserial correlation 1.00, from -1 (all fell) to 1 (all rose).
1 of 4 patients without both values. Whatever was missing (scale from 0 up to 10 in steps of 1): p from 0.2500 (2/8) \
to 1.0000 (8/8), change from 0.5 to 2.75, 2 to 3 better.
Not adjusted for other tests done.
With the 3 patients compared, a two-sided p could not have been below 0.2500 (2/8), whatever the values, so this test \
could not have \
reached 0.10.
Without a control group this change cannot be told from natural recovery, regression to the mean or other treatment \
given meanwhile."""


def test_the_block_of_a_paired_endpoint() -> None:
    assert render_endpoint(endpoint(BEFORE, AFTER, CODES, better="lower", unit="points")) == PAIRED


def test_the_block_of_an_unpaired_endpoint() -> None:
    before, after = [Decimal("5.1"), Decimal("6.0")], [Decimal("4.0"), Decimal("4.4"), Decimal("4.9")]
    found = endpoint(before, after, ["11", "12"], ["21", "22", "23"], better="lower", tests_done=3)
    assert render_endpoint(found) == UNPAIRED


def test_the_block_of_an_endpoint_with_a_gap() -> None:
    found = endpoint(
        [3, 4, 2, 5],
        [5, 4, 6, None],
        ["a", "b", "c", "d"],
        better="higher",
        level=Decimal("0.9"),
        lowest=0,
        highest=10,
        step=1,
    )
    assert render_endpoint(found) == GAPPED


def test_an_endless_scale_may_leave_the_change_without_bound() -> None:
    sentences = {
        limits: endpoint([1, 2], [2, None], CODES[:2], **dict(limits)).sentences[6]
        for limits in ((), (("lowest", 0),), (("highest", 9),))
    }
    assert "Whatever was missing: " in sentences[()]
    assert "change without bound, 1 to 2 risen." in sentences[()]
    assert "(scale from 0): " in sentences[("lowest", 0),]
    assert "change from -0.5 without upper bound" in sentences[("lowest", 0),]
    assert "(scale up to 9): " in sentences[("highest", 9),]
    assert "change without lower bound to 4" in sentences[("highest", 9),]


def test_every_block_ends_with_what_it_cannot_show() -> None:
    for found in (endpoint(BEFORE, AFTER, CODES), endpoint(BEFORE, AFTER, CODES, OTHERS), endpoint([1], [1], ["a"])):
        assert found.sentences[-1] == UNCONTROLLED


def test_beyond_twelve_patients_neither_list_nor_least_p_is_printed() -> None:
    block = render_endpoint(endpoint(range(13), range(1, 14), range(13)))
    assert "Each patient" not in block
    assert "could not have been below" not in block


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        (([1, 2], [2, 3], ["a", "a"]), {}, "patient a has 2 values before: give one for each patient"),
        (([1], [2, 3], ["a"], ["b", "b"]), {}, "patient b has 2 values after: give one for each patient"),
        (([1], [2], ["7"], [7.0]), {}, "code 1 of after_ids is 7.0: give the patient's code, text or a whole number"),
        (([1], [2], [None]), {}, "code 1 of ids is None: give the patient's code"),
        (([1], [2], [True]), {}, "code 1 of ids is True: give the patient's code"),
        (([1], [2], [" "]), {}, "code 1 of ids is ' ': give the patient's code"),
        (([1, 2], [2, 3], ["a"]), {}, "2 values before and 1 ids: give one code for each value"),
        (([1], [2, 3], ["a"]), {}, "2 values after and 1 ids: give one code for each value"),
        (([1], [2, 3], ["a"], ["b"]), {}, "2 values after and 1 after_ids: give one code for each value"),
        (([1, None], [None, 2], ["a", "b"]), {}, "none of the 2 patients has a value at both times"),
        (([None], [2], ["a"], ["b"]), {}, "no patient has a value before: at least one needed at each time"),
        (([1], [None], ["a"], ["b"]), {}, "no patient has a value after: at least one needed at each time"),
        (([], [], []), {}, "no patient has a value before: at least one needed at each time"),
        (("1", [2], ["a"]), {}, "before is '1': give a list of numbers"),
        (([1], [2], "a"), {}, "ids is 'a': give a list of codes"),
        (([1], [float("nan")], ["a"]), {}, "value 1 of after is nan: only finite numbers"),
        (([1], [True], ["a"]), {}, "value 1 of after is True .bool."),
        (([1], [2], ["a"]), {"better": "up"}, "better is 'up': choose one of lower, higher"),
        (([1], [2], ["a"]), {"zeros": "none"}, "zeros is 'none': choose one of"),
        (([1], [2], ["a"], ["b"]), {"zeros": "none"}, "zeros is 'none': choose one of"),
        (([1], [2], ["a"]), {"level": 95}, "level is 95: give a confidence between 0 and 1"),
        (([1], [2], ["a"]), {"tests_done": 0}, "tests_done is 0: give 1 or more"),
        (([1], [2], ["a"]), {"highest": 1}, "value 1 of after is 2, above the highest of the scale, 1"),
        (([0.1 + 0.2, 0.3], [0.1, 0.1], ["a", "b"]), {}, "differ by the rounding of binary floats alone"),
        (([0.1 + 0.2], [0.3], ["a"], ["b"]), {}, "before and after has .* which differ by binary rounding alone"),
        ((range(201), range(201), range(201)), {}, "too many"),
    ],
)  # fmt: skip
def test_what_makes_no_endpoint_is_refused(given: tuple[object], options: dict[str, object], message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        endpoint(*given, **options)


def test_least_p_of_unequal_groups_is_not_above_their_p():
    """One lopsided arrangement has no mirror image: 1/21 can be reached, and the sentence must not deny it."""
    found = endpoint([1] * 5, [2] * 2, list("abcde"), ["x", "y"])
    assert (str(found.p), found.least_p) == ("1/21", (1, 21))


@pytest.mark.parametrize(("early", "late"), [("A1", "a1"), ("07", 7), ("P01", "P1")])
def test_codes_that_differ_in_capitals_or_zeros_alone_are_asked_about(early, late):
    with pytest.raises(NotComputable, match="may be one patient: write codes alike"):
        endpoint([1, 2], [3, 4], [early, "B"], [late, "C"])
