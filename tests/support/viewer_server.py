"""A small server of the CT viewer alone: its static files, a phantom's slices, and one page with a grid of scores."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import firstbreath

WEB = Path(firstbreath.__file__).parent / "web"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
PADDING_HU = -2000
SPACING_MM = (5.0, 0.7, 0.9)
WINDOWS = [
    {"key": "1", "label": "Lung", "centre": -600, "width": 1500},
    {"key": "2", "label": "Mediastinal", "centre": 40, "width": 400},
]
SIZE_CLASSES = [{"points": 1, "below_mm": 10}, {"points": 2, "below_mm": 30}, {"points": 3}]
RIGHT = ("apical", "posterior", "anterior", "lateral", "medial", "superior")
RIGHT_BASAL = ("medial basal", "anterior basal", "lateral basal", "posterior basal")
LEFT = {"L1_2": "apicoposterior", "L3": "anterior", "L4": "superior lingular", "L5": "inferior lingular"}
LEFT_LOWER = {"L6": "superior", "L7_8": "anteromedial basal", "L9": "lateral basal", "L10": "posterior basal"}
SEGMENTS = {f"R{number}": label for number, label in enumerate(RIGHT + RIGHT_BASAL, 1)} | LEFT | LEFT_LOWER
LOBES_BEGIN = ("R4", "R6", "L1_2", "L6")
FORMS = {"G": ("ground-glass opacity", "Ground-glass opacity"), "K": ("consolidation", "Consolidation")}
SHAPES = {"P": ("patchy", "Patchy"), "O": ("oval", "Oval")}
Hounsfield = npt.NDArray[np.int16]


@cache
def phantom(slices: int = 61, rows: int = 512, columns: int = 512) -> Hounsfield:
    """A chest of ellipses, with a dense marker at the front of the patient's right, and padding around it.

    Every voxel of the lungs has a value of its place: a wrong row, column or slice shows.
    """
    k, r, c = np.ogrid[:slices, :rows, :columns]
    y, x = (r - rows / 2) / (rows / 2), (c - columns / 2) / (columns / 2)
    texture = (3 * c + 5 * r + 7 * k) % 300 - 150
    narrow = 0.75 + 0.25 * np.sin(np.pi * (k + 1) / (slices + 2))
    lung = ((np.abs(x) - 0.4) / (0.28 * narrow)) ** 2 + (y / (0.5 * narrow)) ** 2 < 1
    body = (x / 0.9) ** 2 + (y / 0.68) ** 2 < 1
    found = np.where(body, np.where(lung, -850 + texture, 40 + texture // 10), -1000)
    found = np.where((x + 0.4) ** 2 + (y + 0.5) ** 2 < 0.004, 1000, found)
    return np.where(x**2 + y**2 < 0.98, found, PADDING_HU).astype("<i2")


class ViewerServer(ThreadingHTTPServer):
    """What it serves may be changed while it runs. failing : slices answered with 500. posted : what was sent to it.

    first : the address of the slice that the page names as the first, or none.
    """

    daemon_threads = True

    def __init__(self, hounsfield: Hounsfield, **manifest: Any) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.hounsfield = hounsfield
        self.failing: set[int] = set()
        self.draft_status = self.manifest_status = 200
        self.posted: list[tuple[str, dict[str, str], bytes]] = []
        self.served: list[int] = []
        self.first = f"/slices/{len(hounsfield) // 2}"
        self.manifest = describe(hounsfield) | manifest
        self._packed: dict[int, bytes] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A browser that leaves a page hangs up in the middle of an answer: nothing to say."""

    def pack_slice(self, number: int) -> bytes:
        if number not in self._packed:
            self._packed[number] = gzip.compress(self.hounsfield[number].tobytes(), 1)
        return self._packed[number]

    def posts_to(self, path: str) -> list[bytes]:
        return [body for at, _, body in self.posted if at == path]


