"""Publication records out as CSL-JSON and RIS, and back through small readers."""

import datetime as dt
import importlib.resources
import json
import tomllib
from typing import Any

import pytest

from firstbreath.paper.citations import (
    Author,
    Publication,
    Reference,
    compute_page_range,
    parse_publication,
    render_csl_json,
    render_ris,
)

# Properties of an item and of a name in csl-data.json of citation-style-language/schema that this project uses.
CSL_ITEM = {"id", "type", "title", "author", "container-title", "issued", "volume", "issue", "page", "DOI", "PMID"} | {
    "PMCID",
    "publisher",
    "keyword",
    "note",
}
CSL_NAMES = ({"family", "given"}, {"literal"})

SMALL = Publication(
    id="doe-2022",
    title="A trial",
    journal="J Trials",
    year=2022,
    authors=(Author(family="Dornelas de Andrade", given="A"), Author(literal="The Trial Group")),
    volume="13",
    pages="660–73",
    doi="10.1000/x",
    others=True,
    published=dt.date(2022, 5, 26),
    registration="NCT00000000",
    keywords=("lung", "vesicles"),
    references=(Reference(id="roe-2021", title="Earlier", journal="J", year=2021, authors=(Author("Roe", "R"),)),),
)


def read_ris(text: str) -> list[dict[str, list[str]]]:
    records: list[dict[str, list[str]]] = []
    for line in text.split("\r\n")[:-1]:
        tag, value = line[:2], line[6:]
        assert line[2:6] == "  - ", line
        if tag == "TY":
            records.append({})
        records[-1].setdefault(tag, []).append(value)
    return records


def read_csl(text: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(text)
    return entries


def shipped() -> dict[str, Publication]:
    folder = importlib.resources.files("firstbreath.studies") / "mexcovid" / "background"
    fields = tomllib.loads(folder.joinpath("publication.toml").read_text(encoding="utf-8"))
    publications = [parse_publication(entry) for entry in fields["publications"]]
    return {publication.id: publication for publication in publications}


def ris_author(author: Author) -> str:
    return author.literal or f"{author.family}, {author.given}"


def test_ris_of_a_small_record_byte_for_byte() -> None:
    assert render_ris(SMALL) == (
        "TY  - JOUR\r\nAU  - Dornelas de Andrade, A\r\nAU  - The Trial Group\r\nTI  - A trial\r\nT2  - J Trials\r\n"
        "PY  - 2022\r\nVL  - 13\r\nSP  - 660\r\nEP  - 673\r\nDO  - 10.1000/x\r\nDA  - 2022/05/26\r\n"
        "KW  - lung\r\nKW  - vesicles\r\n"
        "N1  - Trial registration: NCT00000000. The printed list of authors ends with et al.\r\n"
        "ID  - doe-2022\r\nER  - \r\n"
        "TY  - JOUR\r\nAU  - Roe, R\r\nTI  - Earlier\r\nT2  - J\r\nPY  - 2021\r\nID  - roe-2021\r\nER  - \r\n"
    )


def test_csl_of_a_small_record() -> None:
    entry, reference = read_csl(render_csl_json(SMALL))
    assert entry["author"] == [{"family": "Dornelas de Andrade", "given": "A"}, {"literal": "The Trial Group"}]
    assert entry["issued"] == {"date-parts": [[2022, 5, 26]]}
    assert (entry["page"], entry["keyword"], entry["DOI"]) == ("660-73", "lung, vesicles", "10.1000/x")
    assert reference["issued"] == {"date-parts": [[2021]]}
    assert "volume" not in reference


def test_a_line_break_in_a_title_cannot_open_a_new_ris_field() -> None:
    broken = Publication(id="x", title="One\r\nER  - \nTwo", journal="J", year=2020, authors=())
    (record,) = read_ris(render_ris(broken))
    assert record["TI"] == ["One ER - Two"]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("660–73", ("660", "673")),
        ("9490–6", ("9490", "9496")),
        ("266–273", ("266", "273")),
        ("91", ("91", "")),
        ("e12134", ("e12134", "")),
        ("", ("", "")),
    ],
)
def test_the_last_page_is_written_out(pages: str, expected: tuple[str, str]) -> None:
    assert compute_page_range(pages) == expected


def test_the_shipped_records_as_printed() -> None:
    mexcovid, secretome = shipped().values()
    assert (len(mexcovid.authors), len(mexcovid.references)) == (15, 14)
    assert [mexcovid.authors[0].family, mexcovid.authors[-1].family] == ["Zhu", "Qu"]
    assert [reference.number for reference in mexcovid.references] == list(range(1, 15))
    assert mexcovid.published == dt.date(2022, 5, 26)
    assert sum(len(funder.grants) for funder in mexcovid.funders) == 5
    assert [author.family for author in secretome.authors] == [
        "Bari",
        "Ferrarotti",
        "Saracino",
        "Perteghella",
        "Torre",
        "Corsico",
    ]


def test_both_spellings_of_a_name_are_kept() -> None:
    references = shipped()["mexcovid-2022"].references
    spellings = [
        (author.family, author.index_record) for work in references for author in work.authors if author.index_record
    ]
    assert spellings == [
        ("Aghdani", "Aghdami"),
        ("Aditjaningsih", "Aditianingsih"),
        ("Rosenzweig", "Rosenzwajg"),
    ]
    first = read_csl(render_csl_json(shipped()["mexcovid-2022"]))[1]
    assert first["note"] == "Aghdani is spelt Aghdami in the index record."


@pytest.mark.parametrize("name", ["mexcovid-2022", "secretome-2020"])
def test_csl_round_trip(name: str) -> None:
    publication = shipped()[name]
    entries = read_csl(render_csl_json(publication))
    for entry, work in zip(entries, (publication, *publication.references), strict=True):
        assert set(entry) <= CSL_ITEM
        assert all(set(author) in CSL_NAMES for author in entry["author"])
        assert (entry["id"], entry["title"], entry["container-title"]) == (work.id, work.title, work.journal)
        assert entry["issued"]["date-parts"][0][0] == work.year
        assert entry.get("page", "") == work.pages.replace("–", "-")
        assert [Author(**author) for author in entry["author"]] == [
            Author(author.family, author.given, author.literal) for author in work.authors
        ]


@pytest.mark.parametrize("name", ["mexcovid-2022", "secretome-2020"])
def test_ris_round_trip(name: str) -> None:
    publication = shipped()[name]
    records = read_ris(render_ris(publication))
    for record, work in zip(records, (publication, *publication.references), strict=True):
        assert record["TY"] == ["JOUR"]
        assert record["ER"] == [""]
        assert record["AU"] == [ris_author(author) for author in work.authors]
        assert (record["TI"], record["T2"], record["PY"]) == ([work.title], [work.journal], [str(work.year)])
        assert record.get("VL", [""]) == [work.volume]
        assert record.get("DO", [""]) == [work.doi]


def test_the_same_record_gives_the_same_bytes() -> None:
    first, second = shipped()["mexcovid-2022"], shipped()["mexcovid-2022"]
    assert render_csl_json(first) == render_csl_json(second)
    assert render_ris(first) == render_ris(second)


def test_a_record_at_fault_is_named_with_its_field() -> None:
    fields = {"id": "x", "title": "T", "journal": "J", "year": "2020", "authors": []}
    with pytest.raises(ValueError, match=r"Publication x: Expected `int`, got `str` - at `\$\.year`\. Correct"):
        parse_publication(fields)
    with pytest.raises(ValueError, match="unknown field `colour`"):
        parse_publication(fields | {"year": 2020, "colour": "red"})
