"""What a backup holds: a tar, sealed. Its manifest comes first, so that a reader knows what to expect and to prove."""

import io
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec

import firstbreath
from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.proof import Row, compute_proof, head_of, render_lines
from firstbreath.cli.site_data import dump_site
from firstbreath.cli.study import Study, explained_store
from firstbreath.events.chain import ChainBroken, Head, follow_chain
from firstbreath.events.heads import SignedHead

MANIFEST, LOG, SITE, HEADS = "manifest.json", "log.jsonl", "site.json", "heads.jsonl"
FOLDER = "study"
_NOT_TAKEN = ("log.sqlite", "site.sqlite", "study.toml")
"""The log and the secrets are taken through their databases; where the log was is no matter of the copy."""


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself: the signed head of its log, and the digests of what leaves the system."""

    format: int
    version: str
    made: str
    head: SignedHead
    keys: bool
    files: int
    proof: dict[str, str]


def take_snapshot(study: Study) -> list[Row]:
    """Every record as the log is now; one that does not fit the chain stops the backup."""
    try:
        with explained_store():
            rows = list(follow_chain(study.store.rows(), Head()))
    except ChainBroken as broken:
        fix = "Copy the folder as it is, and run firstbreath verify on it."
        raise Stop(Exit.LOG_BROKEN, f"The log is not what was written: {broken}.", fix) from None
    if not rows:
        raise Stop(Exit.USAGE, f"{study.folder} has no event yet: there is nothing to back up.")
    return rows


def write_archive(study: Study, file: BinaryIO, *, keys: bool) -> Manifest:
    """Write a study as it is now, while it may be in use.

    The signed heads are read before the log and the files after it: each head is of a record that is in the copy, and
    each file that a record names is there.
    """
    heads = study.heads_path.read_bytes() if study.heads_path.is_file() else b""
    rows = take_snapshot(study)
    site, files = dump_site(study), sorted(_files_of(study.folder, keys=keys))
    made = datetime.now(UTC).isoformat(timespec="seconds")
    head = study.sign(head_of(rows), keep=False)
    manifest = Manifest(1, firstbreath.__version__, made, head, keys, len(files), compute_proof(study, rows))
    with tarfile.open(fileobj=file, mode="w|") as tar:
        _add(tar, MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        _add(tar, LOG, render_lines(rows))
        _add(tar, HEADS, heads)
        if site is not None:
            _add(tar, SITE, site, mode=0o600)
        for path in files:
            name = PurePosixPath(FOLDER, *path.relative_to(study.folder).parts)
            _add(tar, str(name), path.read_bytes(), mode=path.stat().st_mode & 0o777)
    return manifest


def _files_of(folder: Path, *, keys: bool) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        taken = not parts[0].startswith((*_NOT_TAKEN, HEADS)) and (keys or parts[0] != "keys")
        if taken and path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield path


def _add(tar: tarfile.TarFile, name: str, content: bytes, *, mode: int = 0o644) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mode = len(content), mode
    tar.addfile(about, io.BytesIO(content))


def read_archive(file: BinaryIO) -> Iterator[tuple[str, int, bytes]]:
    """The name, mode and content of each part, the manifest first; a name that leads elsewhere is refused."""
    with tarfile.open(fileobj=file, mode="r|") as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            content = tar.extractfile(member) if member.isreg() else None
            if content is None or path.is_absolute() or ".." in path.parts:
                raise Stop(Exit.STORAGE, f"The backup holds {member.name[:80]!r}, which is no file of a study.")
            yield member.name, member.mode & 0o700, content.read()
    while file.read(1 << 20):  # to the end: only there is it certain that nothing was cut off
        pass
