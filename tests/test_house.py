"""The house keeps its style: lint, types, import contracts, and the figures of size and comment."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.style import ROOMS, SOURCE, figures_of

HOUSE = Path(__file__).parent.parent
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


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_room_stays_small(room):
    figures = figures_of(room)
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
