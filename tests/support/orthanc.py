"""An archive of our own: Orthanc with DICOMweb as the distribution packs them, on a free port of this machine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
START_S = 60
ACCOUNT, SECRET = "firstbreath", "correct-horse"


class RunningArchive(NamedTuple):
    """Where it answers, and the process."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/dicom-web"

    @property
    def allowed(self) -> set[str]:
        return {f"127.0.0.1:{self.port}"}


def find_orthanc() -> str:
    """The program. Without it or its plugin the test is skipped, except where CI promises both."""
    program = shutil.which("Orthanc")
    if program is None or not PLUGIN.exists():
        stop = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        stop("the Debian packages orthanc and orthanc-dicomweb are not installed")
    return str(program)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_orthanc(folder: Path) -> Iterator[RunningArchive]:
    """An empty archive in a folder, which asks for an account."""
    program, port = find_orthanc(), free_port()
    settings = {
        "StorageDirectory": str(folder / "storage"),
        "Plugins": [str(PLUGIN)],
        "HttpPort": port,
        "HttpBindAddresses": ["127.0.0.1"],
        "DicomServerEnabled": False,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": True,
        "RegisteredUsers": {ACCOUNT: SECRET},
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }
    (folder / "orthanc.json").write_text(json.dumps(settings))
    with (folder / "orthanc.log").open("wb") as log:
        process = subprocess.Popen([program, folder / "orthanc.json"], stdout=log, stderr=log, cwd=folder)
    try:
        _wait(port, process, folder / "orthanc.log")
        yield RunningArchive(port, process)
    finally:
        process.kill()
        process.wait(START_S)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/system", timeout=2)
        except urllib.error.HTTPError:
            return  # it asks who is there
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())
