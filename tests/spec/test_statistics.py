"""Statistics for tiny numbers

With seven patients a number can be exact or it can be misleading. Each section is one choice the product makes when
nobody chooses, in words for the clinic, and below it what is proved of that choice.
"""

from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath import stats
from firstbreath.stats import MonteCarlo, NotComputable, TooLarge

BEFORE = [39, 48, 50, 51, 61, 63, 79]
AFTER = [21, 29, 37, 40, 47, 49, 63]
IDS = ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]
CHANGES = [after - before for before, after in zip(BEFORE, AFTER, strict=True)]


class TestQuartiles:
    """The quartiles of seven values can be computed in nine ways, and software differs: of the same seven ages,
    57 (43 to 70) in one program is 57 (47 to 65) in another. We use the sixth of the nine definitions of Hyndman and
    Fan, because it is what Prism and much of the medical literature use and what reproduces the published trial, and
    every text that prints quartiles names it."""

    def test_ages_of_the_published_trial(self):
        """The seven ages give 57 (43 to 70), as printed; what numpy, R and Excel do by default gives 47 to 65."""
        ages = [34, 51, 43, 60, 57, 75, 70]
        assert stats.render_median_iqr(ages) == "57 (43 to 70)"
        assert stats.compute_quartiles(ages, 7).first == 47

    @pytest.mark.parametrize("definition", range(1, 10))
    def test_any_of_the_nine_can_be_asked_for(self, definition):
        """Any of the nine can be asked for; all but the fourth put the middle of seven ages at the fourth."""
        quartiles = stats.compute_quartiles([34, 51, 43, 60, 57, 75, 70], definition)
        assert quartiles.definition == definition
        assert (quartiles.median == 57) == (definition != 4)


class TestExactP:
    """A p-value answers: if treatment changed nothing, in how many of all the ways the same numbers could have fallen
    would they have fallen at least this far from the middle? With seven patients there are only 128 ways, so we count
    them. The count is printed beside the decimal: 0.0156 (2/128). No curve is fitted and nothing is approximated.
    The smallest p the numbers could have given is printed, too: with five patients no two-sided p can reach 0.05, and
    it is better to know that before than after."""

    def test_seven_of_seven(self):
        """Seven patients who all fall give p = 2/128, and no seven patients can give less."""
        p = stats.signed_rank(CHANGES)
        assert (stats.render_p(p), str(p), p.smallest) == ("0.0156 (2/128)", "2/128", Fraction(2, 128))

    def test_five_patients_cannot_reach_five_per_cent(self):
        """Five patients who all fall give 2/32 = 0.0625: the smallest there is."""
        p = stats.signed_rank([-1, -2, -3, -4, -5])
        assert (p.value, p.smallest) == (Fraction(1, 16), Fraction(1, 16))

    def test_two_sided_means_as_far_from_the_middle(self):
        """Two-sided counts every outcome at least as far from the expected one; one-sided must be asked for."""
        assert stats.signed_rank(CHANGES, alternative="less").value == Fraction(1, 128)
        assert stats.signed_rank(CHANGES, alternative="greater").value == 1


class TestTies:
    """Scores tie: two patients fall by eleven, one does not change at all. Tied values share the mean of their ranks
    and the counting is done on those shared ranks, as StatXact does; programs that use the table for untied data print
    a wrong p. A patient without a change is left out, as Wilcoxon did, unless Pratt's way is asked for; the method is
    printed with the result."""

    def test_tied_values_are_counted_as_they_are(self):
        """Two groups of seven with one tie across them give 192/3432 = 0.0559; the untied table has no such value."""
        assert str(stats.rank_sum(BEFORE, AFTER)) == "192/3432"

    def test_unchanged_patients_are_left_out_or_ranked(self):
        """Zero changes are dropped by default and ranked first on request; the result says which."""
        changes = [0, 0, 0, 1, 1, -2, 2]
        dropped, ranked = stats.signed_rank(changes), stats.signed_rank(changes, zeros="pratt")
        assert dropped.value != ranked.value
        assert ("Wilcoxon)" in dropped.method, "Pratt" in ranked.method) == (True, True)

    def test_decimals_as_typed_tie(self):
        """0.3 less 0.2 and 0.2 less 0.1 are a tie, though binary arithmetic says otherwise; differences that already
        carry the binary error are refused."""
        changes = stats.compute_differences([0.2, 0.1], [0.3, 0.2])
        assert changes[0] == changes[1] == Fraction(1, 10)
        with pytest.raises(NotComputable, match="binary rounding"):
            stats.signed_rank([0.3 - 0.2, 0.1])


