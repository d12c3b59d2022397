"""Plain text laid out for reading: headings, aligned columns, paragraphs that wrap."""

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 110
GAP = "  "


def render_heading(title: str) -> str:
    """A heading with a rule under it."""
    return f"{title}\n{'-' * len(title)}"


def render_columns(rows: Sequence[Sequence[str]], *, indent: str = "") -> str:
    """Rows with their columns aligned; the last column wraps within the width, the others never do."""
    if not rows:
        return ""
    widths = [max(len(cell) for cell in column) for column in zip(*(row[:-1] for row in rows), strict=True)]
    lines: list[str] = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)]
        start = indent + "".join(cell + GAP for cell in cells)
        lines.append(_wrap(row[-1], start))
    return "\n".join(lines)


def _wrap(text: str, start: str) -> str:
    """A text after what stands before it, with further lines under its beginning."""
    room = max(WIDTH - len(start), 30)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    blank = " " * len(start)
    return "\n".join(((start if n == 0 else blank) + line).rstrip() for n, line in enumerate(lines))


def render_blocks(blocks: Iterable[str]) -> str:
    """Blocks with a blank line between them; empty ones are left out."""
    return "\n\n".join(block for block in blocks if block) + "\n"
