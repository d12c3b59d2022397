"""Every finding a folder can have: one small mistake each, the code it gives and the line it names."""

import re
from pathlib import Path

import pytest
from tests.unit.protocol.samples import ANALYSIS, CHARTER, FOLDER, FORMS, PROTOCOL, changed, found

HOUSE = Path(__file__).parents[3]
P, F, C, A = "protocol.toml", "forms.toml", "charter.toml", "analysis.toml"

COLD = "\n[cold_chain]\n{}\n\n[[doses]]"

MISTAKES = [
    # code, file, what stood there, what stands there now, a word on the line that is named
    ("TOML-001", P, 'id = "SMALL"', "id = SMALL", "id = SMALL"),
    ("TOML-004", P, "days = [1, 2]", "days = " + "[" * 50 + "]" * 50, ""),
    ("TOML-005", P, "amount = 2.0e8", "amount = inf", "amount"),
    ("TOML-005", F, "max = 120", "max = 1e400", "1e400"),
    ("PROT-002", P, 'name = "Mist"\n', "", "[product]"),
    ("PROT-003", P, "subjects_planned = 4", 'subjects_planned = "four"', "four"),
    ("PROT-003", P, 'kind = "exclusion"', 'kind = "exlusion"', "exlusion"),
    ("PROT-003", F, 'sdtm = "DM.AGE"', 'sdtm = "age"', "sdtm"),
    ("PROT-006", P, "days = [1, 2]", "days = 1", "days"),
    ("PROT-007", P, "days = [1, 2]", f"days = {list(range(1, 1003))}", "days"),
    ("PROT-130", P, "\n[[doses]]", COLD.format("melting_from_c = 1"), "melting_from_c"),
    ("PROT-131", P, "\n[[doses]]", COLD.format("storage_max_c = -20\nstorage_min_c = -15"), "storage_min_c"),
    ("PROT-132", P, "\n[[doses]]", COLD.format("transport_max_c = 5"), "transport_max_c"),
    ("PROT-133", P, "\n[[doses]]", COLD.format("freeze_thaws = -1"), "freeze_thaws"),
    ("PROT-140", C, "points = 0\n", "points = 0\nbelow_mm = 10\n", "[[charter.scores]]"),
    ("PROT-010", P, 'id = "I2"', 'id = "I1"', "[[criteria]]"),
    ("PROT-010", P, "number = 2", "number = 1", "number = 1"),
    ("PROT-010", F, 'id = "device_day"', 'id = "age"', "[[forms.fields]]"),
    ("PROT-010", A, 'id = "F1"', 'id = "T1"', "[[analysis.swimmers]]"),
    ("PROT-010", A, '{ field = "illness"', '{ field = "age"', '{ field = "age", label = "Class"'),
    ("PROT-010", C, "points = 4", "points = 0", "[[charter.scores]]"),
    ("PROT-011", P, 'dose = "daily"', 'dose = "dayly"', "dayly"),
    ("PROT-011", P, "vitals     |", "vitalz     |", "vitalz"),
    ("PROT-011", P, "D2  later", "D3  later", "D3  later"),
    ("PROT-011", A, 'field = "signs"', 'field = "sign"', '"sign"'),
    ("PROT-012", F, 'id = "onset"', 'id = "from"', "[[forms.fields]]"),
    ("PROT-013", F, 'id = "oxygen"', 'id = "review"', "[[forms]]"),
    ("PROT-020", P, 'rule = "tested"', 'rule = "tested()"', "tested()"),
    ("PROT-020", P, 'rule = "tested"', 'rule = "tested.real"', "tested.real"),
    ("PROT-021", P, 'rule = "tested"', 'rule = "testd"', "testd"),
    ("PROT-022", P, 'rule = "tested"', "rule = 'age == \"old\"'", "old"),
    ("PROT-022", P, 'rule = "tested"', "rule = 'age in [\"old\"]'", "old"),
    ("PROT-022", P, 'rule = "tested"', "rule = 'age in breaths'", "breaths"),
    ("PROT-023", P, 'in ["Severe"]', 'in ["Sever"]', "Sever"),
    ("PROT-024", P, "18 <= age <= 75", "18 <= age <= 180", "180"),
    ("PROT-024", P, "18 <= age <= 75", "-1 <= age", "-1"),
    ("PROT-025", P, 'rule = "breaths >= 30"', 'rule = "not severe"', "not severe"),
    ("PROT-027", P, 'rule = "tested"', 'rule = "age and tested"', "age and"),
    ("PROT-029", P, 'rule = "tested"', "rule = 'illness >= \"Mild\"'", "illness >="),
    ("PROT-030", F, "min = 0", "min = 130", "[[forms.fields]]"),
    ("PROT-031", F, 'choices = ["Mild", "Severe"]\n', "", "[[forms.fields]]"),
    ("PROT-032", F, 'type = "text"', 'type = "text"\nmax = 3', "[[forms.fields]]"),
    ("PROT-033", F, '["Fever", "Cough"]', '["Fever", "Cough", "fever"]', "[[forms.fields]]"),
    ("PROT-034", F, "max = 120", "max = 120.5", "[[forms.fields]]"),
    ("PROT-035", F, "[[forms]]", '[[forms]]\nid = "empty"\ntitle = "Empty"\nfields = []\n[[forms]]', "[[forms]]"),
    (
        "PROT-038",
        F,
        "[[forms]]",
        '[[checks]]\nid = "c"\nform = "oxygen"\nrule = "breaths > 4"\ntext = "few"\n[[forms]]',
        "breaths > 4",
    ),
    ("PROT-036", P, "volume_ml = 6", "volume_ml = 0", "volume_ml"),
    ("PROT-037", P, "days = [1, 2]", "days = [2, 1]", "days"),
    ("PROT-037", P, "days = [1, 2]", "days = [0, 1, 2]", "days"),
    ("PROT-040", P, "inhalation | .          X   X   .", "inhalation | .          X   Y   .", "inhalation"),
    ("PROT-040", P, "inhalation | .          X   X   .", "inhalation | .          X   X", "inhalation"),
    (
        "PROT-040",
        P,
        "eligibility| X          .   .   .",
        "vitals     | X          .   .   .",
        "vitals     | X          X",
    ),
    ("PROT-040", P, "D1  D2  later", "D1  D2  D2  later", "D2  D2"),
    ("PROT-041", P, "inhalation | .          X   X   .", "inhalation | .          X   X   X", "grid"),
    ("PROT-042", P, "days = [1, 2]", "days = [1, 3]", "days"),
    ("PROT-043", P, "window = [0, 1]", "window = [1, 2]", "[[visits]]"),
    ("PROT-044", P, "window = [0, 1]", "window = [-1, 1]", "[[visits]]"),
    ("PROT-045", P, "days = [1, 2]", "days = [1]", "grid"),
    ("PROT-050", P, 'text = "Allergic"\njudged = true', 'text = "Allergic"', "[[criteria]]"),
    ("PROT-051", P, "vitals     | X          X", "vitals     | .          X", "rule"),
    ("PROT-052", P, 'text = "After the skin test"\nrule = "tested"', 'text = "After the skin test"', "[[gates]]"),
    ("PROT-053", P, 'guards = "enrol_subject"', 'guards = "give_dose"', "groups"),
    ("PROT-054", P, 'given_by = ["patient"]', "given_by = []", "given_by"),
    ("PROT-055", P, "subjects = 4", "subjects = 5", "subjects_planned"),
    ("PROT-057", P, "screening = true", "screening = false", "[[visits]]"),
    ("PROT-070", P, 'measured_by = "vitals"\n', "", "[[outcomes]]"),
    ("PROT-072", P, "[[arms]]", '[[doses]]\nid = "high"\namount = 1\nunit = "v"\ndays = [1]\n[[arms]]', "[[doses]]"),
    ("PROT-073", P, "severe or illness", 'illness == "Mild" or illness', "[[derived]]"),
    ("PROT-074", P, "[[visits]]", '[[visits]]\nid = "D9"\nlabel = "Day 9"\nday = 9\n[[visits]]', "[[visits]]"),
    ("PROT-080", A, "where = '\"Cough\" in signs'\n", "", "[[analysis.summaries]]"),
    ("PROT-080", A, 'unit = "years"', "where = 'tested'", "where"),
    ("PROT-081", A, 'field = "age"', 'field = "remark"', "remark"),
    ("PROT-082", A, 'kind = "criteria"', 'kind = "records"', "[[analysis.tables]]"),
    ("PROT-082", A, 'form = "vitals"\n', "", "[[analysis.tables]]"),
    ("PROT-083", A, 'form = "vitals"', 'form = "oxygen"', "breaths"),
    ("PROT-084", A, 'admission = "age"', 'admission = "remark"', "admission"),
    ("PROT-085", A, 'oxygen_day = "device_day"', 'oxygen_day = "age"', "oxygen_day"),
    ("PROT-010", A, 'id = "score"', 'id = "breathing"', "[[analysis.endpoints]]"),
    ("PROT-010", A, 'id = "F2"', 'id = "T1"', "[[analysis.forests]]"),
    ("PROT-010", A, '["cough"]', '["cough", "cough"]', "summaries"),
    ("PROT-011", A, 'before = { field = "breaths"', 'before = { field = "breath"', '"breath"'),
    ("PROT-011", A, 'after = { field = "breaths", visit = "D2"', 'after = { field = "breaths", visit = "D3"', "D3"),
    ("PROT-011", A, '["cough"]', '["coughs"]', "coughs"),
    ("PROT-014", A, 'id = "T1"', 'id = "EX"', "[[analysis.tables]]"),
    ("PROT-014", A, 'id = "F1"', 'id = "FLOW"', "[[analysis.swimmers]]"),
    ("PROT-014", A, 'id = "F2"', 'id = "B2"', "[[analysis.forests]]"),
    ("PROT-014", A, 'id = "score"', 'id = "S"', "[[analysis.endpoints]]"),
    ("PROT-020", A, "where = 'illness == \"Mild\"'", "where = 'illness()'", "illness()"),
    ("PROT-021", A, "where = 'illness == \"Mild\"'", "where = 'ilness == \"Mild\"'", "ilness"),
    ("PROT-086", A, 'after = { field = "breaths", visit', "after = { visit", "after"),
    ("PROT-086", A, "before = { charter = true", 'before = { field = "breaths", charter = true', "before"),
    ("PROT-087", A, 'before = { field = "breaths"', 'before = { field = "remark"', "remark"),
    ("PROT-088", A, 'visit = "later" }', 'visit = "screening" }', "after"),
    ("PROT-089", A, "lowest = 0", "lowest = 120", "lowest"),
    ("PROT-089", A, "step = 0.5", "step = 0", "step"),
    ("PROT-089", A, "step = 0.5", "step = 7", "step"),
    ("PROT-091", C, "readers = 2", "readers = 1", "readers"),
    ("PROT-093", C, '["screening", "later"]', '["screening"]', "visits"),
    ("PROT-094", A, 'charter = true, visit = "later"', 'charter = true, visit = "D1"', "D1"),
    ("PROT-094", A, 'charter = true, visit = "later"', "charter = true", "charter = true }"),
    ("PROT-095", A, "'illness == \"Mild\"'", "'device == \"Mask\"'", "device"),
    ("PROT-095", A, "'illness == \"Mild\"'", "'severe'", "severe"),
    ("PROT-095", A, 'charter = true, visit = "later"', "charter = true, visit = 'later', where = 'tested'", "tested"),
    ("PROT-096", A, '["cough"]', '["age"]', "age"),
    ("PROT-096", A, '["cough"]', "[]", "summaries"),
    ("PROT-099", P, "subjects_planned = 4", 'time_zones = ["Asia/Nowhere"]\nsubjects_planned = 4', "Nowhere"),
    ("PROT-100", P, "subjects_planned = 4", 'time_zones = ["UTC", "UTC"]\nsubjects_planned = 4', "time_zones"),
    ("PROT-098", A, 'before = { field = "breaths", visit = "screening"', 'before = { field = "age"', "after"),
]
"""Mistakes that one replacement makes."""

