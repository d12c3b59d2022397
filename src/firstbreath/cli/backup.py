"""`backup` and `restore`: a study in one sealed file, and back on any machine, with a proof."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from firstbreath.cli.archive import Manifest, write_archive
from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.files import explained_disk
from firstbreath.cli.log import count
from firstbreath.cli.restoring import Restored, restore_archive
from firstbreath.cli.say import folder_argument, progress
from firstbreath.cli.sealed import (
    Lock,
    Opener,
    Passphrase,
    PrivateKey,
    PublicKey,
    SealedReader,
    SealedWriter,
    Unsealable,
)
from firstbreath.cli.study import Study, no_log
from firstbreath.events.blobs import flush_folder

VARIABLE, MIN_PASSPHRASE = "FIRSTBREATH_PASSPHRASE", 12
Key = TypeVar("Key")
KEY_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@folder_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to", "public_key", type=KEY_FILE, help="Seal it for an X25519 public key (PEM), not with a passphrase."
)
@click.option("--without-keys", is_flag=True, help="Leave the keys out: photographs in it cannot be read without them.")
def backup(folder: Path, file: Path, public_key: Path | None, *, without_keys: bool) -> None:
    """Back FOLDER up to FILE, sealed, while the site runs.

    The passphrase is in FIRSTBREATH_PASSPHRASE, or is asked for.
    """
    study = Study(folder, read_only=True)
    if not study.has_log:
        raise no_log(folder)
    if file.exists():
        raise Stop(Exit.USAGE, f"{file} exists. Name another file; a backup overwrites nothing.")
    if folder.resolve() in file.resolve().parents:
        raise Stop(Exit.USAGE, f"{file} is in the study's own folder. Name a file elsewhere, on another disk at best.")
    lock: Lock = read_key(public_key, PublicKey) if public_key else Passphrase(ask_passphrase(new=True))
    with progress("Backing up"):
        manifest = write_backup(study, file, lock, keys=not without_keys)
    click.echo(f"Backed up {count(manifest.head.seq, 'record')} and {count(manifest.files, 'file')} to {file}.")
    print_proof(manifest)
    if without_keys:
        click.echo("Without keys/: keep a copy of that folder elsewhere, or no photograph can be read again.")


def write_backup(study: Study, file: Path, lock: Lock, *, keys: bool) -> Manifest:
    """Write a backup whole or not at all, readable by this account alone."""
    temporary = file.with_name(f".{file.name}.part")
    with explained_disk(file):
        try:
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as part:
                with SealedWriter(part, lock) as sealed:
                    manifest = write_archive(study, sealed, keys=keys)  # type: ignore[arg-type]
                part.flush()
                os.fsync(part.fileno())
            file.hardlink_to(temporary)
            flush_folder(file.parent)
        finally:
            temporary.unlink(missing_ok=True)
    return manifest


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@folder_argument
@click.option("--key", "private_key", type=KEY_FILE, help="The X25519 private key (PEM) it was sealed for.")
def restore(file: Path, folder: Path, private_key: Path | None) -> None:
    """Restore the backup FILE to FOLDER, a new one, and prove that it is the same study.

    With DATABASE_URL the log goes to that database, wherever it was before.
    """
    opener: Opener = read_key(private_key, PrivateKey) if private_key else Passphrase(ask_passphrase(new=False))
    with explained_disk(file), file.open("rb") as sealed, progress("Restoring"), explained_seal(file):
        restored = restore_archive(SealedReader(sealed, opener), folder)  # type: ignore[arg-type]
    click.echo(f"Restored {count(restored.report.records, 'record')} to {folder}, every one checked.")
    click.echo(f"Checked {count(restored.report.heads, 'signed head')} and {count(restored.report.files, 'file')}.")
    print_restored(restored)


def print_proof(manifest: Manifest) -> None:
    """The head and digests of a backup."""
    click.echo(f"Head {manifest.head.head.printed}")
    for name, digest in manifest.proof.items():
        click.echo(f"  {name:<13} {digest}")


def print_restored(restored: Restored) -> None:
    """Head and digests before and after."""
    click.echo(f"Head before {restored.manifest.head.head.printed}")
    click.echo(f"Head after  {restored.report.head}")
    for name, digest in restored.manifest.proof.items():
        click.echo(f"  {name:<13} {digest} {'identical' if restored.proof.get(name) == digest else 'DIFFERENT'}")
    if not restored.manifest.keys:
        click.echo("The backup was made without keys/: put them back, or no photograph can be read and no head signed.")
    if not restored.identical:
        what = f"Exports differ: it was backed up by version {restored.manifest.version} of firstbreath."
        raise Stop(Exit.LOG_BROKEN, what, "The log itself is identical. Compare with that version.")


def ask_passphrase(*, new: bool) -> str:
    """The passphrase, from the environment or the terminal; one too short for a new backup is refused."""
    words = os.environ.get(VARIABLE) or click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)
    if new and len(words) < MIN_PASSPHRASE:
        raise Stop(Exit.USAGE, f"The passphrase has {len(words)} characters. Use {MIN_PASSPHRASE} or more.")
    return str(words)


def read_key(path: Path, kind: Callable[[bytes], Key]) -> Key:
    """A key from a PEM file."""
    with explained_disk(path):
        content = path.read_bytes()
    try:
        return kind(content)
    except (ValueError, TypeError):
        raise Stop(
            Exit.USAGE, f"{path} is not the X25519 key that is needed here, in PEM without a passphrase."
        ) from None


@contextmanager
def explained_seal(file: Path) -> Iterator[None]:
    """A file that cannot be opened as a stop: nothing of it was kept."""
    import tarfile

    try:
        yield
    except Unsealable as wrong:
        code = Exit.USAGE if wrong.wrong_key else Exit.STORAGE
        fix = "Try again with the right one." if wrong.wrong_key else "Take another copy of the backup."
        raise Stop(code, f"{file}: {wrong}", f"Nothing was restored. {fix}") from None
    except tarfile.TarError:
        raise Stop(Exit.STORAGE, f"{file}: It holds no study.", "Nothing was restored. Take another copy.") from None
