"""Bad days: killed servers, full disks, databases away, two servers at once, clocks set back, monstrous requests."""

import json
import socket
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPException
from itertools import count, pairwise
from urllib.parse import urlsplit

import pytest
from tests.support.served import make_working_folder, serving
from tests.web.sources import told
from tests.web.working import value_of

from firstbreath.cli.study import Study
from firstbreath.cli.verify import verify_study
from firstbreath.events import kinds
from firstbreath.events.store import StoreError

FORM = "/subjects/S1/forms/demographics/screening/1"
ROUNDS, PEOPLE = 4, 4


def save_until_killed(served, name, acknowledged):
    """Open one screening after the other until the server is gone; note each that it said was done."""
    with suppress(OSError, HTTPException):
        nora = served.person("nora")
        for number in count():
            key = f"{name}-{number}"
            assert nora.act("open_screening", key, subject=key, site="").status == 201
            acknowledged.append(key)


def test_killed_server_loses_nothing_it_acknowledged_and_starts_again(tmp_path):
    folder = make_working_folder(tmp_path / "study", "nora").folder
    acknowledged = []
    for turn in range(ROUNDS):
        with serving(folder) as served:
            names = [f"R{turn}-{person}" for person in range(PEOPLE)]
            writers = [threading.Thread(target=save_until_killed, args=(served, name, acknowledged)) for name in names]
            for writer in writers:
                writer.start()
            until, before = time.monotonic() + 30, len(acknowledged)
            while len(acknowledged) < before + 10 + 7 * turn and time.monotonic() < until:
                time.sleep(0.003)
            served.kill()
            for writer in writers:
                writer.join()
    assert len(acknowledged) >= 10 * ROUNDS
    report = verify_study(Study(folder, read_only=True))
    assert report.broken == ()
    kept = [event.subject for event, _ in Study(folder, read_only=True).events() if event.kind == "screening_opened"]
    assert len(kept) == len(set(kept))
    assert set(acknowledged) <= set(kept)
    assert len(kept) <= len(acknowledged) + ROUNDS * PEOPLE, "at most what was under way besides"
    with serving(folder) as served:
        again = served.person("nora").act("open_screening", acknowledged[-1], subject=acknowledged[-1], site="")
        assert again.status == 200, "what was done is answered, not done again"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of another process are set as on Linux")
def test_disk_without_room_gives_the_form_back_with_its_entries_and_works_again_with_room(tmp_path):
    import resource

    folder = make_working_folder(tmp_path / "study", "nora").folder
    with serving(folder) as served:
        nora = served.person("nora")
        assert nora.act("open_screening", "1", subject="S1", site="").status == 201
        number = value_in(nora.get(FORM).body, "request_id")
        values = {"request_id": number, "field-age": "57", "field-severe_allergy": "no"}
        full = (folder / "log.sqlite-wal").stat().st_size
        unlimited = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
        answer = nora.post(FORM, **values)
        assert answer.status == 503
        assert 'value="57"' in answer.body
        assert "Nothing was saved, and nothing is lost: your entries are still here." in answer.body
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, unlimited)
        assert nora.post(FORM, **values).status == 303
    assert [event.kind for event, _ in Study(folder, read_only=True).events()].count("form_recorded") == 1


def value_in(body, name):
    return body.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


def test_store_that_refuses_gives_the_form_back_with_its_entries(site, monkeypatch):
    site.trial.act("open_screening")
    nora = site.browser("nora")
    values = {"request_id": value_of(nora.get(FORM), "request_id"), "field-age": "57", "field-severe_allergy": "no"}

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("The disk is full; nothing was written.", "Free some space and act again.")

    monkeypatch.setattr(site.trial.door.store, "append", refuse)
    answer = nora.post(FORM, values)
    assert answer.status_code == 503
    assert "The disk is full; nothing was written. Free some space" in told(answer)
    assert value_of(answer, "field-age") == "57"
    monkeypatch.undo()
    assert nora.post(FORM, values).status_code == 303