INHALATION = """
[inhalation]
form = "vitals"
told_by = "when"
before = "b"
limits = [{ field = "breaths", high = 30 }]
[[inhalation.time_points]]
id = "b"
label = "Before"
choice = "Before"
after = "start"
first_minute = -30
last_minute = 0
[[inhalation.stopping_rules]]
id = "fast"
rule = "breaths_change > 8"
text = "Breathing faster by more than 8 a minute"
do = "Pause."
"""
SECOND = """[[inhalation.time_points]]
id = "c"
label = "C"
choice = "Before"
after = "start"
first_minute = 1
last_minute = 2
"""
WATCHED = [
    ("PROT-110", 'form = "vitals"', 'form = "oxygen"', "form ="),
    ("PROT-111", 'told_by = "when"', 'told_by = "breaths"', "told_by"),
    ("PROT-112", 'choice = "Before"', 'choice = "Bfore"', "Bfore"),
    (
        "PROT-113",
        "[[inhalation.stopping",
        f"{SECOND}[[inhalation.stopping",
        'choice = "Before"',
    ),
    ("PROT-114", "first_minute = -30", "first_minute = 5", "[[inhalation.time_points]]"),
    ("PROT-115", 'before = "b"', 'before = "b"\nmax_residual_ml = -1', "max_residual_ml"),
    ("PROT-116", 'field = "breaths", high', 'field = "breath", high', "breath"),
    ("PROT-117", ", high = 30", "", "limits"),
    ("PROT-011", 'before = "b"', 'before = "x"', "before ="),
    ("PROT-021", "breaths_change > 8", "breath_change > 8", "breath_change"),
    ("PROT-022", "breaths_change > 8", "breaths_change > 'a'", "breaths_change"),
    ("PROT-020", "breaths_change > 8", "breaths - 8", "breaths - 8"),
]
"""Mistakes in how an inhalation is watched: what stood there, what stands there now, a word on its line."""
WHEN = '[[forms.fields]]\nid = "when"\nlabel = "When"\ntype = "choice"\nchoices = ["Before", "After"]\n'


