"""The figures of style: sizes of functions and files, share of comments, room by room."""

import ast
import io
import statistics
import tokenize
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "firstbreath"
ROOMS = sorted(path for path in SOURCE.iterdir() if path.is_dir() and any(path.rglob("*.py")))


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


def style_lines() -> list[str]:
    """One line for each room."""
    figures = {room.name: figures_of(room) for room in ROOMS}
    names = list(next(iter(figures.values())))
    lines = [f"{'room':10}" + "".join(f"{name:>18}" for name in names)]
    return lines + [f"{room:10}" + "".join(f"{found[name]:>18}" for name in names) for room, found in figures.items()]