@pytest.mark.postgres
def test_database_that_goes_away_is_said_to_be_away_and_works_again_when_it_is_back(tmp_path, postgres_programs):
    from tests.support.postgres_server import running_postgres

    with running_postgres(postgres_programs) as database:
        folder = make_working_folder(tmp_path / "study", "nora", database=database.url).folder
        with serving(folder, DATABASE_URL=database.url) as served:
            nora = served.person("nora")
            assert nora.act("open_screening", "1", subject="S1", site="").status == 201
            database.stop()
            for path in ("/", "/subjects/S1", "/health"):
                answer = nora.get(path)
                assert answer.status == 503, (path, answer)
            away = nora.post(FORM, **{"field-age": "57"})
            assert away.status == 503
            assert "Reload this page in a moment: what you entered is sent again, and done once." in away.body
            database.start()
            deadline = time.monotonic() + 20
            while nora.get("/").status != 200 and time.monotonic() < deadline:
                time.sleep(0.2)
            assert nora.get("/subjects/S1").status == 200
            assert json.loads(nora.get("/health").body)["status"] == "ok"
            assert nora.act("open_screening", "2", subject="S2", site="").status == 201
            _, said = served.end()
    assert 500 not in {line.get("status") for line in map(json.loads, said.splitlines())}


def test_two_servers_on_one_study_see_one_another_and_lose_nothing(tmp_path):
    folder = make_working_folder(tmp_path / "study", "nora", "ines").folder
    with serving(folder) as one, serving(folder) as other:
        nora, ines = one.person("nora"), other.person("ines")
        assert nora.act("open_screening", "1", subject="S1", site="").status == 201
        assert ines.get("/subjects/S1").status == 200
        values = {"age": "57", "severe_allergy": "no"}
        place = {"subject": "S1", "form": "demographics", "visit": "screening"}
        assert ines.act("record_form", "2", **place, values=values).status == 201
        assert nora.act("record_form", "3", **place, values=values).status == 409, "recorded by the other one"
        done = []
        pairs = ((nora, "N"), (ines, "I"))
        writers = [threading.Thread(target=open_many, args=(person, name, done)) for person, name in pairs]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert done == [201] * 40
    assert verify_study(Study(folder, read_only=True)).broken == ()


def open_many(person, name, done):
    for number in range(20):
        done.append(person.act("open_screening", f"{name}{number}", subject=f"{name}{number}", site="").status)


@pytest.mark.part11(7)
def test_clock_that_is_set_back_is_written_down_and_time_never_runs_back(site):
    site.trial.act("open_screening")
    nora = site.browser("nora")
    values = {"request_id": value_of(nora.get(FORM), "request_id"), "field-age": "57", "field-severe_allergy": "no"}
    site.trial.door.clock.now -= timedelta(hours=3)
    assert nora.post(FORM, values).status_code == 303
    events = site.trial.door.history.events
    assert all(before.at <= after.at for before, after in pairwise(events))
    back = [event.body for event in events if type(event.body) is kinds.ClockSetBack]
    assert back
    assert back[0].seconds > 10_000


def test_ten_megabytes_in_a_field_are_refused_with_words(site):
    site.trial.act("open_screening")
    nora = site.browser("nora")
    values = {"request_id": "a", "field-age": "5" * 10_000_000, "field-severe_allergy": "no"}
    answer = nora.post(FORM, values)
    assert answer.status_code in (400, 409)
    assert not site.trial.trial.subjects.get("S1").forms


def test_more_than_a_request_may_hold_is_refused_with_words(site):
    site.trial.act("open_screening")
    nora = site.browser("nora")
    large = nora.post(FORM, {"field-age": "5" * 21_000_000}, content_type="application/x-www-form-urlencoded")
    many = nora.post(FORM, {f"f{number}": "1" for number in range(2_001)})
    assert many.status_code == 400
    assert "More than 2000 fields were sent at once" in told(many)
    assert large.status_code in (400, 413)


def test_file_in_the_place_of_a_value_is_no_value(site):
    from django.core.files.uploadedfile import SimpleUploadedFile

    site.trial.act("open_screening")
    answer = site.browser("nora").post(FORM, {"field-age": SimpleUploadedFile("age.exe", b"MZ\x00\x01" * 100)})
    assert answer.status_code in (400, 409)
    broken = site.browser("nora").post(FORM, b"no parts", content_type="multipart/form-data; boundary=x")
    assert broken.status_code in (400, 409)


def test_headers_without_end_and_slow_ones_stop_nobody(tmp_path):
    folder = make_working_folder(tmp_path / "study", "nora").folder
    with serving(folder) as served:
        place = urlsplit(served.address)
        slow = [socket.create_connection((place.hostname, place.port)) for _ in range(20)]
        for each in slow:
            each.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        with socket.create_connection((place.hostname, place.port), timeout=20) as endless:
            endless.sendall(b"GET / HTTP/1.1\r\nX-A: " + b"a" * 60_000)
            assert b"431" in endless.recv(1_000)
        assert served.person("nora").get("/me").status == 200
        for each in slow:
            each.close()
