"""The documents: links lead somewhere, commands exist, and every command, act and exit code is written down."""

import re
from pathlib import Path
from typing import get_args

import pytest

from firstbreath.cli.exits import Exit
from firstbreath.cli.main import commands
from firstbreath.cli.stats_commands import stats
from firstbreath.trial.commands import AnyCommand

HOUSE = Path(__file__).parents[2]
PAGES = [HOUSE / "README.md", *sorted((HOUSE / "docs").rglob("*.md"))]
README = (HOUSE / "README.md").read_text()
ACTS = (HOUSE / "docs" / "commands.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_commands_that_are_named_exist(page):
    named = set(re.findall(r"`?firstbreath ([a-z]+)\b(?=[ `])", page.read_text()))
    words = {"runs", "and", "is", "does", "head"}  # the product's name inside a sentence
    assert named - words - set(commands.commands) == set()


def test_every_command_is_written_down():
    pages = "".join(page.read_text() for page in PAGES)
    assert [name for name in commands.commands if f"firstbreath {name}" not in pages] == []


def test_every_statistic_is_in_the_guide():
    guide = (HOUSE / "docs" / "guides" / "statistician.md").read_text()
    assert [name for name in stats.commands if f"firstbreath stats {name}" not in guide] == []


def test_every_act_and_exit_code_is_written_down():
    acts = [str(command.__struct_config__.tag) for command in get_args(AnyCommand)]
    assert [act for act in acts if f"`{act}`" not in ACTS] == []
    assert [code for code in Exit if f"| {code.value} |" not in ACTS] == []


def test_readme_is_short_and_shows_a_picture():
    assert len(README.splitlines()) < 150
    assert "docs/images/paper.png" in README
