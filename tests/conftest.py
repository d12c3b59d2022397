"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

# Tests start the program some sixty times. It compiles itself once, whatever the environment says of bytecode.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_runtest_setup(item):
    """Carry a test's requirements with its report, so that they arrive from any worker."""
    rows = [row for mark in item.iter_markers("part11") for row in mark.args]
    if rows:
        item.user_properties.append(("part11", rows))


def pytest_terminal_summary(terminalreporter):
    """Print the figures of style after every whole run, and write what it said of each requirement."""
    if len(terminalreporter.stats.get("passed", ())) > 1000:
        from tests.support.style import style_lines

        terminalreporter.section("style, by room")
        for line in style_lines():
            terminalreporter.write_line(line)
        write_requirements(terminalreporter.stats)


def write_requirements(stats):
    """The results of this run beside the requirements that each test proves."""
    from docs.part11 import HOUSE, render_results

    outcomes = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in stats.get(outcome, ()):
            for name, rows in getattr(report, "user_properties", ()):
                for row in rows if name == "part11" else ():
                    outcomes.setdefault(row, {})[report.nodeid] = outcome
    page = HOUSE / "out" / "validation" / "part-11.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(render_results(outcomes))


class Done(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


Cli = Callable[..., Done]


@pytest.fixture
def cli(capsys, monkeypatch) -> Cli:
    """Run a command of firstbreath in this process, as `main` would."""
    from firstbreath.cli.main import main

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["firstbreath", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Done(code, printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def replayed(tmp_path_factory) -> Path:
    """A study folder with the published MEXCOVID replayed; tests must not write to it."""
    from firstbreath.cli.demo import replay_study
    from firstbreath.cli.files import new_folder

    folder = tmp_path_factory.mktemp("replay") / "mexcovid"
    with new_folder(folder) as made:
        replay_study("mexcovid", made)
    return folder


@pytest.fixture
def study(replayed, tmp_path) -> Path:
    """A copy of the replayed study that a test may change."""
    import shutil

    return Path(shutil.copytree(replayed, tmp_path / "study"))


@pytest.fixture(scope="session")
def simulated(tmp_path_factory) -> Path:
    """A study folder with a simulated MEXCOVID; tests must not write to it."""
    from firstbreath.cli.simulate import FIRST_DAY, SEED, simulate_study

    folder = tmp_path_factory.mktemp("simulated") / "mexcovid"
    folder.mkdir()
    simulate_study("mexcovid", folder, seed=SEED, first=FIRST_DAY)
    return folder


class Demonstrated(NamedTuple):
    """A demonstration: its folder, with the simulated one beside it, and how the command ended."""

    folder: Path
    done: Done


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory) -> Demonstrated:
    """`firstbreath demo`, while the environment names a database; tests must not write to its folders."""
    folder = tmp_path_factory.mktemp("demonstration") / "demo"
    command = [sys.executable, "-m", "firstbreath", "demo", "--no-serve", "--dir", str(folder)]
    named = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(command, env=os.environ | named, capture_output=True, text=True, check=False)
    return Demonstrated(folder, Done(done.returncode, done.stdout, done.stderr))


@pytest.fixture(scope="session")
def postgres_programs() -> Path:
    """The programs of a PostgreSQL server. Without them the tests are skipped, except where CI promises some."""
    from tests.support.postgres_server import find_programs

    programs = find_programs()
    if isinstance(programs, str):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no PostgreSQL: {programs}")
    return programs


@pytest.fixture(scope="session")
def postgres_server(postgres_programs):
    """A fresh server for the length of the session."""
    from tests.support.postgres_server import running_postgres

    with running_postgres(postgres_programs) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_dsn(postgres_server) -> str:
    """Its address as libpq reads it."""
    return postgres_server.dsn


@pytest.fixture
def postgres_url(postgres_server) -> str:
    """Its address as DATABASE_URL states it."""
    return postgres_server.url