class TestPairedOrNot:
    """Two scans of the same patient belong together. Whether they do is never asked: it follows from the patient codes.
    Patients measured at both times are compared with themselves; groups without a patient in common are compared as
    groups. A test for independent groups given the same patients twice is answered with a warning and the test that
    fits."""

    def test_same_patients_are_compared_with_themselves(self):
        """The same fourteen values give 2/128 when the codes repeat and 192/3432 when they do not."""
        assert str(stats.endpoint(BEFORE, AFTER, IDS).p) == "2/128"
        others = [f"Q{n}" for n in range(7)]
        assert str(stats.endpoint(BEFORE, AFTER, IDS, others).p) == "192/3432"

    def test_kruskal_wallis_on_repeated_patients_offers_friedman(self):
        """Three times of the same patients: the answer warns that they are not independent and gives Friedman's p."""
        week = [score - 3 for score in BEFORE]
        answer = stats.kruskal_wallis([BEFORE, week, AFTER], ids=[IDS, IDS, IDS])
        table = list(zip(BEFORE, week, AFTER, strict=True))
        assert any("Friedman" in note and str(stats.friedman(table)) in note for note in answer.notes)


class TestSizeOfTheChange:
    """A p-value does not say how large a change is. Beside it stands the Hodges-Lehmann estimate: the middle of all the
    averages of two patients' changes, which one odd patient cannot drag away. Its interval is exact, and since only a
    few levels can be had with seven patients, the level it attains is printed (95.31 %) and not the one wished for
    (95 %)."""

    def test_level_that_is_attained_is_stated(self):
        """Seven changes: the 95 % interval holds 95.3125 %, exactly."""
        interval = stats.hodges_lehmann(CHANGES)
        assert interval.level == Fraction(61, 64)
        assert interval.lower <= interval.estimate <= interval.upper < 0

    def test_too_few_patients_have_no_interval(self):
        """Five patients have no interval at 95 %; the answer says so and names the widest."""
        interval = stats.hodges_lehmann([-1, -2, -3, -4, -5])
        assert (interval.lower, interval.upper) == (None, None)
        assert "93.75 %" in interval.note


class TestRates:
    """None of seven had the event: that is not a rate of nought. The Clopper-Pearson interval is printed because it
    never promises more than it holds: 0 of 7 is compatible with up to 41 % (two-sided), or 35 % as a one-sided bound.
    Wilson's and Jeffreys' intervals are there for those who ask. "Three divided by n" is not used: below thirty
    patients it misleads."""

    def test_none_of_seven(self):
        """0 of 7: at most 0.4096 two-sided, 0.3482 one-sided."""
        assert stats.binomial_interval(0, 7).upper == Decimal("0.409616")
        assert stats.binomial_interval(0, 7, sides=1).upper == Decimal("0.348164")

    def test_belief_names_its_prior(self):
        """The chance that the rate is above a limit is given under a prior that is named."""
        above = stats.posterior_above(0, 7, Fraction(1, 10))
        assert above.probability == Fraction(9, 10) ** 8
        assert "Beta(1, 1)" in above.text


class TestMissingValues:
    """A patient whose second scan is missing is not left out in silence and no value is made up. Every way in which the
    missing change could have fallen is tried, and the best and the worst p are printed: if both lead to the same
    conclusion, the missing scan does not matter; if not, the reader sees it."""

    def test_bounds_hold_whatever_the_missing_value(self):
        """With one scan missing the printed bounds hold for every score from 0 to 100."""
        after = [*AFTER[:-1], None]
        bounds = stats.missing_bounds(BEFORE, after, lowest=0, highest=100, step=1)
        filled = [stats.signed_rank(stats.compute_differences(BEFORE, [*AFTER[:-1], score])) for score in range(101)]
        assert (bounds.best.p.value, bounds.worst.p.value) == (min(filled, key=by_p).value, max(filled, key=by_p).value)


