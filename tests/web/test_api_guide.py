"""The guide for programmers does what it says: its commands are run against a server, one after the other."""

import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from firstbreath.web.api.asked import ASKED
from firstbreath.web.api.openapi import WORDS
from firstbreath.web.site import create_application, run_server

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "api.md").read_text()
WAIT_S = 30


@pytest.fixture
def address(site):
    """A server of the site, which ends with the tests."""
    site.trial.enrolled("S1")
    found, listening = [], threading.Event()

    def say(where):
        found.append(where.rstrip("/"))
        listening.set()

    keywords = {"port": 0, "when_listening": say}
    threading.Thread(target=run_server, args=(create_application(site.source),), kwargs=keywords, daemon=True).start()
    assert listening.wait(WAIT_S)
    return found[0]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_commands_of_the_guide_work(site, address):
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", GUIDE, flags=re.DOTALL))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        env={"SITE": address, "PATH": "/usr/bin:/bin:/usr/local/bin", "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    written = site.trial.door.history.events[-1]
    assert (written.kind, written.actor, written.source) == ("form_recorded", "nora", "api, token laboratory")


def test_guide_names_every_status_that_an_act_is_answered_with():
    named = {
        int(status) for row in re.findall(r"^\| ([\d, ]+) \|", GUIDE, flags=re.MULTILINE) for status in row.split(",")
    }
    assert named >= WORDS.keys() - {404, 405}


def test_guide_names_every_signature():
    from firstbreath.people.rights import SIGNING_ACTS

    assert [act for act in SIGNING_ACTS & ASKED.keys() if f"`{act}`" not in GUIDE] == []