def describe(hounsfield: Hounsfield) -> dict[str, Any]:
    """The manifest of a stack in the radiological order."""
    slices, rows, columns = hounsfield.shape
    return {
        "slices": slices,
        "rows": rows,
        "columns": columns,
        "spacing_mm": SPACING_MM,
        "along_row": [1, 0, 0],
        "along_column": [0, 1, 0],
        "along_stack": [0, 0, -1],
        "padding_hu": PADDING_HU,
        "windows": WINDOWS,
        "size_classes": SIZE_CLASSES,
        "slice_url": "/slices/{n}",
        "seen_url": "/seen",
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ViewerServer

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/":
            self.answer(read_page(self.server.first).encode(), "text/html; charset=utf-8")
        elif path == "/manifest":
            manifest = json.dumps(self.server.manifest).encode()
            self.answer(manifest, "application/json", status=self.server.manifest_status)
        elif path.startswith("/slices/"):
            self.answer_slice(int(path.rpartition("/")[2]))
        elif (file := WEB / "static" / path.rpartition("/")[2]).suffix in TYPES and file.is_file():
            self.answer(file.read_bytes(), TYPES[file.suffix])
        else:
            self.answer(b"", "text/plain", status=204 if path == "/favicon.ico" else 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.posted.append((self.path, dict(self.headers), body))
        self.answer(b"{}", "application/json", status=self.server.draft_status if self.path == "/draft" else 200)

    def answer_slice(self, number: int) -> None:
        self.server.served.append(number)
        if number in self.server.failing:
            self.answer(b"", "text/plain", status=500)
        else:
            self.answer(self.server.pack_slice(number), "application/octet-stream", encoding="gzip")

    def answer(self, content: bytes, kind: str, *, status: int = 200, encoding: str = "") -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(content)), "Content-Security-Policy": POLICY}
        headers |= {"Content-Encoding": encoding} if encoding else {}
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(hounsfield: Hounsfield | None = None, **manifest: Any) -> Iterator[ViewerServer]:
    """A server of a volume, in a thread of its own; the phantom where none is given."""
    server = ViewerServer(phantom() if hounsfield is None else hounsfield, **manifest)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def read_page(first: str) -> str:
    """The page of the reading room as these modules expect it; it asks ahead for the slice that is shown first."""
    lungs = (WEB / "templates" / "reading" / "lung_map.html").read_text()
    lungs = re.sub(r'{% translate "([^"]*)" %}', lambda found: escape(found[1]), lungs)
    return PAGE.format(first=first, rows="\n".join(row_of(segment) for segment in SEGMENTS), lungs=lungs)


def row_of(segment: str) -> str:
    short, begins = segment.replace("_", "+"), " data-lobe-begins" if segment in LOBES_BEGIN else ""
    scores = "".join(
        f'<label><input type="radio" name="score-{segment}" value="{value}">{value}</label>'
        for value in ("0", "1", "2", "3", "4", "NE")
    )
    marks = "".join(
        f'<label title="{label}"><input type="checkbox" name="{name}-{segment}" value="{value}" data-key="{key}">'
        f'<span aria-hidden="true">{key}</span><span class="unseen">{label}</span></label>'
        for name, group in (("form", FORMS), ("shape", SHAPES))
        for key, (value, label) in group.items()
    )
    return (
        f'<tr id="segment-{segment}" data-segment="{segment}"{begins}>'
        f'<th scope="row">{short} <small>{SEGMENTS[segment]}</small></th>'
        f'<td><span class="reading-choices" role="radiogroup" aria-label="Score of {short}">{scores}</span>'
        "</td>"
        f'<td><span class="reading-choices">{marks}</span></td>'
        f'<td><input name="mm-{segment}" inputmode="decimal" aria-label="Size of {short} in mm"></td></tr>'
    )


PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>Reading room</title><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/site.css"><link rel="stylesheet" href="/static/viewer.css">
<link rel="stylesheet" href="/static/desk.css">
<link rel="preload" as="fetch" crossorigin href="/manifest">
<link rel="preload" as="fetch" crossorigin href="{first}">
<script type="module" src="/static/viewer.js"></script><script type="module" src="/static/reading.js"></script>
</head>
<body>
<main class="reading-room" data-full-screen>
<div class="viewer" data-viewer data-manifest="/manifest" data-first="{first}" data-csrf="token-of-the-page">
<noscript><p>The viewer needs JavaScript.</p></noscript></div>
<form class="reading" data-reading data-draft="/draft" method="post" action="/sign">
<input type="hidden" name="csrfmiddlewaretoken" value="token-of-the-page">
<input type="hidden" name="measurements" value="">
<header><h1>Case Q7</h1><p class="reading-left" data-left aria-live="polite"></p></header>
<div class="reading-rows" tabindex="-1"><table>
<thead><tr><th scope="col">Segment</th><th scope="col">Score</th><th scope="col">Form, shape</th>
<th scope="col">mm</th></tr></thead>
<tbody>
{rows}
</tbody></table></div>
<output data-suggestion></output>
{lungs}
<footer><p class="reading-saved" data-saved role="status"></p><button>Go on to signing</button></footer>
</form>
</main>
</body>
</html>
"""
