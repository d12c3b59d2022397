"""The protocol.

A protocol is a folder of four text files. Everything a trial does follows from them, so they are checked before
anything is done, and what they say can be read by people who do not program.
"""

from decimal import Decimal
from importlib.resources import files

import pytest
from tests.unit.protocol.samples import FOLDER, changed, found, parsed

from firstbreath.protocol import Protocol, evaluate_rule, parse_protocol, parse_rule, render_finding
from firstbreath.protocol.diff import compute_changes, render_changes
from firstbreath.protocol.show import render_protocol
from firstbreath.protocol.silences import compute_silences

SHIPPED = ("mexcovid", "mexvt")


def shipped_files(name: str) -> dict[str, str]:
    folder = files("firstbreath.studies") / name / "protocol"
    return {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml")}


def shipped(name: str) -> Protocol:
    protocol, findings = parse_protocol(shipped_files(name))
    assert [render_finding(finding) for finding in findings] == []
    assert protocol is not None
    return protocol


MEXCOVID, MEXVT = (shipped(name) for name in SHIPPED)


class TestFindings:
    """A mistake in a protocol is named before it can do harm."""

    def test_every_finding_is_shown_at_once(self):
        """All mistakes of a folder are shown together, each with its file, line, code and what to do."""
        wrong = FOLDER["protocol.toml"].replace("age <= 75", "agee <= 75").replace("D1", "D3", 1)
        charter = FOLDER["charter.toml"].replace("readers = 2", "readers = 1")
        findings = found(FOLDER | {"protocol.toml": wrong, "charter.toml": charter})
        assert {finding.code for finding in findings} >= {"PROT-011", "PROT-021", "PROT-091"}
        assert all(finding.line and finding.what and finding.fix for finding in findings)

    def test_misspelt_name_is_corrected(self):
        """A name that nobody declared is answered by the nearest one that somebody did."""
        finding = found(changed("protocol.toml", "age <= 75", "agge <= 75"))[0]
        assert finding.what == 'Rule `18 <= agge <= 75`: no form declares "agge".'
        assert finding.fix == 'Did you mean "age"?'

    def test_unknown_field_is_refused(self):
        """A field that no protocol has is refused, not passed over: a misspelt limit would be no limit."""
        finding = found(changed("protocol.toml", "witnesses = 2", "witness = 2"))[0]
        assert finding.what == '`consent` has an unknown field "witness".'
        assert finding.fix == 'Did you mean "witnesses"?'

    def test_broken_file_is_named_with_its_line(self):
        """A file that is not TOML is named with the line on which reading ended."""
        folder = changed("protocol.toml", "witnesses = 2", "witnesses = two")
        finding = found(folder)[0]
        assert finding.code == "TOML-001"
        assert folder["protocol.toml"].splitlines()[finding.line - 1] == "witnesses = two"

    def test_impossible_range_is_found(self):
        """A field whose lowest possible value is above its highest is found."""
        assert found(changed("forms.toml", "max = 120", "max = -1"))[0].what == "`age` has min 0 above max -1."

    def test_limit_that_no_value_can_reach_is_found(self):
        """A rule that compares a field with a number it cannot be is found."""
        finding = found(changed("protocol.toml", "age <= 75", "age <= 750"))[0]
        assert "750 is outside what `age` can be (lowest 0, highest 120)" in finding.what

    def test_schedule_and_doses_agree(self):
        """The days of the doses and the inhalations drawn in the schedule are the same days."""
        codes = {finding.code for finding in found(changed("protocol.toml", "days = [1, 2]", "days = [1, 2, 3]"))}
        assert codes == {"PROT-042"}

    def test_criterion_can_become_known(self):
        """A criterion that nothing at screening could decide is found: it would keep everyone out."""
        unscreened = changed("protocol.toml", "vitals     | X          X", "vitals     | .          X")
        codes = {finding.code for finding in found(unscreened)}
        assert "PROT-051" in codes


class TestRules:
    """Conditions are short expressions over what is recorded; what is missing makes them unknown."""

    @pytest.mark.parametrize(
        "text", ["open('x')", "__import__('os').system('x')", "age.real", "age + 1 > 2", "[age for age in b]", "a := b"]
    )
    def test_rules_only_compare(self, text):
        """A rule holds names, numbers, texts, lists, comparisons, and, or, not; anything else is refused."""
        assert [finding.code for finding in found(changed("protocol.toml", 'rule = "tested"', f'rule = "{text}"'))] == [
            "PROT-020"
        ]

    def test_missing_value_is_unknown(self):
        """A comparison with a value that was not recorded is neither true nor false."""
        assert evaluate_rule(parse_rule("18 <= age <= 75"), {}).truth is None
        assert evaluate_rule(parse_rule("18 <= age <= 75"), {}).missing == ("age",)

    def test_one_decisive_part_is_enough(self):
        """What one known part decides stays decided whatever the missing parts turn out to be."""
        severe = parse_rule("respiratory_rate >= 30 or spo2 <= 93 or pf_ratio <= 300")
        assert evaluate_rule(severe, {"spo2": Decimal(93)}).truth is True
        assert evaluate_rule(severe, {"spo2": Decimal(94)}).truth is None

    def test_definitions_do_not_go_in_circles(self):
        """A definition that needs itself is found, with the way it goes round."""
        finding = found(changed("protocol.toml", 'rule = "breaths >= 30"', 'rule = "not severe"'))[0]
        assert finding.what == '"severe" needs itself: severe -> severe.'


class TestReading:
    """A protocol is read by an ethics board, and an amendment by those who have to act on it."""

    def test_protocol_is_printed_for_reading(self):
        """The protocol is printed with every criterion, its published number, its rule and its source."""
        text = render_protocol(MEXCOVID)
        assert "I2  2.  Aged 18 to 75 years" in text
        assert "decided by rule `18 <= age <= 75`" in text
        assert "[Table 1, Exclusion criterion 17]" in text

    def test_what_the_source_leaves_open_is_printed(self):
        """Where the published source is silent or contradicts itself, the printed protocol says so."""
        text = render_protocol(MEXCOVID)
        assert text.index("What the source leaves open or contradicts") > text.index("Analysis")
        assert "print 2.0e9, twice as much" in " ".join(text.split())

    def test_amendment_is_printed_in_words(self):
        """What an amendment changes is printed in words, part by part, with the old and the new."""
        new = changed("protocol.toml", "age <= 75", "age <= 80")
        assert render_changes(compute_changes(parsed(FOLDER), parsed(new))) == (
            "Criterion I1: rule `18 <= age <= 75` becomes `18 <= age <= 80`."
        )

    def test_layout_is_no_amendment(self):
        """Comments and layout change the digest of a protocol and nothing that it states."""
        other = parsed(changed("protocol.toml", "[trial]", "# The trial.\n[trial]"))
        assert other.digest != parsed(FOLDER).digest
        assert compute_changes(parsed(FOLDER), other) == ()


class TestMexcovid:
    """MEXCOVID ships complete, in our own words, with the numbers of its paper."""

    def test_criteria_carry_their_published_numbers(self):
        """All four inclusion and seventeen exclusion criteria are there under their published numbers."""
        criteria = MEXCOVID.design.criteria
        assert [c.number for c in criteria if c.kind == "inclusion"] == list(range(1, 5))
        assert [c.number for c in criteria if c.kind == "exclusion"] == list(range(1, 18))
        assert all(c.source.startswith("Table 1, ") for c in criteria)

    def test_dose(self):
        """One dose is 2.0e8 vesicles in 6 ml over 30 minutes at 09:00, on days 1 to 5."""
        dose = MEXCOVID.dose_of("haMSC_Exos")
        assert dose is not None
        assert (str(dose.amount), dose.unit, str(dose.volume_ml), dose.minutes) == ("2.0E+8", "vesicles", "6", 30)
        assert (f"{dose.at:%H:%M}", dose.days) == ("09:00", (1, 2, 3, 4, 5))

    def test_gates(self):
        """Each next patient waits for the review of the one before; no dose comes before the skin test."""
        gates = {gate.guards: gate for gate in MEXCOVID.design.gates}
        assert gates["enrol_subject"].groups == (1,)
        assert gates["give_dose"].rule == "skin_test_done"

    def test_charter(self):
        """CT is read in eighteen segments from 0 to 4 points, 72 at most, by two readers in consensus."""
        charter = MEXCOVID.charter
        assert charter is not None
        assert [sum(s.side == side for s in charter.segments) for side in ("right", "left")] == [10, 8]
        assert [score.points for score in charter.scores] == [0, 1, 2, 3, 4]
        assert (charter.maximum, charter.readers, charter.agreement) == (72, 2, "consensus")

    def test_contradictions_stand_beside_the_values(self):
        """The contradictions of the paper stand beside the values they concern, not in a drawer of their own."""
        said = {silence.part: silence.text for silence in compute_silences(MEXCOVID)}
        assert "print 2.0e9" in said["Dose daily"]
        assert "3 ml" in said["Dose daily"]
        assert "phase 1" in said["Trial"]
        assert "sign before respiratory rate 30 is not printed" in said["Definition severe"]
        assert "Exactly half belongs to neither" in said["Points segmental"]
        assert "16 to 25 March 2020" in said["Gate G1"]

    def test_every_statement_has_a_source_or_admits_that_it_has_none(self):
        """Every part of the shipped protocols names its source, or says that the source is silent."""
        design = MEXCOVID.design
        parts = [*design.criteria, *design.derived, *design.gates, *design.outcomes, *design.visits]
        parts += [field for form in MEXCOVID.forms for field in form.fields]
        parts += [*MEXCOVID.analysis.tables, *MEXCOVID.analysis.summaries]
        assert [part.id for part in parts if not part.source and not part.silent] == []


class TestMexvt:
    """A second trial of another shape ships too: nothing of the first is built into the program."""

    def test_dose_steps(self):
        """Five steps of one dose each, from 2 to 16 x 1e8 vesicles in 3 ml, in groups of 3, 3, 6, 6 and 6."""
        amounts = [MEXVT.dose_of(arm.id).amount for arm in MEXVT.design.arms]
        assert [int(amount) for amount in amounts] == [n * 10**8 for n in (2, 4, 8, 12, 16)]
        assert [arm.subjects for arm in MEXVT.design.arms] == [3, 3, 6, 6, 6]
        assert MEXVT.design.gates[0].groups == (3, 3, 6, 6, 6)

    def test_what_is_not_known_is_absent(self):
        """What the public records of the trial do not say is absent, and the file says so."""
        assert MEXVT.charter is None
        assert MEXVT.design.device is None
        assert MEXVT.design.inhalation_events == ()
        assert {dose.at for dose in MEXVT.design.doses} == {None}
        assert MEXVT.design.gates[0].silent

    def test_rule_that_needs_arithmetic_is_recorded(self):
        """The weight rule compares a recorded percentage, because rules hold no arithmetic."""
        assert MEXVT.design.criteria[1].rule == "-10 <= weight_deviation <= 10"

    @pytest.mark.parametrize("name", SHIPPED)
    def test_shipped_files_point_to_their_schema(self, name):
        """Every shipped file tells editors where its schema is."""
        for file, text in shipped_files(name).items():
            assert text.startswith("#:schema "), file