def watched(old: str = "", new: str = "") -> dict[str, str]:
    """The folder with an inhalation that is watched, and a passage of it changed."""
    assert old in INHALATION
    title = 'id = "vitals"\ntitle = "Vital signs"\nrepeats = true\n'
    assert title in FORMS
    forms = FORMS.replace(title, title + WHEN)
    return FOLDER | {P: PROTOCOL.replace("[schedule]", INHALATION.replace(old, new, 1) + "[schedule]"), F: forms}


CHAIN = "".join(f'[[derived]]\nid = "d{n}"\ntext = "t"\nrule = "d{n - 1}"\n' for n in range(1, 22))
FORM = '[[forms]]\nid = "lost"\ntitle = "Lost"\n[[forms.fields]]\nid = "x"\nlabel = "X"\ntype = "text"\n'
ARM = PROTOCOL[PROTOCOL.index("[[arms]]") : PROTOCOL.index("[consent]")]
LAST_SCORE = CHARTER[CHARTER.rindex("[[charter.scores]]") :]

WHOLE = {
    "TOML-002": FOLDER | {P: "#" * 1_000_001},
    "TOML-003": changed(P, "A small trial", "A \ud800 trial"),
    "PROT-000": {name: text for name, text in FOLDER.items() if name != F},
    "PROT-001": changed(P, "subjects_planned", "subject_planned"),
    "PROT-004": FOLDER | {"charter.tml": ""},
    "PROT-005": FOLDER | {C: "charter = 3"},
    "PROT-026": changed(F, 'id = "onset"', 'id = "severe"'),
    "PROT-028": FOLDER
    | {P: PROTOCOL.replace("severe or illness", "d21 or illness") + CHAIN.replace('"d0"', '"severe"')},
    "PROT-056": FOLDER | {P: "arms = []\n" + PROTOCOL.replace(ARM, "")},
    "PROT-071": FOLDER | {F: FORMS + FORM},
    "PROT-075": {name: text for name, text in FOLDER.items() if name != C},
    "PROT-090": changed(C, LAST_SCORE, ""),
    "PROT-097": changed(P, "vitals     | X          X   X   O", "vitals     | X          X   .   O"),
    "PROT-118": watched() | {F: watched()[F].replace('id = "onset"', 'id = "breaths_change"')},
    "PROT-092": {name: text for name, text in FOLDER.items() if name != C},
}
"""Mistakes that take a file, or several passages."""


