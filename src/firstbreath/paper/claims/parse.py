"""A claims folder: its TOML and CSV texts in, one `ClaimFolder` or all the findings out."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from firstbreath.paper.claims.check_references import find_faults
from firstbreath.paper.claims.kinds import FEWEST, KINDS
from firstbreath.paper.claims.lookup import CLAIMS_FILE
from firstbreath.paper.claims.tables import parse_table
from firstbreath.paper.claims.values import Claim, ClaimFolder, PaperFacts, Table, TableSpec, kind_of
from firstbreath.protocol.findings import Finding, suggest
from firstbreath.protocol.reading import parse_struct
from firstbreath.protocol.toml import TomlText, parse_toml


class _File(Struct, frozen=True, kw_only=True):
    """The top of `claims.toml`; each claim is read again by its kind."""

    paper: PaperFacts
    tables: tuple[TableSpec, ...] = ()
    claims: tuple[dict[str, Any], ...]


def parse_claims(toml_text: str, tables: Mapping[str, str]) -> tuple[ClaimFolder | None, tuple[Finding, ...]]:
    """The folder that the texts state, or None; with every finding, sorted by file and line.

    toml_text  the text of `claims.toml`
    tables     the text of each CSV file, by file name
    """
    text, findings = parse_toml(toml_text, CLAIMS_FILE)
    if text is None:
        return None, findings
    head, findings = parse_struct(text, _File)
    if head is None:
        return None, tuple(sorted(findings))
    claims, wrong = _parse_each(head, text)
    found = [*wrong, *_find_repeats(head, text)]
    read, wrong = _parse_tables(head, text, tables)
    found += wrong
    for number, claim in claims.items():
        found += _check_claim(claim, number, text=text, tables=read)
    if found:
        return None, tuple(sorted(set(found)))
    known = {name: table for name, table in read.items() if table is not None}
    return ClaimFolder(head.paper, known, tuple(claims.values())), ()


def _parse_each(head: _File, text: TomlText) -> tuple[dict[int, Claim], list[Finding]]:
    """The claims that could be read, by their place in the file, and the findings of the others."""
    claims: dict[int, Claim] = {}
    findings: list[Finding] = []
    for number, raw in enumerate(head.claims):
        kind = raw.get("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            findings.append(_unknown_kind(kind, number, text))
            continue
        claim, wrong = _parse_claim(raw, number, text)
        findings += wrong
        if claim is not None:
            claims[number] = claim
    return claims, findings


def _parse_claim(raw: Mapping[str, Any], number: int, text: TomlText) -> tuple[Claim | None, tuple[Finding, ...]]:
    """One claim into the struct of its kind; lines and names stay those of the whole file."""
    into, _ = KINDS[raw["kind"]]
    alone = msgspec.defstruct("OneClaim", [("claims", tuple[into, ...])], frozen=True)  # type: ignore[valid-type]
    values = {"claims": [{key: value for key, value in raw.items() if key != "kind"}]}
    lines = {("claims", 0, *place[2:]): line for place, line in text.lines.items() if place[:2] == ("claims", number)}
    read, findings = parse_struct(TomlText(text.file, values, lines), alone)
    renamed = tuple(
        msgspec.structs.replace(finding, what=finding.what.replace("`claims[1]", f"`claims[{number + 1}]", 1))
        for finding in findings
    )
    claim: Claim | None = None if read is None else read.claims[0]  # type: ignore[attr-defined]
    return claim, renamed


def _unknown_kind(kind: object, number: int, text: TomlText) -> Finding:
    line = text.line_of(("claims", number, "kind"))
    what = f"`claims[{number + 1}]` has no kind." if kind is None else f"`claims[{number + 1}].kind` = {kind!r:.60}."
    fix = suggest(kind, KINDS) if isinstance(kind, str) else suggest("", KINDS)
    return Finding(CLAIMS_FILE, line, "CLAIM-007", what, fix)


def _find_repeats(head: _File, text: TomlText) -> Iterator[Finding]:
    """Ids and table files that stand twice."""
    for key, parts in (("id", head.claims), ("file", [{"file": spec.file} for spec in head.tables])):
        seen: dict[object, int] = {}
        where = "claims" if key == "id" else "tables"
        for number, part in enumerate(parts):
            name = str(part.get(key))
            line = text.line_of((where, number, key))
            if name in seen and key in part:
                what = f'The {key} "{name:.60}" stands twice, first in line {seen[name]}.'
                yield Finding(CLAIMS_FILE, line, "CLAIM-008", what, "Give each its own.")
            seen.setdefault(name, line)


def _parse_tables(
    head: _File, text: TomlText, tables: Mapping[str, str]
) -> tuple[dict[str, Table | None], list[Finding]]:
    """Every CSV of the folder, read as declared or by default; None where it could not be read."""
    specs = {spec.file: spec for spec in head.tables}
    findings = [
        Finding(
            CLAIMS_FILE,
            text.line_of(("tables", number, "file")),
            "CLAIM-001",
            f'There is no file "{spec.file:.60}" in the folder.',
            suggest(spec.file, tables),
        )
        for number, spec in enumerate(head.tables)
        if spec.file not in tables
    ]
    read: dict[str, Table | None] = {spec: None for spec in specs if spec not in tables}
    for name in sorted(tables):
        read[name], wrong = parse_table(specs.get(name, TableSpec(file=name)), tables[name])
        findings += wrong
    return read, findings


def _check_claim(claim: Claim, number: int, *, text: TomlText, tables: Mapping[str, Table | None]) -> Iterator[Finding]:
    for name, fewest in FEWEST.get(kind_of(claim), {}).items():
        if len(getattr(claim, name)) < fewest:
            what = f"Claim {claim.id}: `{name}` has {len(getattr(claim, name))} elements, at least {fewest} are needed."
            yield Finding(CLAIMS_FILE, text.line_of(("claims", number, name)), "CLAIM-009", what, "Add to the list.")
    for place, code, what, fix in find_faults(claim, tables):
        line = text.line_of(("claims", number, *place))
        yield Finding(CLAIMS_FILE, line, code, f"Claim {claim.id}: {what}", fix)
