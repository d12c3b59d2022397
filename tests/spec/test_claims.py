"""The claims of a paper are checked against its own tables.

A folder states what a paper prints and where; every statement gets a verdict with its working. The first such
paper is MEXCOVID's. How a folder is written stands in `docs/claims.md`.
"""

import csv
import importlib.resources
import io
import json
import re
from pathlib import Path

import msgspec
import pytest

from firstbreath.paper.claims import KINDS, VERDICTS, check_claims, encode_verdicts, parse_claims, render_verdict_counts
from firstbreath.paper.claims.references import Cells, Columns, Day, Number, Numbers, Printed, Rows, Shares
from firstbreath.paper.claims.values import Claim, TableSpec

STUDIES = importlib.resources.files("firstbreath.studies")
MANUAL = (Path(__file__).parents[2] / "docs" / "claims.md").read_text()
BLAME = re.compile(r"\b(fraud|misconduct|fabricat|falsif|manipulat|wrong|false|dishonest|careless|sloppy)", re.I)

MEXCOVID_VERDICTS = {
    "contradicted": """
        smoking-pack-years antibiotic-or-antifungal-all total-dose-abstract total-dose-conclusions
        lymphocytopenia-at-start alt-within-range""",
    "not attainable": "ct-score-p",
    "inconsistent": """
        total-dose-stated-alike dose-basis-complete patient-7-scan-after-course lesions-resolved-all
        ct-score-p-all-dropped creatinine-ct-score-twin biomarkers-tested-unpaired biomarker-differences-stated-alike
        hepatic-failure-bound registry-phase registry-subjects registry-volume registry-allergy
        registry-immunosuppressives registry-chronic-lung-disease""",
    "not checkable": """
        symptom-days plasma-unless-unsuitable dose-unit dose-tenfold-reduction dose-levels-compared droplet-size
        patient-7-infiltration-day-2 ct-improvement-within-7-days improved-stated-alike ct-scale-half-a-segment
        lymphocytes-rose-all alt-stable creatinine-stable lymphocytes-not-significant il6-significant d-dimer-reported
        white-cells-reported serious-events-counted skin-test-reported lesion-form-reported kruskal-wallis-reported
        vital-signs-stable prespecified-events-list no-prespecified-events eligibility-age-bound eligibility-severity
        eligibility-infection-confirmed eligibility-allergy eligibility-bacterial-pneumonia eligibility-other-viruses
        eligibility-immunosuppressives eligibility-chronic-lung-disease respiratory-rate-sign""",
}


def read_texts(*path):
    files = {file.name: file for file in STUDIES.joinpath(*path).iterdir()}
    return files["claims.toml"].read_text(), {name: files[name].read_text() for name in files if name.endswith(".csv")}


def check_folder(*path):
    folder, findings = parse_claims(*read_texts(*path))
    assert findings == ()
    return {verdict.id: verdict for verdict in check_claims(folder)}


@pytest.fixture(scope="module")
def mexcovid():
    return check_folder("mexcovid", "published")


@pytest.fixture(scope="module")
def example():
    return check_folder("example_paper")


