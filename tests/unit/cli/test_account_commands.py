"""`firstbreath account`: the first account, those after it, and passwords for one sign-in."""

import io
import sys

import pytest


@pytest.fixture
def begun(cli, tmp_path):
    folder = tmp_path / "trial"
    assert cli("new", folder, "--like", "mexcovid").code == 0
    assert cli("begin", folder, "--actor", "A. Author").code == 0
    return folder


def test_first_account_is_the_administrators(cli, begun):
    assert "Nobody has an account." in cli("account", "list", begun).out
    done = cli("account", "open", begun, "ada", "Ada Admin")
    assert (done.code, done.out.count("ALLOWED")) == (0, 2)
    assert "Ada Admin: Administrator" in cli("account", "list", begun).out


def test_later_accounts_are_opened_by_somebody_who_may(cli, begun):
    cli("account", "open", begun, "ada", "Ada Admin")
    refused = cli("account", "open", begun, "nora", "Nora Quist")
    assert (refused.code, "AUTH-001" in refused.out) == (4, True)
    waiting = cli("account", "open", begun, "nora", "Nora Quist", "--by", "ada")
    assert (waiting.code, "AUTH-007" in waiting.out) == (4, True)
    cli("act", begun, '{"act": "accept_terms", "digest": "read"}', "--actor", "ada", "--role", "account holder")
    assert cli("account", "open", begun, "nora", "Nora Quist", "--by", "ada").code == 0
    assert cli("account", "grant", begun, "nora", "nurse", "--by", "ada", "--from", "2020-01-01").code == 0
    assert "Nora Quist: Coordinator or nurse" in cli("account", "list", begun).out


def test_password_is_read_from_a_script_and_must_be_long(cli, begun, monkeypatch):
    cli("account", "open", begun, "ada", "Ada Admin")
    monkeypatch.setattr(sys, "stdin", io.StringIO("too short\n"))
    assert cli("account", "password", begun, "ada", "--stdin").code == 5
    monkeypatch.setattr(sys, "stdin", io.StringIO("a long enough phrase\n"))
    done = cli("account", "password", begun, "ada", "--stdin")
    assert (done.code, "must be changed at the first sign-in" in done.out) == (0, True)
    assert cli("account", "unlock", begun, "ada").code == 0
    assert cli("account", "password", begun, "nobody", "--stdin").code == 2


def test_once_somebody_has_an_account_the_terminal_needs_one_too(cli, begun):
    cli("account", "open", begun, "ada", "Ada Admin")
    done = cli("act", begun, '{"act": "open_screening", "subject": "S1"}', "--actor", "A. Nurse", "--role", "nurse")
    assert (done.code, "AUTH-001" in done.out) == (4, True)


def test_terminal_signs_nothing_for_anybody(cli, begun):
    cli("account", "open", begun, "ada", "Ada Admin")
    vote = '{"act": "cast_vote", "packet": 1, "recommendation": "continue", "conflict": "none"}'
    done = cli("act", begun, vote, "--actor", "ada", "--role", "safety_group")
    assert (done.code, "Sign on the site" in done.err) == (2, True)
