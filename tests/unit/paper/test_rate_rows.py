"""Rows of event rates: exact limits of the counts a forest names, and of no other."""

from fractions import Fraction

from tests.support.scored_trial import AFTER, BEFORE, RATES, SCORE, paper_of, scored_trial

from firstbreath.paper.results import compute_results

ALONE = RATES.replace('summaries = ["fever", "cough"]', 'summaries = ["cough"]')


def rows_of(small):
    return {row.id: row for row in compute_results(small.trial)}


def printed(rows, name):
    return tuple(rows[f"S.{name}.{part}"].printed for part in ("k", "n", "rate", "lower", "upper"))


def test_limits_are_exact_and_two_sided():
    rows = rows_of(scored_trial())
    assert printed(rows, "fever") == ("1", "7", "14.3", "0.4", "57.9")
    assert printed(rows, "cough") == ("0", "7", "0.0", "0.0", "41.0")
    assert Fraction(rows["S.cough.upper"].value) == Fraction("0.409616")
    assert rows["S.cough.upper"].method == "Clopper-Pearson, exact, 95 % two-sided"
    assert rows["S.cough.upper"].sources == rows["S.cough.k"].sources


def test_only_counts_of_a_forest_have_limits():
    rows = rows_of(scored_trial(analysis=ALONE))
    assert "S.fever.upper" not in rows
    assert "S.cough.upper" in rows


def test_sentences_of_the_text_stay_as_they_are():
    said = ["".join(piece.text for piece in statement.pieces) for statement in paper_of(scored_trial()).statements]
    assert said == ["Fever: 1 of 7", "Cough & <hoarseness>: 0 of 7"]


def test_denominator_is_those_of_whom_it_is_known():
    small = scored_trial()
    small.act("correct_form", "S1", form="events", visit="D3", values={}, absent={"fever": "UNK"}, reason="not asked")
    rows = rows_of(small)
    assert printed(rows, "fever")[:2] == ("0", "6")
    assert rows["S.fever.upper"].printed == "45.9"


def test_nobody_known_has_no_rate_and_no_figure():
    small = scored_trial((), (), analysis=SCORE + RATES)
    rows = rows_of(small)
    assert (rows["S.fever.rate"].printed, "S.fever.lower" in rows) == ("N/A", False)
    (block,) = paper_of(small).rates
    assert (block.plots, block.notes[0][:9]) == ((), "Of nobody")


def test_count_in_two_forests_has_its_rows_once():
    second = '[[analysis.forests]]\nid = "F4"\ntitle = "Again"\nsummaries = ["fever"]\n'
    small = scored_trial(BEFORE[:2], AFTER[:2], analysis=SCORE + RATES + second)
    ids = [row.id for row in compute_results(small.trial)]
    assert ids.count("S.fever.rate") == 1
    assert [len(block.plots[0].rates) for block in paper_of(small).rates] == [2, 1]