class TestThePublishedPaper:
    """What the MEXCOVID paper prints, checked against its own tables, its own statements and the registry."""

    @pytest.mark.parametrize(
        ("claim", "fitting"),
        [
            ("age-median-iqr", "1, 2, 6"),
            ("admission-median-iqr", "1, 2, 5, 6, 8, 9"),
            ("nebulisation-median-iqr", "1, 2, 6"),
        ],
    )
    def test_medians_and_quartiles_are_reproduced(self, mexcovid, claim, fitting):
        """The medians and quartiles of age, admission and nebulisation are reproduced; all definitions are named."""
        assert mexcovid[claim].verdict == "reproduced"
        assert f"Hyndman-Fan types that print as in the paper: {fitting};" in mexcovid[claim].working
        assert "The default, type 6, fits." in mexcovid[claim].working

    def test_p_value_is_not_attainable_by_the_test_named(self, mexcovid):
        """p = 0.0559 cannot come from a paired signed-rank test on seven; tests and sizes that give it are named."""
        verdict = mexcovid["ct-score-p"]
        assert verdict.verdict == "not attainable"
        assert "No data can print 0.0559" in verdict.working
        assert "Not attainable by the test named." in verdict.working
        assert "two-sided rank-sum, 7 v 7 unpaired, with ties or zeros only: 192/3432" in verdict.working
        assert "two-sided rank-sum, 7 v 6 unpaired, with ties or zeros only: 96/1716" in verdict.working
        assert "one-sided signed-rank, 12 pairs" in verdict.working

    def test_seven_of_seven_imply_another_p(self, mexcovid):
        """If the score dropped in all seven, every exact paired test gives 2/128, which is not the p printed."""
        assert mexcovid["ct-score-p-all-dropped"].verdict == "inconsistent"
        assert "exactly 0.015625" in mexcovid["ct-score-p-all-dropped"].working

    def test_total_dose_is_contradicted_by_dose_times_days(self, mexcovid):
        """2.0e9 vesicles against five days of 2.0e8 is contradicted; the 1.0e9 of the methods is reproduced."""
        assert mexcovid["total-dose-conclusions"].verdict == "contradicted"
        assert "= 1e9; printed: 2.0e9." in mexcovid["total-dose-conclusions"].working
        assert "2 times the product" in mexcovid["total-dose-conclusions"].working
        assert mexcovid["total-dose-methods"].verdict == "reproduced"

    def test_one_subject_contradicts_all(self, mexcovid):
        """That all were given an antibiotic or antifungal is contradicted by patient 3."""
        verdict = mexcovid["antibiotic-or-antifungal-all"]
        assert (verdict.verdict, "Counterexamples: P3." in verdict.working) == ("contradicted", True)
        assert [source.value for source in verdict.sources if source.place == "Table 3, Patient 3"] == ["None"]

    def test_one_pair_of_numbers_for_two_quantities(self, mexcovid):
        """51 and 40 are printed for both creatinine and the CT score: inconsistent."""
        verdict = mexcovid["creatinine-ct-score-twin"]
        assert verdict.verdict == "inconsistent"
        assert [source.value for source in verdict.sources] == ["51", "40", "51", "40"]

    def test_median_above_the_range_contradicts_normal(self, mexcovid):
        """An ALT median of 78 to 79 cannot be within the normal range in six of seven; the range's source is stated."""
        verdict = mexcovid["alt-within-range"]
        assert verdict.verdict == "contradicted"
        assert "at least 4 of 7 values are at or above 78, so at most 3 lie within it" in verdict.working
        assert "WS/T 404" in verdict.working
        assert "recalled" in verdict.working

    def test_outcome_announced_and_not_reported(self, mexcovid):
        """D-dimer is promised and not reported; interleukin 6 is promised and reported."""
        assert mexcovid["d-dimer-reported"].verdict == "not checkable"
        assert "Promised, not reported" in mexcovid["d-dimer-reported"].working
        assert mexcovid["il6-reported"].verdict == "reproduced"

    def test_no_event_in_seven_leaves_a_rate_of_two_in_five_open(self, mexcovid):
        """No event in seven subjects leaves true rates of up to 41 % open."""
        assert "exact 95 % two-sided interval 0 to 41 %" in mexcovid["no-prespecified-events"].working

    def test_eligibility_raises_questions_and_gives_no_verdict_on_anyone(self, mexcovid):
        """What bears on eligibility becomes questions by subject code; the verdict stays open."""
        eligibility = [verdict for verdict in mexcovid.values() if verdict.kind == "eligibility"]
        assert len(eligibility) >= 8
        assert {verdict.verdict for verdict in eligibility} <= {"not checkable", "reproduced"}
        assert (
            mexcovid["eligibility-chronic-lung-disease"].queries[0].startswith("P4 (comorbidity: Chronic obstructive")
        )

    def test_every_other_verdict_is_held(self, mexcovid):
        """Every verdict is pinned: what is in none of these lists is reproduced."""
        others = {claim: word for word, claims in MEXCOVID_VERDICTS.items() for claim in claims.split()}
        assert {claim: verdict.verdict for claim, verdict in mexcovid.items()} == {
            claim: others.get(claim, "reproduced") for claim in [*mexcovid, *others]
        }
        assert len(mexcovid) >= 50

    def test_every_source_is_a_printed_cell(self, mexcovid):
        """Every source stands in the named file, row and column, with its value as printed."""
        tables = {
            name: list(csv.DictReader(io.StringIO(text)))
            for name, text in read_texts("mexcovid", "published")[1].items()
        }
        cells = [source for verdict in mexcovid.values() for source in verdict.sources if source.row]
        assert len(cells) > 300
        assert all(tables[cell.file][cell.row - 1][cell.column] == cell.value for cell in cells)
        assert all(cell.place for cell in cells)


