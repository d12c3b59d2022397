"""`account`: the people who may act in a study, from the terminal of whoever keeps the machine."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.say import folder_argument, json_option, print_json
from firstbreath.cli.study import Study
from firstbreath.cli.trial import conclude, open_trial
from firstbreath.people.rights import ROLES
from firstbreath.trial.commands import AnyCommand
from firstbreath.trial.door import Answer, Request
from firstbreath.web.settings import MIN_PASSWORD

TERMINAL = "command line"


@click.group()
def account() -> None:
    """Keep the accounts of a study; the first one opened is its administrator's."""


@account.command("open")
@folder_argument
@click.argument("account_id")
@click.argument("name")
@click.option("--by", default="", help="The administrator's account; not needed for the first.")
@json_option
def open_account(folder: Path, account_id: str, name: str, *, by: str, as_json: bool) -> None:
    """Open ACCOUNT_ID for the person called NAME."""
    command = {"act": "open_account", "account": account_id, "name": name}
    conclude(_ask(open_trial(folder), command, by=by or account_id), as_json=as_json)


@account.command()
@folder_argument
@click.argument("account_id")
@click.argument("role", type=click.Choice(list(ROLES)))
@click.option("--by", required=True, help="The account of whoever delegates.")
@click.option("--site", default="", help="The site; all sites when left out.")
@click.option("--from", "begins", default="", help="The first day, such as 2026-11-27.")
@click.option("--to", "ends", default="", help="The last day.")
@json_option
def grant(folder: Path, account_id: str, role: str, *, by: str, as_json: bool, **where: str) -> None:
    """Delegate ROLE to ACCOUNT_ID."""
    command = {"act": "grant_role", "account": account_id, "role": role, **where}
    conclude(_ask(open_trial(folder), command, by=by), as_json=as_json)


@account.command()
@folder_argument
@click.argument("account_id")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read it from standard input, for scripts.")
def password(folder: Path, account_id: str, *, from_stdin: bool) -> None:
    """Set the password of ACCOUNT_ID: good for one sign-in, at which the person sets their own."""
    study = open_trial(folder)
    known = study.door().history.now.people.get(account_id)
    if known is None or known.closed:
        raise Stop(Exit.USAGE, f"There is no open account {account_id[:30]!r}.", "firstbreath account open opens one.")
    text = sys.stdin.readline().rstrip("\n") if from_stdin else click.prompt("Password", hide_input=True)
    if len(text) < MIN_PASSWORD:
        raise Stop(Exit.INPUT, f"The password has {len(text)} characters, at least {MIN_PASSWORD} are needed.")
    use_site_database(study)
    from firstbreath.web.accounts.passwords import set_password

    set_password(account_id, text, must_change=True)
    click.echo(f"The password of {account_id} is set. It must be changed at the first sign-in.")


@account.command("unlock")
@folder_argument
@click.argument("account_id")
def unlock_account(folder: Path, account_id: str) -> None:
    """Let ACCOUNT_ID sign in again before the time of its lock is over."""
    use_site_database(open_trial(folder))
    from axes.utils import reset

    reset(username=account_id)
    click.echo(f"{account_id} may sign in again.")


@account.command("list")
@folder_argument
@json_option
def list_accounts(folder: Path, *, as_json: bool) -> None:
    """List every account with its roles of today."""
    today = datetime.now(UTC).date()
    people = open_trial(folder).door().history.now.people.all()
    rows = [
        {"account": each.id, "name": each.name, "roles": each.roles(today), "closed": each.closed is not None}
        for each in people
    ]
    if as_json:
        print_json(rows)
        return
    for each in people:
        roles = ", ".join(ROLES[role] for role in each.roles(today)) or "no role today"
        click.echo(f"{each.id:20} {each.name}: {'closed' if each.closed else roles}")
    if not rows:
        click.echo('Nobody has an account. Open the first: firstbreath account open FOLDER ID "Name".')


def use_site_database(study: Study) -> None:
    """Open the database that the study's site keeps passwords in."""
    from firstbreath.cli.serve import working_settings
    from firstbreath.web.database import use_database
    from firstbreath.web.settings import configure_django

    configure_django()
    use_database(working_settings(study)["database"])


def _ask(study: Study, command: dict[str, Any], *, by: str) -> Answer:
    door = study.door()
    people = door.history.now.people
    held = people.get(by)
    roles = held.roles(datetime.now(UTC).date()) if held else ()
    role = next((role for role in ("administrator", "investigator") if role in roles), "administrator")
    asked = Request(command=msgspec.convert(command, AnyCommand), actor=by, role=role, source=TERMINAL)
    return door.act(asked)