def test_watched_inhalation_is_no_mistake():
    assert found(watched()) == ()


@pytest.mark.parametrize("mistake", WATCHED, ids=lambda mistake: f"{mistake[0]} {mistake[2][:20]}")
def test_mistake_in_the_inhalation_is_found_on_its_line(mistake):
    code, old, new, word = mistake
    folder = watched(old, new)
    lines = folder[P].splitlines()
    assert (code, True) in [(finding.code, word in lines[finding.line - 1]) for finding in found(folder)]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake[0]} {mistake[3][:20]}")
def test_mistake_is_found_on_its_line(mistake):
    code, file, old, new, word = mistake
    folder = changed(file, old, new)
    lines = {finding.line for finding in found(folder) if finding.code == code}
    assert lines, [finding.code for finding in found(folder)]
    assert any(word in folder[file].splitlines()[line - 1] for line in lines)


def test_endpoint_read_by_a_charter_needs_one():
    text = PROTOCOL.replace("imaging    | X          .   .   O\n", "").replace(
        'measured_by = "charter"', "silent = true"
    )
    without = {name: text for name, text in FOLDER.items() if name != C} | {P: text}
    assert [finding.code for finding in found(without)] == ["PROT-094", "PROT-094"]


@pytest.mark.parametrize(
    "sides",
    [
        ('{ field = "breaths", visit = "D1" }', '{ field = "breaths", visit = "unscheduled" }'),
        ('{ field = "breaths", record = "first" }', '{ field = "breaths" }'),
        ('{ field = "age" }', '{ field = "age", where = "tested" }'),
        ('{ field = "device_day" }', '{ field = "device_day", visit = "D1" }'),
    ],
)
def test_two_sides_can_be_told_apart_by_visit_rule_or_record(sides):
    begin, end = ANALYSIS.index('[[analysis.endpoints]]\nid = "score"'), ANALYSIS.index("[[analysis.forests]]")
    text = (
        f'[[analysis.endpoints]]\nid = "e"\nlabel = "E"\nbetter = "higher"\nbefore = {sides[0]}\nafter = {sides[1]}\n'
    )
    assert found(FOLDER | {A: ANALYSIS[:begin] + text + ANALYSIS[end:]}) == ()


