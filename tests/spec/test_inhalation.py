"""The inhalation: half an hour with one screen.

What is entered before, while and after a subject inhales, what the system says of it, and what it refuses.
"""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from tests.support.inhaled_trial import Bedside, at
from tests.support.small_trial import codes, is_allowed

from firstbreath.events.kinds import DeviationRecorded, DoseGiven
from firstbreath.protocol.zones import zone_of
from firstbreath.subjects.delivered import compute_delivered
from firstbreath.subjects.session import session_of
from firstbreath.subjects.stopping import watch_rules
from firstbreath.subjects.vital_points import points_of


def moment(minute: float) -> datetime:
    return datetime.fromisoformat(at(minute))


def subject_of(bedside: Bedside):
    return bedside.small.trial.subjects.get("S1")


def points(bedside: Bedside, now: float) -> list[str]:
    trial = bedside.small.trial
    zone = zone_of(trial.protocol)
    found = points_of(subject_of(bedside), trial.protocol, 1, zone=zone, now=moment(now))
    return [due.state for due in found]


def met(bedside: Bedside) -> bool | None:
    return watch_rules(subject_of(bedside), bedside.small.trial.protocol, 1)[0].met


def departures(decision) -> list[str]:
    return [body.text for body in decision.events if isinstance(body, DeviationRecorded)]


class TestStart:
    """Nothing starts before everything is ready, and nothing starts twice."""

    def test_what_is_inhaled_and_how_is_entered_first(self):
        """Vial, volume, device and interface are entered before the start."""
        decision = Bedside().start(vial="", interface="")
        assert codes(decision) == ["INH-007"]
        assert "vial, interface" in decision.reasons[0].text

    @pytest.mark.parametrize(
        ("change", "code"), [({"interface": "tube"}, "INH-009"), ({"oxygen_l_min": "15"}, "INH-010")]
    )
    def test_interface_and_flow_are_those_of_the_protocol(self, change, code):
        """Another interface, or a flow outside the protocol's range, is refused."""
        assert codes(Bedside().start(**change)) == [code]

    def test_second_start_is_refused(self):
        """A day's inhalation is started once."""
        bedside = Bedside()
        bedside.start()
        assert codes(bedside.start(1)) == ["INH-001"]

    @pytest.mark.parametrize("step", ["pause", "resume", "stop"])
    def test_nothing_is_paused_or_stopped_before_the_start(self, step):
        """A step needs a start."""
        assert codes(Bedside().step(step, 1, "why")) == ["INH-003"]

    def test_nothing_starts_while_a_stopping_rule_is_met(self):
        """Values before the start that meet a stopping rule hold the start back."""
        bedside = Bedside()
        bedside.signs("Before", -5, spo2="85")
        assert codes(bedside.start()) == ["INH-008"]


class TestTime:
    """The time inhaled is the time that the nebuliser ran."""

    def test_pauses_do_not_count(self):
        """Ten minutes, a pause of four, twenty more: thirty minutes."""
        bedside = Bedside()
        bedside.start()
        bedside.step("pause", 10, "Cough")
        bedside.step("resume", 14)
        bedside.step("stop", 34)
        session = session_of(subject_of(bedside), 1, zone_of(bedside.small.trial.protocol))
        assert (session.state, session.elapsed(moment(50))) == ("stopped", timedelta(minutes=30))

    def test_minutes_of_a_dose_follow_from_start_and_stop(self):
        """Whoever records the dose need not enter minutes or volume again; what is entered stays."""
        bedside = Bedside()
        bedside.start()
        bedside.step("stop", 31.5)
        dose = bedside.dose(40)
        assert dose.events == (DoseGiven(1, 1, "2.0e8", "vesicles", "6", "31.5", "0.6"),)

    def test_small_difference_is_no_deviation(self):
        """A difference within the protocol's tolerance is none; beyond it, it is recorded."""
        for minutes, expected in (("34", []), ("36", ["Day 1: 36 minutes were given, 30 were planned."])):
            bedside = Bedside()
            bedside.start()
            assert departures(bedside.dose(40, minutes=minutes)) == expected

    def test_pause_needs_a_reason(self):
        """A pause says why."""
        bedside = Bedside()
        bedside.start()
        assert codes(bedside.step("pause", 5)) == ["INH-004"]


