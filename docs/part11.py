"""The requirements of 21 CFR Part 11 as sentences, joined to the tests that carry their mark.

A test proves a requirement by `@pytest.mark.part11(row)`. A requirement without a test fails the build.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HOUSE = Path(__file__).parent.parent
PAGE = HOUSE / "docs" / "validation" / "part-11.md"


class Requirement(NamedTuple):
    """A clause of the rule and what it asks of this system, so that a test can fail."""

    clause: str
    asked: str


REQUIREMENTS = (
    Requirement("11.10(a)", "A change of any stored byte is found and named; a clean log raises no alarm."),
    Requirement("11.10(a)", "Every requirement has a test that runs from a clean installation, or the build fails."),
    Requirement("11.10(b)", "A subject's copies, printed and by machine, hold every value there ever was."),
    Requirement("11.10(c)", "A restored backup is the same to the last byte, and is readable without this system."),
    Requirement("11.10(d)", "Every address and act refuses whoever may not use it, and none is forgotten."),
    Requirement("11.10(e)", "Each entry, change and removal is one event, whichever way it comes in."),
    Requirement("11.10(e)", "The server sets the time; a clock set back is found and written down."),
    Requirement("11.10(e)", "The earlier value stays in view beside the new one, and the whole trail can be exported."),
    Requirement("11.10(f)", "Steps out of order are refused, and the refusal is written down."),
    Requirement("11.10(g)", "Authority is asked at the act, not at sign-in: with dates, and withdrawn at once."),
    Requirement("11.10(h)", "Where an entry came from is recorded: page, session, device, file and its digest."),
    Requirement("11.10(i)-(k)", "Nobody acts without recorded training and accepted accountability."),
    Requirement("11.30", "Over a network only encrypted, with guarded cookies; archives leave encrypted."),
    Requirement("11.50(a)", "A signature shows printed name, date and time with zone, and meaning."),
    Requirement("11.50(b)", "The three appear wherever the record is shown, on screen and in print."),
    Requirement("11.70", "A signature belongs to one version of one record, and shows when that was superseded."),
    Requirement("11.100(a)", "An account id is never given to a second person."),
    Requirement("11.100(b),(c)", "Nobody signs before another person verified who they are."),
    Requirement("11.200(a)(1)", "The first signature of a session asks for everything, later ones for the password."),
    Requirement("11.200(a)(2),(3)", "Nobody can sign as another; a password that others set must be changed first."),
    Requirement("11.300(a)-(c)", "What opens an account is unique, ages, and is revoked at once when lost."),
    Requirement("11.300(d),(e)", "Failed attempts lock, alert at once and are in the log; a device is checked first."),
)


class Proof(NamedTuple):
    """A test that carries the mark: what it says, and where it stands."""

    said: str
    test: str


def find_proofs() -> dict[int, list[Proof]]:
    """The tests of every row, from 1, in the order of files."""
    proofs: dict[int, list[Proof]] = {row: [] for row in range(1, len(REQUIREMENTS) + 1)}
    for file in sorted((HOUSE / "tests").rglob("test_*.py")):
        tree = ast.parse(file.read_text())
        for rows, test in _marked(tree, file.relative_to(HOUSE).as_posix(), ()):
            for row in rows:
                proofs.setdefault(row, []).append(test)
    return proofs


def _marked(node: ast.AST, place: str, inherited: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Proof]]:
    for child in getattr(node, "body", ()):
        if isinstance(child, ast.ClassDef):
            yield from _marked(child, f"{place}::{child.name}", (*inherited, *_rows_of(child)))
        elif isinstance(child, ast.FunctionDef) and child.name.startswith("test_"):
            rows = (*inherited, *_rows_of(child))
            said = (ast.get_docstring(child) or child.name.removeprefix("test_").replace("_", " ")).splitlines()[0]
            yield rows, Proof(said, f"{place}::{child.name}")


def _rows_of(node: ast.ClassDef | ast.FunctionDef) -> tuple[int, ...]:
    marks = [mark for mark in node.decorator_list if ast.unparse(mark).startswith("pytest.mark.part11(")]
    return tuple(arg.value for mark in marks if isinstance(mark, ast.Call) for arg in mark.args if _is_row(arg))


def _is_row(arg: ast.expr) -> bool:
    return isinstance(arg, ast.Constant) and isinstance(arg.value, int)


def render_page() -> str:
    """The table of requirements with their tests, in Markdown."""
    proofs = find_proofs()
    lines = [
        "# 21 CFR Part 11, requirement by requirement",
        "",
        "Printed from the tests that carry each requirement's mark. Every one of them runs in `make test`, which",
        "writes the results beside the requirements to `out/validation/part-11.md`, and fails where one has no test.",
        "",
    ]
    for row, requirement in enumerate(REQUIREMENTS, 1):
        lines += [f"## {row}. {requirement.clause}", "", requirement.asked, ""]
        lines += [f"- {proof.said}  \n  <small>`{proof.test}`</small>" for proof in proofs[row]]
        lines += [""]
    return "\n".join(lines).rstrip() + "\n"


def render_results(outcomes: dict[int, dict[str, str]]) -> str:
    """What a run of the tests said of each requirement: outcome by test, by row."""
    lines = ["# 21 CFR Part 11: results of this run", "", "| row | clause | asked | passed | not passed |"]
    lines += ["|---|---|---|---|---|"]
    for row, (clause, asked) in enumerate(REQUIREMENTS, 1):
        found = outcomes.get(row, {})
        passed = sum(outcome == "passed" for outcome in found.values())
        wrong = [f"{test} ({outcome})" for test, outcome in sorted(found.items()) if outcome != "passed"]
        lines.append(f"| {row} | {clause} | {asked} | {passed} | {'; '.join(wrong) or '0'} |")
    return "\n".join(lines) + "\n"
