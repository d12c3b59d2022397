"""A protocol folder: texts in, one `Protocol` or all the findings out."""

import hashlib
from collections.abc import Mapping
from typing import Any

from firstbreath.protocol.check import check_parts
from firstbreath.protocol.findings import Finding, show, suggest
from firstbreath.protocol.reading import parse_struct
from firstbreath.protocol.schedule import parse_grid
from firstbreath.protocol.toml import TomlText, parse_toml
from firstbreath.protocol.values import (
    LANGUAGES,
    Analysis,
    AnalysisFile,
    CharterFile,
    FormsFile,
    Protocol,
    ProtocolFile,
    WordsFile,
)

PROTOCOL_FILES: Mapping[str, type[Any]] = {
    "protocol.toml": ProtocolFile,
    "forms.toml": FormsFile,
    "charter.toml": CharterFile,
    "analysis.toml": AnalysisFile,
    **dict.fromkeys(LANGUAGES, WordsFile),
}
REQUIRED_FILES = ("protocol.toml", "forms.toml")


def compute_digest(files: Mapping[str, str]) -> str:
    """SHA-256 over the names, lengths and bytes of the files, in the order of their names, in hexadecimal."""
    digest = hashlib.sha256()
    for name in sorted(files):
        content = files[name].encode()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def parse_protocol(files: Mapping[str, str], *, checked: bool = True) -> tuple[Protocol | None, tuple[Finding, ...]]:
    """The protocol that the texts state, or None; with every finding, sorted by file and line.

    files  text by file name; `protocol.toml` and `forms.toml` must be there, the others may be
    checked  whether the parts must agree with each other; a folder that was adopted once is read without, so that
             a later version's stricter checks never make an old log unreadable
    """
    findings = _check_names(files)
    texts: dict[str, TomlText] = {}
    parts: dict[str, Any] = {}
    for name, into in PROTOCOL_FILES.items():
        if name in files:
            text, wrong = parse_toml(files[name], name)
            findings += wrong
            if text is not None:
                texts[name] = text
                parts[name], wrong = parse_struct(text, into)
                findings += wrong
    if findings:
        return None, tuple(sorted(findings))
    protocol = _build(files, parts)
    findings += check_parts(protocol, texts) if checked else ()
    return (None if findings else protocol), tuple(sorted(findings))


def _check_names(files: Mapping[str, str]) -> list[Finding]:
    """Files that must be there and are not, and files that are no part of a protocol folder."""
    missing = [
        Finding(name, 0, "PROT-000", f"{name} is missing from the folder.", "Add the file.")
        for name in REQUIRED_FILES
        if name not in files
    ]
    unknown = [
        Finding(show(name), 0, "PROT-004", "This is no file of a protocol folder.", suggest(name, PROTOCOL_FILES))
        for name in files
        if name not in PROTOCOL_FILES
    ]
    return missing + unknown


def _build(files: Mapping[str, str], parts: Mapping[str, Any]) -> Protocol:
    design: ProtocolFile = parts["protocol.toml"]
    charter: CharterFile | None = parts.get("charter.toml")
    analysis: AnalysisFile | None = parts.get("analysis.toml")
    return Protocol(
        digest=compute_digest(files),
        design=design,
        forms=parts["forms.toml"].forms,
        checks=parts["forms.toml"].checks,
        charter=charter.charter if charter else None,
        analysis=analysis.analysis if analysis else Analysis(),
        due=parse_grid(design.schedule.grid)[1],
        words={language: parts[name] for name, language in LANGUAGES.items() if name in parts},
    )
