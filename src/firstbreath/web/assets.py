"""Static files by the hash of their content: an address never changes its bytes, so it may be kept for ever."""

import hashlib
from collections.abc import Mapping
from functools import cache

import msgspec
from django.http import Http404, HttpRequest, HttpResponse

from firstbreath.web.errors import page
from firstbreath.web.settings import ROOM

CONTENT_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_EVER = "public, max-age=31536000, immutable"


class Asset(msgspec.Struct, frozen=True):
    """A static file: its bytes, their digest as it stands in the address, and how a browser is to take them."""

    name: str
    digest: str
    content: bytes
    content_type: str


@cache
def load_assets() -> Mapping[str, Asset]:
    """Every static file of this room, by name; read once."""
    files = (path for path in sorted((ROOM / "static").iterdir()) if path.suffix in CONTENT_TYPES)
    return {path.name: _load(path.name, path.read_bytes(), path.suffix) for path in files}


def _load(name: str, content: bytes, suffix: str) -> Asset:
    return Asset(name, hashlib.sha256(content).hexdigest()[:16], content, CONTENT_TYPES[suffix])


@page(public=True)
def send_asset(_request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """A static file, to be kept for ever: its address holds its digest."""
    found = load_assets().get(name)
    if found is None or found.digest != digest:
        raise Http404
    response = HttpResponse(found.content, content_type=found.content_type)
    response.headers["Cache-Control"] = FOR_EVER
    return response
