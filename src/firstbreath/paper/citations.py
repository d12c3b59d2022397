"""Publication records as CSL-JSON and RIS, for any reference manager.

Names to know: `parse_publication`, `render_csl_json`, `render_ris`. Never here: a file, a value the record does not
hold. Sources: CSL data schema (citation-style-language/schema, csl-data.json); RIS tags as reference managers
read them.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping

import msgspec

Json = str | int | list["Json"] | dict[str, "Json"]
Tag = tuple[str, str]

OTHERS_NOTE = "The printed list of authors ends with et al."


class Author(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An author as printed: family and given names, or `literal` for a group; `index_record` holds another spelling."""

    family: str = ""
    given: str = ""
    literal: str = ""
    index_record: str = ""


class Funder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A funder as the funding statement names it, with its grant numbers."""

    name: str
    grants: tuple[str, ...] = ()
    note: str = ""


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One work of a reference list; `others` is true where the printed authors end with et al."""

    id: str
    title: str
    journal: str
    year: int
    authors: tuple[Author, ...]
    number: int = 0
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    others: bool = False
    note: str = ""


class Publication(Reference, frozen=True, forbid_unknown_fields=True):
    """A published paper with its references; each `..._source` says where a value the paper does not print is from."""

    pmid: str = ""
    pmcid: str = ""
    publisher: str = ""
    published: dt.date | None = None
    received: dt.date | None = None
    accepted: dt.date | None = None
    registration: str = ""
    ethics: str = ""
    keywords: tuple[str, ...] = ()
    funders: tuple[Funder, ...] = ()
    references: tuple[Reference, ...] = ()
    journal_source: str = ""
    doi_source: str = ""
    publisher_source: str = ""


def parse_publication(fields: Mapping[str, object]) -> Publication:
    """The publication of one `[[publications]]` table of `background/publication.toml`.

    Raises `ValueError` naming the record, the field at fault and what to correct.
    """
    try:
        return msgspec.convert(fields, Publication)
    except msgspec.ValidationError as error:
        name = fields.get("id", "without an id")
        raise ValueError(f"Publication {name}: {error}. Correct this field in publication.toml.") from error


def render_csl_json(publication: Publication) -> str:
    """A CSL-JSON array: the publication, then its references in printed order; the same bytes for the same record.

    Source: CSL data schema, csl-data.json (field names, name and date variables).
    """
    entries = [_render_csl_entry(work) for work in _works(publication)]
    return json.dumps(entries, ensure_ascii=False, indent=2) + "\n"


def render_ris(publication: Publication) -> str:
    """RIS records with CRLF line ends: the publication, then its references in printed order.

    Source: RIS tag list (TY first, ER last, two spaces, hyphen and space after each tag).
    """
    return "".join(_render_ris_record(work) for work in _works(publication))


def _works(publication: Publication) -> tuple[Reference, ...]:
    return (publication, *publication.references)


def _render_csl_entry(work: Reference) -> dict[str, Json]:
    entry: dict[str, Json] = {
        "id": work.id,
        "type": "article-journal",
        "title": work.title,
        "author": [_render_csl_name(author) for author in work.authors],
        "container-title": work.journal,
        "issued": {"date-parts": [_render_date_parts(work)]},
        "volume": work.volume,
        "issue": work.issue,
        "page": work.pages.replace("–", "-"),
        "DOI": work.doi,
        **(_render_csl_extra(work) if isinstance(work, Publication) else {}),
        "note": _render_note(work),
    }
    return {key: value for key, value in entry.items() if value != ""}


def _render_csl_extra(publication: Publication) -> dict[str, Json]:
    return {
        "PMID": publication.pmid,
        "PMCID": publication.pmcid,
        "publisher": publication.publisher,
        "keyword": ", ".join(publication.keywords),
    }


def _render_csl_name(author: Author) -> dict[str, Json]:
    if author.literal:
        return {"literal": author.literal}
    return {"family": author.family, "given": author.given}


def _render_date_parts(work: Reference) -> list[Json]:
    if isinstance(work, Publication) and work.published:
        return [work.published.year, work.published.month, work.published.day]
    return [work.year]


def _render_note(work: Reference) -> str:
    registration = work.registration if isinstance(work, Publication) else ""
    parts = (
        f"Trial registration: {registration}." if registration else "",
        OTHERS_NOTE if work.others else "",
        *(_render_spelling(author) for author in work.authors),
        work.note,
    )
    return " ".join(part for part in parts if part)


def _render_spelling(author: Author) -> str:
    return f"{author.family} is spelt {author.index_record} in the index record." if author.index_record else ""


def _render_ris_record(work: Reference) -> str:
    tags = [("TY", "JOUR"), *_ris_tags(work)]
    lines = [f"{tag}  - {_render_one_line(value)}\r\n" for tag, value in tags if value]
    return "".join(lines) + "ER  - \r\n"


def _ris_tags(work: Reference) -> Iterable[Tag]:
    first, last = compute_page_range(work.pages)
    yield from (("AU", _render_ris_name(author)) for author in work.authors)
    yield from (("TI", work.title), ("T2", work.journal), ("PY", str(work.year)))
    yield from (("VL", work.volume), ("IS", work.issue), ("SP", first), ("EP", last), ("DO", work.doi))
    if isinstance(work, Publication):
        yield from _ris_extra(work)
    yield from (("N1", _render_note(work)), ("ID", work.id))


def _ris_extra(publication: Publication) -> Iterable[Tag]:
    yield ("DA", publication.published.strftime("%Y/%m/%d") if publication.published else "")
    yield ("PB", publication.publisher)
    yield from (("KW", keyword) for keyword in publication.keywords)


def _render_ris_name(author: Author) -> str:
    return author.literal or ", ".join(part for part in (author.family, author.given) if part)


def _render_one_line(value: str) -> str:
    return " ".join(value.split())


def compute_page_range(pages: str) -> tuple[str, str]:
    """First and last page of a printed range, the last written out: `660–73` gives 660, 673; one page has no last."""
    first, _, last = pages.replace("–", "-").partition("-")
    if first.isdecimal() and last.isdecimal() and len(last) < len(first):
        return first, first[: len(first) - len(last)] + last
    return first, last