class TestWording:
    """A verdict is on a printed statement, never on a person."""

    def test_no_word_of_blame(self, mexcovid, example):
        """No claim, working, note or query holds a word of blame."""
        for verdict in [*mexcovid.values(), *example.values()]:
            found = BLAME.search(" ".join((verdict.claim, verdict.working, *verdict.queries)))
            assert found is None, (verdict.id, found)

    def test_open_verdict_says_what_is_missing(self, mexcovid, example):
        """Whatever is not checkable says what is missing."""
        open_ones = [v for v in (*mexcovid.values(), *example.values()) if v.verdict == "not checkable"]
        assert all("Missing:" in verdict.working for verdict in open_ones)


class TestTheInventedExample:
    """The second folder is invented, says so, and holds a claim of every verdict."""

    def test_it_says_that_it_is_invented(self):
        """The file and its title say that this is an invented example and no real trial."""
        text, tables = read_texts("example_paper")
        folder, _ = parse_claims(text, tables)
        assert "invented example, no real trial" in folder.paper.title
        assert folder.paper.invented
        assert "An invented example, no real trial" in text.splitlines()[0]

    def test_every_verdict_occurs(self, example):
        """Each of the five verdicts is given at least once."""
        assert {verdict.verdict for verdict in example.values()} == set(VERDICTS)

    def test_workings_are_as_people_read_them(self, example):
        """The workings, word for word."""
        assert {claim: verdict.working for claim, verdict in example.items() if claim != "fev1-p"} == {
            "age-median-iqr": "6 values in order: 24, 31, 38, 45, 52, 59. Type 6 gives 41.5 (29.25 to 53.75). "
            "Hyndman-Fan types that print as in the paper: 6; types that do not: 1, 2, 3, 4, 5, 7, 8, 9. "
            "The default, type 6, fits.",
            "cough": "subjects.csv has 2 rows where 'cough' in symptoms: S1, S3. Printed: 3. "
            "The denominator printed is 6; 6 are there.",
            "total-dose": "4 (Table 1, S4) x 2 a day x 5 days = 40; printed: 40.",
            "fev1-rose-all": "5 of 6 rows of subjects.csv meet fev1_before_l < fev1_after_l; claimed: all. "
            "Counterexamples: S4.",
            "highest-dose": "Printed: 8 (Abstract); 4 (Table 1, S6). They differ.",
            "cortisol-reported": "Looked for cortisol in subjects.csv. Promised, not reported: nothing is printed "
            "under these words. Missing: morning cortisol before and after treatment.",
            "smoking": "Exclusion 2: more than 10 pack-years. Raises a question in subjects.csv for: S4, S6. "
            "Missing: cigarettes a day and years of smoking.",
        }
        assert "No data can print 0.040" in example["fev1-p"].working
        assert "two-sided rank-sum, 5 v 5 unpaired, with ties or zeros only: 10/252" in example["fev1-p"].working


