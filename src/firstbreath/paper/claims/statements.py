"""Claims about statements: the same thing said twice, the same pair of two things, a registry, a promise."""

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct

from firstbreath.paper.claims.lookup import read_printed
from firstbreath.paper.claims.references import Number, Printed
from firstbreath.paper.claims.tables import parse_number
from firstbreath.paper.claims.values import Claim, ClaimFolder, Source, Text, Verdict, VerdictWord, conclude
from firstbreath.paper.claims.wording import render_count, render_names, render_source

Several = Meta(min_length=2, max_length=50)
Some = Meta(min_length=1, max_length=50)
MOST_HITS = 3


class StatementPair(Claim, frozen=True, kw_only=True, tag="statement_pair", tag_field="kind"):
    """Statements of the same quantity; `same = false` when the paper does not say that they are."""

    statements: tuple[Printed, ...]
    same: bool = True
    missing: str = ""


class Pair(Struct, frozen=True, kw_only=True):
    """A value in the text and the same value in a table."""

    text: Printed
    table: Printed


class TextAndTable(Claim, frozen=True, kw_only=True, tag="text_and_table", tag_field="kind"):
    """Values the text repeats from a table."""

    pairs: tuple[Pair, ...]


class Twin(Claim, frozen=True, kw_only=True, tag="twin", tag_field="kind"):
    """The same numbers printed for two different quantities."""

    first: tuple[Number, ...]
    first_quantity: Text
    second: tuple[Number, ...]
    second_quantity: Text


class Registry(Claim, frozen=True, kw_only=True, tag="registry", tag_field="kind"):
    """What the paper prints against what a trial registry holds.

    `compare` is the whole text, the first number of each text, or which of `words` each text contains.
    """

    paper: Printed
    registry: tuple[Printed, ...]
    compare: Literal["text", "number", "words"] = "text"
    words: Annotated[tuple[Text, ...], Meta(max_length=50)] = ()


class Promised(Claim, frozen=True, kw_only=True, tag="promised", tag_field="kind"):
    """An outcome announced, or a value needed to check a statement: is it printed?

    `terms` are the words it would be printed under; they are looked for in every cell and column name of
    `files`, letter case aside.
    """

    outcome: Text
    terms: Annotated[tuple[Text, ...], Some]
    files: Annotated[tuple[str, ...], Some]
    basis: Literal["announced", "needed"] = "announced"


def check_statement_pair(claim: StatementPair, folder: ClaimFolder) -> Verdict:
    """Whether all statements print the same value."""
    sources = tuple(read_printed(folder, statement) for statement in claim.statements)
    alike = all(_is_same(sources[0].value, other.value) for other in sources[1:])
    working = f"Printed: {'; '.join(render_source(source) for source in sources)}. "
    if alike:
        return conclude(claim, "reproduced", working + "All agree.", sources=sources)
    if claim.same:
        return conclude(claim, "inconsistent", working + "They differ.", sources=sources)
    missing = claim.missing or "whether they state the same quantity"
    working += f"They differ, and may not be the same quantity. Missing: {missing}."
    return conclude(claim, "not checkable", working, sources=sources)


def _is_same(one: str, other: str) -> bool:
    """True for equal numbers (1e9 and 1.0e9), or for equal texts, letter case aside."""
    first, second = parse_number(one), parse_number(other)
    if first is not None and second is not None:
        return first == second
    return one.strip().casefold() == other.strip().casefold()


def check_text_and_table(claim: TextAndTable, folder: ClaimFolder) -> Verdict:
    """Whether each value in the text is the table's."""
    read = [(read_printed(folder, pair.text), read_printed(folder, pair.table)) for pair in claim.pairs]
    unlike = [(text, table) for text, table in read if not _is_same(text.value, table.value)]
    working = f"{len(read) - len(unlike)} of {len(read)} values are the same in the text and in the table."
    working += "".join(f" {render_source(text)} against {render_source(table)}." for text, table in unlike)
    sources = tuple(source for both in read for source in both)
    return conclude(claim, "inconsistent" if unlike else "reproduced", working, sources=sources)


def check_twin(claim: Twin, folder: ClaimFolder) -> Verdict:
    """Whether two different quantities are printed with the same numbers throughout."""
    first = tuple(read_printed(folder, number) for number in claim.first)
    second = tuple(read_printed(folder, number) for number in claim.second)
    working = (
        f"{claim.first_quantity}: {render_names([source.value for source in first])}. "
        f"{claim.second_quantity}: {render_names([source.value for source in second])}. "
    )
    same = len(first) == len(second) and all(
        _is_same(one.value, other.value) for one, other in zip(first, second, strict=True)
    )
    working += (
        "The same numbers are printed for both; one of them may be a slip in copying."
        if same
        else "The numbers differ."
    )
    return conclude(claim, "inconsistent" if same else "reproduced", working, sources=first + second)


def check_registry(claim: Registry, folder: ClaimFolder) -> Verdict:
    """Whether the paper and each registry value agree."""
    paper = read_printed(folder, claim.paper)
    registry = tuple(read_printed(folder, value) for value in claim.registry)
    working = f"Paper: {render_source(paper)}. Registry: {'; '.join(render_source(value) for value in registry)}."
    keys = [_read_key(claim, value.value) for value in (paper, *registry)]
    verdict: VerdictWord = "reproduced" if all(_is_same(keys[0], key) for key in keys) else "inconsistent"
    words = " They agree." if verdict == "reproduced" else " They differ."
    if "" in keys:
        verdict, words = "not checkable", " Missing: a value that can be compared."
    return conclude(claim, verdict, working + words, sources=(paper, *registry))


def _read_key(claim: Registry, text: str) -> str:
    """What of a text is compared; empty when it has nothing of the kind."""
    if claim.compare == "number":
        found = re.search(r"(?<![\w.])[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?", text)
        return found[0] if found else ""
    if claim.compare == "words":
        return "; ".join(word for word in claim.words if word.casefold() in text.casefold())
    return text.strip()


def check_promised(claim: Promised, folder: ClaimFolder) -> Verdict:
    """Whether anything in the files given is printed under one of the terms."""
    hits = tuple(hit for file in claim.files for hit in _find_terms(claim, folder, file))
    looked = f"Looked for {render_names(claim.terms)} in {render_names(claim.files)}."
    if hits:
        shown = "; ".join(render_source(hit) for hit in hits[:MOST_HITS])
        working = f"{looked} Found {render_count(len(hits), 'cell')}: {shown}."
        return conclude(claim, "reproduced", working, sources=hits)
    words = "Promised, not reported" if claim.basis == "announced" else "Not printed"
    working = f"{looked} {words}: nothing is printed under these words. Missing: {claim.outcome}."
    return conclude(claim, "not checkable", working)


def _find_terms(claim: Promised, folder: ClaimFolder, file: str) -> list[Source]:
    """The cells of a file, and its column names as row 0, that contain one of the terms."""
    table = folder.tables[file]
    terms = [term.casefold() for term in claim.terms]
    named = [Source(file, 0, column, column, "") for column in table.columns if _has(column, terms)]
    place_column = table.spec.place
    found = [
        Source(file, row, column, cell, _place(table.columns, place_column, cells))
        for row, cells in enumerate(table.rows, 1)
        for column, cell in zip(table.columns, cells, strict=True)
        if column != place_column and _has(cell, terms)
    ]
    return named + found


def _has(text: str, terms: list[str]) -> bool:
    folded = text.casefold()
    return any(term in folded for term in terms)


def _place(columns: tuple[str, ...], place: str, cells: tuple[str, ...]) -> str:
    return cells[columns.index(place)] if place in columns else ""
