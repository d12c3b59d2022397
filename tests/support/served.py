"""A staffed trial in a folder, `firstbreath serve` as a process of its own on it, and people who work with it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from tests.support.site_database import use_fresh_database
from tests.support.staffed_trial import PASSWORD, StaffedTrial

from firstbreath.cli.serve import site_database
from firstbreath.cli.study import Study

START_S = 60


def make_working_folder(
    folder: Path, *accounts: str, database: str = "", files: dict[str, str] | None = None, subjects: int = 0
) -> Study:
    """A staffed trial in a folder, with so many subjects S1, S2 ... screened; these accounts can sign in."""
    from firstbreath.web.settings import configure_django

    configure_django()
    from firstbreath.web.accounts.passwords import set_password
    from firstbreath.web.database import use_database

    folder.mkdir(parents=True, exist_ok=True)
    study = Study(folder, database=database)
    study.create_key()
    trial = StaffedTrial(study.store, files=files)
    for number in range(1, subjects + 1):
        trial.screen(f"S{number}")
    study.store.close()
    if study.database:
        use_database(site_database(study))
        for account in accounts or ("nora", "ines"):
            set_password(account, PASSWORD)
    else:
        use_fresh_database(folder)
    from django.db import connection

    connection.close()
    return study


class Answered(NamedTuple):
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: str


class Person:
    """Somebody at a browser of their own: keeps cookies, sends forms with the site's mark."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=START_S)
        self._host = place.netloc
        self._cookies: dict[str, str] = {}
        self.mark = ""

    def get(self, path: str, **headers: str) -> Answered:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, **values: str) -> Answered:
        body = urlencode({"csrfmiddlewaretoken": self.mark, **values})
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def act(self, act: str, key: str, **fields: object) -> Answered:
        """Ask for an act as a program would, within the session."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key, "X-CSRFToken": self.mark}
        return self._ask("POST", f"/api/acts/{act}", json.dumps(fields), headers)

    def sign_in(self, account: str) -> Answered:
        self.find_mark("/sign-in")
        answer = self.post("/sign-in", account=account, password=PASSWORD)
        assert answer.status == 303, answer
        self.find_mark("/me")
        return answer

    def find_mark(self, path: str) -> None:
        """Take the mark of this session from a page that has a form."""
        found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', self.get(path).body)
        self.mark = found[1] if found else self.mark

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answered:
        origin = {"Origin": f"http://{self._host}"} if method == "POST" else {}
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        try:
            self._connection.request(method, path, body, headers=cookies | origin | headers)
            response = self._connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        return Answered(response.status, {name.lower(): value for name, value in response.getheaders()}, text)


class Served(NamedTuple):
    """A running server."""

    process: subprocess.Popen[str]
    address: str

    def person(self, account: str) -> Person:
        person = Person(self.address)
        person.sign_in(account)
        return person

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(START_S)

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[str, str]:
        """End it politely; what it said on standard output and standard error."""
        self.process.send_signal(how)
        return self.process.communicate(timeout=START_S)


@contextmanager
def serving(folder: Path, *options: str, **environment: str) -> Iterator[Served]:
    """`firstbreath serve` on a folder, on any free port."""
    program = [sys.executable, "-u", "-m", "firstbreath", "serve", str(folder), "--port", "0", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(program, text=True, env=os.environ | environment, **pipes)
    try:
        line = process.stdout.readline()
        assert line.startswith("The site is open at "), line + process.stderr.read()
        yield Served(process, line.split()[5])
    finally:
        process.kill()
        process.wait(START_S)
        process.stdout.close()
        process.stderr.close()