@pytest.mark.parametrize("code", WHOLE)
def test_larger_mistake_is_found(code):
    assert code in {finding.code for finding in found(WHOLE[code])}


def test_windows_are_compared_with_every_earlier_one():
    long = "[[visits]]\nid = 'D{n}'\nlabel = 'D'\nday = {n}\nwindow = [0, {late}]\n"
    visits = "".join(long.format(n=n, late=late) for n, late in ((10, 9), (12, 0), (15, 0)))
    findings = found(FOLDER | {P: PROTOCOL.replace("[[visits]]", visits + "[[visits]]", 1)})
    assert [finding.what for finding in findings if finding.code == "PROT-044"] == [
        'Visit "D12" begins on day 12, within the window of "D10".',
        'Visit "D15" begins on day 15, within the window of "D10".',
    ]


@pytest.mark.parametrize(("levels", "codes"), [(20, set()), (21, {"PROT-028"})])
def test_definitions_stand_on_twenty_at_most(levels, codes):
    chain = CHAIN[: CHAIN.index(f'[[derived]]\nid = "d{levels}"')].replace('"d0"', '"severe"')
    text = PROTOCOL.replace("severe or illness", f"d{levels - 1} or illness") + chain
    assert {finding.code for finding in found(FOLDER | {P: text})} == codes


def test_field_behind_a_definition_is_recorded_at_screening_too():
    findings = found(changed(P, 'rule = "breaths >= 30"', 'rule = "device_day >= 30"'))
    assert [finding.what for finding in findings] == [
        'Criterion "I2" asks for device_day, recorded on no form of a screening visit.'
    ]


def test_finding_says_what_and_what_to_do():
    for code, file, old, new, _ in MISTAKES:
        for finding in found(changed(file, old, new)):
            assert finding.what.endswith("."), (code, finding)
            assert finding.fix.endswith((".", "?")), (code, finding)
            assert len(finding.what) < 400


def test_folder_without_mistakes_has_no_findings():
    assert found(FOLDER) == ()


def codes_in(text: str) -> set[str]:
    return set(re.findall(r"\b(?:TOML|PROT)-\d{3}\b", text))


def test_every_code_is_documented_once_and_made_by_a_test():
    room = HOUSE / "src" / "firstbreath" / "protocol"
    in_source = {code for file in room.glob("*.py") for code in codes_in(file.read_text())}
    rows = re.findall(
        r"^\| `((?:TOML|PROT)-\d{3})` \|", (HOUSE / "docs" / "protocol-files.md").read_text(), re.MULTILINE
    )
    assert len(rows) == len(set(rows))
    assert set(rows) == in_source
    assert {mistake[0] for mistake in (*MISTAKES, *WATCHED)} | WHOLE.keys() == in_source
