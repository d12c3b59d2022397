"""A paper small enough to read, with everything a paper can hold; and the same with a hostile text in every field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar, cast

import msgspec

from firstbreath.events.heads import SignedHead
from firstbreath.paper.background import BackgroundRow, Dose, NotComparable
from firstbreath.paper.claims import Source, Verdict
from firstbreath.paper.document import Cell, Evidence, Paper, Statement, TableBlock, plain_table
from firstbreath.paper.results import Result
from firstbreath.paper.swimmer import Lane, Mark, Stretch, Timeline

Value = TypeVar("Value")
HASH = "5f1b" * 16
AT = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)


def result(result_id: str, printed: str, *sources: int, value: str = "", method: str = "as recorded") -> Result:
    return Result(result_id, "enrolled", "S1", "age", "value", value or printed, printed, method, sources)


RESULTS = (
    result("FLOW.screened", "3", 1, 2, method="subjects screened"),
    result("FLOW.not_enrolled", "1", 2, method="subjects not enrolled"),
    result("FLOW.enrolled", "2", 1, method="subjects enrolled"),
    result("S.age.median", "57", 1, 2, value="57/1", method="Hyndman-Fan type 6, n = 2"),
    result("S.age.first_quartile", "43", 1, 2, value="43/1"),
    result("S.age.third_quartile", "70", 1, 2, value="70/1"),
    result("S.cough.k", "1", 1, 2),
    result("S.cough.n", "2", 1, 2),
    result("T2.S1.age", "43", 1),
    result("T2.S2.age", "N/A", method="not recorded"),
    result("EX.S1.doses", "2", 3),
    result("F2A.S1.admission", "15", 1),
    result("F2A.S1.dose.1", "32", 3),
    result("F2A.S1.dose.2", "33", 3),
    result("F2A.S1.follow_up.1", "51", 2),
    result("F2A.S1.oxygen.1", "High-flow nasal cannula", 2),
    result("F2A.S1.oxygen.2", "Nasal cannula", 2),
    result("F2A.S2.dose.1", "12", 3),
)

LANES = (
    Lane(
        "S1",
        (
            Mark(15, "admission", "day 15", "F2A.S1.admission"),
            Mark(32, "dose", "dose 1", "F2A.S1.dose.1"),
            Mark(33, "dose_not_full", "dose 2", "F2A.S1.dose.2"),
            Mark(51, "follow_up", "day 51", "F2A.S1.follow_up.1"),
        ),
        (
            Stretch(32, 34, "High-flow nasal cannula", "F2A.S1.oxygen.1"),
            Stretch(34, 51, "Nasal cannula", "F2A.S1.oxygen.2", open=True),
        ),
    ),
    Lane("S2", (Mark(12, "dose", "dose 1", "F2A.S2.dose.1"),), ()),
)

TIMELINE = Timeline("F2A", "Oxygen, doses and follow-up", "first symptom", LANES, RESULTS[11:])


def statement(name: str, *pieces: str | tuple[str, str]) -> Statement:
    """Plain words, and (text, row) for a number."""
    return Statement(name, tuple(Cell(piece) if isinstance(piece, str) else Cell(*piece) for piece in pieces))


FLOW = (
    statement("FLOW.screened", "Screened: ", ("3", "FLOW.screened")),
    statement("FLOW.not_enrolled", "Screened and not enrolled: ", ("1", "FLOW.not_enrolled")),
    statement("FLOW.enrolled", "Enrolled: ", ("2", "FLOW.enrolled")),
)
STATEMENTS = (
    statement(
        "S.age", "Age: median ", ("57", "S.age.median"), " years (quartiles ", ("43", "S.age.first_quartile"),
        " to ", ("70", "S.age.third_quartile"), ")",
    ),
    statement("S.cough", "Cough: ", ("1", "S.cough.k"), " of ", ("2", "S.cough.n")),
)  # fmt: skip
TABLES = (
    plain_table("T1", "Who may join", columns=("Kind", "Number", "Criterion"), rows=[("Inclusion", "1", "An adult")]),
    TableBlock(
        "T2",
        "Patients",
        ("Subject", "Age", "a", "b", "c", "d", "e"),
        (
            (Cell("S1"), Cell("43", "T2.S1.age"), *[Cell("x")] * 5),
            (Cell("S2"), Cell("N/A", "T2.S2.age"), *[Cell("y")] * 5),
        ),
        ("Ages as recorded.",),
    ),
)


def background(name: str, total: Dose | NotComparable, total_text: str, ratio_text: str = "") -> BackgroundRow:
    return BackgroundRow(
        id=name, name=name, year="2021", product="vesicles", product_class="vesicles", route="inhaled",
        dose_text="a day", total=total, total_text=total_text, ratio_text=ratio_text, subjects="7",
        condition="pneumonia", outcome="tolerated", source="a register", recalled=False,
    )  # fmt: skip


BACKGROUND = (
    background("One", Dose(Decimal(10), Decimal(10), "vesicles"), "10 vesicles", "2 times"),
    background("Two", NotComparable("the dose is a volume (a day)", "register", "find it"), "not comparable"),
)


def verdict(name: str, word: Any, *queries: str) -> Verdict:
    sources = (Source("table.csv", 1, "age", "43", "Table 2"), Source("table.csv", 2, "age", "70", "Table 2"))
    return Verdict(name, "count", "Table 2", f"The claim {name}.", word, "The working.", sources, queries)


VERDICTS = (
    verdict("a", "reproduced"),
    verdict("b", "reproduced"),
    verdict("c", "contradicted"),
    verdict("d", "not attainable"),
    verdict("e", "inconsistent"),
    verdict("f", "not checkable", "Which day was it?"),
)


def event(seq: int, kind: str = "form_recorded", reason: str = "") -> Evidence:
    body = '{\n "kind": "form_recorded",\n "values": {"age": "43"}\n}'
    when = AT + timedelta(minutes=seq)
    return Evidence(seq, when, "A. Nurse", "nurse", kind, "S1", "2026-01-01", "Form 1", reason, HASH, body)


PAPER = Paper(
    title="A small trial of an inhaled mist",
    trial="SMALL",
    registration="NCT00000000",
    stamp="SIMULATED",
    protocol_digest=HASH,
    head=SignedHead(3, HASH, HASH, HASH * 2),
    version="0.1.0",
    flow=FLOW,
    statements=STATEMENTS,
    tables=TABLES,
    timelines=(TIMELINE,),
    silences=("Trial: the phase is not stated.", "Form vital_signs: the source is silent."),
    background=BACKGROUND,
    context=(plain_table("B2", "Classes", columns=("Class", "Bound"), rows=[("severe", "30")]),),
    verdicts=VERDICTS,
    results=RESULTS,
    evidence=(event(1), event(2, reason="a slip of the pen"), event(3, "dose_given")),
)

KEPT = {"verdict", "word", "unit", "kind"}
"""Fields with a closed list of words: nothing hostile gets that far."""


def with_hostile(value: Value, text: str) -> Value:
    """The same value with the text before every text in it that is not empty; ids stay apart and still match."""
    return cast("Value", _hostile(value, text))


def _hostile(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return f"{text}{value}" if value else value
    if isinstance(value, tuple):
        return tuple(_hostile(part, text) for part in value)
    if not isinstance(value, msgspec.Struct):
        return value
    fields = [name for name in value.__struct_fields__ if name not in KEPT]
    return msgspec.structs.replace(value, **{name: _hostile(getattr(value, name), text) for name in fields})