class TestTheAnswer:
    """Verdicts are data: the same on every run, and the same to a reader and to a program."""

    def test_json_of_a_verdict(self, example):
        """A verdict in JSON holds its id, place, claim, verdict, working and sources, besides its kind and queries."""
        found = json.loads(encode_verdicts(tuple(example.values())))
        keys = {"id", "kind", "place", "claim", "verdict", "working", "sources", "queries"}
        assert all(set(verdict) == keys for verdict in found)
        assert found[1]["sources"][-1] == {
            "file": "subjects.csv",
            "row": 3,
            "column": "symptoms",
            "value": "cough; headache",
            "place": "Table 1, S3",
        }

    def test_counts_of_verdicts(self, example):
        """The verdicts are counted in one line."""
        assert render_verdict_counts(tuple(example.values())) == (
            "8 claims: 2 reproduced, 2 contradicted, 1 not attainable, 1 inconsistent, 2 not checkable"
        )
        assert render_verdict_counts(()) == "0 claims"

    def test_second_run_is_the_same(self, example):
        """A second run gives the same bytes."""
        again = check_folder("example_paper")
        assert encode_verdicts(tuple(again.values())) == encode_verdicts(tuple(example.values()))


def section_of(kind):
    """The part of the manual under the kind's heading."""
    found = re.search(rf"^### `{kind}`\n(.*?)(?=^##|\Z)", MANUAL, re.M | re.S)
    assert found, f"docs/claims.md has no section for {kind}"
    return found[1]


def fields_of(struct):
    """The fields of a kind, and of the structs inside it that are not references."""
    for field in msgspec.structs.fields(struct):
        yield field.name
        inner = [part for part in (field.type, *getattr(field.type, "__args__", ())) if isinstance(part, type)]
        for part in inner:
            if issubclass(part, msgspec.Struct) and not issubclass(part, Printed | Rows | Numbers | Cells | Columns):
                yield from fields_of(part)


class TestTheManual:
    """`docs/claims.md` says how anyone writes such a folder, and is held to it."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind_and_field_is_documented(self, kind):
        """Every kind has a section that names each of its fields and shows an example."""
        section = section_of(kind)
        common = {field.name for field in msgspec.structs.fields(Claim)}
        missing = {
            name for name in fields_of(KINDS[kind][0]) if f"`{name}`" not in section and f"`{name} =" not in section
        }
        assert missing - common == set()
        assert f'kind = "{kind}"' in section

    def test_every_common_field_is_documented(self):
        """The fields that all claims, tables and references share are documented."""
        shared = [Claim, TableSpec, Printed, Number, Day, Rows, Numbers, Shares, Cells, Columns]
        names = {field.name for struct in shared for field in msgspec.structs.fields(struct)}
        assert {name for name in names if f"`{name}`" not in MANUAL} - {"distinct", "among"} == set()
        assert "`distinct` counts" in MANUAL

    def test_every_example_gives_the_verdict_written_under_it(self):
        """Every example of the manual runs, and gives the verdict that the manual promises."""
        examples = "\n".join(re.findall(r"```toml\n(.*?)```", MANUAL, re.S))
        promised = re.findall(r"^Verdict: \*\*(.*?)\*\*", MANUAL, re.M)
        folder, findings = parse_claims(examples, read_texts("example_paper")[1])
        assert findings == ()
        assert [verdict.verdict for verdict in check_claims(folder)] == promised
        assert {claim.__struct_config__.tag for claim in folder.claims} == set(KINDS)

    def test_every_finding_code_is_documented(self):
        """Every code a finding of this room can have is in the manual."""
        source = importlib.resources.files("firstbreath.paper.claims")
        codes = {code for file in source.iterdir() for code in re.findall(r"CLAIM-\d{3}", _text(file))}
        assert codes
        assert all(code in MANUAL for code in codes)


def _text(file):
    return file.read_text() if file.name.endswith(".py") else ""
