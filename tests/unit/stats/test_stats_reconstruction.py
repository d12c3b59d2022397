"""What a printed median and its quartiles reveal: the values, the room of the others, the mean, the count."""

from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.stats.printed_numbers import compute_room, parse_printed
from firstbreath.stats.reconstructed_change import reconstruct_change
from firstbreath.stats.reconstruction import reconstruct, render_reconstruction
from firstbreath.stats.refusals import NotComputable, TooLarge

AGES = {"median": "57", "first": "43", "third": "70"}


def test_quartiles_of_seven_reveal_three_values() -> None:
    answer = reconstruct(7, **AGES)
    assert answer.revealed == ((2, Decimal(43)), (4, Decimal(57)), (6, Decimal(70)))
    assert answer.ranges[0] == (None, 43)
    assert answer.ranges[2] == (43, 57)
    assert answer.ranges[6] == (70, None)
    assert (answer.possible, answer.reason, answer.mean, answer.count) == (True, "", (None, None), None)


def test_a_scale_bounds_the_mean_and_counts_the_samples() -> None:
    answer = reconstruct(7, **AGES, lowest=18, highest=75)
    assert answer.mean == (Fraction(358, 7), Fraction(415, 7))
    assert answer.count == 26 * 15 * 14 * 6  # each free value on its own


def test_a_printed_range_bounds_like_a_scale() -> None:
    answer = reconstruct(7, **AGES, minimum="34", maximum="75")
    assert [place for place, _ in answer.revealed] == [1, 2, 4, 6, 7]
    assert answer.count == 15 * 14


def test_the_text_for_a_reader() -> None:
    assert render_reconstruction(reconstruct(7, **AGES, lowest=18, highest=75)).splitlines() == [
        "3 of 7 values are revealed exactly.",
        "  value 1 from 18 to 43",
        "  value 2 is 43",
        "  value 3 from 43 to 57",
        "  value 4 is 57",
        "  value 5 from 57 to 70",
        "  value 6 is 70",
        "  value 7 from 70 to 75",
        "The mean is from 51.14 to 59.29.",
        "32,760 samples print so.",
        "A printed half may have been rounded either way.",
    ]
    assert reconstruct(7, **AGES).working == (
        "In 7 values in order, by Hyndman and Fan's type 6, the first quartile is value 2; the median is value 4; "
        "the third quartile is value 6. Revealed: value 2 is 43, value 4 is 57, value 6 is 70. The room of the "
        "others: value 1 at most 43; value 3 from 43 to 57; value 5 from 57 to 70; value 7 at least 70. "
        "A printed half may have been rounded either way."
    )


def test_quartiles_between_values_leave_room_on_both_sides() -> None:
    answer = reconstruct(6, median="3.5", first="2.0", third="5.0", lowest=0, highest=10)
    assert answer.ranges == ((2, 2), (2, 2), (2, 3), (4, 5), (4, 5), (5, 8))
    assert answer.mean == (Fraction(21, 6), Fraction(23, 6))
    assert answer.count == 3
    assert "the first quartile is 3/4 of the way between values 1 and 2; the median is the mean of values 3 and 4" in (
        answer.working
    )


def test_a_median_alone_leaves_both_ends_open() -> None:
    answer = reconstruct(8, median="1.615", decimals=2)
    low, high = Decimal("1.61"), Decimal("1.62")
    assert answer.ranges == ((None, low),) * 4 + ((high, None),) * 4
    assert (answer.mean, answer.count) == ((None, None), None)
    assert "values 1 to 4 at most 1.61" in answer.working


def test_one_side_of_a_scale_bounds_one_side_of_the_mean() -> None:
    above = reconstruct(7, median="5", lowest=0)
    assert above.mean == (Fraction(20, 7), None)
    assert "The mean is at least 2.86." in above.working
    below = reconstruct(7, median="5", highest=9)
    assert below.mean == (None, Fraction(47, 7))
    assert "The mean is at most 6.71." in below.working
    assert (above.count, below.count) == (None, None)


def test_a_coarse_print_reveals_nothing_exactly() -> None:
    answer = reconstruct(7, **AGES, decimals=1)
    assert answer.revealed == ()
    assert answer.ranges[3] == (Decimal("56.5"), Decimal("57.5"))


def test_the_last_digit_printed_counts_before_the_point_too() -> None:
    assert compute_room(Decimal("1.6e3")) == (1550, 1650)
    assert reconstruct(1, median="1.6e3").ranges == ((1550, 1650),)


def test_one_value_and_one_sample() -> None:
    assert render_reconstruction(reconstruct(1, median=3)).splitlines()[1:4] == [
        "  value 1 is 3",
        "The mean is 3.00.",
        "One sample prints so.",
    ]


