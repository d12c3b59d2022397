"""Words in another language: shown in place of what is declared, checked against it, never recorded."""

import re

import pytest

from firstbreath.cli.files import read_protocol_files, shipped_study
from firstbreath.protocol.check_words import list_without_words
from firstbreath.protocol.diff import compute_changes
from firstbreath.protocol.folder import parse_protocol

FILES = read_protocol_files(shipped_study("mexcovid"))
NAME = "forms.zh-Hans.toml"
SEX = '[[fields]]\nid = "sex"\ntext = "性别"\n'


def parsed(words: str | None):
    files = {name: text for name, text in FILES.items() if name != NAME} | ({NAME: words} if words is not None else {})
    return parse_protocol(files)


@pytest.fixture(scope="module")
def mexcovid():
    return parse_protocol(FILES)[0]


def test_shipped_words_lack_nothing(mexcovid):
    assert list_without_words(mexcovid, "zh-hans") == ()


def test_shipped_words_are_chinese_and_no_two_choices_look_alike(mexcovid):
    words = mexcovid.words["zh-hans"]
    groups = (words.forms, words.fields, words.criteria, words.visits, words.inhalation_events, words.checks)
    assert [each.id for group in groups for each in group if not re.search(r"[\u4e00-\u9fff]", each.text)] == []
    assert [field.id for field in words.fields if len(set(field.choices.values())) != len(field.choices)] == []


def test_numbers_of_criteria_are_the_declared_ones(mexcovid):
    """A limit that differs between the languages would let somebody in by one of them alone."""
    words = mexcovid.words["zh-hans"]
    for criterion in mexcovid.design.criteria:
        if criterion.rule:
            limits = re.findall(r"\b\d+\b", criterion.rule)
            shown = re.findall(r"\d+", words.text_of("criteria", criterion.id))
            assert [limit for limit in limits if limit not in shown] == [], criterion.id


def test_terms_that_must_not_be_mistaken(mexcovid):
    words = mexcovid.words["zh-hans"]
    said = {each.id: each.text for each in words.fields}
    assert said["vs_spo2"] == "氧饱和度"
    assert "雾化吸入" in said["nebulisation_days"]
    assert words.choice_of("recorded_class", "Severe") == "重型"
    assert words.choice_of("recorded_class", "Critical") == "危重型"


def test_what_has_no_words_is_named_and_no_finding():
    protocol, findings = parsed(SEX)
    assert findings == ()
    lacking = list_without_words(protocol, "zh-hans")
    assert "sex" not in lacking
    assert {"age", "I1", "sex: Male", "screening"} <= set(lacking)


def test_a_folder_without_words_has_none():
    assert parsed(None)[0].words == {}


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        ('[[fields]]\nid = "aeg"\ntext = "年龄"\n', "PROT-011", '"aeg" is declared nowhere.'),
        (SEX + 'choices = { Mail = "男" }\n', "PROT-011", '"Mail" is declared nowhere.'),
        ('[[criteria]]\nid = "I99"\ntext = "无"\n', "PROT-011", '"I99" is declared nowhere.'),
        (SEX + SEX, "PROT-010", '"sex" stands twice in fields.'),
        ('[[fields]]\nid = "sex"\n', "PROT-002", '`fields[1]` lacks "text".'),
        ('[[pages]]\nid = "sex"\n', "PROT-001", 'The file has an unknown field "pages".'),
        (SEX + 'choices = { Male = 1 }\n', "PROT-003", "is expected."),
        ('[[fields]\n', "PROT-009", ""),
    ],
)  # fmt: skip
def test_wrong_words_are_findings(words, code, what):
    protocol, findings = parsed(words)
    assert protocol is None
    assert findings[0].file == NAME
    assert findings[0].line >= 1
    assert (findings[0].code, what in findings[0].what) == (code, True) or code == "PROT-009"


def test_words_are_part_of_the_digest_and_of_what_an_amendment_changes(mexcovid):
    other = parse_protocol(FILES | {NAME: FILES[NAME].replace('"年龄"', '"岁数"')})[0]
    assert other.digest != mexcovid.digest
    assert [change.text for change in compute_changes(mexcovid, other)] == [
        'Words (zh-hans), Field age: text "年龄" becomes "岁数".'
    ]
