"""Making a study folder of a backup: in a place of its own, checked to the last record, then given its name."""

from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec

from firstbreath.cli.archive import FOLDER, HEADS, LOG, MANIFEST, SITE, Manifest, read_archive
from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.files import explained_disk, new_folder
from firstbreath.cli.place import LOG_FILE, database_url, name_study
from firstbreath.cli.proof import Row, compute_proof, head_of, parse_line
from firstbreath.cli.site_data import load_site
from firstbreath.cli.study import Study, append_line, explained_store
from firstbreath.cli.verify import Report, verify_study
from firstbreath.events.blobs import write_atomically
from firstbreath.events.chain import Head
from firstbreath.events.heads import check_signature
from firstbreath.events.store import HeadMoved

BATCH = 5_000


class Restored(msgspec.Struct, frozen=True):
    """What came of a restoration: what the backup said, what was verified, and the digests computed anew."""

    manifest: Manifest
    report: Report
    proof: dict[str, str]

    @property
    def identical(self) -> bool:
        """Whether everything that leaves the system is the same to the last byte."""
        return self.proof == self.manifest.proof


def restore_archive(file: BinaryIO, folder: Path) -> Restored:
    """Restore to a folder that is not there yet; when anything is wrong, nothing is left behind."""
    with new_folder(folder) as made:
        manifest, rows, site = unpack(file, made)
        study = Study(made, database="")
        write_log(study, rows)
        restored = check_restored(study, manifest, rows)
        study.store.close()
        study = move_to_database(made, rows, folder.name) if database_url() else study
        if site:
            dumped = made / SITE
            with explained_disk(dumped):
                write_atomically(dumped, site, mode=0o600)
            try:
                load_site(study, dumped)
            finally:
                dumped.unlink(missing_ok=True)
    return restored


def unpack(file: BinaryIO, folder: Path) -> tuple[Manifest, list[Row], bytes]:
    """Write the files of a backup; its manifest, its records, and the accounts' secrets."""
    parts = read_archive(file)
    try:
        name, _, content = next(parts, ("", 0, b""))
        manifest = msgspec.json.decode(content, type=Manifest) if name == MANIFEST else None
        rows: list[Row] = []
        site = b""
        for name, mode, content in parts:
            if name == LOG:
                rows = [parse_line(line) for line in content.splitlines()]
            elif name == SITE:
                site = content
            else:
                write_part(folder, name, content, mode=mode)
    except (msgspec.DecodeError, KeyError, ValueError):
        manifest = None
    if manifest is None or manifest.format != 1:
        raise Stop(Exit.STORAGE, "The backup is not of this format.", "Nothing was restored. Use the version it is of.")
    return manifest, rows, site


def write_part(folder: Path, name: str, content: bytes, *, mode: int) -> None:
    """Write one file of a study."""
    path = PurePosixPath(name)
    place = folder / name if name == HEADS else folder.joinpath(*path.relative_to(FOLDER).parts)
    if content or name != HEADS:
        with explained_disk(place):
            write_atomically(place, content, mode=mode if path.parts[1:2] == ("keys",) else mode | 0o044)
    if (folder / "keys").is_dir():
        (folder / "keys").chmod(0o700)


def write_log(study: Study, rows: list[Row]) -> None:
    """Append the records to a new log; the hashes follow from them, and are compared."""
    head = Head()
    try:
        with explained_store():
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                head = study.store.append([record for _, record, _ in batch], expected=head)
                if head != head_of(batch):
                    raise Stop(Exit.LOG_BROKEN, f"The backup's records up to {head.seq} do not fit their hashes.")
    except HeadMoved:
        raise Stop(Exit.USAGE, "There is a log of this name already. Nothing was restored.") from None


def check_restored(study: Study, manifest: Manifest, rows: list[Row]) -> Restored:
    """The proof: the head is the signed one, every record, head and file verifies, every export is computed anew."""
    if head_of(rows) != manifest.head.head or not check_signature(manifest.head):
        raise Stop(Exit.LOG_BROKEN, "The records of the backup do not end at its signed head. Nothing was restored.")
    if manifest.head.head not in [known.head for known in study.signed_heads()]:
        append_line(study.heads_path, msgspec.json.encode(manifest.head))
    report = verify_study(study)
    if not report.holds:
        raise Stop(Exit.LOG_BROKEN, *(f"BROKEN {line}" for line in report.broken), "Nothing was restored.")
    return Restored(manifest, report, compute_proof(study, rows))


def move_to_database(folder: Path, rows: list[Row], called: str) -> Study:
    """The same study with its log in the database that the environment names."""
    for path in folder.glob(f"{LOG_FILE}*"):
        path.unlink()
    name_study(folder, called=called)
    study = Study(folder)
    write_log(study, rows)
    return study
