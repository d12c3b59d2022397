"""The site: what a save and a page cost, and how it bears fifty people at once.

A save is a form of 42 fields, sent through the whole site: session, account, rights, form, decision, log. The peer is
the same 42 fields saved by django-simple-history without any of that around it, each in one transaction on SQLite.
"""

import os
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench.append import VALUES, time_peer
from bench.measure import Measured, Ratio, Result, Timing, time_runs
from tests.support.small_trial import FILES

from firstbreath.cli.study import Study

MAX_STATEMENTS, MAX_SAVE_MS, MAX_PAGE_STATEMENTS = 6, 8, 15
PEOPLE, SAVE_SHARE = 50, 0.2
FIELDS = "".join(f'[[forms.fields]]\nid = "{name}"\nlabel = "{name}"\ntype = "decimal"\n' for name in VALUES)
ROW = "vital_signs  |     .      X   X   X\n"
PROTOCOL = FILES["protocol.toml"].replace(ROW, f"{ROW}laboratory   |     .      X   .   .\n")
LABORATORY = {
    "protocol.toml": PROTOCOL,
    "forms.toml": f'{FILES["forms.toml"]}[[forms]]\nid = "laboratory"\ntitle = "Laboratory"\n{FIELDS}',
}
SENT = {f"field-{name}": value for name, value in VALUES.items()}


def place_of(subject: str) -> str:
    return f"/subjects/{subject}/forms/laboratory/D1/1"


def make_study(folder: Path, subjects: int, *, database: str = "") -> Study:
    """A staffed trial with so many subjects and the laboratory form; nora can sign in."""
    from tests.support.served import make_working_folder

    return make_working_folder(folder, "nora", database=database, files=LABORATORY, subjects=subjects)


def sign_in(study: Study) -> Any:
    """A browser of Django's own in which nora has signed in, on the whole site of a study."""
    from django.test import Client
    from tests.support.staffed_trial import PASSWORD

    from firstbreath.cli.serve import StudySource, site_database
    from firstbreath.web.site import create_application
    from firstbreath.web.source import SOURCE

    source = StudySource(study, writable=True)
    create_application(source, database=site_database(study))
    browser = Client(headers={"host": "localhost"}, **{SOURCE: source})
    expect(303, browser.post("/sign-in", {"account": "nora", "password": PASSWORD}).status_code)
    browser.get("/me")
    return browser


def expect(status: int, answered: int) -> None:
    """What is measured must have been done."""
    if answered != status:
        msg = f"the site answered {answered} and not {status}"
        raise AssertionError(msg)


@contextmanager
def counted_statements(study: Study) -> Iterator[list[str]]:
    """Every statement that reaches the site's database or the log meanwhile; those that begin and commit among them."""
    from django.db import connection

    said: list[str] = []

    def note(text: str) -> None:
        # SQLite tells of a row's trigger by the statement that fired it, once more.
        if not (said and said[-1] == text and text.lstrip().startswith("INSERT INTO log")):
            said.append(text)

    connection.ensure_connection()
    both = (connection.connection, study.store._connection())  # noqa: SLF001 -- what it says is counted
    for each in both:
        each.set_trace_callback(note)
    try:
        yield said
    finally:
        for each in both:
            each.set_trace_callback(None)


def run_saves(folder: Path, saves: int) -> Measured:
    """A save within this process, over a running server, and by the peer."""
    study = make_study(folder / "client", 2 * saves + 2)
    browser, codes = sign_in(study), iter(f"S{number}" for number in range(1, 2 * saves + 3))

    def save_one() -> None:
        code = next(codes)
        expect(303, browser.post(place_of(code), SENT | {"request_id": f"save-{code}"}).status_code)

    save_one()
    with counted_statements(study) as said:
        save_one()
    within = Result(
        "save over the web, in process", "saves", saves, time_runs(lambda: repeat(save_one, saves), times=2)
    )
    served = Result("save over the web, a running server", "saves", saves, (time_served(folder / "served", saves),))
    peer = Result(
        "django-simple-history, 42 fields, no web", "saves", saves, (time_peer(folder / "p.db", "FULL", saves),)
    )
    cpu_ms = within.cpu_us / 1000
    met = "met" if len(said) <= MAX_STATEMENTS and cpu_ms <= MAX_SAVE_MS else "MISSED"
    return Measured(
        (within, served, peer),
        (
            Ratio("statements for each save, site and log", len(said), f"at most {MAX_STATEMENTS}"),
            Ratio("CPU ms for each save", cpu_ms, f"at most {MAX_SAVE_MS}: {met}"),
            Ratio("CPU ms for each save, the server's own", served.cpu_us / 1000),
            Ratio("CPU ms for each save of the peer, no web", peer.cpu_us / 1000),
        ),
    )


def repeat(act: Callable[[], None], times: int) -> None:
    for _ in range(times):
        act()


