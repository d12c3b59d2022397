"""The health check, and what is said when the study cannot be read."""

import pytest
from tests.support.small_trial import SmallTrial
from tests.web.sources import MemorySource, client_of, small_client, told

from firstbreath.events.record import UnreadableRecord
from firstbreath.events.store import StoreError
from firstbreath.trial.fold import UnfoldableLog
from firstbreath.trial.history import History
from firstbreath.web.source import Unavailable

TROUBLES = [
    StoreError("log.sqlite: The disk reports an error.", "Check the disk."),
    Unavailable("Record 3 of the log does not match its hash.", "Run firstbreath verify."),
    UnreadableRecord("a record cannot be read"),
    UnfoldableLog("event 5 follows event 3"),
]


class BrokenSource(MemorySource):
    """A study whose log cannot be read."""

    def __init__(self, trouble: Exception) -> None:
        super().__init__(SmallTrial().door.store)
        self.trouble = trouble

    def history(self) -> History:
        raise self.trouble


def test_it_gives_the_head_and_no_value_of_a_patient():
    small = SmallTrial().enrolled()
    answer = small_client(small).get("/health").json()
    assert answer == {"status": "ok", "trial": "SMALL", "events": small.trial.seq, "head": small.door.head.printed}


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: type(trouble).__name__)
def test_study_that_cannot_be_read_is_said_to_be_so(trouble):
    site = client_of(BrokenSource(trouble))
    assert site.get("/health").status_code == 503
    assert site.get("/health").json()["status"] == "unavailable"
    for address in ("/", "/subjects/S1", "/log", "/paper/paper.html", "/log/1/record"):
        response = site.get(address)
        assert response.status_code == 503
        assert "The study cannot be read just now" in told(response)
        assert str(trouble)[:20] in told(response)


def test_mistake_of_the_site_is_told_without_details(capsys):
    response = client_of(BrokenSource(ZeroDivisionError("secret of S1"))).get("/")
    assert response.status_code == 500
    assert "The page could not be made. Nothing was changed." in told(response)
    assert b"secret" not in response.content
    assert b"Traceback" not in response.content
    assert response.headers["Content-Security-Policy"]
