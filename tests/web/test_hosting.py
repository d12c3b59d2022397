"""Where the site may be opened to others, what it says about each request, and how it ends."""

import http.client
import json
import signal
import threading
import time
from urllib.parse import urlsplit

import pytest
from tests.support.served import Person, make_working_folder, serving

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.serve import check_hosting
from firstbreath.web.hosting import Hosting


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A staffed trial; nora can sign in."""
    return make_working_folder(tmp_path_factory.mktemp("hosting") / "study", "nora").folder


def check(hosting, **said):
    check_hosting(hosting, **({"working": True, "plain_http": False, "open_to_all": False} | said))


def test_this_machine_needs_no_leave():
    check(Hosting(), working=False)
    check(Hosting(host="::1"))


def test_network_without_accounts_is_refused_unless_said_plainly():
    with pytest.raises(Stop, match=r"everybody who reaches 10\.0\.0\.5 could read this study") as stopped:
        check(Hosting(host="10.0.0.5", tls=True), working=False)
    assert stopped.value.code is Exit.USAGE
    check(Hosting(host="10.0.0.5", tls=True), working=False, open_to_all=True)


def test_network_without_https_is_refused_unless_said_plainly():
    with pytest.raises(Stop, match="would cross the network readable"):
        check(Hosting(host="10.0.0.5"))
    check(Hosting(host="10.0.0.5"), plain_http=True)
    check(Hosting(host="10.0.0.5", tls=True))


@pytest.mark.parametrize("name", ["*", "https://a.example", "a b", "", ".example", "a/b"])
def test_what_is_no_host_name_is_refused(name):
    with pytest.raises(Stop, match="is no host name"):
        check(Hosting(names=(name,)))


def test_only_named_hosts_are_answered(folder):
    with serving(folder, "--allow-host", "trial.hospital.example") as served:
        person = Person(served.address)
        assert person.get("/health", Host="trial.hospital.example").status == 200
        assert person.get("/health", Host="evil.example").status == 400


def test_each_request_is_one_line_without_codes_values_or_queries(folder):
    with serving(folder) as served:
        nora = served.person("nora")
        answer = nora.get("/subjects/SECRET-7?as_of=3&word=secret")
        out, err = served.end()
    assert out == "The site is closed.\n"
    lines = [json.loads(line) for line in err.splitlines()]
    told = next(line for line in lines if line["id"] == answer.headers["x-request-id"])
    assert told.pop("time").endswith("+00:00")
    assert told.pop("ms") > 0
    assert len(told.pop("session")) > 0
    del told["id"]
    assert told == {"level": "info", "method": "GET", "route": "subject", "status": 404}
    assert "SECRET" not in err.upper()


def test_behind_https_cookies_are_secure_and_plain_requests_are_refused(folder):
    with serving(folder, "--tls-behind-proxy") as served:
        person = Person(served.address)
        secure = person.get("/sign-in", **{"X-Forwarded-Proto": "https"})
        assert secure.status == 200
        assert secure.headers["strict-transport-security"].startswith("max-age=31536000")
        assert "Secure" in secure.headers["set-cookie"]
        plain = person.get("/sign-in")
        assert plain.status == 403
        assert "over HTTPS alone" in plain.body
        assert person.get("/health").status == 200


def test_without_a_proxy_nobody_is_believed_to_be_one(folder):
    with serving(folder) as served:
        answer = Person(served.address).get("/sign-in", **{"X-Forwarded-Proto": "https"})
        assert "strict-transport-security" not in answer.headers


def test_health_tells_of_the_disk_and_of_no_patient(folder):
    with serving(folder) as served:
        answer = json.loads(Person(served.address).get("/health").body)
    assert answer["status"] in ("ok", "low disk")
    assert set(answer) == {"status", "trial", "events", "head", "disk_free_mb"}


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_and_whoever_was_being_answered_gets_the_answer(folder, how):
    with serving(folder) as served:
        place = urlsplit(served.address)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
        connection.request("GET", "/sign-in")
        time.sleep(0.02)
        heard = []
        reader = threading.Thread(target=lambda: heard.append(connection.getresponse().read()))
        reader.start()
        out, _ = served.end(how)
        reader.join(30)
    assert served.process.returncode == 0
    assert out == "The site is closed.\n"
    assert heard
    assert heard[0].endswith(b"</html>\n")


def test_it_answers_within_two_seconds_of_its_start(folder):
    began = time.monotonic()
    with serving(folder) as served:
        assert Person(served.address).get("/health").status == 200
        took = time.monotonic() - began
    assert took < 2 or took < 2 * start_of_python()


def start_of_python() -> float:
    """What the mere imports take on this machine now: a busy one must not fail the test."""
    import subprocess
    import sys

    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import firstbreath.cli.main, django, waitress"], check=True)
    return time.monotonic() - began
