"""The reading of images as a part of the paper: agreement in sentences, every total, the change by each reader.

Name to know: `compose_reading`. Never here: a number that is not a row.
"""

import re
from collections.abc import Mapping

from firstbreath.paper.blocks import Cell, PlotBlock, Statement, TableBlock
from firstbreath.paper.rows import ABSENT, Result
from firstbreath.paper.segment_block import compose_segments
from firstbreath.protocol.values import Protocol
from firstbreath.reading.agreement import LETTERS

SENTENCES = (
    "Scans read by every reader: {scans}; segments scored by both {pairs}, not evaluable by one or both {left_out}",
    "Equal scores: in {same} % of segments",
    (
        "Weighted kappa by segment, quadratic weights: {kappa.quadratic} ({kappa.quadratic.lower} to "
        "{kappa.quadratic.upper}); linear weights {kappa.linear} ({kappa.linear.lower} to {kappa.linear.upper})"
    ),
    "Weighted kappa by segment, quadratic weights: {kappa.quadratic}; linear weights {kappa.linear}; no limits",
    "Kappa of the form of lesions: {kappa.form}",
    "Totals, intraclass correlation ICC(2,1): {icc_2_1} ({icc_2_1.lower} to {icc_2_1.upper}); ICC(3,1) {icc_3_1}",
    "Totals, intraclass correlation ICC(2,1): {icc_2_1}; no limits",
    (
        "First reader minus second: {bias} points ({bias.lower} to {bias.upper}), limits of agreement {lower_limit} to "
        "{upper_limit}"
    ),
    "First reader minus second: {bias} points",
    "Reader A: {readers.A} people, one after the other; a repeat is compared with the first reading of the same person",
    "Reader B: {readers.B} people, one after the other; a repeat is compared with the first reading of the same person",
)
"""A name in braces is a row; of sentences with the same beginning the first that can be said stands."""
CAUTION = (
    "Agreement is that of independent reads; limits resample whole patients, for segments of one patient are alike. "
    "So few scans leave these values wide open, and they are of these readers with this charter."
)
SINGLE_BLIND = (
    "Readers did not know the patient, the date, the order of the scans or the other read; the trial itself was open."
)


def compose_reading(protocol: Protocol, rows: Mapping[str, Result]) -> tuple[PlotBlock, ...]:
    """The parts of the paper on the reading; none before the reads are final.

    rows  all rows of the paper, by id
    """
    mine = {name.removeprefix("READ."): row for name, row in rows.items() if name.startswith("READ.")}
    if not mine:
        return ()
    said, notes = (*_statements(mine), *_repeats(mine)), (SINGLE_BLIND, CAUTION)
    endpoints = [each for each in protocol.analysis.endpoints if f"change.{each.id}.final.typical" in mine]
    blocks = [PlotBlock("READ", "Reading of images", said, (), _totals(mine), notes)]
    for each in endpoints:
        blocks.append(PlotBlock(f"READ.{each.id}", each.label, (), (), _change(each.id, each.label, mine)))
        blocks.append(compose_segments(protocol, each, rows))
    return tuple(blocks)


def _statements(rows: Mapping[str, Result]) -> tuple[Statement, ...]:
    said: dict[str, Statement] = {}
    for place, text in enumerate(SENTENCES):
        label = text.partition(":")[0]
        named = re.findall(r"{([\w.]+)}", text)
        if label not in said and all(name in rows and rows[name].printed != ABSENT for name in named):
            said[label] = Statement(f"READ.{place}", _pieces(text, rows))
    return tuple(said.values())


def _pieces(text: str, rows: Mapping[str, Result]) -> tuple[Cell, ...]:
    parts = [part for part in re.split(r"({[\w.]+})", text) if part]
    return tuple(
        Cell(rows[part[1:-1]].printed, rows[part[1:-1]].id) if part.startswith("{") else Cell(part) for part in parts
    )


def _repeats(rows: Mapping[str, Result]) -> tuple[Statement, ...]:
    """What each reader scored again without knowing."""
    found = []
    for letter in LETTERS:
        again = rows.get(f"repeats.{letter}.scans")
        if again is None or f"repeats.{letter}.same" not in rows:
            continue
        text = f"Reader {letter} again: {{repeats.{letter}.scans}} scans, {{repeats.{letter}.same}} % of segments equal"
        text += f", kappa {{repeats.{letter}.kappa}}" if f"repeats.{letter}.kappa" in rows else ""
        found.append(Statement(f"READ.repeats.{letter}", _pieces(text, rows)))
    return tuple(found)


def _totals(rows: Mapping[str, Result]) -> TableBlock:
    """Every scan: the total of each reader, their difference, and the score that counts."""
    scans = [name.removesuffix(".final") for name, row in rows.items() if row.statistic == "total"]
    letters = [letter for letter in LETTERS if any(f"{scan}.{letter}" in rows for scan in scans)]
    lines = tuple(
        (
            *(Cell(part) for part in rows[f"{scan}.final"].group.split(", ", 1)),
            *(_cell(rows, f"{scan}.{letter}") for letter in letters),
            _cell(rows, f"{scan}.difference"),
            _cell(rows, f"{scan}.final"),
            Cell(rows[f"{scan}.final"].method),
        )
        for scan in scans
    )
    readers = (f"Reader {letter}" for letter in letters)
    columns = ("Subject", "Visit", *readers, "Difference", "Score that counts", "How")
    return TableBlock("READ.scores", "Scores of the scans", columns, lines)


def _change(endpoint: str, label: str, rows: Mapping[str, Result]) -> TableBlock:
    """The change by the score that counts, and by each reader alone."""
    begin = f"change.{endpoint}."
    groups = dict.fromkeys(name.removeprefix(begin).partition(".")[0] for name in rows if name.startswith(begin))
    parts = ("typical", "lower", "upper", "p")
    lines = tuple(
        (Cell(rows[f"{begin}{group}.typical"].group), *(_cell(rows, f"{begin}{group}.{part}") for part in parts))
        for group in groups
    )
    columns = ("Read by", "Typical change", "Lower limit", "Upper limit", "p")
    return TableBlock(f"READ.{endpoint}.change", f"{label}: change by each reader", columns, lines)


def _cell(rows: Mapping[str, Result], name: str) -> Cell:
    return Cell(rows[name].printed, rows[name].id) if name in rows else Cell(ABSENT)
