"""Printed summaries against the number of subjects they come from."""

from decimal import Decimal

import pytest

from firstbreath.stats.consistency import (
    check_grim,
    check_grimmer,
    check_median_granularity,
    check_percentage,
    compute_order_statistics_shown,
)


@pytest.mark.parametrize(
    ("printed", "n", "recorded", "possible"),
    [
        ("51", 7, 0, True),
        ("51.0", 7, 0, True),
        ("51.5", 7, 0, False),  # the median of an odd number of whole values is one of them
        ("51.5", 6, 0, True),
        ("51.25", 6, 0, False),
        ("1.61", 7, 2, True),
        ("1.615", 7, 2, False),
        ("1.615", 8, 2, True),
        ("1.6", 7, 2, True),  # printed coarser than recorded excludes nothing
        ("-0.5", 7, 0, False),
    ],
)
def test_a_median_has_the_grain_of_what_was_recorded(printed: str, n: int, recorded: int, possible: bool) -> None:
    assert check_median_granularity(Decimal(printed), n, recorded) is possible


def test_a_mean_of_seven_whole_numbers_ends_in_one_of_seven_ways() -> None:
    endings = [f"{end:02}" for end in range(100) if check_grim(Decimal(f"3.{end:02}"), 7)]
    assert endings == ["00", "14", "29", "43", "57", "71", "86"]


def test_a_mean_exactly_half_way_may_be_rounded_either_way() -> None:
    assert [check_grim(Decimal(text), 8) for text in ("2.12", "2.13", "2.11")] == [True, True, False]


def test_a_percentage_of_seven_is_one_of_eight() -> None:
    tenths = [Decimal(tenth) / 10 for tenth in range(1001)]
    possible = [str(percent) for percent in tenths if check_percentage(percent.quantize(Decimal("0.1")), 7)]
    assert [float(text) for text in possible] == [0, 14.3, 28.6, 42.9, 57.1, 71.4, 85.7, 100]


@pytest.mark.parametrize("percent", ["-14.3", "114.3"])
def test_a_percentage_outside_nought_to_a_hundred_is_impossible(percent: str) -> None:
    assert not check_percentage(Decimal(percent), 7)


@pytest.mark.parametrize(
    ("n", "definition", "shown"),
    [
        (7, 6, (2, 4, 6)),
        (7, 2, (2, 4, 6)),
        (7, 7, (4,)),
        (5, 7, (2, 3, 4)),
        (6, 6, ()),
        (8, 1, (2, 4, 6)),
        (8, 2, ()),  # each is the mean of two
        (1, 6, (1,)),
        (2, 6, (1, 2)),  # the quartiles fall outside the data and are its ends
    ],
)
def test_a_printed_median_and_quartiles_show_order_statistics(n: int, definition: int, shown: tuple[int, ...]) -> None:
    assert compute_order_statistics_shown(n, definition) == shown


def test_no_subjects_are_refused() -> None:
    for check in (check_grim, check_percentage):
        with pytest.raises(ValueError, match="n is 0: a summary needs at least one subject"):
            check(Decimal("1.0"), 0)
    with pytest.raises(ValueError, match="n is 0"):
        check_median_granularity(Decimal(1), 0, 0)
    with pytest.raises(ValueError, match="recorded_decimals is -1"):
        check_median_granularity(Decimal(1), 7, -1)


@pytest.mark.parametrize(
    ("mean", "sd", "n", "items", "possible"),
    [
        ("2.5", "1.29", 4, 1, True),  # 1, 2, 3, 4
        ("2.50", "0.58", 4, 1, True),  # 2, 2, 3, 3: as alike as they can be
        ("2.50", "0.57", 4, 1, False),  # nothing is more alike
        ("2.00", "0.50", 4, 1, False),  # a sum of squares between two whole ones
        ("2.00", "0.58", 4, 1, False),  # 17 is odd, and the sum, 8, is even
        ("2.00", "0.82", 4, 1, True),  # 1, 2, 2, 3
        ("3.0", "1.07", 5, 1, False),
        ("1.50", "0.58", 4, 2, True),  # 1, 1, 2, 2, or halves
        ("1.50", "0.00", 4, 2, True),
        ("1.50", "0.00", 4, 1, False),
        ("-1.50", "0.00", 4, 1, False),
        ("2.14", "0.90", 6, 1, False),  # no six whole numbers have this mean
    ],
)
def test_a_mean_and_its_deviation_come_from_whole_numbers(
    mean: str, sd: str, n: int, items: int, possible: bool
) -> None:
    assert check_grimmer(Decimal(mean), Decimal(sd), n, items=items) is possible


def test_a_mean_of_several_items_is_finer() -> None:
    assert [check_grim(Decimal("3.25"), 2, items=items) for items in (1, 2)] == [False, True]


def test_a_deviation_needs_two_subjects_and_is_not_below_nought() -> None:
    with pytest.raises(ValueError, match="n is 1: a summary needs at least 2 subjects"):
        check_grimmer(Decimal("1.0"), Decimal("0.5"), 1)
    with pytest.raises(ValueError, match="it cannot be below 0"):
        check_grimmer(Decimal("1.0"), Decimal("-0.5"), 4)
    for check in (
        lambda: check_grim(Decimal(1), 4, items=0),
        lambda: check_grimmer(Decimal(1), Decimal(1), 4, items=0),
    ):
        with pytest.raises(ValueError, match="items is 0: each value is the mean of at least one whole number"):
            check()
