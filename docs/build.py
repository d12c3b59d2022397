"""Prints the handbook from the spec tests: a chapter per file, a section per class, a requirement per test.

`python -m docs.build` writes docs/handbook; `python -m docs.build --check` says what is stale.
"""

import ast
import sys
from pathlib import Path

from docs.part11 import PAGE, render_page

HOUSE = Path(__file__).parent.parent
SPEC = HOUSE / "tests" / "spec"
HANDBOOK = HOUSE / "docs" / "handbook"
ORDER = ("protocol", "enrolment", "doses", "dose_steps", "forms", "log", "replay", "claims", "statistics", "simulation")


def render_chapter(file: Path) -> str:
    """A chapter in Markdown; every requirement carries the name of the test that proves it."""
    tree = ast.parse(file.read_text())
    lines = [f"# {heading(tree)}", "", *body(tree), ""]
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            lines += [f"## {spaced(node.name)}", "", ast.get_docstring(node) or "", ""]
            lines += [*requirements(node, file, f"{node.name}::"), ""]
    loose = requirements(tree, file, "")
    lines += [*loose, ""] if loose else []
    return "\n".join(lines).rstrip() + "\n"


def heading(tree: ast.Module) -> str:
    """The first line of the module's docstring, without its full stop."""
    return (ast.get_docstring(tree) or "Untitled").splitlines()[0].rstrip(".")


def body(tree: ast.Module) -> list[str]:
    """The rest of the module's docstring."""
    return (ast.get_docstring(tree) or "").splitlines()[2:]


def spaced(name: str) -> str:
    """`TestReviewGate` as `Review gate`."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name.removeprefix("Test"))
    return words.strip().capitalize()


def requirements(node: ast.Module | ast.ClassDef, file: Path, prefix: str) -> list[str]:
    """One line per test: its docstring, or its name in words; and where it stands."""
    found = []
    for test in node.body:
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            said = " ".join((ast.get_docstring(test) or test.name.removeprefix("test_").replace("_", " ")).split())
            found.append(f"- {said}  \n  <small>`{file.name}::{prefix}{test.name}`</small>")
    return found


def render_handbook() -> dict[str, str]:
    """Every page of the handbook by file name."""
    files = {file.stem.removeprefix("test_"): file for file in SPEC.glob("test_*.py")}
    names = [name for name in ORDER if name in files] + sorted(files.keys() - set(ORDER))
    chapters = {name: render_chapter(files[name]) for name in names}
    index = ["# Handbook", "", "Printed from the tests in `tests/spec`: every sentence is proved on each run.", ""]
    index += [f"{n}. [{chapters[name].splitlines()[0][2:]}]({name}.md)" for n, name in enumerate(names, 1)]
    return {"README.md": "\n".join(index) + "\n"} | {f"{name}.md": text for name, text in chapters.items()}


def stale_pages() -> list[str]:
    """Pages that differ from what the tests say now, are missing, or stand without a test."""
    pages = render_handbook()
    here = {path.name: path.read_text() for path in HANDBOOK.glob("*.md")}
    stale = sorted(name for name in pages.keys() | here.keys() if pages.get(name) != here.get(name))
    fresh = PAGE.is_file() and PAGE.read_text() == render_page()
    return stale if fresh else [*stale, PAGE.name]


def main() -> None:
    """Write the pages, or name the stale ones and end with 1."""
    if "--check" in sys.argv:
        stale = stale_pages()
        print("\n".join(stale) or "The handbook is up to date.")
        sys.exit(bool(stale))
    HANDBOOK.mkdir(parents=True, exist_ok=True)
    for path in HANDBOOK.glob("*.md"):
        path.unlink()
    for name, text in render_handbook().items():
        (HANDBOOK / name).write_text(text)
    PAGE.write_text(render_page())
    from docs.catalogue import write_catalogue

    write_catalogue()


if __name__ == "__main__":
    main()
