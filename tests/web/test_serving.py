"""The server: where it listens, what it says, how it ends."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from tests.support.small_trial import SmallTrial
from tests.web.sources import MemorySource

from firstbreath.cli import serve
from firstbreath.cli.exits import Exit, Stop
from firstbreath.web.hosting import Hosting
from firstbreath.web.site import create_application, run_server

START_S = 60


@contextmanager
def running(*command: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`firstbreath serve` as a process of its own, with the first line it says."""
    program = [sys.executable, "-u", "-m", "firstbreath", "serve", *command]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.wait(START_S)
        process.stdout.close()
        process.stderr.close()


def get(address: str, path: str = "/", **headers: str) -> http.client.HTTPResponse:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=START_S)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_it_says_its_address_serves_and_ends_cleanly(mexcovid):
    with running(str(mexcovid.folder), "--port", "0") as (process, line):
        assert line.startswith("The site is open at http://127.0.0.1:")
        address = line.split()[5]
        response = get(address)
        assert response.status == 200
        assert response.getheader("Server") is None
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=START_S)
    assert rest == "The site is closed.\n"
    assert process.returncode == 0


def test_taken_port_is_said_to_be_taken(mexcovid):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Stop, match=f"Port {port} is taken. Name another one with --port, or 0") as stopped:
            serve.serve_study(mexcovid, hosting=Hosting(port=port), browser=False)
    assert stopped.value.code is Exit.USAGE


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may listen on every port")
def test_port_of_the_system_is_refused_with_a_reason(mexcovid):
    with pytest.raises(Stop, match="may not listen on port 80"):
        serve.serve_study(mexcovid, hosting=Hosting(port=80), browser=False)


def test_folder_without_a_log_is_said_to_have_none(tmp_path):
    with running(str(tmp_path)) as (process, _):
        assert "has no log. Begin the trial first" in process.stderr.read()
        assert process.wait(START_S) == Exit.USAGE


def test_browser_is_opened_only_once_the_port_listens(monkeypatch, mexcovid):
    opened: list[int] = []
    seen = threading.Event()

    def open_browser(address: str) -> bool:
        with socket.create_connection(("127.0.0.1", urlsplit(address).port), timeout=START_S):
            opened.append(urlsplit(address).port)
        seen.set()
        return True

    monkeypatch.setattr("webbrowser.open", open_browser)
    monkeypatch.setattr("waitress.server.TcpWSGIServer.run", lambda _server: seen.wait(START_S))
    serve.serve_study(mexcovid, hosting=Hosting(port=0), browser=True)
    assert len(opened) == 1


def test_browser_stays_closed_unless_asked(monkeypatch, mexcovid, capsys):
    monkeypatch.setattr("webbrowser.open", pytest.fail)
    monkeypatch.setattr("waitress.server.TcpWSGIServer.run", lambda _server: None)
    serve.serve_study(mexcovid, hosting=Hosting(port=0), browser=False)
    assert "The site is open at http://127.0.0.1:" in capsys.readouterr().out


def test_each_application_serves_its_own_study():
    addresses = []
    for trial in (SmallTrial(), SmallTrial().enrolled()):
        listening = threading.Event()

        def say(address: str, listening: threading.Event = listening) -> None:
            addresses.append(address)
            listening.set()

        application = create_application(MemorySource(trial.door.store))
        threading.Thread(
            target=run_server, args=(application,), kwargs={"port": 0, "when_listening": say}, daemon=True
        ).start()
        assert listening.wait(START_S)
    assert get(addresses[0], "/subjects/S1").status == 404
    assert get(addresses[1], "/subjects/S1").status == 200
    assert get(addresses[1], "/?" + "a" * 60_000).status == 431
    assert get(addresses[1], "//evil.example/").status == 404
    assert get(addresses[1], Host="evil.example").status == 400
