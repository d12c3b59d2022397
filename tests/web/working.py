"""A site on which people act: a staffed trial behind its door, and browsers in which somebody has signed in."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.test import Client
from tests.support.staffed_trial import PASSWORD, StaffedTrial
from tests.web.sources import MemorySource

from firstbreath.events.blobs import FileBlobs
from firstbreath.web.site import create_application
from firstbreath.web.source import SOURCE


class WorkingSite:
    """The site of a staffed trial; `browser(account)` is a browser in which that person has signed in.

    Their passwords are in the database that `use_fresh_database` makes.
    """

    def __init__(self, trial: StaffedTrial, blobs: FileBlobs | None = None) -> None:
        self.trial = trial
        self.source = MemorySource(trial.door.store, door=trial.door)
        self.source.blobs = blobs  # type: ignore[assignment]
        create_application(self.source)

    def anybody(self) -> Client:
        """A browser in which nobody has signed in; forms need no token here, but where a test asks for it."""
        return Client(headers={"host": "localhost"}, raise_request_exception=False, **{SOURCE: self.source})

    def browser(self, account: str, password: str = PASSWORD) -> Client:
        client = self.anybody()
        answer = client.post("/sign-in", {"account": account, "password": password})
        assert answer.status_code == 303, answer.content.decode()
        return client


def value_of(response: HttpResponse, name: str) -> str:
    """The value of a hidden or plain input of a page."""
    found = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*value="([^"]*)"', response.content.decode())
    assert found, f"the page has no input {name}"
    return found[1]