class TestUncontrolledChange:
    """Patients who are measured at their worst are better later, treated or not. A before-and-after change
    without a comparison group cannot show that the medicine did it, however small p is. Every such result carries that
    sentence."""

    def test_every_endpoint_says_so(self):
        """The block of an endpoint ends with what an uncontrolled change cannot show."""
        block = stats.render_endpoint(stats.endpoint(BEFORE, AFTER, IDS, better="lower"))
        assert "Without a control group" in block
        assert "regression to the mean" in block


class TestManyTests:
    """Who tests twenty things finds one. The number of tests done is stated and Holm's adjustment given, which holds
    whatever the tests have to do with one another; Hochberg's is there where its condition is met."""

    def test_holm(self):
        """Three p-values of 0.01, 0.04 and 0.03 become 0.03, 0.06 and 0.06."""
        adjusted = stats.holm([Decimal("0.01"), Decimal("0.04"), Decimal("0.03")])
        assert adjusted == (Fraction(3, 100), Fraction(6, 100), Fraction(6, 100))


class TestAgreement:
    """Two readers score eighteen segments in seven patients: that is seven patients, not 126 independent ratings. The
    interval of their agreement is found by drawing patients, not segments; with seven patients all 1,716 ways of
    drawing them are gone through, so the interval does not depend on chance. A difference of two points weighs four
    times a difference of one (quadratic weights), unless linear weights are asked for."""

    def test_patients_are_drawn_not_segments(self):
        """With seven patients every resample is counted, and the same answer comes out each time."""
        by_patient = [Fraction(n, 7) for n in range(7)]
        first = stats.cluster_bootstrap(by_patient, lambda drawn: sum(drawn) / len(drawn))
        assert first == stats.cluster_bootstrap(by_patient, lambda drawn: sum(drawn) / len(drawn))
        assert first.resamples == 1716


class TestPrintedP:
    """A p-value in a paper can be checked without its data: with seven pairs only 64 two-sided values exist. If the
    printed one is not among them, the exact test named was not the test done, or a digit is wrong; which, nobody can
    tell from outside, and an approximation from a curve can print anything. The answer lists the tests and numbers of
    patients that could give it. It is a statement about arithmetic, not about anybody's conduct."""

    def test_p_of_the_published_trial(self):
        """0.0559 cannot come from an exact paired test on seven patients; it can from two groups of seven with ties."""
        assert stats.attainable("signed-rank", 7, "0.0559").attainable is False
        unpaired = stats.attainable("rank-sum", (7, 7), "0.0559")
        assert (unpaired.attainable, unpaired.with_ties) == (True, True)
        assert (192, 3432) in unpaired.fractions


class TestChance:
    """Where even counting is too long, the answer is not replaced by a curve. The command stops, says what the limit is
    and offers to draw at random; then the p-value comes with its own error, and the same seed gives the same answer
    again."""

    def test_too_large_is_said_and_not_approximated(self):
        """Beyond the limit nothing is computed unless draws are asked for."""
        groups = [list(range(n, 600, 5)) for n in range(5)]
        with pytest.raises(TooLarge, match="monte_carlo"):
            stats.kruskal_wallis(groups)
        drawn = stats.kruskal_wallis(groups, monte_carlo=MonteCarlo(draws=1000, seed=5))
        low, high = drawn.error
        assert low <= drawn.value <= high
        assert drawn == stats.kruskal_wallis(groups, monte_carlo=MonteCarlo(draws=1000, seed=5))


class TestRefusals:
    """A value that is missing, infinite or a word is named with its place and nothing is computed. A result that looks
    like a number and is not one is worse than none."""

    @pytest.mark.parametrize("wrong", [float("nan"), float("inf"), "12", None, True, [1]], ids=repr)
    def test_what_is_no_number_is_named_with_its_place(self, wrong):
        """The third of seven values is none: the message says which, and what to do."""
        with pytest.raises(NotComputable, match="value 3 of differences"):
            stats.signed_rank([1, 2, wrong, 4, 5, 6, 7])

    def test_nothing_is_refused_and_no_change_is_no_evidence(self):
        """No values are refused; seven patients without any change give p = 1."""
        with pytest.raises(NotComputable):
            stats.signed_rank([])
        assert stats.signed_rank([0] * 7).value == 1


def by_p(p):
    return p.value