def time_served(folder: Path, saves: int) -> Timing:
    """The wall and the server's own CPU time of saves sent one after the other by one person."""
    from tests.support.served import serving

    make_study(folder, saves)
    with serving(folder) as served:
        nora = served.person("nora")
        nora.find_mark(place_of("S1"))
        wall, cpu = time.perf_counter(), cpu_of(served.process.pid)
        for number in range(1, saves + 1):
            answer = nora.post(place_of(f"S{number}"), request_id=f"save-{number}", **SENT)
            expect(303, answer.status)
        return Timing(time.perf_counter() - wall, cpu_of(served.process.pid) - cpu)


def cpu_of(pid: int) -> float:
    """Seconds of CPU that another process has used; 0 where the system does not say so in /proc."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.is_file():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run_pages(folder: Path, pages: int, sizes: tuple[int, ...]) -> Measured:
    """The page of one subject in trials of different sizes."""
    results, ratios = [], []
    for size in sizes:
        study = make_study(folder / str(size), size)
        browser = sign_in(study)
        browser.get("/subjects/S1")
        with counted_statements(study) as said:
            expect(200, browser.get("/subjects/S1").status_code)
        timings = time_runs(partial(repeat, partial(browser.get, "/subjects/S1"), pages))
        results.append(Result(f"page of a subject among {size}", "pages", pages, timings))
        ratios.append(Ratio(f"statements for a page among {size}", len(said), f"at most {MAX_PAGE_STATEMENTS}"))
    growth = results[-1].cpu_us / results[0].cpu_us
    ratios.append(Ratio(f"CPU of a page among {sizes[-1]} over {sizes[0]}", growth, "1: it does not grow"))
    return Measured(tuple(results), tuple(ratios))


class Load:
    """What people saw who work at once until a moment: times of answers, saves acknowledged, what must not be."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.took: list[tuple[str, float]] = []
        self.kept: list[str] = []
        self.failed: set[str] = set()

    def work(self, person: Any, name: str) -> None:
        """One person's work: pages, and now and then a save, noted when it is acknowledged."""
        chance, number = random.Random(name), 0
        while time.monotonic() < self.until:
            saving, number = chance.random() < SAVE_SHARE, number + 1
            began = time.perf_counter()
            if saving:
                answer = person.act("open_screening", f"{name}-{number}", subject=f"{name}-{number}", site="")
            else:
                answer = person.get(chance.choice(("/subjects/S1", "/", "/subjects/S3")))
            self.took.append(("save" if saving else "page", time.perf_counter() - began))
            if answer.status not in (200, 201):
                self.failed.add(f"answered {answer.status}")
            elif saving:
                self.kept.append(f"{name}-{number}")


def run_load(folder: Path, seconds: float, *, database: str = "") -> Measured:
    """Fifty people who read and save at once, against a running server; what was acknowledged is counted in the log."""
    from tests.support.served import serving

    study = make_study(folder / "load", 7, database=database)
    where = "PostgreSQL" if database else "SQLite"
    with serving(study.folder, **({"DATABASE_URL": database} if database else {})) as served:
        threading.Thread(target=served.process.stderr.read, daemon=True).start()
        people = [served.person("nora") for _ in range(PEOPLE)]
        load, began = Load(time.monotonic() + seconds), time.perf_counter()
        threads = [threading.Thread(target=load.work, args=(each, f"L{n}")) for n, each in enumerate(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall = time.perf_counter() - began
    return describe_load(load, find_lost(load.kept, study), where, wall)


def find_lost(kept: Iterable[str], study: Study) -> list[str]:
    """The subjects whose screening was acknowledged, and is not once in the log."""
    written = Counter(event.subject for event, _ in study.events() if event.kind == "screening_opened")
    return sorted(subject for subject in kept if written[subject] != 1)


def describe_load(load: Load, lost: list[str], where: str, wall: float) -> Measured:
    """The figures of a load."""
    ratios = []
    for kind in ("page", "save"):
        times = sorted(seconds * 1000 for what, seconds in load.took if what == kind)
        if times:
            ratios.append(Ratio(f"{kind}, p50 ms, {where}", statistics.median(times)))
            ratios.append(Ratio(f"{kind}, p99 ms, {where}", times[int(len(times) * 0.99)]))
    ratios.append(Ratio(f"saves acknowledged, {where}", len(load.kept)))
    ratios.append(Ratio(f"saves acknowledged and lost, {where}", len(lost), "0: nothing is lost"))
    wrong = [f"load, {where}: {len(lost)} acknowledged saves are not in the log"] if lost else []
    wrong += [f"load, {where}: {word}" for word in sorted(load.failed)]
    results = (Result(f"{PEOPLE} people at once, {where}", "answers", len(load.took), (Timing(wall, 0.0),)),)
    return Measured(results, tuple(ratios), wrong=tuple(wrong))


def run_load_everywhere(folder: Path, seconds: float) -> Measured:
    """The load on SQLite, and on PostgreSQL where there is one."""
    from tests.support.postgres_server import find_programs, running_postgres

    programs = find_programs()
    found = [run_load(folder, seconds)]
    if isinstance(programs, Path):
        with running_postgres(programs) as server:
            found.append(run_load(folder / "postgres", seconds, database=server.url))
    return Measured(
        tuple(result for each in found for result in each.results),
        tuple(ratio for each in found for ratio in each.ratios),
        wrong=tuple(line for each in found for line in each.wrong),
    )
