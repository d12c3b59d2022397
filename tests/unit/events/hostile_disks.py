"""Disks that refuse: read-only files and folders, disks mounted read-only, disks that are full.

Root ignores permissions, so for root the file system itself is asked to refuse.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

IS_ROOT = os.name == "posix" and os.geteuid() == 0


def run(*command: str | Path) -> bool:
    """Whether a command of the system could do what it was asked."""
    if shutil.which(str(command[0])) is None:
        return False
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """A file or folder that cannot be changed meanwhile."""
    if not IS_ROOT:
        mode = path.stat().st_mode
        path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            yield
        finally:
            path.chmod(mode)
    elif run("chattr", "+i", path):
        try:
            yield
        finally:
            run("chattr", "-i", path)
    else:
        pytest.skip("root ignores permissions, and chattr does not work on this file system")


@contextmanager
def read_only_disk(folder: Path) -> Iterator[None]:
    """A folder, with everything in it, on a disk that cannot be written meanwhile."""
    if IS_ROOT:
        if not run("mount", "--bind", folder, folder):
            pytest.skip("root ignores permissions, and mounting is not permitted here")
        try:
            assert run("mount", "-o", "remount,bind,ro", folder)
            yield
        finally:
            run("umount", "-l", folder)
    else:
        files = [path for path in folder.iterdir() if path.is_file()]
        for path in files:
            path.chmod(0o444)
        with read_only(folder):
            yield
        for path in files:
            path.chmod(0o644)


@contextmanager
def small_disk(folder: Path, *, size_kb: int) -> Iterator[None]:
    """A folder on a disk of its own of a few kilobytes."""
    if not (IS_ROOT and run("mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", folder)):
        pytest.skip("mounting a small disk needs root and permission to mount")
    try:
        yield
    finally:
        run("umount", "-l", folder)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """The disk of a folder with no byte left, meanwhile."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    try:
        yield
    finally:
        ballast.unlink()
