"""The bootstrap over subjects: exact for few, drawn for many, and silent about nothing it could not compute."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from firstbreath.stats.answers import MonteCarlo
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.resampling import cluster_bootstrap, compute_multisets, draw_resamples

SEVEN = [94, 197, 16, 38, 99, 141, 23]
TWELVE = tuple(range(12))


def mean(sample: tuple[Any, ...]) -> Fraction:
    return Fraction(sum(sample), len(sample))


def test_seven_subjects_have_1716_resamples() -> None:
    found = cluster_bootstrap(SEVEN, mean)
    assert (found.estimate, found.subjects, found.resamples) == (Fraction(608, 7), 7, 1716)
    assert found.method == "bootstrap over subjects, all 1,716 resamples of 7 subjects"
    assert "7 subjects: percentile limits are rough" in found.notes[0]


def test_every_resample_weighs_as_often_as_it_is_drawn() -> None:
    weights = {sample: weight for weight, sample in compute_multisets((1, 2, 3))}
    assert weights[1, 1, 1] == 1
    assert weights[1, 1, 3] == 3
    assert weights[1, 2, 3] == 6
    assert sum(weights.values()) == 27


def test_percentiles_of_two_subjects_by_hand() -> None:
    """Means 0, 1/2, 1 with weights 1, 2, 1: at 95 % all lie within, at 40 % the middle alone, which is no interval."""
    wide, none = (cluster_bootstrap([0, 1], mean, level=Decimal(level)) for level in ("0.95", "0.4"))
    assert (wide.lower, wide.upper, wide.share, wide.standard_error) == (0, 1, 1, Decimal("0.353553"))
    assert (none.lower, none.upper, none.share, none.t_lower) == (None, None, None, None)
    assert "one and the same value" in none.notes[0]


def test_the_share_inside_is_at_least_the_level() -> None:
    found = cluster_bootstrap(SEVEN, mean, level=Decimal("0.9"))
    assert found.share is not None
    assert Fraction(9, 10) <= found.share < Fraction(92, 100)
    assert found.lower < found.estimate < found.upper  # type: ignore[operator]


def test_the_interval_mirrors_with_the_sign() -> None:
    there = cluster_bootstrap(SEVEN, mean)
    back = cluster_bootstrap([-value for value in SEVEN], mean)
    assert (back.lower, back.upper) == (-there.upper, -there.lower)  # type: ignore[operator]


def test_t_limits_of_a_mean_are_students_own() -> None:
    """Mean 86.857143, standard error 25.235495 = SD / sqrt(7), t of 6 degrees of freedom 2.446912."""
    found = cluster_bootstrap(SEVEN, mean)
    margin = Decimal("2.446912") * Decimal("25.235495")
    assert found.t_lower is not None
    assert found.t_upper is not None
    assert abs(Decimal("86.857143") - margin - found.t_lower) < Decimal("0.0001")
    assert abs(Decimal("86.857143") + margin - found.t_upper) < Decimal("0.0001")
    assert found.t_lower < float(found.lower or 0)
    assert found.t_upper > float(found.upper or 0)


def scatter(sample: tuple[int, ...]) -> int | None:
    """No value when all entries are the same."""
    return None if len(set(sample)) == 1 else max(sample) - min(sample)


def test_undefined_resamples_are_counted() -> None:
    found = cluster_bootstrap([1, 2, 3, 4, 6], scatter)
    assert (found.undefined, found.undefined_share) == (5, Fraction(5, 5**5))
    assert found.lower is not None
    assert found.notes[0] == "The statistic has no value in 0.2 % of the resamples: the interval leaves them out."


def test_too_many_undefined_resamples_leave_no_interval() -> None:
    found = cluster_bootstrap([0, 0, 0, 0, 0, 0, 1], scatter)
    assert found.estimate == 1
    assert (found.lower, found.upper, found.share, found.standard_error) == (None, None, None, None)
    assert found.undefined_share == Fraction(6**7 + 1, 7**7)
    assert "34.0 % of the resamples: more than 5 %, so no interval is given" in found.notes[0]


@pytest.mark.parametrize("statistic", [lambda sample: None, lambda sample: 1 / 0])
def test_a_statistic_without_value(statistic: Callable[[tuple[int, ...]], object]) -> None:
    found = cluster_bootstrap(SEVEN, statistic)
    assert (found.estimate, found.lower, found.undefined_share) == (None, None, 1)
    assert found.notes == ("The statistic has no value for these subjects: no interval is given.",)


def test_a_statistic_that_never_moves_has_no_interval() -> None:
    found = cluster_bootstrap(SEVEN, lambda sample: 1.0)
    assert (found.estimate, found.lower, found.standard_error) == (1, None, 0)
    assert "which is not certainty" in found.notes[0]


def test_subjects_may_hold_anything() -> None:
    by_subject = [("a", [1, 2]), ("b", [3]), ("c", [])]
    found = cluster_bootstrap(by_subject, lambda sample: sum(len(scores) for _, scores in sample))
    assert (found.estimate, found.lower, found.upper) == (3, 0, 6)


def test_nine_are_counted_and_ten_are_drawn() -> None:
    assert cluster_bootstrap(TWELVE[:9], mean, monte_carlo=MonteCarlo(1000, 1)).resamples == 24_310
    with pytest.raises(TooLarge, match=r"10 subjects have about 9.2e\+4 different resamples: up to 9"):
        cluster_bootstrap(TWELVE[:10], mean)


def test_drawing_is_repeatable_and_near_the_truth() -> None:
    found = cluster_bootstrap(TWELVE, mean, monte_carlo=MonteCarlo(2000, 1))
    assert found == cluster_bootstrap(TWELVE, mean, monte_carlo=MonteCarlo(2000, 1))
    assert found.standard_error != cluster_bootstrap(TWELVE, mean, monte_carlo=MonteCarlo(2000, 2)).standard_error
    assert abs(float(found.standard_error or 0) - (143 / 12 / 12) ** 0.5) < 0.05
    assert found.method == "bootstrap over subjects, 2,000 draws of 12 subjects, seed 1"
    assert "another seed" in found.notes[-1]


def test_the_first_resamples_of_seed_1_stay_what_they_are() -> None:
    assert [sample for _, sample in draw_resamples(TWELVE, 2, seed=1)] == FIRST_DRAWS


FIRST_DRAWS = [(0, 0, 0, 9, 2, 3, 4, 5, 6, 9, 9, 1), (2, 5, 6, 4, 7, 9, 2, 0, 0, 0, 6, 5)]


@pytest.mark.parametrize(
    ("subjects", "extra", "message"),
    [
        ([], {}, "by_subject has no subjects: resampling needs at least 2"),
        ([1], {}, "by_subject has 1 subject: resampling needs at least 2"),
        ("abc", {}, "by_subject is 'abc'"),
        (None, {}, "by_subject is None"),
        (SEVEN, {"level": 95}, "level is 95"),
        (TWELVE, {"monte_carlo": MonteCarlo(999, 1)}, "draws is 999: give 1000 or more"),
        (TWELVE, {"monte_carlo": MonteCarlo(1000, -1)}, "seed is -1"),
        (TWELVE, {"monte_carlo": 1000}, "is 1000: give MonteCarlo"),
    ],
)
def test_what_cannot_be_resampled_is_refused(subjects: Any, extra: dict[str, Any], message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        cluster_bootstrap(subjects, mean, **extra)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "high", True])
def test_a_statistic_that_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(NotComputable, match=r"the value of the statistic \(None where it has none\) is"):
        cluster_bootstrap(SEVEN, lambda sample: value)


def test_too_much_is_refused() -> None:
    with pytest.raises(TooLarge, match="1001 subjects are too many"):
        cluster_bootstrap(range(1001), mean, monte_carlo=MonteCarlo(1000, 1))
    with pytest.raises(TooLarge, match="1,000,001 draws of 12 values are too many"):
        cluster_bootstrap(TWELVE, mean, monte_carlo=MonteCarlo(1_000_001, 1))
