"""The agreement block of the reading room: seven patients, eighteen segments, two readers."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from firstbreath.stats.agreement import Agreement, SubjectTotal, agreement, render_agreement
from firstbreath.stats.answers import MonteCarlo
from firstbreath.stats.kappa import kappa
from firstbreath.stats.refusals import NotComputable, TooLarge

SUBJECTS = [f"P{patient}" for patient in range(1, 8) for _ in range(18)]
FIRST = [(patient * segment + segment) % 5 for patient in range(1, 8) for segment in range(18)]
SECOND = [min(4, score + (place % 7 == 0)) for place, score in enumerate(FIRST)]
UNREAD: list[Any] = [None if place in {3, 4} else score for place, score in enumerate(SECOND)]


@pytest.fixture(scope="module")
def found() -> Agreement:
    return agreement(FIRST, UNREAD, SUBJECTS)


def test_pairs_are_counted(found: Agreement) -> None:
    assert (found.subjects, found.pairs, found.left_out) == (7, 124, 2)
    kept = [(one, other) for one, other in zip(FIRST, UNREAD, strict=True) if other is not None]
    assert found.same == sum(one == other for one, other in kept)
    assert found.next_to == 124


def test_pooled_kappa_is_the_plain_one(found: Agreement) -> None:
    kept = [(one, other) for one, other in zip(FIRST, UNREAD, strict=True) if other is not None]
    for block, weights in ((found.quadratic, "quadratic"), (found.linear, "linear")):
        expected = kappa(*zip(*kept, strict=True), weights=weights, categories=range(5))  # type: ignore[arg-type,misc]
        assert block.pooled == expected
        assert block.resampled.estimate == expected.value
        assert block.resampled.resamples == 1716


def test_limits_to_quote_end_where_kappa_ends() -> None:
    """Four patients, one of whom the readers see differently: the t limits would leave the scale on both sides."""
    codes = ["A"] * 4 + ["B"] * 4 + ["C"] * 4 + ["D"] * 4
    first = [0, 1, 2, 3, 0, 1, 2, 4, 4, 1, 0, 0, 0, 0, 4, 4]
    found = agreement(first, [*first[:12], 4, 4, 0, 0], codes).quadratic
    assert found.resampled.t_lower is not None
    assert found.resampled.t_upper is not None
    assert found.resampled.t_lower < -1
    assert found.resampled.t_upper > 1
    assert (found.lower, found.upper) == (-1, 1)


def test_totals_leave_out_what_one_reader_could_not_score(found: Agreement) -> None:
    kept = [place for place in range(18) if place not in {3, 4}]
    assert found.totals[0] == SubjectTotal(
        "P1", 16, 2, Fraction(sum(FIRST[place] for place in kept)), Fraction(sum(SECOND[place] for place in kept))
    )
    assert found.totals[1].segments == 18
    assert "The totals of P1 leave out segments" in found.notes[0]


def test_totals_feed_the_correlation_and_the_limits(found: Agreement) -> None:
    assert found.intraclass.subjects == 7
    assert found.bland_altman.limits.mean == Fraction(sum(total.first - total.second for total in found.totals), 7)


def test_sentences_of_the_block(found: Agreement) -> None:
    counts, same, weighted, totals, limits, reach = found.sentences
    assert counts == (
        "Two readers scored 124 segments of 7 patients from 0 to 4; 2 segments were left out because a reader could "
        "not score them."
    )
    assert same == (
        "The scores were equal in 109/124 segments (87.9 %) and at most one step apart in 124/124 (100.0 %)."
    )
    assert weighted.startswith("Weighted kappa over all segments was 0.97 (95 % interval 0.9")
    assert weighted.endswith("(t limits; bootstrap over subjects, all 1,716 resamples of 7 subjects).")
    assert totals.startswith("The intraclass correlation of the patients' total scores, ICC(2,1), was 0.")
    assert limits.startswith("First reader minus second, the totals differed on average by -2.14 points (95 %")
    assert "7 patients and not 124 segments" in reach
    assert "cannot show how other readers" in reach


def test_text_has_the_totals_sentences_and_notes(found: Agreement) -> None:
    lines = render_agreement(found).split("\n")
    assert lines[0].startswith("Totals by patient, first and second reader: P1 ")
    assert tuple(lines[1:7]) == found.sentences
    assert tuple(lines[7:]) == found.notes


def test_segments_of_one_patient_may_lie_apart(found: Agreement) -> None:
    order = sorted(range(126), key=lambda place: (place % 18, place))
    mixed = agreement(*([column[place] for place in order] for column in (FIRST, UNREAD, SUBJECTS)))
    assert mixed.quadratic == found.quadratic
    assert mixed.totals == found.totals


def test_not_a_number_is_a_segment_left_out(found: Agreement) -> None:
    unread = np.array([np.nan if score is None else score for score in UNREAD])
    assert agreement(np.array(FIRST), unread, SUBJECTS) == found
    assert agreement(FIRST, [Decimal("NaN") if score is None else score for score in UNREAD], SUBJECTS) == found


def test_a_patient_nobody_could_read_is_named() -> None:
    second = [None if code == "P7" else score for code, score in zip(SUBJECTS, SECOND, strict=True)]
    found = agreement(FIRST, second, SUBJECTS)
    assert (found.subjects, found.left_out) == (6, 18)
    assert found.notes[0] == "P7 has no segment that both readers scored, and is left out."


def test_perfect_agreement_is_no_certainty() -> None:
    found = agreement(FIRST, FIRST, SUBJECTS)
    assert found.quadratic.resampled.estimate == 1
    assert found.quadratic.resampled.lower is None
    assert "was 1.00 (no interval) with quadratic weights" in found.sentences[2]
    assert found.sentences[4] == "The totals differed by 0.00 points in every patient."


def test_one_score_throughout_has_no_kappa() -> None:
    found = agreement([0] * 126, [0] * 126, SUBJECTS)
    assert found.sentences[2] == "Weighted kappa has no value: both readers gave one and the same score throughout."
    assert "was not estimable (no interval)" in found.sentences[3]


def test_one_segment_left_out_is_singular() -> None:
    assert (
        "1 segment was left out because a reader could not score it."
        in agreement(FIRST, [None, *SECOND[1:]], SUBJECTS).sentences[0]
    )
    assert agreement(FIRST, SECOND, SUBJECTS).sentences[0].endswith("from 0 to 4; no segment was left out.")


def test_another_scale() -> None:
    found = agreement([1, 2, 3, 3], [1, 2, 2, 3], ["A", "B", "C", "C"], scale=(1, 2, 3))
    assert found.quadratic.pooled.categories == (1, 2, 3)
    assert "from 1 to 3" in found.sentences[0]


def test_ten_patients_need_draws() -> None:
    codes = [f"P{place % 10}" for place in range(126)]
    with pytest.raises(TooLarge, match="10 subjects have"):
        agreement(FIRST, SECOND, codes)
    found = agreement(FIRST, SECOND, codes, monte_carlo=MonteCarlo(1000, 1))
    assert found.quadratic.resampled.resamples == 1000


@pytest.mark.parametrize(
    ("first", "second", "subjects", "extra", "message"),
    [
        ([], [], [], {}, "no patients with a segment that both readers scored: at least 3 needed"),
        ([1, 2], [1, 2], ["A", "B"], {}, "2 patients with a segment"),
        ([1, None, None], [1, 2, 3], list("ABC"), {}, "1 patient with a segment"),
        ([1, 2, 3], [1, 2], list("ABC"), {}, "3 ratings in ratings_first, 2 in ratings_second and 3 subjects"),
        ([1, 2, 5], [1, 2, 3], list("ABC"), {}, "score 3 of ratings_first is 5: the scale is 0, 1, 2, 3, 4"),
        ([1, 2, 3], [1, 2, 2.5], list("ABC"), {}, "score 3 of ratings_second is 2.5: the scale is"),
        ([1, 2, "3"], [1, 2, 3], list("ABC"), {}, "score 3 of ratings_first is '3'"),
        ([1, 2, True], [1, 2, 3], list("ABC"), {}, "score 3 of ratings_first is True"),
        ([1, 2, float("inf")], [1, 2, 3], list("ABC"), {}, "score 3 of ratings_first is inf"),
        ("123", [1, 2, 3], list("ABC"), {}, "ratings_first is '123': give a list of scores"),
        ([1, 2, 3], [1, 2, 3], "ABC", {}, "subjects is 'ABC': give one code per segment"),
        ([1, 2, 3], [1, 2, 3], ["A", None, "C"], {}, "code 2 of subjects is missing"),
        ([1, 2, 3], [1, 2, 3], ["A", " ", "C"], {}, "code 2 of subjects is missing"),
        ([1, 2, 3], [1, 2, 3], list("ABC"), {"scale": [3, 2, 1]}, "scale is 3, 2, 1: give every score once, lowest"),
        ([1, 2, 3], [1, 2, 3], list("ABC"), {"scale": [1]}, "scale has 1 value: at least 2 needed"),
        ([1, 2, 3], [1, 2, 3], list("ABC"), {"level": 1}, "level is 1"),
    ],
)
def test_what_is_no_reading_is_refused(
    first: Any, second: Any, subjects: Any, extra: dict[str, Any], message: str
) -> None:
    with pytest.raises(NotComputable, match=message):
        agreement(first, second, subjects, **extra)


def test_too_much_is_refused() -> None:
    with pytest.raises(TooLarge, match="100001 segments are too many"):
        agreement([0] * 100_001, [0] * 100_001, ["A"] * 100_001)