class TestVitalSigns:
    """Each time point of the protocol is done, due, ahead or missed."""

    def test_time_points_follow_the_clock(self):
        """Before the start the first is due; later each is due in its window and missed after it."""
        bedside = Bedside()
        assert points(bedside, -5) == ["due", "ahead", "ahead"]
        bedside.signs("Before", -5, spo2="95")
        bedside.start()
        assert points(bedside, 5) == ["done", "ahead", "ahead"]
        assert points(bedside, 15) == ["done", "due", "ahead"]
        assert points(bedside, 25) == ["done", "missed", "ahead"]
        bedside.step("stop", 30)
        assert points(bedside, 40) == ["done", "missed", "due"]
        assert points(bedside, 70) == ["done", "missed", "missed"]

    def test_value_outside_the_window_is_kept_and_said_to_be(self):
        """A value taken too late is kept, and does not pass for one taken in time."""
        bedside = Bedside()
        bedside.start()
        bedside.signs("During", 25, spo2="95")
        assert points(bedside, 26)[1] == "outside"


class TestStoppingRules:
    """A stopping rule is met, not met, or unknown; unknown is never taken for safe."""

    def test_rule_without_values_is_unknown(self):
        """Before anything was measured, and while only the values before are there, it cannot be told."""
        bedside = Bedside()
        assert met(bedside) is None
        bedside.signs("Before", -5, spo2="95")
        assert met(bedside) is None

    @pytest.mark.parametrize(("spo2", "expected"), [("92", False), ("91", True), ("87", True)])
    def test_fall_from_before_and_limit_are_watched(self, spo2, expected):
        """A fall of 4 points meets the rule, and so does a value below its limit."""
        bedside = Bedside()
        bedside.signs("Before", -5, spo2="95")
        bedside.start()
        bedside.signs("During", 12, spo2=spo2)
        assert met(bedside) is expected

    def test_value_that_could_not_be_measured_is_unknown(self):
        """An absent value does not leave an earlier, safe one standing."""
        bedside = Bedside()
        bedside.signs("Before", -5, spo2="95")
        bedside.signs("During", 5, spo2="95")
        assert met(bedside) is False
        absent = {"form": "vital_signs", "visit": "D1", "values": {"vs_when": "During"}, "repeat": 0}
        bedside.act("record_form", 9, absent={"spo2": "NAV"}, **absent)
        assert met(bedside) is None

    def test_going_on_needs_a_reason_and_is_a_deviation(self):
        """A rule that is followed is no deviation; resuming all the same is one."""
        bedside = Bedside()
        bedside.signs("Before", -5, spo2="95")
        bedside.start()
        assert departures(bedside.signs("During", 12, spo2="86")) == []
        assert departures(bedside.step("pause", 12.5, "saturation")) == []
        assert codes(bedside.step("resume", 14)) == ["INH-011"]
        decision = bedside.step("resume", 14, "investigator at the bedside agrees")
        (said,) = departures(decision)
        assert said.startswith("Day 1: the inhalation went on while a stopping rule was met: Oxygen saturation below")
        assert said.endswith("(Oxygen saturation: 86 %).")

    def test_dose_to_its_end_though_a_rule_was_met_is_a_deviation(self):
        """Running on for more than a minute after the values that met the rule is going on."""
        for stop, number in ((12.5, 0), (30, 1)):
            bedside = Bedside()
            bedside.start()
            bedside.signs("During", 12, spo2="86")
            bedside.step("stop", stop)
            decision = bedside.dose(31, minutes="30")
            assert len(departures(decision)) == number


class TestDose:
    """What left the cup is the dose delivered."""

    def test_delivered_is_filled_less_left(self):
        """5.4 of 6 ml are nine tenths of the vesicles, exactly."""
        bedside = Bedside()
        bedside.start()
        bedside.dose(30)
        delivered = compute_delivered(subject_of(bedside), 1)
        assert (str(delivered.volume_ml), delivered.amount) == ("5.4", Fraction(180_000_000))

    def test_delivered_is_unknown_while_the_rest_was_not_measured(self):
        """Nothing is assumed of a rest that nobody measured."""
        bedside = Bedside()
        bedside.start()
        bedside.dose(30, residual_ml="")
        delivered = compute_delivered(subject_of(bedside), 1)
        assert (delivered.volume_ml, delivered.amount) == (None, None)

    def test_no_more_is_left_than_was_filled(self):
        """A rest above the filled volume is refused."""
        bedside = Bedside()
        bedside.start()
        assert codes(bedside.dose(30, residual_ml="7")) == ["DOSE-008"]

    def test_much_left_is_a_deviation(self):
        """More than the protocol lets stay in the cup is recorded as a deviation."""
        bedside = Bedside()
        bedside.start()
        assert departures(bedside.dose(30, residual_ml="1.4")) == [
            "Day 1: 1.4 ml were left in the cup, at most 1 were planned."
        ]

    def test_lateness_of_an_entry_stays_visible(self):
        """An entry keeps when it happened beside when it was written."""
        bedside = Bedside()
        bedside.start()
        event = bedside.small.last.events[0]
        assert (event.occurred, event.at > moment(0)) == (at(0), True)
        assert is_allowed(bedside.step("stop", 30))
