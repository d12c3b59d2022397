"""What is too large for memory lies on the disk sealed: a scan on its way in, an export on its way out."""

import os
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstbreath.web.site import run_server
from firstbreath.web.spill import SealedFile

NAME = b"PLANTED^WEI"
SENT = NAME * 2_000_000  # 22 MB: more than the server, and the line between, hold in memory


@given(st.lists(st.tuples(st.binary(max_size=70), st.integers(0, 200), st.integers(-1, 90)), max_size=30))
def test_it_reads_as_any_other_file(steps):
    file, whole = SealedFile(), b""
    for content, place, size in steps:
        file.seek(0, os.SEEK_END)
        file.write(content)
        whole += content
        file.seek(place)
        assert file.read(size) == (whole[place:] if size < 0 else whole[place : place + size])
    file.close()


def test_lines_are_read_as_from_any_other_file():
    file = SealedFile()
    file.write(b"one\ntwo\nthree")
    file.seek(0)
    assert [file.readline(), file.readline(2), *file] == [b"one\n", b"tw", b"o\n", b"three"]


def test_two_files_with_the_same_content_differ():
    one, other = SealedFile(), SealedFile()
    for file in (one, other):
        file.write(NAME)
        file._file.seek(0)
    assert len({one._file.read(), other._file.read(), NAME}) == 3


def serve(answer) -> int:
    """The port of a server in this process."""
    ready, place = threading.Event(), []

    def opened(address: str) -> None:
        place.append(int(address.rstrip("/").rsplit(":", 1)[1]))
        ready.set()

    threading.Thread(
        target=run_server, args=(answer,), kwargs={"port": 0, "when_listening": opened}, daemon=True
    ).start()
    assert ready.wait(20)
    return place[0]


def spilled() -> list[bytes]:
    """The content of every file without a name that this process holds open."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            if str(link.readlink()).endswith("(deleted)"):
                found.append(link.read_bytes())
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are listed under /proc on Linux alone")
def test_a_request_and_its_answer_are_sealed_while_they_wait():
    seen: dict[str, Any] = {}

    def answer(environ, start_response):
        seen["in"] = spilled()
        seen["body"] = environ["wsgi.input"].read(len(SENT))
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(SENT)))])
        return [SENT]

    with socket.create_connection(("127.0.0.1", serve(answer)), timeout=20) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(SENT) + SENT)
        got = bytearray(line.recv(4096))
        seen["out"] = spilled()  # the rest waits for us
        while not got.endswith(NAME) or len(got) < len(SENT):
            got += line.recv(1 << 20)
    assert seen["body"] == SENT
    assert got.endswith(SENT)
    for way in ("in", "out"):
        assert any(len(content) > 500_000 for content in seen[way]), way
        assert not any(NAME in content for content in seen[way]), way
