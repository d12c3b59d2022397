"""Temperature records: what they say, what they cannot say, and the vectors of the mean that frozen product refuses."""

from decimal import Decimal

import msgspec
import pytest

from firstbreath.product.temperature import (
    Levels,
    NotForFrozen,
    compute_mean_kinetic,
    judge_summary,
    summarise_readings,
    time_weights,
)
from firstbreath.protocol.values import ColdChain

CHAIN = ColdChain(
    transport_max_c=Decimal(-60), storage_max_c=Decimal(-15), spike_minutes=5, gap_minutes=15, use_within_minutes=120
)
MINUTE = 60.0


def judged(*celsius: float, place: str = "transport", chain: ColdChain = CHAIN, every: float = 2, **about):
    times = [n * every * MINUTE for n in range(len(celsius))]
    return judge_summary(summarise_readings(times, celsius, Levels.of(chain, place)), chain, place, **about)


class TestVerdict:
    def test_cold_throughout_is_in_label(self):
        assert judged(-78.2, -78.1, -60.0).verdict == "in label"

    def test_door_is_a_note_and_no_excursion(self):
        found = judged(-70.0, -58.0, -70.0)
        assert found.verdict == "in label"
        assert found.notes == ("Above -60 °C for 4 min from 1970-01-01 00:00 UTC, to -58 °C.",)

    def test_sustained_rise_needs_a_decision(self):
        found = judged(-70.0, -58.0, -55.0, -58.0, -70.0)
        assert found.verdict == "needs a decision"
        assert found.reasons == ("Above -60 °C for 8 min from 1970-01-01 00:00 UTC, to -55 °C.",)

    def test_melting_is_unusable(self):
        found = judged(-20.0, -5.0, 2.0, 4.0, 3.0, -5.0, -20.0, place="storage")
        assert found.verdict == "unusable"
        assert "Passed the melting band upwards 1 times, 0 are allowed." in found.reasons

    def test_two_thaws_are_counted_and_lingering_in_the_band_is_none(self):
        rising = summarise_readings(range(7), [-9, -1, -9, 1, -1, -4, 2], Levels.of(CHAIN, "storage"))
        assert rising.thaws == 2

    def test_hour_without_readings_needs_a_decision(self):
        assert judged(-70.0, -70.0, every=60).reasons == ("No reading for 60 min from 1970-01-01 00:00 UTC.",)

    def test_sensor_at_the_end_of_its_range_shows_nothing(self):
        """A logger that stops at -30 °C on dry ice tells that it was colder or that it was broken: not which."""
        found = judged(*[-30.0] * 30)
        assert "30 readings in a row are -30 °C, the end of a logger's range: under-range." in found.reasons
        stored = judged(*[-30.0] * 30, place="storage")
        assert (stored.verdict, len(stored.notes)) == ("in label", 1)

    def test_record_has_to_cover_the_stay(self):
        found = judged(-70.0, -70.0, window=(-3600.0, 7200.0))
        assert found.reasons == (
            "The record begins 60 min after the product was there.",
            "The record ends 118 min before the product left.",
        )

    @pytest.mark.parametrize("chain", [None, ColdChain()])
    def test_without_limits_nothing_is_in_label(self, chain):
        levels = Levels.of(CHAIN, "transport")
        found = judge_summary(summarise_readings([0.0], [-70.0], levels), chain, "transport")
        assert found.verdict == "needs a decision"

    def test_no_reading_needs_a_decision(self):
        assert summarise_readings([], [], Levels.of(CHAIN, "transport")) is None
        assert judge_summary(None, CHAIN, "transport").verdict == "needs a decision"

    @pytest.mark.parametrize("times", [[0, 0], [1, 0], [0, float("nan")]])
    def test_readings_out_of_order_are_refused(self, times):
        with pytest.raises(ValueError, match="in order of time"):
            summarise_readings(times, [-70, -70], Levels.of(CHAIN, "transport"))


class TestMeanKinetic:
    @pytest.mark.parametrize(
        ("celsius", "weights", "mean"),
        [
            ((20, 25, 30), None, 25.858),
            ((4, 4, 4, 4, 16), None, 8.109),
            ((2, 8), None, 5.536),
            ((5, 25), (23, 1), 7.756),
            ((25, 25, 25), None, 25.000),
        ],
    )
    def test_published_vectors(self, celsius, weights, mean):
        """Haynes 1971 as USP <1160> states it; vectors as computed from the formula for 83.144 kJ/mol."""
        assert compute_mean_kinetic(celsius, weights, frozen=False) == pytest.approx(mean, abs=5e-4)

    def test_frozen_product_refuses_it_and_says_why(self):
        with pytest.raises(NotForFrozen, match="melting is not averaged away"):
            compute_mean_kinetic((-70, 5), frozen=True)

    def test_each_reading_stands_for_its_own_time(self):
        assert time_weights([0, 10, 40]) == [5.0, 20.0, 15.0]

    @pytest.mark.parametrize(("celsius", "weights"), [((), None), ((1,), (0,)), ((1, 2), (1,)), ((1,), (-1,))])
    def test_no_mean_of_nothing(self, celsius, weights):
        with pytest.raises(ValueError, match="it needs readings"):
            compute_mean_kinetic(celsius, weights, frozen=False)


class TestLogger:
    CALIBRATED = msgspec.structs.replace(CHAIN, calibrated=True)

    def judged(self, chain, calibrated_to):
        levels = Levels.of(chain, "transport")
        summary = summarise_readings([0.0, 600.0], [-70.0, -70.0], levels)  # 1970-01-01
        return judge_summary(summary, chain, "transport", calibrated_to=calibrated_to)

    def test_calibration_that_ended_needs_a_decision(self):
        found = self.judged(CHAIN, "1969-12-31")
        assert found.verdict == "needs a decision"
        assert found.reasons == ("The calibration of the logger ended on 1969-12-31, the record ends on 1970-01-01.",)
        assert self.judged(CHAIN, "1970-01-01").verdict == "in label"

    def test_calibration_not_stated_counts_where_the_protocol_asks_for_it(self):
        assert self.judged(CHAIN, "").verdict == "in label"
        assert self.judged(self.CALIBRATED, "").reasons == ("The calibration of the logger is not stated.",)
        assert self.judged(self.CALIBRATED, "1970-06-01").verdict == "in label"
