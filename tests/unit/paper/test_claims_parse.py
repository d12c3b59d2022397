"""A claims folder is read whole or refused whole, with every finding at its line."""

import importlib.resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstbreath.paper.claims import check_claims, parse_claims
from firstbreath.paper.claims.tables import MAX_ROWS, parse_number

PAPER = '[paper]\ntitle = "Invented"\n'
CSV = "subject,age,sex,symptoms\nS1,30,Male,cough; fever\nS2,41,Female,None\nS3,N/A,Male,fever\n"
NUMBER_FIX = "Give digits with a point, such as 1.61 or 2.0e8, without unit or thousands separator."
COUNT = """
[[claims]]
id = "males"
kind = "count"
place = "Results"
claim = "Two subjects were male."
rows = { file = "people.csv", where = "sex == 'Male'" }
printed = { value = "2", place = "Results" }
"""


def findings_of(toml, **tables):
    folder, findings = parse_claims(toml, {f"{name}.csv": text for name, text in tables.items()})
    assert (folder is None) == bool(findings)
    return [f"{finding.source} {finding.code} {finding.what} {finding.fix}" for finding in findings]


def test_sound_folder_has_no_findings():
    assert findings_of(PAPER + COUNT, people=CSV) == []


def test_every_fault_is_found_at_once_with_its_line():
    broken = PAPER + COUNT.replace("where", "were") + COUNT.replace('"2"', '"two"').replace("sex", "sexx")
    assert findings_of(broken, people=CSV) == [
        'claims.toml:9 PROT-001 `claims[1].rows` has an unknown field "were". Did you mean "where"?',
        'claims.toml:13 CLAIM-008 The id "males" stands twice, first in line 5. Give each its own.',
        'claims.toml:17 CLAIM-003 Claim males: people.csv has no column "sexx". Did you mean "sex"?',
        f'claims.toml:18 CLAIM-006 Claim males: "two" is not a number. {NUMBER_FIX}',
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"count"', '"cuont"'), "claims.toml:6 CLAIM-007 `claims[1].kind` = 'cuont'. Did you mean \"count\"?"),
        (('kind = "count"\n', ""), "claims.toml:4 CLAIM-007 `claims[1]` has no kind."),
        (('kind = "count"', "kind = 7"), "claims.toml:6 CLAIM-007 `claims[1].kind` = 7."),
        (("people.csv", "peoples.csv"), 'CLAIM-001 Claim males: There is no file "peoples.csv" in the folder. Did you'),
        (("sex == 'Male'", "len(sex) == 4"), "CLAIM-004 Claim males: The rule `len(sex) == 4` cannot be read: a call"),
        (("sex == 'Male'", "sex == "), "CLAIM-004 Claim males: The rule `sex == ` cannot be read: "),
        (('id = "males"', 'id = "Males!"'), '`claims[1].id` = "Males!": words in small letters, such as age-median'),
        (('place = "Results"\n', ""), 'claims.toml:4 PROT-002 `claims[1]` lacks "place".'),
        (('{ value = "2", place = "Results" }', "{ }"), "CLAIM-005 Claim males: The reference has neither a value"),
        (('value = "2"', 'file = "people.csv"'), "CLAIM-005 Claim males: The row of people.csv is not named."),
        (
            ('{ value = "2", place = "Results" }', '{ file = "people.csv", row = "S9", column = "age" }'),
            "CLAIM-005 Claim males: people.csv has 0 rows for S9, one is needed.",
        ),
        (
            ('value = "2"', 'file = "people.csv", where = "sex == \'Male\'", column = "age"'),
            "people.csv has 2 rows for sex == 'Male', one is needed. Name exactly one row.",
        ),
        (('"2"', '"NaN"'), '"NaN" is not a number.'),
        (('"2"', '"Infinity"'), '"Infinity" is not a number.'),
        (('"2"', '"=1+1"'), '"=1+1" is not a number.'),
        (('"2"', '"1,000"'), '"1,000" is not a number.'),
        (('"2"', '"1e999999999"'), '"1e999999999" is not a number.'),
    ],
)
def test_faulty_claim_is_named(change, said):
    found = findings_of(PAPER + COUNT.replace(*change, 1), people=CSV)
    assert any(said in finding for finding in found), found


def test_texts_among_numbers_are_named_by_row():
    ages = """
[[claims]]
id = "oldest"
kind = "summary"
place = "Results"
claim = "The oldest was 41."
numbers = { file = "people.csv", column = "age" }
statistic = "maximum"
printed = { value = "41", place = "Results" }
"""
    csv = CSV.replace("30", "NaN").replace("41", "=SUM(A1)")
    (finding,) = findings_of(PAPER + ages, people=csv)
    assert finding == (
        'claims.toml:9 CLAIM-006 Claim oldest: people.csv holds texts where numbers are needed: "NaN" in row 1 of age, '
        '"=SUM(A1)" in row 2 of age. Correct the cells, or leave these rows out with `where`.'
    )


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("", "people.csv:1 CLAIM-002 The file is empty."),
        ("sex,sex\nMale,Male\n", 'people.csv:1 CLAIM-002 Two columns are named "sex".'),
        ("sex,\nMale,1\n", "people.csv:1 CLAIM-002 Column 2 has no name."),
        ("sex,age\nMale\n", "people.csv:2 CLAIM-002 The row has 1 cells, the first line names 2 columns."),
        ("sex,age\nMale,30,1\n", "people.csv:2 CLAIM-002 The row has 3 cells, the first line names 2 columns."),
        ('sex,age\n"Male,30\n', "people.csv:2 CLAIM-002 This line is not CSV"),
        (f"sex\n{'x' * 2001}\n", "people.csv:2 CLAIM-002 A cell has more than 2000 characters."),
        ("sex\n" + "Male\n" * (MAX_ROWS + 1), "people.csv CLAIM-002 The file has more than 20,000 rows, the limit."),
        ("sex\n" + "Male,\n" * 1_000_000, "people.csv:2 CLAIM-002 The row has 2 cells"),
        ("x" * 20_000_001, "people.csv CLAIM-002 The file has 20,000,001 characters, the limit is 20,000,000."),
    ],
)
def test_unreadable_csv_is_refused(csv, said):
    found = findings_of(PAPER + COUNT, people=csv)
    assert any(said in finding for finding in found), found
    assert len(found) <= 30