def test_a_count_too_long_to_read_is_a_power_of_ten() -> None:
    answer = reconstruct(60, median="50", lowest=0, highest=100)
    assert answer.count is not None
    assert f"More than 10^{len(str(answer.count)) - 1} samples print so." in answer.working


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ({"median": "51.5"}, "No 7 whole values have a median that prints 51.5: the median is value 4."),
        (
            {"median": "80", "lowest": 0, "highest": 72},
            "No 7 whole values from 0 to 72 have a median that prints 80: the median is value 4.",
        ),
        (
            {"median": "5", "first": "9", "third": "10"},
            "No 7 whole values have a first quartile that prints 9 and a median that prints 5 at once: the first",
        ),
        (
            {"median": "5", "minimum": "6"},
            "No 7 whole values have a median that prints 5 and a minimum that prints 6 at once: the median is value 4",
        ),
        ({"median": "-1", "lowest": 0}, "No 7 whole values of at least 0 have a median that prints -1: "),
        ({"median": "9", "highest": "8.5"}, "No 7 whole values of at most 8 have a median that prints 9: "),
    ],
)
def test_an_impossible_summary_says_which_numbers_exclude_each_other(printed: dict[str, str], reason: str) -> None:
    answer = reconstruct(7, **printed)  # type: ignore[arg-type]
    assert (answer.possible, answer.count, answer.revealed, answer.ranges) == (False, 0, (), ())
    assert answer.reason.startswith(reason)
    assert render_reconstruction(answer).startswith(f"Impossible: {reason}")
    assert reason in answer.working


def test_two_medians_of_an_even_number_need_a_sum() -> None:
    """41.3 is the mean of no two whole values, though a value lies on either side."""
    answer = reconstruct(6, median="41.3")
    assert (
        answer.reason == "No 6 whole values have a median that prints 41.3: the median is the mean of values 3 and 4."
    )
    assert not reconstruct(6, median="41.27", decimals=1).possible
    recorded = reconstruct(6, median="41.25", decimals=1, definition=1)
    assert recorded.reason.startswith("No 6 values recorded to 1 decimal have a median that prints 41.25")


@pytest.mark.parametrize(
    ("n", "more", "message"),
    [
        (0, {}, "n is 0: give 1 or more"),
        (True, {}, "n is True: give a whole number, 1 to 200"),
        (7.0, {}, "n is 7.0: give a whole number"),
        (7, {"median": 57.0}, "median is 57.0 .float.: give it as text, as printed"),
        (7, {"median": None}, "median is None"),
        (7, {"median": "about 5"}, "give the digits printed, with a point"),
        (7, {"first": "43,5"}, "first quartile is '43,5'"),
        (7, {"definition": 10}, "not a Hyndman-Fan type"),
        (7, {"decimals": -1}, "decimals is -1: give 0 or more"),
        (7, {"lowest": 72, "highest": 0}, "no value can be recorded from 72 to 0"),
        (7, {"lowest": "0.2", "highest": "0.8"}, "no value can be recorded from 0.2 to 0.8"),
    ],
)
def test_what_cannot_be_read_is_refused(n: int, more: dict[str, object], message: str) -> None:
    with pytest.raises(NotComputable, match=message):
        reconstruct(n, **{"median": "57", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("n", "more", "message"),
    [
        (201, {}, "n is 201: at most 200"),
        (7, {"decimals": 13}, "decimals is 13: at most 12"),
        (7, {"decimals": 6, "first": "1", "definition": 7}, "leave more than 200,000 possibilities"),
        (7, {"median": "1e30"}, "at most 1E"),
        (7, {"median": "1e-30"}, "at most 20 can be checked"),
    ],
)
def test_what_is_too_large_is_refused(n: int, more: dict[str, str | int], message: str) -> None:
    with pytest.raises(TooLarge, match=message):
        reconstruct(n, **{"median": "57", **more})  # type: ignore[arg-type]


def test_a_printed_number_keeps_its_zeros() -> None:
    assert str(parse_printed(" 57.00 ", "x")) == "57.00"
    assert parse_printed("−0.5", "x") == Decimal("-0.5")


def test_two_medians_say_how_many_must_have_fallen() -> None:
    before, after = (reconstruct(7, median=median, lowest=0, highest=72) for median in ("51", "40"))
    change = reconstruct_change(before, after)
    assert (change.fell, change.rose, change.all_fell, change.all_rose) == (1, 0, True, False)
    assert change.mean == (Fraction(160 - 420, 7), Fraction(376 - 204, 7))
    assert change.working == (
        "At least 1 of 7 fell and at least 0 rose, however the values are paired. That all fell is not excluded; "
        "that all rose is impossible. The mean change is from -37.14 to 24.57."
    )


def test_quartiles_say_more_than_medians() -> None:
    before = reconstruct(7, median="51", first="45", third="60")
    assert reconstruct_change(before, reconstruct(7, median="40", first="30", third="44")).fell == 5
    risen = reconstruct_change(before, reconstruct(7, median="40", first="30", third="61"))
    assert (risen.rose, risen.all_fell, risen.all_rose, risen.mean) == (1, False, False, (None, None))
    assert risen.working.endswith("That all fell is impossible; that all rose is impossible.")


def test_a_change_needs_the_same_subjects_and_possible_summaries() -> None:
    seven = reconstruct(7, median="51")
    with pytest.raises(NotComputable, match="7 subjects before and 6 after"):
        reconstruct_change(seven, reconstruct(6, median="51"))
    with pytest.raises(NotComputable, match="the summary after is impossible: No 7 whole values"):
        reconstruct_change(seven, reconstruct(7, median="51.5"))
