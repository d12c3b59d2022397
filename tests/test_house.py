"""The house keeps its style: lint, types, import contracts, and the figures of size and comment."""

import ast
import io
import statistics
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
SOURCE = HOUSE / "src" / "firstbreath"
ROOMS = sorted(path for path in SOURCE.iterdir() if path.is_dir() and any(path.rglob("*.py")))
LONGEST_FUNCTION, LONGEST_FILE = 60, 500


def run(*command: str) -> subprocess.CompletedProcess[str]:
    executable = Path(sys.executable).parent / command[0]
    return subprocess.run([str(executable), *command[1:]], cwd=HOUSE, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",)],
    ids=["lint", "format", "types", "imports"],
)
def test_tool_finds_nothing(command):
    done = run(*command)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def sizes_of(file: Path) -> list[int]:
    tree = ast.parse(file.read_text())
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [node.end_lineno - node.lineno + 1 - docstring_lines(node) for node in functions]


def docstring_lines(node: ast.AST) -> int:
    """A long docstring is no fault: only the code of a function is counted."""
    first = node.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", None), str)
    return first.end_lineno - first.lineno + 1 if is_text else 0


def comment_share(files: list[Path]) -> float:
    lines = comments = 0
    for file in files:
        text = file.read_text()
        lines += sum(bool(line.strip()) for line in text.splitlines())
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        comments += sum(token.type == tokenize.COMMENT for token in tokens)
    return comments / max(lines, 1)


def figures_of(room: Path) -> dict[str, float]:
    files = [file for file in room.rglob("*.py") if file.stat().st_size]
    functions = [size for file in files for size in sizes_of(file)] or [0]
    lines = [len(file.read_text().splitlines()) for file in files]
    return {
        "files": len(files),
        "lines": sum(lines),
        "median_file": statistics.median(lines),
        "longest_file": max(lines),
        "median_function": statistics.median(functions),
        "longest_function": max(functions),
        "comments": round(comment_share(files), 3),
    }


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_room_stays_small(room, capsys):
    figures = figures_of(room)
    with capsys.disabled():
        print(f"\n{room.name:10}", *(f"{name} {value}" for name, value in figures.items()), end=" ")
    assert figures["median_function"] <= 12
    assert figures["longest_function"] <= LONGEST_FUNCTION
    assert figures["longest_file"] <= LONGEST_FILE
    assert figures["median_file"] <= 200
    assert figures["comments"] <= 0.08


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_room_opens_with_its_purpose(room):
    opening = ast.get_docstring(ast.parse((room / "__init__.py").read_text()))
    assert opening
    assert room.name == "studies" or "ever" in opening or "othing" in opening or "No " in opening


def test_no_unfinished_marks():
    marks = ("TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error")
    found = [f"{file}: {mark}" for file in SOURCE.rglob("*.py") for mark in marks if mark in file.read_text()]
    assert found == []


def test_handbook_is_printed_from_the_spec_tests():
    from docs.build import stale_pages

    assert stale_pages() == [], "run `make docs`"
