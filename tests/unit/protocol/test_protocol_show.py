"""What people read: the protocol, an amendment, the schema and the manual."""

import json
from pathlib import Path

import pytest
from tests.unit.protocol.samples import FOLDER, changed, parsed

from firstbreath.protocol import PROTOCOL_FILES
from firstbreath.protocol.diff import Change, compute_changes, render_changes
from firstbreath.protocol.layout import render_columns
from firstbreath.protocol.reference import render_reference
from firstbreath.protocol.schema import render_schema, schema_name
from firstbreath.protocol.show import render_protocol
from firstbreath.protocol.silences import Silence, compute_silences

HOUSE = Path(__file__).parents[3]
P, F, C, A, W = PROTOCOL_FILES
SHOWN = render_protocol(parsed(FOLDER))


def passage(beginning: str, ending: str) -> str:
    return SHOWN[SHOWN.index(beginning) : SHOWN.index(ending)].rstrip()


def test_criterion_has_number_text_rule_and_source():
    assert (
        passage("Included is who", "Excluded is who")
        == """\
Included is who
  I1  1.  Aged 18 to 75 years
          decided by rule `18 <= age <= 75`
          [Table 1]
  I2  2.  Severe
          decided by rule `severe or illness in ["Severe"]`, else the investigator's signed judgement"""
    )


def test_dose_is_a_row():
    assert (
        passage("Dose   Amount", "Arm A")
        == """\
Dose   Amount          Volume  Minutes  At     Days  How, and source
daily  2.0e8 vesicles  6 ml    30       09:00  1, 2  inhalation"""
    )


def test_schedule_is_drawn_with_its_days():
    assert (
        passage("             screening", "Forms")
        == """\
             screening  D1  D2  later
eligibility  X          .   .   .
vitals       X          X   X   O
inhalation   .          X   X   .
imaging      X          .   .   O

X due, O if needed. Trial day 1 is the first dose.

screening  day 0           Screening
D1         day 1           Day 1
D2         day 2 (2 to 3)  Day 2
later      no fixed day    Later [the source is silent]"""
    )


def test_fields_say_how_they_are_answered():
    assert (
        passage("vitals: Vital signs,", "oxygen: Oxygen")
        == """\
vitals: Vital signs, several records at a visit
  age      must  DM.AGE  Age: whole number, years, 0 to 120
  illness                Class: one of Mild, Severe
  signs                  Signs: any of Fever, Cough
  breaths                Breathing rate: number, 0 to 120
  tested                 Skin test done: yes or no
  remark                 Remark: text
  onset                  First symptom: date"""
    )


def test_analysis_says_how_each_change_and_rate_is_computed():
    assert (
        passage("Endpoint   breathing", "What the source leaves open")
        == """\
Endpoint   breathing  Breathing rate, /min: first breaths at screening, then breaths at D2 where `illness ==
                      "Mild"`; lower is better; scale 0 to 120 by 0.5; planned test: Wilcoxon signed-rank test
Endpoint   score      CT score: the score of the charter at screening, then the score of the charter at later;
                      lower is better; no test is planned
Figure     F2         Event rates, the rates of cough"""
    )


def test_what_is_open_stands_at_the_end():
    assert SHOWN.endswith("""\
What the source leaves open or contradicts
------------------------------------------

Visit later  The source gives no day.
""")


def test_silences_are_notes_with_their_part():
    protocol = parsed(changed("charter.toml", "[charter]", "[charter]\nsilent = true"))
    assert compute_silences(protocol) == (
        Silence("Visit later", "The source gives no day.", True),
        Silence("Charter", "The source is silent.", True),
    )


def test_silence_inside_a_part_names_the_part_around_it():
    protocol = parsed(changed(A, "before = { charter = true", 'before = { note = "Not dated.", charter = true'))
    assert Silence("Endpoint score, before", "Not dated.", False) in compute_silences(protocol)