def test_a_million_rows_are_refused_quickly():
    (finding,) = findings_of(PAPER + COUNT, people="sex\n" + "Male\n" * 1_000_000)
    assert finding.startswith("people.csv CLAIM-002 The file has more than 20,000 rows, the limit. Leave only the rows")


def test_byte_order_mark_is_not_part_of_a_name():
    assert findings_of(PAPER + COUNT, people="\ufeff" + CSV.replace("subject,age,sex", "sex,age,subject")) == []


def test_table_declared_and_missing_is_found():
    declared = '[[tables]]\nfile = "tabel.csv"\nlists = ["symptoms"]\n'
    assert findings_of(PAPER + declared + COUNT, people=CSV) == [
        'claims.toml:4 CLAIM-001 There is no file "tabel.csv" in the folder. Did you mean "people.csv"?'
    ]


def test_list_with_too_little_to_check_is_found():
    one = """
[[claims]]
id = "alike"
kind = "statement_pair"
place = "Results"
claim = "It is said alike."
statements = [{ value = "1", place = "Abstract" }]
"""
    assert findings_of(PAPER + one) == [
        "claims.toml:9 CLAIM-009 Claim alike: `statements` has 1 elements, at least 2 are needed. Add to the list."
    ]
    unknown = one.replace('place = "Abstract" }', 'plaec = "Abstract" }')
    assert findings_of(PAPER + unknown) == [
        'claims.toml:9 PROT-001 `claims[1].statements[1]` has an unknown field "plaec". Did you mean "place"?'
    ]


def test_declared_list_column_must_exist():
    declared = '[[tables]]\nfile = "people.csv"\nlists = ["symptom"]\nkey = "id"\n'
    assert findings_of(PAPER + declared + COUNT, people=CSV) == [
        'people.csv:1 CLAIM-003 people.csv has no column "id". Use one of: age, sex, subject, symptoms.',
        'people.csv:1 CLAIM-003 people.csv has no column "symptom". Did you mean "symptoms"?',
    ]


@pytest.mark.parametrize(
    "toml",
    [
        "",
        "claims = 3",
        "[paper]\ntitle = 3\n[[claims]]\n",
        PAPER + "claims = [1]",
        PAPER + "claim = 1",
        "\0",
        "[" * 5000,
    ],
)
def test_nonsense_is_findings_not_a_crash(toml):
    assert findings_of(toml, people=CSV)


@pytest.mark.parametrize("number", ["1e999999999", "-1e61", "nan", "inf"])
def test_bounds_of_unusual_size_are_refused(number):
    gap = f"""
[[claims]]
id = "gap"
kind = "definition_gap"
place = "Methods"
claim = "Every value has a class."
unit = "points"
classes = [{{ name = "low", below = {number} }}, {{ name = "high", at_least = 3 }}]
"""
    assert findings_of(PAPER + gap)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.610", "1.610"),
        ("2.0e8", "2.0E+8"),
        (" -20 ", "-20"),
        ("٣", None),
        ("1_000", None),
        ("", None),
        ("1e100", None),
    ],
)
def test_number_is_digits_only(text, number):
    found = parse_number(text)
    assert (None if found is None else str(found)) == number


EXAMPLE = importlib.resources.files("firstbreath.studies").joinpath("example_paper")
TOML, SUBJECTS = (EXAMPLE.joinpath(name).read_text() for name in ("claims.toml", "subjects.csv"))


@settings(deadline=None)
@given(at=st.integers(0, len(TOML)), cut=st.integers(0, 30), put=st.text(max_size=8))
def test_damaged_file_gives_findings_or_verdicts_never_a_crash(at, cut, put):
    folder, findings = parse_claims(TOML[:at] + put + TOML[at + cut :], {"subjects.csv": SUBJECTS})
    assert (folder is None) == bool(findings)
    if folder is not None:
        assert len(check_claims(folder)) == len(folder.claims)


CELLS = st.sampled_from(
    ["", "N/A", "NaN", "1e99", "-1e99", "0", "=1+1", "a; b", "2", "٣", "\x00", '"', ",", "\n", "S1"]
)


@settings(deadline=None)
@given(at=st.integers(0, len(SUBJECTS)), cut=st.integers(0, 30), put=st.lists(CELLS, max_size=3).map("".join))
def test_damaged_table_gives_findings_or_verdicts_never_a_crash(at, cut, put):
    folder, findings = parse_claims(TOML, {"subjects.csv": SUBJECTS[:at] + put + SUBJECTS[at + cut :]})
    assert (folder is None) == bool(findings)
    if folder is not None:
        assert len(check_claims(folder)) == len(folder.claims)
