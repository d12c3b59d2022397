"""Files that a form sends along: which may be kept, under whose key, and how an earlier try is remembered."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest

from firstbreath.events.blobs import FileBlobs
from firstbreath.events.decisions import Reason
from firstbreath.events.store import StoreError
from firstbreath.web.moment import source_of

MAX_BYTES = 10_000_000
MAGIC: Mapping[bytes, str] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}
"""What a file begins with, and the type it has then; its name and what the browser says of it count for nothing."""
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
IMAGES = ("image/jpeg", "image/png")


class Keeping(msgspec.Struct, frozen=True, kw_only=True):
    """What a form may send: whose key encrypts it, of which types, how many, and what to do about others."""

    key: str
    most: int
    types: tuple[str, ...]
    named: str
    instead: str
    fewer: str
    each_alone: bool = False


class Kept(msgspec.Struct, frozen=True):
    """The files of a page: names of those that are kept, and why others were not."""

    names: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


def type_of(content: bytes) -> str:
    """The type of a file by what it begins with, or empty when it is none that may be kept."""
    return next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), "")


def keep_files(request: HttpRequest, keeping: Keeping) -> Kept:
    """Store what was sent as `photographs`; what an earlier try stored is kept by its name, sent as `kept`.

    Nothing is stored unless all of it may be; with `each_alone`, those that may be are, unless there are too many.
    """
    blobs, files = source_of(request).blobs, request.FILES.getlist("photographs")
    before = tuple(
        name for name in dict.fromkeys(request.POST.getlist("kept")) if _is_ours(blobs, name, keeping)
    )[: keeping.most]  # fmt: skip
    found = {index: _against(file, keeping) for index, file in enumerate(files)}
    reasons = [reason for reason in found.values() if reason]
    stops = _against_all(request, len(files) + len(before), keeping) if files or _is_too_much(request) else []
    if files and blobs is None:
        stops = [Reason("FILE-004", "This site keeps no files.", "Ask whoever runs it.")]
    fit = [file for index, file in enumerate(files) if found[index] is None]
    if stops or blobs is None or (reasons and not keeping.each_alone):
        return Kept(before, (*reasons, *stops))
    names = list(before)
    try:
        names += [blobs.put(keeping.key, file.read()) for file in fit]
    except StoreError as broken:
        reasons.append(Reason("SAVE-003", broken.what, broken.fix))
    return Kept(tuple(names), tuple(reasons))


def _is_ours(blobs: FileBlobs | None, name: str, keeping: Keeping) -> bool:
    try:
        return blobs is not None and type_of(blobs.get(keeping.key, name)) in keeping.types
    except StoreError:
        return False


def _is_too_much(request: HttpRequest) -> bool:
    """Whether more was sent than stays in memory: Django then leaves every file out without a word."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE if str(length).isdecimal() else False


def _against_all(request: HttpRequest, count: int, keeping: Keeping) -> list[Reason]:
    if _is_too_much(request):
        text = f"Together they have more than {settings.FILE_UPLOAD_MAX_MEMORY_SIZE / 1e6:.0f} MB; none was kept."
        return [Reason("FILE-005", text, "Send smaller ones.")]
    if count > keeping.most:
        text = f"{count} photographs were given, the limit is {keeping.most}."
        return [Reason("FILE-003", text, keeping.fewer)]
    return []


def _against(file: Any, keeping: Keeping) -> Reason | None:
    size, shown = file.size or 0, str(file.name)[:80]
    if size > MAX_BYTES:
        text = f"“{shown}” has {size / 1e6:.1f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB."
        return Reason("FILE-002", text, "Take the photograph at a lower resolution.")
    kind = type_of(file.read(16))
    file.seek(0)
    return None if kind in keeping.types else Reason("FILE-001", f"“{shown}” is no {keeping.named}.", keeping.instead)