def test_long_last_column_wraps_under_itself():
    shown = render_columns([("a", "word " * 40), ("bb", "end")])
    assert all(len(line) <= 110 for line in shown.splitlines())
    assert shown.splitlines()[1].startswith("    word")
    assert shown.splitlines()[-1] == "bb  end"
    assert render_columns([]) == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (P, "age <= 75", "age <= 80", "Criterion I1: rule `18 <= age <= 75` becomes `18 <= age <= 80`."),
        (P, "amount = 2.0e8", "amount = 4.0e8", "Dose daily: amount 2.0e8 becomes 4.0e8."),
        (P, "volume_ml = 6\n", "", "Dose daily: volume (ml) 6 is no longer stated."),
        (P, "at = 09:00:00", "at = 08:30:00", "Dose daily: at 09:00 becomes 08:30."),
        (P, 'version = "1.0"', 'version = "1.1"', 'Consent: version "1.0" becomes "1.1".'),
        (P, "groups = [1]", "groups = [1, 3]", "Gate G1: groups 1 becomes 1, 3."),
        (P, "vitals     | X          X", "vitals     | X          O", "Schedule: vitals is now optional at D1."),
        (P, "X   X   O", "X   X   X", "Schedule: vitals is now due at later."),
        (
            P,
            "imaging    | X          .   .   O",
            "imaging    | X          .   .   X",
            "Schedule: imaging is now due at later.",
        ),
        (P, "silent = true\n", "", "Visit later: silent yes becomes no."),
        (F, "max = 120\nrequired", "max = 110\nrequired", "Form vitals, Field age: max 120 becomes 110."),
        (
            F,
            '"Fever", "Cough"',
            '"Cough", "Fever"',
            "Form vitals, Field signs: choices Fever, Cough becomes Cough, Fever.",
        ),
        (C, "readers = 2", "readers = 3", "Charter: readers 2 becomes 3."),
        (C, '"segmental"', '"whole"', 'Charter, Points 4: label "segmental" becomes "whole".'),
        (A, "quantiles = 6", "quantiles = 7", "Analysis: quantiles 6 becomes 7."),
        (
            A,
            '    { field = "illness", label = "Class" },\n',
            "",
            "Analysis, Table T2, Column illness is removed: Class.",
        ),
        (A, "step = 0.5", "step = 1", "Analysis, Endpoint breathing: step 0.5 becomes 1."),
        (
            A,
            'visit = "D2"',
            'visit = "D1"',
            'Analysis, Endpoint breathing, after: visit "D2" becomes "D1".',
        ),
        (
            A,
            'where = \'"Cough"',
            'where = \'"Fever"',
            'Analysis, Summary cough: where `"Cough" in signs` becomes `"Fever" in signs`.',
        ),
    ],
    ids=lambda value: value[:12],
)
def test_amendment_in_words(file, old, new, said):
    assert render_changes(compute_changes(parsed(FOLDER), parsed(changed(file, old, new)))) == said


def test_layout_and_comments_change_nothing():
    other = parsed(changed(P, "vitals     | X          X   X   O", "vitals | x X X o") | {C: "# CT\n" + FOLDER[C]})
    assert compute_changes(parsed(FOLDER), other) == ()
    assert render_changes(()) == "The two protocols state the same."


def test_part_that_comes_goes_or_moves():
    allergy = '[[criteria]]\nid = "E1"\nkind = "exclusion"\nnumber = 1\ntext = "Allergic"\njudged = true\n\n'
    more = '[[criteria]]\nid = "E2"\nkind = "exclusion"\nnumber = 2\ntext = "Frail."\nrule = "tested"\n\n'
    without = parsed(changed("protocol.toml", allergy, ""))
    with_more = parsed(changed("protocol.toml", allergy, allergy + more))
    moved = FOLDER[P].replace(allergy, "").replace("[[criteria]]", allergy + "[[criteria]]", 1)
    old = parsed(FOLDER)
    assert compute_changes(old, without) == (
        Change("removed", "Criterion E1", "", "Allergic", "", "Criterion E1 is removed: Allergic."),
    )
    assert compute_changes(old, with_more)[0].text == "Criterion E2 is added: Frail. (rule `tested`)."
    reordered = compute_changes(old, parsed(FOLDER | {P: moved}))
    assert [change.text for change in reordered] == ["Criterion: the order I1, I2, E1 becomes E1, I1, I2."]


def test_charter_that_goes():
    text = FOLDER["protocol.toml"].replace("imaging    | X          .   .   O\n", "")
    files = FOLDER | {"protocol.toml": text.replace('measured_by = "charter"', "silent = true")}
    files |= {A: FOLDER[A].replace("charter = true", 'field = "breaths"')}
    del files["charter.toml"]
    texts = [change.text for change in compute_changes(parsed(FOLDER), parsed(files))]
    assert "Charter is removed: CT." in texts
    assert "Schedule: imaging is no longer due at screening." in texts


@pytest.mark.parametrize("name", PROTOCOL_FILES)
def test_published_schema_is_what_the_program_reads(name):
    published = HOUSE / "docs" / "schema" / schema_name(name)
    assert published.read_text() == render_schema(name), f"write render_schema({name!r}) to {published.name}"


@pytest.mark.parametrize("name", PROTOCOL_FILES)
def test_schema_suits_toml(name):
    schema = json.loads(render_schema(name))
    text = json.dumps(schema)
    assert '"null"' not in text
    assert '"decimal"' not in text.replace('"decimal", "integer"', "")
    assert schema["$ref"].removeprefix("#/$defs/") in schema["$defs"]
    for definition in schema["$defs"].values():
        assert definition["additionalProperties"] is False
        assert definition["description"]


def test_manual_holds_every_field():
    manual = (HOUSE / "docs" / "protocol-files.md").read_text()
    assert render_reference() in manual, "print render_reference() into docs/protocol-files.md"
