"""A folder as a whole: what is needed, its digest, every finding at once, and the schedule it draws."""

import pytest
from tests.unit.protocol.samples import FOLDER, FORMS, PROTOCOL, changed, found, parsed

from firstbreath.protocol import PROTOCOL_FILES, compute_digest, parse_protocol, render_finding
from firstbreath.protocol.schedule import parse_grid
from firstbreath.protocol.values import Cell


def test_whole_folder_becomes_a_protocol():
    protocol = parsed(FOLDER)
    assert protocol.design.trial.id == "SMALL"
    assert [field.id for form in protocol.forms for field in form.fields][:3] == ["age", "illness", "signs"]
    assert protocol.charter is not None
    assert protocol.charter.maximum == 4
    assert protocol.dose_of("A") == protocol.design.doses[0]
    assert protocol.dose_of("B") is None
    assert protocol.field("age") is not None
    assert protocol.visit("nowhere") is None


def test_charter_and_analysis_may_be_left_out():
    text = PROTOCOL.replace("imaging    | X          .   .   O\n", "")
    text = text.replace('measured_by = "charter"', "silent = true")
    protocol = parsed({"protocol.toml": text, "forms.toml": FORMS[: FORMS.index('[[forms]]\nid = "oxygen"')]})
    assert protocol.charter is None
    assert protocol.analysis.quantiles == 6


def test_digest_is_of_names_and_bytes():
    digest = compute_digest(FOLDER)
    assert digest == compute_digest(dict(reversed(FOLDER.items())))
    assert digest == parsed(FOLDER).digest
    assert digest != compute_digest(changed("protocol.toml", "A small trial", "A small  trial"))
    assert compute_digest({"a": "bc"}) != compute_digest({"ab": "c"})


def test_findings_of_all_files_come_together_and_in_order():
    folder = dict(FOLDER)
    folder["protocol.toml"] = PROTOCOL.replace("witnesses = 2", "witnesses = 20").replace("title = ", "titel = ")
    folder["charter.toml"] = "charter = ["
    folder["forms.toml"] = FORMS.replace('type = "date"', 'type = "day"')
    findings = found(folder)
    assert [(finding.file, finding.code) for finding in findings] == [
        ("charter.toml", "TOML-001"),
        ("forms.toml", "PROT-003"),
        ("protocol.toml", "PROT-002"),
        ("protocol.toml", "PROT-001"),
        ("protocol.toml", "PROT-003"),
    ]
    assert findings == tuple(sorted(findings))


def test_finding_is_one_line():
    finding = found(changed("protocol.toml", "age <= 75", "agee <= 75"))[0]
    assert render_finding(finding) == (
        'protocol.toml:38 PROT-021 Rule `18 <= agee <= 75`: no form declares "agee". Did you mean "age"?'
    )


def test_rule_that_cannot_be_read_does_not_make_its_definitions_unused():
    codes = {finding.code for finding in found(changed("protocol.toml", "severe or illness", "severe or or illness"))}
    assert codes == {"PROT-020"}


def test_files_of_a_protocol():
    assert list(PROTOCOL_FILES) == [
        "protocol.toml",
        "forms.toml",
        "charter.toml",
        "analysis.toml",
        "forms.zh-Hans.toml",
    ]
    assert {finding.code for finding in found({})} == {"PROT-000"}


@pytest.mark.parametrize("text", ["", "x = 1", "[[trial]]", "trial = []", "\0", "]", "firstbreath = 1"])
def test_files_without_sense_give_findings(text):
    assert found({"protocol.toml": text, "forms.toml": text, "charter.toml": text, "analysis.toml": text})


class TestLargeFolders:
    """A file of a million mistakes costs a moment, not a day."""

    @pytest.mark.parametrize(
        "text",
        [
            "".join(f'[[derived]]\nid = "a{n}"\ntext = "t"\nrule = "a{n + 1}"\n' for n in range(1000)),
            "".join(f'[[derived]]\nid = "a{n}"\ntext = "t"\nrule = "a{n} or b"\n' for n in range(1000)),
            "".join(
                f'[[outcomes]]\nid = "o{n}"\nkind = "primary"\ntext = "t"\nmeasured_by = "x"\n' for n in range(999)
            ),
            "".join(f'[[visits]]\nid = "v{n}"\nlabel = "t"\nday = {n % 7}\n' for n in range(990)),
            "".join("[[gates]]\n" for _ in range(90_000)),
        ],
        ids=["chain", "circles", "references", "visits", "empty"],
    )
    def test_many_mistakes(self, text):
        findings = found(FOLDER | {"protocol.toml": PROTOCOL.replace("[[visits]]", text + "[[visits]]", 1)})
        assert findings
        assert len(findings) < 1500

    def test_many_fields_without_a_row(self):
        fields = "".join(f'[[forms.fields]]\nid = "f{n}"\nlabel = "F"\ntype = "text"\nmin = 1\n' for n in range(999))
        assert len(found(FOLDER | {"forms.toml": f'{FORMS}[[forms]]\nid = "m"\ntitle = "M"\n{fields}'})) == 201


class TestGrid:
    def test_marks_become_cells(self):
        visits, cells, wrong = parse_grid("\n  | a  b\nx | X  .\n\ny | o  -\n")
        assert visits == ("a", "b")
        assert cells == (Cell("x", "a", True), Cell("y", "a", False))
        assert wrong == ()

    @pytest.mark.parametrize(
        ("grid", "wrong"),
        [
            ("", [(0, "the grid is empty.")]),
            ("a b\nx | X", [(0, 'the first line names no visits after a "|".'), (1, '"x" has 1 marks for 0 visits.')]),
            ("days | a\nx | X", [(0, 'the first line has words before its "|".')]),
            ("| a a\nx | X X", [(0, 'the visit "a" has two columns.')]),
            ("| a b\n\nx | X", [(2, '"x" has 1 marks for 2 visits.')]),
            ("| a\nx | ?", [(1, '"x" has the mark "?".')]),
            ("| a\nx X", [(1, '"x X" has 0 marks for 1 visits.')]),
            ("| a\n| X", [(1, "a row names no activity.")]),
            ("| a\nx | X\nx | X", [(2, '"x" has two rows.')]),
        ],
    )
    def test_grid_that_cannot_be_read(self, grid, wrong):
        assert list(parse_grid(grid)[2]) == wrong


def test_reading_is_deterministic():
    folder = changed("protocol.toml", "[[arms]]", "[[armz]]\n[[arms]]")
    assert parse_protocol(folder) == parse_protocol(dict(reversed(folder.items())))
